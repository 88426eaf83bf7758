//! Which candidates a query is costed with. Many do exactly the same for it: of those only the smallest
//! is tried; of what was tried, what is cheapest for its size stays, and whatever extends that.

use crate::sorted::{SortedMap, SortedSet};

use super::arms::served_by;
use super::candidate::is_covered_by;
use super::selection::is_gain;
use super::whatif::{Set, WhatIf};
use crate::limits;
use crate::order;
use crate::plan::parts::parts_of_index;

/// What an index does for one relation: predicates that bound, predicates checked inside, keys of the
/// order, covering, partial.
type Effect = (Vec<String>, Vec<String>, usize, bool, bool);

/// Narrows the candidates of every query; the steps worth trying: single candidates that help some
/// query, and for each query all that its plan would use together (an OR needs an index for each arm,
/// a join one for each side).
pub fn focus(whatif: &mut WhatIf<'_>, sizes: &[f64]) -> Vec<Set> {
    let mut moves: SortedSet<Set> = SortedSet::new();
    for query in 0..whatif.queries.len() {
        let Some(costed) = whatif.queries.get(query) else { continue };
        let base = costed.base + costed.base_risk;
        let tried = representatives(whatif, query, sizes);
        let best = whatif.risked_cost(query, &tried);
        if !is_gain(base, best) {
            narrow(whatif, query, &Set::new());
            continue;
        }
        let used = whatif.used(query, &tried);
        let mut singles: Vec<(f64, usize)> = Vec::new();
        for at in &tried {
            let cost = whatif.risked_cost(query, &Set::from([*at]));
            if is_gain(base, cost) {
                singles.push((cost, *at));
            }
        }
        let mut kept: Set = cheapest_for_size(singles, sizes).into_iter().collect();
        moves.extend(kept.iter().map(|at| Set::from([*at])));
        moves.extend(used.iter().map(|at| Set::from([*at])));
        kept.extend(&used);
        if used.len() > 1 {
            moves.insert(used);
        }
        narrow(whatif, query, &kept);
    }
    moves.into_iter().collect()
}

/// The smallest candidate of each effect.
fn representatives(whatif: &WhatIf<'_>, query: usize, sizes: &[f64]) -> Set {
    let Some(costed) = whatif.queries.get(query) else { return Set::new() };
    let mut smallest: SortedMap<(usize, Vec<Option<Effect>>), usize> = SortedMap::new();
    for at in &costed.useful {
        let Some(candidate) = whatif.candidates.get(*at) else { continue };
        let served = served_by(whatif.catalog, &costed.shapes, candidate);
        let effects = served.into_iter().map(|served| {
            let (seen, found) = served?;
            let list = |pairs: &[(usize, usize)]| {
                let asked = pairs.iter().filter_map(|(_, at)| seen.predicates.get(*at));
                let mut list: Vec<String> = asked.map(|p| format!("{:?}", p.clause)).collect();
                order::sort(&mut list);
                list
            };
            Some((
                list(&found.boundary),
                list(&found.in_index),
                found.n_ordered,
                found.is_covering,
                found.is_partial,
            ))
        });
        let known = smallest.get_or_insert_with((candidate.table, effects.collect()), || *at);
        if size(sizes, *at) < size(sizes, *known) {
            *known = *at;
        }
    }
    smallest.into_values().take(limits::CANDIDATES_PER_QUERY_MAX).collect()
}

/// Cheapest first, without those that cost as much as a smaller one.
fn cheapest_for_size(mut singles: Vec<(f64, usize)>, sizes: &[f64]) -> Vec<usize> {
    order::sort_by(&mut singles, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<usize> = Vec::new();
    for (cost, at) in &singles {
        let is_beaten = singles.iter().any(|(other_cost, other)| {
            other != at
                && *other_cost <= cost * 1.01
                && size(sizes, *other) < size(sizes, *at) * 0.99
        });
        if !is_beaten && kept.len() < limits::MOVES_PER_QUERY_MAX {
            kept.push(*at);
        }
    }
    kept
}

fn size(sizes: &[f64], at: usize) -> f64 {
    sizes.get(at).copied().unwrap_or(f64::INFINITY)
}

/// Leaves a query the kept candidates and those that can do all that one of them can, as an index on a
/// partitioned table can for its partitions.
fn narrow(whatif: &mut WhatIf<'_>, query: usize, kept: &Set) {
    let (catalog, candidates) = (whatif.catalog, &whatif.candidates);
    let stays = |at: &usize| {
        kept.contains(at)
            || kept.iter().filter_map(|known| candidates.get(*known)).any(|known| {
                candidates.get(*at).is_some_and(|other| {
                    let parts = parts_of_index(catalog, other.table, &other.index);
                    parts.iter().any(|(table, part)| {
                        *table == known.table && is_covered_by(&known.index, part)
                    })
                })
            })
    };
    let Some(costed) = whatif.queries.get_mut(query) else { return };
    let gone: Vec<usize> = costed.useful.iter().copied().filter(|at| !stays(at)).collect();
    costed.useful.retain(stays);
    for at in gone {
        if let Some(serves) = whatif.serves.get_mut(at) {
            serves.retain(|served| *served != query);
        }
    }
}
