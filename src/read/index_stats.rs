//! `pg-index-stats/1`: the statistics of a database as one JSON object, made by one read-only query.
//! Every field but the names may be missing. Numbers may be written as strings.

use serde_json::{Map, Value};

use super::facts::{Facts, IndexFacts, TableFacts};
use super::statistics::{
    ColumnStatistics, ExtendedStatistics, IndexStatistics, Origin, Settings, TableStatistics,
};
use super::{Claim, Format, Segment};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::sql::schema::Name;
use crate::text::json::read_json;

/// A statistics export.
pub const FORMAT: Format = Format {
    name: "pg-index-stats",
    title: "PostgreSQL statistics export (pg-index-stats)",
    claim,
    read,
};

/// How far from the brace the format's name may stand.
const HEAD_BYTES: usize = 400;

fn claim(text: &str, at: usize) -> Option<Claim> {
    let rest = text.get(at..)?;
    let start = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let bytes = rest.as_bytes();
    if bytes.get(start) != Some(&b'{') {
        return None;
    }
    let head =
        String::from_utf8_lossy(bytes.get(start..).map(|b| b.get(..HEAD_BYTES).unwrap_or(b))?);
    if !head.contains("\"pg-index-stats/") {
        return None;
    }
    let end = at + read_json(rest, start)?.end;
    let reason = "an object with \"format\": \"pg-index-stats/1\"".to_owned();
    Some(Claim { end, reason, dialect: Some(Dialect::Postgres) })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    let Some(parsed) = read_json(segment.text().trim_start(), 0) else {
        return damaged(segment, facts);
    };
    if !parsed.complete {
        damaged(segment, facts);
    }
    let root = parsed.value;
    facts.settings = Some(read_settings(&root));
    for table in list(&root, "tables") {
        facts.tables.push(read_table(table));
        facts.entries += 1;
    }
    let extended = list(&root, "extended_statistics");
    facts.extended_statistics.extend(extended.iter().map(read_extended));
    facts.entries = facts.entries.max(1);
}

fn damaged(segment: &Segment<'_>, facts: &mut Facts) {
    facts.skipped += 1;
    let message = "the statistics export is cut off or damaged; what could be read is used";
    let remark = Diagnostic::new(Severity::Error, "damaged-json", message)
        .help("export it into a file, so that no line is cut: `psql -qAt -f FILE.sql > stats.json`")
        .at(segment.source.place(segment.span.end));
    facts.diagnostics.push(remark);
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).map(plain).unwrap_or_default()
}

/// A scalar in its text form.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn number(value: &Value, key: &str) -> Option<f64> {
    let value = value.get(key)?;
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|n| n.is_finite())
}

fn flag(value: &Value, key: &str) -> Option<bool> {
    value.get(key)?.as_bool()
}

fn read_table(table: &Value) -> TableFacts {
    let schema = text(table, "schema");
    let columns = list(table, "columns").iter().map(|column| {
        let not_null = flag(column, "not_null");
        (text(column, "name"), text(column, "type"), not_null, read_column(column))
    });
    let keys = list(table, "foreign_keys").iter();
    TableFacts {
        name: Name { schema: (!schema.is_empty()).then_some(schema), name: text(table, "name") },
        kind: Some(text(table, "kind")).filter(|kind| !kind.is_empty()),
        statistics: TableStatistics {
            reltuples: number(table, "reltuples").filter(|n| *n >= 0.0),
            relpages: number(table, "relpages"),
            relallvisible: number(table, "relallvisible"),
            size_bytes: number(table, "size_bytes"),
            n_tup_ins: number(table, "n_tup_ins"),
            n_tup_upd: number(table, "n_tup_upd"),
            n_tup_hot_upd: number(table, "n_tup_hot_upd"),
            n_tup_del: number(table, "n_tup_del"),
            seq_scan: number(table, "seq_scan"),
            fillfactor: number(table, "fillfactor"),
            origin: Some(Origin::Statistics),
        },
        columns: columns.collect(),
        indexes: list(table, "indexes").iter().map(read_index).collect(),
        foreign_keys: keys.map(|key| (text(key, "name"), text(key, "definition"))).collect(),
    }
}

