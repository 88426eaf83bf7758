//! Values of types, read from their text form, and how they compare.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::collation::Collation;
use super::datetime::{self, DAY, Interval};

/// A value that is not NULL.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// A boolean.
    Bool(bool),
    /// An exact number: this integer divided by ten to the power of the second.
    Decimal(i128, u32),
    /// A number of limited precision.
    Float(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A UUID, `bytea`.
    Bytes(Vec<u8>),
    /// A moment or a time of day, in microseconds.
    Time(i64),
    /// An interval.
    Interval(Interval),
    /// An array; `None` is NULL.
    Array(Vec<Option<Value<'a>>>),
    /// Of a type that is only known by its text.
    Opaque(Cow<'a, str>),
}

/// How texts of a type compare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextOrder {
    /// The collation.
    pub collation: Collation,
    /// `character(n)`: blanks at the end do not count.
    pub is_padded: bool,
}

impl TextOrder {
    fn significant(self, text: &str) -> &str {
        if self.is_padded { text.trim_end_matches(' ') } else { text }
    }

    /// The order of two texts.
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        self.collation.compare(self.significant(a), self.significant(b))
    }

    /// Equal, byte for byte.
    pub fn is_equal(self, a: &str, b: &str) -> bool {
        self.significant(a) == self.significant(b)
    }
}

impl<'a> Value<'a> {
    /// Reads a value of a type (its canonical name). `None`: the text is no such value.
    pub fn parse(type_name: &str, text: &'a str) -> Option<Value<'a>> {
        if let Some(element) = type_name.strip_suffix("[]") {
            return parse_array(element, text).map(Value::Array);
        }
        let trimmed = text.trim();
        match type_name {
            "bool" => parse_bool(trimmed).map(Value::Bool),
            "int2" | "int4" | "int8" | "oid" => trimmed.parse().ok().map(|n| Value::Decimal(n, 0)),
            "numeric" => parse_number(trimmed),
            "float4" => trimmed.parse::<f32>().ok().map(|n| Value::Float(f64::from(n))),
            "float8" => trimmed.parse().ok().map(Value::Float),
            "money" => {
                let digits: String =
                    trimmed.chars().filter(|c| c.is_ascii_digit() || "-.".contains(*c)).collect();
                digits.parse().ok().map(Value::Float)
            }
            "date" => {
                let micros = datetime::parse_timestamp(trimmed)?;
                let is_finite = micros != i64::MAX && micros != i64::MIN;
                Some(Value::Time(if is_finite { micros - micros.rem_euclid(DAY) } else { micros }))
            }
            "timestamp" | "timestamptz" => datetime::parse_timestamp(trimmed).map(Value::Time),
            "time" | "timetz" => datetime::parse_time(trimmed).map(Value::Time),
            "interval" => datetime::parse_interval(trimmed).map(Value::Interval),
            "uuid" => {
                let digits: String = trimmed.chars().filter(|c| c.is_ascii_hexdigit()).collect();
                (digits.len() == 32).then(|| parse_hex(&digits)).flatten().map(Value::Bytes)
            }
            "bytea" => match trimmed.strip_prefix("\\x") {
                Some(digits) => parse_hex(digits).map(Value::Bytes),
                None => Some(Value::Bytes(text.as_bytes().to_vec())),
            },
            "text" | "varchar" | "bpchar" | "name" | "\"char\"" | "citext" | "unknown" => {
                Some(Value::Text(Cow::Borrowed(text)))
            }
            _ => Some(Value::Opaque(Cow::Borrowed(text))),
        }
    }

    /// The same, of nothing borrowed.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Bool(value) => Value::Bool(value),
            Value::Decimal(digits, scale) => Value::Decimal(digits, scale),
            Value::Float(value) => Value::Float(value),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Bytes(bytes) => Value::Bytes(bytes),
            Value::Time(micros) => Value::Time(micros),
            Value::Interval(interval) => Value::Interval(interval),
            Value::Array(items) => {
                Value::Array(items.into_iter().map(|item| item.map(Value::into_owned)).collect())
            }
            Value::Opaque(text) => Value::Opaque(Cow::Owned(text.into_owned())),
        }
    }

    /// A number as a double, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Decimal(digits, 0) => Some(*digits as f64),
            Value::Decimal(digits, scale) => format!("{digits}e-{scale}").parse().ok(),
            Value::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// Text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Opaque(text) => Some(text),
            _ => None,
        }
    }

    /// The order of two values of comparable types; `None` where it is not known.
    pub fn compare(&self, other: &Value<'_>, order: TextOrder) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            (Value::Decimal(a, x), Value::Decimal(b, y)) => compare_decimals((*a, *x), (*b, *y)),
            (Value::Text(a), Value::Text(b)) => Some(order.compare(a, b)),
            (Value::Bytes(a), Value::Bytes(b)) => Some(a.cmp(b)),
            (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
            (Value::Interval(a), Value::Interval(b)) => Some(a.comparable().cmp(&b.comparable())),
            (Value::Opaque(a), Value::Opaque(b)) if a == b => Some(Ordering::Equal),
            (Value::Array(a), Value::Array(b)) => compare_arrays(a, b, order),
            _ => compare_floats(self.number()?, other.number()?),
        }
    }

    /// Are two values equal? What cannot be compared is not.
    pub fn is_equal(&self, other: &Value<'_>, order: TextOrder) -> bool {
        match (self, other) {
            (Value::Text(a) | Value::Opaque(a), Value::Text(b) | Value::Opaque(b)) => {
                order.is_equal(a, b)
            }
            _ => self.compare(other, order) == Some(Ordering::Equal),
        }
    }
}

