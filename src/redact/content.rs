//! What kind of value a literal is, by its content alone: the same content is the same value wherever it
//! stands, quoted in SQL, bare in a statistics export or as the parameter of a logged call.

use serde_json::Value;

use crate::estimate::datetime::parse_timestamp;

/// Numbers below this, and texts up to [`KEPT_CHARS_MAX`], say nothing of anybody and stay: `1`, `'DE'`.
pub const KEPT_NUMBER_MAX: i128 = 99 * ONE;
const KEPT_CHARS_MAX: usize = 2;

/// Numbers are counted in units of 10^-12.
pub const ONE: i128 = 1_000_000_000_000;
/// Digits behind the point that count.
pub const DIGITS: usize = 12;
/// Digits before the point; longer ones are texts.
const WHOLE_DIGITS_MAX: usize = 19;

/// A literal by its content.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Stays as it is.
    Kept,
    /// A number, and how many digits are behind its point.
    Number(i128, usize),
    /// A moment: microseconds of its date and time as written, and what is behind them (fraction, zone).
    Moment(i64, Shape),
    /// A UUID.
    Uuid,
    /// `30 days`, `1 year 2 months`.
    Interval,
    /// A JSON object or array.
    Json(Value),
    /// An array of PostgreSQL: `{a,b}`.
    Array,
    /// Bytes: `\x4a`.
    Bytes,
    /// Any other text.
    Text,
}

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The sign between date and time; none for a date.
    pub between: Option<char>,
    /// Characters of the date and the time to the second.
    pub len: usize,
}

/// Words that are of the language, not of the data: units of time, switches, configurations.
const WORDS: [&str; 56] = [
    "allballs",
    "btree",
    "century",
    "char",
    "daily",
    "day",
    "days",
    "decade",
    "dow",
    "doy",
    "empty",
    "english",
    "epoch",
    "false",
    "hour",
    "hours",
    "icase",
    "infinity",
    "-infinity",
    "integer",
    "isodow",
    "isoyear",
    "julian",
    "local",
    "microsecond",
    "microseconds",
    "millennium",
    "millisecond",
    "milliseconds",
    "minute",
    "minutes",
    "month",
    "months",
    "none",
    "now",
    "null",
    "numeric",
    "off",
    "quarter",
    "real",
    "second",
    "seconds",
    "simple",
    "string",
    "text",
    "timezone",
    "today",
    "tomorrow",
    "true",
    "utc",
    "week",
    "weeks",
    "year",
    "years",
    "yes",
    "yesterday",
];

/// What a content is.
pub fn content_of(content: &str) -> Content {
    let text = content.trim();
    let is_word = || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    if let Some((number, scale)) = number_of(text) {
        let kept = scale == 0 && number.abs() <= KEPT_NUMBER_MAX;
        return if kept { Content::Kept } else { Content::Number(number, scale) };
    }
    if text.chars().count() <= KEPT_CHARS_MAX || is_word() || is_time_pattern(text) {
        return Content::Kept;
    }
    if let Some((micros, shape)) = moment_of(text) {
        return Content::Moment(micros, shape);
    }
    if is_uuid(text.as_bytes()) {
        Content::Uuid
    } else if is_interval(text) {
        Content::Interval
    } else if text.starts_with("\\x") && text.bytes().skip(2).all(|b| b.is_ascii_hexdigit()) {
        Content::Bytes
    } else if let Some(value) = json_of(text) {
        Content::Json(value)
    } else if text.starts_with('{') && text.ends_with('}') {
        Content::Array
    } else {
        Content::Text
    }
}

/// A decimal number, also `1.5e-05`, in units of 10^-12, and the digits behind its point.
pub fn number_of(text: &str) -> Option<(i128, usize)> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (digits, exponent) = match digits.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zeros = whole.len() > 1 && whole.starts_with('0');
    if whole.is_empty() && fraction.is_empty() || !all(whole) || !all(fraction) || leading_zeros {
        return None;
    }
    if !(-20..=18).contains(&exponent) || whole.len() > WHOLE_DIGITS_MAX {
        return None;
    }
    let scale = usize::try_from(i32::try_from(fraction.len()).ok()? - exponent).unwrap_or(0);
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes().take(2 * DIGITS)) {
        value = value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    let behind = i32::try_from(fraction.len().min(2 * DIGITS)).ok()?;
    let shift = i32::try_from(DIGITS).ok()? - behind + exponent;
    let power = 10i128.checked_pow(shift.unsigned_abs())?;
    let value = if shift >= 0 { value.checked_mul(power)? } else { value / power };
    Some((if negative { -value } else { value }, scale.min(DIGITS)))
}

