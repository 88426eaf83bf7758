//! What a greedy choice leaves to do: drop what others made useless, merge two indexes into one that
//! serves both, exchange one for a better, and take off what is carried for too little.

use crate::sorted::SortedSet;

use super::asks::drop_repeated;
use super::candidate::{Candidate, exists, same_keys, same_predicate};
use super::selection::{NEARLY, Selector, is_gain, is_loss};
use super::substitutes::substitutes;
use super::whatif::Set;
use crate::catalog::Index;
use crate::limits;
use crate::order;
use crate::sql::schema::{KeyPart, Method};

/// INCLUDE columns must save so many units a call of some query: five random pages. A lookup of one row
/// does not need them.
const COVERING_UNITS_MIN: f64 = 20.0;

/// And this part of its cost.
const COVERING_PART_MIN: f64 = 0.2;

/// Beside an index that begins with its keys, another one must save this part of a query's cost today.
const MISSED_PART_MIN: f64 = 0.01;

/// Scores this close are equal, so that fewer indexes win.
const SCORE_NEARLY: f64 = 0.005;

/// Improves a choice until nothing changes.
pub fn improve(selector: &mut Selector<'_, '_>, chosen: &mut Set, moves: &[Set]) {
    for _ in 0..limits::IMPROVEMENT_ROUNDS_MAX {
        let before = chosen.clone();
        drop_useless(selector, chosen);
        merge(selector, chosen);
        unite_same_keys(selector, chosen);
        exchange(selector, chosen, moves);
        narrow(selector, chosen);
        if *chosen == before {
            break;
        }
    }
    drop_useless(selector, chosen);
}

