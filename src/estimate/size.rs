//! Rows, pages and bytes of tables and indexes.

use super::btree::tree_size;
use super::types::{alignment, default_width};
use super::{Basis, Estimate};
use crate::catalog::{Index, Table};
use crate::read::statistics::Origin;
use crate::sql::schema::{Method, TableKind};

/// Bytes of a page.
pub const BLOCK_SIZE: f64 = 8192.0;

/// Rows assumed of a table nothing is said about: enough that a good index pays, as in the tables
/// that reviews are held about. Always shown as a default.
pub const DEFAULT_ROWS: f64 = 100_000.0;

/// Page header of a heap page, and what a heap tuple costs besides its columns (header 23 bytes,
/// aligned to 24, and the line pointer of 4).
const HEAP_PAGE_HEADER: f64 = 24.0;
const HEAP_TUPLE_OVERHEAD: f64 = 28.0;

/// Rows of a table: exported, from a plan, counted in the paste, or the default. Partitioned parents
/// hold none of their own; see `table_rows` of their partitions.
pub fn table_rows(table: &Table) -> Estimate {
    match table.statistics.reltuples {
        Some(rows) if rows >= 0.0 => {
            let basis = match table.statistics.origin {
                Some(Origin::Plan) => Basis::Plan,
                Some(Origin::Counted) => Basis::Measured,
                _ => Basis::Statistics,
            };
            Estimate { value: rows, basis }
        }
        _ => Estimate { value: DEFAULT_ROWS, basis: Basis::Default },
    }
}

/// Pages of a table's heap; at least one, unless it is known to be empty.
pub fn table_pages(table: &Table) -> Estimate {
    if let Some(pages) = table.statistics.relpages.filter(|pages| *pages > 0.0) {
        let basis = match table.statistics.origin {
            Some(Origin::Plan) => Basis::Plan,
            _ => Basis::Statistics,
        };
        return Estimate { value: pages, basis };
    }
    if let Some(bytes) = table.statistics.size_bytes.filter(|bytes| *bytes > 0.0) {
        return Estimate { value: (bytes / BLOCK_SIZE).ceil(), basis: Basis::Measured };
    }
    let rows = table_rows(table);
    let pages = (rows.value / rows_per_page(table)).ceil().max(1.0);
    Estimate { value: pages, basis: rows.basis }
}

/// Rows of average width on a full page; at least one.
pub fn rows_per_page(table: &Table) -> f64 {
    let fill = table.statistics.fillfactor.unwrap_or(100.0) / 100.0;
    ((BLOCK_SIZE - HEAP_PAGE_HEADER) * fill / heap_tuple_bytes(table)).floor().max(1.0)
}

/// Bytes of a table's heap.
pub fn table_bytes(table: &Table) -> Estimate {
    if table.kind == TableKind::Partitioned {
        return Estimate { value: 0.0, basis: Basis::Constraint };
    }
    match table.statistics.size_bytes {
        Some(bytes) => Estimate { value: bytes, basis: Basis::Measured },
        None => {
            let pages = table_pages(table);
            Estimate { value: pages.value * BLOCK_SIZE, basis: pages.basis }
        }
    }
}

/// Average bytes of a row in the heap, line pointer included.
fn heap_tuple_bytes(table: &Table) -> f64 {
    let mut offset: f64 = 0.0;
    for column in table.stored.as_ref().unwrap_or(&table.columns) {
        let statistics = column.statistics.as_ref();
        let width = statistics
            .and_then(|statistics| statistics.avg_width)
            .unwrap_or_else(|| default_width(&column.data_type));
        let present = 1.0 - statistics.and_then(|s| s.null_frac).unwrap_or(0.0);
        // What is longer than 2 kB goes to the TOAST table and leaves a pointer of 18 bytes.
        let stored = if width > 2000.0 { 18.0 } else { width };
        offset = align(offset, alignment(&column.data_type)) + stored * present;
    }
    align(offset, 8.0) + HEAP_TUPLE_OVERHEAD
}

/// Rounds `offset` up to a multiple of `to`.
fn align(offset: f64, to: f64) -> f64 {
    (offset / to).ceil() * to
}

/// Size of an index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndexSize {
    /// Entries.
    pub tuples: f64,
    /// Pages.
    pub pages: f64,
    /// Levels above the leaves.
    pub tree_height: f64,
    /// Where the pages come from.
    pub basis: Basis,
}

/// Size of an index, exported or computed as CREATE INDEX would build it. `selectivity` is the part
/// of the rows that its predicate keeps (1 without one).
pub fn index_size(table: &Table, index: &Index, selectivity: f64) -> IndexSize {
    let rows = table_rows(table);
    let tuples = match index.statistics.reltuples {
        Some(tuples) if tuples >= 0.0 => tuples,
        _ => libm::rint((rows.value * selectivity).max(0.0)),
    };
    let given = index.statistics.relpages.or(index.statistics.size_bytes.map(|b| b / BLOCK_SIZE));
    if let Some(pages) = given.filter(|pages| *pages > 0.0) {
        let tree_height = index.statistics.tree_height.unwrap_or_else(|| match index.method {
            Method::Btree => tree_size(table, index, tuples).height,
            _ => 0.0,
        });
        return IndexSize { tuples, pages, tree_height, basis: Basis::Measured };
    }
    let (pages, tree_height) = match index.method {
        Method::Brin => ((table_pages(table).value / 128.0 / 200.0).ceil() + 3.0, 0.0),
        Method::Gin | Method::Fulltext => ((table_pages(table).value * 0.3).ceil() + 2.0, 0.0),
        Method::Hash => (hash_pages(tuples), 0.0),
        _ => {
            let tree = tree_size(table, index, tuples);
            (tree.pages, tree.height)
        }
    };
    IndexSize { tuples, pages, tree_height, basis: rows.basis }
}

/// Pages of a hash index: buckets of 307 entries, in quarters of a power of two, and two more.
fn hash_pages(tuples: f64) -> f64 {
    let wanted = (tuples / 307.0).max(2.0);
    let power = libm::exp2(libm::floor(libm::log2(wanted)));
    let quarters = ((wanted / power - 1.0) * 4.0).ceil();
    power * (1.0 + quarters / 4.0) + 2.0
}

/// Bytes of an index, existing or proposed; a partial one counts as whole where the part is unknown.
pub fn index_bytes(table: &Table, index: &Index) -> Estimate {
    let size = index_size(table, index, super::selectivity::predicate_selectivity(table, index));
    Estimate { value: size.pages * BLOCK_SIZE, basis: size.basis }
}