/// A moment as written, whatever its zone.
fn moment_of(text: &str) -> Option<(i64, Shape)> {
    let bytes = text.as_bytes();
    let date = bytes.get(..10)?;
    let is_date = date.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if !is_date {
        return None;
    }
    let between = bytes.get(10).map(|byte| char::from(*byte));
    if between.is_none() {
        let shape = Shape { between: None, len: 10 };
        return Some((parse_timestamp(text)?, shape));
    }
    if !matches!(between, Some(' ' | 'T')) {
        return None;
    }
    let time = bytes.get(11..).unwrap_or(&[]);
    let n = time.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b':').count().min(8);
    let len = 11 + n;
    let micros = parse_timestamp(text.get(..len)?)?;
    (n == 8 || n == 5).then_some((micros, Shape { between, len }))
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `30 days`, `1 year 2 months`, `-1 day`.
fn is_interval(text: &str) -> bool {
    const UNITS: [&str; 10] =
        ["sec", "min", "hour", "day", "week", "mon", "year", "decade", "milli", "micro"];
    let mut units = 0;
    let fits = text.split_ascii_whitespace().all(|word| {
        let word = word.to_ascii_lowercase();
        let is_unit = UNITS.iter().any(|unit| word.starts_with(unit)) && word.len() <= 12;
        units += usize::from(is_unit);
        is_unit || word == "ago" || word.parse::<f64>().is_ok()
    });
    fits && units > 0 && text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

/// `YYYY-MM-DD HH24:MI`, `%Y-%m`: how moments are printed.
fn is_time_pattern(text: &str) -> bool {
    let letters = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    const PARTS: [&str; 12] =
        ["YYYY", "YY", "MM", "DD", "HH24", "HH12", "HH", "MI", "SS", "MS", "Mon", "IW"];
    let mut any = false;
    let by_letters = letters.into_iter().all(|part| {
        any = true;
        PARTS.contains(&part) || ["YYYYMMDD", "YYYYMM", "IYYY"].contains(&part)
    });
    let percent = text.split(['-', ' ', ':', '/', '.', 'T']);
    let by_percent = text.starts_with('%')
        && percent.clone().all(|part| part.len() == 2 && part.starts_with('%'));
    (any && by_letters) || by_percent
}

fn json_of(text: &str) -> Option<Value> {
    let begins = text.starts_with('{') || text.starts_with('[');
    begins.then(|| serde_json::from_str(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_told_apart() {
        let moment = |text: &str, len| {
            let between = text.chars().nth(10);
            let micros = parse_timestamp(text.get(..len).unwrap()).unwrap();
            Content::Moment(micros, Shape { between, len })
        };
        let cases = [
            ("42", Content::Kept),
            ("-7", Content::Kept),
            ("DE", Content::Kept),
            ("True", Content::Kept),
            ("YYYY-MM-DD", Content::Kept),
            ("4711", Content::Number(4711 * ONE, 0)),
            ("-4711.50", Content::Number(-4_711_500_000_000_000, 2)),
            ("1.5e-05", Content::Number(15_000_000, 6)),
            ("0042", Content::Text),
            ("2024-05-06", moment("2024-05-06", 10)),
            ("2024-05-06 07:08:09.5+02", moment("2024-05-06 07:08:09.5+02", 19)),
            ("2024-13-06", Content::Text),
            ("30 days", Content::Interval),
            ("5 minute read", Content::Text),
            ("{a,b}", Content::Array),
            ("\\x4a4b", Content::Bytes),
            ("alice", Content::Text),
        ];
        for (text, want) in cases {
            assert_eq!(content_of(text), want, "{text}");
        }
        assert!(matches!(content_of("{\"a\": 1}"), Content::Json(_)));
    }
}
