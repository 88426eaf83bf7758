//! Merge joins (`try_mergejoin_path` in `joinpath.c`, `create_mergejoin_path` in `pathnode.c`,
//! `final_cost_mergejoin` in `costsize.c`).

use std::rc::Rc;

use super::attempt::{
    Extra, Kind, is_worth, keep, matching_pairs, non_nestloop_required, path_rows, with_params,
    without,
};
use crate::estimate::merge;
use crate::plan::clause::{Clause, Clauses, clauses_cost};
use crate::plan::cost::join::{Initial, MergeRange, initial_mergejoin};
use crate::plan::cost::sort::sort;
use crate::plan::cost::{Input, relation_byte_size, work_mem_bytes};
use crate::plan::path::{JoinMethod, JoinPath, JoinType, Path, PathKind};
use crate::plan::pathkeys::{PathKey, PathKeys};
use crate::plan::root::Root;
use crate::read::settings::Switch;
use crate::sql::relids::{Relids, is_subset, overlaps};

/// The clauses that a merge join goes by, and the orders both sides are brought into.
pub struct MergePlan {
    /// Clauses, in the order of the keys.
    pub clauses: Clauses,
    /// Sort the outer side by these; `None`: it is sorted.
    pub outer_sort: Option<PathKeys>,
    /// Sort the inner side by these.
    pub inner_sort: Option<PathKeys>,
}

/// `try_mergejoin_path`, `try_partial_mergejoin_path`
pub fn try_mergejoin(
    root: &mut Root<'_>,
    extra: &Extra,
    jointype: JoinType,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    pathkeys: &PathKeys,
    plan: MergePlan,
    kind: Kind,
) {
    let required = non_nestloop_required(outer, inner);
    match kind {
        Kind::Whole if required != 0 && !overlaps(required, extra.param_source) => return,
        Kind::Partial if inner.required_outer() != 0 => return,
        _ => {}
    }
    let needed = |keys: Option<PathKeys>, path: &Path| {
        keys.filter(|keys| !keys.is_empty() && !path.pathkeys.starts_with(keys))
    };
    let plan = MergePlan {
        outer_sort: needed(plan.outer_sort, outer),
        inner_sort: needed(plan.inner_sort, inner),
        ..plan
    };
    let initial = mergejoin_lower_bound(root, jointype, outer, inner, &plan);
    let needed = if kind == Kind::Whole { required } else { 0 };
    if !is_worth(root, extra, &initial, pathkeys, needed, kind) {
        return;
    }
    if let Some(path) =
        mergejoin_path(root, extra, jointype, (outer, inner), pathkeys, needed, plan, &initial)
    {
        keep(root, extra, path, kind);
    }
}

fn mergejoin_lower_bound(
    root: &Root<'_>,
    jointype: JoinType,
    outer: &Path,
    inner: &Path,
    plan: &MergePlan,
) -> Initial {
    let key = plan.outer_sort.as_ref().unwrap_or(&outer.pathkeys).first().copied();
    let range = match (plan.clauses.first(), key) {
        (Some(first), Some(key)) if jointype != JoinType::Full => {
            merge_range(root, jointype, first, key, outer.relids)
        }
        _ => MergeRange { outer_start: 0.0, outer_end: 1.0, inner_start: 0.0, inner_end: 1.0 },
    };
    let sorted = |keys: &Option<PathKeys>, path: &Path| match keys {
        Some(_) => {
            let rows = if path.rows <= 0.0 { 1.0 } else { path.rows };
            let cost = sort(root.settings(), path.total, rows, path.target.width, 0.0, -1.0);
            Input { cost, ..path.as_input() }
        }
        None => path.as_input(),
    };
    let outer_input = sorted(&plan.outer_sort, outer);
    let inner_input = sorted(&plan.inner_sort, inner);
    initial_mergejoin((outer.rows, inner.rows), outer_input, inner_input, range)
}

