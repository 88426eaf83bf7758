//! `<`, `<=`, `>`, `>=` against common values and the histogram. After `scalarineqsel` and
//! `ineq_histogram_selectivity` of `selfuncs.c`.
//!
//! With a B-tree that begins with the column PostgreSQL looks up today's smallest or largest value
//! when a search ends in the first or last bin. Those are not known here: the extremes of histogram
//! and common values stand for them, and as there the result then need not keep away from 0 and 1.
//! Numbers that a sequence gave out are known better: as many different integers as there are rows
//! need as many places, of which those that the histogram does not cover lie outside of it. Of other
//! moments and numbers a sample of 300 rows a bin misses the extremes by what as many random draws
//! miss on average.

use std::cmp::Ordering;

use super::ctid;
use super::fold::Constant;
use super::restriction::{Other, common_part, restriction};
use super::scalar::place;
use super::scope::Scope;
use super::value::Value;
use super::variable::{Histogram, Variable, clamp};
use crate::sql::expr::{CompareOp, Expr};

/// `DEFAULT_INEQ_SEL`: a comparison with an unknown value.
pub const DEFAULT_INEQ: f64 = 0.333_333_333_333_333_3;

/// `scalarltsel` and its kin.
pub fn inequality(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &Expr,
    right: &Expr,
    var_relid: Option<usize>,
) -> f64 {
    let Some(found) = restriction(scope, left, right, var_relid) else { return DEFAULT_INEQ };
    let op = if found.is_var_left { op } else { op.commuted() };
    match &found.other {
        Other::Unknown => DEFAULT_INEQ,
        Other::Null => 0.0,
        Other::Known(value) => compared_with(&found.variable, op, value),
    }
}

/// `scalarineqsel`: the common values that qualify, plus the qualifying part of the histogram scaled
/// to the rows that are neither common nor NULL.
pub fn compared_with(variable: &Variable<'_>, op: CompareOp, value: &Value<'_>) -> f64 {
    if variable.statistics.is_none() {
        return ctid::compared_with(variable, op, value).unwrap_or(DEFAULT_INEQ);
    }
    let order = variable.order();
    let test = |common: &Value<'_>| {
        common.compare(value, order).is_some_and(|order| super::fold::holds(op, order))
    };
    let (matching, common) = common_part(variable, &test);
    let rest = 1.0 - variable.null_frac() - common;
    // Without a histogram half of the others are taken to qualify.
    let part = histogram_below(variable, op, value).unwrap_or(0.5);
    clamp(rest * part + matching)
}

/// `ineq_histogram_selectivity`: the part of the histogram's rows that qualify; `None` without one.
pub fn histogram_below(variable: &Variable<'_>, op: CompareOp, value: &Value<'_>) -> Option<f64> {
    let mut bounds = variable.histogram();
    if bounds.len() < 2 {
        return None;
    }
    let is_greater = matches!(op, CompareOp::Gt | CompareOp::Ge);
    let has_equal = matches!(op, CompareOp::Le | CompareOp::Ge);
    let (bin, knows_end) = search(variable, &mut bounds, op, value);
    let n_bins = (bounds.len() - 1) as f64;
    let part = if bin == 0 {
        0.0
    } else if bin >= bounds.len() {
        1.0
    } else {
        let within = within_bin(variable, value, &bounds.get(bin - 1)?, &bounds.get(bin)?);
        let mut part = (bin as f64 - 1.0 + within) / n_bins;
        if bin == 1 || is_greater == has_equal {
            let equal = equal_part(variable);
            if bin == 1 {
                // The first bin has its lower bound too.
                part += equal * (1.0 - within);
            }
            if is_greater == has_equal {
                part -= equal;
            }
        }
        part
    };
    let part = if is_greater { 1.0 - part } else { part };
    if knows_end {
        return Some(clamp(part));
    }
    let cutoff = 0.01 / n_bins;
    Some(if part < cutoff {
        cutoff
    } else if part > 1.0 - cutoff {
        1.0 - cutoff
    } else {
        part
    })
}

/// The bin whose right end is the first bound beyond the value, by halving, and whether an index
/// gave the end of the histogram that was looked at.
fn search(
    variable: &Variable<'_>,
    bounds: &mut Histogram<'_, '_>,
    op: CompareOp,
    value: &Value<'_>,
) -> (usize, bool) {
    let order = variable.order();
    let is_greater = matches!(op, CompareOp::Gt | CompareOp::Ge);
    let last = bounds.len() - 1;
    let mut knows_end = variable.has_range_index && last == 1;
    if knows_end {
        widen(variable, bounds, 0);
        widen(variable, bounds, last);
    }
    let (mut low, mut high) = (0, bounds.len());
    while low < high {
        let probe = usize::midpoint(low, high);
        if (probe == 0 || probe == last) && last > 1 {
            knows_end = variable.has_range_index;
            if knows_end {
                widen(variable, bounds, probe);
            }
        }
        let order = bounds.get(probe).and_then(|bound| bound.compare(value, order));
        let qualifies = order.is_some_and(|order| super::fold::holds(op, order));
        if qualifies == is_greater {
            high = probe;
        } else {
            low = probe + 1;
        }
    }
    (low, knows_end)
}

