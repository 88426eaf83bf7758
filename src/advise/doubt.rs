//! What a plan costs when the values of a table of which nothing is known are more common than the
//! default has it. PostgreSQL takes a column without statistics for 200 values, and two conditions for
//! one row in 40 000: then any index that is searched by both does, an order behind them saves nothing,
//! and a key between them costs nothing. A flag, a state or a tenant is not like that.
//!
//! A table that was empty when it was counted says as little: the planner takes it for one row, so that
//! any index searched once for each of its rows pays. What it takes a new table for is charged instead.

use crate::sorted::SortedMap;
use std::borrow::Cow;

use crate::catalog::{Catalog, Table};
use crate::estimate::column::is_unique;
use crate::estimate::size::{rows_per_page, table_rows};
use crate::plan::{Configuration, Plan, plan_query};
use crate::read::statistics::ColumnStatistics;
use crate::sql::query::Query;
use crate::sql::schema::{KeyPart, TableKind};

/// Distinct values of a doubted column: a tenth of the default.
pub const VALUES: f64 = 20.0;

/// NULLs of a doubted column that may have some.
const NULLS: f64 = 0.1;

/// The default and the doubt are as likely.
const OF_VALUES: f64 = 0.5;

/// Nobody asks of an empty table often, unless it will not stay empty.
const OF_EMPTY: f64 = 1.0;

/// Pages that PostgreSQL takes a table for that was never vacuumed (`estimate_rel_size`).
const NEW_PAGES: f64 = 10.0;

/// A catalog with its defaults in doubt.
pub struct Doubt {
    /// Empty where there is no doubt.
    catalog: Catalog,
    /// The doubted tables, with the weight of the doubt.
    tables: SortedMap<usize, f64>,
}

/// Is nothing known of the values of a table?
pub fn is_unknown(table: &Table) -> bool {
    table.columns.iter().all(|column| column.statistics.is_none())
}

/// Was a table without a row when it was counted?
pub fn is_empty(catalog: &Catalog, at: usize, table: &Table) -> bool {
    let statistics = &table.statistics;
    table.kind != TableKind::Partitioned
        && statistics.reltuples == Some(0.0)
        && statistics.relpages.is_none_or(|pages| pages == 0.0)
        && !catalog.tables.iter().any(|other| other.parent == Some(at))
}

impl Doubt {
    /// The doubts about a catalog.
    pub fn of(catalog: &Catalog) -> Doubt {
        let numbered = catalog.tables.iter().enumerate();
        let tables: SortedMap<usize, f64> = numbered
            .filter_map(|(at, table)| match () {
                () if is_empty(catalog, at, table) => Some((at, OF_EMPTY)),
                () if is_unknown(table) => Some((at, OF_VALUES)),
                () => None,
            })
            .collect();
        if tables.is_empty() {
            return Doubt { catalog: Catalog::default(), tables };
        }
        let mut doubted = catalog.clone();
        for at in tables.keys() {
            let Some(table) = doubted.tables.get_mut(*at) else { continue };
            if is_empty(catalog, *at, table) {
                table.statistics.reltuples = Some(NEW_PAGES * rows_per_page(table));
                table.statistics.relpages = Some(NEW_PAGES);
            }
            if is_unknown(table) {
                doubt_values(table);
            }
        }
        Doubt { catalog: doubted, tables }
    }

    /// What a plan with a configuration of that catalog is charged with.
    pub fn risk(&self, configuration: &Configuration<'_>, query: &Query, plan: &Plan) -> f64 {
        let doubts = plan.scans.iter().filter_map(|scan| self.tables.get(&scan.table));
        let weight = doubts.copied().fold(0.0, f64::max);
        if weight == 0.0 {
            return 0.0;
        }
        // Copies: what was computed of an index holds for one catalog only.
        let added = configuration.added.iter();
        let added = added.map(|(table, index)| (*table, Cow::Owned(index.as_ref().clone())));
        let doubted = Configuration {
            catalog: &self.catalog,
            added: added.collect(),
            hidden: configuration.hidden.clone(),
        };
        let then = plan_query(&doubted, query).map_or(plan.total_cost, |plan| plan.total_cost);
        weight * (then - plan.total_cost).max(0.0)
    }
}

fn doubt_values(table: &mut Table) {
    for at in 0..table.columns.len() {
        if is_unique(table, at) {
            continue;
        }
        let values = values_by_key(table, at).fold(VALUES, f64::max);
        if let Some(column) = table.columns.get_mut(at) {
            column.statistics = Some(ColumnStatistics {
                n_distinct: Some(values),
                null_frac: Some(if column.not_null { 0.0 } else { NULLS }),
                ..ColumnStatistics::default()
            });
        }
    }
}

/// The values that a column must have for its unique keys to tell the rows apart, were all columns of
/// a key alike.
fn values_by_key(table: &Table, column: usize) -> impl Iterator<Item = f64> {
    let rows = table_rows(table).value.max(1.0);
    let unique = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
    let of_column = unique
        .filter(move |index| index.keys.iter().any(|key| key.part == KeyPart::Column(column)));
    of_column.map(move |index| libm::pow(rows, 1.0 / index.keys.len() as f64))
}
