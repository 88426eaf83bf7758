//! `<`, `<=`, `>`, `>=` against common values and the histogram. After `scalarineqsel` and
//! `ineq_histogram_selectivity` of PostgreSQL's `selfuncs.c`.

use super::column::ColumnInfo;
use super::scalar::{interval_seconds, scalar, text_fraction};
use super::selectivity::{DEFAULT_INEQ, common_values, constant};
use super::types::TypeFamily;
use crate::sql::expr::{CompareOp, Expr, Literal};

/// `scalarineqsel`: the common values that qualify, plus the qualifying part of the histogram scaled
/// to the rows that are neither common nor NULL.
pub fn inequality(info: &ColumnInfo<'_>, op: CompareOp, value: &Expr) -> f64 {
    let Some(at) = place(info, value) else { return DEFAULT_INEQ };
    if info.statistics.is_none() {
        return DEFAULT_INEQ;
    }
    let (values, frequencies) = common_values(info);
    let is_low = matches!(op, CompareOp::Lt | CompareOp::Le);
    let includes_equal = matches!(op, CompareOp::Le | CompareOp::Ge);
    let mut common_matching = 0.0;
    for (value, frequency) in values.iter().zip(frequencies) {
        let order = at.compare(info.family, value);
        if (order.is_lt() && is_low)
            || (order.is_gt() && !is_low)
            || (order.is_eq() && includes_equal)
        {
            common_matching += frequency;
        }
    }
    let common: f64 = frequencies.iter().sum();
    let rest = (1.0 - info.null_frac - common).max(0.0);
    let below = match histogram_fraction(info, &at) {
        Some(below) => below,
        None if rest < 0.0001 || !values.is_empty() => 0.5,
        None => return DEFAULT_INEQ,
    };
    let fraction = if is_low { below } else { 1.0 - below };
    (common_matching + rest * fraction).clamp(0.0, 1.0)
}

/// A value that can be placed among others.
enum Placed {
    Number(f64),
    Text(String),
}

impl Placed {
    /// How `other` compares with this value.
    fn compare(&self, family: TypeFamily, other: &str) -> std::cmp::Ordering {
        match self {
            Placed::Number(number) => scalar(family, other).unwrap_or(f64::NAN).total_cmp(number),
            Placed::Text(text) => other.cmp(text.as_str()),
        }
    }
}

fn place(info: &ColumnInfo<'_>, value: &Expr) -> Option<Placed> {
    if let Some(text) = constant(value) {
        return match scalar(info.family, &text) {
            Some(number) => Some(Placed::Number(number)),
            None if info.family == TypeFamily::Text => Some(Placed::Text(text)),
            None if info.family == TypeFamily::Uuid => Some(Placed::Text(text)),
            None => None,
        };
    }
    if info.family == TypeFamily::Time {
        return relative_time(info, value).map(Placed::Number);
    }
    None
}

/// `now()`, `current_date - interval '7 days'`. The core knows no clock: now is taken to be the newest
/// value seen of the column, which is right for columns that are written as time passes (doubt:
/// due dates lie in the future).
fn relative_time(info: &ColumnInfo<'_>, expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Function(call) if is_now(&call.name) => newest(info),
        Expr::Other { text, inputs } if inputs.is_empty() && is_now(text) => newest(info),
        Expr::Cast { expr, to } if to != "interval" => relative_time(info, expr),
        Expr::Operator { op, left: Some(left), right } if op == "-" || op == "+" => {
            let base = relative_time(info, left)?;
            let by = interval(right)?;
            Some(if op == "-" { base - by } else { base + by })
        }
        Expr::Function(call)
            if matches!(call.name.as_str(), "date_trunc" | "date" | "timezone") =>
        {
            call.args.last().and_then(|arg| relative_time(info, arg))
        }
        _ => None,
    }
}

/// Functions that give the current time.
pub fn is_now(name: &str) -> bool {
    matches!(
        name,
        "now"
            | "current_timestamp"
            | "current_date"
            | "localtimestamp"
            | "transaction_timestamp"
            | "statement_timestamp"
            | "clock_timestamp"
            | "curdate"
            | "sysdate"
            | "utc_timestamp"
            | "getdate"
            | "unixepoch"
    )
}

fn newest(info: &ColumnInfo<'_>) -> Option<f64> {
    let statistics = info.statistics?;
    let bounds = statistics.histogram_bounds.last().into_iter();
    let all = bounds.chain(&statistics.most_common_vals);
    all.filter_map(|text| scalar(info.family, text)).max_by(f64::total_cmp)
}

fn interval(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Cast { expr, to } if to == "interval" => match &**expr {
            Expr::Literal(Literal::Text(text)) => interval_seconds(text),
            _ => None,
        },
        Expr::Literal(Literal::Number(days)) => days.parse::<f64>().ok().map(|d| d * 86_400.0),
        Expr::Literal(Literal::Text(text)) => interval_seconds(text),
        _ => None,
    }
}

/// The part of the histogram below a value, 0 to 1, at least a hundredth of a bin away from the ends
/// as PostgreSQL has it; `None` without a histogram.
fn histogram_fraction(info: &ColumnInfo<'_>, at: &Placed) -> Option<f64> {
    let bounds = &info.statistics?.histogram_bounds;
    if bounds.len() < 2 {
        return None;
    }
    let n_bins = f64::from(u32::try_from(bounds.len() - 1).unwrap_or(u32::MAX));
    let upper = bounds.partition_point(|bound| at.compare(info.family, bound).is_le());
    let cutoff = 0.01 / n_bins;
    let fraction = if upper == 0 {
        0.0
    } else if upper >= bounds.len() {
        1.0
    } else {
        let (low, high) = (bounds.get(upper - 1)?, bounds.get(upper)?);
        let within = within_bin(info.family, at, low, high);
        (f64::from(u32::try_from(upper - 1).unwrap_or(u32::MAX)) + within) / n_bins
    };
    Some(fraction.clamp(cutoff, 1.0 - cutoff))
}

fn within_bin(family: TypeFamily, at: &Placed, low: &str, high: &str) -> f64 {
    match at {
        Placed::Number(value) => match (scalar(family, low), scalar(family, high)) {
            (Some(low), Some(high)) if high > low => ((value - low) / (high - low)).clamp(0.0, 1.0),
            _ => 0.5,
        },
        Placed::Text(value) => text_fraction(value, low, high),
    }
}
