//! Sorting that stays small in the page.
//!
//! The library's stable sort becomes five kilobytes of code for every type and every comparison it is
//! called with: it is tuned for long lists, and ours are short. Here one piece of code sorts positions,
//! and each caller adds only its comparison. As stable as the library's.

use std::cmp::Ordering;

/// Sorts by a comparison.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = sorted_positions(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    arrange(order, &mut |a, b| items.swap(a, b));
}

/// Sorts by a key, which is asked for once for each item.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let order = sorted_positions(items.len(), &|a, b| keys.get(a).cmp(&keys.get(b)));
    arrange(order, &mut |a, b| items.swap(a, b));
}

/// Sorts by the items' own order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

fn sorted_positions(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// Swaps until each place holds the item whose position `order` names for it.
fn arrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        while let Some(place) = order.get_mut(at) {
            let from = std::mem::replace(place, at);
            if from == start || from == at {
                break;
            }
            swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sort_by;

    #[test]
    fn sorts_as_the_library_does() {
        for len in 0..40_u64 {
            for seed in 1..40_u64 {
                let mut ours: Vec<(u64, u64)> =
                    (0..len).map(|at| (at.wrapping_mul(seed) % 7, at)).collect();
                let mut expected = ours.clone();
                expected.sort_by_key(|pair| pair.0);
                sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
                assert_eq!(ours, expected);
            }
        }
    }
}
