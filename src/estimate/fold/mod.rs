//! Values of expressions that are known before a query runs: `eval_const_expressions` and
//! `estimate_expression_value` of `clauses.c`. What is not known stays as it is.
//!
//! Estimates also know the value of what is stable within a statement: `now()` is the time at which
//! the statistics were exported (see [`super::present`]). Time zones are taken for UTC.

mod arithmetic;
mod boolean;
mod cast;
mod function;

pub use boolean::holds;

use std::borrow::Cow;

use super::datetime::{DAY, print_date, print_interval, print_timestamp};
use super::present::present;
use super::scope::Scope;
use super::sql_type::{expr_type, number_type};
use super::types::canonical;
use super::value::{TextOrder, Value, parse_number};
use crate::sql::expr::{Expr, Literal};

/// A known value and its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// `None` is NULL.
    pub value: Option<Value<'static>>,
    /// Canonical name; `unknown` for an untyped literal.
    pub data_type: String,
}

impl Constant {
    fn new(value: Value<'static>, data_type: &str) -> Constant {
        Constant { value: Some(value), data_type: data_type.to_owned() }
    }

    fn null(data_type: &str) -> Constant {
        Constant { value: None, data_type: data_type.to_owned() }
    }

    /// A boolean; `None` is NULL.
    fn truth(truth: Option<bool>) -> Constant {
        Constant { value: truth.map(Value::Bool), data_type: "bool".to_owned() }
    }

    /// The value as one of another type, as an untyped literal takes the type of what it is
    /// compared with. `None`: it is no such value.
    pub fn coerced(&self, to: &str) -> Option<Constant> {
        cast::cast(self, to)
    }
}

/// Replaces what is known by literals, and simplifies what they decide.
pub fn fold_constants(expr: &mut Expr, scope: &Scope<'_>) {
    expr.for_each_child_mut(&mut |child| fold_constants(child, scope));
    let is_plain = matches!(expr, Expr::Literal(_) | Expr::Array(_) | Expr::Row(_))
        || matches!(expr, Expr::Cast { expr, .. } if matches!(**expr, Expr::Literal(_)));
    if is_plain {
        return;
    }
    let evaluator = Evaluator { scope, is_estimate: false };
    if let Some(literal) = evaluator.value(expr).as_ref().and_then(to_expr) {
        *expr = literal;
        return;
    }
    boolean::simplify(expr, scope);
}

/// The value of an expression as far as estimates know it.
pub fn estimate_value(scope: &Scope<'_>, expr: &Expr) -> Option<Constant> {
    Evaluator { scope, is_estimate: true }.value(expr)
}

/// A literal of the value; `None` for what has no literal form here.
fn to_expr(constant: &Constant) -> Option<Expr> {
    let cast = |literal: Literal| Expr::Cast {
        expr: Box::new(Expr::Literal(literal)),
        to: constant.data_type.clone(),
    };
    let text = |text: String| cast(Literal::Text(text));
    Some(match &constant.value {
        None => Expr::Literal(Literal::Null),
        Some(Value::Bool(value)) => Expr::Literal(Literal::Bool(*value)),
        Some(number @ (Value::Decimal(..) | Value::Float(_))) => {
            let digits = print_number(number)?;
            let literal = Literal::Number(digits.clone());
            let is_natural = number_type(&digits) == constant.data_type;
            if is_natural { Expr::Literal(literal) } else { cast(literal) }
        }
        Some(Value::Text(value)) => match constant.data_type.as_str() {
            "unknown" => Expr::Literal(Literal::Text(value.to_string())),
            _ => text(value.to_string()),
        },
        Some(Value::Time(micros)) => match constant.data_type.as_str() {
            "date" => text(print_date(*micros)),
            "timestamp" | "timestamptz" => text(print_timestamp(*micros)),
            _ => return None,
        },
        Some(Value::Interval(interval)) => text(print_interval(*interval)),
        Some(_) => return None,
    })
}

/// A number as SQL writes it.
fn print_number(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Decimal(digits, 0) => Some(digits.to_string()),
        Value::Decimal(digits, scale) => {
            let places = usize::try_from(*scale).ok()?;
            let text = format!("{:0>width$}", digits.unsigned_abs(), width = places + 1);
            let (whole, fraction) = text.split_at(text.len() - places);
            let sign = if *digits < 0 { "-" } else { "" };
            Some(format!("{sign}{whole}.{fraction}"))
        }
        Value::Float(number) if number.is_finite() => Some(number.to_string()),
        _ => None,
    }
}

/// Evaluates expressions without columns.
struct Evaluator<'e, 'a> {
    scope: &'e Scope<'a>,
    /// Values that are fixed only while the statement runs count as known.
    is_estimate: bool,
}

