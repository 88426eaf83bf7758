//! What evaluating expressions costs (`cost_qual_eval` in `costsize.c`): every operator and function
//! costs `procost` times `cpu_operator_cost`, nearly always 1; AND, OR, NOT, CASE, COALESCE, IS NULL,
//! and casts that only relabel cost nothing.

use crate::plan::clause::QualCost;
use crate::plan::upper::aggregate_functions::is_aggregate;
use crate::read::statistics::Settings;
use crate::sql::expr::{Expr, Literal};

/// Cost of one expression. Subqueries bring their own.
pub fn qual_cost(settings: &Settings, expr: &Expr) -> QualCost {
    let mut cost = QualCost::default();
    add_expr(settings, expr, &mut cost);
    cost
}

fn add_expr(settings: &Settings, expr: &Expr, cost: &mut QualCost) {
    // An aggregate or window function is paid by its node, with its arguments.
    if matches!(expr, Expr::Function(call) if call.over.is_some() || is_aggregate(call)) {
        return;
    }
    if let Expr::SubPlan(plan) = expr {
        cost.startup += plan.startup_cost;
        cost.per_tuple += plan.per_call_cost;
        return;
    }
    cost.per_tuple += own_operators(expr) * settings.cpu_operator_cost;
    expr.for_each_child(&mut |child| add_expr(settings, child, cost));
}

/// Operators that the expression itself costs, without its parts.
fn own_operators(expr: &Expr) -> f64 {
    match expr {
        Expr::Compare(..) | Expr::Like { .. } | Expr::Operator { .. } => 1.0,
        Expr::Function(call) => function_cost(&call.name),
        // A match ends the search, on average half way.
        Expr::InList { list, .. } => 0.5 * list.len() as f64,
        Expr::AnyAll { right, .. } => 0.5 * array_length(right),
        Expr::Cast { expr, to } => cast_cost(expr, to),
        _ => 0.0,
    }
}

/// `estimate_array_length`: 10 when it is not known.
pub fn array_length(array: &Expr) -> f64 {
    match array {
        Expr::Array(items) => items.len() as f64,
        Expr::Cast { expr, .. } => array_length(expr),
        Expr::Literal(Literal::Text(text)) if text.starts_with('{') => {
            text.bytes().filter(|byte| *byte == b',').count() as f64 + 1.0
        }
        _ => 10.0,
    }
}

/// `procost` of functions that are no plain call.
fn function_cost(name: &str) -> f64 {
    match name {
        "coalesce" | "nullif" | "greatest" | "least" | "row" => 0.0,
        "to_tsvector" | "to_tsquery" | "plainto_tsquery" | "websearch_to_tsquery" => 100.0,
        _ => 1.0,
    }
}

/// A cast of a constant is folded, a cast between text types relabels.
fn cast_cost(expr: &Expr, to: &str) -> f64 {
    match expr {
        Expr::Literal(_) | Expr::Param(_) => 0.0,
        _ if crate::sql::schema::is_text_type(to) => 0.0,
        _ => 1.0,
    }
}
