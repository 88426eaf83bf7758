//! A position in the tokens of one statement, and the small questions that every reader asks.

use super::expr::Expr;
use super::parse::parse_expr;
use super::schema::Name;
use crate::dialect::Dialect;
use crate::text::Span;
use crate::text::lex::{Token, TokenKind};

/// Why a statement or a part of it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Byte offset into the source.
    pub at: usize,
    /// What was expected, and what was found.
    pub message: String,
}

/// Reads forward over tokens without comments.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    /// The text the spans refer to.
    pub text: &'a str,
    /// What is left to read.
    pub tokens: &'a [Token],
    /// Where the text ends that the tokens were taken from, for messages.
    end: usize,
    /// The dialect.
    pub dialect: Dialect,
}

impl<'a> Cursor<'a> {
    /// At the first of `tokens`.
    pub fn new(text: &'a str, tokens: &'a [Token], dialect: Dialect) -> Cursor<'a> {
        let end = tokens.last().map_or(text.len(), |token| token.span.end);
        Cursor { text, tokens, end, dialect }
    }

    /// A cursor over a part of the tokens.
    pub fn over(&self, tokens: &'a [Token]) -> Cursor<'a> {
        Cursor { tokens, end: tokens.last().map_or(self.end, |token| token.span.end), ..*self }
    }

    /// The nth token from here.
    pub fn peek(&self, n: usize) -> Option<Token> {
        self.tokens.get(n).copied()
    }

    /// Nothing left?
    pub fn is_done(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Byte offset of the next token.
    pub fn offset(&self) -> usize {
        self.peek(0).map_or(self.end, |token| token.span.start)
    }

    /// Skips a token.
    pub fn bump(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    /// Is the nth token this keyword?
    pub fn is_at(&self, n: usize, word: &str) -> bool {
        self.peek(n).is_some_and(|token| token.is_word(self.text, word))
    }

    /// Is the next token this keyword?
    pub fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    /// Is the next token one of these keywords?
    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Is the nth token one of these keywords?
    pub fn is_any_at(&self, n: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_at(n, word))
    }

    /// Are the next tokens these keywords, separated by spaces?
    pub fn is_all(&self, words: &str) -> bool {
        words.split(' ').enumerate().all(|(n, word)| self.is_at(n, word))
    }

    /// Skips the next token if it is this keyword.
    pub fn eat(&mut self, word: &str) -> bool {
        let is = self.is(word);
        if is {
            self.bump();
        }
        is
    }

    /// Skips the next tokens if they are these keywords.
    pub fn eat_all(&mut self, words: &str) -> bool {
        let is = self.is_all(words);
        if is {
            self.tokens = self.tokens.get(words.split(' ').count()..).unwrap_or(&[]);
        }
        is
    }

    /// Is the nth token this mark?
    pub fn is_mark_at(&self, n: usize, mark: &str) -> bool {
        self.peek(n).is_some_and(|token| {
            !matches!(token.kind, TokenKind::Text | TokenKind::QuotedName)
                && token.text(self.text) == mark
        })
    }

    /// Is the next token this mark: `(`, `,`, `=`?
    pub fn is_mark(&self, mark: &str) -> bool {
        self.is_mark_at(0, mark)
    }

    /// Skips the next token if it is this mark.
    pub fn eat_mark(&mut self, mark: &str) -> bool {
        let is = self.is_mark(mark);
        if is {
            self.bump();
        }
        is
    }

    /// The next token in lower case; empty at the end.
    pub fn word(&self) -> String {
        self.peek(0).map_or(String::new(), |token| token.text(self.text).to_ascii_lowercase())
    }

    /// An error at the next token.
    pub fn unread(&self, expected: &str) -> Unread {
        let found = match self.peek(0) {
            Some(token) => {
                let found: String = token.text(self.text).chars().take(40).collect();
                format!("found {found:?}")
            }
            None => "the statement ends".to_owned(),
        };
        Unread { at: self.offset(), message: format!("expected {expected}, {found}") }
    }

    /// A name, folded as the dialect folds it.
    pub fn name(&mut self) -> Result<String, Unread> {
        let token = self.peek(0).ok_or_else(|| self.unread("a name"))?;
        let written = token.text(self.text);
        let name = match token.kind {
            TokenKind::Word if self.dialect == Dialect::Postgres => written.to_lowercase(),
            TokenKind::Word => written.to_owned(),
            TokenKind::QuotedName => unquote(written),
            // MySQL with ANSI_QUOTES, and SQLite takes a string for a name.
            TokenKind::Text if self.dialect != Dialect::Postgres => unquote(written),
            _ => return Err(self.unread("a name")),
        };
        self.bump();
        Ok(if self.dialect == Dialect::Postgres { truncated(name) } else { name })
    }

    /// `name`, `schema.name` or `database.schema.name`.
    pub fn qualified_name(&mut self) -> Result<Name, Unread> {
        let mut name = Name { schema: None, name: self.name()? };
        while self.is_mark(".") {
            self.bump();
            name = Name { schema: Some(name.name), name: self.name()? };
        }
        Ok(name)
    }

    /// The tokens inside the parenthesis that opens here; the cursor goes behind it. A parenthesis
    /// that never closes ends with the tokens.
    pub fn group(&mut self) -> Option<Cursor<'a>> {
        if !self.is_mark("(") {
            return None;
        }
        let len = group_len(self.tokens);
        let closed = self.tokens.get(len - 1).is_some_and(|token| token.kind == TokenKind::Close);
        let inner = self.tokens.get(1..len - usize::from(closed && len > 1)).unwrap_or(&[]);
        let inner = self.over(inner);
        self.tokens = self.tokens.get(len..).unwrap_or(&[]);
        Some(inner)
    }

    /// Like [`Cursor::group`], where there must be one.
    pub fn expect_group(&mut self) -> Result<Cursor<'a>, Unread> {
        self.group().ok_or_else(|| self.unread("\"(\""))
    }

    /// Skips one token, or a whole parenthesis.
    pub fn skip_one(&mut self) {
        if self.group().is_none() {
            self.bump();
        }
    }

    /// Splits what is left at its top-level commas; empty parts are left out.
    pub fn split_commas(&self) -> Vec<Cursor<'a>> {
        let mut parts = Vec::new();
        let (mut depth, mut start) = (0_usize, 0);
        for (at, token) in self.tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth = depth.saturating_sub(1),
                TokenKind::Comma if depth == 0 => {
                    parts.push(self.tokens.get(start..at).unwrap_or(&[]));
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(self.tokens.get(start..).unwrap_or(&[]));
        parts.into_iter().filter(|part| !part.is_empty()).map(|part| self.over(part)).collect()
    }

    /// What is left, as written.
    pub fn rest(&self) -> &'a str {
        span_of(self.tokens).of(self.text)
    }

    /// Names in a parenthesis, as in REFERENCES t (a, b); whatever stands behind a name is ignored.
    pub fn names_in_group(&mut self) -> Result<Vec<String>, Unread> {
        self.expect_group()?.split_commas().iter().map(|part| { *part }.name()).collect()
    }

    /// The expression that all remaining tokens make up.
    pub fn expr(&self) -> Expr {
        expr_of(self.rest(), self.dialect)
    }
}

