//! Which candidates together are worth it, for the whole workload: the set with the lowest objective
//! within the budget, out of those that growing and shrinking found ([`front`](super::front)), then
//! improved ([`improve`](super::improve)).
//!
//! Objective: cost of all queries weighted by calls, plus the cost of keeping the new indexes up to
//! date with the workload's writes.

use crate::sorted::SortedSet;

use super::bound::bound;
use super::candidate::{Candidate, is_covered_by, same_keys, same_predicate};
use super::decided::Decided;
use super::focus::focus;
use super::front::{Front, front};
use super::grow::prefixes;
use super::improve::improve;
use super::whatif::{Set, WhatIf};
use super::writes::{Writes, write_cost};
use crate::catalog::{Catalog, Table};
use crate::estimate::selectivity::predicate_selectivity;
use crate::estimate::size::{BLOCK_SIZE, table_bytes};
use crate::input::{Budget, Options};
use crate::limits;
use crate::plan::parts::whole_index_bytes;
use crate::workload::Workload;

/// A gain below this part of the remaining cost of the whole workload is noise, where calls are
/// measured.
const GAIN_MIN: f64 = 0.0005;

/// At least one query must get cheaper by this part of its cost, and by more than a random page and
/// its rows a call.
pub const QUERY_GAIN_MIN: f64 = 0.1;
/// These units: a random page and its rows.
pub const QUERY_UNITS_MIN: f64 = 4.2;

/// Indexes as large as all tables must take about 40 % off what the workload still costs; see
/// [`Selector::score`].
const PRICE: f64 = 0.5;

/// The same under a budget, which says what may be spent: 10 %.
const SPENT_PRICE: f64 = 0.1;

/// Smaller databases pay for size as this one does: pages cost nobody anything there.
const HEAP_BYTES_MIN: f64 = 128.0 * BLOCK_SIZE;

/// What is left of the cost of a workload that is done with.
const DONE: f64 = 0.01;

/// Two costs this close are equal, so that the smaller index wins.
pub const NEARLY: f64 = 1.02;

/// What was chosen.
pub struct Selection {
    /// Positions of the chosen candidates.
    pub chosen: Set,
    /// What other budgets would buy.
    pub front: Front,
    /// Cost of the workload with risk and writes, in planner units.
    pub objective: f64,
    /// No set of candidates within the budget, or without one of the same size, has a lower one.
    pub bound: f64,
}

/// What selection works on.
pub struct Selector<'w, 'a> {
    /// Costs.
    pub whatif: &'w mut WhatIf<'a>,
    /// The budget.
    pub budget_bytes: Option<f64>,
    max_indexes: usize,
    /// Most keys.
    pub width_max: usize,
    /// Whether calls are measured.
    pub calls_measured: bool,
    /// Price of size, see [`Selector::score`].
    pub price: f64,
    /// Size of all tables.
    heap_bytes: f64,
    /// What of the cost today counts as still there, see [`DONE`].
    done: f64,
    /// What was decided before.
    pub decided: &'w Decided,
    /// The set that was asked for last, with the cost of all calls of each query: the next one mostly
    /// differs in a member or two, which few queries feel.
    last: (Set, Vec<f64>),
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
pub fn select(
    whatif: &mut WhatIf<'_>,
    workload: &Workload,
    options: &Options,
    decided: &Decided,
) -> Selection {
    let catalog = whatif.catalog;
    let budget_bytes = budget_bytes(catalog, options);
    let mut selector = Selector {
        budget_bytes: None,
        max_indexes: options.max_indexes.unwrap_or(usize::MAX),
        width_max: options.max_width.unwrap_or(limits::INDEX_WIDTH_MAX),
        calls_measured: workload.entries.iter().any(|entry| entry.calls_measured),
        price: 0.0,
        heap_bytes: heap_bytes(catalog).max(HEAP_BYTES_MIN),
        done: DONE * whatif.base_cost(),
        decided,
        last: (Set::new(), Vec::new()),
        whatif,
    };
    let moves = selector.moves();
    let mut front = selector.front(&moves);
    selector.budget_bytes = budget_bytes;
    selector.price = if budget_bytes.is_some() { SPENT_PRICE } else { PRICE };
    let start = front.best(&selector);
    let chosen = climb(&mut selector, start, &moves);
    front.insert(&mut selector, &chosen);
    let size_bytes = budget_bytes.unwrap_or_else(|| selector.size(&chosen));
    let bound = bound(&mut selector, &moves, size_bytes);
    Selection { objective: selector.objective(&chosen), chosen, front, bound }
}

/// Improves a set, adds to it what is worth it, and again, until its score stays.
fn climb(selector: &mut Selector<'_, '_>, start: Set, moves: &[Set]) -> Set {
    let mut best = start.clone();
    improve(selector, &mut best, moves);
    for _ in 0..limits::IMPROVEMENT_ROUNDS_MAX {
        let mut found = best.clone();
        for from in [&best, &start] {
            for set in prefixes(selector, from, moves) {
                if selector.score(&set) < selector.score(&found) {
                    found = set;
                }
            }
        }
        improve(selector, &mut found, moves);
        if selector.score(&found) >= selector.score(&best) {
            break;
        }
        best = found;
    }
    best
}

impl Selector<'_, '_> {
    /// Size and write cost of a candidate.
    pub fn bill(&mut self, at: usize) -> (f64, f64) {
        let WhatIf { catalog, candidates, ledger, .. } = &mut *self.whatif;
        let unknown = candidates.get(ledger.bills.len()..).unwrap_or_default();
        let bills = unknown.iter().map(|candidate| bill_of(catalog, candidate, &ledger.writes));
        ledger.bills.extend(bills);
        ledger.bills.get(at).copied().unwrap_or((0.0, 0.0))
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
        self.cost_queries(set);
        let writes: f64 = set.iter().map(|at| self.bill(*at).1).sum();
        self.last.1.iter().sum::<f64>() + writes
    }

