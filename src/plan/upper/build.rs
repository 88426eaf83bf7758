//! Paths of single nodes over others (`pathnode.c`).

use std::rc::Rc;

use crate::plan::clause::QualCost;
use crate::plan::cost::agg::{self, AggCosts, Grouping};
use crate::plan::cost::limit::{self, Limits};
use crate::plan::cost::{Cost, Filter, Input, gather, modify, setop, sort, window};
use crate::plan::path::{AggPath, Path, PathKind};
use crate::plan::pathkeys::{PathKey, PathKeys};
use crate::plan::relation::{Rel, Target};
use crate::plan::root::Root;
use crate::sql::expr::Expr;

/// What a path gives to the node above it.
pub fn input_of(path: &Path) -> Input {
    let cost = Cost { startup: path.startup, total: path.total };
    Input { cost, rows: path.rows, width: path.target.width }
}

/// A node over one input that keeps its order and its row.
fn over(rel: &Rel<'_>, input: &Rc<Path>, kind: PathKind, cost: Cost, rows: f64) -> Path {
    Path {
        kind,
        relids: input.relids,
        target: input.target,
        startup: cost.startup,
        total: cost.total,
        rows,
        pathkeys: input.pathkeys.clone(),
        param: None,
        parallel_safe: rel.consider_parallel && input.parallel_safe,
        parallel_aware: false,
        parallel_workers: input.parallel_workers,
    }
}

/// Adds what computing the target costs, for nodes that compute it themselves.
fn computing(mut path: Path, target: Target) -> Path {
    path.target = target;
    path.startup += target.cost.startup;
    path.total += target.cost.startup + target.cost.per_tuple * path.rows;
    path
}

/// `create_sort_path`. `limit_tuples`: rows wanted, -1 for all.
pub fn sort_path(
    root: &Root<'_>,
    rel: &Rel<'_>,
    input: &Rc<Path>,
    pathkeys: &PathKeys,
    limit_tuples: f64,
) -> Path {
    let width = input.target.width;
    let cost = sort::sort(root.settings(), input.total, input.rows, width, 0.0, limit_tuples);
    let path = over(rel, input, PathKind::Sort(input.clone()), cost, input.rows);
    Path { pathkeys: pathkeys.clone(), ..path }
}

/// `create_incremental_sort_path`: the input is sorted by the first `presorted` keys.
pub fn incremental_sort_path(
    root: &Root<'_>,
    rel: &Rel<'_>,
    input: &Rc<Path>,
    pathkeys: &PathKeys,
    presorted: usize,
    limit_tuples: f64,
) -> Path {
    let read = input_of(input);
    let rows = if read.rows < 2.0 { 2.0 } else { read.rows };
    let groups = presorted_groups(root, pathkeys, presorted, rows);
    let cost = sort::incremental_sort(root.settings(), &read, groups, 0.0, limit_tuples);
    let kind = PathKind::IncrementalSort(input.clone(), presorted);
    Path { pathkeys: pathkeys.clone(), ..over(rel, input, kind, cost, rows) }
}

/// Groups of equal leading keys; at most 200 where nothing is known of them.
fn presorted_groups(root: &Root<'_>, pathkeys: &[PathKey], presorted: usize, rows: f64) -> f64 {
    let first_member = |key: &PathKey| {
        let class = root.classes.get(key.class)?;
        Some(class.members.first()?.expr.clone())
    };
    let exprs: Option<Vec<Rc<Expr>>> = pathkeys.iter().take(presorted).map(first_member).collect();
    let is_known = |expr: &Rc<Expr>| {
        expr.columns().iter().all(|column| root.base(usize::from(column.relation)).is_some())
    };
    let Some(exprs) = exprs.filter(|exprs| exprs.iter().all(is_known)) else {
        return rows.min(200.0);
    };
    let exprs: Vec<&Expr> = exprs.iter().map(AsRef::as_ref).collect();
    crate::plan::estimates::num_groups(root, &exprs, rows)
}

/// What an aggregation node does.
#[derive(Debug, Clone)]
pub struct AggStep<'s> {
    /// How, and how many groups.
    pub grouping: Grouping,
    /// Which part of the work.
    pub split: crate::plan::path::AggSplit,
    /// What it groups by.
    pub keys: &'s [Expr],
    /// HAVING.
    pub having: &'s [Expr],
    /// Its cost and selectivity.
    pub filter: Option<Filter>,
    /// What the aggregates cost.
    pub costs: AggCosts,
    /// What it returns.
    pub target: Target,
}

