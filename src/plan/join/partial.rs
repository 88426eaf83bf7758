//! Joins of which every worker runs a part (`consider_parallel_nestloop` and its kin in `joinpath.c`).

use std::rc::Rc;

use super::attempt::{Extra, Kind};
use super::hash_join::try_hashjoin;
use super::kept::memoize_path;
use super::merge_paths::merge_paths;
use super::nested_loop::try_nestloop;
use super::paths::{Sides, cheapest_safe, plain};
use super::unique::unique_path;
use crate::plan::clause::Clause;
use crate::plan::path::{JoinType, Path};
use crate::plan::pathkeys::join_pathkeys;
use crate::plan::root::Root;
use crate::read::settings::Switch;

/// `consider_parallel_nestloop`, `consider_parallel_mergejoin`
pub(super) fn partial_unsorted(
    root: &mut Root<'_>,
    sides: Sides,
    jointype: JoinType,
    extra: &Extra,
    inner: Option<Rc<Path>>,
    may_loop: bool,
) {
    let real = plain(jointype);
    let outers =
        root.rels.get(sides.outer).map(|rel| rel.partial_paths.clone()).unwrap_or_default();
    let Some(inner_rel) = root.rels.get(sides.inner) else { return };
    let choices = inner_rel.cheapest_parameterized.clone();
    let cheapest = inner_rel.cheapest_total.clone();
    let safe = cheapest_safe(inner_rel);
    if may_loop {
        for outer in &outers {
            let order = join_pathkeys(root, extra.relids, real, &outer.pathkeys);
            for choice in choices.iter().filter(|path| path.parallel_safe) {
                let mut choice = choice.clone();
                if jointype == JoinType::UniqueInner {
                    if !cheapest.as_ref().is_some_and(|path| Rc::ptr_eq(path, &choice)) {
                        continue;
                    }
                    let distinct = sides.special.and_then(|at| unique_path(root, sides.inner, at));
                    let Some(distinct) = distinct else { continue };
                    choice = distinct;
                }
                try_nestloop(root, extra, real, (outer, &choice), &order, Kind::Partial);
                if let Some(memoized) = memoize_path(root, sides, &choice, outer, real, extra) {
                    try_nestloop(root, extra, real, (outer, &memoized), &order, Kind::Partial);
                }
            }
        }
    }
    let inner = match inner {
        Some(path) if path.parallel_safe => Some(path),
        _ if jointype == JoinType::UniqueInner => None,
        _ => safe,
    };
    let Some(inner) = inner else { return };
    for outer in &outers {
        let order = join_pathkeys(root, extra.relids, real, &outer.pathkeys);
        merge_paths(root, sides, jointype, extra, (outer, &inner), &order, Kind::Partial);
    }
}

pub(super) fn partial_hash(
    root: &mut Root<'_>,
    sides: Sides,
    jointype: JoinType,
    extra: &Extra,
    inner: &Rc<Path>,
    clauses: &[Rc<Clause>],
) {
    let real = plain(jointype);
    let first = |at: usize| root.rels.get(at).and_then(|rel| rel.partial_paths.first().cloned());
    let Some(outer) = first(sides.outer) else { return };
    let may_share =
        jointype != JoinType::UniqueInner && !root.settings().is_off(Switch::ParallelHash);
    let part = first(sides.inner).filter(|_| may_share);
    let safe = match inner.parallel_safe {
        true => Some(inner.clone()),
        false if jointype == JoinType::UniqueInner => None,
        false => root.rels.get(sides.inner).and_then(cheapest_safe),
    };
    if let Some(part) = part {
        try_hashjoin(root, extra, real, (&outer, &part), clauses, Kind::Partial, true);
    }
    if let Some(safe) = safe {
        try_hashjoin(root, extra, real, (&outer, &safe), clauses, Kind::Partial, false);
    }
}
