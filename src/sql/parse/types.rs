//! The name of a type, behind `::`, in CAST, and in front of a literal.

use super::{Parser, Result};
use crate::text::lex::TokenKind;

/// Words that may follow the first one of a type.
const MORE_WORDS: [&str; 9] =
    ["varying", "precision", "unsigned", "signed", "zerofill", "integer", "int", "large", "object"];

impl Parser<'_> {
    /// A type in lower case and without needless space: `numeric(10,2)`, `timestamp with time zone`.
    pub fn type_name(&mut self) -> Result<String> {
        let mut out = self.type_words()?;
        if self.at.is_mark("(") {
            self.push_modifier(&mut out);
        }
        if self.at.is_all("with time zone") || self.at.is_all("without time zone") {
            out.push_str(if self.at.is("with") { " with" } else { " without" });
            out.push_str(" time zone");
            for _ in 0..3 {
                self.at.bump();
            }
        }
        if self.at.is_any(&["unsigned", "signed"]) {
            out = format!("{out} {}", self.at.word());
            self.at.bump();
        }
        if self.at.eat_all("character set") || self.at.eat("charset") {
            self.at.name()?;
        }
        self.array_bounds(&mut out)?;
        Ok(out)
    }

    /// `schema.name`, `"Name"`, `double precision`, `character varying`.
    fn type_words(&mut self) -> Result<String> {
        let Some(token) = self
            .at
            .peek(0)
            .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName))
        else {
            return Err(self.at.unread("a type"));
        };
        let first = token.text(self.at.text).to_lowercase();
        self.at.bump();
        let mut out = first.clone();
        while self.at.eat_mark(".") {
            let Some(token) = self.at.bump() else { return Err(self.at.unread("a type")) };
            out = format!("{out}.{}", token.text(self.at.text).to_lowercase());
        }
        let takes_more = matches!(
            first.as_str(),
            "character"
                | "char"
                | "nchar"
                | "national"
                | "bit"
                | "double"
                | "signed"
                | "unsigned"
                | "binary"
                | "long"
        );
        while takes_more && self.at.is_any(&MORE_WORDS)
            || first == "national" && self.at.is_any(&["character", "char"])
        {
            out = format!("{out} {}", self.at.word());
            self.at.bump();
        }
        if first == "interval" {
            self.skip_interval_fields();
        }
        Ok(out)
    }

    /// `DAY`, `DAY TO SECOND` behind the type INTERVAL.
    fn skip_interval_fields(&mut self) {
        const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
        if self.at.is_any(&FIELDS) {
            self.at.bump();
            if self.at.eat("to") {
                self.at.bump();
            }
        }
    }

    /// `(10,2)`, `('a', 'b')`
    fn push_modifier(&mut self, out: &mut String) {
        let Some(inner) = self.at.group() else { return };
        out.push('(');
        for token in inner.tokens {
            out.push_str(&token.text(self.at.text).to_lowercase());
        }
        out.push(')');
    }

    /// `[]`, `[3]`, `ARRAY`, `ARRAY[3]`
    fn array_bounds(&mut self, out: &mut String) -> Result<()> {
        let is_array = self.at.dialect == crate::dialect::Dialect::Postgres && self.at.eat("array");
        if is_array && !self.at.is_mark("[") {
            out.push_str("[]");
        }
        while self.at.is_mark("[") {
            let is_empty = self.at.is_mark_at(1, "]");
            let is_sized = self.at.is_mark_at(2, "]")
                && self.at.peek(1).is_some_and(|token| token.kind == TokenKind::Number);
            if !is_empty && !is_sized {
                break;
            }
            for _ in 0..(if is_empty { 2 } else { 3 }) {
                self.at.bump();
            }
            out.push_str("[]");
        }
        Ok(())
    }

    /// `date '2024-01-01'`, `double precision '1'`: the type, if a literal follows it.
    pub fn literal_type(&mut self) -> Option<String> {
        let before = self.at;
        let name = self.type_name().ok();
        let is_followed = self
            .at
            .peek(0)
            .is_some_and(|token| matches!(token.kind, TokenKind::Text | TokenKind::Param));
        if is_followed && name.is_some() {
            return name;
        }
        self.at = before;
        None
    }
}
