//! Numbers as people read them, the same in every rendering.

/// Bytes with a binary unit: `412 B`, `64 kB`, `1.2 MB`.
pub fn bytes(value: f64) -> String {
    // An empty sum is -0.0, which would show its sign.
    let mut value = value.max(0.0) + 0.0;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1024.0 {
            return format!("{} {unit}", short(value));
        }
        value /= 1024.0;
    }
    format!("{} TB", short(value))
}

/// A cost, a row count or a number of calls: `0.02`, `8.44`, `1 234`, `12.3 M`.
pub fn count(value: f64) -> String {
    let size = value.abs();
    if size >= 1e12 {
        format!("{} T", short(value / 1e12))
    } else if size >= 1e9 {
        format!("{} G", short(value / 1e9))
    } else if size >= 1e6 {
        format!("{} M", short(value / 1e6))
    } else if size >= 1000.0 || value.fract() == 0.0 {
        grouped(value)
    } else {
        trimmed(&format!("{value:.2}"))
    }
}

/// Milliseconds: `0.42 ms`, `1.5 s`.
pub fn millis(value: f64) -> String {
    if value >= 1000.0 {
        format!("{} s", short(value / 1000.0))
    } else {
        format!("{} ms", trimmed(&format!("{value:.2}")))
    }
}

/// `n` with its noun: `1 table`, `3 indexes`.
pub fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// How many times less `after` is than `before`: `12x`; absent when nothing is gained.
pub fn gain(before: f64, after: f64) -> Option<String> {
    let factor = before / after.max(f64::MIN_POSITIVE);
    match factor {
        _ if factor.is_nan() || factor <= 1.005 => None,
        _ if factor < 10.0 => Some(format!("{}x", trimmed(&format!("{factor:.1}")))),
        _ => Some(format!("{}x", count(factor.round()))),
    }
}

/// A text in which no number is cut at the end of a line: `1 475`.
pub fn unbroken_numbers(text: &str) -> String {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut last = None;
    while let Some(c) = chars.next() {
        let inside = c == ' ' && is_digit(last) && is_digit(chars.peek().copied());
        out.push(if inside { '\u{a0}' } else { c });
        last = Some(c);
    }
    out
}

fn short(value: f64) -> String {
    if value.abs() >= 99.95 { format!("{value:.0}") } else { trimmed(&format!("{value:.1}")) }
}

fn trimmed(number: &str) -> String {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => number.to_owned(),
    }
}

/// Digits in groups of three, separated by a space.
fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    if value < 0.0 { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_stable() {
        assert_eq!(bytes(-0.0), "0 B");
        assert_eq!(bytes(65_536.0), "64 kB");
        assert_eq!(bytes(1_258_291.0), "1.2 MB");
        assert_eq!(count(8.446), "8.45");
        assert_eq!(count(20.0), "20");
        assert_eq!(count(1234.4), "1 234");
        assert_eq!(count(123_456.0), "123 456");
        assert_eq!(count(12_345_678.0), "12.3 M");
        assert_eq!(millis(1500.0), "1.5 s");
        assert_eq!(gain(100.0, 8.4).as_deref(), Some("12x"));
        assert_eq!(gain(8.0, 8.0), None);
    }
}