/// Puts the extreme of all values that statistics know at an end of the histogram.
fn widen(variable: &Variable<'_>, bounds: &mut Histogram<'_, '_>, at: usize) {
    let order = variable.order();
    let wanted = if at == 0 { Ordering::Less } else { Ordering::Greater };
    let Some(mut bound) = bounds.get(at) else { return };
    for common in variable.common().unwrap_or_default().values {
        if common.compare(&bound, order) == Some(wanted) {
            bound = common.into_owned();
        }
    }
    bounds.set(at, bound);
    let n_bins = bounds.len() - 1;
    let (end, next) = if at == 0 { (0, 1) } else { (n_bins, n_bins - 1) };
    if let Some(beyond) = bounds
        .get(end)
        .zip(bounds.get(next))
        .and_then(|(end, next)| missed(&end, &next, n_bins as f64, variable.tuples))
        && !variable.is_unique
    {
        bounds.set(at, beyond);
    }
    let (Some(Value::Decimal(first, 0)), Some(Value::Decimal(last, 0))) =
        (bounds.get(0), bounds.get(n_bins))
    else {
        return;
    };
    if let Some((low, high)) = places_needed(variable, first, last) {
        bounds.set(at, Value::Decimal(if at == 0 { low } else { high }, 0));
    }
}

/// The extreme that lies beyond an end of the histogram: of N rows a sample of n leaves (N - n) /
/// (n + 1) beyond its extreme, spread as thinly as the rows of the last bin.
fn missed(end: &Value<'_>, next: &Value<'_>, n_bins: f64, tuples: f64) -> Option<Value<'static>> {
    let sample = 300.0 * n_bins;
    if tuples <= sample {
        return None;
    }
    let part = (tuples - sample) / (sample + 1.0) / tuples * n_bins;
    match (end, next) {
        (Value::Time(end), Value::Time(next)) => {
            let step = (end.checked_sub(*next)? as f64 * part) as i64;
            end.checked_add(step).map(Value::Time)
        }
        (Value::Float(end), Value::Float(next)) => Some(Value::Float(end + (end - next) * part)),
        _ => None,
    }
}

/// The range of a unique integer column, which begins at 1 where there is room for that.
fn places_needed(variable: &Variable<'_>, first: i128, last: i128) -> Option<(i128, i128)> {
    let is_integer = matches!(variable.data_type.as_str(), "int2" | "int4" | "int8");
    let count = (variable.tuples * (1.0 - variable.null_frac())) as i128;
    let missing = count.checked_sub(last.checked_sub(first)?.checked_add(1)?)?;
    if !variable.is_unique || !is_integer || missing <= 0 {
        return None;
    }
    let below = missing.min((first - 1).max(0));
    Some((first - below, last + missing - below))
}

/// How far into a bin a value lies.
fn within_bin(
    variable: &Variable<'_>,
    value: &Value<'_>,
    low: &Value<'_>,
    high: &Value<'_>,
) -> f64 {
    let placed = place(value, low, high, &variable.data_type, variable.collation);
    let Some((value, low, high)) = placed else { return 0.5 };
    if high <= low {
        return 0.5;
    }
    if value <= low {
        return 0.0;
    }
    if value >= high {
        return 1.0;
    }
    let within = (value - low) / (high - low);
    if (0.0..=1.0).contains(&within) { within } else { 0.5 }
}

/// What one value that is not common takes of the histogram's rows.
fn equal_part(variable: &Variable<'_>) -> f64 {
    let others = variable.num_distinct().0 - variable.common_frequencies().len() as f64;
    if others > 1.0 { 1.0 / others } else { 0.0 }
}

/// `get_variable_range`: the smallest and the largest value that statistics know. Common values alone
/// count only where they are all there is.
pub fn range(variable: &Variable<'_>) -> Option<(Constant, Constant)> {
    let bounds = variable.histogram();
    let last = bounds.len().checked_sub(1).and_then(|last| bounds.get(last));
    let mut values: Vec<Value<'_>> = bounds.get(0).into_iter().chain(last).collect();
    let common = variable.common().unwrap_or_default();
    if values.is_empty() {
        let all: f64 = common.numbers.iter().sum::<f64>() + variable.null_frac();
        if all <= 0.99999 {
            return None;
        }
    }
    values.extend(common.values);
    let order = variable.order();
    let mut extremes: Option<(Value<'_>, Value<'_>)> = None;
    for value in values {
        extremes = Some(match extremes {
            None => (value.clone(), value),
            Some((low, high)) => {
                let is_lower = value.compare(&low, order) == Some(Ordering::Less);
                let is_higher = value.compare(&high, order) == Some(Ordering::Greater);
                (if is_lower { value.clone() } else { low }, if is_higher { value } else { high })
            }
        });
    }
    let constant = |value: Value<'_>| Constant {
        value: Some(value.into_owned()),
        data_type: variable.data_type.clone(),
    };
    extremes.map(|(low, high)| (constant(low), constant(high)))
}
