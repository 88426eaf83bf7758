//! Computing other expressions than a path returns (`create_projection_path`,
//! `apply_projection_to_path` and `create_set_projection_path` in `pathnode.c`). Most nodes can do it
//! themselves; the others need a Result node, which costs passing each row.

use std::rc::Rc;

use super::targets::TargetList;
use crate::plan::path::{Path, PathKind};
use crate::plan::relation::{Rel, Target};
use crate::plan::root::Root;

/// `is_projection_capable_path`: can the node compute expressions?
pub fn can_project(path: &Path) -> bool {
    !matches!(
        path.kind,
        PathKind::Sort(_)
            | PathKind::IncrementalSort(..)
            | PathKind::Material(_)
            | PathKind::Memoize(_)
            | PathKind::Unique(_)
            | PathKind::UpperUnique(_)
            | PathKind::SetOp(..)
            | PathKind::LockRows(_)
            | PathKind::Limit(_)
            | PathKind::ModifyTable(..)
            | PathKind::RecursiveUnion(..)
            | PathKind::Append(_)
            | PathKind::MergeAppend(_)
            | PathKind::ProjectSet(_)
    )
}

/// The path with another target. `is_same`: the expressions are those that it returns already.
pub fn project(
    root: &Root<'_>,
    rel: &Rel<'_>,
    path: &Rc<Path>,
    list: &TargetList,
    is_same: bool,
) -> Rc<Path> {
    let target = list.target;
    if let PathKind::Projection(inner) = &path.kind {
        return project(root, rel, inner, list, is_same);
    }
    let parallel_safe = path.parallel_safe && list.is_parallel_safe;
    if is_same || can_project(path) {
        let mut out = Path { target, parallel_safe, ..(**path).clone() };
        let old = path.target.cost;
        out.startup += target.cost.startup - old.startup;
        out.total +=
            target.cost.startup - old.startup + (target.cost.per_tuple - old.per_tuple) * path.rows;
        return Rc::new(out);
    }
    let per_row = root.settings().cpu_tuple_cost + target.cost.per_tuple;
    Rc::new(Path {
        kind: PathKind::Projection(path.clone()),
        target,
        startup: path.startup + target.cost.startup,
        total: path.total + target.cost.startup + per_row * path.rows,
        parallel_safe: rel.consider_parallel && parallel_safe,
        parallel_aware: false,
        param: None,
        ..(**path).clone()
    })
}

/// The same above sorting and grouping: workers below a Gather compute what they can.
pub fn apply(root: &Root<'_>, rel: &Rel<'_>, path: &Rc<Path>, list: &TargetList) -> Rc<Path> {
    let out = project(root, rel, path, list, false);
    if !list.is_parallel_safe {
        return out;
    }
    let kind = match &out.kind {
        PathKind::Gather(input) => PathKind::Gather(project(root, rel, input, list, false)),
        PathKind::GatherMerge(input) => {
            PathKind::GatherMerge(project(root, rel, input, list, false))
        }
        _ => return out,
    };
    Rc::new(Path { kind, ..(*out).clone() })
}

/// `create_set_projection_path`: set-returning functions that make `sets` rows of each.
pub fn project_set(
    root: &Root<'_>,
    rel: &Rel<'_>,
    path: &Rc<Path>,
    list: &TargetList,
    sets: f64,
) -> Rc<Path> {
    let Target { cost, .. } = list.target;
    let row = root.settings().cpu_tuple_cost;
    let rows = path.rows * sets;
    let total = path.total
        + cost.startup
        + (row + cost.per_tuple) * path.rows
        + (rows - path.rows) * row / 2.0;
    Rc::new(Path {
        kind: PathKind::ProjectSet(path.clone()),
        target: list.target,
        startup: path.startup + cost.startup,
        total,
        rows,
        parallel_safe: rel.consider_parallel && path.parallel_safe && list.is_parallel_safe,
        parallel_aware: false,
        param: None,
        ..(**path).clone()
    })
}
