//! An index on a partitioned table, which every partition has a part of: what PostgreSQL would build for
//! one that is only thought of.

use std::borrow::Cow;

use crate::catalog::{Catalog, Index, Table};
use crate::estimate::size::index_bytes;
use crate::plan::Configuration;
use crate::sql::expr::Expr;
use crate::sql::schema::{KeyPart, TableKind};

/// Partitions within partitions that are still looked into.
const PARTITION_DEPTH_MAX: usize = 16;

/// The index with its table, and its parts with the partitions, of all levels. A part goes by the name of
/// the whole.
pub fn parts_of_index<'a>(
    catalog: &Catalog,
    table: usize,
    index: &'a Index,
) -> Vec<(usize, Cow<'a, Index>)> {
    let mut out = vec![(table, Cow::Borrowed(index))];
    add_parts(catalog, table, index, PARTITION_DEPTH_MAX, &mut out);
    out
}

/// What exists, and these indexes.
pub fn with_indexes<'a>(
    catalog: &'a Catalog,
    indexes: impl IntoIterator<Item = &'a (usize, Index)>,
) -> Configuration<'a> {
    let parts = indexes.into_iter().flat_map(|(at, index)| parts_of_index(catalog, *at, index));
    Configuration { added: parts.collect(), ..Configuration::existing(catalog) }
}

/// An existing index, by table and position, and its parts: what goes when it goes.
pub fn existing_parts(catalog: &Catalog, place: (usize, usize)) -> Vec<(usize, usize)> {
    let index_at = |(table, at): (usize, usize)| catalog.tables.get(table)?.indexes.get(at);
    let mut out = vec![place];
    let mut done = 0;
    while let Some(whole) = out.get(done).copied() {
        done += 1;
        let Some(name) = index_at(whole).map(|index| &index.name) else { continue };
        for (table, below) in catalog.tables.iter().enumerate() {
            if below.parent == Some(whole.0) {
                let own = below.indexes.iter().position(|one| one.parent.as_ref() == Some(name));
                out.extend(own.map(|at| (table, at)).filter(|part| !out.contains(part)));
            }
        }
    }
    out
}

fn add_parts(
    catalog: &Catalog,
    table: usize,
    index: &Index,
    depth: usize,
    out: &mut Vec<(usize, Cow<'_, Index>)>,
) {
    let Some(above) = catalog.tables.get(table).filter(|table| is_partitioned(table)) else {
        return;
    };
    if depth == 0 || index.on_only {
        return;
    }
    for (at, below) in catalog.tables.iter().enumerate() {
        if below.parent == Some(table) {
            let part = part_of(above, below, index);
            add_parts(catalog, at, &part, depth - 1, out);
            out.push((at, Cow::Owned(part)));
        }
    }
}

fn is_partitioned(table: &Table) -> bool {
    table.kind == TableKind::Partitioned || table.partition_by.is_some()
}

/// The same index over the columns of the same names.
pub fn part_of(above: &Table, below: &Table, index: &Index) -> Index {
    let place = |column: usize| {
        let wanted = above.columns.get(column).map(|column| &column.name);
        let found = below.columns.iter().position(|own| Some(&own.name) == wanted);
        found.unwrap_or(column)
    };
    let mut part = Index { parent: Some(index.name.clone()), ..index.clone() };
    for key in &mut part.keys {
        match &mut key.part {
            KeyPart::Column(column) => *column = place(*column),
            KeyPart::Expr(expr, _) => move_columns(expr, &place),
        }
    }
    part.include.iter_mut().for_each(|column| *column = place(*column));
    if let Some(predicate) = &mut part.predicate {
        move_columns(predicate, &place);
    }
    part
}

fn move_columns(expr: &mut Expr, place: &dyn Fn(usize) -> usize) {
    if let Expr::Column(column) = expr
        && let Ok(moved) = u16::try_from(place(usize::from(column.column)))
    {
        column.column = moved;
    }
    expr.for_each_child_mut(&mut |part| move_columns(part, place));
}

/// Bytes of an index, of a partitioned table's those of its parts: it holds nothing itself.
pub fn whole_index_bytes(catalog: &Catalog, table: usize, index: &Index) -> f64 {
    let parts = parts_of_index(catalog, table, index);
    let has_parts = parts.len() > 1;
    let tables = parts.iter().filter_map(|(at, part)| Some((catalog.tables.get(*at)?, part)));
    let leaves = tables.filter(|(table, _)| !(has_parts && is_partitioned(table)));
    leaves.map(|(table, part)| index_bytes(table, part).value).sum()
}
