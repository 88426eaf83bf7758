//! UNION ALL in order (`generate_orderedappend_paths` in `allpaths.c`): arms that an index delivers in
//! the order of the whole are merged, the others sorted first.

use std::rc::Rc;

use super::columns::sort_key;
use super::{Arm, ArmStyle, arm_path, at_depth, output_exprs};
use crate::plan::add_path::{Criterion, add_path, compare_path_costs};
use crate::plan::cost::append;
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::{PathKeys, pathkeys_of_sort};
use crate::plan::prepare::plan_subquery;
use crate::plan::relation::Rel;
use crate::plan::root::Root;
use crate::plan::upper::build::sort_path;
use crate::sql::expr::Expr;
use crate::sql::query::{Query, SortKey};

/// Adds merges of the arms, if at least one is in order by itself.
pub fn add_merges<'a>(
    root: &mut Root<'a>,
    rel: &mut Rel<'a>,
    queries: &[(&Query, usize)],
    arms: &[Arm<'a>],
) -> Result<(), String> {
    let keys: Vec<SortKey> = root.query.order_by.iter().map(|key| sort_key(root, key)).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let pathkeys = pathkeys_of_sort(root, &keys);
    let mut in_order: Vec<Vec<Path>> = Vec::new();
    for ((query, depth), arm) in queries.iter().zip(arms) {
        let ordered = |root: &mut Root<'a>| ordered_paths(root, query, arm, &keys, &pathkeys);
        in_order.push(at_depth(root, *depth, ordered)?);
    }
    if in_order.iter().all(Vec::is_empty) {
        return Ok(());
    }
    for by in [Criterion::Startup, Criterion::Total] {
        let mut inputs: Vec<Rc<Path>> = Vec::new();
        for (arm, paths) in arms.iter().zip(&in_order) {
            let best = paths.iter().min_by(|a, b| compare_path_costs(a, b, by));
            match (best, &arm.rel.cheapest_total) {
                (Some(best), _) => inputs.push(Rc::new(best.clone())),
                (None, Some(whole)) => {
                    let limit = root.limit_tuples;
                    inputs.push(Rc::new(sort_path(root, &arm.rel, whole, &pathkeys, limit)));
                }
                (None, None) => return Ok(()),
            }
        }
        let path = merge_append_path(root, rel, inputs, &pathkeys);
        add_path(rel, path);
    }
    Ok(())
}

/// Paths of an arm that are sorted without a Sort node.
fn ordered_paths<'a>(
    root: &mut Root<'a>,
    query: &Query,
    arm: &Arm<'a>,
    keys: &[SortKey],
    pathkeys: &PathKeys,
) -> Result<Vec<Path>, String> {
    if !super::append::is_pulled_up(query) {
        return Ok(Vec::new());
    }
    let exprs = output_exprs(query);
    let own = |key: &SortKey| match &key.expr {
        Expr::Column(column) => {
            let expr = exprs.get(usize::from(column.column))?;
            Some(SortKey { expr: (*expr).clone(), ..key.clone() })
        }
        _ => None,
    };
    let Some(order_by) = keys.iter().map(own).collect::<Option<Vec<SortKey>>>() else {
        return Ok(Vec::new());
    };
    let query = Query { order_by, ..query.clone() };
    let fraction = root.tuple_fraction;
    let inner = plan_subquery(root.configuration, &query, &root.environment, fraction)?;
    let at = root.arms.len();
    let style = ArmStyle { is_pulled_up: true, ..ArmStyle::default() };
    let paths = inner.upper.as_ref().map_or(&[] as &[Rc<Path>], |rel| &rel.paths);
    let has_sort =
        |path: &Path| matches!(path.kind, PathKind::Sort(_) | PathKind::IncrementalSort(..));
    let found: Vec<Path> = paths
        .iter()
        .filter(|path| !has_sort(path))
        .map(|path| {
            let path = arm_path(root, &arm.rel, path, at, style);
            Path { pathkeys: pathkeys.clone(), ..path }
        })
        .collect();
    root.arms.push(Box::new(inner));
    Ok(found)
}

/// `create_merge_append_path` of sorted inputs.
fn merge_append_path(
    root: &Root<'_>,
    rel: &Rel<'_>,
    inputs: Vec<Rc<Path>>,
    pathkeys: &PathKeys,
) -> Path {
    let (cost, rows) = append::merge_append(root.settings(), &inputs);
    let parallel_safe = rel.consider_parallel && inputs.iter().all(|path| path.parallel_safe);
    Path {
        kind: PathKind::MergeAppend(inputs),
        relids: 0,
        target: rel.target,
        startup: cost.startup,
        total: cost.total,
        rows,
        pathkeys: pathkeys.clone(),
        param: None,
        parallel_safe,
        parallel_aware: false,
        parallel_workers: 0,
    }
}
