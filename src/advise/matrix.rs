//! The coverage matrix: what every index, existing or suggested, can do for every query. Pure
//! structure from index matching; the modelled planner only says which one it chose.

use serde::{Deserialize, Serialize};

use super::arms::served_shape;
use super::ddl::part_text;
use crate::catalog::{Catalog, Index, Table};
use crate::order;
use crate::plan::Configuration;
use crate::plan::index_match::{IndexMatch, NoMatch, match_index, wanted_order};
use crate::workload::Entry;
use crate::workload::shape::{Shape, blocks};

/// Queries by indexes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Matrix {
    /// Cells with something to say, by query, then index.
    pub cells: Vec<Cell>,
}

/// What an index can do for a query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Query id.
    pub query: String,
    /// Index name.
    pub index: String,
    /// Table of the index.
    pub table: String,
    /// Best thing it does.
    pub role: Role,
    /// Also delivers the order (no sort).
    pub sort_free: bool,
    /// Also covers (index-only).
    pub covering: bool,
    /// Chosen by the modelled planner, before or (for a suggested index) after.
    pub chosen: bool,
    /// Why, one sentence.
    pub reason: String,
}

/// What an index does for a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Every key that the query restricts on this table and the index has is a boundary.
    Seek,
    /// A prefix is a boundary, more keys only filter.
    PartialSeek,
    /// No boundary; its columns can filter inside the index.
    FilterOnly,
    /// No predicate, but it delivers the order.
    SortOnly,
    /// No predicate and no order, but it covers the query.
    Covering,
    /// Of no use.
    NotUsed,
}

/// The cells of one query: one for each index of each of its tables. `chosen` says whether the
/// modelled plan uses an index, by table and name.
pub fn cells_of_query(
    configuration: &Configuration<'_>,
    entry: &Entry,
    chosen: &dyn Fn(usize, &str) -> bool,
) -> Vec<Cell> {
    let Some(query) = &entry.query else { return Vec::new() };
    let catalog = configuration.catalog;
    let shapes: Vec<Shape> = blocks(query).into_iter().flat_map(|block| block.shapes).collect();
    let mut tables: Vec<usize> = shapes.iter().map(|shape| shape.table).collect();
    order::sort(&mut tables);
    tables.dedup();
    let mut cells = Vec::new();
    for at in tables {
        let Some(table) = catalog.tables.get(at) else { continue };
        let added = configuration.added.iter().filter(|(of, _)| *of == at);
        let added = added.map(|(_, index)| &**index);
        for index in table.indexes.iter().chain(added) {
            let own = shapes.iter().filter(|shape| shape.table == at);
            let judged = own.map(|shape| judge(catalog, table, shape, index));
            if let Some(best) = judged.min_by_key(|verdict| verdict.rank()) {
                cells.push(Cell {
                    query: entry.id.clone(),
                    index: index.name.clone(),
                    table: table.name.to_string(),
                    role: best.role,
                    sort_free: best.sort_free,
                    covering: best.covering,
                    chosen: chosen(at, &index.name),
                    reason: best.reason,
                });
            }
        }
    }
    cells
}

/// What an index can do for one relation of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Best thing it does.
    pub role: Role,
    /// Delivers the order.
    pub sort_free: bool,
    /// Holds all columns.
    pub covering: bool,
    /// Keys that bound the scan.
    pub n_bound: usize,
    /// One sentence.
    pub reason: String,
}

impl Verdict {
    fn rank(&self) -> (Role, bool, bool, std::cmp::Reverse<usize>) {
        (self.role, !self.covering, !self.sort_free, std::cmp::Reverse(self.n_bound))
    }
}

