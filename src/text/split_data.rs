//! The data between statements, skipped fast: rows behind VALUES and behind COPY ... FROM stdin.

use super::lex::tokens;
use super::split_line::is_strong_start;
use crate::dialect::Dialect;

/// COPY data.
pub struct CopyData {
    /// One past its last line.
    pub end: usize,
    /// Lines.
    pub rows: u64,
    /// Bytes of these lines, without their ends.
    pub bytes: u64,
}

/// Reads COPY data that begins on the line after `at`, up to a line `\.`. Data without that line ends
/// before what can only be a statement, or with the text.
pub fn copy_data(text: &str, at: usize) -> CopyData {
    let bytes = text.as_bytes();
    let line_end = |from: usize| {
        let rest = bytes.get(from..).unwrap_or(&[]);
        rest.iter().position(|b| *b == b'\n').map_or(text.len(), |n| from + n + 1)
    };
    let first = line_end(at);
    let (mut start, mut rows) = (first, 0);
    while start < text.len() {
        let rest = bytes.get(start..).unwrap_or(&[]);
        let next = line_end(start);
        if rest.starts_with(b"\\.") && next - start <= 4 {
            return CopyData { end: next, rows, bytes: data_bytes(&bytes[first..start]) };
        }
        if is_strong_start(text, start) {
            break;
        }
        rows += 1;
        start = next;
    }
    CopyData { end: start, rows, bytes: data_bytes(&bytes[first.min(start)..start]) }
}

/// Bytes but for line ends, which differ between systems.
pub fn data_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')).count() as u64
}

/// Rows behind VALUES: where they end (at `;`, at a word such as ON, or at a quote that never ends)
/// and how many they are.
pub fn skip_values(text: &str, from: usize, dialect: Dialect) -> (usize, u64) {
    let bytes = text.as_bytes();
    let (mut at, mut rows, mut depth) = (from, 0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let quote = match byte {
            b'\'' | b'"' | b'`' => true,
            b'-' => next == b'-',
            b'/' => next == b'*',
            b'#' => dialect.is_mysql_family(),
            b'$' => dialect == Dialect::Postgres && !is_word(bytes, at),
            b'(' => {
                rows += u64::from(depth == 0);
                depth += 1;
                false
            }
            b')' => {
                depth = depth.saturating_sub(1);
                false
            }
            b';' => return (at, rows),
            b'\\' if depth == 0 => return (at, rows),
            b'a'..=b'z' | b'A'..=b'Z' if depth == 0 => return (at, rows),
            _ => false,
        };
        if !quote {
            at += 1;
            continue;
        }
        let escaped = *byte == b'\'' && at > from && matches!(bytes[at - 1], b'e' | b'E');
        let start = if escaped && !is_word(bytes, at - 1) { at - 1 } else { at };
        match tokens(text, start, dialect).next() {
            Some(token) if !token.unterminated => at = token.span.end.max(at + 1),
            _ => return (at, rows),
        }
    }
    (text.len(), rows)
}

/// Is the byte before `at` part of a word?
fn is_word(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| bytes.get(i)).copied().unwrap_or(b' ');
    before.is_ascii_alphanumeric() || before == b'_' || before >= 0x80
}
