//! Which candidates together are worth it, for the whole workload. Greedy by benefit (by benefit per
//! byte under a budget), then pruned and improved: two indexes that one wider serves are merged, an
//! index that others make useless is dropped, one is exchanged for another of its table where that
//! is cheaper, or as cheap and smaller.
//!
//! Objective: cost of all queries weighted by calls, plus the cost of keeping the new indexes up to
//! date with the workload's writes.

use std::collections::BTreeSet;

use super::candidate::{Candidate, same_predicate};
use super::whatif::{Set, WhatIf};
use super::writes::{Writes, write_cost, writes_by_table};
use crate::catalog::{Catalog, Table};
use crate::estimate::selectivity::predicate_selectivity;
use crate::estimate::size::{index_bytes, table_bytes};
use crate::input::{Budget, Options};
use crate::limits;
use crate::sql::schema::Method;
use crate::workload::Workload;

/// A gain below this part of the remaining cost of the whole workload is noise.
const GAIN_MIN: f64 = 0.005;

/// At least one query must get cheaper by this part of its cost, and by so many units a call.
const QUERY_GAIN_MIN: f64 = 0.1;
const QUERY_UNITS_MIN: f64 = 2.0;

/// Growth must buy: the part of the remaining cost that an index saves is at least this times its
/// part of the size of all tables.
const GAIN_PER_SIZE: f64 = 0.1;

/// Two costs this close are equal, so that the smaller index wins.
const NEARLY: f64 = 1.02;

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
    /// Size of all tables.
    heap_bytes: f64,
    budget_bytes: Option<f64>,
    max_indexes: usize,
    width_max: usize,
    calls_measured: bool,
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
        heap_bytes: heap_bytes(catalog).max(1.0),
        budget_bytes: budget_bytes(catalog, options),
        max_indexes: options.max_indexes.unwrap_or(usize::MAX),
        width_max: options.max_width.unwrap_or(limits::INDEX_WIDTH_MAX),
        calls_measured: workload.entries.iter().any(|entry| entry.calls_measured),
        bills: Vec::new(),
        whatif,
    };
    let moves = selector.moves();
    let mut chosen = selector.greedy(&moves, false);
    if selector.budget_bytes.is_some() {
        let dense = selector.greedy(&moves, true);
        if selector.objective(&dense) < selector.objective(&chosen) {
            chosen = dense;
        }
    }
    selector.improve(&mut chosen, &moves);
    Selection { chosen, budget_bytes: selector.budget_bytes }
}

impl Selector<'_, '_> {
    /// Size and write cost of a candidate.
    fn bill(&mut self, at: usize) -> (f64, f64) {
        while self.bills.len() < self.whatif.candidates.len() {
            let candidate = self.whatif.candidates.get(self.bills.len());
            let bill = candidate.map_or((0.0, 0.0), |candidate| {
                bill_of(self.whatif.catalog, candidate, &self.writes)
            });
            self.bills.push(bill);
        }
        self.bills.get(at).copied().unwrap_or((0.0, 0.0))
    }

    fn size(&mut self, set: &Set) -> f64 {
        set.iter().map(|at| self.bill(*at).0).sum()
    }

    fn query_cost(&mut self, query: usize, set: &Set) -> f64 {
        let calls = self.whatif.queries.get(query).map_or(0.0, |costed| costed.entry.calls);
        calls * self.whatif.cost(query, set)
    }

    /// Cost of the whole workload with a set.
    fn objective(&mut self, set: &Set) -> f64 {
        let queries: f64 =
            (0..self.whatif.queries.len()).map(|query| self.query_cost(query, set)).sum();
        let writes: f64 = set.iter().map(|at| self.bill(*at).1).sum();
        queries + writes
    }

