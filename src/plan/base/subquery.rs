//! A subquery in FROM that stays one (`set_subquery_pathlist` in `allpaths.c`): conditions on its rows
//! move into it where they may, what nobody reads is left out of it, and each of its paths becomes a
//! scan of it.

use std::rc::Rc;

use super::push_down::{Pushed, push_down};
use crate::estimate::Basis;
use crate::estimate::column::{ColumnInfo, DEFAULT_NUM_DISTINCT};
use crate::estimate::sql_type::{expr_width, type_width};
use crate::plan::add_path::{add_partial_path, add_path};
use crate::plan::base::ROW_HEADER;
use crate::plan::cost::Cost;
use crate::plan::estimates::clauselist_selectivity;
use crate::plan::params::baserel_param_info;
use crate::plan::path::{JoinType, Path, PathKind};
use crate::plan::pathkeys::{PathKeys, subquery_pathkeys};
use crate::plan::prepare::plan_subquery;
use crate::plan::relation::{BaseKind, clamp_row_est};
use crate::plan::root::Root;
use crate::plan::upper::set_operations::columns::types_outside;
use crate::plan::upper::set_operations::{columns, mark_arms};
use crate::sql::expr::{ColumnRef, Expr, Literal};
use crate::sql::functions::{has_aggregate, has_set_returning, has_volatile};
use crate::sql::query::{Query, RelationSource, Target};

/// Plans the subquery, with the conditions it can take over.
pub fn plan_in_from(root: &mut Root<'_>, relation: usize) -> Result<(), String> {
    let source = root.query.relations.get(relation).map(|entry| &entry.source);
    let Some(RelationSource::Subquery(query)) = source else { return Ok(()) };
    let mut query = (**query).clone();
    let is_append = mark_arms(&mut query);
    let catalog = root.configuration.catalog;
    let base = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut());
    if let Some(base) = base {
        let pushed =
            push_down(catalog, &mut query, relation, std::mem::take(&mut base.restrictions));
        base.restrictions.clone_from(&pushed.kept);
        remove_unused_outputs(&mut query, &base.attr_needed, &pushed);
    }
    let fraction = if stops_early(root) { root.tuple_fraction } else { 0.0 };
    let sub = plan_subquery(root.configuration, &query, &root.environment, fraction)?;
    let rows = sub.upper.as_ref().and_then(|rel| rel.cheapest_total.as_ref()).map(|path| path.rows);
    let rows = rows.ok_or("a subquery in FROM has no plan")?;
    let columns = output_columns(&sub, rows, true);
    let types = types_outside(&sub);
    let widths: Vec<f64> = output_widths(&sub, &types);
    if let Some(base) = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut()) {
        base.tuples = rows;
        base.kind = BaseKind::Subquery(Box::new(sub));
        base.is_append = is_append;
    }
    if let Some(scope) = root.scope.relations.get_mut(relation) {
        scope.columns = columns;
        scope.types = types;
        scope.widths.clone_from(&widths);
    }
    super::set_widths(root, relation, &|_, column| match column {
        ColumnRef::WHOLE_ROW => ROW_HEADER + widths.iter().sum::<f64>(),
        column => widths.get(usize::from(column)).copied().unwrap_or(32.0),
    });
    Ok(())
}

/// Does the query itself read only a part of this relation's rows?
fn stops_early(root: &Root<'_>) -> bool {
    let query = &root.query;
    root.all_baserels.count_ones() == 1
        && query.group_by.is_empty()
        && query.grouping_sets.is_empty()
        && query.having.is_empty()
        && query.distinct.is_none()
        && query.order_by.is_empty()
        && !query.targets.iter().any(|target| match target {
            Target::Expr(expr, _) => has_aggregate(expr),
            Target::Star(_) => false,
        })
}

