//! What every budget buys: sets of indexes of which none is both larger and dearer than another. Found
//! by growing from nothing and by shrinking from the cheapest set: each time what costs the least per
//! byte that it frees, be it to drop an index or to put a smaller one in its place.

use std::collections::BTreeSet;

use super::candidate::{Candidate, exists};
use super::grow::prefixes;
use super::improve::{improve, variants};
use super::selection::Selector;
use super::whatif::Set;
use crate::estimate::size::BLOCK_SIZE;
use crate::limits;

/// A step of the front that is so many times as large as the one before leaves a gap.
const GAP_MIN: f64 = 1.2;

/// Sets from the smallest to the largest, each cheaper than the one before.
#[derive(Debug, Clone, Default)]
pub struct Front {
    /// The sets.
    pub points: Vec<Point>,
}

/// A set with its price.
#[derive(Debug, Clone)]
pub struct Point {
    /// Positions of candidates.
    pub set: Set,
    /// Bytes.
    pub size_bytes: f64,
    /// Cost of the workload with risk and writes, in planner units.
    pub objective: f64,
}

impl Front {
    /// The best set within the budget at the price of size, see [`Selector::score`].
    pub fn best(&self, selector: &Selector<'_, '_>) -> Set {
        let budget = selector.budget_bytes.unwrap_or(f64::INFINITY);
        let fitting = self.points.iter().filter(|point| point.size_bytes <= budget);
        let score = |point: &Point| selector.score_of(point.objective, point.size_bytes);
        let scored = fitting.map(|point| (score(point), point));
        let best = scored.min_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|(_, point)| point.set.clone()).unwrap_or_default()
    }

    /// Puts a set where it belongs and takes out what it beats, or what is as good for as much.
    pub fn insert(&mut self, selector: &mut Selector<'_, '_>, set: &Set) {
        let point = point(selector, set.clone());
        let is_beaten = |other: &Point| {
            other.size_bytes >= point.size_bytes && other.objective >= point.objective
        };
        self.points.retain(|other| !is_beaten(other) && other.set != point.set);
        let at = self.points.partition_point(|other| other.size_bytes < point.size_bytes);
        self.points.insert(at, point);
    }
}

/// The front of the sets on the way up, of all that shrinking makes of the cheapest of them, and of
/// what fits the gaps between.
pub fn front(selector: &mut Selector<'_, '_>, moves: &[Set]) -> Front {
    let accepted = selector.decided.accepted.clone();
    let grown = prefixes(selector, &accepted, moves);
    let mut points: Vec<Point> = grown.into_iter().map(|set| point(selector, set)).collect();
    let cheapest = points.iter().min_by(|a, b| a.objective.total_cmp(&b.objective)).cloned();
    if let Some(cheapest) = cheapest {
        let mut improved = cheapest.set.clone();
        improve(selector, &mut improved, moves);
        points.extend(shrink(selector, cheapest.set, moves));
        points.extend(shrink(selector, improved, moves));
    }
    let mut front = undominated(points);
    for budget in gaps(&front) {
        selector.budget_bytes = Some(budget);
        for set in prefixes(selector, &accepted, moves) {
            front.push(point(selector, set));
        }
    }
    selector.budget_bytes = None;
    Front { points: undominated(front) }
}

/// Sizes between two points far apart: of each gap the larger end, less a little.
fn gaps(front: &[Point]) -> Vec<f64> {
    let pairs = front.windows(2).filter_map(|pair| match pair {
        [small, large] => Some((small.size_bytes, large.size_bytes)),
        _ => None,
    });
    let wide = pairs.filter(|(small, large)| *large > small * GAP_MIN + BLOCK_SIZE);
    wide.map(|(_, large)| large * 0.99).take(limits::FRONT_GAPS_MAX).collect()
}

/// The price of a set.
pub fn point(selector: &mut Selector<'_, '_>, set: Set) -> Point {
    let (size_bytes, objective) = (selector.size(&set), selector.objective(&set));
    Point { set, size_bytes, objective }
}

fn undominated(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| {
        a.size_bytes.total_cmp(&b.size_bytes).then(a.objective.total_cmp(&b.objective))
    });
    let mut front: Vec<Point> = Vec::new();
    for point in points {
        if front.last().is_none_or(|last| point.objective < last.objective) {
            front.push(point);
        }
    }
    front
}

/// The set, and every smaller one down to what was accepted.
fn shrink(selector: &mut Selector<'_, '_>, set: Set, moves: &[Set]) -> Vec<Point> {
    let mut current = point(selector, set);
    let mut points = vec![current.clone()];
    while let Some(next) = least_loss_per_byte(selector, &current, moves) {
        points.push(next.clone());
        current = next;
    }
    points
}

fn least_loss_per_byte(
    selector: &mut Selector<'_, '_>,
    current: &Point,
    moves: &[Set],
) -> Option<Point> {
    let mut best: Option<(f64, Point)> = None;
    for old in selector.free(&current.set) {
        for new in smaller_ones(selector, old, &current.set, moves) {
            let mut set = current.set.clone();
            set.remove(&old);
            set.extend(new);
            let freed = current.size_bytes - selector.size(&set);
            if freed <= 0.0 {
                continue;
            }
            let loss = selector.change(&current.set, &set);
            let score = loss / freed;
            if best.as_ref().is_none_or(|(known, _)| score < *known) {
                let (size_bytes, objective) =
                    (current.size_bytes - freed, current.objective + loss);
                best = Some((score, Point { set, size_bytes, objective }));
            }
        }
    }
    best.map(|(_, point)| point)
}

/// Nothing, or a smaller index of the same table that serves one of the queries of the old one.
fn smaller_ones(
    selector: &mut Selector<'_, '_>,
    old: usize,
    set: &Set,
    moves: &[Set],
) -> Vec<Option<usize>> {
    let Some(candidate) = selector.whatif.candidates.get(old).cloned() else { return Vec::new() };
    let served: BTreeSet<usize> = selector.affected(&Set::from([old]));
    let mut found = Set::new();
    for (index, _) in variants(&candidate.index) {
        let narrower = Candidate { index, ..candidate.clone() };
        if !exists(selector.whatif.catalog, &narrower) {
            found.insert(selector.whatif.add(narrower));
        }
    }
    for at in moves.iter().filter(|step| step.len() == 1).flatten() {
        let is_other =
            selector.whatif.candidates.get(*at).map(|c| c.table) == Some(candidate.table);
        if is_other && !served.is_disjoint(&selector.affected(&Set::from([*at]))) {
            found.insert(*at);
        }
    }
    let own = selector.bill(old).0;
    found.retain(|at| !set.contains(at) && selector.bill(*at).0 < own);
    found.retain(|at| selector.is_allowed(&Set::from([*at])));
    std::iter::once(None).chain(found.into_iter().map(Some)).collect()
}