    /// Steps worth trying: single candidates that help some query, and for each query all that its
    /// plan would use of everything (an OR needs an index for each arm, a join one for each side).
    fn moves(&mut self) -> Vec<Set> {
        let mut moves: BTreeSet<Set> = BTreeSet::new();
        for query in 0..self.whatif.queries.len() {
            let Some(costed) = self.whatif.queries.get(query) else { continue };
            let (base, useful) = (costed.base, costed.useful.clone());
            let all: Set = useful.iter().copied().collect();
            let best = self.whatif.cost(query, &all);
            if !is_gain(base, best) {
                continue;
            }
            let used = self.whatif.used(query, &all);
            let mut singles: Vec<(f64, usize)> = Vec::new();
            for at in useful.iter().take(limits::CANDIDATES_PER_QUERY_MAX) {
                let cost = self.whatif.cost(query, &Set::from([*at]));
                if is_gain(base, cost) {
                    singles.push((cost, *at));
                }
            }
            moves.extend(singles.iter().map(|(_, at)| Set::from([*at])));
            moves.extend(used.iter().map(|at| Set::from([*at])));
            if used.len() > 1 {
                moves.insert(used);
            }
        }
        moves.into_iter().collect()
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
                if best.is_none_or(|(known, with)| {
                    self.is_better(score, step, known, moves.get(with), per_byte)
                }) {
                    best = Some((score, at));
                }
            }
            let Some(step) = best.and_then(|(_, at)| moves.get(at)) else { return chosen };
            chosen.extend(step);
            current = self.objective(&chosen);
        }
    }

    /// More gain, or nearly the same with fewer bytes.
    fn is_better(
        &mut self,
        score: f64,
        step: &Set,
        known: f64,
        with: Option<&Set>,
        per_byte: bool,
    ) -> bool {
        let Some(with) = with else { return true };
        if per_byte || score > known * NEARLY || known > score * NEARLY {
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
    fn gain(&mut self, chosen: &Set, step: &Set, current: f64) -> Option<f64> {
        let new: Set = step.difference(chosen).copied().collect();
        let with: Set = chosen.union(step).copied().collect();
        if new.is_empty() || with.len() > self.max_indexes {
            return None;
        }
        let bytes = self.size(&new);
        if self.budget_bytes.is_some_and(|budget| self.size(&with) > budget) {
            return None;
        }
        let affected = self.affected(&new);
        let mut gain = -new.iter().map(|at| self.bill(*at).1).sum::<f64>();
        let mut helps = false;
        for query in affected {
            gain += self.query_cost(query, chosen) - self.query_cost(query, &with);
            helps |= is_gain(self.whatif.cost(query, chosen), self.whatif.cost(query, &with));
        }
        let is_worth = gain > 0.0
            && helps
            && (!self.calls_measured
                || (gain >= GAIN_MIN * current
                    && gain / current >= GAIN_PER_SIZE * bytes / self.heap_bytes));
        is_worth.then_some(gain)
    }

    /// The queries that any of the candidates could do something for.
    fn affected(&self, candidates: &Set) -> BTreeSet<usize> {
        candidates.iter().filter_map(|at| self.whatif.serves.get(*at)).flatten().copied().collect()
    }

    /// Exchanges, merges and drops until nothing changes.
    fn improve(&mut self, chosen: &mut Set, moves: &[Set]) {
        for _ in 0..limits::IMPROVEMENT_ROUNDS_MAX {
            let before = chosen.clone();
            self.drop_useless(chosen);
            self.merge(chosen);
            self.exchange(chosen, moves);
            if *chosen == before {
                return;
            }
        }
        self.drop_useless(chosen);
    }

    /// Drops what no plan uses, and what the others make worth less than noise; the largest first.
    fn drop_useless(&mut self, chosen: &mut Set) {
        loop {
            let members: Vec<usize> = chosen.iter().copied().collect();
            let sizes: Vec<f64> = members.iter().map(|at| self.bill(*at).0).collect();
            let mut by_size: Vec<(f64, usize)> = sizes.into_iter().zip(members).collect();
            by_size.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let members: Vec<usize> = by_size.into_iter().map(|(_, at)| at).collect();
            let useless = members.into_iter().find(|at| {
                let mut without = chosen.clone();
                without.remove(at);
                let current = self.objective(&without);
                self.gain(&without, &Set::from([*at]), current).is_none()
            });
            match useless {
                Some(at) => chosen.remove(&at),
                None => return,
            };
        }
    }

    /// Replaces two indexes of a table by one that begins with the keys of the first and goes on with
    /// those of the second, where that costs the queries nothing to speak of.
    fn merge(&mut self, chosen: &mut Set) {
        let members: Vec<usize> = chosen.iter().copied().collect();
        for a in &members {
            for b in &members {
                if a == b || !chosen.contains(a) || !chosen.contains(b) {
                    continue;
                }
                let Some(merged) = self.merged(*a, *b) else { continue };
                let at = self.whatif.add(merged);
                let mut with = chosen.clone();
                with.remove(a);
                with.remove(b);
                with.insert(at);
                let current = self.objective(chosen);
                if self.size(&with) < self.size(chosen)
                    && self.objective(&with) <= current * NEARLY
                    && self.no_query_suffers(chosen, &with)
                {
                    *chosen = with;
                }
            }
        }
    }

    fn merged(&self, a: usize, b: usize) -> Option<Candidate> {
        let (a, b) = (self.whatif.candidates.get(a)?, self.whatif.candidates.get(b)?);
        let fits = a.table == b.table
            && a.index.method == Method::Btree
            && b.index.method == Method::Btree
            && same_predicate(&a.index.predicate, &b.index.predicate);
        if !fits {
            return None;
        }
        let mut index = a.index.clone();
        index.keys.extend(b.index.keys.iter().cloned());
        super::asks::drop_repeated(&mut index.keys);
        let is_key = |column: &usize| {
            index.keys.iter().any(|key| key.part == crate::sql::schema::KeyPart::Column(*column))
        };
        let all: BTreeSet<usize> =
            a.index.include.iter().chain(&b.index.include).copied().collect();
        index.include = all.into_iter().filter(|column| !is_key(column)).collect();
        let is_narrow = index.keys.len() <= self.width_max
            && index.include.len() <= limits::INCLUDE_COLUMNS_MAX;
        is_narrow.then_some(Candidate { table: a.table, index, is_ordered: a.is_ordered })
    }

    fn no_query_suffers(&mut self, before: &Set, after: &Set) -> bool {
        let changed: Set = before.symmetric_difference(after).copied().collect();
        self.affected(&changed).into_iter().all(|query| {
            let (was, is) = (self.whatif.cost(query, before), self.whatif.cost(query, after));
            is <= was * (1.0 + QUERY_GAIN_MIN) + QUERY_UNITS_MIN
        })
    }

    /// Exchanges one index for another of the same table: cheaper, or as cheap and smaller.
    fn exchange(&mut self, chosen: &mut Set, moves: &[Set]) {
        let members: Vec<usize> = chosen.iter().copied().collect();
        for old in members {
            let table = self.whatif.candidates.get(old).map(|candidate| candidate.table);
            let mut current = self.objective(chosen);
            let mut holds = old;
            for new in moves.iter().filter(|step| step.len() == 1).flatten() {
                let same_table = self.whatif.candidates.get(*new).map(|c| c.table) == table;
                if !same_table || chosen.contains(new) {
                    continue;
                }
                let mut with = chosen.clone();
                with.remove(&holds);
                with.insert(*new);
                if self.budget_bytes.is_some_and(|budget| self.size(&with) > budget) {
                    continue;
                }
                let objective = self.objective(&with);
                let smaller = self.bill(*new).0 < 0.8 * self.bill(holds).0;
                let larger = self.bill(*new).0 > 1.25 * self.bill(holds).0;
                let is_better = match (smaller, larger) {
                    (true, _) => objective <= current * NEARLY,
                    (_, true) => objective * 1.1 <= current,
                    _ => objective * 1.005 <= current,
                };
                if is_better {
                    *chosen = with;
                    (current, holds) = (objective, *new);
                }
            }
        }
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

/// Cheaper by more than noise.
pub fn is_gain(before: f64, after: f64) -> bool {
    before - after >= QUERY_UNITS_MIN && after <= before * (1.0 - QUERY_GAIN_MIN)
}

fn bill_of(catalog: &Catalog, candidate: &Candidate, writes: &[Writes]) -> (f64, f64) {
    let Some(table) = catalog.tables.get(candidate.table) else { return (0.0, 0.0) };
    let bytes = index_bytes(table, &candidate.index).value;
    let writes = writes.get(candidate.table).cloned().unwrap_or_default();
    let kept = kept_rows(table, candidate);
    (bytes, write_cost(catalog, table, &candidate.index, kept, &writes))
}

/// The part of the rows that the candidate holds.
fn kept_rows(table: &Table, candidate: &Candidate) -> f64 {
    predicate_selectivity(table, &candidate.index)
}