/// `remove_unused_subquery_outputs`: columns that nobody reads become NULL.
fn remove_unused_outputs(
    query: &mut Query,
    needed: &crate::sorted::SortedMap<u16, u64>,
    pushed: &Pushed,
) {
    let all_matter = query.set_operation.is_some()
        || query.distinct.as_ref().is_some_and(Vec::is_empty)
        || needed.contains_key(&ColumnRef::WHOLE_ROW);
    if all_matter {
        return;
    }
    let keys: Vec<Expr> = query
        .group_by
        .iter()
        .chain(query.distinct.iter().flatten())
        .chain(query.order_by.iter().map(|key| &key.expr))
        .cloned()
        .collect();
    let is_read = |at: u16| {
        needed.contains_key(&at)
            || pushed.stops.contains(&at)
            || pushed
                .kept
                .iter()
                .any(|clause| clause.expr.columns().iter().any(|column| column.column == at))
    };
    for (at, target) in query.targets.iter_mut().enumerate() {
        let Target::Expr(expr, _) = target else { continue };
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        if is_read(at) || keys.contains(expr) || has_set_returning(expr) || has_volatile(expr) {
            continue;
        }
        // A subquery with a single aggregate must stay one.
        *expr = match has_aggregate(expr) {
            true => continue,
            false => Expr::Literal(Literal::Null),
        };
    }
}

fn output(query: &Query, at: usize) -> Option<&Expr> {
    match query.targets.get(at)? {
        Target::Expr(expr, _) => Some(expr),
        Target::Star(_) => None,
    }
}

/// `set_subquery_size_estimates`: of a plain column the width of that column, else the type's.
fn output_widths(sub: &Root<'_>, types: &[String]) -> Vec<f64> {
    let width = |(at, name): (usize, &String)| match output(&sub.query, at) {
        Some(expr @ Expr::Column(_)) if sub.query.set_operation.is_none() => {
            libm::rint(expr_width(&sub.scope, expr))
        }
        _ => type_width(&sub.scope, name),
    };
    types.iter().enumerate().map(width).collect()
}

/// What is known of a query's output columns, seen from the query that reads its rows
/// (`examine_simple_variable`): of a plain column what is known of that column.
pub fn output_columns<'a>(
    sub: &Root<'a>,
    rows: f64,
    may_look: bool,
) -> Vec<Option<ColumnInfo<'a>>> {
    let n = crate::workload::bind::output_names(&sub.query).len();
    (0..n).map(|at| output_column(sub, at, rows, may_look)).collect()
}

fn output_column<'a>(
    sub: &Root<'a>,
    at: usize,
    rows: f64,
    may_look: bool,
) -> Option<ColumnInfo<'a>> {
    let query = &sub.query;
    if query.set_operation.is_some() {
        let first = sub.arms.first()?;
        let info = output_column(first, at, rows, false)?;
        return Some(ColumnInfo { statistics: None, ..info });
    }
    let expr = output(query, at)?;
    let known = sub.scope.info(expr)?;
    let is_grouped = !query.group_by.is_empty() || !query.grouping_sets.is_empty();
    let is_distinct = match &query.distinct {
        Some(keys) if keys.is_empty() => query.targets.len() == 1,
        Some(keys) => keys.len() == 1 && keys.first() == Some(expr),
        None => false,
    };
    let can_look = may_look
        && !is_grouped
        && query.distinct.is_none()
        && matches!(expr, Expr::Column(column) if column.level == 0);
    Some(seen_from_outside(known, rows, can_look, is_distinct))
}

/// A column of a subquery of so many rows: its own statistics where they can be looked through to, else
/// defaults.
fn seen_from_outside(
    known: ColumnInfo<'_>,
    rows: f64,
    can_look: bool,
    is_distinct: bool,
) -> ColumnInfo<'_> {
    let statistics = known.statistics.filter(|_| can_look);
    let given = statistics.and_then(|statistics| statistics.n_distinct);
    let (n_distinct, basis) = match given {
        _ if is_distinct => (rows, Basis::Constraint),
        Some(fraction) if fraction < 0.0 => ((-fraction * rows).max(1.0), known.basis),
        Some(count) if count > 0.0 => (count.min(rows), known.basis),
        _ => (DEFAULT_NUM_DISTINCT.min(rows), Basis::Default),
    };
    ColumnInfo {
        rows,
        n_distinct,
        statistics,
        basis,
        is_unique: is_distinct,
        null_frac: if statistics.is_some() { known.null_frac } else { 0.0 },
        ..known
    }
}

