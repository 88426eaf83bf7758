//! Rows and bytes of tables and indexes.

use super::{Basis, Estimate};
use crate::catalog::{Index, Table};

/// Rows of a table.
pub fn table_rows(_table: &Table) -> Estimate {
    Estimate { value: 10_000.0, basis: Basis::Default }
}

/// Bytes of a table's heap.
pub fn table_bytes(_table: &Table) -> Estimate {
    Estimate { value: 1_000_000.0, basis: Basis::Default }
}

/// Bytes of an index, existing or proposed.
pub fn index_bytes(_table: &Table, _index: &Index) -> Estimate {
    Estimate { value: 300_000.0, basis: Basis::Default }
}
