//! From one statement to the query in it, also behind EXPLAIN, PREPARE, DECLARE ... CURSOR FOR, CREATE
//! TABLE ... AS, CREATE VIEW, and in COPY (...) TO.

use super::{Parser, Result};
use crate::sql::query::Query;
use crate::text::lex::TokenKind;

impl Parser<'_> {
    /// Reads the statement, up to the end of the text or a semicolon.
    pub fn statement(&mut self) -> Result<Box<Query>> {
        while self.at.eat_mark(";") {}
        if self.at.is_done() {
            return self.refuse("there is no statement");
        }
        let query = self.behind_lead()?;
        if self.at.is_done() || self.at.is_mark(";") {
            return Ok(query);
        }
        Err(self.at.unread("the end of the statement"))
    }

    /// Skips what stands in front of the query. It may stand there again: a loop, since recursion
    /// would have no cap.
    fn behind_lead(&mut self) -> Result<Box<Query>> {
        loop {
            match self.at.word().as_str() {
                "explain" | "describe" | "desc" | "analyze" => self.skip_options(),
                "prepare" | "create" => self.skip_past("as")?,
                "declare" => self.skip_past("for")?,
                "copy" => return self.copied(),
                _ => return self.query(),
            }
        }
    }

    /// The query in `COPY (query) TO ...`.
    fn copied(&mut self) -> Result<Box<Query>> {
        if !self.at.is_mark_at(1, "(") {
            return self.not_a_query();
        }
        self.at.bump();
        let query = self.query_in_parens()?;
        while !self.at.is_done() && !self.at.is_mark(";") {
            self.at.skip_one();
        }
        Ok(query)
    }

    /// Skips EXPLAIN and what stands between it and its statement: `(ANALYZE, BUFFERS)`,
    /// `ANALYZE VERBOSE`, `QUERY PLAN`, `FORMAT=JSON`.
    fn skip_options(&mut self) {
        const OPTIONS: [&str; 7] =
            ["analyze", "verbose", "query", "plan", "extended", "partitions", "format"];
        self.at.bump();
        if !self.is_query_in_parens() {
            self.at.group();
        }
        while self.at.is_any(&OPTIONS) {
            let has_value = self.at.is("format");
            self.at.bump();
            if has_value {
                self.at.eat_mark("=");
                self.at.bump();
            }
        }
    }

    /// Skips up to a keyword that stands outside of parentheses, and over it. MySQL also takes
    /// `CREATE TABLE t SELECT ...`.
    fn skip_past(&mut self, word: &str) -> Result<()> {
        while !self.at.is_done() && !self.at.is_mark(";") {
            if self.at.eat(word) || self.at.is("select") {
                return Ok(());
            }
            self.at.skip_one();
        }
        self.not_a_query()
    }

    /// Neither a SELECT nor one that writes.
    pub fn not_a_query<T>(&self) -> Result<T> {
        self.refuse("this is neither a SELECT, INSERT, UPDATE nor DELETE")
    }

    /// The statement at the cursor, if it is one that writes.
    pub fn writing(&mut self) -> Result<Option<Box<Query>>> {
        let is_word = self.at.peek(0).is_some_and(|token| token.kind == TokenKind::Word);
        let read = match self.at.word().as_str() {
            "insert" | "replace" if is_word => Self::insert,
            "update" if is_word => Self::update,
            "delete" if is_word => Self::delete,
            _ => return Ok(None),
        };
        self.at.bump();
        read(self).map(Some)
    }
}
