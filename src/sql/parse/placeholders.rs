//! The tokens of a query, with the placeholders of every driver told apart from operators.
//!
//! A lexer cannot: whether `?` is a value or the operator of PostgreSQL that asks a JSON for a key
//! depends on what stands in front of it, and so do `%s` and `:name`.

use super::Result;
use crate::dialect::Dialect;
use crate::limits;
use crate::sql::cursor::Unread;
use crate::text::Span;
use crate::text::lex::{Token, TokenKind, tokens};

/// The tokens without comments.
pub fn query_tokens(sql: &str, dialect: Dialect) -> Result<Vec<Token>> {
    if sql.len() > limits::STATEMENT_BYTES_MAX {
        let message = format!("the statement is longer than {} bytes", limits::STATEMENT_BYTES_MAX);
        return Err(Unread { at: 0, message });
    }
    let mut out: Vec<Token> = Vec::with_capacity(sql.len() / 4);
    for token in tokens(sql, 0, dialect) {
        if token.unterminated {
            let what = if token.kind == TokenKind::Comment { "comment" } else { "quote" };
            let message = format!("a {what} begins here that does not end");
            return Err(Unread { at: token.span.start, message });
        }
        if token.kind != TokenKind::Comment {
            push(&mut out, sql, token);
        }
    }
    Ok(out)
}

/// Adds a token, in two where it is an operator and a placeholder.
fn push(out: &mut Vec<Token>, sql: &str, token: Token) {
    let follows_value = out.last().is_some_and(|before| ends_value(sql, *before));
    let text = token.text(sql);
    let (first, at, second) = match token.kind {
        // `a % s`, `a[1:n]`
        TokenKind::Param if follows_value && text.starts_with([':', '%']) => {
            (TokenKind::Operator, 1, TokenKind::Word)
        }
        TokenKind::Operator if text == "?" && follows_value => (token.kind, 1, token.kind),
        TokenKind::Operator if text.starts_with('?') && !follows_value => {
            (TokenKind::Param, 1, TokenKind::Operator)
        }
        TokenKind::Operator if text.ends_with('?') && text != "@?" => {
            (TokenKind::Operator, text.len() - 1, TokenKind::Param)
        }
        _ => (token.kind, text.len(), token.kind),
    };
    let (start, end) = (token.span.start, token.span.end);
    let middle = start + at;
    for (kind, span) in
        [(first, Span { start, end: middle }), (second, Span { start: middle, end })]
    {
        if span.start < span.end {
            out.push(Token { kind, span, unterminated: false });
        }
    }
}

fn ends_value(sql: &str, token: Token) -> bool {
    match token.kind {
        TokenKind::QuotedName
        | TokenKind::Text
        | TokenKind::Number
        | TokenKind::Param
        | TokenKind::Close => true,
        TokenKind::Word => !is_value_introducer(token.text(sql)),
        _ => false,
    }
}

/// Keywords behind which a value follows, so that a `?` there is a placeholder.
fn is_value_introducer(word: &str) -> bool {
    const WORDS: [&str; 31] = [
        "and",
        "or",
        "not",
        "like",
        "ilike",
        "in",
        "between",
        "limit",
        "offset",
        "select",
        "where",
        "when",
        "then",
        "else",
        "case",
        "values",
        "set",
        "by",
        "on",
        "having",
        "is",
        "from",
        "any",
        "escape",
        "regexp",
        "rlike",
        "glob",
        "interval",
        "date",
        "timestamp",
        "time",
    ];
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}
