//! Constants as numbers, so that they can be placed within a histogram.
//! After `convert_to_scalar` of `selfuncs.c`.

use super::types::TypeFamily;

/// A constant on the number line of its type: numbers as they are, times as seconds since 1970 (UTC
/// unless an offset is written), booleans 0 and 1. `None` for text, which has no scale of its own
/// (see [`text_fraction`]), and for what cannot be read.
pub fn scalar(family: TypeFamily, text: &str) -> Option<f64> {
    match family {
        TypeFamily::Number => text.trim().trim_start_matches('$').parse().ok(),
        TypeFamily::Bool => match text.trim().to_ascii_lowercase().as_str() {
            "t" | "true" | "1" | "yes" | "on" => Some(1.0),
            "f" | "false" | "0" | "no" | "off" => Some(0.0),
            _ => None,
        },
        TypeFamily::Time => seconds(text.trim()),
        TypeFamily::Text | TypeFamily::Uuid | TypeFamily::Other => None,
    }
}

/// `2024-01-31[T ]12:34:56.789+02` in seconds since 1970; a bare time of day in seconds since midnight.
fn seconds(text: &str) -> Option<f64> {
    let (date, rest) = match text.find([' ', 'T']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None if text.contains(':') && !text.contains('-') => ("", text),
        None => (text, ""),
    };
    let mut total = if date.is_empty() { 0.0 } else { days(date)? * 86_400.0 };
    if rest.is_empty() {
        return Some(total);
    }
    let zone = rest.find(['+', '-', 'Z']);
    let (clock, zone) = rest.split_at(zone.unwrap_or(rest.len()));
    for (part, unit) in clock.trim().split(':').zip([3600.0, 60.0, 1.0]) {
        total += part.trim().parse::<f64>().ok()? * unit;
    }
    let sign = if zone.starts_with('-') { -1.0 } else { 1.0 };
    let digits = zone.trim_start_matches(['+', '-', 'Z']);
    for (part, unit) in digits.split(':').filter(|p| !p.is_empty()).zip([3600.0, 60.0]) {
        total -= sign * part.parse::<f64>().ok()? * unit;
    }
    Some(total)
}

/// Days since 1970-01-01 of `YYYY-MM-DD`, by the civil calendar.
fn days(date: &str) -> Option<f64> {
    let mut parts = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || year.abs() > 300_000 {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let days = (era * 146_097 + day_of_era - 719_468) as f64;
    Some(days)
}

/// An interval such as `30 days`, `1 mon`, `02:00:00` in seconds; months are 30 days.
pub fn interval_seconds(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if word.contains(':') {
            total += seconds(word)?;
            continue;
        }
        let number: f64 = match word.parse() {
            Ok(number) => number,
            Err(_) if word == "ago" => return Some(-total),
            Err(_) => split_unit(word).map(|(number, unit)| number * unit)?,
        };
        match words.peek().and_then(|unit| unit_seconds(unit)) {
            Some(unit) => {
                words.next();
                total += number * unit;
            }
            None if word.parse::<f64>().is_ok() => total += number,
            None => total += number,
        }
    }
    Some(total)
}

/// `30d`, `1h`.
fn split_unit(word: &str) -> Option<(f64, f64)> {
    let at = word.find(|c: char| c.is_ascii_alphabetic())?;
    let (digits, unit) = word.split_at(at);
    Some((digits.parse().ok()?, unit_seconds(unit)?))
}

fn unit_seconds(unit: &str) -> Option<f64> {
    let unit = unit.to_ascii_lowercase();
    let unit = unit.trim_end_matches(',').trim_end_matches('s');
    Some(match unit {
        "second" | "sec" => 1.0,
        "minute" | "min" => 60.0,
        "hour" | "h" | "hr" => 3600.0,
        "day" | "d" => 86_400.0,
        "week" | "w" => 604_800.0,
        "mon" | "month" => 2_592_000.0,
        "quarter" => 7_776_000.0,
        "year" | "y" => 31_557_600.0,
        _ => return None,
    })
}

/// Where `value` lies between two texts, 0 to 1. After `convert_string_to_scalar`: what both bounds
/// begin with is dropped, the next characters are digits of a number whose base is the range of
/// characters seen, widened to whole classes (digits, lower, upper case).
pub fn text_fraction(value: &str, low: &str, high: &str) -> f64 {
    let common = low.bytes().zip(high.bytes()).take_while(|(a, b)| a == b).count();
    let tail = |text: &str| -> Vec<u8> { text.bytes().skip(common).take(12).collect() };
    let (mut first, mut last) = (b'~', b' ');
    for byte in low.bytes().chain(high.bytes()).chain(value.bytes()) {
        first = first.min(byte);
        last = last.max(byte);
    }
    for (from, to) in [(b'A', b'Z'), (b'a', b'z'), (b'0', b'9')] {
        if first <= to && last >= from {
            first = first.min(from);
            last = last.max(to);
        }
    }
    let base = f64::from(last.saturating_sub(first)) + 1.0;
    let number = |bytes: &[u8]| {
        let mut scale = 1.0;
        let mut sum = 0.0;
        for byte in bytes {
            scale /= base;
            sum += (f64::from(*byte) - f64::from(first)).clamp(0.0, base - 1.0) * scale;
        }
        sum
    };
    let (low_at, high_at) = (number(&tail(low)), number(&tail(high)));
    if high_at <= low_at || !value.as_bytes().starts_with(&low.as_bytes()[..common]) {
        return if value < low {
            0.0
        } else if value > high {
            1.0
        } else {
            0.5
        };
    }
    ((number(&tail(value)) - low_at) / (high_at - low_at)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds() {
        assert_eq!(seconds("1970-01-02"), Some(86_400.0));
        assert_eq!(seconds("1970-01-01 01:00:00+01"), Some(0.0));
        assert_eq!(seconds("2024-02-29T00:00:00Z"), Some(1_709_164_800.0));
        assert_eq!(interval_seconds("1 day 02:00:00"), Some(93_600.0));
        assert_eq!(seconds("rubbish-in"), None);
    }

    #[test]
    fn texts_lie_between_their_neighbours() {
        assert!(text_fraction("user_5", "user_0", "user_9") > 0.4);
        assert!(text_fraction("user_5", "user_0", "user_9") < 0.7);
    }
}
