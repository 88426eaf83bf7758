//! Values on a number line, so that they can be placed within a bin of a histogram. After
//! `convert_to_scalar` of `selfuncs.c`.

use super::collation::Collation;
use super::value::Value;

/// A value and the two bounds of its bin on one line; `None` for types that have none (UUIDs,
/// enums, arrays): the caller takes the middle of the bin.
pub fn place(
    value: &Value<'_>,
    low: &Value<'_>,
    high: &Value<'_>,
    type_name: &str,
    collation: Collation,
) -> Option<(f64, f64, f64)> {
    if let (Value::Text(value), Value::Text(low), Value::Text(high)) = (value, low, high) {
        let keys = [value, low, high].map(|text| collation.key(text));
        return Some(place_texts(&keys[0], &keys[1], &keys[2]));
    }
    if let (Value::Bytes(value), Value::Bytes(low), Value::Bytes(high)) = (value, low, high) {
        return (type_name == "bytea").then(|| place_bytes(value, low, high));
    }
    // PostgreSQL has no scale for money.
    let has_scale = type_name != "money";
    has_scale.then_some((scalar(value)?, scalar(low)?, scalar(high)?))
}

fn scalar(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Time(micros) => Some(*micros as f64),
        Value::Interval(interval) => Some(interval.scalar()),
        other => other.number(),
    }
}

/// `convert_string_to_scalar`: what the three begin with in common is dropped, the next twelve bytes
/// are digits of a fraction. Its base is the range of bytes that the bounds show, widened to whole
/// classes of characters, and to all of ASCII where they show fewer than ten.
fn place_texts(value: &[u8], low: &[u8], high: &[u8]) -> (f64, f64, f64) {
    let start = high.first().copied().unwrap_or(0);
    let (mut from, mut to) = (start, start);
    for byte in low.iter().chain(high) {
        from = from.min(*byte);
        to = to.max(*byte);
    }
    for (first, last) in [(b'A', b'Z'), (b'a', b'z'), (b'0', b'9')] {
        if from <= last && to >= first {
            from = from.min(first);
            to = to.max(last);
        }
    }
    if i32::from(to) - i32::from(from) < 9 {
        (from, to) = (b' ', 127);
    }
    let n = common_prefix(value, low, high);
    let number = |text: &[u8]| fraction(text.get(n..).unwrap_or(&[]), from, to, 12);
    (number(value), number(low), number(high))
}

/// `convert_bytea_to_scalar`.
fn place_bytes(value: &[u8], low: &[u8], high: &[u8]) -> (f64, f64, f64) {
    let n = common_prefix(value, low, high);
    let number = |bytes: &[u8]| fraction(bytes.get(n..).unwrap_or(&[]), 0, 255, 10);
    (number(value), number(low), number(high))
}

fn common_prefix(value: &[u8], low: &[u8], high: &[u8]) -> usize {
    let same = low.iter().zip(high).zip(value);
    same.take_while(|((low, high), value)| low == high && low == value).count()
}

fn fraction(text: &[u8], from: u8, to: u8, most: usize) -> f64 {
    let base = f64::from(to) - f64::from(from) + 1.0;
    let (mut number, mut denominator) = (0.0, base);
    for byte in text.iter().take(most) {
        let digit = match byte {
            below if *below < from => -1.0,
            above if *above > to => f64::from(to) + 1.0 - f64::from(from),
            byte => f64::from(*byte) - f64::from(from),
        };
        number += digit / denominator;
        denominator *= base;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lie_between_their_neighbours() {
        // "user_" is common; the bounds show '_' to 'u', widened to lower case and digits: '0' to 'z'.
        let (value, low, high) = place_texts(b"user_5", b"user_0", b"user_9");
        assert_eq!((low, value, high), (0.0, 5.0 / 75.0, 9.0 / 75.0));
        // An empty text is the lowest.
        assert_eq!(place_texts(b"", b"a", b"b").0, 0.0);
    }
}
