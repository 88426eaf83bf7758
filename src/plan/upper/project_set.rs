//! Set-returning functions in the select list (`adjust_paths_for_srfs` in `planner.c`,
//! `split_pathtarget_at_srfs` in `tlist.c`): a ProjectSet node computes them, once their inputs are
//! there.

use std::rc::Rc;

use super::projection::{apply, project_set};
use super::targets::{TargetList, cost_width};
use crate::plan::relation::{Rel, clamp_row_est};
use crate::plan::root::Root;
use crate::sql::expr::{Expr, Function, Literal};
use crate::sql::query::Target;

/// Rows that a set-returning function makes (`prorows`, or counted where its arguments are constants);
/// `None` if it returns no set.
pub fn set_rows(call: &Function) -> Option<f64> {
    if call.over.is_some() {
        return None;
    }
    Some(match call.name.as_str() {
        "generate_series" => series_rows(call).unwrap_or(1000.0),
        "unnest" => match call.args.first() {
            Some(Expr::Array(items)) => items.len() as f64,
            Some(array) => crate::plan::cost::qual::array_length(array),
            None => 10.0,
        },
        "regexp_split_to_table"
        | "string_to_table"
        | "generate_subscripts"
        | "jsonb_path_query" => 1000.0,
        "regexp_matches" => {
            if call.args.len() > 2 {
                10.0
            } else {
                1.0
            }
        }
        "json_array_elements"
        | "json_array_elements_text"
        | "jsonb_array_elements"
        | "jsonb_array_elements_text"
        | "json_object_keys"
        | "jsonb_object_keys"
        | "json_each"
        | "jsonb_each"
        | "json_each_text"
        | "jsonb_each_text"
        | "json_to_recordset"
        | "jsonb_to_recordset"
        | "json_populate_recordset"
        | "jsonb_populate_recordset" => 100.0,
        _ => return None,
    })
}

/// Rows of a series of constant numbers.
fn series_rows(call: &Function) -> Option<f64> {
    let number = |at: usize| match call.args.get(at) {
        Some(Expr::Literal(Literal::Number(digits))) => digits.parse::<f64>().ok(),
        Some(Expr::Operator { op, left: None, right }) if op == "-" => match right.as_ref() {
            Expr::Literal(Literal::Number(digits)) => digits.parse::<f64>().ok().map(|n| -n),
            _ => None,
        },
        _ => None,
    };
    let step = if call.args.len() > 2 { number(2)? } else { 1.0 };
    (step != 0.0).then_some(())?;
    Some(libm::floor((number(1)? - number(0)? + step) / step).max(0.0))
}

/// Is the expression, or a part of it, a set?
pub fn returns_set(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= matches!(part, Expr::Function(call) if set_rows(call).is_some());
    });
    found
}

/// Has the select list sets?
pub fn has_target_sets(root: &Root<'_>) -> bool {
    root.query
        .targets
        .iter()
        .any(|target| matches!(target, Target::Expr(expr, _) if returns_set(expr)))
}

/// `split_pathtarget_at_srfs`: what must be there before the sets are computed: the target itself
/// without sets, or the inputs of those sets that `below` does not compute yet.
pub fn without_sets(root: &Root<'_>, list: &TargetList, below: Option<&TargetList>) -> TargetList {
    if !makes_sets(list, below) {
        return list.clone();
    }
    let mut exprs: Vec<Expr> = Vec::new();
    for expr in &list.exprs {
        let columns = expr.columns().into_iter().map(Expr::Column);
        for column in columns {
            if !exprs.contains(&column) {
                exprs.push(column);
            }
        }
    }
    let target = cost_width(root, &exprs);
    TargetList { exprs, target, is_parallel_safe: true }
}

/// Are there sets that the step below has not computed?
fn makes_sets(list: &TargetList, below: Option<&TargetList>) -> bool {
    list.exprs
        .iter()
        .any(|expr| returns_set(expr) && below.is_none_or(|below| !below.exprs.contains(expr)))
}

/// Puts ProjectSet nodes above a relation's paths where its target has sets that are not there below.
pub fn add_sets(root: &Root<'_>, rel: &mut Rel<'_>, list: &TargetList, below: Option<&TargetList>) {
    if !makes_sets(list, below) {
        return;
    }
    let mut sets: f64 = 1.0;
    let mut is_nested = false;
    for expr in &list.exprs {
        expr.walk(&mut |part| {
            if let Expr::Function(call) = part
                && let Some(rows) = set_rows(call)
            {
                sets = sets.max(clamp_row_est(rows));
                is_nested |= !std::ptr::eq(part, expr);
            }
        });
    }
    // Sets inside expressions are computed first, then the expressions.
    let inner = if is_nested { sets_alone(root, list) } else { list.clone() };
    let expand = |rel: &Rel<'_>, path: &Rc<crate::plan::path::Path>| {
        let path = project_set(root, rel, path, &inner, sets);
        if is_nested { apply(root, rel, &path, list) } else { path }
    };
    rel.paths = rel.paths.iter().map(|path| expand(rel, path)).collect();
    rel.partial_paths = rel.partial_paths.iter().map(|path| expand(rel, path)).collect();
    crate::plan::add_path::set_cheapest(rel);
}

/// The sets of a target's expressions, and the columns of the expressions.
fn sets_alone(root: &Root<'_>, list: &TargetList) -> TargetList {
    let mut exprs: Vec<Expr> = Vec::new();
    let mut add = |expr: &Expr| {
        if !exprs.contains(expr) {
            exprs.push(expr.clone());
        }
    };
    for expr in &list.exprs {
        expr.walk(&mut |part| match part {
            Expr::Function(call) if set_rows(call).is_some() => add(part),
            Expr::Column(column) if column.level == 0 => add(part),
            _ => {}
        });
    }
    let target = cost_width(root, &exprs);
    TargetList { exprs, target, is_parallel_safe: list.is_parallel_safe }
}
