//! Arrays: `IN`, `= ANY`, `<> ALL` (`scalararraysel` of `selfuncs.c`), and containment
//! (`array_selfuncs.c`). Statistics of array elements are not part of what is read: containment goes
//! by the defaults, as for a column without them.

use super::equality::equal_to;
use super::fold::{Constant, estimate_value};
use super::inequality::{DEFAULT_INEQ, compared_with};
use super::join::JoinContext;
use super::restriction::{Other, cast_away, compared, is_cast_away, restriction};
use super::scope::{Scope, relids};
use super::selectivity::operator_part;
use super::sql_type::{common_type, expr_type};
use super::value::Value;
use super::variable::{Variable, clamp, single};
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::relids::is_multiple;

/// `DEFAULT_CONTAIN_SEL` and `DEFAULT_OVERLAP_SEL`.
const DEFAULT_CONTAIN: f64 = 0.005;
const DEFAULT_OVERLAP: f64 = 0.01;
/// Items of an array that is not known.
const DEFAULT_ITEMS: usize = 10;

/// `x [NOT] IN (...)`. Values are one array; what reads a relation is compared one by one, and so is
/// a single value.
pub fn in_list(
    scope: &Scope<'_>,
    expr: &Expr,
    list: &[Expr],
    is_negated: bool,
    context: &JoinContext,
) -> f64 {
    let op = if is_negated { CompareOp::Ne } else { CompareOp::Eq };
    if matches!(expr, Expr::Row(_)) {
        let parts = list
            .iter()
            .map(|item| Expr::Compare(op, Box::new(expr.clone()), Box::new(item.clone())));
        let parts = parts.collect();
        let all = if is_negated { Expr::And(parts) } else { Expr::Or(parts) };
        return super::selectivity::clause_part(scope, &all, context);
    }
    let (values, others): (Vec<&Expr>, Vec<&Expr>) =
        list.iter().partition(|item| relids(item) == 0);
    let mut parts = Vec::new();
    let mut singles = others;
    if values.len() > 1 {
        let is_join = is_join(expr, &values, context);
        parts.push(of_items(scope, op, expr, &values, is_negated, is_join, context));
    } else {
        singles.splice(0..0, values);
    }
    parts.extend(singles.into_iter().map(|item| {
        let is_join = is_join(expr, &[item], context);
        operator_part(scope, op, expr, item, is_join, context)
    }));
    match is_negated {
        true => parts.iter().product(),
        false => parts.iter().fold(0.0, |sum, part| sum + part - sum * part),
    }
}

fn is_join(expr: &Expr, items: &[&Expr], context: &JoinContext) -> bool {
    let all = items.iter().fold(relids(expr), |all, item| all | relids(item));
    context.var_relid.is_none() && context.special.is_some() && is_multiple(all)
}

/// `x op ANY (array)`, `x op ALL (array)`.
pub fn any_all(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &Expr,
    right: &Expr,
    is_all: bool,
    context: &JoinContext,
) -> f64 {
    let is_join = is_join(left, &[right], context);
    if let Expr::Array(items) = right {
        return of_items(
            scope,
            op,
            left,
            &items.iter().collect::<Vec<_>>(),
            is_all,
            is_join,
            context,
        );
    }
    let is_known_operator = matches!(op, CompareOp::Eq | CompareOp::Ne);
    if is_known_operator
        && !is_join
        && let Some(part) = element_test(scope, op, left, right, is_all, context)
    {
        return part;
    }
    if is_join {
        // An item of the array is no variable of its own.
        let item = Expr::Param(String::new());
        let one = operator_part(scope, op, left, &item, true, context);
        return repeated(one, is_all);
    }
    let array = estimate_value(scope, right);
    let mut variable = scope.variable(left, context.var_relid);
    if let Some(Constant { value: Some(Value::Text(text)), data_type }) = &array
        && data_type == "unknown"
    {
        let name = format!("{}[]", variable.data_type);
        let Some(Value::Array(items)) = Value::parse(&name, text) else { return 0.5 };
        let others: Vec<Other> = items
            .into_iter()
            .map(|item| item.map_or(Other::Null, |item| Other::Known(item.into_owned())))
            .collect();
        return combined(&others, op, &variable, is_all);
    }
    match array {
        Some(Constant { value: None, .. }) => 0.0,
        Some(Constant { value: Some(Value::Array(items)), data_type }) => {
            let element = data_type.trim_end_matches("[]");
            if is_cast_away(&variable.data_type, element) {
                cast_away(&mut variable, element);
            }
            let others: Vec<Other> = items
                .into_iter()
                .map(|value| {
                    let constant = Constant { value, data_type: element.to_owned() };
                    compared(&variable, Some(constant))
                })
                .collect();
            combined(&others, op, &variable, is_all)
        }
        _ => repeated(one_part(&variable, op, &Other::Unknown), is_all),
    }
}

/// Ten times the same, independent of each other.
fn repeated(one: f64, is_all: bool) -> f64 {
    let mut all = if is_all { 1.0 } else { 0.0 };
    for _ in 0..DEFAULT_ITEMS {
        all = if is_all { all * one } else { all + one - all * one };
    }
    clamp(all)
}

