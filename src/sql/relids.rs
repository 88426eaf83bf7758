//! Sets of relations of one query, as bits: bit `n` is position `n` in `Query::relations`.

/// A set of relations of one query level.
pub type Relids = u64;

/// Most relations of one query level that are planned; the last bit is [`TOP`].
pub const RELATIONS_MAX: usize = 63;

/// Stands for the query's output in "which relations need this column".
pub const TOP: Relids = 1 << 63;

/// The set of one relation.
pub fn bit(relation: usize) -> Relids {
    1 << relation.min(63)
}

/// Is every member of `part` in `whole`?
pub fn is_subset(part: Relids, whole: Relids) -> bool {
    part & !whole == 0
}

/// Have the sets a common member?
pub fn overlaps(a: Relids, b: Relids) -> bool {
    a & b != 0
}

/// The members, in order.
pub fn members(set: Relids) -> impl Iterator<Item = usize> {
    let mut left = set;
    std::iter::from_fn(move || {
        if left == 0 {
            return None;
        }
        let at = left.trailing_zeros();
        left &= left - 1;
        Some(at as usize)
    })
}

/// The only member of a set of one.
pub fn single(set: Relids) -> Option<usize> {
    (set.count_ones() == 1).then(|| set.trailing_zeros() as usize)
}

/// Has it more than one member?
pub fn is_multiple(set: Relids) -> bool {
    set.count_ones() > 1
}
