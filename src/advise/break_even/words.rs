//! Thresholds in words.

use crate::advise::pasted;
use crate::estimate::Basis;

/// Upwards to two digits: above it, it does pay.
pub(super) fn rounded_up(value: f64) -> f64 {
    rounded(value, libm::ceil)
}

/// Downwards to two digits: below it, it does pay.
pub(super) fn rounded_down(value: f64) -> f64 {
    rounded(value, libm::floor)
}

fn rounded(value: f64, round: fn(f64) -> f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let exponent = libm::floor(libm::log10(value)) - 1.0;
    // A power of ten below one is not exact; its inverse is.
    match exponent < 0.0 {
        true => round(value * libm::exp10(-exponent)) / libm::exp10(-exponent),
        false => round(value / libm::exp10(exponent)) * libm::exp10(exponent),
    }
}

pub(super) fn rows_text(table: &str, low: Option<f64>, current: f64, basis: Basis) -> String {
    let now = match basis {
        Basis::Default => format!("{} by default, not counted", count(current)),
        _ => format!("it has {}", count(current)),
    };
    match low {
        Some(low) => format!("pays above about {} rows of {table} ({now})", count(low)),
        None => format!("pays however few rows {table} has ({now})"),
    }
}

pub(super) fn matching_text(table: &str, high: f64, current: f64, basis: Basis) -> String {
    let now = match basis {
        Basis::Default => format!("{} by default", percent(current)),
        _ => format!("now {}", percent(current)),
    };
    format!("stops paying when a search finds more than about {} of {table} ({now})", percent(high))
}

pub(super) fn calls_text(low: f64, current: Option<f64>) -> String {
    let now = current.map_or("the workload shows no writes".to_owned(), |current| {
        format!("now {}", rate(current))
    });
    match low >= 1.0 {
        true => format!(
            "pays from about {} calls of its queries for each row written on ({now})",
            count(rounded_up(low))
        ),
        false => format!(
            "one call of its queries pays for writing about {} rows ({now})",
            count(rounded_down(1.0 / low.max(f64::MIN_POSITIVE)))
        ),
    }
}

fn rate(calls: f64) -> String {
    match count(rounded_down(1.0 / calls)).as_str() {
        _ if calls > 1.0 => format!("{} calls for each", count(rounded_down(calls))),
        "1" => "one row written for each call".to_owned(),
        rows => format!("{rows} rows written for each call"),
    }
}

fn percent(part: f64) -> String {
    let percent = part * 100.0;
    match () {
        () if percent >= 10.0 => format!("{percent:.0} %"),
        () if percent >= 0.1 => format!("{} %", trimmed(&format!("{percent:.1}"))),
        () => match libm::ceil(part * 1e6) {
            n if n <= 1.0 => "one row in a million".to_owned(),
            n => format!("{} rows in a million", count(n)),
        },
    }
}

fn trimmed(text: &str) -> &str {
    text.strip_suffix(".0").unwrap_or(text)
}

/// `4 000`, `1.2 million`.
fn count(value: f64) -> String {
    if value >= 1e6 {
        return format!("{} million", trimmed(&format!("{:.1}", value / 1e6)));
    }
    if value < 10.0 {
        return trimmed(&format!("{value:.1}")).to_owned();
    }
    pasted::count(value)
}
