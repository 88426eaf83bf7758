//! What evaluating expressions costs (`cost_qual_eval` in `costsize.c`): every operator and function
//! costs `procost` times `cpu_operator_cost`, nearly always 1; AND, OR, NOT, CASE, COALESCE, IS NULL,
//! and casts that only relabel cost nothing.

use super::casts::{implicit_calls, is_folded, written_calls};
use crate::estimate::scope::Scope;
use crate::plan::clause::QualCost;
use crate::plan::root::Root;
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::functions::is_aggregate;

/// Lists of so many constants are searched by hashing (`MIN_ARRAY_SIZE_FOR_HASHED_SAOP`).
const HASHED_LIST_MIN: f64 = 9.0;

/// Cost of one expression.
pub fn qual_cost(root: &Root<'_>, expr: &Expr) -> QualCost {
    let operator = root.settings().cpu_operator_cost;
    let mut cost = QualCost::default();
    add_expr(&root.scope, operator, expr, &mut cost);
    cost
}

fn add_expr(scope: &Scope<'_>, operator: f64, expr: &Expr, cost: &mut QualCost) {
    match expr {
        // An aggregate or window function is paid by its node, with its arguments.
        Expr::Function(call) if call.over.is_some() || is_aggregate(call) => return,
        // A subquery that runs for each row; one that runs once is paid by the query.
        Expr::SubPlan(plan) => {
            if !plan.is_init {
                cost.startup += plan.startup_cost;
                cost.per_tuple += plan.per_call_cost;
            }
            return;
        }
        Expr::Operator { .. } | Expr::Cast { .. } if is_folded(expr) => return,
        _ => {}
    }
    let (once, each) = own_calls(scope, expr);
    cost.startup += once * operator;
    cost.per_tuple += (each + implicit_calls(scope, expr)) * operator;
    expr.for_each_child(&mut |child| add_expr(scope, operator, child, cost));
}

/// Operators and functions that the expression itself calls, without its parts: once, and for each row.
fn own_calls(scope: &Scope<'_>, expr: &Expr) -> (f64, f64) {
    match expr {
        // Rows are taken to be compared to their last column.
        Expr::Compare(_, left, _) => match &**left {
            Expr::Row(parts) => (0.0, parts.len() as f64),
            _ => (0.0, 1.0),
        },
        Expr::Like { .. } | Expr::Operator { .. } => (0.0, 1.0),
        Expr::Function(call) => (0.0, function_cost(&call.name)),
        Expr::InList { list, .. } => {
            // What reads columns, and a value alone, is compared on its own.
            let (columns, values): (Vec<&Expr>, Vec<&Expr>) =
                list.iter().partition(|item| !item.columns().is_empty());
            let is_constant = values.iter().all(|item| is_folded(item));
            let (once, each) = match values.len() {
                0 | 1 => (0.0, values.len() as f64),
                n => list_calls(n as f64, is_constant),
            };
            (once, each + columns.len() as f64)
        }
        Expr::AnyAll { op, right, all, .. } => {
            // Only equality of any, and difference from all, can be hashed.
            let can_hash = match op {
                CompareOp::Eq => !all,
                CompareOp::Ne => *all,
                _ => false,
            };
            list_calls(array_length(right), can_hash && is_constant_array(right))
        }
        Expr::Cast { expr, to } => (0.0, written_calls(scope, expr, to)),
        // `CASE x WHEN y`: a comparison with each.
        Expr::Case { operand: Some(_), branches, .. } => (0.0, branches.len() as f64),
        // `CURRENT_DATE` and its kin.
        Expr::Other { inputs, .. } if inputs.is_empty() => (0.0, 1.0),
        _ => (0.0, 0.0),
    }
}

/// A match ends the search of a list, on average half way. A long list is put into a hash table once.
fn list_calls(length: f64, is_constant: bool) -> (f64, f64) {
    if is_constant && length >= HASHED_LIST_MIN { (length, 2.0) } else { (0.0, 0.5 * length) }
}

fn is_constant_array(array: &Expr) -> bool {
    match array {
        Expr::Array(items) => items.iter().all(is_folded),
        Expr::Cast { expr, .. } => is_constant_array(expr),
        other => matches!(other, Expr::Literal(_)),
    }
}

/// `estimate_array_length`: 10 when it is not known.
pub fn array_length(array: &Expr) -> f64 {
    match array {
        Expr::Array(items) => items.len() as f64,
        Expr::Cast { expr, .. } => array_length(expr),
        Expr::Literal(Literal::Text(text)) if text.starts_with('{') => {
            // Every other piece between quotes is inside of them.
            let outside = text.split('"').step_by(2);
            outside.map(|piece| piece.matches(',').count()).sum::<usize>() as f64 + 1.0
        }
        _ => 10.0,
    }
}

/// `procost` of functions that are no plain call.
fn function_cost(name: &str) -> f64 {
    match name {
        // `ARRAY(SELECT ...)` is made by its subquery.
        "coalesce" | "row" | "grouping" | "array" => 0.0,
        "to_tsvector"
        | "to_tsquery"
        | "plainto_tsquery"
        | "phraseto_tsquery"
        | "websearch_to_tsquery"
        | "ts_headline"
        | "ts_rewrite"
        | "obj_description"
        | "col_description" => 100.0,
        _ => 1.0,
    }
}
