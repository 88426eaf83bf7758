//! Subqueries that stay subqueries (`make_subplan` and `build_subplan` in `subselect.c`): planned on
//! their own, run once if they read nothing of the query around them (InitPlan), else for every row
//! (SubPlan), or once into a hash table that every row is looked up in.

use std::rc::Rc;

use super::exec_params::number_params;
use super::sublinks::{is_simple_exists, simplify_exists};
use super::{best_path, plan_subquery};
use crate::order;
use crate::plan::clause::QualCost;
use crate::plan::cost::join::material;
use crate::plan::cost::qual::qual_cost;
use crate::plan::cost::{hash_memory_limit, max_align};
use crate::plan::path::{Path, PathKind};
use crate::plan::relation::clamp_row_est;
use crate::plan::root::{Root, SubPlan};
use crate::plan::upper::set_operations::columns::types_outside;
use crate::read::settings::Switch;
use crate::sql::expr::{CompareOp, Expr, SubPlanRef};
use crate::sql::query::Query;

/// What is done with the subquery's rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Exists,
    /// `x op ANY`, `x op ALL`.
    Any,
    /// One value.
    Value,
}

/// Plans every subquery of an expression and puts its reference in its place.
pub fn plan_subqueries(root: &mut Root<'_>, expr: &mut Expr) -> Result<(), String> {
    let mut problem = None;
    expr.for_each_child_mut(&mut |child| {
        if let Err(error) = plan_subqueries(root, child) {
            problem = Some(error);
        }
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    let (plan, negated) = match expr {
        Expr::Exists { query, negated } => (sub_plan(root, query, Use::Exists, None)?, *negated),
        Expr::Subquery(query) => (sub_plan(root, query, Use::Value, None)?, false),
        Expr::AnyAllSubquery { op, left, query, all } => {
            // `NOT IN` is NOT (`= ANY`), which can be hashed.
            let is_not_in = *all && *op == CompareOp::Ne;
            let can_hash = is_not_in || (!*all && *op == CompareOp::Eq);
            let test = Some(((**left).clone(), can_hash));
            (sub_plan(root, query, Use::Any, test)?, is_not_in)
        }
        _ => return Ok(()),
    };
    let plan = Expr::SubPlan(Box::new(plan));
    *expr = if negated { Expr::Not(Box::new(plan)) } else { plan };
    Ok(())
}

fn sub_plan(
    root: &mut Root<'_>,
    query: &Query,
    usage: Use,
    test: Option<(Expr, bool)>,
) -> Result<SubPlanRef, String> {
    let mut query = query.clone();
    if usage == Use::Exists && is_simple_exists(&query) {
        simplify_exists(&mut query);
    }
    let fraction = match usage {
        Use::Exists => 1.0,
        Use::Any => 0.5,
        Use::Value => 0.0,
    };
    let mut args = Vec::new();
    query.columns_at(1, &mut args);
    order::sort(&mut args);
    args.dedup();
    root.environment.take_params(args.len());
    let sub = plan_subquery(root.configuration, &query, &root.environment, fraction)?;
    let path = best_path(&sub, fraction).ok_or("a subquery has no plan")?;
    number_params(&sub, &path);
    let is_init = args.is_empty() && usage != Use::Any;
    let settings = root.settings();
    let tests = test.as_ref().map_or(QualCost::default(), |(test, _)| {
        let mut cost = qual_cost(root, test);
        cost.per_tuple += settings.cpu_operator_cost * columns_of(test) as f64;
        cost
    });
    let is_hashed = usage == Use::Any
        && args.is_empty()
        && test.as_ref().is_some_and(|(_, can_hash)| *can_hash)
        && fits_in_memory(root, &path);
    let keeps = usage == Use::Any && args.is_empty() && !is_hashed;
    let path = if keeps { kept(root, path) } else { path };
    let cost = cost_of(root, &path, usage, tests, is_hashed, args.is_empty());
    let number = root.environment.take_subplans(1);
    let param = root.environment.take_params(match usage {
        Use::Any => test.as_ref().map_or(0, |(test, _)| columns_of(test)),
        Use::Exists | Use::Value => usize::from(is_init),
    });
    let label = match is_init {
        true => format!("InitPlan {number} (returns ${param})"),
        false => format!("SubPlan {number}"),
    };
    let width = path.target.width;
    let is_parallel_safe = path.parallel_safe;
    let data_type = match usage {
        Use::Value => types_outside(&sub).into_iter().next(),
        Use::Exists | Use::Any => Some("bool".to_owned()),
    };
    let once_cost = cost.startup + cost.per_tuple;
    root.subplans.push(SubPlan { number, label, is_init, root: Box::new(sub), path, once_cost });
    Ok(SubPlanRef {
        number,
        param,
        is_init,
        is_hashed,
        test: test.map(|(test, _)| test),
        args: args.into_iter().map(Expr::Column).collect(),
        startup_cost: if is_init { 0.0 } else { cost.startup },
        per_call_cost: if is_init { 0.0 } else { cost.per_tuple },
        is_parallel_safe,
        data_type: data_type.unwrap_or_default(),
        width,
    })
}

fn columns_of(test: &Expr) -> usize {
    match test {
        Expr::Row(parts) => parts.len(),
        _ => 1,
    }
}

/// `subplan_is_hashable`: header of 24 bytes a row.
fn fits_in_memory(root: &Root<'_>, path: &Path) -> bool {
    let bytes = path.rows * (max_align(path.target.width) + 24.0);
    bytes <= hash_memory_limit(root.settings())
}

/// `materialize_finished_plan`: rows that are looked through for each row of the query are kept.
fn kept(root: &Root<'_>, path: Rc<Path>) -> Rc<Path> {
    let settings = root.settings();
    if path.keeps_rows() || settings.is_off(Switch::Material) {
        return path;
    }
    let cost = material(settings, path.as_input());
    Rc::new(Path {
        startup: cost.startup,
        total: cost.total,
        kind: PathKind::Material(path.clone()),
        ..(*path).clone()
    })
}

/// `cost_subplan`
fn cost_of(
    root: &Root<'_>,
    path: &Path,
    usage: Use,
    tests: QualCost,
    is_hashed: bool,
    is_uncorrelated: bool,
) -> QualCost {
    let settings = root.settings();
    let mut cost = tests;
    if is_hashed {
        cost.startup += path.total + settings.cpu_operator_cost * path.rows;
        return cost;
    }
    let run = path.total - path.startup;
    match usage {
        Use::Exists => cost.per_tuple += run / clamp_row_est(path.rows),
        Use::Any => {
            cost.per_tuple += 0.5 * run;
            cost.per_tuple += 0.5 * path.rows * settings.cpu_operator_cost;
        }
        Use::Value => cost.per_tuple += run,
    }
    if is_uncorrelated && path.keeps_rows() {
        cost.startup += path.startup;
    } else {
        cost.per_tuple += path.startup;
    }
    cost
}
