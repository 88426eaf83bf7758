//! UNION, INTERSECT and EXCEPT (PostgreSQL's `prepunion.c`): the arms are planned on their own, then
//! appended, and repeated rows dropped by hashing or sorting.
//!
//! A query of UNION ALL only is a relation with its arms as parts (`flatten_simple_union_all`). An
//! arm that is a plain SELECT of one relation is read in place.

pub mod append;
pub mod columns;
mod combine;
mod merge;
mod recursive;

use std::rc::Rc;

use super::cheapest_fractional_path;
use super::finish::finish;
use super::limit::{limits, preprocess_limit};
use super::ordered::ordered_rel;
use crate::estimate::types::default_width;
use crate::plan::add_path::{add_partial_path, add_path, set_cheapest};
use crate::plan::estimates::{expr_width, num_groups};
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::{PathKeys, pathkeys_of_sort};
use crate::plan::prepare::plan_subquery;
use crate::plan::relation::{Rel, clamp_row_est};
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::query::{Query, SetKind, SetOperation, Target as SelectItem};
use columns::sort_key;

pub use append::{is_pulled_up, mark_arms, union_all_arms};

/// The rows of an arm, or of a set operation.
pub struct Arm<'a> {
    /// Its paths.
    pub rel: Rel<'a>,
    /// Types of its columns.
    pub types: Vec<String>,
    /// Bytes of its columns.
    pub widths: Vec<f64>,
    /// Distinct rows, as far as can be told.
    pub groups: f64,
}

/// How an arm becomes a path.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ArmStyle {
    /// A column tells which arm a row comes from.
    has_flag: bool,
    /// It has columns that only its ORDER BY or the like needs, which are left out.
    has_junk: bool,
    /// It is read in place: no scan of a subquery.
    is_pulled_up: bool,
    /// Its path is the best for this part of the rows.
    chosen_by: f64,
}

/// Plans a query that is a set operation, with its ORDER BY and LIMIT.
pub fn plan_set_operation(root: &mut Root<'_>) -> Result<(), String> {
    let Some(operation) = root.query.set_operation.clone() else {
        return Err("no set operation".to_owned());
    };
    preprocess_limit(root);
    let is_recursive = recursive::is_recursive(root);
    if is_union_all(&operation) && !is_recursive {
        let rel = append::union_all_rel(root, &operation)?;
        return finish_ordered(root, rel);
    }
    if !root.query.order_by.is_empty() {
        root.tuple_fraction = 0.0;
    }
    let rel = if is_recursive {
        recursive::recursive_rel(root, &operation)?
    } else {
        operation_rel(root, &operation)?.rel
    };
    finish_ordered(root, rel)
}

/// ORDER BY and what follows it.
fn finish_ordered<'a>(root: &mut Root<'a>, mut rel: Rel<'a>) -> Result<(), String> {
    if rel.cheapest_total.is_none() {
        return Err("no plan for a set operation".to_owned());
    }
    let target = rel.target;
    let keys: Vec<_> = root.query.order_by.iter().map(|key| sort_key(root, key)).collect();
    if !keys.is_empty() {
        root.sort_pathkeys = pathkeys_of_sort(root, &keys);
        let limit_tuples = limits(&root.query).tuples();
        rel = ordered_rel(root, &rel, None, true, limit_tuples);
    }
    finish(root, &rel, target);
    Ok(())
}

/// Are all operations UNION ALL?
fn is_union_all(operation: &SetOperation) -> bool {
    let is_simple = |query: &Query| match inner_operation(query) {
        Some(inner) => is_union_all(inner),
        None => true,
    };
    operation.kind == SetKind::Union
        && operation.all
        && is_simple(&operation.left)
        && is_simple(&operation.right)
}

/// The set operation of an arm that is nothing else: with its own ORDER BY, LIMIT or WITH it is planned
/// as a query.
pub(super) fn inner_operation(query: &Query) -> Option<&SetOperation> {
    let is_bare = query.order_by.is_empty()
        && query.limit.is_none()
        && query.offset.is_none()
        && query.ctes.is_empty();
    query.set_operation.as_ref().filter(|_| is_bare)
}

/// `recurse_set_operations`
pub(super) fn arm<'a>(
    root: &mut Root<'a>,
    query: &Query,
    has_flag: bool,
) -> Result<Arm<'a>, String> {
    match inner_operation(query) {
        None => {
            let chosen_by = root.tuple_fraction;
            leaf(root, query, ArmStyle { has_flag, chosen_by, ..ArmStyle::default() })
        }
        Some(operation) => {
            let operation = operation.clone();
            let arm = at_depth(root, 1, |root| operation_rel(root, &operation))?;
            Ok(if has_flag { combine::with_flag(root, arm) } else { arm })
        }
    }
}

