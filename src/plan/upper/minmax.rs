//! `min` and `max` by an index (`planagg.c`): each is the first row of a query sorted by its argument.

use std::rc::Rc;

use super::aggregates::Aggregates;
use super::grouping::Groups;
use super::targets::TargetList;
use crate::plan::add_path::add_path;
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::PathKeys;
use crate::plan::prepare::plan_subquery;
use crate::plan::relation::{BaseKind, Rel};
use crate::plan::root::{JoinNode, Root};
use crate::sql::expr::{Expr, Function, Literal};
use crate::sql::mutable::mutable_part;
use crate::sql::query::{Command, JoinTree, Query, SortKey, Target};

/// `preprocess_minmax_aggregates`: adds the path that looks each value up, if all aggregates of the
/// query are such and there is a sorted path for each.
pub fn add_minmax_path(
    root: &mut Root<'_>,
    rel: &mut Rel<'_>,
    aggregates: &Aggregates,
    target: &TargetList,
    groups: &Groups<'_>,
) -> Result<(), String> {
    let query = &root.query;
    let is_simple = query.group_by.is_empty()
        && query.grouping_sets.len() < 2
        && query.ctes.is_empty()
        && query.command == Command::Select
        && !aggregates.is_empty();
    let Some((relation, conditions)) = single_table(root).filter(|_| is_simple) else {
        return Ok(());
    };
    if !super::windows::active_windows(root).is_empty() {
        return Ok(());
    }
    let mut found: Vec<(Root<'_>, Rc<Path>)> = Vec::new();
    for (call, function) in &aggregates.calls {
        let Some(is_max) = function.is_min_max.filter(|_| can_look_up(root, call)) else {
            return Ok(());
        };
        let Some(argument) = call.args.first() else { return Ok(()) };
        let first = first_value(root, relation, &conditions, argument, is_max, is_max);
        let other = || first_value(root, relation, &conditions, argument, is_max, !is_max);
        match first.or_else(other) {
            Some(value) => found.push(value),
            None => return Ok(()),
        }
    }
    let mut cost = 0.0;
    let mut paths = Vec::new();
    for (value, path) in found {
        cost += path.total;
        paths.push(Rc::new(Path {
            kind: PathKind::Arm { root: root.arms.len(), path: path.clone(), is_shown: false },
            ..(*path).clone()
        }));
        root.arms.push(Box::new(value));
    }
    root.minmax.set((0, root.environment.take_params(paths.len())));
    add_path(rel, minmax_path(root, paths, cost, target, groups));
    Ok(())
}

/// `create_minmaxagg_path`
fn minmax_path(
    root: &Root<'_>,
    values: Vec<Rc<Path>>,
    values_cost: f64,
    list: &TargetList,
    groups: &Groups<'_>,
) -> Path {
    let target = list.target;
    let mut startup = values_cost + target.cost.startup;
    let mut total =
        values_cost + target.cost.startup + target.cost.per_tuple + root.settings().cpu_tuple_cost;
    if let Some(filter) = groups.filter {
        startup += filter.cost.startup;
        total += filter.cost.startup + filter.cost.per_tuple;
    }
    Path {
        kind: PathKind::MinMax(values),
        relids: 0,
        target,
        startup,
        total,
        rows: 1.0,
        pathkeys: PathKeys::default(),
        param: None,
        parallel_safe: false,
        parallel_aware: false,
        parallel_workers: 0,
    }
}

/// The only relation, if it is a table, and all conditions.
fn single_table(root: &Root<'_>) -> Option<(usize, Vec<Expr>)> {
    let mut conditions = Vec::new();
    let mut node = &root.jointree;
    while let JoinNode::From(parts, quals) = node {
        conditions.extend(quals.iter().cloned());
        let [only] = parts.as_slice() else { return None };
        node = only;
    }
    let JoinNode::Relation(relation) = node else { return None };
    let is_table = matches!(root.base(*relation)?.kind, BaseKind::Table(..));
    is_table.then_some((*relation, conditions))
}

/// `can_minmax_aggs` for one call.
fn can_look_up(root: &Root<'_>, call: &Function) -> bool {
    let [argument] = call.args.as_slice() else { return false };
    let dialect = root.configuration.catalog.dialect;
    call.order_by.is_empty()
        && call.filter.is_none()
        && mutable_part(argument, dialect, &|_| None).is_none()
        && !matches!(argument, Expr::Row(_))
}

/// `build_minmax_path`: the first row of the query sorted by `argument`, without a sort.
fn first_value<'a>(
    root: &Root<'a>,
    relation: usize,
    conditions: &[Expr],
    argument: &Expr,
    desc: bool,
    nulls_first: bool,
) -> Option<(Root<'a>, Rc<Path>)> {
    let not_null = Expr::IsNull { expr: Box::new(argument.clone()), negated: true };
    let mut all = conditions.to_vec();
    if !all.contains(&not_null) {
        all.insert(0, not_null);
    }
    let query = Query {
        relations: root.query.relations.clone(),
        from: vec![JoinTree::Relation(relation)],
        conditions: all,
        targets: vec![Target::Expr(argument.clone(), None)],
        order_by: vec![SortKey { expr: argument.clone(), desc, nulls_first: Some(nulls_first) }],
        limit: Some(Expr::Literal(Literal::Number("1".to_owned()))),
        ..Query::default()
    };
    let value = plan_subquery(root.configuration, &query, &root.environment, 1.0).ok()?;
    let is_sorted = |path: &&Rc<Path>| match &path.kind {
        PathKind::Limit(input) => {
            !matches!(input.kind, PathKind::Sort(_) | PathKind::IncrementalSort(..))
        }
        _ => false,
    };
    let paths = &value.upper.as_ref()?.paths;
    let best = paths.iter().filter(is_sorted).min_by(|a, b| a.total.total_cmp(&b.total))?.clone();
    Some((value, best))
}
