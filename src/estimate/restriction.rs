//! A comparison of something that varies with something that does not (`get_restriction_variable`
//! of `selfuncs.c`), and what the statistics' own values say of it.

use super::fold::{Constant, estimate_value};
use super::scope::Scope;
use super::value::Value;
use super::variable::Variable;
use crate::sql::expr::Expr;

/// `variable op other`.
#[derive(Debug, Clone)]
pub struct Restriction<'a> {
    /// The side that varies.
    pub variable: Variable<'a>,
    /// The other side.
    pub other: Other,
    /// The variable stands on the left.
    pub is_var_left: bool,
}

/// The side that does not vary.
#[derive(Debug, Clone, PartialEq)]
pub enum Other {
    /// Its value is not known.
    Unknown,
    /// NULL.
    Null,
    /// A value, of the variable's type or one that compares with it.
    Known(Value<'static>),
}

/// The two sides of an operator; `None` where both vary, or none.
pub fn restriction<'a>(
    scope: &Scope<'a>,
    left: &Expr,
    right: &Expr,
    var_relid: Option<usize>,
) -> Option<Restriction<'a>> {
    let (a, b) = (scope.variable(left, var_relid), scope.variable(right, var_relid));
    let (mut variable, constant, is_var_left) = match (a.relids != 0, b.relids != 0) {
        (true, false) => (a, right, true),
        (false, true) => (b, left, false),
        _ => return None,
    };
    let (other, other_type) = known(scope, constant);
    if is_cast_away(&variable.data_type, &other_type) {
        cast_away(&mut variable, &other_type);
    }
    let other = compared(&variable, other);
    Some(Restriction { variable, other, is_var_left })
}

/// The value of the side that does not vary, and its type.
pub fn known(scope: &Scope<'_>, expr: &Expr) -> (Option<Constant>, String) {
    match estimate_value(scope, expr) {
        Some(constant) => {
            let data_type = constant.data_type.clone();
            (Some(constant), data_type)
        }
        None => (None, super::sql_type::expr_type(scope, expr)),
    }
}

/// A constant as it compares with a variable: an untyped literal takes the variable's type.
pub fn compared(variable: &Variable<'_>, constant: Option<Constant>) -> Other {
    let Some(constant) = constant else { return Other::Unknown };
    let to = match constant.data_type.as_str() {
        "unknown" => variable.data_type.as_str(),
        _ if variable.data_type == "float8" || variable.data_type == "float4" => "float8",
        _ => return constant.value.map_or(Other::Null, Other::Known),
    };
    match constant.coerced(to) {
        Some(coerced) => coerced.value.map_or(Other::Null, Other::Known),
        None => constant.value.map_or(Other::Null, |value| match value {
            Value::Text(text) => Other::Known(Value::Opaque(text)),
            value => Other::Known(value),
        }),
    }
}

/// Must a variable of this type be converted by a function before it compares with the other type?
/// Then it is an expression, of which nothing is known: integers beside `numeric` or doubles,
/// `numeric` beside doubles, `character(n)` beside `text`.
pub fn is_cast_away(variable: &str, other: &str) -> bool {
    match variable {
        "int2" | "int4" | "int8" => matches!(other, "numeric" | "float4" | "float8"),
        "numeric" => matches!(other, "float4" | "float8"),
        "bpchar" => other == "text",
        "date" => false,
        _ => false,
    }
}

/// Forgets what is known of a variable but its relation.
pub fn cast_away(variable: &mut Variable<'_>, to: &str) {
    variable.statistics = None;
    variable.is_unique = false;
    variable.has_range_index = false;
    variable.place_in = None;
    to.clone_into(&mut variable.data_type);
}

/// `mcv_selectivity`: the common values that pass a test, as a part of all rows, and all common
/// values' part.
pub fn common_part(variable: &Variable<'_>, test: &dyn Fn(&Value<'_>) -> bool) -> (f64, f64) {
    let Some(slot) = variable.common() else { return (0.0, 0.0) };
    let (mut matching, mut all) = (0.0, 0.0);
    for (value, frequency) in slot.values.iter().zip(&slot.numbers) {
        if test(value) {
            matching += frequency;
        }
        all += frequency;
    }
    (matching, all)
}

/// `histogram_selectivity` with 10 and 1: the part of the histogram's bounds, without the first and
/// the last, that pass a test; and how many bounds there are. `None` below ten.
pub fn histogram_part(
    variable: &Variable<'_>,
    test: &dyn Fn(&Value<'_>) -> bool,
) -> (Option<f64>, usize) {
    let bounds = variable.histogram();
    if bounds.len() < 10 {
        return (None, bounds.len());
    }
    let inner = 1..bounds.len() - 1;
    let n_inner = inner.len() as f64;
    let matching = inner.filter_map(|at| bounds.get(at)).filter(|bound| test(bound)).count();
    (Some(matching as f64 / n_inner), bounds.len())
}
