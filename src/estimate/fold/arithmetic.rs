//! Operators on known values.

use super::super::datetime::{self, DAY, Interval};
use super::super::sql_type::arithmetic_type;
use super::super::value::{Value, rescale};
use super::{Constant, cast};

/// `left op right`; `None` for what is not known here.
pub fn binary(op: &str, left: &Constant, right: &Constant) -> Option<Constant> {
    if op == "||" {
        return concatenation(left, right);
    }
    if !matches!(op, "+" | "-" | "*" | "/" | "%") {
        return None;
    }
    let (left, right) = resolved(op, left, right)?;
    let data_type = arithmetic_type(op, Some(&left.data_type), &right.data_type);
    let (Some(a), Some(b)) = (&left.value, &right.value) else {
        return Some(Constant::null(&data_type));
    };
    let value = match (a, b) {
        (Value::Time(a), Value::Interval(b)) => time_and_interval(op, *a, *b)?,
        (Value::Interval(a), Value::Time(b)) if op == "+" => time_and_interval(op, *b, *a)?,
        (Value::Time(a), Value::Time(b)) if op == "-" => match data_type.as_str() {
            "int4" => Value::Decimal(i128::from(a.checked_sub(*b)? / DAY), 0),
            _ => {
                let micros = a.checked_sub(*b)?;
                Value::Interval(Interval { months: 0, days: micros / DAY, micros: micros % DAY })
            }
        },
        (Value::Time(a), Value::Decimal(days, 0)) => {
            let micros = i64::try_from(*days).ok()?.checked_mul(DAY)?;
            let sum = if op == "-" { a.checked_sub(micros) } else { a.checked_add(micros) };
            Value::Time(sum?)
        }
        (Value::Decimal(days, 0), Value::Time(b)) if op == "+" => {
            Value::Time(b.checked_add(i64::try_from(*days).ok()?.checked_mul(DAY)?)?)
        }
        (Value::Interval(a), Value::Interval(b)) => match op {
            "+" => Value::Interval(a.plus(*b)),
            "-" => Value::Interval(a.plus(b.negated())),
            _ => return None,
        },
        (Value::Interval(a), factor) => match op {
            "*" => Value::Interval(a.times(factor.number()?)),
            "/" => Value::Interval(a.times(1.0 / factor.number().filter(|n| *n != 0.0)?)),
            _ => return None,
        },
        (factor, Value::Interval(b)) if op == "*" => Value::Interval(b.times(factor.number()?)),
        (a, b) => numbers(op, a, b, &data_type)?,
    };
    Some(Constant::new(value, &data_type))
}

/// An untyped literal takes the type of the other side; next to a moment it is an interval.
fn resolved(op: &str, left: &Constant, right: &Constant) -> Option<(Constant, Constant)> {
    let partner = |other: &Constant, is_right: bool| match other.data_type.as_str() {
        "timestamp" | "timestamptz" | "date" if op == "+" || (op == "-" && is_right) => {
            if op == "-" { other.data_type.clone() } else { "interval".to_owned() }
        }
        name => name.to_owned(),
    };
    match (left.data_type.as_str(), right.data_type.as_str()) {
        ("unknown", "unknown") => None,
        ("unknown", _) => Some((cast::cast(left, &partner(right, false))?, right.clone())),
        (_, "unknown") => Some((left.clone(), cast::cast(right, &partner(left, true))?)),
        _ => Some((left.clone(), right.clone())),
    }
}

fn time_and_interval(op: &str, micros: i64, interval: Interval) -> Option<Value<'static>> {
    let interval = match op {
        "+" => interval,
        "-" => interval.negated(),
        _ => return None,
    };
    datetime::add(micros, interval).map(Value::Time)
}

fn numbers(
    op: &str,
    a: &Value<'static>,
    b: &Value<'static>,
    data_type: &str,
) -> Option<Value<'static>> {
    if let (Value::Decimal(x, p), Value::Decimal(y, q)) = (a, b)
        && let Some(value) = decimals(op, (*x, *p), (*y, *q), data_type)
    {
        return Some(value);
    }
    let (a, b) = (a.number()?, b.number()?);
    let value = match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" if b != 0.0 => a / b,
        _ => return None,
    };
    value.is_finite().then_some(Value::Float(value))
}

/// Exact where it fits; division is exact only between integers, whose remainder is dropped.
fn decimals(op: &str, a: (i128, u32), b: (i128, u32), data_type: &str) -> Option<Value<'static>> {
    let scale = a.1.max(b.1);
    let aligned = || Some((rescale(a, scale)?, rescale(b, scale)?));
    let is_integer = matches!(data_type, "int2" | "int4" | "int8");
    Some(match op {
        "+" => {
            let (a, b) = aligned()?;
            Value::Decimal(a.checked_add(b)?, scale)
        }
        "-" => {
            let (a, b) = aligned()?;
            Value::Decimal(a.checked_sub(b)?, scale)
        }
        "*" => Value::Decimal(a.0.checked_mul(b.0)?, a.1.checked_add(b.1)?),
        "/" if is_integer => Value::Decimal(a.0.checked_div(b.0)?, 0),
        "%" => {
            let (a, b) = aligned()?;
            Value::Decimal(a.checked_rem(b)?, scale)
        }
        _ => return None,
    })
}

fn concatenation(left: &Constant, right: &Constant) -> Option<Constant> {
    let is_text = |side: &Constant| {
        matches!(side.data_type.as_str(), "unknown" | "text" | "varchar" | "name")
    };
    if !is_text(left) && !is_text(right) {
        return None;
    }
    let (left, right) = (cast::cast(left, "text")?, cast::cast(right, "text")?);
    let text = match (&left.value, &right.value) {
        (Some(a), Some(b)) => format!("{}{}", a.text()?, b.text()?),
        _ => return Some(Constant::null("text")),
    };
    Some(Constant::new(Value::Text(text.into()), "text"))
}