/// Drops what no plan uses, and what the others make worth less than noise; the largest first.
fn drop_useless(selector: &mut Selector<'_, '_>, chosen: &mut Set) {
    loop {
        let mut members: Vec<(f64, usize)> =
            selector.free(chosen).into_iter().map(|at| (selector.bill(at).0, at)).collect();
        order::sort_by(&mut members, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let enough = selector.score(chosen) + SCORE_NEARLY;
        let useless = members.into_iter().find(|(_, at)| {
            let mut without = chosen.clone();
            without.remove(at);
            let current = selector.objective(&without);
            selector.gain(&without, &Set::from([*at]), current).is_none()
                || selector.score(&without) <= enough
                || is_begun_by(selector, chosen, *at) && !is_missed(selector, &without, chosen)
        });
        match useless {
            Some((_, at)) => chosen.remove(&at),
            None => return,
        };
    }
}

/// Is there another one whose keys begin with all of its keys?
fn is_begun_by(selector: &Selector<'_, '_>, chosen: &Set, at: usize) -> bool {
    let candidates = &selector.whatif.candidates;
    let Some(one) = candidates.get(at) else { return false };
    let others = chosen.iter().filter(|other| **other != at);
    others.filter_map(|other| candidates.get(*other)).any(|other| {
        let n = one.index.keys.len();
        other.table == one.table
            && other.index.method == one.index.method
            && same_keys(&other.index.keys, &one.index.keys, n)
            && same_predicate(&other.index.predicate, &one.index.predicate)
    })
}

/// Does a query lose without it what it would notice, seen from what it costs today?
fn is_missed(selector: &mut Selector<'_, '_>, without: &Set, with: &Set) -> bool {
    let changed: Set = without.symmetric_difference(with).copied().collect();
    selector.affected(&changed).into_iter().any(|query| {
        let lost =
            selector.whatif.risked_cost(query, without) - selector.whatif.risked_cost(query, with);
        let base = selector.whatif.queries.get(query).map_or(0.0, |costed| costed.base);
        lost > MISSED_PART_MIN * base
    })
}

/// Replaces two indexes of a table by one that begins with the keys of the first and goes on with
/// those of the second, where that costs the queries nothing to speak of.
fn merge(selector: &mut Selector<'_, '_>, chosen: &mut Set) {
    let members = selector.free(chosen);
    for a in &members {
        for b in &members {
            if a == b || !chosen.contains(a) || !chosen.contains(b) {
                continue;
            }
            let Some(merged) = merged(selector, *a, *b) else { continue };
            let at = selector.whatif.add(merged);
            if !selector.is_allowed(&Set::from([at])) {
                continue;
            }
            if selector.bill(at).0 >= selector.bill(*a).0 + selector.bill(*b).0 {
                continue;
            }
            let mut with = chosen.clone();
            with.remove(a);
            with.remove(b);
            with.insert(at);
            if selector.score(&with) <= selector.score(chosen) + SCORE_NEARLY
                && no_query_suffers(selector, chosen, &with)
            {
                *chosen = with;
            }
        }
    }
}

fn merged(selector: &Selector<'_, '_>, a: usize, b: usize) -> Option<Candidate> {
    let candidates = &selector.whatif.candidates;
    let (a, b) = (candidates.get(a)?, candidates.get(b)?);
    let first = |candidate: &Candidate| candidate.index.keys.first().map(|key| key.part.clone());
    let fits = a.table == b.table
        && a.index.method == Method::Btree
        && b.index.method == Method::Btree
        && first(a) == first(b)
        && same_predicate(&a.index.predicate, &b.index.predicate);
    if !fits {
        return None;
    }
    let mut index = a.index.clone();
    index.keys.extend(b.index.keys.iter().cloned());
    drop_repeated(&mut index.keys);
    let is_key = |column: &usize| index.keys.iter().any(|key| key.part == KeyPart::Column(*column));
    let all: SortedSet<usize> = a.index.include.iter().chain(&b.index.include).copied().collect();
    index.include = all.into_iter().filter(|column| !is_key(column)).collect();
    let is_narrow = index.keys.len() <= selector.width_max
        && index.include.len() <= limits::INCLUDE_COLUMNS_MAX;
    is_narrow.then_some(Candidate { table: a.table, index, is_ordered: a.is_ordered })
}

fn no_query_suffers(selector: &mut Selector<'_, '_>, before: &Set, after: &Set) -> bool {
    let changed: Set = before.symmetric_difference(after).copied().collect();
    selector.affected(&changed).into_iter().all(|query| {
        let was = selector.whatif.risked_cost(query, before);
        let is = selector.whatif.risked_cost(query, after);
        !is_loss(was, is)
    })
}

/// Two indexes with the same keys, one with more INCLUDE columns: one of them must do.
fn unite_same_keys(selector: &mut Selector<'_, '_>, chosen: &mut Set) {
    let members = selector.free(chosen);
    for a in &members {
        for b in &members {
            if a >= b || !chosen.contains(a) || !chosen.contains(b) || !are_twins(selector, *a, *b)
            {
                continue;
            }
            let mut without = [chosen.clone(), chosen.clone()];
            without[0].remove(a);
            without[1].remove(b);
            let costs = [selector.objective(&without[0]), selector.objective(&without[1])];
            *chosen = if costs[0] < costs[1] { without[0].clone() } else { without[1].clone() };
        }
    }
}

fn are_twins(selector: &Selector<'_, '_>, a: usize, b: usize) -> bool {
    let candidates = &selector.whatif.candidates;
    let (Some(a), Some(b)) = (candidates.get(a), candidates.get(b)) else { return false };
    let n = a.index.keys.len();
    a.table == b.table
        && a.index.method == b.index.method
        && n == b.index.keys.len()
        && same_keys(&a.index.keys, &b.index.keys, n)
        && same_predicate(&a.index.predicate, &b.index.predicate)
}

/// Exchanges one index for another of the same table: cheaper for the queries of both, or as cheap
/// and smaller.
fn exchange(selector: &mut Selector<'_, '_>, chosen: &mut Set, moves: &[Set]) {
    let members = selector.free(chosen);
    for old in members {
        let mut held = old;
        for (_, new) in substitutes(selector, old, chosen, moves, &|_, _| true) {
            if is_better(selector, new, held, chosen) {
                chosen.remove(&held);
                chosen.insert(new);
                held = new;
            }
        }
    }
}

fn is_better(selector: &mut Selector<'_, '_>, new: usize, held: usize, chosen: &Set) -> bool {
    let mut with = chosen.clone();
    with.remove(&held);
    with.insert(new);
    if selector.budget_bytes.is_some_and(|budget| selector.size(&with) > budget)
        || !selector.is_allowed(&Set::from([new]))
    {
        return false;
    }
    let is_smaller = selector.bill(new).0 < selector.bill(held).0 * 0.8;
    let allowance = if is_smaller { SCORE_NEARLY } else { -SCORE_NEARLY };
    selector.score(&with) < selector.score(chosen) + allowance
}

/// Takes off INCLUDE columns that save too little, and last keys that save nothing.
fn narrow(selector: &mut Selector<'_, '_>, chosen: &mut Set) {
    let members = selector.free(chosen);
    for old in members {
        let mut held = old;
        while let Some(next) = narrower(selector, chosen, held) {
            chosen.remove(&held);
            let Some(at) = next else { break };
            chosen.insert(at);
            held = at;
        }
    }
}

/// A narrower index that does nearly as well: `Some(None)` when that one exists already.
fn narrower(selector: &mut Selector<'_, '_>, chosen: &Set, at: usize) -> Option<Option<usize>> {
    let candidate = selector.whatif.candidates.get(at)?.clone();
    for (index, change) in variants(&candidate.index) {
        let is_whole = change == Change::Whole;
        let plain = Candidate { index, ..candidate.clone() };
        if is_whole && !exists(selector.whatif.catalog, &plain) {
            continue;
        }
        let mut with = chosen.clone();
        with.remove(&at);
        let replacement = match exists(selector.whatif.catalog, &plain) {
            true => None,
            false => Some(selector.whatif.add(plain)),
        };
        with.extend(replacement);
        if !selector.is_allowed(&with) {
            continue;
        }
        let fits = match change {
            Change::Bare => !is_covering_worth(selector, &with, chosen),
            Change::Whole => !is_partial_worth(selector, &with, chosen),
            Change::Less => {
                no_query_suffers(selector, chosen, &with) && is_as_cheap(selector, chosen, &with)
            }
        };
        if fits {
            return Some(replacement);
        }
    }
    None
}

/// What makes an index narrower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// No INCLUDE.
    Bare,
    /// One INCLUDE column less, or without the last key.
    Less,
    /// All rows. That is narrower only where it exists: a part of a primary key must be worth it.
    Whole,
}