/// `create_agg_path`
pub fn agg_path(root: &Root<'_>, rel: &Rel<'_>, input: &Rc<Path>, step: &AggStep<'_>) -> Path {
    let read = input_of(input);
    let (cost, rows) = agg::agg(root.settings(), &step.grouping, &step.costs, step.filter, &read);
    let kind = PathKind::Agg(Box::new(AggPath {
        input: input.clone(),
        strategy: step.grouping.strategy,
        split: step.split,
        keys: step.keys.to_vec(),
        having: step.having.to_vec(),
        grouping_sets: Vec::new(),
    }));
    let mut path = computing(over(rel, input, kind, cost, rows), step.target);
    if step.grouping.strategy != crate::plan::path::AggStrategy::Sorted {
        path.pathkeys = PathKeys::default();
    }
    path
}

/// `create_group_path`
pub fn group_path(root: &Root<'_>, rel: &Rel<'_>, input: &Rc<Path>, step: &AggStep<'_>) -> Path {
    let read = input_of(input);
    let (columns, groups) = (step.grouping.columns, step.grouping.groups);
    let (cost, rows) = agg::group(root.settings(), columns, groups, step.filter, &read);
    let kind = PathKind::Group(input.clone(), step.keys.to_vec());
    computing(over(rel, input, kind, cost, rows), step.target)
}

/// `create_upper_unique_path`: compares each row's first `columns` sort keys with the row before.
pub fn unique_path(
    root: &Root<'_>,
    rel: &Rel<'_>,
    input: &Rc<Path>,
    columns: usize,
    groups: f64,
) -> Path {
    let cost = setop::compare_rows(root.settings(), &input_of(input), columns);
    over(rel, input, PathKind::UpperUnique(input.clone()), cost, groups)
}

/// `create_windowagg_path`. `columns`: those of PARTITION BY and ORDER BY.
pub fn window_path(
    root: &Root<'_>,
    rel: &Rel<'_>,
    input: &Rc<Path>,
    functions: &[QualCost],
    columns: usize,
    target: Target,
) -> Path {
    let cost = window::window_agg(root.settings(), functions, columns, &input_of(input));
    let kind = PathKind::WindowAgg(input.clone());
    computing(over(rel, input, kind, cost, input.rows), target)
}

/// `create_limit_path`
pub fn limit_path(rel: &Rel<'_>, input: &Rc<Path>, limits: Limits) -> Path {
    let (cost, rows) = limit::limit(input_of(input).cost, input.rows, limits);
    over(rel, input, PathKind::Limit(input.clone()), cost, rows)
}

/// `create_lockrows_path`: a locked row may have changed, so no order is promised.
pub fn lock_rows_path(root: &Root<'_>, rel: &Rel<'_>, input: &Rc<Path>) -> Path {
    let cost = modify::lock_rows(root.settings(), &input_of(input));
    let path = over(rel, input, PathKind::LockRows(input.clone()), cost, input.rows);
    Path { pathkeys: PathKeys::default(), parallel_safe: false, parallel_workers: 0, ..path }
}

/// `create_modifytable_path`. `operation`: `Insert`, `Update`, `Delete`.
pub fn modify_path(
    rel: &Rel<'_>,
    input: &Rc<Path>,
    operation: &'static str,
    has_returning: bool,
) -> Path {
    let (cost, rows) = modify::modify(&input_of(input), has_returning);
    let kind = PathKind::ModifyTable(input.clone(), operation);
    let mut path = over(rel, input, kind, cost, rows);
    path.pathkeys = PathKeys::default();
    path.parallel_safe = false;
    path.parallel_workers = 0;
    if !has_returning {
        path.target = Target::default();
    }
    path
}

/// `create_gather_path`. `rows`: of all workers together.
pub fn gather_path(root: &Root<'_>, input: &Rc<Path>, target: Target, rows: f64) -> Path {
    let cost = gather::gather(root.settings(), input_of(input).cost, rows);
    let pathkeys =
        if input.parallel_workers == 0 { input.pathkeys.clone() } else { PathKeys::default() };
    gathered(input, PathKind::Gather(input.clone()), target, cost, rows, pathkeys)
}

/// `create_gather_merge_path`: the input must be sorted by `pathkeys`.
pub fn gather_merge_path(
    root: &Root<'_>,
    input: &Rc<Path>,
    target: Target,
    pathkeys: &PathKeys,
    rows: f64,
) -> Path {
    let workers = input.parallel_workers;
    let cost = gather::gather_merge(root.settings(), input_of(input).cost, rows, workers);
    let kind = PathKind::GatherMerge(input.clone());
    gathered(input, kind, target, cost, rows, pathkeys.clone())
}

fn gathered(
    input: &Rc<Path>,
    kind: PathKind,
    target: Target,
    cost: Cost,
    rows: f64,
    pathkeys: PathKeys,
) -> Path {
    Path {
        kind,
        relids: input.relids,
        target,
        startup: cost.startup,
        total: cost.total,
        rows,
        pathkeys,
        param: input.param.clone(),
        parallel_safe: false,
        parallel_aware: false,
        parallel_workers: 0,
    }
}
