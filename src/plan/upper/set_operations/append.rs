//! The arms one after the other (`create_append_path`; for a query of UNION ALL only also
//! `add_paths_to_append_rel` in `allpaths.c`).

use std::cmp::Ordering;
use std::rc::Rc;

use super::combine::union_of;
use super::merge::add_merges;
use super::{Arm, ArmStyle, at_depth, columns, inner_operation, leaf, output_exprs};
use crate::order;
use crate::plan::add_path::{
    Criterion, add_partial_path, add_path, compare_path_costs, set_cheapest,
};
use crate::plan::cost::append;
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::PathKeys;
use crate::plan::relation::Rel;
use crate::plan::root::Root;
use crate::plan::upper::gather::useful_gather_paths;
use crate::read::settings::Switch;
use crate::sql::expr::Expr;
use crate::sql::functions::{has_aggregate, has_set_returning, has_volatile, has_window};
use crate::sql::query::{Command, JoinTree, Query, SetOperation};

/// `create_append_path`
pub fn append_path(root: &Root<'_>, rel: &Rel<'_>, inputs: Vec<Rc<Path>>) -> Path {
    let all: Vec<&Path> = inputs.iter().map(AsRef::as_ref).collect();
    let (cost, rows) = append::append(root.settings(), &all);
    let parallel_safe = rel.consider_parallel && all.iter().all(|input| input.parallel_safe);
    Path {
        kind: PathKind::Append(inputs),
        relids: rel.relids,
        target: rel.target,
        startup: cost.startup,
        total: cost.total,
        rows,
        pathkeys: PathKeys::default(),
        param: None,
        parallel_safe,
        parallel_aware: false,
        parallel_workers: 0,
    }
}

/// The same when workers share the inputs: `whole` ones are run by one worker each. Where
/// `enable_parallel_append` is off, all workers run one input after the other; there are no whole ones.
pub fn parallel_append_path(
    root: &Root<'_>,
    rel: &Rel<'_>,
    mut whole: Vec<Rc<Path>>,
    mut partial: Vec<Rc<Path>>,
    workers: u32,
) -> Path {
    if root.settings().is_off(Switch::ParallelAppend) {
        return Path { parallel_workers: workers, ..append_path(root, rel, partial) };
    }
    let dearest = |by: Criterion| {
        move |a: &Rc<Path>, b: &Rc<Path>| -> Ordering { compare_path_costs(b, a, by) }
    };
    order::sort_by(&mut whole, dearest(Criterion::Total));
    order::sort_by(&mut partial, dearest(Criterion::Startup));
    let n_whole = whole.len();
    whole.extend(partial);
    let all: Vec<&Path> = whole.iter().map(AsRef::as_ref).collect();
    let (cost, rows) = append::parallel_append(root.settings(), &all, n_whole, workers);
    let plain = append_path(root, rel, whole);
    Path {
        startup: cost.startup,
        total: cost.total,
        rows,
        parallel_aware: true,
        parallel_workers: workers,
        ..plain
    }
}

/// Workers for so many inputs: as many as the one that wants most, more for many inputs.
pub fn append_workers(root: &Root<'_>, partial: &[Rc<Path>], n_inputs: usize) -> u32 {
    let most = partial.iter().map(|path| path.parallel_workers).max().unwrap_or(0);
    if root.settings().is_off(Switch::ParallelAppend) {
        return most;
    }
    let by_count = usize::BITS - n_inputs.leading_zeros();
    most.max(by_count).min(root.settings().max_parallel_workers_per_gather)
}

/// A query of UNION ALL only. Arms of different types are no parts of one relation: they are scanned
/// as subqueries that cast.
pub fn union_all_rel<'a>(root: &mut Root<'a>, operation: &SetOperation) -> Result<Rel<'a>, String> {
    let mut queries = Vec::new();
    flatten(&operation.left, 0, &mut queries);
    flatten(&operation.right, 0, &mut queries);
    // An order of the whole needs all rows of each.
    let fraction = root.tuple_fraction;
    if !root.query.order_by.is_empty() {
        root.tuple_fraction = 0.0;
    }
    let mut arms = Vec::new();
    for (query, depth) in &queries {
        let style = ArmStyle { is_pulled_up: is_pulled_up(query), ..ArmStyle::default() };
        arms.push(at_depth(root, *depth, |root| leaf(root, query, style))?);
    }
    root.tuple_fraction = fraction;
    let types = columns::common_types(&arms);
    if arms.iter().all(|arm| columns::fits(arm, &types)) {
        return append_rel(root, &queries, &arms);
    }
    let arms = queries.iter().zip(arms).map(|((query, _), arm)| match is_pulled_up(query) {
        true => scanned(root, arm),
        false => arm,
    });
    let arms = arms.collect();
    Ok(union_of(root, operation.all, arms).rel)
}

/// An arm that was read in place, as the scan of a subquery.
fn scanned<'a>(root: &Root<'a>, mut arm: Arm<'a>) -> Arm<'a> {
    let per_row = root.settings().cpu_tuple_cost;
    let scanned = |path: &Rc<Path>| {
        Rc::new(Path { total: path.total + per_row * path.rows, ..(**path).clone() })
    };
    arm.rel.paths = arm.rel.paths.iter().map(scanned).collect();
    arm.rel.partial_paths = arm.rel.partial_paths.iter().map(scanned).collect();
    set_cheapest(&mut arm.rel);
    arm
}

