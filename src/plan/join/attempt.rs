//! One join of two paths by one method: costed, and kept if it is worth it (PostgreSQL's
//! `try_nestloop_path`, `try_mergejoin_path`, `try_hashjoin_path` in `joinpath.c` and the
//! `create_*_path` functions behind them).

use std::rc::Rc;

use crate::estimate::{hash, merge};
use crate::plan::add_path::{
    add_partial_path, add_path, is_partial_worth_building, is_worth_building,
};
use crate::plan::clause::{Clause, Clauses, QualCost, clauses_cost};
use crate::plan::cost::gather::parallel_divisor;
use crate::plan::cost::join::{
    Initial, MergeRange, SemiFactors, initial_hashjoin, initial_mergejoin, initial_nestloop,
    memoize_rescan, nestloop_pairs, rescan_kept,
};
use crate::plan::cost::sort::sort;
use crate::plan::cost::{Cost, Input, hash_memory_limit, relation_byte_size, work_mem_bytes};
use crate::plan::estimates::{clause_selectivity, num_groups};
use crate::plan::params::{is_movable_into, joinrel_param_info};
use crate::plan::path::{BitmapQual, IndexClause, JoinMethod, JoinPath, JoinType, Path, PathKind};
use crate::plan::pathkeys::{PathKey, PathKeys};
use crate::plan::relation::clamp_row_est;
use crate::plan::root::{Root, SpecialJoin};
use crate::sql::expr::Expr;
use crate::sql::relids::{Relids, is_subset, overlaps};

/// What all attempts to join two relations share (`JoinPathExtraData`).
pub struct Extra {
    /// The join's position in `Root::rels`.
    pub join: usize,
    /// Its relations.
    pub relids: Relids,
    /// Relations of the outer side.
    pub outer: Relids,
    /// Relations of the inner side.
    pub inner: Relids,
    /// All clauses that are checked at this join.
    pub clauses: Rc<[Rc<Clause>]>,
    /// Those that a merge join can use.
    pub merge_clauses: Clauses,
    /// The special join, or a plain one between the two sides.
    pub special: SpecialJoin,
    /// At most one inner row matches.
    pub inner_unique: bool,
    /// Matches, for joins that stop at the first.
    pub semi: Option<SemiFactors>,
    /// Relations that a join here may be parameterised by.
    pub param_source: Relids,
}

impl Extra {
    fn stops_early(&self, jointype: JoinType) -> bool {
        matches!(jointype, JoinType::Semi | JoinType::Anti) || self.inner_unique
    }

    fn semi_for(&self, jointype: JoinType) -> Option<SemiFactors> {
        self.stops_early(jointype).then(|| self.semi.unwrap_or_default())
    }
}

/// A plain inner join between two sides, as a special join.
pub fn plain_join(left: Relids, right: Relids) -> SpecialJoin {
    SpecialJoin {
        min_left: left,
        min_right: right,
        syn_left: left,
        syn_right: right,
        jointype: JoinType::Inner,
        lhs_strict: false,
        delay_upper_joins: false,
        semi_can_btree: false,
        semi_can_hash: false,
        semi_rhs_exprs: Vec::new(),
    }
}

/// `cost_rescan`: the cost of reading a path again.
fn rescan(root: &Root<'_>, path: &Path) -> Cost {
    let settings = root.settings();
    let (rows, width) = (path.rows, path.target.width);
    let kept = |per_row| Cost { startup: 0.0, total: rescan_kept(settings, rows, width, per_row) };
    match &path.kind {
        PathKind::FunctionScan => Cost { startup: 0.0, total: path.total - path.startup },
        PathKind::Join(join) if join.method == JoinMethod::Hash && join.batches <= 1.0 => {
            Cost { startup: 0.0, total: path.total - path.startup }
        }
        PathKind::CteScan | PathKind::WorkTableScan => kept(settings.cpu_tuple_cost),
        PathKind::Material(_) | PathKind::Sort(_) => kept(settings.cpu_operator_cost),
        PathKind::Memoize(memoize) => {
            let keys: Vec<&Expr> = memoize.keys.iter().collect();
            let distinct = match keys.iter().all(|key| has_known_distinct(root, key)) {
                true => num_groups(root, &keys, memoize.calls),
                false => memoize.calls,
            };
            memoize_rescan(settings, memoize.input.as_input(), memoize.calls, distinct).0
        }
        _ => path.cost(),
    }
}

