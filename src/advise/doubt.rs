//! What a plan costs when the values of a table of which nothing is known are more common than the
//! default has it. PostgreSQL takes a column without statistics for 200 values, and two conditions for
//! one row in 40 000: then any index that is searched by both does, an order behind them saves nothing,
//! and a key between them costs nothing. A flag, a state or a tenant is not like that.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::catalog::{Catalog, Table};
use crate::estimate::column::is_unique;
use crate::estimate::size::table_rows;
use crate::plan::{Configuration, Plan, plan_query};
use crate::read::statistics::ColumnStatistics;
use crate::sql::query::Query;
use crate::sql::schema::KeyPart;

/// Distinct values of a doubted column: a tenth of the default.
pub const VALUES: f64 = 20.0;

/// NULLs of a doubted column that may have some.
const NULLS: f64 = 0.1;

/// The default and the doubt are as likely.
const WEIGHT: f64 = 0.5;

/// A catalog with its defaults in doubt.
pub struct Doubt {
    /// Empty where there is no doubt.
    catalog: Catalog,
    /// The tables of whose values nothing is known.
    tables: BTreeSet<usize>,
}

/// Is nothing known of the values of a table?
pub fn is_unknown(table: &Table) -> bool {
    table.columns.iter().all(|column| column.statistics.is_none())
}

impl Doubt {
    /// The doubts about a catalog.
    pub fn of(catalog: &Catalog) -> Doubt {
        let numbered = catalog.tables.iter().enumerate();
        let tables: BTreeSet<usize> =
            numbered.filter(|(_, table)| is_unknown(table)).map(|(at, _)| at).collect();
        if tables.is_empty() {
            return Doubt { catalog: Catalog::default(), tables };
        }
        let mut catalog = catalog.clone();
        for at in &tables {
            catalog.tables.get_mut(*at).into_iter().for_each(doubt_values);
        }
        Doubt { catalog, tables }
    }

    /// What a plan with a configuration of that catalog is charged with.
    pub fn risk(&self, configuration: &Configuration<'_>, query: &Query, plan: &Plan) -> f64 {
        if !plan.scans.iter().any(|scan| self.tables.contains(&scan.table)) {
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
        WEIGHT * (then - plan.total_cost).max(0.0)
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
