//! What the numbers of a modelled plan rest on: for each table of a query where its size comes from,
//! and where what is known of the columns that its conditions, joins and groups read.

use crate::sorted::{SortedMap, SortedSet};

use serde::{Deserialize, Serialize};

use super::units::count;
use super::words::basis_phrase;
use crate::catalog::{Catalog, Table};
use crate::dialect::Dialect;
use crate::estimate::Basis;
use crate::estimate::column::column_info;
use crate::estimate::size::{table_pages, table_rows};
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::print::print_expr;
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
    /// Conditions of the query whose part of the rows a pasted plan measured.
    pub observed: Vec<(String, f64)>,
}

/// The tables of a query, in the order of the catalog.
pub fn query_basis(catalog: &Catalog, query: &Query) -> Vec<TableBasis> {
    let mut used = SortedMap::new();
    collect(query, &mut Vec::new(), &mut used);
    let of_table = |(at, columns): (&usize, &SortedSet<usize>)| {
        let table = catalog.tables.get(*at)?;
        Some(TableBasis { observed: observed(*at, table, query), ..table_basis(table, columns) })
    };
    used.iter().filter_map(of_table).collect()
}

/// Columns by table; the queries above are in `outer`, the nearest last.
fn collect<'q>(
    query: &'q Query,
    outer: &mut Vec<&'q Query>,
    used: &mut SortedMap<usize, SortedSet<usize>>,
) {
    for relation in &query.relations {
        if let RelationSource::Table(table) = relation.source {
            used.get_or_default(table);
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
                used.get_or_default(*table).insert(usize::from(column.column));
            }
        });
    }
    query.for_each_query(&mut |inner| collect(inner, outer, used));
    outer.pop();
}

fn table_basis(table: &Table, columns: &SortedSet<usize>) -> TableBasis {
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
        observed: Vec::new(),
    }
}

/// What plans measured of the query's conditions on a table: of all together, else of each.
fn observed(at: usize, table: &Table, query: &Query) -> Vec<(String, f64)> {
    let mut out = Vec::new();
    for (position, relation) in query.relations.iter().enumerate() {
        if relation.source != RelationSource::Table(at) || table.observed.is_empty() {
            continue;
        }
        let own = |condition: &&Expr| {
            let columns = condition.columns();
            !columns.is_empty() && columns.iter().all(|c| usize::from(c.relation) == position)
        };
        let conditions: Vec<&Expr> = query.conditions.iter().filter(own).collect();
        let name = |column: ColumnRef| {
            table
                .columns
                .get(usize::from(column.column))
                .map_or_else(String::new, |c| c.name.clone())
        };
        if let Some(part) = table.observed_conjunction(&conditions) {
            let texts: Vec<String> = conditions.iter().map(|c| print_expr(c, &name)).collect();
            out.push((texts.join(" AND "), part));
            continue;
        }
        for condition in conditions {
            let part = table.observed_selectivity(condition);
            out.extend(part.map(|part| (print_expr(condition, &name), part)));
        }
    }
    query.for_each_query(&mut |inner| out.extend(observed(at, table, inner)));
    out
}

/// Columns that are named of a table; the others are counted.
const COLUMNS_MAX: usize = 8;

/// `trips: 80 000 rows, 922 pages from statistics; distribution of stop_id from statistics,
/// of note by default`.
/// `calibrated`: what plans measured was taken over.
pub fn sentence(basis: &TableBasis, calibrated: bool) -> String {
    let phrase = |of: Basis| match of {
        Basis::Plan if calibrated => "calibrated from your plan",
        other => basis_phrase(other),
    };
    let unit = |n: f64, name: &str| {
        format!("{} {name}{}", count(n), if count(n) == "1" { "" } else { "s" })
    };
    let (rows, pages) = (unit(basis.rows, "row"), unit(basis.pages, "page"));
    let (of_rows, of_pages) = (phrase(basis.rows_basis), phrase(basis.pages_basis));
    let mut out = match of_rows == of_pages {
        true => format!("{}: {rows}, {pages} {of_rows}", basis.table),
        false => format!("{}: {rows} {of_rows}, {pages} {of_pages}", basis.table),
    };
    let mut by_basis: SortedMap<Basis, Vec<&str>> = SortedMap::new();
    for (name, basis) in &basis.columns {
        by_basis.get_or_default(*basis).push(name);
    }
    for (at, (basis, names)) in by_basis.iter().enumerate() {
        let lead = if at == 0 { "; distribution of" } else { ", of" };
        let more = names.len().saturating_sub(COLUMNS_MAX);
        let shown = names.get(..names.len() - more).unwrap_or(names).join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        out.push_str(&format!("{lead} {shown}{more} {}", phrase(*basis)));
    }
    for (condition, part) in &basis.observed {
        let percent = percent(*part);
        out.push_str(&format!("; {condition} keeps {percent}, calibrated from your plan"));
    }
    out
}

/// `12.5 %`, with as many digits as a small part needs.
fn percent(part: f64) -> String {
    match 100.0 * part {
        percent if percent >= 10.0 => format!("{percent:.1} %"),
        percent if percent >= 0.1 || percent == 0.0 => format!("{percent:.2} %"),
        percent if percent >= 0.0001 => format!("{percent:.4} %"),
        _ => "less than 0.0001 %".to_owned(),
    }
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
