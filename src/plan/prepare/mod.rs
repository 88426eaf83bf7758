//! From a query to its plan, level by level (PostgreSQL's `subquery_planner` and `query_planner`):
//! CTEs first, then subqueries of conditions as joins or subplans, outer joins reduced, conditions
//! distributed, relations sized, joined, and the levels above.

pub mod ctes;
pub mod distribute;
pub mod exec_params;
pub mod expressions;
pub mod jointree;
pub mod strict;
pub mod sublinks;
pub mod subplans;

use std::rc::Rc;

use self::distribute::distribute;
use self::expressions::prepare_expressions;
use self::jointree::{join_tree, reduce_outer_joins, relids_of};
use self::sublinks::pull_up_sublinks;
use super::add_path::{compare_fractional, set_cheapest};
use super::base;
use super::configuration::Configuration;
use super::foreign_keys::match_foreign_keys;
use super::implied::generate_base_implied_equalities;
use super::join::search::join_items;
use super::path::{Path, PathKind};
use super::relation::{Rel, Target};
use super::root::{Environment, JoinNode, Root};
use super::upper;
use super::upper::build::modify_path;
use crate::dialect::Dialect;
use crate::estimate::scope::Scope;
use crate::limits;
use crate::sql::query::{Command, Query};
use crate::sql::relids::RELATIONS_MAX;

/// `subquery_planner`: plans a query on its own; the result's `upper` holds its paths.
/// `tuple_fraction`: 0 if all rows are read, up to 1 for a part, above for so many rows.
pub fn plan_subquery<'a>(
    configuration: &'a Configuration<'a>,
    query: &Query,
    environment: &Environment<'a>,
    tuple_fraction: f64,
) -> Result<Root<'a>, String> {
    if environment.depth >= limits::SUBQUERY_DEPTH_MAX {
        return Err(format!("queries nest deeper than {}", limits::SUBQUERY_DEPTH_MAX));
    }
    if query.relations.len() >= RELATIONS_MAX {
        let n = query.relations.len();
        return Err(format!("{n} relations in one FROM; {RELATIONS_MAX} are planned"));
    }
    let mut root = new_root(configuration, query.clone(), environment, tuple_fraction);
    ctes::plan_ctes(&mut root)?;
    if root.query.set_operation.is_some() {
        upper::set_operations::plan_set_operation(&mut root)?;
    } else if matches!(root.query.command, Command::Insert { .. }) {
        plan_insert(&mut root)?;
    } else {
        let conditions = std::mem::take(&mut root.query.conditions);
        let tree = join_tree(&root.query.from, conditions);
        root.jointree = pull_up_sublinks(&mut root.query, tree);
        prepare_expressions(&mut root)?;
        reduce_outer_joins(&mut root.jointree);
        upper::preprocess_limit(&mut root);
        let joined = plan_joins(&mut root)?;
        upper::plan_upper(&mut root, joined)?;
    }
    charge_init_plans(&mut root);
    Ok(root)
}

fn new_root<'a>(
    configuration: &'a Configuration<'a>,
    query: Query,
    environment: &Environment<'a>,
    tuple_fraction: f64,
) -> Root<'a> {
    let mut environment = environment.clone();
    environment.depth += 1;
    environment.ctes.push(Rc::default());
    let workers = configuration.catalog.settings.max_parallel_workers_per_gather;
    let is_postgres = configuration.catalog.dialect == Dialect::Postgres;
    let writes = query.command != Command::Select || query.for_update;
    Root {
        configuration,
        environment,
        query,
        jointree: JoinNode::From(Vec::new(), Vec::new()),
        scope: Scope { catalog: Some(configuration.catalog), relations: Vec::new() },
        rels: Vec::new(),
        join_rels: crate::sorted::SortedMap::new(),
        all_baserels: 0,
        nullable_baserels: 0,
        classes: Vec::new(),
        special_joins: Vec::new(),
        foreign_keys: Vec::new(),
        n_attempts: 0,
        total_table_pages: 0.0,
        query_pathkeys: Rc::default(),
        group_pathkeys: Rc::default(),
        window_pathkeys: Rc::default(),
        distinct_pathkeys: Rc::default(),
        sort_pathkeys: Rc::default(),
        tuple_fraction,
        limit_tuples: -1.0,
        may_parallel: workers > 0 && !writes && is_postgres,
        subplans: Vec::new(),
        arms: Vec::new(),
        scan_join: Vec::new(),
        upper: None,
        minmax: std::cell::Cell::default(),
    }
}

