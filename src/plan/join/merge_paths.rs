//! Merge joins of an outer side in its own order (`generate_mergejoin_paths` in `joinpath.c`).

use std::rc::Rc;

use super::attempt::{Extra, Kind};
use super::merge_join::{MergePlan, try_mergejoin};
use super::paths::{Sides, plain};
use crate::plan::add_path::{Criterion, cheapest_for_pathkeys, compare_path_costs};
use crate::plan::path::{JoinType, Path};
use crate::plan::pathkeys::{
    PathKey, PathKeys, inner_pathkeys_for_merge, mergeclauses_for_order, trim_mergeclauses,
};
use crate::plan::root::Root;

/// `generate_mergejoin_paths`: merge joins with an outer side in its own order.
pub(super) fn merge_paths(
    root: &mut Root<'_>,
    sides: Sides,
    jointype: JoinType,
    extra: &Extra,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    order: &PathKeys,
    kind: Kind,
) {
    let real = plain(jointype);
    let use_all = matches!(jointype, JoinType::Right | JoinType::Full);
    let clauses = mergeclauses_for_order(root, &outer.pathkeys, &extra.merge_clauses, extra.outer);
    if clauses.is_empty() && jointype != JoinType::Full {
        return;
    }
    if use_all && clauses.len() != extra.merge_clauses.len() {
        return;
    }
    let keys = inner_pathkeys_for_merge(root, &clauses, &outer.pathkeys, extra.outer);
    let sorted = MergePlan {
        clauses: clauses.clone(),
        outer_sort: None,
        inner_sort: Some(keys.clone().into()),
    };
    try_mergejoin(root, extra, real, (outer, inner), order, sorted, kind);
    if jointype == JoinType::UniqueInner {
        return;
    }
    let is_sorted = inner.pathkeys.starts_with(&keys);
    let mut best_total = is_sorted.then(|| inner.clone());
    let mut best_startup = best_total.clone();
    for n in (1..=keys.len()).rev() {
        let trial = keys.get(..n).unwrap_or(&keys);
        let plan = || MergePlan {
            clauses: match n < keys.len() {
                true => trim_mergeclauses(root, &clauses, trial, extra.outer),
                false => clauses.clone(),
            },
            outer_sort: None,
            inner_sort: None,
        };
        let found = |by: Criterion| cheapest_inner(root, sides.inner, trial, by, kind);
        let (total, startup) = (found(Criterion::Total), found(Criterion::Startup));
        let (first, second) = (plan(), plan());
        if let Some(path) = total
            && is_cheaper(&path, best_total.as_ref(), Criterion::Total)
        {
            try_mergejoin(root, extra, real, (outer, &path), order, first, kind);
            best_total = Some(path);
        }
        if let Some(path) = startup
            && is_cheaper(&path, best_startup.as_ref(), Criterion::Startup)
        {
            if !best_total.as_ref().is_some_and(|best| Rc::ptr_eq(best, &path)) {
                try_mergejoin(root, extra, real, (outer, &path), order, second, kind);
            }
            best_startup = Some(path);
        }
        if use_all {
            break;
        }
    }
}

fn cheapest_inner(
    root: &Root<'_>,
    inner: usize,
    keys: &[PathKey],
    by: Criterion,
    kind: Kind,
) -> Option<Rc<Path>> {
    let rel = root.rels.get(inner)?;
    cheapest_for_pathkeys(&rel.paths, keys, 0, by, kind == Kind::Partial).cloned()
}

fn is_cheaper(path: &Path, best: Option<&Rc<Path>>, by: Criterion) -> bool {
    best.is_none_or(|best| compare_path_costs(path, best, by).is_lt())
}