/// Judges an index for one relation of a query.
pub fn judge(catalog: &Catalog, table: &Table, shape: &Shape, index: &Index) -> Verdict {
    let found = match match_index(catalog, table, shape, index) {
        Ok(found) => found,
        Err(why) => {
            return arm_verdict(catalog, table, shape, index)
                .unwrap_or_else(|| not_used(catalog, table, shape, index, why));
        }
    };
    let bound = bound_keys(&found);
    let filtering = found.in_index.iter().map(|(key, _)| *key).max().is_some();
    let sort_free = found.order.is_some();
    let role = match (bound.is_empty(), filtering) {
        (false, false) => Role::Seek,
        (false, true) => Role::PartialSeek,
        (true, true) => Role::FilterOnly,
        (true, false) if sort_free || found.n_ordered > 0 => Role::SortOnly,
        (true, false) if found.is_covering => Role::Covering,
        (true, false) => Role::FilterOnly,
    };
    let reason = reason(catalog, table, index, &found);
    Verdict { role, sort_free, covering: found.is_covering, n_bound: bound.len(), reason }
}

/// An index that serves an arm of an OR.
fn arm_verdict(catalog: &Catalog, table: &Table, shape: &Shape, index: &Index) -> Option<Verdict> {
    let (_, found) = served_shape(catalog, table, shape, index)?;
    let n_bound = bound_keys(&found).len();
    let reason = format!("For one arm of the OR: {}", reason(catalog, table, index, &found));
    let role = if found.in_index.is_empty() { Role::Seek } else { Role::PartialSeek };
    Some(Verdict { role, sort_free: false, covering: false, n_bound, reason })
}

fn bound_keys(found: &IndexMatch) -> Vec<usize> {
    let mut keys: Vec<usize> = found.boundary.iter().map(|(key, _)| *key).collect();
    order::sort(&mut keys);
    keys.dedup();
    keys
}

fn not_used(
    catalog: &Catalog,
    table: &Table,
    shape: &Shape,
    index: &Index,
    why: NoMatch,
) -> Verdict {
    let reason = match why {
        NoMatch::Unusable => "The index is marked invalid or invisible: no plan uses it".to_owned(),
        NoMatch::Predicate => {
            let predicate = index.predicate_sql.as_deref().unwrap_or("its predicate");
            format!("The query does not imply the index predicate: {predicate}")
        }
        NoMatch::Nothing if shape.predicates.is_empty() && wanted_order(shape).is_empty() => {
            "The query reads every row and asks for no order".to_owned()
        }
        NoMatch::Nothing => match index.keys.first() {
            Some(key) => format!(
                "The query asks nothing that the keys could answer, first {}",
                part_text(table, &key.part, catalog.dialect)
            ),
            None => "The index has no keys".to_owned(),
        },
    };
    Verdict { role: Role::NotUsed, sort_free: false, covering: false, n_bound: 0, reason }
}

fn reason(catalog: &Catalog, table: &Table, index: &Index, found: &IndexMatch) -> String {
    let names = |keys: &[usize]| {
        let parts = keys.iter().filter_map(|key| index.keys.get(*key));
        let names: Vec<String> =
            parts.map(|key| part_text(table, &key.part, catalog.dialect)).collect();
        names.join(", ")
    };
    let bound = bound_keys(found);
    let mut filtering: Vec<usize> = found.in_index.iter().map(|(key, _)| *key).collect();
    order::sort(&mut filtering);
    filtering.dedup();
    filtering.retain(|key| !bound.contains(key));
    let mut says = Vec::new();
    if !bound.is_empty() {
        says.push(format!("seeks on {}", names(&bound)));
    }
    if !filtering.is_empty() {
        let why = match bound.is_empty() {
            true => "the first key is not asked for, so all entries are read",
            false => "a key before it is a range or not asked for",
        };
        says.push(format!("only filters on {}: {why}", names(&filtering)));
    }
    match found.order {
        Some(true) => says.push("delivers the order, read backward".to_owned()),
        Some(false) => says.push("delivers the order".to_owned()),
        None if found.n_ordered > 0 => {
            let keys = if found.n_ordered == 1 { "key" } else { "keys" };
            says.push(format!("delivers the first {} {keys} of the order", found.n_ordered));
        }
        None => {}
    }
    if found.is_covering {
        says.push("holds every column the query reads".to_owned());
    }
    if found.is_partial {
        says.push("its predicate holds for the query".to_owned());
    }
    let mut sentence = says.join("; ");
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    sentence
}