/// `cached_scansel`
fn merge_range(
    root: &Root<'_>,
    jointype: JoinType,
    clause: &Clause,
    key: PathKey,
    outer: Relids,
) -> MergeRange {
    let Some(sides) = &clause.compare else {
        return MergeRange { outer_start: 0.0, outer_end: 1.0, inner_start: 0.0, inner_end: 1.0 };
    };
    let scan = match clause.merge_scan.get() {
        Some((desc, nulls_first, scan)) if (desc, nulls_first) == (key.desc, key.nulls_first) => {
            scan
        }
        _ => {
            let scan = merge::merge_scan_selectivity(
                &root.scope,
                &sides.left,
                &sides.right,
                key.desc,
                key.nulls_first,
            );
            clause.merge_scan.set(Some((key.desc, key.nulls_first, scan)));
            scan
        }
    };
    let mut range = if is_subset(sides.left_relids, outer) {
        MergeRange {
            outer_start: scan.left_start,
            outer_end: scan.left_end,
            inner_start: scan.right_start,
            inner_end: scan.right_end,
        }
    } else {
        MergeRange {
            outer_start: scan.right_start,
            outer_end: scan.right_end,
            inner_start: scan.left_start,
            inner_end: scan.left_end,
        }
    };
    if matches!(jointype, JoinType::Left | JoinType::Anti) {
        (range.outer_start, range.outer_end) = (0.0, 1.0);
    } else if jointype == JoinType::Right {
        (range.inner_start, range.inner_end) = (0.0, 1.0);
    }
    range
}

#[expect(clippy::too_many_arguments, reason = "one place calls it, with what it has at hand")]
fn mergejoin_path(
    root: &mut Root<'_>,
    extra: &Extra,
    jointype: JoinType,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    pathkeys: &PathKeys,
    required: Relids,
    plan: MergePlan,
    initial: &Initial,
) -> Option<Path> {
    let (param, clauses) = with_params(root, extra, (outer, inner), required);
    let rows = path_rows(root, extra, param.as_ref().map(|p| p.rows), outer.parallel_workers);
    let rel = root.rels.get(extra.join)?;
    let settings = root.settings();
    let merge_cost = clauses_cost(&plan.clauses);
    let other_cost = without(clauses_cost(&clauses), merge_cost);
    let skips_restore = extra.stops_early(jointype) && clauses.len() == plan.clauses.len();
    let pairs = matching_pairs(root, outer, inner, &plan.clauses);
    let is_unique_outer = matches!(&outer.kind, PathKind::Unique(_));
    let inner_path_rows = if inner.rows <= 0.0 { 1.0 } else { inner.rows };
    let rescanned = match is_unique_outer || skips_restore {
        true => 0.0,
        false => (pairs - inner_path_rows).max(0.0),
    };
    let ratio = 1.0 + rescanned / initial.inner_rows;
    let bare = initial.inner_run * ratio;
    let kept = initial.inner_run + settings.cpu_operator_cost * initial.inner_rows * ratio;
    let spills = relation_byte_size(inner_path_rows, inner.target.width) > work_mem_bytes(settings);
    let may_keep = !settings.is_off(Switch::Material);
    let materialize_inner = !skips_restore
        && ((kept < bare && may_keep)
            || (plan.inner_sort.is_none() && !inner.supports_mark())
            || (plan.inner_sort.is_some() && spills && may_keep));
    let mut run = initial.run + if materialize_inner { kept } else { bare };
    let mut startup = initial.startup + settings.penalty(Switch::MergeJoin) + merge_cost.startup;
    startup += merge_cost.per_tuple * (initial.outer_skip_rows + initial.inner_skip_rows * ratio);
    run += merge_cost.per_tuple
        * ((initial.outer_rows - initial.outer_skip_rows)
            + (initial.inner_rows - initial.inner_skip_rows) * ratio);
    startup += other_cost.startup;
    run += (settings.cpu_tuple_cost + other_cost.per_tuple) * pairs;
    startup += rel.target.cost.startup;
    run += rel.target.cost.per_tuple * rows;
    Some(Path {
        kind: PathKind::Join(Box::new(JoinPath {
            method: JoinMethod::Merge,
            jointype,
            inner_unique: extra.inner_unique,
            outer: outer.clone(),
            inner: inner.clone(),
            clauses,
            method_clauses: plan.clauses.into(),
            outer_sort: plan.outer_sort,
            inner_sort: plan.inner_sort,
            materialize_inner,
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
        parallel_workers: outer.parallel_workers,
    })
}
