//! Every index worth a thought: from the shapes of all blocks of all queries, key lists, and of each
//! its covering and partial variants; other access methods where the predicate calls for them. No
//! costs here: what is not worth it, selection leaves out.

use super::asks::Asker;
use super::candidate::{Candidate, exists, new_index, same_part, same_predicate, same_shape};
use super::covering::covering_variant;
use super::designs::{Designer, Sharing};
use super::inverted::inverted_candidates;
use super::partial::{Partial, partials};
use crate::catalog::{Catalog, Index, Table};
use crate::input::Options;
use crate::limits;
use crate::sql::schema::{IndexKey, Method, TableKind};
use crate::workload::shape::{Shape, blocks};
use crate::workload::{Entry, Workload};

/// The candidates of a workload, each once, none that exists.
pub fn candidates(catalog: &Catalog, workload: &Workload, options: &Options) -> Vec<Candidate> {
    let shapes: Vec<(&Entry, Vec<Shape>)> = workload.entries.iter().map(shapes_of_entry).collect();
    let mut sharing = Sharing::default();
    for (_, shapes) in &shapes {
        for shape in shapes {
            if let Some(table) = indexable_table(catalog, shape.table) {
                let asks = Asker { catalog, table }.asks(shape, None);
                sharing.count(shape.table, table, &asks, catalog.dialect);
            }
        }
    }
    let width_max = options.max_width.unwrap_or(limits::INDEX_WIDTH_MAX).max(1);
    let mut collector = Collector { catalog, width_max, sharing, found: Vec::new() };
    for (entry, shapes) in &shapes {
        for shape in shapes {
            collector.shape(entry, shape);
        }
    }
    collector.finish()
}

fn shapes_of_entry(entry: &Entry) -> (&Entry, Vec<Shape>) {
    let blocks = entry.query.iter().flat_map(blocks);
    (entry, blocks.flat_map(|block| block.shapes).collect())
}

/// A table that can be given an index.
pub fn indexable_table(catalog: &Catalog, at: usize) -> Option<&Table> {
    catalog.tables.get(at).filter(|table| {
        !matches!(table.kind, TableKind::Foreign | TableKind::Virtual) && !table.columns.is_empty()
    })
}

struct Collector<'a> {
    catalog: &'a Catalog,
    width_max: usize,
    sharing: Sharing,
    found: Vec<Candidate>,
}

impl Collector<'_> {
    fn shape(&mut self, entry: &Entry, shape: &Shape) {
        let catalog = self.catalog;
        let Some(table) = indexable_table(catalog, shape.table) else { return };
        self.designs(table, shape, None);
        for partial in partials(catalog, table, entry, shape) {
            self.designs(table, shape, Some(&partial));
        }
        for candidate in inverted_candidates(catalog, table, shape) {
            self.add(candidate);
        }
    }

    fn designs(&mut self, table: &Table, shape: &Shape, partial: Option<&Partial>) {
        let catalog = self.catalog;
        let asker = Asker { catalog, table };
        let asks = asker.asks(shape, partial.map(|partial| partial.position));
        let mut lists = {
            let designer = Designer {
                at: shape.table,
                table,
                dialect: catalog.dialect,
                sharing: &self.sharing,
                width_max: self.width_max,
            };
            designer.key_lists(&asks)
        };
        if let Some(partial) = partial
            && lists.is_empty()
        {
            lists.push(partial.fallback_keys.clone());
        }
        let predicate = partial.map(|partial| partial.predicate.clone());
        for keys in lists {
            let is_ordered = asks.orders.iter().any(|order| ends_with(&keys, order));
            let index = Index { predicate: predicate.clone(), ..new_index(Method::Btree, keys) };
            if let Some(index) = covering_variant(catalog, table, shape, &index, self.width_max) {
                self.add(Candidate { table: shape.table, index, is_ordered });
            }
            self.add(Candidate { table: shape.table, index, is_ordered });
        }
    }

    fn add(&mut self, candidate: Candidate) {
        let known = self.found.iter_mut().find(|known| known.is_same(&candidate));
        match known {
            Some(known) => known.is_ordered |= candidate.is_ordered,
            None if self.found.len() >= limits::CANDIDATES_MAX => {}
            None if exists(self.catalog, &candidate) => {}
            None => self.found.push(candidate),
        }
    }

    /// Of two that differ in direction only, the one that reads like an ORDER BY: behind equalities
    /// it serves the same ranges.
    fn finish(self) -> Vec<Candidate> {
        let ordered: Vec<Candidate> =
            self.found.iter().filter(|candidate| candidate.is_ordered).cloned().collect();
        let mut found = self.found;
        found.retain(|candidate| {
            candidate.is_ordered
                || !ordered.iter().any(|other| {
                    other.table == candidate.table
                        && !same_shape(&other.index, &candidate.index)
                        && same_but_direction(&other.index, &candidate.index)
                })
        });
        found
    }
}

fn ends_with(keys: &[IndexKey], order: &[IndexKey]) -> bool {
    keys.windows(order.len()).any(|window| window == order)
}

fn same_but_direction(a: &Index, b: &Index) -> bool {
    a.method == b.method
        && a.keys.len() == b.keys.len()
        && a.keys.iter().zip(&b.keys).all(|(x, y)| {
            same_part(&x.part, &y.part) && x.opclass == y.opclass && x.collation == y.collation
        })
        && same_predicate(&a.predicate, &b.predicate)
        && a.include == b.include
}
