//! Which queries of the workload an index is good for: the evidence for keeping or dropping it.

use crate::advise::Context;
use crate::catalog::{Index, Table};
use crate::plan::index_match::{IndexMatch, match_index};
use crate::workload::shape::{Shape, blocks};

/// What the workload asks of one table.
pub struct Needs<'a> {
    context: &'a Context<'a>,
    table: &'a Table,
    /// Query id, calls, shape.
    shapes: Vec<(String, f64, Shape)>,
}

/// A query that an index serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Served {
    /// Query id.
    pub query: String,
    /// Calls.
    pub calls: f64,
    /// What the index does for it.
    pub found: IndexMatch,
    /// Position of the shape, to compare two indexes for one and the same.
    shape: usize,
}

impl<'a> Needs<'a> {
    /// Collects what the workload asks of a table.
    pub fn of(context: &'a Context<'a>, table: usize) -> Option<Needs<'a>> {
        let mut shapes = Vec::new();
        for entry in &context.workload.entries {
            let Some(query) = &entry.query else { continue };
            for block in blocks(query) {
                let own = block.shapes.into_iter().filter(|shape| shape.table == table);
                shapes.extend(own.map(|shape| (entry.id.clone(), entry.calls, shape)));
            }
        }
        Some(Needs { context, table: context.catalog.tables.get(table)?, shapes })
    }

    /// The queries that an index can be searched or read in order for.
    pub fn served(&self, index: &Index) -> Vec<Served> {
        let served = self.shapes.iter().enumerate().filter_map(|(at, (query, calls, shape))| {
            let found = match_index(self.context.catalog, self.table, shape, index).ok()?;
            let helps = !found.boundary.is_empty() || found.order.is_some();
            let served = Served { query: query.clone(), calls: *calls, found, shape: at };
            helps.then_some(served)
        });
        served.collect()
    }

    /// What queries lose when `keeper` takes the place of `index`: query id and words.
    pub fn lost(&self, index: &Index, keeper: &Index) -> Vec<(String, &'static str)> {
        let mut lost = Vec::new();
        for served in self.served(index) {
            let Some((_, _, shape)) = self.shapes.get(served.shape) else { continue };
            let other = match_index(self.context.catalog, self.table, shape, keeper);
            let other = other.unwrap_or_default();
            if other.boundary.len() < served.found.boundary.len() {
                lost.push((served.query, "would search with fewer conditions"));
            } else if served.found.order.is_some() && other.order.is_none() {
                lost.push((served.query, "gets its rows in order from it and would sort"));
            } else if served.found.is_covering && !other.is_covering {
                lost.push((served.query, "is answered from it alone and would read the table"));
            }
        }
        lost
    }
}

/// Ids of queries, each once, in their order.
pub fn query_ids(served: &[Served]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for one in served {
        if !ids.contains(&one.query) {
            ids.push(one.query.clone());
        }
    }
    ids
}
