//! LIKE patterns: matching, their fixed prefix, and what the rest keeps. After `like_match.c` and
//! `like_support.c`.

use super::pattern::Prefix;

/// `FIXED_CHAR_SEL`, `ANY_CHAR_SEL`, `FULL_WILDCARD_SEL`.
pub const FIXED_CHAR: f64 = 0.20;
/// See [`FIXED_CHAR`].
pub const ANY_CHAR: f64 = 0.9;
/// See [`FIXED_CHAR`].
pub const FULL_WILDCARD: f64 = 5.0;

/// Does a text match? Linear but for repeated `%`, with one point to come back to.
pub fn matches(value: &str, pattern: &str, ignores_case: bool) -> bool {
    let fold = |text: &str| if ignores_case { text.to_lowercase() } else { text.to_owned() };
    let value: Vec<char> = fold(value).chars().collect();
    let pattern: Vec<char> = fold(pattern).chars().collect();
    let (mut at, mut part) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        let (literal, width) = match (pattern.get(part), pattern.get(part + 1)) {
            (Some('%'), _) => {
                back = Some((part + 1, at));
                part += 1;
                continue;
            }
            (Some('_'), _) if at < value.len() => {
                at += 1;
                part += 1;
                continue;
            }
            (Some('\\'), Some(next)) => (Some(*next), 2),
            (Some('_'), _) | (None, _) => (None, 0),
            (Some(c), _) => (Some(*c), 1),
        };
        if literal.is_some() && literal == value.get(at).copied() {
            at += 1;
            part += width;
            continue;
        }
        if part >= pattern.len() && at >= value.len() {
            return true;
        }
        match back {
            Some((from, start)) if start < value.len() => {
                back = Some((from, start + 1));
                part = from;
                at = start + 1;
            }
            _ => return false,
        }
    }
}

/// `like_fixed_prefix`. Letters end it where case does not count, and so does what is not ASCII.
pub fn prefix(pattern: &str, ignores_case: bool) -> Prefix {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if first == '%' || first == '_' {
            break;
        }
        let (c, width) = match first {
            '\\' => match rest.chars().nth(1) {
                Some(next) => (next, 1 + next.len_utf8()),
                // A backslash at the end quotes nothing.
                None => ('\\', 1),
            },
            c => (c, c.len_utf8()),
        };
        if ignores_case && (c.is_ascii_alphabetic() || !c.is_ascii()) {
            break;
        }
        rest = rest.get(width..).unwrap_or("");
        if first != '\\' || width > 1 {
            text.push(c);
        }
    }
    Prefix { text, is_exact: rest.is_empty(), rest: rest_part(rest) }
}

/// `like_selectivity`, of bytes.
fn rest_part(pattern: &str) -> f64 {
    let trimmed = pattern.trim_start_matches(['%', '_']);
    let mut part = 1.0;
    let mut bytes = trimmed.bytes();
    while let Some(byte) = bytes.next() {
        part *= match byte {
            b'%' => FULL_WILDCARD,
            b'_' => ANY_CHAR,
            b'\\' if bytes.next().is_none() => 1.0,
            _ => FIXED_CHAR,
        };
    }
    part.min(1.0)
}

/// SQLite's GLOB as a LIKE pattern.
pub fn of_glob(pattern: &str) -> String {
    let mut out = String::new();
    for c in pattern.chars() {
        match c {
            '*' => out.push('%'),
            '?' => out.push('_'),
            '%' | '_' | '\\' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// SIMILAR TO as a regular expression (`similar_to_escape`).
pub fn of_similar(pattern: &str) -> String {
    let mut out = String::from("^(?:");
    let mut chars = pattern.chars();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push('\\');
                out.extend(chars.next());
            }
            ']' => {
                in_class = false;
                out.push(c);
            }
            c if in_class => out.push(c),
            '[' => {
                in_class = true;
                out.push(c);
            }
            '%' => out.push_str(".*"),
            '_' => out.push('.'),
            '(' => out.push_str("(?:"),
            '.' | '^' | '$' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push_str(")$");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match() {
        let cases = [
            ("PROMO BRUSHED", "PROMO%", true),
            ("abc", "a_c", true),
            ("abc", "a_", false),
            ("a%c", "a\\%c", true),
            ("abc", "a\\%c", false),
            ("special packages requests", "%special%requests%", true),
            ("", "%", true),
            ("", "_", false),
            ("aab", "%ab", true),
        ];
        for (value, pattern, want) in cases {
            assert_eq!(matches(value, pattern, false), want, "{value} {pattern}");
        }
        assert!(matches("ABC", "a%", true));
    }

    #[test]
    fn prefixes_and_rests() {
        let found = prefix("foo%bar", false);
        assert_eq!((found.text.as_str(), found.is_exact), ("foo", false));
        // `%` is skipped, three characters are left.
        assert!((found.rest - 0.008).abs() < 1e-12);
        assert!(prefix("foo", false).is_exact);
        assert_eq!(prefix("12ab", true).text, "12");
        assert_eq!(of_similar("(a|b)%"), "^(?:(?:a|b).*)$");
    }
}