/// The narrower indexes that an index could be.
pub fn variants(index: &Index) -> Vec<(Index, Change)> {
    let mut out = Vec::new();
    if !index.include.is_empty() {
        out.push((Index { include: Vec::new(), ..index.clone() }, Change::Bare));
    }
    for at in 0..index.include.len() {
        let mut less = index.clone();
        less.include.remove(at);
        out.push((less, Change::Less));
    }
    if index.predicate.is_some() {
        let whole = Index { predicate: None, predicate_sql: None, ..index.clone() };
        out.push((whole, Change::Whole));
    }
    if index.keys.len() > 1 && index.include.is_empty() {
        let mut less = index.clone();
        less.keys.pop();
        out.push((less, Change::Less));
    }
    out
}

fn is_partial_worth(selector: &mut Selector<'_, '_>, without: &Set, with: &Set) -> bool {
    let changed: Set = without.symmetric_difference(with).copied().collect();
    let is_felt = selector.affected(&changed).into_iter().any(|query| {
        let whole = selector.whatif.risked_cost(query, without);
        is_gain(whole, selector.whatif.risked_cost(query, with))
    });
    is_felt && selector.score(with) < selector.score(without)
}

fn is_covering_worth(selector: &mut Selector<'_, '_>, without: &Set, with: &Set) -> bool {
    let changed: Set = without.symmetric_difference(with).copied().collect();
    let is_felt = selector.affected(&changed).into_iter().any(|query| {
        let plain = selector.whatif.risked_cost(query, without);
        let saved = plain - selector.whatif.risked_cost(query, with);
        saved >= COVERING_UNITS_MIN && saved >= COVERING_PART_MIN * plain
    });
    is_felt && selector.score(with) < selector.score(without)
}

fn is_as_cheap(selector: &mut Selector<'_, '_>, before: &Set, after: &Set) -> bool {
    let changed: Set = before.symmetric_difference(after).copied().collect();
    let (mut was, mut is) = (0.0, 0.0);
    for query in selector.affected(&changed) {
        was += selector.query_cost(query, before);
        is += selector.query_cost(query, after);
    }
    is <= was * NEARLY
}