/// The arms as parts of one relation.
fn append_rel<'a>(
    root: &mut Root<'a>,
    queries: &[(&Query, usize)],
    arms: &[Arm<'a>],
) -> Result<Rel<'a>, String> {
    let mut rel = Rel::new(0);
    rel.consider_startup = root.tuple_fraction > 0.0;
    rel.consider_parallel = arms.iter().all(|arm| arm.rel.consider_parallel);
    // Widths are weighted by rows.
    let bytes: f64 = arms.iter().map(|arm| arm.rel.target.width * arm.rel.rows).sum();
    rel.rows = arms.iter().map(|arm| arm.rel.rows).sum();
    rel.target.width = libm::rint(bytes / rel.rows.max(1.0));
    let cheapest = arms.iter().filter_map(|arm| arm.rel.cheapest_total.clone()).collect();
    let path = append_path(root, &rel, cheapest);
    add_path(&mut rel, path);
    add_merges(root, &mut rel, queries, arms)?;
    if rel.consider_parallel {
        add_partial(root, &mut rel, arms);
        useful_gather_paths(root, &mut rel, false);
    }
    set_cheapest(&mut rel);
    Ok(rel)
}

/// Is the query nothing but UNION ALL, so that whoever reads it can read its arms
/// (`flatten_simple_union_all`)? Those that are read in place are marked, before conditions are moved
/// into them.
pub fn mark_arms(query: &mut Query) -> bool {
    if union_all_arms(query).is_none() {
        return false;
    }
    mark(query);
    true
}

/// The arms of such a query, and how much further down than its operation each was written.
pub fn union_all_arms(query: &Query) -> Option<Vec<(&Query, usize)>> {
    let operation = inner_operation(query).filter(|operation| super::is_union_all(operation))?;
    let mut arms = Vec::new();
    flatten(&operation.left, 0, &mut arms);
    flatten(&operation.right, 0, &mut arms);
    Some(arms)
}

fn mark(query: &mut Query) {
    if inner_operation(query).is_some()
        && let Some(operation) = &mut query.set_operation
    {
        mark(&mut operation.left);
        mark(&mut operation.right);
        return;
    }
    query.is_in_place = is_pulled_up(query);
}

/// `is_safe_append_member`: a plain SELECT of at most one relation, without conditions of its own.
pub fn is_pulled_up(query: &Query) -> bool {
    query.is_in_place || is_plain_select(query)
}

fn is_plain_select(query: &Query) -> bool {
    let is_plain = |expr: &Expr| {
        !has_aggregate(expr) && !has_window(expr) && !has_set_returning(expr) && !has_volatile(expr)
    };
    query.command == Command::Select
        && query.set_operation.is_none()
        && query.ctes.is_empty()
        && query.conditions.is_empty()
        && query.having.is_empty()
        && query.group_by.is_empty()
        && query.grouping_sets.is_empty()
        && query.distinct.is_none()
        && query.order_by.is_empty()
        && query.limit.is_none()
        && query.offset.is_none()
        && !query.for_update
        && matches!(query.from.as_slice(), [] | [JoinTree::Relation(_)])
        && output_exprs(query).into_iter().all(is_plain)
}

/// The arms, and how much further down than the operation each was written.
fn flatten<'q>(query: &'q Query, depth: usize, out: &mut Vec<(&'q Query, usize)>) {
    match inner_operation(query) {
        Some(operation) => {
            flatten(&operation.left, depth + 1, out);
            flatten(&operation.right, depth + 1, out);
        }
        None => out.push((query, depth)),
    }
}

/// Appends that workers share: of partial paths, and of whole ones where these are cheaper.
fn add_partial(root: &Root<'_>, rel: &mut Rel<'_>, arms: &[Arm<'_>]) {
    let partial: Vec<Rc<Path>> =
        arms.iter().filter_map(|arm| arm.rel.partial_paths.first().cloned()).collect();
    let mut rows = None;
    if partial.len() == arms.len() {
        let workers = append_workers(root, &partial, partial.len());
        if workers > 0 {
            let path = parallel_append_path(root, rel, Vec::new(), partial, workers);
            rows = Some(path.rows);
            add_partial_path(rel, path);
        }
    }
    let mut whole = Vec::new();
    let mut shared = Vec::new();
    for arm in arms {
        let safe = arm.rel.cheapest_total.clone().filter(|path| path.parallel_safe);
        match (arm.rel.partial_paths.first(), safe) {
            (None, None) => return,
            (None, Some(safe)) => whole.push(safe),
            (Some(partial), Some(safe)) if partial.total >= safe.total => whole.push(safe),
            (Some(partial), _) => shared.push(partial.clone()),
        }
    }
    if whole.is_empty() || root.settings().is_off(Switch::ParallelAppend) {
        return;
    }
    let workers = append_workers(root, &shared, arms.len());
    if workers > 0 {
        let mut path = parallel_append_path(root, rel, whole, shared, workers);
        path.rows = rows.unwrap_or(path.rows);
        add_partial_path(rel, path);
    }
}