fn read_column(column: &Value) -> ColumnStatistics {
    let numbers = |key| list(column, key).iter().filter_map(Value::as_f64).collect();
    ColumnStatistics {
        null_frac: number(column, "null_frac"),
        avg_width: number(column, "avg_width"),
        n_distinct: number(column, "n_distinct"),
        most_common_vals: list(column, "most_common_vals").iter().map(plain).collect(),
        most_common_freqs: numbers("most_common_freqs"),
        histogram_bounds: list(column, "histogram_bounds").iter().map(plain).collect(),
        correlation: number(column, "correlation"),
    }
}

fn read_index(index: &Value) -> IndexFacts {
    let columns: Vec<String> = list(index, "columns").iter().map(plain).collect();
    let expressions = list(index, "expression_stats").iter().filter_map(|stats| {
        Some((expression_position(&columns, &text(stats, "column"))?, read_column(stats)))
    });
    IndexFacts {
        name: text(index, "name"),
        definition: text(index, "definition"),
        is_constraint: flag(index, "is_constraint"),
        primary: flag(index, "primary"),
        valid: flag(index, "valid"),
        statistics: IndexStatistics {
            relpages: number(index, "relpages"),
            reltuples: number(index, "reltuples"),
            size_bytes: number(index, "size_bytes"),
            tree_height: number(index, "tree_height"),
            idx_scan: number(index, "idx_scan"),
            expressions: expressions.collect(),
        },
    }
}

/// Which key an attribute of an index is. PostgreSQL names the attributes of expressions after their
/// function (`lower`), or `expr`, and numbers the further ones: `expr1`, `lower2`.
fn expression_position(columns: &[String], attribute: &str) -> Option<usize> {
    let plain_name = |column: &str| {
        let name = column.trim_matches('"');
        name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80)
    };
    let expressions: Vec<usize> =
        (0..columns.len()).filter(|at| columns.get(*at).is_some_and(|c| !plain_name(c))).collect();
    let stem = attribute.trim_end_matches(|c: char| c.is_ascii_digit());
    let by_function = expressions.iter().find(|at| {
        let column = columns.get(**at).map_or("", String::as_str);
        column.strip_prefix(stem).is_some_and(|rest| rest.starts_with('('))
    });
    let nth: usize = attribute.get(stem.len()..)?.parse().unwrap_or(0);
    by_function.or_else(|| expressions.get(nth)).copied()
}

fn read_extended(statistics: &Value) -> ExtendedStatistics {
    // Both are objects inside a string: {"1, 2": 40} with attribute names or numbers.
    let object = |key: &str| -> Map<String, Value> {
        match statistics.get(key) {
            Some(Value::Object(map)) => map.clone(),
            Some(Value::String(json)) => serde_json::from_str(json).unwrap_or_default(),
            _ => Map::new(),
        }
    };
    let names = |list: &str| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
    let dependencies = object("dependencies");
    ExtendedStatistics {
        table: text(statistics, "table"),
        columns: list(statistics, "columns").iter().map(plain).collect(),
        n_distinct: object("n_distinct")
            .iter()
            .filter_map(|(columns, n)| Some((names(columns), n.as_f64()?)))
            .collect(),
        dependencies: dependencies
            .iter()
            .filter_map(|(arrow, degree)| {
                let (from, to) = arrow.split_once("=>")?;
                Some((names(from), to.trim().to_owned(), degree.as_f64()?))
            })
            .collect(),
    }
}

fn read_settings(root: &Value) -> Settings {
    let mut settings = Settings {
        server_version_num: number(root, "server_version_num").map(|n| n as u32),
        pasted: true,
        collation: Some(text(root, "collation")).filter(|name| !name.is_empty()),
        exported_at: Some(text(root, "exported_at")).filter(|time| !time.is_empty()),
        ..Settings::default()
    };
    if let Some(all) = root.get("settings").and_then(Value::as_object) {
        for (name, entry) in all {
            // {"value": "524288", "unit": "8kB"}, or the value alone as SHOW prints it.
            let value = entry.get("value").map_or_else(|| plain(entry), plain);
            settings.set(name, &value, &text(entry, "unit"));
        }
    }
    settings
}