    /// Brings `last` to a set.
    fn cost_queries(&mut self, set: &Set) {
        let (before, mut costs) = std::mem::take(&mut self.last);
        let n_queries = self.whatif.queries.len();
        let changed: Vec<usize> = match costs.len() == n_queries {
            true => {
                let changed = before.symmetric_difference(set).copied().collect();
                self.affected(&changed).into_iter().collect()
            }
            false => (0..n_queries).collect(),
        };
        costs.resize(n_queries, 0.0);
        for query in changed {
            if let Some(cost) = costs.get_mut(query) {
                *cost = self.query_cost(query, set);
            }
        }
        self.last = (set.clone(), costs);
    }

    /// What a step saves, if it is allowed and more than noise.
    pub fn gain(&mut self, chosen: &Set, step: &Set, current: f64) -> Option<f64> {
        let new: Set = step.difference(chosen).copied().collect();
        let with: Set = chosen.union(step).copied().collect();
        if new.is_empty() || with.len() > self.max_indexes || !self.is_allowed(&new) {
            return None;
        }
        if self.budget_bytes.is_some_and(|budget| self.size(&with) > budget) {
            return None;
        }
        let mut gain = -new.iter().map(|at| self.bill(*at).1).sum::<f64>();
        let mut helps = false;
        for query in self.affected(&new) {
            let before = self.whatif.risked_cost(query, chosen);
            let after = self.whatif.risked_cost(query, &with);
            if after < before {
                let calls = self.whatif.queries.get(query).map_or(0.0, |q| q.entry.calls);
                gain += calls * (before - after);
                helps |= is_gain(before, after);
            }
        }
        let is_worth = helps && gain > 0.0 && (!self.calls_measured || gain >= GAIN_MIN * current);
        is_worth.then_some(gain)
    }

    /// The steps worth trying, each known from the review before where there was one.
    fn moves(&mut self) -> Vec<Set> {
        let n = self.whatif.candidates.len();
        let sizes: Vec<f64> = (0..n).map(|at| self.bill(at).0).collect();
        let known = self.whatif.moves.take();
        let moves = known.unwrap_or_else(|| focus(self.whatif, &sizes));
        self.whatif.moves = Some(moves.clone());
        moves.into_iter().filter(|step| self.is_allowed(step)).collect()
    }

    /// The front; the one of the review before where only the budget is another.
    fn front(&mut self, moves: &[Set]) -> Front {
        if let Some((decided, max_indexes, known)) = &self.whatif.front
            && decided == self.decided
            && *max_indexes == self.max_indexes
        {
            return known.clone();
        }
        let found = front(self, moves);
        self.whatif.front = Some((self.decided.clone(), self.max_indexes, found.clone()));
        found
    }

    /// Is none of them decided against? What adds INCLUDE columns to such an index is no news.
    pub fn is_allowed(&self, set: &Set) -> bool {
        let candidates = &self.whatif.candidates;
        set.iter().filter_map(|at| candidates.get(*at)).all(|one| {
            let refused = self.decided.refused.iter().filter_map(|at| candidates.get(*at));
            !refused.into_iter().any(|no| {
                let n = no.index.keys.len();
                no.table == one.table
                    && n == one.index.keys.len()
                    && same_keys(&no.index.keys, &one.index.keys, n)
                    && same_predicate(&no.index.predicate, &one.index.predicate)
                    && is_covered_by(&no.index, &one.index)
            })
        })
    }

    /// What is lowest for the best set: the logarithm of the objective, plus the price of the size in
    /// sizes of all tables. So each further index must take a part off what the workload still costs;
    /// [`DONE`] of what it cost at first counts as still there, or the last crumbs would count as much as
    /// the loaf.
    pub fn score(&mut self, set: &Set) -> f64 {
        let (objective, size) = (self.objective(set), self.size(set));
        self.score_of(objective, size)
    }

    /// The score of a set of which these are known.
    pub fn score_of(&self, objective: f64, size_bytes: f64) -> f64 {
        let size = size_bytes / self.heap_bytes;
        libm::log((objective + self.done).max(f64::MIN_POSITIVE)) + self.price * size
    }

    /// The members that may be exchanged or dropped: nobody has accepted them.
    pub fn free(&self, set: &Set) -> Vec<usize> {
        set.difference(&self.decided.accepted).copied().collect()
    }

    /// What changes in the objective from one set to another.
    pub fn change(&mut self, from: &Set, to: &Set) -> f64 {
        let changed: Set = from.symmetric_difference(to).copied().collect();
        let mut change = 0.0;
        for at in &changed {
            let bill = self.bill(*at).1;
            change += if to.contains(at) { bill } else { -bill };
        }
        for query in self.affected(&changed) {
            change += self.query_cost(query, to) - self.query_cost(query, from);
        }
        change
    }

    /// The queries that any of the candidates could do something for.
    pub fn affected(&self, candidates: &Set) -> SortedSet<usize> {
        candidates.iter().filter_map(|at| self.whatif.serves.get(*at)).flatten().copied().collect()
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
    let none = Writes::default();
    let writes = writes.get(candidate.table).unwrap_or(&none);
    let kept = kept_rows(table, candidate);
    (bytes, write_cost(catalog, table, &candidate.index, kept, writes))
}

/// The part of the rows that the candidate holds.
fn kept_rows(table: &Table, candidate: &Candidate) -> f64 {
    predicate_selectivity(table, &candidate.index)
}