/// NaN is above all numbers, as PostgreSQL has it.
fn compare_floats(a: f64, b: f64) -> Option<Ordering> {
    a.partial_cmp(&b).or(match (a.is_nan(), b.is_nan()) {
        (true, true) => Some(Ordering::Equal),
        (true, false) => Some(Ordering::Greater),
        _ => Some(Ordering::Less),
    })
}

fn compare_decimals(a: (i128, u32), b: (i128, u32)) -> Option<Ordering> {
    let scale = a.1.max(b.1);
    match (rescale(a, scale), rescale(b, scale)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => compare_floats(Value::Decimal(a.0, a.1).number()?, Value::Decimal(b.0, b.1).number()?),
    }
}

/// The digits of a decimal with more places.
pub fn rescale((digits, scale): (i128, u32), to: u32) -> Option<i128> {
    digits.checked_mul(10i128.checked_pow(to.checked_sub(scale)?)?)
}

fn compare_arrays(
    a: &[Option<Value<'_>>],
    b: &[Option<Value<'_>>],
    order: TextOrder,
) -> Option<Ordering> {
    for (a, b) in a.iter().zip(b) {
        let step = match (a, b) {
            (Some(a), Some(b)) => a.compare(b, order)?,
            // NULLs are above all else.
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        if step.is_ne() {
            return Some(step);
        }
    }
    Some(a.len().cmp(&b.len()))
}

fn parse_bool(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "t" | "true" | "1" | "yes" | "y" | "on" => Some(true),
        "f" | "false" | "0" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

/// An exact number where it fits, else a double.
pub fn parse_number(text: &str) -> Option<Value<'static>> {
    let plain = !text.contains(['e', 'E', 'n', 'N', 'i', 'I', '_']);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if plain
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && let Ok(digits) = format!("{whole}{fraction}").parse::<i128>()
    {
        return Some(Value::Decimal(digits, u32::try_from(fraction.len()).ok()?));
    }
    text.replace('_', "").parse().ok().map(Value::Float)
}

fn parse_hex(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(byte).collect()
}

/// The items of `{a,"b c",NULL}`; nested arrays are flattened.
fn parse_array<'a>(element: &str, text: &str) -> Option<Vec<Option<Value<'a>>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut items = Vec::new();
    let mut item = String::new();
    let (mut quoted, mut was_quoted, mut any) = (false, false, false);
    let mut push = |item: &mut String, was_quoted: bool| {
        let text = std::mem::take(item);
        let is_null = !was_quoted && text.trim().eq_ignore_ascii_case("null");
        items.push(match is_null {
            true => None,
            false => Value::parse(element, &text).map(Value::into_owned),
        });
    };
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        any = true;
        match c {
            '\\' => item.extend(chars.next()),
            '"' => {
                quoted = !quoted;
                was_quoted = true;
            }
            ',' if !quoted => {
                push(&mut item, was_quoted);
                was_quoted = false;
            }
            '{' | '}' if !quoted => {}
            c => item.push(c),
        }
    }
    if any {
        push(&mut item, was_quoted);
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        let order = TextOrder::default();
        let number = |text| Value::parse("numeric", text).unwrap();
        assert!(number("0.07").is_equal(&number("0.070"), order));
        assert!(
            number("9007199254740993").compare(&number("9007199254740992"), order).unwrap().is_gt()
        );
        assert!(number("1e3").is_equal(&number("1000"), order));
        assert_eq!(number("0.1").number(), Some(0.1));
    }

    #[test]
    fn arrays_are_read() {
        let Some(Value::Array(items)) = Value::parse("text[]", "{a,\"b,c\",NULL,\"NULL\"}") else {
            panic!("no array");
        };
        assert_eq!(items.len(), 4);
        assert_eq!(items[1], Some(Value::Text("b,c".into())));
        assert_eq!((items[2].is_none(), items[3].is_some()), (true, true));
    }
}
