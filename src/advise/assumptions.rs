//! What a suggestion takes for granted, and the query that replaces each assumption by a fact.

use super::covering::is_unbounded;
use super::ddl::table_name;
use super::doubt::{VALUES, is_unknown};
use super::finding::{Assumption, Confidence};
use super::print::quote_text;
use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::estimate::Basis;
use crate::estimate::column::column_info;
use crate::estimate::size::{table_bytes, table_rows};
use crate::sql::schema::{KeyPart, Method};

/// Longest index row of a PostgreSQL B-tree, in bytes.
const BTREE_ROW_BYTES_MAX: u32 = 2704;

/// What an index suggestion rests on.
pub fn assumptions_of(
    catalog: &Catalog,
    table: &Table,
    index: &Index,
    calls_measured: bool,
) -> Vec<Assumption> {
    let mut out = Vec::new();
    out.extend(rows_assumption(catalog, table));
    out.extend(columns_assumption(catalog, table, index));
    if !calls_measured {
        out.push(Assumption {
            text: "every query counts once, because no calls are given".to_owned(),
            basis: Basis::Default,
            replace_with: calls_query(catalog.dialect),
        });
    }
    out.extend(wide_include(catalog, table, index));
    if catalog.dialect != Dialect::Postgres {
        out.push(Assumption {
            text:
                "costs follow PostgreSQL's planner as a stand-in; what each index can do follows \
                   this database's own rules"
                    .to_owned(),
            basis: Basis::Default,
            replace_with: None,
        });
    }
    out
}

/// The worst basis of what it rests on.
pub fn confidence_of(table: &Table, index: &Index, calls_measured: bool) -> Confidence {
    let mut worst = table_rows(table).basis;
    for column in key_columns(index) {
        let info = column_info(table, column);
        worst = worst.max(info.basis);
    }
    match worst {
        Basis::Default => Confidence::Low,
        _ if !calls_measured => Confidence::Medium,
        Basis::Measured => Confidence::High,
        _ => Confidence::Medium,
    }
}

fn key_columns(index: &Index) -> Vec<usize> {
    let keys = index.keys.iter().filter_map(|key| match key.part {
        KeyPart::Column(column) => Some(column),
        KeyPart::Expr(..) => None,
    });
    keys.collect()
}

fn rows_assumption(catalog: &Catalog, table: &Table) -> Option<Assumption> {
    let rows = table_rows(table);
    if rows.basis != Basis::Default {
        return None;
    }
    let size_mb = table_bytes(table).value / 1_048_576.0;
    let name = table_name(table, catalog.dialect);
    Some(Assumption {
        text: format!("{name} has {} rows, about {size_mb:.0} MB", rows.value),
        basis: Basis::Default,
        replace_with: Some(rows_query(catalog.dialect, table)),
    })
}

fn rows_query(dialect: Dialect, table: &Table) -> String {
    let name = table_name(table, dialect);
    match dialect {
        Dialect::Postgres => format!(
            "SELECT reltuples, relpages FROM pg_class WHERE oid = {}::regclass",
            quote_text(&name, dialect)
        ),
        _ => format!("SELECT count(*) FROM {name}"),
    }
}

fn columns_assumption(catalog: &Catalog, table: &Table, index: &Index) -> Option<Assumption> {
    let unknown: Vec<usize> = key_columns(index)
        .into_iter()
        .filter(|column| column_info(table, *column).basis == Basis::Default)
        .collect();
    if unknown.is_empty() {
        return None;
    }
    let names: Vec<&str> = unknown
        .iter()
        .filter_map(|column| table.columns.get(*column))
        .map(|column| column.name.as_str())
        .collect();
    let values = unknown.iter().map(|c| format!("{:.0}", column_info(table, *c).n_distinct));
    let doubt = match is_unknown(table) {
        true => format!("; the choice must do with {VALUES} as well"),
        false => String::new(),
    };
    Some(Assumption {
        text: format!(
            "distinct values of {}: {}{doubt}",
            names.join(", "),
            values.collect::<Vec<_>>().join(", ")
        ),
        basis: Basis::Default,
        replace_with: Some(columns_query(catalog.dialect, table, &names)),
    })
}

fn columns_query(dialect: Dialect, table: &Table, names: &[&str]) -> String {
    match dialect {
        Dialect::Postgres => {
            let list: Vec<String> = names.iter().map(|name| quote_text(name, dialect)).collect();
            format!(
                "SELECT attname, n_distinct, null_frac, correlation, most_common_vals, \
                 most_common_freqs, histogram_bounds FROM pg_stats WHERE tablename = {} AND attname \
                 IN ({})",
                quote_text(&table.name.name, dialect),
                list.join(", ")
            )
        }
        _ => {
            let counts = names
                .iter()
                .map(|name| format!("count(DISTINCT {})", super::print::quote_name(name, dialect)));
            format!(
                "SELECT {} FROM {}",
                counts.collect::<Vec<_>>().join(", "),
                table_name(table, dialect)
            )
        }
    }
}

fn calls_query(dialect: Dialect) -> Option<String> {
    let text = match dialect {
        Dialect::Postgres => {
            "SELECT query, calls, total_exec_time, rows FROM pg_stat_statements ORDER BY \
             total_exec_time DESC LIMIT 200"
        }
        Dialect::Mysql | Dialect::Mariadb => {
            "SELECT digest_text, count_star, sum_timer_wait FROM \
             performance_schema.events_statements_summary_by_digest ORDER BY sum_timer_wait DESC \
             LIMIT 200"
        }
        Dialect::Sqlite => return None,
    };
    Some(text.to_owned())
}

/// A B-tree refuses rows longer than a third of a page: an INSERT of a long text would fail.
fn wide_include(catalog: &Catalog, table: &Table, index: &Index) -> Option<Assumption> {
    if catalog.dialect != Dialect::Postgres || index.method != Method::Btree {
        return None;
    }
    let unbounded: Vec<String> = index
        .include
        .iter()
        .copied()
        .filter_map(|column| table.columns.get(column))
        .filter(|column| is_unbounded(&column.data_type))
        .map(|column| super::print::quote_name(&column.name, catalog.dialect))
        .collect();
    if unbounded.is_empty() {
        return None;
    }
    let lengths: Vec<String> =
        unbounded.iter().map(|name| format!("coalesce(pg_column_size({name}), 0)")).collect();
    Some(Assumption {
        text: format!(
            "no row has more than {BTREE_ROW_BYTES_MAX} bytes in {}: an INSERT of a longer one would fail",
            unbounded.join(", ")
        ),
        basis: Basis::Default,
        replace_with: Some(format!(
            "SELECT max({}) FROM {}",
            lengths.join(" + "),
            table_name(table, catalog.dialect)
        )),
    })
}
