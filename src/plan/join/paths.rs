//! All paths of one relation as the outer side of a join with another (PostgreSQL's `joinpath.c`).

use std::rc::Rc;

use super::attempt::{Extra, Kind, plain_join};
use super::hash_join::try_hashjoin;
use super::kept::{materialized, memoize_path};
use super::merge_join::{MergePlan, try_mergejoin};
use super::merge_paths::merge_paths;
use super::nested_loop::try_nestloop;
use super::partial::{partial_hash, partial_unsorted};
use super::unique::{is_inner_unique, sides_match, unique_path};
use crate::dialect::Dialect;
use crate::plan::clause::{Clause, Clauses};
use crate::plan::cost::join::SemiFactors;
use crate::plan::estimates::clauselist_selectivity;
use crate::plan::path::{JoinType, Path};
use crate::plan::pathkeys::{
    PathKeys, inner_pathkeys_for_merge, join_pathkeys, mergeclauses_for_order,
    outer_pathkeys_for_merge, side_classes,
};
use crate::plan::relation::Rel;
use crate::plan::root::{Root, SpecialJoin};
use crate::plan::sizes::is_pushed_down;
use crate::read::settings::Switch;
use crate::sql::relids::{is_subset, overlaps};

/// The relations of a join and which special join makes it.
#[derive(Clone, Copy)]
pub struct Sides {
    /// The join.
    pub join: usize,
    /// Outer side.
    pub outer: usize,
    /// Inner side.
    pub inner: usize,
    /// Position in `Root::special_joins`, for semi joins that make a side distinct.
    pub special: Option<usize>,
}

/// `add_paths_to_joinrel`
pub fn add_join_paths(
    root: &mut Root<'_>,
    sides: Sides,
    jointype: JoinType,
    special: &SpecialJoin,
    clauses: &Rc<[Rc<Clause>]>,
) {
    let relids = |root: &Root<'_>, at: usize| root.rels.get(at).map_or(0, |rel| rel.relids);
    let (join, outer, inner) =
        (relids(root, sides.join), relids(root, sides.outer), relids(root, sides.inner));
    let n_paths = |at: usize| root.rels.get(at).map_or(1, |rel| rel.paths.len());
    root.n_attempts += n_paths(sides.outer) * n_paths(sides.inner);
    let inner_unique = match jointype {
        JoinType::Semi | JoinType::Anti => false,
        JoinType::UniqueInner => is_subset(special.min_left, outer),
        JoinType::UniqueOuter => {
            is_inner_unique(root, join, outer, sides.inner, JoinType::Inner, clauses)
        }
        _ => is_inner_unique(root, join, outer, sides.inner, jointype, clauses),
    };
    let (merge_clauses, may_merge) = merge_clauses(root, join, (outer, inner), clauses, jointype);
    // A full join has no other way than these.
    let settings = root.settings();
    let may_use = |switch| !settings.is_off(switch) || jointype == JoinType::Full;
    let merge_clauses = if may_use(Switch::MergeJoin) { merge_clauses } else { Vec::new() };
    let mut extra = Extra {
        join: sides.join,
        relids: join,
        outer,
        inner,
        clauses: clauses.clone(),
        merge_clauses,
        special: special.clone(),
        inner_unique,
        semi: None,
        param_source: param_source(root, sides.join),
    };
    if matches!(jointype, JoinType::Semi | JoinType::Anti) || inner_unique {
        extra.semi = Some(semi_factors(root, &extra, sides.inner, jointype));
    }
    if may_merge {
        sort_inner_and_outer(root, sides, jointype, &extra);
        match_unsorted_outer(root, sides, jointype, &extra);
    }
    if may_use(Switch::HashJoin) {
        hash_inner_and_outer(root, sides, jointype, &extra);
    }
}