impl Evaluator<'_, '_> {
    fn value(&self, expr: &Expr) -> Option<Constant> {
        match expr {
            Expr::Literal(literal) => literal_value(literal),
            Expr::Collate { expr, .. } => self.value(expr),
            Expr::Cast { expr, to } => {
                let inner = self.value(expr)?;
                // What the session's time zone decides is not folded into a plan.
                let is_zoned = canonical(to) == "timestamptz" && inner.data_type != "unknown";
                if is_zoned && !self.is_estimate && inner.data_type != "timestamptz" {
                    return None;
                }
                cast::cast(&inner, to)
            }
            Expr::Operator { op, left: Some(left), right } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let is_zoned = [&left, &right].iter().any(|side| side.data_type == "timestamptz");
                if is_zoned && !self.is_estimate {
                    return None;
                }
                arithmetic::binary(op, &left, &right)
            }
            Expr::Operator { op, left: None, right } if op == "-" => {
                let zero = Constant::new(Value::Decimal(0, 0), "int4");
                arithmetic::binary("-", &zero, &self.value(right)?)
            }
            Expr::Function(call) if call.over.is_none() && call.filter.is_none() => {
                match self.is_estimate.then(|| self.moment(&call.name)).flatten() {
                    Some(moment) => Some(moment),
                    None => function::call(self, call),
                }
            }
            Expr::Other { text, inputs } if inputs.is_empty() && self.is_estimate => {
                self.moment(text)
            }
            Expr::Array(items) => {
                let values: Option<Vec<Constant>> =
                    items.iter().map(|item| self.value(item)).collect();
                let element = expr_type(self.scope, expr);
                let element = element.trim_end_matches("[]");
                let items = values?.into_iter().map(|item| Some(item.coerced(element)?.value));
                let items: Option<Vec<_>> = items.collect();
                Some(Constant::new(Value::Array(items?), &format!("{element}[]")))
            }
            Expr::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref())
            }
            other => boolean::truth(self, other).map(Constant::truth),
        }
    }

    /// The current time in any of its names.
    fn moment(&self, name: &str) -> Option<Constant> {
        let data_type = match name {
            "now"
            | "current_timestamp"
            | "transaction_timestamp"
            | "statement_timestamp"
            | "clock_timestamp" => "timestamptz",
            "localtimestamp" | "sysdate" | "getdate" | "utc_timestamp" => "timestamp",
            "current_date" | "curdate" | "utc_date" => "date",
            _ => return None,
        };
        let now = present(self.scope)?;
        let micros = if data_type == "date" { now - now.rem_euclid(DAY) } else { now };
        Some(Constant::new(Value::Time(micros), data_type))
    }

    fn case(
        &self,
        operand: Option<&Expr>,
        branches: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
    ) -> Option<Constant> {
        for (condition, result) in branches {
            let holds = match operand {
                None => boolean::truth(self, condition)?,
                Some(operand) => {
                    let sides = (self.value(operand)?, self.value(condition)?);
                    boolean::compare(&sides.0, &sides.1)?.map(std::cmp::Ordering::is_eq)
                }
            };
            if holds == Some(true) {
                return self.value(result);
            }
        }
        match otherwise {
            Some(otherwise) => self.value(otherwise),
            None => Some(Constant::null("unknown")),
        }
    }
}

fn literal_value(literal: &Literal) -> Option<Constant> {
    Some(match literal {
        Literal::Null => Constant::null("unknown"),
        Literal::Bool(value) => Constant::new(Value::Bool(*value), "bool"),
        Literal::Number(digits) => Constant::new(parse_number(digits)?, number_type(digits)),
        Literal::Text(text) => Constant::new(Value::Text(Cow::Owned(text.clone())), "unknown"),
    })
}

/// How texts of constants compare with each other: by bytes.
fn plain_order() -> TextOrder {
    TextOrder { collation: super::collation::Collation::Bytes, is_padded: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::sql::parse::parse_expr;
    use crate::sql::print::print_expr;

    #[test]
    fn constants_fold() {
        let cases = [
            ("0.06 + 0.01", "0.07"),
            ("1 + 2 * 3", "7"),
            ("7 / 2", "3"),
            ("date '1994-01-01' + interval '1 year'", "'1995-01-01 00:00:00'::timestamp"),
            ("date '1998-12-01' - interval '90' day", "'1998-09-02 00:00:00'::timestamp"),
            ("'2024-01-31'::date + 1", "'2024-02-01'::date"),
            ("now() - interval '1 day'", "(now() - '1 day'::interval)"),
            ("true and x", "x"),
            ("false or x = 1", "(x = 1)"),
            ("x = 1 and 1 = 2", "false"),
            ("not (1 = 2)", "true"),
            ("case when 1 = 1 then 'a' else 'b' end", "'a'"),
            ("coalesce(null, 3)", "3"),
            ("lower('ABC') || 'd'", "'abcd'::text"),
            ("'5'::int + 1", "6"),
            ("null + 1", "NULL"),
            ("extract(year from date '2024-05-01')", "2024::numeric"),
            ("'x'::varchar", "'x'::varchar"),
        ];
        for (sql, want) in cases {
            let mut expr = parse_expr(sql, Dialect::Postgres).unwrap();
            fold_constants(&mut expr, &Scope::default());
            assert_eq!(print_expr(&expr, &|_| "?".to_owned()), want, "{sql}");
        }
    }
}
