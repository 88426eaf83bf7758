//! Functions of known values: those that conditions of real queries compute with constants.

use std::borrow::Cow;

use super::super::datetime;
use super::super::sql_type::common_type;
use super::super::value::Value;
use super::{Constant, Evaluator, boolean, cast};
use crate::sql::expr::Function;

/// The value of a call; `None` for functions that are not known, or whose arguments are not.
pub fn call(evaluator: &Evaluator<'_, '_>, call: &Function) -> Option<Constant> {
    match call.name.as_str() {
        "coalesce" | "ifnull" => return coalesce(evaluator, call),
        "nullif" | "greatest" | "least" | "lower" | "upper" | "length" | "char_length" | "abs"
        | "round" | "floor" | "ceil" | "ceiling" | "concat" | "date_trunc" | "extract"
        | "date_part" | "date" | "to_date" | "timezone" | "to_timestamp" | "date_add"
        | "date_sub" | "btrim" => {}
        _ => return None,
    }
    let args: Option<Vec<Constant>> = call.args.iter().map(|arg| evaluator.value(arg)).collect();
    let args = args?;
    match call.name.as_str() {
        "greatest" => extreme(&args, true),
        "least" => extreme(&args, false),
        "nullif" => match (boolean::compare(args.first()?, args.get(1)?)?, args.first()?) {
            (Some(order), first) if order.is_eq() => Some(Constant::null(&first.data_type)),
            (_, first) => Some(first.clone()),
        },
        "concat" => {
            let texts: Option<Vec<Constant>> = args.iter().map(|arg| arg.coerced("text")).collect();
            let texts = texts?;
            Some(text(texts.iter().filter_map(|arg| arg.value.as_ref()?.text()).collect()))
        }
        name => strict(name, &args),
    }
}

/// Functions that are NULL for a NULL argument.
fn strict(name: &str, args: &[Constant]) -> Option<Constant> {
    let first = args.first()?;
    let values: Option<Vec<&Value<'static>>> = args.iter().map(|arg| arg.value.as_ref()).collect();
    let Some(values) = values else { return Some(Constant::null("unknown")) };
    let (a, b) = (*values.first()?, values.get(1).copied());
    match (name, a, b) {
        ("lower", Value::Text(a), None) => Some(text(a.to_lowercase())),
        ("upper", Value::Text(a), None) => Some(text(a.to_uppercase())),
        ("btrim", Value::Text(a), None) => Some(text(a.trim_matches(' ').to_owned())),
        ("length" | "char_length", Value::Text(a), None) => {
            let n = i128::try_from(a.chars().count()).ok()?;
            Some(Constant::new(Value::Decimal(n, 0), "int4"))
        }
        ("abs", Value::Decimal(digits, scale), None) => {
            Some(Constant::new(Value::Decimal(digits.checked_abs()?, *scale), &first.data_type))
        }
        ("round", Value::Decimal(digits, scale), places) => {
            let places = match places {
                Some(Value::Decimal(places, 0)) => u32::try_from(*places).ok()?,
                Some(_) => return None,
                None => 0,
            };
            Some(Constant::new(cast::round_decimal(*digits, *scale, places), "numeric"))
        }
        ("floor", Value::Decimal(digits, scale), None) => {
            let unit = 10i128.checked_pow(*scale)?;
            Some(Constant::new(Value::Decimal(digits.div_euclid(unit), 0), "numeric"))
        }
        ("ceil" | "ceiling", Value::Decimal(digits, scale), None) => {
            let unit = 10i128.checked_pow(*scale)?;
            let up = digits.checked_neg()?.div_euclid(unit).checked_neg()?;
            Some(Constant::new(Value::Decimal(up, 0), "numeric"))
        }
        _ => of_time(name, args),
    }
}

fn of_time(name: &str, args: &[Constant]) -> Option<Constant> {
    let (first, second) = (args.first()?, args.get(1));
    let moment = |constant: &Constant, to: &str| match cast::cast(constant, to)?.value {
        Some(Value::Time(micros)) => Some(micros),
        _ => None,
    };
    match name {
        "date_trunc" => {
            let (unit, second) = (first.value.as_ref()?.text()?, second?);
            let data_type =
                if second.data_type == "timestamp" { "timestamp" } else { "timestamptz" };
            let micros = datetime::truncate(&unit.to_lowercase(), moment(second, data_type)?)?;
            Some(Constant::new(Value::Time(micros), data_type))
        }
        "extract" | "date_part" => {
            let field = first.value.as_ref()?.text()?.to_lowercase();
            let number = datetime::extract(&field, moment(second?, "timestamp")?)?;
            let is_whole = libm::trunc(number) == number;
            Some(match name {
                "extract" if is_whole => {
                    Constant::new(Value::Decimal(number as i128, 0), "numeric")
                }
                _ => Constant::new(Value::Float(number), "float8"),
            })
        }
        "date" => Some(Constant::new(Value::Time(moment(first, "date")?), "date")),
        "to_date" => {
            let format = second?.value.as_ref()?.text()?;
            let is_iso = format.eq_ignore_ascii_case("yyyy-mm-dd");
            is_iso.then(|| first.coerced("date")).flatten()
        }
        // Zones other than UTC are not known: both ways keep the moment.
        "timezone" => {
            let second = second?;
            let data_type =
                if second.data_type == "timestamptz" { "timestamp" } else { "timestamptz" };
            Some(Constant::new(Value::Time(moment(second, "timestamp")?), data_type))
        }
        "to_timestamp" if second.is_none() => {
            let seconds = first.value.as_ref()?.number().filter(|n| n.abs() < 1e12)?;
            let micros = libm::rint(seconds * 1e6) as i64 - 10_957 * datetime::DAY;
            Some(Constant::new(Value::Time(micros), "timestamptz"))
        }
        "date_add" => super::arithmetic::binary("+", first, second?),
        "date_sub" => super::arithmetic::binary("-", first, second?),
        _ => None,
    }
}

/// The first argument that is not NULL, as far as all before it are known.
fn coalesce(evaluator: &Evaluator<'_, '_>, call: &Function) -> Option<Constant> {
    for arg in &call.args {
        let value = evaluator.value(arg)?;
        if value.value.is_some() {
            return Some(value);
        }
    }
    Some(Constant::null("unknown"))
}

fn extreme(args: &[Constant], is_greatest: bool) -> Option<Constant> {
    let common = common_type(args.iter().map(|arg| arg.data_type.clone()));
    let mut best: Option<Constant> = None;
    for arg in args {
        let arg = arg.coerced(&common)?;
        if arg.value.is_none() {
            continue;
        }
        let is_better = match &best {
            None => true,
            Some(best) => boolean::compare(&arg, best)?
                .is_some_and(|order| if is_greatest { order.is_gt() } else { order.is_lt() }),
        };
        if is_better {
            best = Some(arg);
        }
    }
    Some(best.unwrap_or_else(|| Constant::null(&common)))
}

fn text(value: String) -> Constant {
    Constant::new(Value::Text(Cow::Owned(value)), "text")
}
