//! Which candidates together are worth it, for the whole workload. Greedy by benefit (by benefit per
//! byte under a budget), then pruned and improved: two indexes that one wider serves are merged, an
//! index that others make useless is dropped, one is exchanged for another of its table where that
//! is cheaper, or as cheap and smaller.
//!
//! Objective: cost of all queries weighted by calls, plus the cost of keeping the new indexes up to
//! date with the workload's writes.

use std::collections::{BTreeMap, BTreeSet};

use super::candidate::Candidate;
use super::focus::focus;
use super::improve::improve;
use super::whatif::{Set, WhatIf};
use super::writes::{Writes, write_cost, writes_by_table};
use crate::catalog::{Catalog, Table};
use crate::estimate::selectivity::predicate_selectivity;
use crate::estimate::size::{BLOCK_SIZE, table_bytes};
use crate::input::{Budget, Options};
use crate::limits;
use crate::plan::parts::{indexed_pages, whole_index_bytes};
use crate::workload::Workload;

/// A gain below this part of the remaining cost of the whole workload is noise, where calls are
/// measured.
const GAIN_MIN: f64 = 0.0005;

/// At least one query must get cheaper by this part of its cost, and by more than a random page and
/// its rows a call.
pub const QUERY_GAIN_MIN: f64 = 0.1;
/// These units: a random page and its rows.
pub const QUERY_UNITS_MIN: f64 = 4.2;

/// Growth must buy: the part of its queries' cost that an index saves is at least this times its part
/// of the size of its table.
const GAIN_PER_SIZE: f64 = 0.2;

/// Two costs this close are equal, so that the smaller index wins.
pub const NEARLY: f64 = 1.02;

/// What was chosen.
pub struct Selection {
    /// Positions of the chosen candidates.
    pub chosen: Set,
    /// The budget in bytes.
    pub budget_bytes: Option<f64>,
}

/// What selection works on.
pub struct Selector<'w, 'a> {
    /// Costs.
    pub whatif: &'w mut WhatIf<'a>,
    writes: Vec<Writes>,
    /// The budget.
    pub budget_bytes: Option<f64>,
    max_indexes: usize,
    /// Most keys.
    pub width_max: usize,
    /// Whether calls are measured.
    pub calls_measured: bool,
    /// Size and write cost by candidate.
    bills: Vec<(f64, f64)>,
}

/// Size of all tables in bytes.
pub fn heap_bytes(catalog: &Catalog) -> f64 {
    catalog.tables.iter().map(|table| table_bytes(table).value).sum()
}

/// The budget in bytes, where one is set.
pub fn budget_bytes(catalog: &Catalog, options: &Options) -> Option<f64> {
    options.budget.map(|budget| match budget {
        Budget::Bytes(bytes) => bytes,
        Budget::Percent(percent) => heap_bytes(catalog) * percent / 100.0,
    })
}

/// Chooses among the candidates of `whatif`.
pub fn select(whatif: &mut WhatIf<'_>, workload: &Workload, options: &Options) -> Selection {
    let catalog = whatif.catalog;
    let mut selector = Selector {
        writes: writes_by_table(catalog, workload),
        budget_bytes: budget_bytes(catalog, options),
        max_indexes: options.max_indexes.unwrap_or(usize::MAX),
        width_max: options.max_width.unwrap_or(limits::INDEX_WIDTH_MAX),
        calls_measured: workload.entries.iter().any(|entry| entry.calls_measured),
        bills: Vec::new(),
        whatif,
    };
    let sizes: Vec<f64> =
        (0..selector.whatif.candidates.len()).map(|at| selector.bill(at).0).collect();
    let moves = focus(selector.whatif, &sizes);
    let mut chosen = selector.greedy(&moves, false);
    if selector.budget_bytes.is_some() {
        let dense = selector.greedy(&moves, true);
        if selector.objective(&dense) < selector.objective(&chosen) {
            chosen = dense;
        }
    }
    improve(&mut selector, &mut chosen, &moves);
    Selection { chosen, budget_bytes: selector.budget_bytes }
}

impl Selector<'_, '_> {
    /// Size and write cost of a candidate.
    pub fn bill(&mut self, at: usize) -> (f64, f64) {
        while self.bills.len() < self.whatif.candidates.len() {
            let candidate = self.whatif.candidates.get(self.bills.len());
            let bill = candidate.map_or((0.0, 0.0), |candidate| {
                bill_of(self.whatif.catalog, candidate, &self.writes)
            });
            self.bills.push(bill);
        }
        self.bills.get(at).copied().unwrap_or((0.0, 0.0))
    }

    /// Bytes of a set.
    pub fn size(&mut self, set: &Set) -> f64 {
        set.iter().map(|at| self.bill(*at).0).sum()
    }

    /// Cost of all calls of a query, with the risk.
    pub fn query_cost(&mut self, query: usize, set: &Set) -> f64 {
        let calls = self.whatif.queries.get(query).map_or(0.0, |costed| costed.entry.calls);
        calls * self.whatif.risked_cost(query, set)
    }

    /// Cost of the whole workload with a set.
    pub fn objective(&mut self, set: &Set) -> f64 {
        let queries: f64 =
            (0..self.whatif.queries.len()).map(|query| self.query_cost(query, set)).sum();
        let writes: f64 = set.iter().map(|at| self.bill(*at).1).sum();
        queries + writes
    }