/// Are distinct values known, not only assumed?
fn has_known_distinct(root: &Root<'_>, expr: &Expr) -> bool {
    expr.columns().iter().all(|column| {
        root.scope
            .info(&Expr::Column(*column))
            .is_some_and(|info| info.basis != crate::estimate::Basis::Default || info.is_unique)
    })
}

/// The rows of a join path: those of its parameters or of the join, divided among workers.
fn path_rows(root: &Root<'_>, extra: &Extra, param: Option<f64>, workers: u32) -> f64 {
    let rows = param.unwrap_or_else(|| root.rels.get(extra.join).map_or(1.0, |rel| rel.rows));
    if workers > 0 { clamp_row_est(rows / parallel_divisor(workers)) } else { rows }
}

/// What is done with a new path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole path.
    Whole,
    /// A worker's part.
    Partial,
}

fn is_worth(
    root: &Root<'_>,
    extra: &Extra,
    initial: &Initial,
    keys: &[PathKey],
    required: Relids,
    kind: Kind,
) -> bool {
    let Some(rel) = root.rels.get(extra.join) else { return false };
    match kind {
        Kind::Whole => is_worth_building(rel, initial.startup, initial.total, keys, required),
        Kind::Partial => is_partial_worth_building(rel, initial.total, keys),
    }
}

fn keep(root: &mut Root<'_>, extra: &Extra, path: Path, kind: Kind) {
    let Some(rel) = root.rels.get_mut(extra.join) else { return };
    match kind {
        Kind::Whole => add_path(rel, path),
        Kind::Partial => add_partial_path(rel, path),
    }
}

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
    let startup = initial.startup + quals.startup + rel.target.cost.startup;
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

/// Relations that a merge or hash join still needs.
fn non_nestloop_required(outer: &Path, inner: &Path) -> Relids {
    outer.required_outer() | inner.required_outer()
}

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

/// `approx_tuple_count`: pairs that satisfy the method's own clauses.
fn matching_pairs(root: &Root<'_>, outer: &Path, inner: &Path, clauses: &[Rc<Clause>]) -> f64 {
    let plain = plain_join(outer.relids, inner.relids);
    let mut kept = 1.0;
    for clause in clauses {
        kept *= clause_selectivity(root, clause, None, JoinType::Inner, Some(&plain));
    }
    clamp_row_est(kept * outer.rows * inner.rows)
}

