//! The covering variant of an index: what else the query reads goes in behind the keys, so that the
//! heap is not visited. INCLUDE in PostgreSQL; trailing keys elsewhere.

use super::asks::is_btree_type;
use super::candidate::column_key;
use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::estimate::column::column_info;
use crate::estimate::types::{TypeFamily, family};
use crate::limits;
use crate::plan::index_match::columns_to_read;
use crate::sql::expr::ColumnRef;
use crate::sql::schema::KeyPart;
use crate::workload::shape::Shape;

/// Bytes of all INCLUDE columns together, on average, above which the index is a second table.
const INCLUDE_BYTES_MAX: f64 = 400.0;

/// A value of so many bytes among those in the statistics, and longer ones are likely.
const SEEN_BYTES_MAX: usize = 1000;

/// The index with everything the shape reads, where that is narrow enough to be worth a thought.
pub fn covering_variant(
    catalog: &Catalog,
    table: &Table,
    shape: &Shape,
    index: &Index,
    width_max: usize,
) -> Option<Index> {
    if index.keys.iter().any(|key| matches!(key.part, KeyPart::Expr(..))) {
        return None;
    }
    let columns: Vec<usize> = missing_columns(catalog, table, shape, index)?;
    if columns.is_empty() || columns.len() > limits::INCLUDE_COLUMNS_MAX {
        return None;
    }
    if is_whole_table(table, shape) {
        return None;
    }
    let mut out = index.clone();
    match catalog.dialect {
        Dialect::Postgres => {
            let bytes: f64 = columns.iter().map(|column| column_info(table, *column).width).sum();
            if bytes > INCLUDE_BYTES_MAX || columns.iter().any(|column| is_risky(table, *column)) {
                return None;
            }
            out.include = columns;
        }
        _ => {
            let is_key = |column: &usize| is_plain_key(catalog.dialect, table, *column);
            if index.keys.len() + columns.len() > width_max || !columns.iter().all(is_key) {
                return None;
            }
            out.keys.extend(columns.into_iter().map(column_key));
        }
    }
    Some(out)
}

/// Could a value be so long that the index refuses the row, and so the INSERT? For a type without a
/// bound only what was seen of its values says that it is not likely.
fn is_risky(table: &Table, column: usize) -> bool {
    let Some(definition) = table.columns.get(column) else { return true };
    if !is_unbounded(&definition.data_type) {
        return false;
    }
    let Some(statistics) = &definition.statistics else { return true };
    let seen = statistics.most_common_vals.iter().chain(&statistics.histogram_bounds);
    statistics.avg_width.is_none()
        || seen.map(String::len).max().is_some_and(|longest| longest > SEEN_BYTES_MAX)
}

/// A type whose values may be longer than an index row.
pub fn is_unbounded(data_type: &str) -> bool {
    let declared = data_type.split(['(', ')']).nth(1).and_then(|n| n.parse::<usize>().ok());
    let is_text = family(data_type) == TypeFamily::Text && !data_type.starts_with("enum");
    (is_text && declared.is_none_or(|length| length > SEEN_BYTES_MAX))
        || ["json", "bytea", "xml"].iter().any(|name| data_type.starts_with(name))
        || data_type.ends_with("[]")
}

/// The columns read that neither the keys nor the dialect's hidden suffix hold.
fn missing_columns(
    catalog: &Catalog,
    table: &Table,
    shape: &Shape,
    index: &Index,
) -> Option<Vec<usize>> {
    let is_hidden = |column: usize| match catalog.dialect {
        Dialect::Postgres => false,
        Dialect::Sqlite if !table.without_rowid => table.rowid_column == Some(column),
        _ => table.indexes.iter().any(|index| {
            index.primary && index.keys.iter().any(|key| key.part == KeyPart::Column(column))
        }),
    };
    if shape.needed.iter().any(|column| ColumnRef::is_of_any_row(*column)) {
        return None;
    }
    let read = columns_to_read(shape, index.predicate.as_ref());
    let missing = read.into_iter().map(usize::from).filter(|column| {
        !is_hidden(*column)
            && !index
                .keys
                .iter()
                .any(|key| key.part == KeyPart::Column(*column) && key.prefix_length.is_none())
    });
    // What is checked comes before what is only carried.
    let (checked, carried): (Vec<usize>, Vec<usize>) = missing.partition(|column| {
        shape.predicates.iter().any(|predicate| {
            predicate.clause.columns().iter().any(|read| {
                usize::from(read.column) == *column && usize::from(read.relation) == shape.relation
            })
        })
    });
    Some(checked.into_iter().chain(carried).collect())
}

/// `SELECT *`: the index would be a copy of the table.
fn is_whole_table(table: &Table, shape: &Shape) -> bool {
    shape.needed.len() >= table.columns.len() && table.columns.len() > 1
}

fn is_plain_key(dialect: Dialect, table: &Table, column: usize) -> bool {
    let data_type = table.columns.get(column).map_or("", |column| column.data_type.as_str());
    match dialect {
        Dialect::Sqlite => true,
        _ => {
            !data_type.contains("text")
                && !data_type.contains("blob")
                && !data_type.starts_with("json")
                && is_btree_type(data_type)
        }
    }
}