    /// Adds the best move until none is worth it.
    fn greedy(&mut self, moves: &[Set], per_byte: bool) -> Set {
        let mut chosen = Set::new();
        let mut current = self.objective(&chosen);
        // Upper bounds: what a move gained when it was last looked at.
        let mut bounds: Vec<f64> = vec![f64::INFINITY; moves.len()];
        loop {
            let mut best: Option<(f64, usize)> = None;
            let mut order: Vec<usize> = (0..moves.len()).collect();
            order.sort_by(|a, b| bound(&bounds, *b).total_cmp(&bound(&bounds, *a)).then(a.cmp(b)));
            for at in order {
                let Some(step) = moves.get(at) else { continue };
                if best.is_some_and(|(score, _)| bound(&bounds, at) < score) {
                    break;
                }
                let Some(gain) = self.gain(&chosen, step, current) else {
                    set_bound(&mut bounds, at, 0.0);
                    continue;
                };
                let bytes = step.difference(&chosen).map(|at| self.bill(*at).0).sum::<f64>();
                let score = if per_byte { gain / bytes.max(8192.0) } else { gain };
                set_bound(&mut bounds, at, score);
                if best
                    .is_none_or(|(known, with)| self.is_better(score, step, known, moves.get(with)))
                {
                    best = Some((score, at));
                }
            }
            let Some(step) = best.and_then(|(_, at)| moves.get(at)) else { return chosen };
            chosen.extend(step);
            current = self.objective(&chosen);
        }
    }

    /// More gain, or nearly the same with fewer bytes.
    fn is_better(&mut self, score: f64, step: &Set, known: f64, with: Option<&Set>) -> bool {
        let Some(with) = with else { return true };
        if score > known * NEARLY || known > score * NEARLY {
            return score > known;
        }
        let sizes = (self.size(step), self.size(with));
        let widths = (self.width(step), self.width(with));
        (sizes.0, widths.0) < (sizes.1, widths.1)
    }

    fn width(&self, set: &Set) -> usize {
        let members = set.iter().filter_map(|at| self.whatif.candidates.get(*at));
        members.map(|candidate| candidate.index.keys.len() + candidate.index.include.len()).sum()
    }

    /// What a step saves, if it is allowed and more than noise.
    pub fn gain(&mut self, chosen: &Set, step: &Set, current: f64) -> Option<f64> {
        let new: Set = step.difference(chosen).copied().collect();
        let with: Set = chosen.union(step).copied().collect();
        if new.is_empty() || with.len() > self.max_indexes {
            return None;
        }
        let bytes = self.size(&new);
        if self.budget_bytes.is_some_and(|budget| self.size(&with) > budget) {
            return None;
        }
        let mut own = 0.0;
        let mut gain = -new.iter().map(|at| self.bill(*at).1).sum::<f64>();
        let mut helps = false;
        for query in self.affected(&new) {
            let before = self.whatif.risked_cost(query, chosen);
            let after = self.whatif.risked_cost(query, &with);
            if after < before {
                let calls = self.whatif.queries.get(query).map_or(0.0, |q| q.entry.calls);
                own += calls * before;
                gain += calls * (before - after);
                helps |= is_gain(before, after);
            }
        }
        let is_worth = helps
            && gain > 0.0
            && gain >= GAIN_PER_SIZE * own * bytes / self.table_bytes(&new)
            && (!self.calls_measured || gain >= GAIN_MIN * current);
        is_worth.then_some(gain)
    }

    /// Size of the tables of some candidates.
    fn table_bytes(&self, set: &Set) -> f64 {
        let members = set.iter().filter_map(|at| self.whatif.candidates.get(*at));
        let tables: BTreeMap<usize, &Candidate> =
            members.map(|candidate| (candidate.table, candidate)).collect();
        let pages = tables
            .into_iter()
            .map(|(table, candidate)| indexed_pages(self.whatif.catalog, table, &candidate.index));
        (pages.sum::<f64>() * BLOCK_SIZE).max(BLOCK_SIZE)
    }

    /// The queries that any of the candidates could do something for.
    pub fn affected(&self, candidates: &Set) -> BTreeSet<usize> {
        candidates.iter().filter_map(|at| self.whatif.serves.get(*at)).flatten().copied().collect()
    }
}

fn bound(bounds: &[f64], at: usize) -> f64 {
    bounds.get(at).copied().unwrap_or(0.0)
}

fn set_bound(bounds: &mut [f64], at: usize, value: f64) {
    if let Some(bound) = bounds.get_mut(at) {
        *bound = value;
    }
}

/// Dearer by more than noise.
pub fn is_loss(before: f64, after: f64) -> bool {
    after - before > QUERY_UNITS_MIN && after > before * (1.0 + QUERY_GAIN_MIN)
}

/// Cheaper by more than noise.
pub fn is_gain(before: f64, after: f64) -> bool {
    before - after >= QUERY_UNITS_MIN && after <= before * (1.0 - QUERY_GAIN_MIN)
}

fn bill_of(catalog: &Catalog, candidate: &Candidate, writes: &[Writes]) -> (f64, f64) {
    let Some(table) = catalog.tables.get(candidate.table) else { return (0.0, 0.0) };
    let bytes = whole_index_bytes(catalog, candidate.table, &candidate.index);
    let writes = writes.get(candidate.table).cloned().unwrap_or_default();
    let kept = kept_rows(table, candidate);
    (bytes, write_cost(catalog, table, &candidate.index, kept, &writes))
}

/// The part of the rows that the candidate holds.
fn kept_rows(table: &Table, candidate: &Candidate) -> f64 {
    predicate_selectivity(table, &candidate.index)
}
