//! What the numbers of a modelled plan rest on: for each table of a query where its size comes from,
//! and where what is known of the columns that its conditions, joins and groups read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::units::count;
use super::words::basis_phrase;
use crate::catalog::{Catalog, Table};
use crate::dialect::Dialect;
use crate::estimate::Basis;
use crate::estimate::column::column_info;
use crate::estimate::size::{table_pages, table_rows};
use crate::sql::expr::Expr;
use crate::sql::query::{Query, RelationSource};
use crate::sql::quote::quote_text;

/// What is known of a table as far as one query needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableBasis {
    /// Its name.
    pub table: String,
    /// Rows.
    pub rows: f64,
    /// Where they come from.
    pub rows_basis: Basis,
    /// Pages of the heap.
    pub pages: f64,
    /// Where they come from.
    pub pages_basis: Basis,
    /// The columns that decide how many rows pass, each with the basis of its distribution.
    pub columns: Vec<(String, Basis)>,
}

/// The tables of a query, in the order of the catalog.
pub fn query_basis(catalog: &Catalog, query: &Query) -> Vec<TableBasis> {
    let mut used = BTreeMap::new();
    collect(query, &mut Vec::new(), &mut used);
    let of_table = |(at, columns): (&usize, &BTreeSet<usize>)| {
        catalog.tables.get(*at).map(|table| table_basis(table, columns))
    };
    used.iter().filter_map(of_table).collect()
}

/// Columns by table; the queries above are in `outer`, the nearest last.
fn collect<'q>(
    query: &'q Query,
    outer: &mut Vec<&'q Query>,
    used: &mut BTreeMap<usize, BTreeSet<usize>>,
) {
    for relation in &query.relations {
        if let RelationSource::Table(table) = relation.source {
            used.entry(table).or_default();
        }
    }
    outer.push(query);
    let mut conditions: Vec<&Expr> = query.conditions.iter().chain(&query.group_by).collect();
    query.from.iter().for_each(|tree| tree.for_each_condition(&mut |on| conditions.push(on)));
    for condition in conditions {
        condition.walk(&mut |part| {
            let Expr::Column(column) = part else { return };
            let level = usize::from(column.level);
            let block = outer.len().checked_sub(1 + level).and_then(|at| outer.get(at));
            let relation =
                block.and_then(|query| query.relations.get(usize::from(column.relation)));
            if let Some(RelationSource::Table(table)) = relation.map(|relation| &relation.source) {
                used.entry(*table).or_default().insert(usize::from(column.column));
            }
        });
    }
    query.for_each_query(&mut |inner| collect(inner, outer, used));
    outer.pop();
}

fn table_basis(table: &Table, columns: &BTreeSet<usize>) -> TableBasis {
    let (rows, pages) = (table_rows(table), table_pages(table));
    let known = columns.iter().filter_map(|at| {
        let column = table.columns.get(*at)?;
        Some((column.name.clone(), column_info(table, *at).basis))
    });
    TableBasis {
        table: table.name.to_string(),
        rows: rows.value,
        rows_basis: rows.basis,
        pages: pages.value,
        pages_basis: pages.basis,
        columns: known.collect(),
    }
}

/// `trips: 80 000 rows from statistics, 922 pages from statistics; values of stop_id from statistics,
/// of note by default`.
pub fn sentence(basis: &TableBasis) -> String {
    let mut out = format!(
        "{}: {} rows {}, {} pages {}",
        basis.table,
        count(basis.rows),
        basis_phrase(basis.rows_basis),
        count(basis.pages),
        basis_phrase(basis.pages_basis)
    );
    let mut by_basis: BTreeMap<Basis, Vec<&str>> = BTreeMap::new();
    for (name, basis) in &basis.columns {
        by_basis.entry(*basis).or_default().push(name);
    }
    for (at, (basis, names)) in by_basis.iter().enumerate() {
        let lead = if at == 0 { "; values of" } else { ", of" };
        out.push_str(&format!("{lead} {} {}", names.join(", "), basis_phrase(*basis)));
    }
    out
}

/// Facts that were assumed, and the queries whose output replaces them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Missing {
    /// `rows of trips, riders`.
    pub facts: Vec<String>,
    /// As they are run; their output is read as it is pasted.
    pub ask: Vec<String>,
}

/// What is missing below some plans. `has_settings`: the planner's settings were given.
pub fn missing(bases: &[&TableBasis], has_settings: bool, dialect: Dialect) -> Missing {
    let mut tables: Vec<&str> = Vec::new();
    let mut columns: Vec<(&str, &str)> = Vec::new();
    for basis in bases {
        if basis.rows_basis == Basis::Default && !tables.contains(&basis.table.as_str()) {
            tables.push(&basis.table);
        }
        for (name, _) in basis.columns.iter().filter(|(_, of)| *of == Basis::Default) {
            let column = (basis.table.as_str(), name.as_str());
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    let mut missing = Missing::default();
    let is_postgres = dialect == Dialect::Postgres;
    if !tables.is_empty() {
        missing.facts.push(format!("rows of {}", tables.join(", ")));
        missing.ask.extend(is_postgres.then(|| ask_sizes(&tables)));
    }
    if !columns.is_empty() {
        let names: Vec<String> =
            columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
        missing.facts.push(format!("values of {}", names.join(", ")));
        missing.ask.extend(is_postgres.then(|| ask_values(&columns)));
    }
    if is_postgres && !has_settings && !bases.is_empty() {
        missing.facts.push("settings of the planner".to_owned());
        missing.ask.push("SELECT name, setting, unit FROM pg_settings;".to_owned());
    }
    if dialect == Dialect::Sqlite && !missing.facts.is_empty() {
        missing.ask.push("sqlite3 FILE \"ANALYZE\" \".dump sqlite_stat1\"".to_owned());
    }
    missing
}

fn ask_sizes(tables: &[&str]) -> String {
    let names: Vec<String> =
        tables.iter().map(|name| quote_text(bare(name), Dialect::Postgres)).collect();
    format!(
        "SELECT n.nspname, relname, relkind, reltuples, relpages, relallvisible FROM pg_class c \
         JOIN pg_namespace n ON n.oid = relnamespace WHERE relname IN ({});",
        names.join(", ")
    )
}

fn ask_values(columns: &[(&str, &str)]) -> String {
    let quote = |text: &str| quote_text(text, Dialect::Postgres);
    let pairs: Vec<String> = columns
        .iter()
        .map(|(table, column)| format!("({}, {})", quote(bare(table)), quote(column)))
        .collect();
    format!(
        "SELECT schemaname, tablename, attname, null_frac, avg_width, n_distinct, correlation, \
         most_common_vals, most_common_freqs, histogram_bounds FROM pg_stats WHERE (tablename, \
         attname) IN ({});",
        pairs.join(", ")
    )
}

/// A table without its schema.
fn bare(table: &str) -> &str {
    table.rsplit('.').next().unwrap_or(table).trim_matches('"')
}
