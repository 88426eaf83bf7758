//! Functions that casts call, written ones and those that PostgreSQL's parser adds: where operators
//! and functions get a type that they do not take (`parse_coerce.c`). Casts of constants are made when
//! planning and cost nothing.

use crate::estimate::scope::Scope;
use crate::estimate::sql_type::{common_type, declared_type, expr_type};
use crate::estimate::types::{TypeFamily, canonical, family_of};
use crate::sql::expr::{Expr, Function};

/// Functions called to cast a value from one type to another.
pub fn cast_calls(from: &str, to: &str) -> f64 {
    let (source, target) = (canonical(from), canonical(to));
    // A length or scale is enforced by one more function.
    let has_length = to.contains('(') && from != to;
    let shaping = if has_length { 1.0 } else { 0.0 };
    if source == target {
        return shaping;
    }
    if source.is_empty() || source == "unknown" {
        return if family_of(&target) == TypeFamily::Text { 0.0 } else { 1.0 };
    }
    let (from_family, to_family) = (family_of(&source), family_of(&target));
    let is_text = |family: TypeFamily| family == TypeFamily::Text;
    shaping
        + match (is_text(from_family), is_text(to_family)) {
            (true, true) if source == "bpchar" => 1.0,
            (true, true) => 0.0,
            (false, true) if matches!(source.as_ref(), "bool" | "inet" | "cidr") => 1.0,
            // By the text form: one type's output function and the other's input function.
            (false, true) | (true, false) => 2.0,
            (false, false) if source == "json" || target == "json" => 2.0,
            (false, false) => 1.0,
        }
}

/// Functions that the parser adds directly below an expression.
pub fn implicit_calls(scope: &Scope<'_>, expr: &Expr) -> f64 {
    match expr {
        Expr::Compare(_, left, right) => binary_calls(scope, left, right, false),
        Expr::Operator { op, left: Some(left), right } if op == "||" => {
            text_calls(scope, left) + text_calls(scope, right)
        }
        Expr::Operator { op, left: Some(left), right }
            if matches!(op.as_str(), "+" | "-" | "*" | "/" | "%" | "^") =>
        {
            binary_calls(scope, left, right, true)
        }
        Expr::Function(call) => argument_calls(scope, call),
        Expr::Case { branches, otherwise, .. } => {
            let results = branches.iter().map(|(_, result)| result).chain(otherwise.as_deref());
            common_calls(scope, &results.collect::<Vec<_>>())
        }
        _ => 0.0,
    }
}

/// Casts of the parts that are not of the type they have in common.
fn common_calls(scope: &Scope<'_>, parts: &[&Expr]) -> f64 {
    let common = common_type(parts.iter().map(|part| expr_type(scope, part)));
    parts.iter().map(|part| call_for(scope, part, &common)).sum()
}

/// A cast to `to`, unless the value is constant or of that type.
fn call_for(scope: &Scope<'_>, expr: &Expr, to: &str) -> f64 {
    let own = expr_type(scope, expr);
    if own.is_empty() || own == "unknown" || own == to || is_folded(expr) {
        return 0.0;
    }
    cast_calls(&own, to)
}

/// Constants only.
pub fn is_folded(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_) | Expr::Param(_) => true,
        Expr::Cast { expr, .. } => is_folded(expr),
        Expr::Operator { left, right, .. } => {
            left.as_ref().is_none_or(|left| is_folded(left)) && is_folded(right)
        }
        _ => false,
    }
}

/// Operators exist for two integers, two floats, two times to compare, and two texts; of other numbers
/// one side is cast.
fn binary_calls(scope: &Scope<'_>, left: &Expr, right: &Expr, is_arithmetic: bool) -> f64 {
    let (a, b) = (expr_type(scope, left), expr_type(scope, right));
    if a == b || a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let is_integer = |name: &str| matches!(name, "int2" | "int4" | "int8");
    let is_float = |name: &str| matches!(name, "float4" | "float8");
    let is_number = |name: &str| is_integer(name) || is_float(name) || name == "numeric";
    if is_number(&a) && is_number(&b) {
        if (is_integer(&a) && is_integer(&b)) || (is_float(&a) && is_float(&b)) {
            return 0.0;
        }
        let to = if is_float(&a) || is_float(&b) { "float8" } else { "numeric" };
        return call_for(scope, left, to) + call_for(scope, right, to);
    }
    match (a.as_str(), b.as_str()) {
        ("bpchar", "text" | "varchar") => call_for(scope, left, "text"),
        ("text" | "varchar", "bpchar") => call_for(scope, right, "text"),
        ("date", "timestamp" | "timestamptz") if is_arithmetic => call_for(scope, left, &b),
        ("timestamp" | "timestamptz", "date") if is_arithmetic => call_for(scope, right, &a),
        _ => 0.0,
    }
}

/// A value used as text.
fn text_calls(scope: &Scope<'_>, expr: &Expr) -> f64 {
    let own = expr_type(scope, expr);
    let is_other = own.ends_with("[]") || matches!(own.as_str(), "jsonb" | "tsvector" | "bytea");
    if is_other { 0.0 } else { call_for(scope, expr, "text") }
}

/// Arguments of functions that take one type only.
pub fn argument_calls(scope: &Scope<'_>, call: &Function) -> f64 {
    let to = |at: usize, to: &str| call.args.get(at).map_or(0.0, |arg| call_for(scope, arg, to));
    let is =
        |at: usize, name: &str| call.args.get(at).is_some_and(|arg| expr_type(scope, arg) == name);
    match call.name.as_str() {
        "lower" | "upper" | "initcap" | "substring" | "substr" | "left" | "right" | "btrim"
        | "trim" | "ltrim" | "rtrim" | "replace" | "split_part" | "strpos" | "position" | "md5"
        | "reverse" | "repeat" | "lpad" | "rpad" | "string_agg" | "regexp_replace"
            if is(0, "bpchar") =>
        {
            to(0, "text")
        }
        "date_trunc" if is(1, "date") => 1.0,
        "to_char" if is(0, "date") => 1.0,
        "coalesce" | "greatest" | "least" => {
            common_calls(scope, &call.args.iter().collect::<Vec<_>>())
        }
        "round" if call.args.len() > 1 => to(0, "numeric"),
        "round" | "ceil" | "ceiling" | "floor" | "sqrt" | "exp" | "ln" if !is(0, "numeric") => {
            to(0, "float8")
        }
        "power" | "pow" if !is(0, "numeric") => to(0, "float8") + to(1, "float8"),
        "corr" | "covar_pop" | "covar_samp" | "regr_slope" | "regr_intercept" | "regr_r2" => {
            to(0, "float8") + to(1, "float8")
        }
        "percentile_cont" => {
            call.order_by.first().map_or(0.0, |key| call_for(scope, &key.expr, "float8"))
        }
        _ => 0.0,
    }
}

/// Functions that a written cast calls.
pub fn written_calls(scope: &Scope<'_>, expr: &Expr, to: &str) -> f64 {
    if is_folded(expr) { 0.0 } else { cast_calls(&declared_type(scope, expr), to) }
}
