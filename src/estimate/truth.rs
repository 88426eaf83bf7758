//! Booleans and NULL tests. After `boolvarsel`, `booltestsel` and `nulltestsel` of `selfuncs.c`.

use super::equality::equal_to_value;
use super::join::JoinContext;
use super::scope::Scope;
use super::selectivity::clause_part;
use super::value::Value;
use super::variable::{Variable, clamp};
use crate::sql::expr::Expr;

/// `DEFAULT_UNK_SEL`: NULLs of what nothing is known of.
const DEFAULT_UNKNOWN: f64 = 0.005;

/// `boolvarsel`: rows for which a boolean is true.
pub fn boolean(scope: &Scope<'_>, expr: &Expr, var_relid: Option<usize>) -> f64 {
    let variable = scope.variable(expr, var_relid);
    match variable.statistics {
        Some(_) => clamp(equal_to_value(&variable, &Value::Bool(true))),
        None => 0.5,
    }
}

/// `nulltestsel`.
pub fn null_test(
    scope: &Scope<'_>,
    expr: &Expr,
    is_negated: bool,
    var_relid: Option<usize>,
) -> f64 {
    let variable = scope.variable(expr, var_relid);
    let is_null = match variable.statistics {
        Some(_) => variable.null_frac(),
        None if variable.place_in.is_some() => 0.0,
        None => DEFAULT_UNKNOWN,
    };
    clamp(if is_negated { 1.0 - is_null } else { is_null })
}

/// `booltestsel`: `IS [NOT] TRUE`, `FALSE`, and with `truth` absent `UNKNOWN`.
pub fn truth_test(
    scope: &Scope<'_>,
    expr: &Expr,
    truth: Option<bool>,
    is_negated: bool,
    context: &JoinContext,
) -> f64 {
    let variable = scope.variable(expr, context.var_relid);
    clamp(match variable.statistics {
        Some(_) => of_statistics(&variable, truth, is_negated),
        None => match (truth, is_negated) {
            (None, false) => DEFAULT_UNKNOWN,
            (None, true) => 1.0 - DEFAULT_UNKNOWN,
            (Some(truth), is_negated) if truth != is_negated => clause_part(scope, expr, context),
            _ => 1.0 - clause_part(scope, expr, context),
        },
    })
}

fn of_statistics(variable: &Variable<'_>, truth: Option<bool>, is_negated: bool) -> f64 {
    let is_null = variable.null_frac();
    let common = variable.common();
    let first =
        common.as_ref().and_then(|slot| Some((slot.values.first()?, slot.numbers.first()?)));
    let part = match (truth, first) {
        (None, _) => is_null,
        (Some(truth), Some((value, frequency))) => {
            let is_true = match value {
                Value::Bool(true) => *frequency,
                _ => 1.0 - frequency - is_null,
            };
            if truth { is_true } else { 1.0 - is_true - is_null }
        }
        // Nothing says which: half of what is not NULL; negated, the NULLs and the other half.
        (Some(_), None) if is_negated => return (is_null + 1.0) / 2.0,
        (Some(_), None) => (1.0 - is_null) / 2.0,
    };
    if is_negated { 1.0 - part } else { part }
}