/// Arms of an operation inside the operation were written further down, and count levels from there.
fn at_depth<'a, T>(root: &mut Root<'a>, depth: usize, plan: impl FnOnce(&mut Root<'a>) -> T) -> T {
    let levels = root.environment.ctes.len();
    root.environment.ctes.resize(levels + depth, Rc::default());
    let planned = plan(root);
    root.environment.ctes.truncate(levels);
    planned
}

/// A set operation inside the query.
fn operation_rel<'a>(root: &mut Root<'a>, operation: &SetOperation) -> Result<Arm<'a>, String> {
    match operation.kind {
        SetKind::Union => combine::union_rel(root, operation),
        SetKind::Intersect | SetKind::Except => combine::other_rel(root, operation),
    }
}

/// An arm that is planned as a query.
fn leaf<'a>(root: &mut Root<'a>, query: &Query, style: ArmStyle) -> Result<Arm<'a>, String> {
    let fraction = root.tuple_fraction;
    let inner = plan_subquery(root.configuration, query, &root.environment, fraction)?;
    let Some(last) = &inner.upper else { return Err("an arm without a plan".to_owned()) };
    let Some(best) = cheapest_fractional_path(last, style.chosen_by) else {
        return Err("an arm without a plan".to_owned());
    };
    let exprs = output_exprs(&inner.query);
    let types = columns::types(&inner);
    let widths = output_widths(&inner, &exprs, &types);
    let width: f64 = widths.iter().sum();
    let groups = if is_distinct_already(&inner) || exprs.is_empty() {
        best.rows
    } else {
        num_groups(&inner, &exprs, best.rows)
    };
    let mut rel = Rel::new(0);
    rel.consider_parallel = last.consider_parallel;
    rel.consider_startup = fraction > 0.0;
    rel.target.width = width + if style.has_flag { 4.0 } else { 0.0 };
    rel.rows = clamp_row_est(best.rows);
    let at = root.arms.len();
    let style = ArmStyle { has_junk: has_hidden_columns(&inner), ..style };
    let path = arm_path(root, &rel, &best, at, style);
    add_path(&mut rel, path);
    if rel.consider_parallel
        && let Some(partial) = last.partial_paths.first()
    {
        let path = arm_path(root, &rel, partial, at, style);
        add_partial_path(&mut rel, path);
    }
    set_cheapest(&mut rel);
    root.arms.push(Box::new(inner));
    Ok(Arm { rel, types, widths, groups })
}

/// `create_subqueryscan_path`: passing each row costs, though the node is only shown if it adds or
/// leaves out a column.
fn arm_path(root: &Root<'_>, rel: &Rel<'_>, path: &Rc<Path>, at: usize, style: ArmStyle) -> Path {
    let per_row = if style.is_pulled_up { 0.0 } else { root.settings().cpu_tuple_cost };
    Path {
        kind: PathKind::Arm {
            root: at,
            path: path.clone(),
            is_shown: style.has_flag || style.has_junk,
        },
        relids: 0,
        target: rel.target,
        startup: path.startup,
        total: path.total + per_row * path.rows,
        rows: clamp_row_est(path.rows),
        pathkeys: PathKeys::default(),
        param: None,
        parallel_safe: rel.consider_parallel && path.parallel_safe,
        parallel_aware: false,
        parallel_workers: path.parallel_workers,
    }
}

fn output_exprs(query: &Query) -> Vec<&Expr> {
    let expr = |target: &'_ SelectItem| matches!(target, SelectItem::Expr(..));
    let items = query.targets.iter().filter(|target| expr(target));
    items
        .filter_map(|target| match target {
            SelectItem::Expr(expr, _) => Some(expr),
            SelectItem::Star(_) => None,
        })
        .collect()
}

/// Bytes of each output column.
fn output_widths(inner: &Root<'_>, exprs: &[&Expr], types: &[String]) -> Vec<f64> {
    if inner.query.set_operation.is_some() {
        return types.iter().map(|data_type| default_width(data_type)).collect();
    }
    exprs.iter().map(|expr| expr_width(inner, expr)).collect()
}

/// Does ORDER BY, GROUP BY, DISTINCT ON or a window need a column that is not among the output?
pub fn has_hidden_columns(inner: &Root<'_>) -> bool {
    let query = &inner.query;
    let exprs = output_exprs(query);
    let windows = super::windows::all_windows(inner);
    let of_windows = windows.iter().flat_map(|window| {
        window.partition_by.iter().chain(window.order_by.iter().map(|key| &key.expr))
    });
    let keys = query.order_by.iter().map(|key| &key.expr).chain(of_windows);
    let mut keys = keys.chain(&query.group_by).chain(query.distinct.iter().flatten());
    query.set_operation.is_none() && keys.any(|key| !exprs.contains(&key))
}

/// Groups and DISTINCT are taken to be distinct rows.
fn is_distinct_already(inner: &Root<'_>) -> bool {
    let query = &inner.query;
    !query.group_by.is_empty()
        || !query.grouping_sets.is_empty()
        || query.distinct.is_some()
        || !query.having.is_empty()
        || super::aggregates::has_aggregates(inner)
}