/// Relations that a parameterised join here may depend on: those that an outer join keeps apart.
fn param_source(root: &Root<'_>, join: usize) -> u64 {
    let Some(rel) = root.rels.get(join) else { return 0 };
    let mut source = rel.lateral_relids;
    for special in &root.special_joins {
        let (left, right) = (special.min_left, special.min_right);
        if overlaps(rel.relids, right) && !overlaps(rel.relids, left) {
            source |= root.all_baserels & !right;
        }
        if special.jointype == JoinType::Full
            && overlaps(rel.relids, left)
            && !overlaps(rel.relids, right)
        {
            source |= root.all_baserels & !left;
        }
    }
    source
}

/// `select_mergejoin_clauses`; `false`: a right or full join has a clause that a merge cannot check.
fn merge_clauses(
    root: &Root<'_>,
    join: u64,
    (outer, inner): (u64, u64),
    clauses: &[Rc<Clause>],
    jointype: JoinType,
) -> (Clauses, bool) {
    // Only PostgreSQL merges.
    if root.configuration.catalog.dialect != Dialect::Postgres {
        return (Vec::new(), true);
    }
    let mut found = Vec::new();
    let mut has_other = false;
    for clause in clauses {
        if jointype.is_outer() && is_pushed_down(clause, join) {
            continue;
        }
        let fits = clause.can_join
            && clause.is_mergejoinable
            && sides_match(clause, outer, inner)
            && side_classes(root, clause, outer).is_some_and(|(a, b)| {
                let is_constant = |class: usize| {
                    root.classes.get(class).is_some_and(|c| c.has_const && !c.is_below_outer_join)
                };
                !is_constant(a) && !is_constant(b)
            });
        if fits {
            found.push(clause.clone());
        } else {
            has_other = true;
        }
    }
    (found, !(has_other && matches!(jointype, JoinType::Right | JoinType::Full)))
}

/// `compute_semi_anti_join_factors`
fn semi_factors(root: &Root<'_>, extra: &Extra, inner: usize, jointype: JoinType) -> SemiFactors {
    let own: Clauses = match jointype.is_outer() {
        true => {
            let own = extra.clauses.iter().filter(|clause| !is_pushed_down(clause, extra.relids));
            own.cloned().collect()
        }
        false => extra.clauses.to_vec(),
    };
    let kind = if jointype == JoinType::Anti { JoinType::Anti } else { JoinType::Semi };
    let matched = clauselist_selectivity(root, &own, None, kind, Some(&extra.special));
    let plain = plain_join(extra.outer, extra.inner);
    let pairs = clauselist_selectivity(root, &own, None, JoinType::Inner, Some(&plain));
    let rows = root.rels.get(inner).map_or(1.0, |rel| rel.rows);
    let match_count = if matched > 0.0 { (pairs * rows / matched).max(1.0) } else { 1.0 };
    SemiFactors { outer_match_frac: matched, match_count }
}

/// `PATH_PARAM_BY_REL`
pub(super) fn needs(path: &Path, relids: u64) -> bool {
    overlaps(path.required_outer(), relids)
}

/// The join type that is left once a side is made distinct.
pub(super) fn plain(jointype: JoinType) -> JoinType {
    match jointype {
        JoinType::UniqueOuter | JoinType::UniqueInner => JoinType::Inner,
        other => other,
    }
}

pub(super) fn may_be_partial(root: &Root<'_>, sides: Sides, jointype: JoinType) -> bool {
    let Some(join) = root.rels.get(sides.join) else { return false };
    let has_parts = root.rels.get(sides.outer).is_some_and(|rel| !rel.partial_paths.is_empty());
    join.consider_parallel
        && !matches!(jointype, JoinType::UniqueOuter | JoinType::Full | JoinType::Right)
        && has_parts
        && join.lateral_relids == 0
}

/// `get_cheapest_parallel_safe_total_inner`
pub(super) fn cheapest_safe(rel: &Rel<'_>) -> Option<Rc<Path>> {
    rel.paths.iter().find(|path| path.parallel_safe && path.param.is_none()).cloned()
}

