//! Growing a set of indexes from nothing: the best step first, by what it saves or by what it saves
//! per byte.

use super::selection::{NEARLY, Selector};
use super::whatif::Set;

use crate::order;

/// Every set on the way from a set upwards, by what is saved per byte and by what is saved.
pub fn prefixes(selector: &mut Selector<'_, '_>, from: &Set, moves: &[Set]) -> Vec<Set> {
    let mut sets = steps(selector, from, moves, true);
    sets.extend(steps(selector, from, moves, false));
    sets
}

/// The sets on the way, smallest first: the best step is added until none is worth it.
fn steps(selector: &mut Selector<'_, '_>, from: &Set, moves: &[Set], per_byte: bool) -> Vec<Set> {
    let mut chosen = from.clone();
    let mut sets = vec![chosen.clone()];
    let mut current = selector.objective(&chosen);
    // What each step gained when it was last looked at: seldom less than it gains now.
    let mut bounds: Vec<f64> = vec![f64::INFINITY; moves.len()];
    while let Some(step) = best_step(selector, moves, per_byte, &chosen, current, &mut bounds) {
        chosen.extend(step);
        current = selector.objective(&chosen);
        sets.push(chosen.clone());
    }
    sets
}

fn best_step<'m>(
    selector: &mut Selector<'_, '_>,
    moves: &'m [Set],
    per_byte: bool,
    chosen: &Set,
    current: f64,
    bounds: &mut [f64],
) -> Option<&'m Set> {
    let mut order: Vec<(usize, f64)> = bounds.iter().copied().enumerate().collect();
    order::sort_by(&mut order, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut best: Option<(f64, &Set)> = None;
    for (at, bound) in order {
        let (Some(step), Some(known)) = (moves.get(at), bounds.get_mut(at)) else { continue };
        if best.is_some_and(|(score, _)| bound < score) {
            break;
        }
        let gain = selector.gain(chosen, step, current);
        let new: Set = step.difference(chosen).copied().collect();
        let bytes = if per_byte { selector.size(&new).max(8192.0) } else { 1.0 };
        *known = gain.unwrap_or(0.0) / bytes;
        if gain.is_some() && best.is_none_or(|best| is_better(selector, (*known, step), best)) {
            best = Some((*known, step));
        }
    }
    best.map(|(_, step)| step)
}

/// More gain, or nearly the same with fewer bytes.
fn is_better(selector: &mut Selector<'_, '_>, one: (f64, &Set), other: (f64, &Set)) -> bool {
    if one.0 > other.0 * NEARLY || other.0 > one.0 * NEARLY {
        return one.0 > other.0;
    }
    let extent = |selector: &mut Selector<'_, '_>, set| (selector.size(set), width(selector, set));
    extent(selector, one.1) < extent(selector, other.1)
}

fn width(selector: &Selector<'_, '_>, set: &Set) -> usize {
    let members = set.iter().filter_map(|at| selector.whatif.candidates.get(*at));
    members.map(|candidate| candidate.index.keys.len() + candidate.index.include.len()).sum()
}
