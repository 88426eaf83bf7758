//! Orders of rows (PostgreSQL's `pathkeys.c`): a list of keys, each a class of equal expressions with a
//! direction. A key is canonical: two equal orders are equal lists.

use std::rc::Rc;

use super::root::Root;
use crate::sql::query::SortKey;

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathKey {
    /// Position in `Root::classes`, of a class that is not merged into another.
    pub class: usize,
    /// Descending.
    pub desc: bool,
    /// NULLs come first.
    pub nulls_first: bool,
}

/// An order, shared by all paths that keep it. Keys of constant classes and repeated keys are left out.
pub type PathKeys = Rc<[PathKey]>;

/// How two orders compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderComparison {
    /// The same.
    Equal,
    /// The first begins with the second and goes on.
    Better1,
    /// The second begins with the first and goes on.
    Better2,
    /// Neither.
    Different,
}

/// `compare_pathkeys`
pub fn compare_pathkeys(a: &[PathKey], b: &[PathKey]) -> OrderComparison {
    if a.iter().zip(b).any(|(x, y)| x != y) {
        return OrderComparison::Different;
    }
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => OrderComparison::Equal,
        std::cmp::Ordering::Greater => OrderComparison::Better1,
        std::cmp::Ordering::Less => OrderComparison::Better2,
    }
}

/// `pathkeys_contained_in`: does an order `have` satisfy `wanted`?
pub fn is_contained_in(wanted: &[PathKey], have: &[PathKey]) -> bool {
    have.starts_with(wanted)
}

/// `pathkeys_count_contained_in`: how many leading keys of `wanted` does `have` satisfy?
pub fn n_common(wanted: &[PathKey], have: &[PathKey]) -> usize {
    wanted.iter().zip(have).take_while(|(a, b)| a == b).count()
}

/// `make_pathkeys_for_sortclauses`: an ORDER BY as an order.
pub fn pathkeys_of_sort(root: &mut Root<'_>, keys: &[SortKey]) -> PathKeys {
    let _ = (root, keys);
    Rc::default()
}

/// `build_index_pathkeys`, cut to what the query can use (`truncate_useless_pathkeys`).
pub fn index_pathkeys(root: &Root<'_>, relation: usize, index: usize, backward: bool) -> PathKeys {
    let _ = (root, relation, index, backward);
    Rc::default()
}

/// `has_useful_pathkeys`: could any order of this relation's rows be of use?
pub fn has_useful_pathkeys(root: &Root<'_>, relation: usize) -> bool {
    let _ = (root, relation);
    true
}
