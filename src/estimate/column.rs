//! What is known of one column (or indexed expression), with defaults where nothing is.

use super::collation::{Collation, collation};
use super::types::{self, TypeFamily};
use super::variable::Variable;
use super::{Basis, size};
use crate::catalog::Table;
use crate::read::statistics::ColumnStatistics;
use crate::sql::schema::{KeyPart, Method};

/// `DEFAULT_NUM_DISTINCT` of `selfuncs.h`: what PostgreSQL assumes without statistics.
pub const DEFAULT_NUM_DISTINCT: f64 = 200.0;

/// A column's statistics, complete.
#[derive(Debug, Clone, Copy)]
pub struct ColumnInfo<'a> {
    /// Rows of its relation before conditions.
    pub rows: f64,
    /// Fraction of NULLs.
    pub null_frac: f64,
    /// Distinct values, absolute.
    pub n_distinct: f64,
    /// Average width in bytes.
    pub width: f64,
    /// Correlation of the heap with the column's order, -1 to 1.
    pub correlation: f64,
    /// Its type as written; empty where it is not known.
    pub data_type: &'a str,
    /// Type family.
    pub family: TypeFamily,
    /// How its texts sort.
    pub collation: Collation,
    /// Most common values, histogram; empty without statistics.
    pub statistics: Option<&'a ColumnStatistics>,
    /// No two rows have the same value. For a subquery's column: it is the only one of its DISTINCT.
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
    if let Some(name) = definition.and_then(|column| column.collation.as_deref()) {
        info.collation = collation(name);
    }
    if is_unique(table, column) {
        info.is_unique = true;
        if info.basis == Basis::Default {
            info.basis = Basis::Constraint;
        }
        info.n_distinct = distinct(&info);
    }
    if definition.is_some_and(|column| column.not_null) {
        info.null_frac = 0.0;
    }
    info
}

/// What is known of a bare value of a type, or of an expression with its own statistics.
pub fn info_of<'a>(
    table: &'a Table,
    data_type: &'a str,
    statistics: Option<&'a ColumnStatistics>,
) -> ColumnInfo<'a> {
    let family = types::family(data_type);
    let is_given = statistics.and_then(|statistics| statistics.n_distinct).is_some();
    let mut info = ColumnInfo {
        rows: size::table_rows(table).value.max(1.0),
        null_frac: statistics.and_then(|s| s.null_frac).unwrap_or(0.0).clamp(0.0, 1.0),
        n_distinct: DEFAULT_NUM_DISTINCT,
        width: statistics
            .and_then(|s| s.avg_width)
            .unwrap_or_else(|| types::default_width(data_type)),
        correlation: statistics.and_then(|s| s.correlation).unwrap_or(0.0).clamp(-1.0, 1.0),
        data_type,
        family,
        collation: Collation::default(),
        statistics,
        is_unique: false,
        basis: if is_given { Basis::Statistics } else { Basis::Default },
    };
    info.n_distinct = distinct(&info).min(info.rows);
    info
}

fn distinct(info: &ColumnInfo<'_>) -> f64 {
    Variable::of_info(info, 1, info.rows, None).num_distinct().0
}

/// Is there a unique index on this column alone, without a predicate? Only those that exist count:
/// a proposed one promises nothing.
pub fn is_unique(table: &Table, column: usize) -> bool {
    table.rowid_column == Some(column)
        || table.indexes.iter().any(|index| {
            index.unique
                && !index.hypothetical
                && index.predicate.is_none()
                && index.keys.len() == 1
                && index.keys.iter().all(|key| key.part == KeyPart::Column(column))
        })
}

/// Is there a B-tree over the whole table that begins with this column? It tells PostgreSQL the
/// smallest and the largest value of today (`get_actual_variable_range`).
pub fn has_range_index(table: &Table, column: usize) -> bool {
    table.indexes.iter().any(|index| {
        index.method == Method::Btree
            && index.usable
            && index.predicate.is_none()
            && index.keys.first().is_some_and(|key| key.part == KeyPart::Column(column))
    })
}
