//! From a large set to ever smaller ones: each time what costs the least per byte that it frees, be it
//! to drop an index or to put a smaller one in its place.

use crate::sorted::SortedMap;

use super::candidate::{Candidate, exists};
use super::front::{Point, point};
use super::improve::variants;
use super::selection::Selector;
use super::substitutes::substitutes;
use super::whatif::Set;

use crate::order;

/// An index of the set and what takes its place, if anything.
type Exchange = (usize, Option<usize>);

/// The set, and every smaller one down to what was accepted.
pub fn shrink(selector: &mut Selector<'_, '_>, set: Set, moves: &[Set]) -> Vec<Point> {
    let current = point(selector, set);
    let mut points = vec![current.clone()];
    let mut shrinking = Shrinking { current, losses: SortedMap::new() };
    while shrinking.step(selector, moves) {
        points.push(shrinking.current.clone());
    }
    points
}

struct Shrinking {
    current: Point,
    /// What each exchange cost per byte when it was last looked at: seldom more than it costs now,
    /// because what is left must do more. So the dearer ones need not be looked at again.
    losses: SortedMap<Exchange, f64>,
}

impl Shrinking {
    /// Makes the cheapest exchange; false where there is none.
    fn step(&mut self, selector: &mut Selector<'_, '_>, moves: &[Set]) -> bool {
        for old in selector.free(&self.current.set) {
            if !self.losses.keys().any(|(known, _)| *known == old) {
                for new in smaller_ones(selector, old, &self.current.set, moves) {
                    self.losses.insert((old, new), f64::NEG_INFINITY);
                }
            }
        }
        let mut order: Vec<(f64, Exchange)> =
            self.losses.iter().map(|(exchange, loss)| (*loss, *exchange)).collect();
        order::sort_by(&mut order, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut best: Option<(f64, Exchange, Point)> = None;
        for (known, exchange) in order {
            if best.as_ref().is_some_and(|(loss, ..)| *loss <= known) {
                break;
            }
            let Some((loss, next)) = self.exchanged(selector, exchange) else { continue };
            self.losses.insert(exchange, loss);
            if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
                best = Some((loss, exchange, next));
            }
        }
        let Some((_, (old, _), next)) = best else { return false };
        self.losses.retain(|(other, _), _| *other != old);
        self.current = next;
        true
    }

    /// The loss per byte, and the set; none where it frees nothing.
    fn exchanged(
        &self,
        selector: &mut Selector<'_, '_>,
        (old, new): Exchange,
    ) -> Option<(f64, Point)> {
        let current = &self.current;
        if new.is_some_and(|new| current.set.contains(&new)) {
            return None;
        }
        let mut set = current.set.clone();
        set.remove(&old);
        set.extend(new);
        let size_bytes = selector.size(&set);
        let freed = current.size_bytes - size_bytes;
        if freed <= 0.0 {
            return None;
        }
        let loss = selector.change(&current.set, &set);
        Some((loss / freed, Point { set, size_bytes, objective: current.objective + loss }))
    }
}

/// Nothing, a narrower form, or a smaller index that could serve a query whose plan uses the old one.
fn smaller_ones(
    selector: &mut Selector<'_, '_>,
    old: usize,
    set: &Set,
    moves: &[Set],
) -> Vec<Option<usize>> {
    let Some(candidate) = selector.whatif.candidates.get(old).cloned() else { return Vec::new() };
    let mut found = Set::new();
    for (index, _) in variants(&candidate.index) {
        let narrower = Candidate { index, ..candidate.clone() };
        if !exists(selector.whatif.catalog, &narrower) {
            found.insert(selector.whatif.add(narrower));
        }
    }
    let own = selector.bill(old).0;
    found.retain(|at| selector.bill(*at).0 < own);
    let is_smaller = |selector: &mut Selector<'_, '_>, at| selector.bill(at).0 < own;
    let others = substitutes(selector, old, set, moves, &is_smaller);
    found.extend(others.into_iter().filter(|(saved, _)| *saved > 0.0).map(|(_, at)| at));
    found.retain(|at| selector.is_allowed(&Set::from([*at])));
    std::iter::once(None).chain(found.into_iter().map(Some)).collect()
}
