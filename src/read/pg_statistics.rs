//! Rows of PostgreSQL's statistics views as people export them: `pg_stat_user_indexes`,
//! `pg_stat_user_tables`, `pg_stats`, `pg_class`, `pg_settings`. Which it is is told by the columns.

use super::facts::{Facts, IndexFacts, TableFacts};
use super::settings::is_planner_setting;
use super::statistics::{ColumnStatistics, IndexStatistics, Origin, Settings, TableStatistics};
use super::{Claim, Format, Segment};
use crate::dialect::Dialect;
use crate::sql::schema::Name;
use crate::text::export::{Table, find_header, read_rows};

/// Rows of a statistics view.
pub const FORMAT: Format = Format {
    name: "pg-statistics",
    title: "pg_stats, pg_class, pg_settings, pg_stat_user_tables or pg_stat_user_indexes",
    claim,
    read,
};

/// Which view.
#[derive(Clone, Copy, PartialEq)]
enum View {
    Columns,
    Indexes,
    Tables,
    Classes,
    Settings,
}

/// Every view by the columns it must have.
const VIEWS: [(View, &str, &[&str]); 7] = [
    (View::Columns, "pg_stats", &["tablename", "attname", "n_distinct"]),
    (View::Indexes, "pg_stat_user_indexes", &["relname", "indexrelname", "idx_scan"]),
    (View::Classes, "pg_class", &["relname", "reltuples"]),
    (View::Tables, "pg_stat_user_tables", &["relname", "n_live_tup"]),
    (View::Tables, "pg_stat_user_tables", &["relname", "seq_scan"]),
    (View::Tables, "pg_stat_user_tables", &["relname", "n_tup_upd"]),
    (View::Settings, "pg_settings", &["name", "setting", "unit"]),
];

fn view_of(columns: &[String]) -> Option<(View, &'static str)> {
    let has = |name: &&str| columns.iter().any(|column| column == name);
    let view = VIEWS.iter().find(|(.., names)| names.iter().all(has));
    view.map(|(view, name, _)| (*view, *name))
}

fn claim(text: &str, at: usize) -> Option<Claim> {
    let header = find_header(text, at)?;
    let (_, name) = view_of(&header.columns)?;
    let end = read_rows(text, &header).end;
    let reason = format!("{} with the columns of {name}", header.shape);
    Some(Claim { end, reason, dialect: Some(Dialect::Postgres) })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    let text = segment.text();
    let Some(header) = find_header(text, 0) else { return };
    let table = read_rows(text, &header);
    let Some((view, _)) = view_of(&table.columns) else { return };
    for (_, row) in &table.rows {
        let cells = Cells { table: &table, row };
        let read = match view {
            View::Columns => read_column(&cells, facts),
            View::Indexes => read_index(&cells, facts),
            View::Tables | View::Classes => read_table(&cells, facts),
            View::Settings => read_setting(&cells, facts),
        };
        facts.entries += usize::from(read.is_some());
        facts.skipped += usize::from(read.is_none());
    }
    facts.skipped += table.skipped;
}

/// The cells of one row by name.
struct Cells<'a> {
    table: &'a Table,
    row: &'a [String],
}

impl Cells<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.table.cell(self.row, self.table.column(&[name]))
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.table.number(self.row, self.table.column(&[name]))
    }

    fn table_name(&self) -> Option<Name> {
        let name = self.text("tablename").or_else(|| self.text("relname"))?;
        let schema = self.text("schemaname").or_else(|| self.text("nspname"));
        Some(Name { schema: schema.map(str::to_owned), name: name.to_owned() })
    }
}

/// The facts of a table; rows about one table usually follow each other.
fn table_facts(name: Name, facts: &mut Facts) -> &mut TableFacts {
    let known = facts.tables.iter().rposition(|table| table.name == name);
    let at = known.unwrap_or_else(|| {
        facts.tables.push(TableFacts { name, ..TableFacts::default() });
        facts.tables.len() - 1
    });
    &mut facts.tables[at]
}

