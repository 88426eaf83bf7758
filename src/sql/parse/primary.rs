//! Operands: literals, names, parentheses, CASE, and words that begin something of their own.

use super::literal::text_value;
use super::words::{begins_query, is_column_name};
use super::{Parser, Result};
use crate::dialect::Dialect;
use crate::sql::expr::{Expr, Literal};
use crate::sql::logic::call;
use crate::text::lex::{Token, TokenKind};

impl Parser<'_> {
    /// An operand without the operators around it.
    pub fn primary(&mut self) -> Result<Expr> {
        let Some(token) = self.at.peek(0) else { return Err(self.at.unread("an expression")) };
        let text = token.text(self.at.text);
        match token.kind {
            TokenKind::Number => {
                self.at.bump();
                Ok(Expr::Literal(Literal::Number(text.replace('_', ""))))
            }
            TokenKind::Text if text.starts_with('"') && self.at.is_mark_at(1, ".") => {
                self.name_or_call()
            }
            TokenKind::Text => Ok(Expr::Literal(Literal::Text(self.text_literal(token)))),
            TokenKind::Param => {
                self.at.bump();
                Ok(self.param(token))
            }
            TokenKind::QuotedName => self.name_or_call(),
            TokenKind::Word => self.word(),
            TokenKind::Open if text == "(" => self.parenthesised(),
            // MySQL's digests write `...` for the rest of a list.
            TokenKind::Dot if self.at.is_mark_at(1, ".") && self.at.is_mark_at(2, ".") => {
                while self.at.eat_mark(".") {}
                Ok(Expr::Param("...".to_owned()))
            }
            _ => Err(self.at.unread("an expression")),
        }
    }

    /// A string, with those that stand behind it: servers read them as one.
    fn text_literal(&mut self, first: Token) -> String {
        let mut out = text_value(first.text(self.at.text), self.at.dialect);
        self.at.bump();
        let mut end = first.span.end;
        while let Some(more) = self.at.peek(0).filter(|token| token.kind == TokenKind::Text) {
            let between = self.at.text.get(end..more.span.start).unwrap_or("");
            if !self.is_mysql() && !between.contains(['\n', '\r']) {
                break;
            }
            out.push_str(&text_value(more.text(self.at.text), self.at.dialect));
            end = more.span.end;
            self.at.bump();
        }
        out
    }

    /// A placeholder under one name for all drivers: `$1`, `$name`. Those without a name are numbered:
    /// two of them are two values.
    pub fn param(&mut self, token: Token) -> Expr {
        let text = token.text(self.at.text);
        let name = match text.as_bytes() {
            b"?" | b"%s" => {
                self.n_unnamed += 1;
                format!("${}", self.n_unnamed)
            }
            [b'@', ..] if self.is_mysql() => {
                // `@@session.sort_buffer_size`
                while self.at.is_mark(".") && text.starts_with("@@") {
                    self.at.bump();
                    self.at.bump();
                }
                text.to_owned()
            }
            [b':' | b'@', ..] => format!("${}", text.trim_start_matches([':', '@'])),
            [b'%', ..] => {
                let name = text.trim_start_matches("%(").trim_end_matches(")s");
                format!("${name}")
            }
            _ => text.to_owned(),
        };
        Expr::Param(name)
    }

    /// What a word begins.
    fn word(&mut self) -> Result<Expr> {
        let word = self.at.word();
        let opens = self.at.is_mark_at(1, "(");
        let literal = match word.as_str() {
            "null" => Some(Literal::Null),
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            _ => None,
        };
        if let Some(literal) = literal.filter(|_| !self.at.is_mark_at(1, ".")) {
            self.at.bump();
            return Ok(Expr::Literal(literal));
        }
        match word.as_str() {
            "case" => return self.case(),
            "exists" if opens => {
                self.at.bump();
                let query = self.query_in_parens()?;
                return Ok(Expr::Exists { query, negated: false });
            }
            "array" if self.at.is_mark_at(1, "[") => {
                self.at.bump();
                return self.array();
            }
            "row" if opens => {
                self.at.bump();
                return self.row();
            }
            "interval" if self.begins_interval() => return self.interval(),
            "binary" if self.is_mysql() && !opens && self.is_operand_at(1) => {
                self.at.bump();
                let expr = Box::new(self.above(super::operators::Level::Sign)?);
                return Ok(Expr::Cast { expr, to: "binary".to_owned() });
            }
            _ if !opens && !self.at.is_mark_at(1, ".") && self.is_bare_function(&word) => {
                self.at.bump();
                return Ok(call(&word, Vec::new()));
            }
            _ => {}
        }
        if let Some(special) = self.special_call(&word, opens)? {
            return Ok(special);
        }
        if let Some(typed) = self.typed_literal(&word) {
            return Ok(typed);
        }
        // SQLite has LIKE as a function, too.
        let is_function = opens && word == "like";
        if is_column_name(&word) || is_function {
            return self.name_or_call();
        }
        Err(self.at.unread("an expression"))
    }

    /// Functions that are called without parentheses.
    fn is_bare_function(&self, word: &str) -> bool {
        match word {
            "current_date" | "current_time" | "current_timestamp" | "localtime"
            | "localtimestamp" | "current_user" | "session_user" | "current_catalog"
            | "current_role" | "current_schema" => true,
            // Elsewhere a name of a column.
            "user" => self.at.dialect == Dialect::Postgres,
            _ => false,
        }
    }

    /// Does the nth token begin an operand?
    fn is_operand_at(&self, n: usize) -> bool {
        self.at.peek(n).is_some_and(|token| match token.kind {
            TokenKind::Word => is_column_name(&token.text(self.at.text).to_ascii_lowercase()),
            TokenKind::QuotedName | TokenKind::Text | TokenKind::Number | TokenKind::Param => true,
            _ => false,
        })
    }

    /// `date '2024-01-01'`, `_utf8mb4'x'`; in PostgreSQL any type may stand in front of a string.
    fn typed_literal(&mut self, word: &str) -> Option<Expr> {
        let next = self.at.peek(1)?;
        let is_time = matches!(word, "date" | "time" | "timestamp" | "timestamptz" | "datetime");
        let postgres = self.at.dialect == Dialect::Postgres;
        let is_typed = match next.kind {
            TokenKind::Text if self.is_mysql() && word.starts_with('_') => {
                self.at.bump();
                return Some(Expr::Literal(Literal::Text(self.text_literal(next))));
            }
            TokenKind::Text => is_time || (postgres && is_column_name(word)),
            TokenKind::Param => is_time,
            TokenKind::Word | TokenKind::Dot | TokenKind::Open => {
                let is_long =
                    matches!(word, "double" | "character" | "bit" | "char" | "pg_catalog");
                postgres && (is_time || is_long)
            }
            _ => false,
        };
        if !is_typed {
            return None;
        }
        let to = self.literal_type()?;
        let literal = self.at.peek(0)?;
        if literal.kind == TokenKind::Param {
            // As pg_stat_statements prints it.
            self.at.bump();
            return Some(self.param(literal));
        }
        let expr = Box::new(Expr::Literal(Literal::Text(self.text_literal(literal))));
        Some(Expr::Cast { expr, to })
    }

    /// A column, or the call of a function.
    fn name_or_call(&mut self) -> Result<Expr> {
        let parts = self.name_parts()?;
        if self.at.is_mark("(") {
            return self.call(&parts);
        }
        Ok(Expr::Name(parts))
    }

    /// `(a)`, `(a, b)` or `(SELECT ...)`.
    pub fn parenthesised(&mut self) -> Result<Expr> {
        if self.is_query_in_parens() {
            return Ok(Expr::Subquery(self.query_in_parens()?));
        }
        self.expect_mark("(")?;
        if self.at.eat_mark(")") {
            return Ok(Expr::Row(Vec::new()));
        }
        let first = self.expr()?;
        if self.at.eat_mark(")") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.at.eat_mark(",") {
            parts.push(self.expr()?);
        }
        self.expect_mark(")")?;
        Ok(Expr::Row(parts))
    }

    /// `(a, b)` behind ROW.
    fn row(&mut self) -> Result<Expr> {
        self.expect_mark("(")?;
        if self.at.eat_mark(")") {
            return Ok(Expr::Row(Vec::new()));
        }
        let parts = self.list(Self::expr)?;
        self.expect_mark(")")?;
        Ok(Expr::Row(parts))
    }

    /// `[a, b]` behind ARRAY, or inside of one.
    fn array(&mut self) -> Result<Expr> {
        self.enter()?;
        self.expect_mark("[")?;
        let mut items = Vec::new();
        while !self.at.is_mark("]") {
            items.push(if self.at.is_mark("[") { self.array()? } else { self.expr()? });
            if !self.at.eat_mark(",") {
                break;
            }
        }
        self.expect_mark("]")?;
        self.leave();
        Ok(Expr::Array(items))
    }

    /// `CASE [operand] WHEN ... THEN ... ELSE ... END`
    fn case(&mut self) -> Result<Expr> {
        self.at.bump();
        let operand = if self.at.is("when") { None } else { Some(Box::new(self.expr()?)) };
        let mut branches = Vec::new();
        while self.at.eat("when") {
            let condition = self.expr()?;
            self.expect("then")?;
            branches.push((condition, self.expr()?));
        }
        if branches.is_empty() {
            return Err(self.at.unread("WHEN"));
        }
        let otherwise = if self.at.eat("else") { Some(Box::new(self.expr()?)) } else { None };
        self.expect("end")?;
        Ok(Expr::Case { operand, branches, otherwise })
    }

    /// Is there a parenthesis here, and nothing but a query inside of it?
    pub fn is_query_in_parens(&self) -> bool {
        let n_open = (0..).take_while(|n| self.at.is_mark_at(*n, "(")).count();
        n_open > 0 && self.begins_query_at(n_open) && self.are_queries(n_open)
    }

    fn begins_query_at(&self, n: usize) -> bool {
        let Some(word) = self.at.peek(n).filter(|token| token.kind == TokenKind::Word) else {
            return false;
        };
        let opens = self.at.is_mark_at(n + 1, "(");
        match word.text(self.at.text).to_ascii_lowercase().as_str() {
            _ if self.at.is_mark_at(n + 1, ".") => false,
            "table" => !opens,
            // `VALUES(column)` is a function of MySQL.
            "values" if self.is_mysql() && opens => {
                let is_name = self.at.peek(n + 2).is_some_and(|token| {
                    matches!(token.kind, TokenKind::Word | TokenKind::QuotedName)
                });
                !is_name || !self.at.is_mark_at(n + 3, ")") || self.at.is_mark_at(n + 5, "(")
            }
            word => begins_query(word),
        }
    }

    /// Is each of `n_open` parentheses, the innermost of which is around a query, around nothing but
    /// that query? What stands behind the inner one decides: `((SELECT 1) + 2)` is an expression,
    /// `((SELECT 1) UNION SELECT 2)` a query.
    fn are_queries(&self, n_open: usize) -> bool {
        let (mut open, mut level) = (0_usize, n_open);
        for (at, token) in self.at.tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Open => open += 1,
                TokenKind::Close => open = open.saturating_sub(1),
                _ => continue,
            }
            if open < level && token.kind == TokenKind::Close {
                level = open;
                let goes_on = self.at.is_mark_at(at + 1, ")") || self.continues_query(at + 1);
                if level == 0 || !goes_on {
                    return level == 0;
                }
            }
        }
        true
    }

    /// Does the nth token go on with a query that has just ended in a parenthesis?
    fn continues_query(&self, n: usize) -> bool {
        const WORDS: [&str; 9] =
            ["union", "intersect", "except", "minus", "order", "limit", "offset", "fetch", "for"];
        WORDS.iter().any(|word| self.at.is_at(n, word))
    }
}
