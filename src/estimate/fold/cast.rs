//! Casts of known values.

use std::borrow::Cow;

use super::super::datetime::{DAY, print_date, print_timestamp};
use super::super::types::canonical;
use super::super::value::Value;
use super::{Constant, print_number};

/// The value as one of type `to` (as written, with its modifiers); `None`: it is no such value, or
/// the cast is not known here.
pub fn cast(constant: &Constant, to: &str) -> Option<Constant> {
    let name = canonical(to);
    let Some(value) = &constant.value else { return Some(Constant::null(&name)) };
    if name == constant.data_type && !to.contains('(') || name == "unknown" {
        return Some(constant.clone());
    }
    let value = convert(value, &constant.data_type, &name)?;
    Some(Constant::new(modified(value, &name, to), &name))
}

fn convert(value: &Value<'static>, from: &str, to: &str) -> Option<Value<'static>> {
    if let Value::Text(text) = value {
        // Blanks at the end of `character(n)` do not outlive a cast.
        let text = if from == "bpchar" { text.trim_end_matches(' ') } else { text };
        return Value::parse(to, text).map(Value::into_owned);
    }
    match (value, to) {
        (value, to) if from == to => Some((*value).clone()),
        (Value::Decimal(..) | Value::Float(_), "int2" | "int4" | "int8" | "oid") => {
            // Halves: numeric rounds away from zero, doubles to even.
            let number = value.number()?;
            let rounded = match value {
                Value::Float(_) => libm::rint(number),
                _ => libm::round(number),
            };
            match value {
                Value::Decimal(_, 0) => Some(value.clone()),
                _ => (rounded.abs() < 9.2e18).then_some(Value::Decimal(rounded as i128, 0)),
            }
        }
        (Value::Decimal(..) | Value::Float(_), "numeric") => Some(value.clone()),
        (Value::Decimal(..) | Value::Float(_), "float4") => {
            Some(Value::Float(f64::from(value.number()? as f32)))
        }
        (Value::Decimal(..) | Value::Float(_), "float8" | "money") => {
            Some(Value::Float(value.number()?))
        }
        (Value::Bool(truth), "int4") => Some(Value::Decimal(i128::from(*truth), 0)),
        (Value::Decimal(digits, 0), "bool") => Some(Value::Bool(*digits != 0)),
        (Value::Time(micros), "date") => {
            Some(Value::Time(micros.saturating_sub(micros.rem_euclid(DAY))))
        }
        (Value::Time(micros), "timestamp" | "timestamptz") => Some(Value::Time(*micros)),
        (Value::Time(micros), "time") => Some(Value::Time(micros.rem_euclid(DAY))),
        (value, "text" | "varchar" | "bpchar") => {
            let text = match value {
                Value::Bool(truth) => truth.to_string(),
                Value::Time(micros) if from == "date" => print_date(*micros),
                Value::Time(micros) if from == "timestamp" => print_timestamp(*micros),
                Value::Opaque(text) => text.to_string(),
                number => print_number(number)?,
            };
            Some(Value::Text(Cow::Owned(text)))
        }
        _ => None,
    }
}

/// Cuts and pads to a declared length; rounds to declared places.
fn modified(value: Value<'static>, name: &str, declared: &str) -> Value<'static> {
    let inner = declared.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    let modifiers: Vec<usize> = inner
        .map(|(inner, _)| inner.split(',').filter_map(|n| n.trim().parse().ok()).collect())
        .unwrap_or_default();
    let Some(length) = modifiers.first().copied() else { return value };
    match (value, name) {
        (Value::Text(text), "varchar" | "bpchar") => {
            let mut cut: String = text.chars().take(length).collect();
            let missing = length.min(10_000_000) - cut.chars().count().min(length);
            if name == "bpchar" {
                cut.extend(std::iter::repeat_n(' ', missing.min(10_000)));
            }
            Value::Text(Cow::Owned(cut))
        }
        (Value::Decimal(digits, scale), "numeric") => {
            let places = u32::try_from(modifiers.get(1).copied().unwrap_or(0)).unwrap_or(0);
            round_decimal(digits, scale, places)
        }
        (value, _) => value,
    }
}

/// A decimal with at most so many places, halves away from zero.
pub fn round_decimal(digits: i128, scale: u32, places: u32) -> Value<'static> {
    let Some(unit) = scale.checked_sub(places).and_then(|drop| 10i128.checked_pow(drop)) else {
        return Value::Decimal(digits, scale);
    };
    let half = unit / 2;
    let rounded = match digits {
        below if below < 0 => below.saturating_sub(half) / unit,
        above => above.saturating_add(half) / unit,
    };
    if unit == 1 { Value::Decimal(digits, scale) } else { Value::Decimal(rounded, places) }
}
