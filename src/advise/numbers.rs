//! What a change of one index does by itself, beside what exists: the numbers that a decision rests on.
//! They do not depend on what else is suggested, so that those of one quarter compare with the next.

use super::Context;
use super::plans::Plans;
use super::trial::changed;
use super::writes::entry_cost;
use crate::catalog::build::hypothetical::IndexChange;
use crate::catalog::{Catalog, Index};
use crate::input::Numbers;
use crate::plan::Configuration;
use crate::plan::parts::whole_index_bytes;
use crate::workload::Entry;

/// A cost that differs by less than this part is the same.
const SAME: f64 = 1e-6;

/// The workload planned as things are.
pub struct Measure<'a> {
    existing: Configuration<'a>,
    /// The queries that could be planned, by position, with the cost of a call.
    planned: Vec<(usize, &'a Entry, f64)>,
    total: f64,
}

impl<'a> Measure<'a> {
    /// Plans every query that is not known yet.
    pub fn new(context: &Context<'a>, plans: &mut Plans) -> Measure<'a> {
        let existing = Configuration::existing(context.catalog);
        let mut planned = Vec::new();
        for (at, entry) in context.workload.entries.iter().enumerate() {
            if let Ok(plan) = plans.plan(&existing, at, entry) {
                planned.push((at, entry, plan.total_cost));
            }
        }
        let total = planned.iter().map(|(_, entry, cost)| entry.calls * cost).sum();
        Measure { existing, planned, total }
    }

    /// The numbers of a change; none if its table or index is not there.
    pub fn numbers(&self, plans: &mut Plans, change: &IndexChange) -> Option<Numbers> {
        let catalog = self.existing.catalog;
        let (on, index) = target(catalog, change)?;
        let table = catalog.tables.get(on)?;
        let with = changed(&self.existing, change);
        let (mut saved, mut calls) = (0.0, 0.0);
        for (at, entry, before) in &self.planned {
            let after = plans.plan(&with, *at, entry).map_or(*before, |plan| plan.total_cost);
            if (before - after).abs() > SAME * before.max(after) {
                saved += entry.calls * (before - after);
                calls += entry.calls;
            }
        }
        Some(Numbers {
            saving_percent: if self.total > 0.0 { 100.0 * saved / self.total } else { 0.0 },
            saving_per_call: if calls > 0.0 { saved / calls } else { 0.0 },
            calls,
            size_bytes: whole_index_bytes(catalog, on, index),
            write_cost: 1000.0 * entry_cost(catalog, table, index),
        })
    }
}

/// The table of a change, and its index.
fn target<'c>(catalog: &'c Catalog, change: &'c IndexChange) -> Option<(usize, &'c Index)> {
    match change {
        IndexChange::Create(table, index) => Some((*table, index)),
        IndexChange::Drop(table, at) => {
            Some((*table, catalog.tables.get(*table)?.indexes.get(*at)?))
        }
    }
}
