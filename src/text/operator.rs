//! Where an operator ends. PostgreSQL has operators of any characters and takes as many as it can,
//! the others have a list.

use super::lex::{is_word, is_word_start};
use crate::dialect::Dialect;

/// The operators of more than one character, longer ones first.
const MYSQL: [&[u8]; 13] =
    [b"->>", b"<=>", b"<=", b">=", b"<>", b"!=", b"<<", b">>", b"||", b"&&", b":=", b"->", b"::"];
const SQLITE: [&[u8]; 12] =
    [b"->>", b"<=", b">=", b"<>", b"!=", b"==", b"<<", b">>", b"||", b"->", b"::", b":="];

/// Length of the operator at the beginning of `rest`.
pub fn operator_len(rest: &[u8], dialect: Dialect) -> usize {
    let known: &[&[u8]] = match dialect {
        Dialect::Postgres => return postgres_len(rest),
        Dialect::Mysql | Dialect::Mariadb => &MYSQL,
        Dialect::Sqlite => &SQLITE,
    };
    known.iter().find(|operator| rest.starts_with(operator)).map_or(1, |operator| operator.len())
}

/// As many operator characters as there are, up to a comment. A sign at the end is one of the operand
/// behind it, unless a character stands in front of it that no operator of standard SQL has; so says
/// the manual. A placeholder at the end is one, too.
fn postgres_len(rest: &[u8]) -> usize {
    if rest.starts_with(b"::") || rest.starts_with(b":=") {
        return 2;
    }
    let is_comment = |at: usize| {
        rest.get(at..).is_some_and(|rest| rest.starts_with(b"--") || rest.starts_with(b"/*"))
    };
    let mut len = rest
        .iter()
        .enumerate()
        .take_while(|(at, byte)| {
            b"+-*/<>=~!@#%^&|?".contains(byte) && (*at == 0 || !is_comment(*at))
        })
        .count();
    let run = rest.get(..len).unwrap_or(&[]);
    if len > 1
        && begins_param(run.last().copied(), rest.get(len..).unwrap_or(&[]))
        && run.iter().rev().skip(1).all(|byte| b"=<>!+-*/".contains(byte))
        && run != b"<@"
    {
        len -= 1;
    }
    while len > 1
        && matches!(rest.get(len - 1), Some(b'+' | b'-'))
        && !rest.iter().take(len).any(|byte| b"~!@#%^&|?".contains(byte))
    {
        len -= 1;
    }
    len
}

/// Is the last character of a run the first one of `@name`, `%s` or `%(name)s`?
fn begins_param(last: Option<u8>, rest: &[u8]) -> bool {
    let first = rest.first().copied().unwrap_or(b' ');
    match last {
        Some(b'@') => is_word_start(first),
        Some(b'%') => first == b'(' || (first == b's' && !rest.get(1).is_some_and(|b| is_word(*b))),
        _ => false,
    }
}