/// `query_planner`: the joined rows; their position in `Root::rels`.
fn plan_joins(root: &mut Root<'_>) -> Result<usize, String> {
    root.all_baserels = relids_of(&root.jointree);
    base::add_base_rels(root)?;
    if root.all_baserels == 0 {
        upper::query_pathkeys(root);
        return Ok(result_rel(root));
    }
    let items = distribute(root);
    generate_base_implied_equalities(root);
    upper::query_pathkeys(root);
    base::remove_useless_joins(root);
    base::reduce_unique_semi_joins(root);
    match_foreign_keys(root);
    base::extract_or_clauses(root);
    super::append::expand::expand_append_rels(root)?;
    base::size_base_rels(root)?;
    base::path_base_rels(root)?;
    let items = base::without_removed(root, items);
    let joined = join_items(root, &items)?;
    match root.rels.get(joined).map(|rel| rel.cheapest_total.is_some()) {
        Some(true) => Ok(joined),
        _ => Err("the relations cannot be joined".to_owned()),
    }
}

/// A query without FROM: one row.
fn result_rel(root: &mut Root<'_>) -> usize {
    let settings = root.settings();
    let conditions = match &root.jointree {
        JoinNode::From(_, conditions) => conditions.clone(),
        _ => Vec::new(),
    };
    let mut rel = Rel::new(0);
    rel.rows = 1.0;
    let mut total = settings.cpu_tuple_cost;
    for condition in &conditions {
        let cost = super::cost::qual::qual_cost(root, condition);
        total += cost.startup + cost.per_tuple;
    }
    rel.consider_parallel = false;
    rel.paths.push(Rc::new(Path {
        kind: PathKind::Result(conditions),
        relids: 0,
        target: Target::default(),
        startup: 0.0,
        total,
        rows: 1.0,
        pathkeys: Rc::default(),
        param: None,
        parallel_safe: false,
        parallel_aware: false,
        parallel_workers: 0,
    }));
    set_cheapest(&mut rel);
    root.rels.push(rel);
    root.rels.len() - 1
}

/// INSERT: its rows come from a query of their own, or from VALUES.
fn plan_insert(root: &mut Root<'_>) -> Result<(), String> {
    let Command::Insert { source, n_values, .. } = root.query.command.clone() else {
        return Err("no INSERT".to_owned());
    };
    let at = result_rel(root);
    let mut rel = Rel::new(0);
    let input = match source {
        Some(source) => {
            let sub = plan_subquery(root.configuration, &source, &root.environment, 0.0)?;
            let best = best_path(&sub, 0.0).ok_or("the source of the INSERT has no plan")?;
            let path = Path {
                kind: PathKind::Arm { root: root.arms.len(), path: best.clone(), is_shown: false },
                ..(*best).clone()
            };
            root.arms.push(Box::new(sub));
            Rc::new(path)
        }
        None => {
            let rows = n_values.max(1) as f64;
            let path = root.rels.get(at).and_then(|rel| rel.paths.first().cloned());
            let path = path.ok_or("the INSERT has no rows")?;
            let total = match n_values {
                0 | 1 => path.total,
                _ => rows * (root.settings().cpu_operator_cost + root.settings().cpu_tuple_cost),
            };
            Rc::new(Path { rows, total, ..(*path).clone() })
        }
    };
    rel.rows = input.rows;
    let path = modify_path(&rel, &input, "Insert", !root.query.targets.is_empty());
    rel.paths.push(Rc::new(path));
    set_cheapest(&mut rel);
    root.upper = Some(rel);
    Ok(())
}

/// `SS_charge_for_initplans`: what runs once before the query delays its first row.
fn charge_init_plans(root: &mut Root<'_>) {
    let cost: f64 =
        root.subplans.iter().filter(|plan| plan.is_init).map(|plan| plan.once_cost).sum();
    if cost == 0.0 {
        return;
    }
    let Some(rel) = root.upper.as_mut() else { return };
    for path in &mut rel.paths {
        let path = Rc::make_mut(path);
        path.startup += cost;
        path.total += cost;
        path.parallel_safe = false;
    }
    rel.partial_paths.clear();
    rel.consider_parallel = false;
    set_cheapest(rel);
}

/// `get_cheapest_fractional_path`: the best path when this part of the rows is read.
pub fn best_path(root: &Root<'_>, tuple_fraction: f64) -> Option<Rc<Path>> {
    let rel = root.upper.as_ref()?;
    let mut best = rel.cheapest_total.clone()?;
    if tuple_fraction <= 0.0 {
        return Some(best);
    }
    let fraction = if tuple_fraction >= 1.0 && best.rows > 0.0 {
        tuple_fraction / best.rows
    } else {
        tuple_fraction
    };
    for path in &rel.paths {
        if path.param.is_none() && compare_fractional(&best, path, fraction).is_gt() {
            best = path.clone();
        }
    }
    Some(best)
}