/// The cheapest paths of both sides, made distinct where the join type says so.
fn cheapest_pair(
    root: &mut Root<'_>,
    sides: Sides,
    jointype: JoinType,
    extra: &Extra,
) -> Option<(Rc<Path>, Rc<Path>)> {
    let mut outer = root.rels.get(sides.outer)?.cheapest_total.clone()?;
    let mut inner = root.rels.get(sides.inner)?.cheapest_total.clone()?;
    if needs(&outer, extra.inner) || needs(&inner, extra.outer) {
        return None;
    }
    match jointype {
        JoinType::UniqueOuter => outer = unique_path(root, sides.outer, sides.special?)?,
        JoinType::UniqueInner => inner = unique_path(root, sides.inner, sides.special?)?,
        _ => {}
    }
    Some((outer, inner))
}

/// `sort_inner_and_outer`: a merge join of the cheapest paths, sorted, for every leading key.
fn sort_inner_and_outer(root: &mut Root<'_>, sides: Sides, jointype: JoinType, extra: &Extra) {
    let Some((outer, inner)) = cheapest_pair(root, sides, jointype, extra) else { return };
    let real = plain(jointype);
    let mut partial = None;
    if may_be_partial(root, sides, jointype) {
        let safe = match inner.parallel_safe {
            true => Some(inner.clone()),
            false if jointype == JoinType::UniqueInner => None,
            false => root.rels.get(sides.inner).and_then(cheapest_safe),
        };
        let first = root.rels.get(sides.outer).and_then(|rel| rel.partial_paths.first().cloned());
        partial = first.zip(safe);
    }
    let all = outer_pathkeys_for_merge(root, &extra.merge_clauses, extra.relids, extra.outer);
    for at in 0..all.len() {
        let mut keys = all.clone();
        let front = keys.remove(at);
        keys.insert(0, front);
        let outer_keys: PathKeys = keys.into();
        let clauses = mergeclauses_for_order(root, &outer_keys, &extra.merge_clauses, extra.outer);
        let inner_keys: PathKeys =
            inner_pathkeys_for_merge(root, &clauses, &outer_keys, extra.outer).into();
        let order = join_pathkeys(root, extra.relids, real, &outer_keys);
        let plan = || MergePlan {
            clauses: clauses.clone(),
            outer_sort: Some(outer_keys.clone()),
            inner_sort: Some(inner_keys.clone()),
        };
        try_mergejoin(root, extra, real, (&outer, &inner), &order, plan(), Kind::Whole);
        if let Some((outer, inner)) = &partial {
            try_mergejoin(root, extra, real, (outer, inner), &order, plan(), Kind::Partial);
        }
    }
}