fn read_table(cells: &Cells<'_>, facts: &mut Facts) -> Option<()> {
    let kind = cells.text("relkind");
    if kind.is_some_and(|kind| !matches!(kind, "r" | "p" | "m")) {
        return Some(());
    }
    let table = table_facts(cells.table_name()?, facts);
    table.kind = kind.map(str::to_owned);
    table.statistics = TableStatistics {
        reltuples: cells.number("reltuples").or(cells.number("n_live_tup")).filter(|n| *n >= 0.0),
        relpages: cells.number("relpages"),
        relallvisible: cells.number("relallvisible"),
        size_bytes: cells.number("size_bytes").or(cells.number("pg_relation_size")),
        n_tup_ins: cells.number("n_tup_ins"),
        n_tup_upd: cells.number("n_tup_upd"),
        n_tup_hot_upd: cells.number("n_tup_hot_upd"),
        n_tup_del: cells.number("n_tup_del"),
        seq_scan: cells.number("seq_scan"),
        fillfactor: None,
        origin: Some(Origin::Statistics),
    };
    Some(())
}

fn read_index(cells: &Cells<'_>, facts: &mut Facts) -> Option<()> {
    let name = cells.text("indexrelname")?.to_owned();
    let statistics = IndexStatistics {
        idx_scan: cells.number("idx_scan"),
        relpages: cells.number("relpages"),
        reltuples: cells.number("reltuples"),
        size_bytes: cells.number("size_bytes").or(cells.number("pg_relation_size")),
        ..IndexStatistics::default()
    };
    let table = table_facts(cells.table_name()?, facts);
    table.indexes.push(IndexFacts { name, statistics, ..IndexFacts::default() });
    Some(())
}

fn read_column(cells: &Cells<'_>, facts: &mut Facts) -> Option<()> {
    let column = cells.text("attname")?.to_owned();
    let list = |name: &str| cells.text(name).map(array_elements).unwrap_or_default();
    let freqs = list("most_common_freqs");
    let statistics = ColumnStatistics {
        null_frac: cells.number("null_frac"),
        avg_width: cells.number("avg_width"),
        n_distinct: cells.number("n_distinct"),
        most_common_vals: list("most_common_vals"),
        most_common_freqs: freqs.iter().filter_map(|freq| freq.parse().ok()).collect(),
        histogram_bounds: list("histogram_bounds"),
        correlation: cells.number("correlation"),
    };
    let table = table_facts(cells.table_name()?, facts);
    table.columns.push((column, String::new(), None, statistics));
    Some(())
}

fn read_setting(cells: &Cells<'_>, facts: &mut Facts) -> Option<()> {
    let (name, value) = (cells.text("name")?, cells.text("setting").unwrap_or(""));
    let settings = facts.settings.get_or_insert_with(Settings::default);
    settings.pasted = true;
    settings.n_exported += usize::from(is_planner_setting(name));
    match name {
        "server_version_num" => settings.server_version_num = value.parse().ok(),
        "lc_collate" => settings.collation = Some(value.to_owned()),
        _ => settings.set(name, value, cells.text("unit").unwrap_or("")),
    }
    Some(())
}

/// The elements of an array as PostgreSQL prints it: `{a,"b c",NULL}`.
pub fn array_elements(array: &str) -> Vec<String> {
    let inner = array.trim();
    let inner = inner.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(inner);
    let mut elements = Vec::new();
    let (mut element, mut quoted) = (String::new(), false);
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => element.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => elements.push(std::mem::take(&mut element)),
            c => element.push(c),
        }
    }
    if !inner.is_empty() {
        elements.push(element);
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_pg_stats() {
        assert_eq!(array_elements("{}"), Vec::<String>::new());
        assert_eq!(array_elements(r#"{a,"b, \"c\"",3}"#), ["a", "b, \"c\"", "3"]);
    }
}
