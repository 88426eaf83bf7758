//! Written statements changed by their tokens: comments out, CONCURRENTLY or ALGORITHM in.

use crate::dialect::Dialect;
use crate::text::lex::{Token, TokenKind, tokens};

/// Without comments, and on one line but for line breaks inside of names and texts.
pub fn flat(sql: &str, dialect: Dialect) -> String {
    let sql = sql.trim().trim_end_matches(';');
    let mut out = String::with_capacity(sql.len());
    let mut end = 0;
    for token in tokens(sql, 0, dialect) {
        let gap = sql.get(end..token.span.start).unwrap_or("");
        end = token.span.end;
        if !gap.trim().is_empty() {
            // Marks of a version comment: what they hold depends on the server.
            return sql.to_owned();
        }
        let spaced = !gap.is_empty() || token.kind == TokenKind::Comment;
        if spaced && !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
        if token.kind != TokenKind::Comment {
            out.push_str(token.text(sql));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// `CREATE INDEX CONCURRENTLY ...`; nothing where it creates no index.
pub fn concurrently(sql: &str) -> Option<String> {
    let words: Vec<Token> = tokens(sql, 0, Dialect::Postgres).take(4).collect();
    let at = words.iter().position(|token| token.is_word(sql, "index"))?;
    let is_create = words.first().is_some_and(|token| token.is_word(sql, "create"));
    let has = words.get(at + 1).is_some_and(|token| token.is_word(sql, "concurrently"));
    let end = words.get(at)?.span.end;
    match (is_create, has) {
        (false, _) => None,
        (_, true) => Some(sql.to_owned()),
        (_, false) => Some(format!("{} CONCURRENTLY{}", sql.get(..end)?, sql.get(end..)?)),
    }
}

/// The pieces of `CREATE INDEX name ON table rest`: what stands behind the table.
pub fn behind_table(sql: &str) -> Option<&str> {
    let mut words = tokens(sql, 0, Dialect::Postgres).skip_while(|token| !token.is_word(sql, "on"));
    let mut end = words.next()?.span.end;
    let mut named = false;
    for token in words {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName);
        let part = token.kind == TokenKind::Dot || (is_name && !named);
        if token.is_word(sql, "only") && !named {
            continue;
        }
        if !part {
            break;
        }
        named = is_name;
        end = token.span.end;
    }
    sql.get(end..)
}

/// With `ALGORITHM=INPLACE LOCK=NONE`, unless it says how already.
pub fn online(sql: String, dialect: Dialect) -> String {
    let says = tokens(&sql, 0, dialect)
        .any(|token| token.is_word(&sql, "algorithm") || token.is_word(&sql, "lock"));
    let is_alter = tokens(&sql, 0, dialect).next().is_some_and(|t| t.is_word(&sql, "alter"));
    match (says, is_alter) {
        (true, _) => sql,
        (_, true) => format!("{sql}, ALGORITHM=INPLACE, LOCK=NONE"),
        (_, false) => format!("{sql} ALGORITHM=INPLACE LOCK=NONE"),
    }
}