/// `match_unsorted_outer`: nested loops and merge joins that keep the outer side's own order.
fn match_unsorted_outer(root: &mut Root<'_>, sides: Sides, jointype: JoinType, extra: &Extra) {
    let may_loop = !matches!(jointype, JoinType::Right | JoinType::Full);
    let real = plain(jointype);
    let Some(inner_rel) = root.rels.get(sides.inner) else { return };
    let mut inner = inner_rel.cheapest_total.clone().filter(|path| !needs(path, extra.outer));
    let choices = inner_rel.cheapest_parameterized.clone();
    let mut kept = None;
    if jointype == JoinType::UniqueInner {
        let Some(special) = sides.special.filter(|_| inner.is_some()) else { return };
        inner = unique_path(root, sides.inner, special);
        if inner.is_none() {
            return;
        }
    } else if may_loop && !root.settings().is_off(Switch::Material) {
        kept =
            inner.as_ref().filter(|path| !path.keeps_rows()).map(|path| materialized(root, path));
    }
    let outers = root.rels.get(sides.outer).map(|rel| rel.paths.clone()).unwrap_or_default();
    let cheapest = root.rels.get(sides.outer).and_then(|rel| rel.cheapest_total.clone());
    for path in outers {
        if needs(&path, extra.inner) {
            continue;
        }
        let mut outer = path;
        if jointype == JoinType::UniqueOuter {
            if !cheapest.as_ref().is_some_and(|cheapest| Rc::ptr_eq(cheapest, &outer)) {
                continue;
            }
            let distinct = sides.special.and_then(|at| unique_path(root, sides.outer, at));
            let Some(distinct) = distinct else { continue };
            outer = distinct;
        }
        let order = join_pathkeys(root, extra.relids, real, &outer.pathkeys);
        if jointype == JoinType::UniqueInner {
            if let Some(inner) = &inner {
                try_nestloop(root, extra, real, (&outer, inner), &order, Kind::Whole);
            }
        } else if may_loop {
            for choice in choices.iter().chain(&kept) {
                try_nestloop(root, extra, real, (&outer, choice), &order, Kind::Whole);
                if let Some(memoized) = memoize_path(root, sides, choice, &outer, jointype, extra) {
                    try_nestloop(root, extra, real, (&outer, &memoized), &order, Kind::Whole);
                }
            }
        }
        if jointype == JoinType::UniqueOuter {
            continue;
        }
        if let Some(inner) = &inner {
            let pair = (&outer, inner);
            merge_paths(root, sides, jointype, extra, pair, &order, Kind::Whole);
        }
    }
    if may_be_partial(root, sides, jointype) {
        partial_unsorted(root, sides, jointype, extra, inner, may_loop);
    }
}

/// `hash_inner_and_outer`
fn hash_inner_and_outer(root: &mut Root<'_>, sides: Sides, jointype: JoinType, extra: &Extra) {
    let fits = |clause: &&Rc<Clause>| {
        !(jointype.is_outer() && is_pushed_down(clause, extra.relids))
            && clause.can_join
            && clause.is_hashjoinable
            && sides_match(clause, extra.outer, extra.inner)
    };
    let clauses: Clauses = extra.clauses.iter().filter(fits).cloned().collect();
    // SQLite only loops; its automatic index for a FULL JOIN stands for a hash here.
    let loops_only = root.configuration.catalog.dialect == Dialect::Sqlite;
    if clauses.is_empty() || (loops_only && jointype != JoinType::Full) {
        return;
    }
    let Some((outer, inner)) = cheapest_pair(root, sides, jointype, extra) else { return };
    let real = plain(jointype);
    let startup = root.rels.get(sides.outer).and_then(|rel| rel.cheapest_startup.clone());
    let attempt = |root: &mut Root<'_>, outer: &Rc<Path>, inner: &Rc<Path>| {
        try_hashjoin(root, extra, real, (outer, inner), &clauses, Kind::Whole, false);
    };
    match jointype {
        JoinType::UniqueOuter => attempt(root, &outer, &inner),
        JoinType::UniqueInner => {
            attempt(root, &outer, &inner);
            if let Some(startup) = startup.filter(|path| !Rc::ptr_eq(path, &outer)) {
                attempt(root, &startup, &inner);
            }
        }
        _ => {
            if let Some(startup) = &startup {
                attempt(root, startup, &inner);
            }
            let list = |at: usize| {
                root.rels.get(at).map(|rel| rel.cheapest_parameterized.clone()).unwrap_or_default()
            };
            let (outers, inners) = (list(sides.outer), list(sides.inner));
            for outer in outers.iter().filter(|path| !needs(path, extra.inner)) {
                for choice in inners.iter().filter(|path| !needs(path, extra.outer)) {
                    let is_done = startup.as_ref().is_some_and(|path| Rc::ptr_eq(path, outer))
                        && Rc::ptr_eq(choice, &inner);
                    if !is_done {
                        attempt(root, outer, choice);
                    }
                }
            }
        }
    }
    if may_be_partial(root, sides, jointype) {
        partial_hash(root, sides, jointype, extra, &inner, &clauses);
    }
}