fn without(all: QualCost, part: QualCost) -> QualCost {
    QualCost { startup: all.startup - part.startup, per_tuple: all.per_tuple - part.per_tuple }
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
    let materialize_inner = !skips_restore
        && (kept < bare
            || (plan.inner_sort.is_none() && !inner.supports_mark())
            || (plan.inner_sort.is_some() && spills));
    let mut run = initial.run + if materialize_inner { kept } else { bare };
    let mut startup = initial.startup + merge_cost.startup;
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

/// The clauses of a join path with the parameters it needs.
fn with_params(
    root: &mut Root<'_>,
    extra: &Extra,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    required: Relids,
) -> (Option<Rc<crate::plan::relation::ParamInfo>>, Rc<[Rc<Clause>]>) {
    if required == 0 {
        return (None, extra.clauses.clone());
    }
    let mut list = extra.clauses.to_vec();
    let sides = (&**outer, &**inner);
    let param = joinrel_param_info(root, extra.join, sides, &extra.special, required, &mut list);
    (param, list.into())
}

/// `try_hashjoin_path`, `try_partial_hashjoin_path`. `is_shared`: all workers build one hash table.
pub fn try_hashjoin(
    root: &mut Root<'_>,
    extra: &Extra,
    jointype: JoinType,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    clauses: &[Rc<Clause>],
    kind: Kind,
    is_shared: bool,
) {
    let required = non_nestloop_required(outer, inner);
    match kind {
        Kind::Whole if required != 0 && !overlaps(required, extra.param_source) => return,
        Kind::Partial if inner.required_outer() != 0 => return,
        _ => {}
    }
    let shared = is_shared.then_some(outer.parallel_workers);
    let all_inner = match is_shared {
        true => inner.rows * parallel_divisor(inner.parallel_workers),
        false => inner.rows,
    };
    let n = clauses.len() as f64;
    let settings = root.settings();
    let initial =
        initial_hashjoin(settings, outer.as_input(), inner.as_input(), n, all_inner, shared);
    let needed = if kind == Kind::Whole { required } else { 0 };
    if !is_worth(root, extra, &initial, &[], needed, kind) {
        return;
    }
    let sides = (outer, inner);
    if let Some(mut path) = hashjoin_path(root, extra, jointype, sides, needed, clauses, &initial) {
        path.parallel_aware = is_shared;
        keep(root, extra, path, kind);
    }
}

/// `final_cost_hashjoin`'s bucket size and most common frequency of the inner side.
fn bucket_stats(root: &Root<'_>, inner: &Path, clauses: &[Rc<Clause>], n: f64) -> (f64, f64) {
    if matches!(inner.kind, PathKind::Unique(_)) {
        return (0.0, 1.0 / n);
    }
    let (mut mcv, mut size) = (1.0_f64, 1.0_f64);
    for clause in clauses {
        let Some(sides) = &clause.compare else { continue };
        let (expr, cache) = match is_subset(sides.right_relids, inner.relids) {
            true => (&sides.right, &clause.right_bucket),
            false => (&sides.left, &clause.left_bucket),
        };
        let (this_mcv, this_size) = match cache.get() {
            Some(known) => known,
            None => {
                let known = hash::bucket_stats(&root.scope, expr, n);
                cache.set(Some(known));
                known
            }
        };
        mcv = mcv.min(this_mcv);
        size = size.min(this_size);
    }
    (mcv, size)
}

/// `disable_cost`: a hash table whose most common value alone does not fit is out of the question.
const DISABLE_COST: f64 = 1.0e10;

fn hashjoin_path(
    root: &mut Root<'_>,
    extra: &Extra,
    jointype: JoinType,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    required: Relids,
    hash_clauses: &[Rc<Clause>],
    initial: &Initial,
) -> Option<Path> {
    let (param, clauses) = with_params(root, extra, (outer, inner), required);
    let rows = path_rows(root, extra, param.as_ref().map(|p| p.rows), outer.parallel_workers);
    let rel = root.rels.get(extra.join)?;
    let settings = root.settings();
    let buckets = initial.buckets * initial.batches;
    let (mcv, bucket) = bucket_stats(root, inner, hash_clauses, buckets);
    let mut startup = initial.startup;
    let mut run = initial.run;
    let common = relation_byte_size(clamp_row_est(inner.rows * mcv), inner.target.width);
    if common > hash_memory_limit(settings) {
        startup += DISABLE_COST;
    }
    let hash_cost = clauses_cost(hash_clauses);
    let other_cost = without(clauses_cost(&clauses), hash_cost);
    startup += hash_cost.startup;
    let pairs = match extra.semi_for(jointype) {
        Some(semi) => {
            let matched = libm::rint(outer.rows * semi.outer_match_frac);
            let scanned = 2.0 / (semi.match_count + 1.0);
            run +=
                hash_cost.per_tuple * matched * clamp_row_est(inner.rows * bucket * scanned) * 0.5;
            run += hash_cost.per_tuple
                * (outer.rows - matched)
                * clamp_row_est(inner.rows / buckets)
                * 0.05;
            if jointype == JoinType::Anti { outer.rows - matched } else { matched }
        }
        None => {
            run += hash_cost.per_tuple * outer.rows * clamp_row_est(inner.rows * bucket) * 0.5;
            matching_pairs(root, outer, inner, hash_clauses)
        }
    };
    startup += other_cost.startup;
    run += (settings.cpu_tuple_cost + other_cost.per_tuple) * pairs;
    startup += rel.target.cost.startup;
    run += rel.target.cost.per_tuple * rows;
    Some(Path {
        kind: PathKind::Join(Box::new(JoinPath {
            method: JoinMethod::Hash,
            jointype,
            inner_unique: extra.inner_unique,
            outer: outer.clone(),
            inner: inner.clone(),
            clauses,
            method_clauses: hash_clauses.into(),
            outer_sort: None,
            inner_sort: None,
            materialize_inner: false,
            batches: initial.batches,
        })),
        relids: extra.relids,
        target: rel.target,
        startup,
        total: startup + run,
        rows,
        pathkeys: Rc::default(),
        param,
        parallel_safe: rel.consider_parallel && outer.parallel_safe && inner.parallel_safe,
        parallel_aware: false,
        parallel_workers: outer.parallel_workers,
    })
}
