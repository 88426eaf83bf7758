//! What every budget buys: sets of indexes of which none is both larger and dearer than another. Found
//! by growing from nothing and by shrinking from the cheapest set: each time what costs the least per
//! byte that it frees, be it to drop an index or to put a smaller one in its place.

use super::grow::prefixes;
use super::improve::improve;
use super::selection::Selector;
use super::shrink::shrink;
use super::whatif::Set;
use crate::estimate::size::BLOCK_SIZE;
use crate::limits;
use crate::order;

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
    order::sort_by(&mut points, |a, b| {
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
