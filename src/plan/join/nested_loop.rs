//! Nested loops (`try_nestloop_path` in `joinpath.c`, `create_nestloop_path` in `pathnode.c`).

use std::rc::Rc;

use super::attempt::{Extra, Kind, is_worth, keep, path_rows, rescan};
use crate::plan::clause::{Clause, clauses_cost};
use crate::plan::cost::Input;
use crate::plan::cost::join::{Initial, initial_nestloop, nestloop_pairs};
use crate::plan::params::{is_movable_into, joinrel_param_info};
use crate::plan::path::{BitmapQual, IndexClause, JoinMethod, JoinPath, JoinType, Path, PathKind};
use crate::plan::pathkeys::PathKeys;
use crate::plan::root::Root;
use crate::read::settings::Switch;
use crate::sql::relids::{Relids, is_subset, overlaps};

/// `try_nestloop_path`, `try_partial_nestloop_path`
pub fn try_nestloop(
    root: &mut Root<'_>,
    extra: &Extra,
    jointype: JoinType,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    pathkeys: &PathKeys,
    kind: Kind,
) {
    let (outer_needs, inner_needs) = (outer.required_outer(), inner.required_outer());
    let required = match inner_needs {
        0 => outer_needs,
        _ => (outer_needs | inner_needs) & !extra.outer,
    };
    match kind {
        Kind::Whole => {
            let is_star = overlaps(inner_needs, extra.outer) && inner_needs & !extra.outer != 0;
            if required != 0 && !overlaps(required, extra.param_source) && !is_star {
                return;
            }
        }
        Kind::Partial if !is_subset(inner_needs, extra.outer) => return,
        Kind::Partial => {}
    }
    let again = rescan(root, inner);
    let again = Input { cost: again, ..inner.as_input() };
    let stops_early = extra.stops_early(jointype);
    let initial = initial_nestloop(outer.as_input(), inner.as_input(), again, stops_early);
    let needed = if kind == Kind::Whole { required } else { 0 };
    if !is_worth(root, extra, &initial, pathkeys, needed, kind) {
        return;
    }
    if let Some(path) =
        nestloop_path(root, extra, jointype, (outer, inner), pathkeys, needed, &initial)
    {
        keep(root, extra, path, kind);
    }
}

fn nestloop_path(
    root: &mut Root<'_>,
    extra: &Extra,
    jointype: JoinType,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    pathkeys: &PathKeys,
    required: Relids,
    initial: &Initial,
) -> Option<Path> {
    let inner_needs = inner.required_outer();
    let mut clauses: Rc<[Rc<Clause>]> = extra.clauses.clone();
    if overlaps(inner_needs, extra.outer) {
        let reach = inner.relids | inner_needs;
        let left = clauses.iter().filter(|c| !is_movable_into(c, inner.relids, reach));
        clauses = left.cloned().collect();
    }
    let param = if required == 0 {
        None
    } else {
        let mut list = clauses.to_vec();
        let sides = (&**outer, &**inner);
        let param =
            joinrel_param_info(root, extra.join, sides, &extra.special, required, &mut list);
        clauses = list.into();
        param
    };
    let workers = outer.parallel_workers;
    let rows = path_rows(root, extra, param.as_ref().map(|param| param.rows), workers);
    let indexed = clauses.is_empty() && has_indexed_quals(inner, extra.relids);
    let semi = extra.semi_for(jointype);
    let (pairs, run) = nestloop_pairs(initial, outer.rows, inner.rows, semi, indexed);
    let rel = root.rels.get(extra.join)?;
    let settings = root.settings();
    let quals = clauses_cost(&clauses);
    let penalty = settings.penalty(Switch::NestLoop);
    let startup = initial.startup + penalty + quals.startup + rel.target.cost.startup;
    let per_pair = settings.cpu_tuple_cost + quals.per_tuple;
    let run = run + per_pair * pairs + rel.target.cost.per_tuple * rows;
    Some(Path {
        kind: PathKind::Join(Box::new(JoinPath {
            method: JoinMethod::NestedLoop,
            jointype,
            inner_unique: extra.inner_unique,
            outer: outer.clone(),
            inner: inner.clone(),
            clauses,
            method_clauses: Rc::default(),
            outer_sort: None,
            inner_sort: None,
            materialize_inner: false,
            batches: 1.0,
        })),
        relids: extra.relids,
        target: rel.target,
        startup,
        total: startup + run,
        rows,
        pathkeys: pathkeys.clone(),
        param,
        parallel_safe: rel.consider_parallel && outer.parallel_safe && inner.parallel_safe,
        parallel_aware: false,
        parallel_workers: workers,
    })
}

/// `has_indexed_join_quals`: the inner side's index answers every join clause.
fn has_indexed_quals(inner: &Path, join: Relids) -> bool {
    let Some(param) = &inner.param else { return false };
    let clauses: &[IndexClause] = match &inner.kind {
        PathKind::Index(index) => &index.clauses,
        PathKind::BitmapHeap(qual) => match &**qual {
            BitmapQual::Index(path) => match &path.kind {
                PathKind::Index(index) => &index.clauses,
                _ => return false,
            },
            _ => return false,
        },
        _ => return false,
    };
    let mut found = false;
    for clause in &param.clauses {
        if is_movable_into(clause, inner.relids, join) {
            if !is_answered(clause, clauses) {
                return false;
            }
            found = true;
        }
    }
    found
}

/// `is_redundant_with_indexclauses`
pub fn is_answered(clause: &Rc<Clause>, list: &[IndexClause]) -> bool {
    list.iter().any(|known| {
        !known.is_lossy
            && (Rc::ptr_eq(&known.clause, clause)
                || (clause.parent_class.is_some()
                    && clause.parent_class == known.clause.parent_class))
    })
}
