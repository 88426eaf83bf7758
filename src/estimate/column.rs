//! What is known of one column (or indexed expression), with defaults where nothing is.

use super::types::{self, TypeFamily};
use super::{Basis, size};
use crate::catalog::Table;
use crate::read::statistics::ColumnStatistics;
use crate::sql::schema::KeyPart;

/// `DEFAULT_NUM_DISTINCT` of `selfuncs.h`: what PostgreSQL assumes without statistics.
pub const DEFAULT_NUM_DISTINCT: f64 = 200.0;

/// A column's statistics, complete.
#[derive(Debug, Clone, Copy)]
pub struct ColumnInfo<'a> {
    /// Rows of its table.
    pub rows: f64,
    /// Fraction of NULLs.
    pub null_frac: f64,
    /// Distinct values, absolute.
    pub n_distinct: f64,
    /// Average width in bytes.
    pub width: f64,
    /// Correlation of the heap with the column's order, -1 to 1.
    pub correlation: f64,
    /// Type family.
    pub family: TypeFamily,
    /// Most common values, histogram; empty without statistics.
    pub statistics: Option<&'a ColumnStatistics>,
    /// No two rows have the same value.
    pub is_unique: bool,
    /// Where `n_distinct` comes from.
    pub basis: Basis,
}

/// What is known of a column of `table`.
pub fn column_info(table: &Table, column: usize) -> ColumnInfo<'_> {
    let definition = table.columns.get(column);
    let data_type = definition.map_or("", |column| column.data_type.as_str());
    let statistics = definition.and_then(|column| column.statistics.as_ref());
    let mut info = info_of(table, data_type, statistics);
    info.is_unique = is_unique(table, column);
    if info.is_unique {
        info.n_distinct = info.rows.max(1.0);
        if info.basis == Basis::Default {
            info.basis = Basis::Constraint;
        }
    }
    if definition.is_some_and(|column| column.not_null) {
        info.null_frac = 0.0;
    }
    info
}

/// What is known of a bare value of a type, or of an expression with its own statistics.
pub fn info_of<'a>(
    table: &'a Table,
    data_type: &str,
    statistics: Option<&'a ColumnStatistics>,
) -> ColumnInfo<'a> {
    let rows = size::table_rows(table).value.max(1.0);
    let family = types::family(data_type);
    let given = statistics.and_then(|statistics| statistics.n_distinct);
    let (n_distinct, basis) = match given {
        Some(fraction) if fraction < 0.0 => ((-fraction * rows).max(1.0), Basis::Statistics),
        Some(count) if count > 0.0 => (count, Basis::Statistics),
        _ if family == TypeFamily::Bool => (2.0, Basis::Default),
        _ => (DEFAULT_NUM_DISTINCT.min(rows), Basis::Default),
    };
    ColumnInfo {
        rows,
        null_frac: statistics.and_then(|s| s.null_frac).unwrap_or(0.0).clamp(0.0, 1.0),
        n_distinct: n_distinct.min(rows),
        width: statistics
            .and_then(|s| s.avg_width)
            .unwrap_or_else(|| types::default_width(data_type)),
        correlation: statistics.and_then(|s| s.correlation).unwrap_or(0.0).clamp(-1.0, 1.0),
        family,
        statistics,
        is_unique: false,
        basis,
    }
}

/// Is there a unique index on this column alone, without a predicate?
fn is_unique(table: &Table, column: usize) -> bool {
    table.rowid_column == Some(column)
        || table.indexes.iter().any(|index| {
            index.unique
                && index.predicate.is_none()
                && index.keys.len() == 1
                && index.keys.iter().all(|key| key.part == KeyPart::Column(column))
        })
}