/// The scans of the subquery's paths.
pub fn add_paths(root: &mut Root<'_>, relation: usize) {
    let needs = root.rels.get(relation).map_or(0, |rel| rel.lateral_relids);
    let param = baserel_param_info(root, relation, needs);
    let Some(base) = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut()) else { return };
    // Taken out while its orders are translated.
    let BaseKind::Subquery(sub) = std::mem::replace(&mut base.kind, BaseKind::Result) else {
        return;
    };
    let upper = sub.upper.as_ref();
    let whole = upper.map(|rel| rel.paths.clone()).unwrap_or_default();
    let parts = upper.map(|rel| rel.partial_paths.clone()).unwrap_or_default();
    for path in whole {
        let keys = translated(root, &sub, relation, &path.pathkeys);
        let scan = scan_path(root, relation, path, keys, param.clone());
        if let (Some(rel), Some(scan)) = (root.rels.get_mut(relation), scan) {
            add_path(rel, scan);
        }
    }
    let may_partial =
        needs == 0 && root.rels.get(relation).is_some_and(|rel| rel.consider_parallel);
    for path in parts.into_iter().filter(|_| may_partial) {
        let keys = translated(root, &sub, relation, &path.pathkeys);
        let scan = scan_path(root, relation, path, keys, None);
        if let (Some(rel), Some(scan)) = (root.rels.get_mut(relation), scan) {
            add_partial_path(rel, scan);
        }
    }
    if let Some(base) = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut()) {
        base.kind = BaseKind::Subquery(sub);
    }
}

fn translated(root: &mut Root<'_>, sub: &Root<'_>, relation: usize, keys: &PathKeys) -> PathKeys {
    let needed: Vec<u16> = root
        .base(relation)
        .map(|base| base.attr_needed.keys().copied().collect())
        .unwrap_or_default();
    let column = |expr: &Expr| -> Vec<Rc<Expr>> {
        let is_same = |at: &u16| match sub.query.set_operation {
            Some(_) => columns::column(usize::from(*at)) == *expr,
            None => output(&sub.query, usize::from(*at)) == Some(expr),
        };
        needed
            .iter()
            .copied()
            .filter(is_same)
            .map(|column| {
                Rc::new(Expr::Column(ColumnRef {
                    level: 0,
                    relation: u16::try_from(relation).unwrap_or(u16::MAX),
                    column,
                }))
            })
            .collect()
    };
    subquery_pathkeys(root, sub, keys, &column)
}

/// `create_subqueryscan_path`, `cost_subqueryscan`
pub fn scan_path(
    root: &Root<'_>,
    relation: usize,
    input: Rc<Path>,
    pathkeys: PathKeys,
    param: Option<Rc<crate::plan::relation::ParamInfo>>,
) -> Option<Path> {
    let settings = root.settings();
    let rel = root.rels.get(relation)?;
    let base = rel.base.as_ref()?;
    let mut conditions = base.restrictions.clone();
    let mut quals = base.restriction_cost;
    if let Some(param) = &param {
        quals += crate::plan::clause::clauses_cost(&param.clauses);
        conditions.extend(param.clauses.iter().cloned());
    }
    let kept = clauselist_selectivity(root, &conditions, None, JoinType::Inner, None);
    // The arms of a plain UNION ALL are read in place.
    let passing =
        if base.is_append && conditions.is_empty() { 0.0 } else { settings.cpu_tuple_cost };
    let run = (passing + quals.per_tuple) * input.rows;
    let cost = Cost { startup: quals.startup, total: quals.startup + run };
    Some(Path {
        relids: rel.relids,
        target: rel.target,
        startup: input.startup + cost.startup,
        total: input.total + cost.total,
        rows: clamp_row_est(input.rows * kept),
        pathkeys,
        param,
        parallel_safe: rel.consider_parallel && input.parallel_safe,
        parallel_aware: false,
        parallel_workers: input.parallel_workers,
        kind: PathKind::SubqueryScan(input),
    })
}