/// PostgreSQL cuts longer names without an error.
fn truncated(mut name: String) -> String {
    const NAME_BYTES_MAX: usize = 63;
    if name.len() > NAME_BYTES_MAX {
        let mut end = NAME_BYTES_MAX;
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        name.truncate(end);
    }
    name
}

/// An expression, kept as text where the parser does not know it.
pub fn expr_of(text: &str, dialect: Dialect) -> Expr {
    parse_expr(text, dialect)
        .unwrap_or_else(|_| Expr::Other { text: text.to_owned(), inputs: Vec::new() })
}

/// Text out of a statement of MySQL, with the version comment closed that it begins but does not end.
pub fn closed(text: &str) -> String {
    let opened = text.matches("/*!").count() + text.matches("/*M!").count();
    let ended = text.matches("*/").count();
    if opened > ended { format!("{text} */") } else { text.to_owned() }
}

/// The range that tokens cover.
pub fn span_of(tokens: &[Token]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => Span { start: first.span.start, end: last.span.end },
        _ => Span::default(),
    }
}

/// Tokens from an opening parenthesis to its closing one.
pub fn group_len(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// The content of a quoted name or string.
pub fn unquote(written: &str) -> String {
    let start = written.find(['"', '`', '[', '\'']).unwrap_or(0);
    let inner = written.get(start..).unwrap_or("");
    let Some(open) = inner.chars().next() else { return String::new() };
    let close = if open == '[' { ']' } else { open };
    let inner = inner.get(1..).unwrap_or("");
    let inner = inner.strip_suffix(close).unwrap_or(inner);
    inner.replace(&format!("{close}{close}"), &close.to_string())
}
