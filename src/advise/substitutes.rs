//! What could stand in the place of an index of a set: other candidates on its table, best those that serve
//! the queries whose plans use it. Where there are many, those that alone save such queries the most; trying
//! all of hundreds in the place of each of a hundred would take minutes, and those behind them seldom win.

use super::selection::Selector;
use super::whatif::Set;
use crate::limits;
use crate::order;

/// The single moves that could stand in the place of `old`, with what each alone saves its queries: the best
/// first, without what the set has.
pub fn substitutes(
    selector: &mut Selector<'_, '_>,
    old: usize,
    set: &Set,
    moves: &[Set],
    fits: &dyn Fn(&mut Selector<'_, '_>, usize) -> bool,
) -> Vec<(f64, usize)> {
    let Some(table) = selector.whatif.candidates.get(old).map(|old| old.table) else {
        return Vec::new();
    };
    let served = selector.whatif.serves.get(old).cloned().unwrap_or_default();
    let using: Vec<usize> = served
        .into_iter()
        .filter(|query| selector.whatif.used(*query, set).contains(&old))
        .collect();
    let mut found: Vec<(f64, usize)> = Vec::new();
    for at in moves.iter().filter(|step| step.len() == 1).flatten() {
        let is_other = selector.whatif.candidates.get(*at).is_some_and(|c| c.table == table);
        if !is_other || set.contains(at) || !fits(selector, *at) {
            continue;
        }
        let serves = |query: &&usize| {
            let serves = selector.whatif.serves.get(*at);
            serves.is_some_and(|serves| serves.binary_search(query).is_ok())
        };
        let shared: Vec<usize> = using.iter().filter(serves).copied().collect();
        let (none, alone) = (Set::new(), Set::from([*at]));
        let base: f64 = shared.iter().map(|query| selector.query_cost(*query, &none)).sum();
        let cost: f64 = shared.iter().map(|query| selector.query_cost(*query, &alone)).sum();
        found.push((base - cost, *at));
    }
    order::sort_by(&mut found, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(limits::SUBSTITUTES_MAX);
    found
}
