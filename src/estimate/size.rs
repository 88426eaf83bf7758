//! Rows, pages and bytes of tables and indexes.

use super::types::{alignment, default_width, is_fixed_width};
use super::{Basis, Estimate};
use crate::catalog::{Index, Table};
use crate::read::statistics::Origin;
use crate::sql::schema::{KeyPart, Method, TableKind};

/// Bytes of a page.
pub const BLOCK_SIZE: f64 = 8192.0;

/// Rows assumed of a table nothing is said about: enough that a good index pays, as in the tables
/// that reviews are held about. Always shown as a default.
pub const DEFAULT_ROWS: f64 = 100_000.0;

/// Page header of a heap page, and what a heap tuple costs besides its columns (header 23 bytes,
/// aligned to 24, and the line pointer of 4).
const HEAP_PAGE_HEADER: f64 = 24.0;
const HEAP_TUPLE_OVERHEAD: f64 = 28.0;

/// Usable bytes of a B-tree leaf: page header 24, special space 16, filled to 90 %.
const LEAF_BYTES: f64 = (BLOCK_SIZE - 40.0) * 0.9;

/// Index tuple header (8) and line pointer (4).
const INDEX_TUPLE_HEADER: f64 = 8.0;
const LINE_POINTER: f64 = 4.0;

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
    let fill = table.statistics.fillfactor.unwrap_or(100.0) / 100.0;
    let per_page = ((BLOCK_SIZE - HEAP_PAGE_HEADER) * fill / heap_tuple_bytes(table)).floor();
    let pages = (rows.value / per_page.max(1.0)).ceil().max(1.0);
    Estimate { value: pages, basis: rows.basis }
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
    for column in &table.columns {
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

/// Size of an index, exported or computed. `selectivity` is the part of the rows that its predicate
/// keeps (1 without one).
///
/// B-tree leaves: a tuple is a header of 8 bytes, the keys aligned, rounded up to 8, and a line
/// pointer of 4; leaves are filled to 90 %. PostgreSQL 13 and later keep equal keys once with a
/// posting list of 6 bytes a row (`nbtdedup.c`), unless the index is unique or has INCLUDE columns.
/// Inner pages add the fan-out's geometric series.
pub fn index_size(table: &Table, index: &Index, selectivity: f64) -> IndexSize {
    let rows = table_rows(table);
    let tuples = match index.statistics.reltuples {
        Some(tuples) if tuples >= 0.0 => tuples,
        _ => (rows.value * selectivity).max(0.0),
    };
    let given = index.statistics.relpages.or(index.statistics.size_bytes.map(|b| b / BLOCK_SIZE));
    if let Some(pages) = given.filter(|pages| *pages > 0.0) {
        let tree_height = index.statistics.tree_height.unwrap_or_else(|| height(pages));
        return IndexSize { tuples, pages, tree_height, basis: Basis::Measured };
    }
    let pages = match index.method {
        Method::Brin => (table_pages(table).value / 128.0 / 200.0).ceil() + 3.0,
        Method::Gin | Method::Fulltext => (table_pages(table).value * 0.3).ceil() + 2.0,
        _ => btree_pages(table, index, tuples),
    };
    IndexSize { tuples, pages, tree_height: height(pages), basis: rows.basis }
}

fn btree_pages(table: &Table, index: &Index, tuples: f64) -> f64 {
    let key = key_bytes(table, index);
    let plain = INDEX_TUPLE_HEADER + align(key, 8.0) + LINE_POINTER;
    let mut leaf_bytes = tuples * plain;
    let distinct = distinct_keys(table, index, tuples);
    if !index.unique && index.include.is_empty() && distinct < tuples {
        // A posting list holds at most a third of a page.
        let per_key = tuples / distinct.max(1.0);
        let lists = distinct * (per_key * 6.0 / 2700.0).ceil().max(1.0);
        leaf_bytes = leaf_bytes.min(lists * plain + tuples * 6.0);
    }
    let leaves = (leaf_bytes / LEAF_BYTES).ceil().max(1.0);
    let fan_out = ((BLOCK_SIZE - 40.0) * 0.7 / plain).floor().max(2.0);
    let mut pages = leaves + 1.0;
    let mut level = leaves;
    while level > 1.0 {
        level = (level / fan_out).ceil();
        pages += level;
    }
    pages
}

/// Bytes of an entry's keys and INCLUDE columns, aligned to each other.
fn key_bytes(table: &Table, index: &Index) -> f64 {
    let keys = index.keys.iter().map(|key| match key.part {
        KeyPart::Column(column) => Some(column),
        KeyPart::Expr(..) => None,
    });
    let mut offset: f64 = 0.0;
    for column in keys.chain(index.include.iter().map(|column| Some(*column))) {
        let definition = column.and_then(|column| table.columns.get(column));
        let data_type = definition.map_or("text", |column| column.data_type.as_str());
        let statistics = definition.and_then(|column| column.statistics.as_ref());
        let width = statistics
            .and_then(|statistics| statistics.avg_width)
            .unwrap_or_else(|| default_width(data_type));
        // A NULL takes a bit in a bitmap that most entries do not have.
        let present = 1.0 - statistics.and_then(|s| s.null_frac).unwrap_or(0.0);
        let to = if is_fixed_width(data_type) { alignment(data_type) } else { 1.0 };
        offset = align(offset, to) + width * present;
    }
    offset
}

/// Distinct keys: the product of the columns' distinct counts, at most the entries.
fn distinct_keys(table: &Table, index: &Index, tuples: f64) -> f64 {
    let mut product: f64 = 1.0;
    for key in &index.keys {
        product *= match key.part {
            KeyPart::Column(column) => super::column::column_info(table, column).n_distinct,
            KeyPart::Expr(..) => tuples,
        };
    }
    product.min(tuples)
}

/// Levels above the leaves of a tree of so many pages, with a fan-out of about 300.
fn height(pages: f64) -> f64 {
    if pages <= 2.0 { 0.0 } else { (libm::log(pages) / libm::log(300.0)).ceil().max(1.0) }
}

/// Bytes of an index, existing or proposed; a partial one counts as whole where the part is unknown.
pub fn index_bytes(table: &Table, index: &Index) -> Estimate {
    let size = index_size(table, index, super::selectivity::predicate_selectivity(table, index));
    Estimate { value: size.pages * BLOCK_SIZE, basis: size.basis }
}
