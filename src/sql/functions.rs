//! What is known of functions by their names.

use super::expr::{Expr, Function};

/// Names of aggregates that need no OVER.
fn is_aggregate_name(name: &str) -> bool {
    matches!(
        name,
        "count"
            | "sum"
            | "avg"
            | "min"
            | "max"
            | "stddev"
            | "stddev_samp"
            | "stddev_pop"
            | "variance"
            | "var_samp"
            | "var_pop"
            | "std"
            | "array_agg"
            | "string_agg"
            | "group_concat"
            | "json_agg"
            | "jsonb_agg"
            | "json_object_agg"
            | "jsonb_object_agg"
            | "json_arrayagg"
            | "json_objectagg"
            | "bool_and"
            | "bool_or"
            | "every"
            | "bit_and"
            | "bit_or"
            | "bit_xor"
            | "percentile_cont"
            | "percentile_disc"
            | "mode"
            | "corr"
            | "regr_sxx"
            | "regr_syy"
            | "regr_sxy"
            | "regr_avgx"
            | "regr_avgy"
            | "range_intersect_agg"
            | "covar_pop"
            | "covar_samp"
            | "regr_slope"
            | "regr_intercept"
            | "regr_count"
            | "regr_r2"
            | "xmlagg"
            | "range_agg"
            | "any_value"
            | "total"
            | "grouping"
    )
}

/// Is it a function that something is known of?
pub fn is_known_function(name: &str) -> bool {
    is_aggregate_name(name)
        || is_set_returning(name)
        || super::visit::is_volatile(name)
        || super::mutable::is_mutable(name)
}

/// An aggregate call, not a window function.
pub fn is_aggregate(call: &Function) -> bool {
    call.over.is_none() && is_aggregate_name(&call.name)
}

/// Does the expression hold an aggregate of its own query?
pub fn has_aggregate(expr: &Expr) -> bool {
    any_call(expr, &is_aggregate)
}

/// Does it hold a window function?
pub fn has_window(expr: &Expr) -> bool {
    any_call(expr, &|call| call.over.is_some())
}

/// Does it return several rows?
pub fn has_set_returning(expr: &Expr) -> bool {
    any_call(expr, &|call| is_set_returning(&call.name))
}

/// Does it run a subquery for its rows? One that runs once before is a value like any other.
pub fn has_subplan(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= part.query().is_some();
        found |= matches!(part, Expr::SubPlan(plan) if !plan.is_init);
    });
    found
}

/// May a worker compute it? Not what changes from row to row, or depends on the current row of an
/// outer query (`is_parallel_safe` in `clauses.c`).
pub fn is_parallel_safe(expr: &Expr) -> bool {
    let mut is_safe = true;
    expr.walk(&mut |part| match part {
        Expr::SubPlan(plan) => is_safe &= plan.is_init || plan.is_parallel_safe,
        Expr::Column(column) => is_safe &= column.level == 0,
        Expr::Function(call) => {
            is_safe &= !super::visit::is_volatile(&call.name) || call.name == "clock_timestamp";
        }
        _ => {}
    });
    is_safe
}

/// Does it change from row to row without an argument that does?
pub fn has_volatile(expr: &Expr) -> bool {
    any_call(expr, &|call| super::visit::is_volatile(&call.name))
}

fn any_call(expr: &Expr, test: &dyn Fn(&Function) -> bool) -> bool {
    if let Expr::Function(call) = expr
        && test(call)
    {
        return true;
    }
    let mut found = false;
    expr.for_each_child(&mut |child| found |= !found && any_call(child, test));
    found
}

/// Functions that return rows.
pub fn is_set_returning(name: &str) -> bool {
    matches!(
        name,
        "unnest"
            | "generate_series"
            | "generate_subscripts"
            | "regexp_split_to_table"
            | "regexp_matches"
            | "string_to_table"
            | "json_array_elements"
            | "jsonb_array_elements"
            | "json_array_elements_text"
            | "jsonb_array_elements_text"
            | "json_each"
            | "jsonb_each"
            | "json_each_text"
            | "jsonb_each_text"
            | "json_object_keys"
            | "jsonb_object_keys"
    )
}
