//! The value of a literal as written.

use crate::dialect::Dialect;
use crate::sql::cursor::unquote;

/// The content of a string: quotes off, escapes resolved.
pub fn text_value(written: &str, dialect: Dialect) -> String {
    let quote = written.find(['\'', '"', '$']).unwrap_or(0);
    let (lead, body) = written.split_at_checked(quote).unwrap_or(("", written));
    match lead {
        _ if body.starts_with('$') => dollar_content(body),
        "e" | "E" => unescape(content(body), false),
        "b" | "B" => format!("B'{}'", content(body)),
        "u&" | "U&" => unicode(&unquote(body)),
        _ if dialect.is_mysql_family() => unescape(content(body), true),
        _ => unquote(body),
    }
}

/// What stands between the first and the last character.
fn content(body: &str) -> &str {
    body.get(1..body.len().max(2) - 1).unwrap_or("")
}

/// `$tag$content$tag$`
fn dollar_content(body: &str) -> String {
    let tag = body.get(1..).and_then(|rest| rest.find('$')).map_or(1, |at| at + 2);
    body.get(tag..body.len().max(2 * tag) - tag).unwrap_or("").to_owned()
}

/// Resolves backslashes and doubled quotes. In MySQL `\%` and `\_` stay: they are for LIKE.
fn unescape(content: &str, mysql: bool) -> String {
    let mut out = String::with_capacity(content.len());
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        if matches!(c, '\'' | '"') && chars.peek() == Some(&c) {
            chars.next();
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(escaped) = chars.next() else { break };
        match escaped {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'Z' if mysql => out.push('\u{1a}'),
            '0' if mysql => out.push('\0'),
            '%' | '_' if mysql => out.extend(['\\', escaped]),
            'f' if !mysql => out.push('\u{c}'),
            'x' if !mysql => out.extend(take_code(&mut chars, 16, 2, 0)),
            'u' if !mysql => out.extend(take_code(&mut chars, 16, 4, 0)),
            'U' if !mysql => out.extend(take_code(&mut chars, 16, 8, 0)),
            '0'..='7' if !mysql => {
                let first = escaped.to_digit(8).unwrap_or(0);
                out.extend(take_code(&mut chars, 8, 2, first));
            }
            other => out.push(other),
        }
    }
    out
}

/// `\0041` and `\+000041` of `U&'...'`.
fn unicode(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
        } else if chars.next_if_eq(&'\\').is_some() {
            out.push('\\');
        } else {
            let n_digits = if chars.next_if_eq(&'+').is_some() { 6 } else { 4 };
            out.extend(take_code(&mut chars, 16, n_digits, 0));
        }
    }
    out
}

/// A character by its number; nothing where there is no such character.
fn take_code(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    radix: u32,
    n_digits: usize,
    first: u32,
) -> Option<char> {
    let mut code = first;
    for _ in 0..n_digits {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else { break };
        code = code.wrapping_mul(radix).wrapping_add(digit);
        chars.next();
    }
    char::from_u32(code)
}
