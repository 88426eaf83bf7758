//! The time at which the statistics were true: what stands for `now()` in estimates.
//!
//! The export says when it was made. Where it does not, the newest values of the columns that hold
//! moments tell: rows are written as time passes, so that the newest values of many columns lie
//! together, a day apart at most; due dates and expiries lie elsewhere, each on its own. The largest
//! such cluster is the present, the later one among equals.

use super::datetime::{DAY, parse_timestamp};
use super::scope::Scope;
use super::types::canonical;
use crate::catalog::Catalog;
use crate::order;

/// Microseconds since 2000-01-01; `None` without any trace of time.
pub fn present(scope: &Scope<'_>) -> Option<i64> {
    match scope.catalog {
        Some(catalog) => of_catalog(catalog),
        None => {
            let tables = scope.relations.iter().filter_map(|relation| relation.table);
            largest_cluster(tables.flat_map(newest_values).collect())
        }
    }
}

fn of_catalog(catalog: &Catalog) -> Option<i64> {
    let exported = catalog.settings.exported_at.as_deref().and_then(parse_timestamp);
    exported.or_else(|| largest_cluster(catalog.tables.iter().flat_map(newest_values).collect()))
}

/// The newest value of every column of moments.
fn newest_values(table: &crate::catalog::Table) -> impl Iterator<Item = i64> + '_ {
    table.columns.iter().filter_map(|column| {
        if !matches!(canonical(&column.data_type).as_ref(), "timestamp" | "timestamptz" | "date") {
            return None;
        }
        let statistics = column.statistics.as_ref()?;
        let common = statistics.most_common_vals.iter();
        let values = statistics.histogram_bounds.last().into_iter().chain(common);
        values.filter_map(|text| parse_timestamp(text)).filter(|micros| *micros < i64::MAX).max()
    })
}

fn largest_cluster(mut newest: Vec<i64>) -> Option<i64> {
    order::sort(&mut newest);
    let size =
        |end: &i64| newest.iter().filter(|n| *n <= end && end.saturating_sub(**n) <= DAY).count();
    newest.iter().max_by_key(|end| size(end)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiries_are_not_the_present() {
        let hours = |n: i64| n * 3_600_000_000;
        assert_eq!(
            largest_cluster(vec![hours(9000), hours(100), hours(102), hours(3)]),
            Some(hours(102))
        );
        assert_eq!(largest_cluster(vec![hours(1), hours(100)]), Some(hours(100)));
        assert_eq!(largest_cluster(Vec::new()), None);
    }
}
