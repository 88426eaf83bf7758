//! `=` and `<>` with a value, known or not. After `eqsel`, `neqsel`, `var_eq_const` and
//! `var_eq_non_const` of `selfuncs.c`.

use super::restriction::{Other, Restriction, restriction};
use super::scope::Scope;
use super::value::Value;
use super::variable::{Variable, clamp};
use crate::sql::expr::Expr;

/// `DEFAULT_EQ_SEL`: nothing is known of either side.
pub const DEFAULT_EQ: f64 = 0.005;

/// `eqsel`, and `neqsel` if negated.
pub fn equality(
    scope: &Scope<'_>,
    left: &Expr,
    right: &Expr,
    var_relid: Option<usize>,
    is_negated: bool,
) -> f64 {
    match restriction(scope, left, right, var_relid) {
        Some(Restriction { variable, other, .. }) => equal_to(&variable, &other, is_negated),
        None if is_negated => 1.0 - DEFAULT_EQ,
        None => DEFAULT_EQ,
    }
}

/// The part of the rows whose variable is equal (or, negated, unequal and not NULL) to the other side.
pub fn equal_to(variable: &Variable<'_>, other: &Other, is_negated: bool) -> f64 {
    let one = match other {
        Other::Null => return 0.0,
        Other::Known(value) => equal_to_value(variable, value),
        Other::Unknown => equal_to_unknown(variable),
    };
    clamp(if is_negated { 1.0 - one - variable.null_frac() } else { one })
}

/// A common value has its frequency; the others share what is left evenly, none of them more than the
/// least common of the common ones.
pub fn equal_to_value(variable: &Variable<'_>, value: &Value<'_>) -> f64 {
    if let Some(one) = of_unique(variable) {
        return one;
    }
    if variable.statistics.is_none() {
        return 1.0 / variable.num_distinct().0;
    }
    let order = variable.order();
    let frequencies = variable.common_frequencies();
    if let Some(at) = variable.common_values().position(|common| common.is_equal(value, order)) {
        return frequencies.get(at).copied().unwrap_or(0.0);
    }
    let common: f64 = frequencies.iter().sum();
    let mut one = clamp(1.0 - common - variable.null_frac());
    let others = variable.num_distinct().0 - frequencies.len() as f64;
    if others > 1.0 {
        one /= others;
    }
    match frequencies.last() {
        Some(least) if one > *least => *least,
        _ => one,
    }
}

/// Averaged over all values, common or not; at most the most common value's frequency.
fn equal_to_unknown(variable: &Variable<'_>) -> f64 {
    if let Some(one) = of_unique(variable) {
        return one;
    }
    let distinct = variable.num_distinct().0;
    if variable.statistics.is_none() {
        return 1.0 / distinct;
    }
    let mut one = 1.0 - variable.null_frac();
    if distinct > 1.0 {
        one /= distinct;
    }
    match variable.common_frequencies().first() {
        Some(most) if one > *most => *most,
        _ => one,
    }
}

fn of_unique(variable: &Variable<'_>) -> Option<f64> {
    (variable.is_unique && variable.tuples >= 1.0).then(|| 1.0 / variable.tuples)
}