/// `const = ANY (column)`: does the column's array hold the value?
fn element_test(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &Expr,
    right: &Expr,
    is_all: bool,
    context: &JoinContext,
) -> Option<f64> {
    let variable = scope.variable(right, context.var_relid);
    if variable.relids == 0 {
        return None;
    }
    let constant = estimate_value(scope, left)?;
    if constant.value.is_none() {
        return Some(0.0);
    }
    let is_equal = op == CompareOp::Eq;
    let is_any = is_all != is_equal;
    let part = if is_any { unknown_element() } else { DEFAULT_CONTAIN };
    let part = part * (1.0 - variable.null_frac());
    Some(clamp(if is_equal { part } else { 1.0 - part }))
}

/// An element that statistics do not know, with the rounding of single precision.
fn unknown_element() -> f64 {
    DEFAULT_CONTAIN.min(single(2.0 * single(DEFAULT_CONTAIN)) / 2.0)
}

/// Items that are expressions.
fn of_items(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &Expr,
    items: &[&Expr],
    is_all: bool,
    is_join: bool,
    context: &JoinContext,
) -> f64 {
    if is_join {
        let parts: Vec<f64> =
            items.iter().map(|item| operator_part(scope, op, left, item, true, context)).collect();
        return merged(&parts, op, is_all);
    }
    let mut variable = scope.variable(left, context.var_relid);
    if variable.relids == 0 || items.iter().any(|item| relids(item) != 0) {
        let parts: Vec<f64> =
            items.iter().map(|item| operator_part(scope, op, left, item, false, context)).collect();
        return merged(&parts, op, is_all);
    }
    let element = common_type(items.iter().map(|item| expr_type(scope, item)));
    let is_untyped = items.iter().all(|item| is_untyped(item));
    if !is_untyped && is_cast_away(&variable.data_type, &element) {
        cast_away(&mut variable, &element);
    }
    let others: Vec<Other> =
        items.iter().map(|item| compared(&variable, estimate_value(scope, item))).collect();
    combined(&others, op, &variable, is_all)
}

fn is_untyped(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(Literal::Text(_) | Literal::Null) | Expr::Param(_))
}

fn combined(others: &[Other], op: CompareOp, variable: &Variable<'_>, is_all: bool) -> f64 {
    let parts: Vec<f64> = others.iter().map(|other| one_part(variable, op, other)).collect();
    merged(&parts, op, is_all)
}

/// One value with one operator.
fn one_part(variable: &Variable<'_>, op: CompareOp, other: &Other) -> f64 {
    if variable.relids == 0 {
        return match op {
            CompareOp::Eq => super::equality::DEFAULT_EQ,
            CompareOp::Ne => 1.0 - super::equality::DEFAULT_EQ,
            _ => DEFAULT_INEQ,
        };
    }
    match (op, other) {
        (CompareOp::Eq, other) => equal_to(variable, other, false),
        (CompareOp::Ne, other) => equal_to(variable, other, true),
        (_, Other::Unknown) => DEFAULT_INEQ,
        (_, Other::Null) => 0.0,
        (op, Other::Known(value)) => compared_with(variable, op, value),
    }
}

/// As independent events; of `= ANY` and `<> ALL`, as events that exclude each other, unless that adds
/// up to what cannot be.
fn merged(parts: &[f64], op: CompareOp, is_all: bool) -> f64 {
    let start = if is_all { 1.0 } else { 0.0 };
    let (mut independent, mut disjoint) = (start, start);
    for part in parts {
        if is_all {
            independent *= part;
            disjoint += part - 1.0;
        } else {
            independent = independent + part - independent * part;
            disjoint += part;
        }
    }
    let may_exclude = op == if is_all { CompareOp::Ne } else { CompareOp::Eq };
    let is_possible = (0.0..=1.0).contains(&disjoint);
    clamp(if may_exclude && is_possible { disjoint } else { independent })
}

/// `arraycontsel`: `@>`, `<@`, `&&` between arrays.
pub fn containment(
    scope: &Scope<'_>,
    op: &str,
    left: &Expr,
    right: &Expr,
    var_relid: Option<usize>,
) -> f64 {
    let default = containment_default(op);
    let Some(found) = restriction(scope, left, right, var_relid) else { return default };
    let items = match &found.other {
        Other::Unknown => return default,
        Other::Null => return 0.0,
        Other::Known(Value::Array(items)) => items,
        Other::Known(_) => return default,
    };
    let op = match (found.is_var_left, op) {
        (false, "@>") => "<@",
        (false, "<@") => "@>",
        (_, op) => op,
    };
    if op == "@>" && items.contains(&None) {
        return 0.0;
    }
    let order = found.variable.order();
    let mut unique: Vec<&Value<'_>> = Vec::new();
    for item in items.iter().flatten() {
        if !unique.iter().any(|known| known.is_equal(item, order)) {
            unique.push(item);
        }
    }
    let one = unknown_element();
    let part = match op {
        "@>" => unique.iter().fold(1.0, |all, _| clamp(all * one)),
        "&&" => unique.iter().fold(0.0, |all, _| clamp(all + one - all * one)),
        _ => DEFAULT_CONTAIN,
    };
    clamp(part * (1.0 - found.variable.null_frac()))
}

/// What containment between unknown arrays keeps.
pub fn containment_default(op: &str) -> f64 {
    if op == "&&" { DEFAULT_OVERLAP } else { DEFAULT_CONTAIN }
}
