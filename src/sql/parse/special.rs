//! Functions with a syntax of their own: CAST, EXTRACT, SUBSTRING ... FROM, INTERVAL.

use super::operators::Level;
use super::{Parser, Result};
use crate::dialect::Dialect;
use crate::sql::cursor::group_len;
use crate::sql::expr::{Expr, Literal};
use crate::sql::logic::call;
use crate::text::lex::TokenKind;

impl Parser<'_> {
    /// The call of such a function; none of `word` is no name of one. The cursor is at the name.
    pub fn special_call(&mut self, word: &str, opens: bool) -> Result<Option<Expr>> {
        if !opens {
            return Ok(None);
        }
        let read = match word {
            "cast" | "try_cast" | "safe_cast" => Self::cast,
            "convert" if self.is_mysql() => Self::convert,
            "extract" => Self::extract,
            "position" => Self::position,
            "substring" | "substr" => Self::substring,
            "overlay" => Self::overlay,
            "trim" => Self::trim,
            "match" if self.is_match_against() => Self::match_against,
            _ => return Ok(None),
        };
        self.at.bump();
        self.expect_mark("(")?;
        let expr = read(self)?;
        self.expect_mark(")")?;
        if word != "match" {
            return Ok(Some(expr));
        }
        self.expect("against")?;
        self.expect_mark("(")?;
        self.above(Level::Equal)?;
        while !self.at.is_done() && !self.at.is_mark(")") {
            self.at.skip_one();
        }
        self.expect_mark(")")?;
        Ok(Some(expr))
    }

    /// `x AS type`
    fn cast(&mut self) -> Result<Expr> {
        let expr = Box::new(self.expr()?);
        self.expect("as")?;
        let mut to = self.type_name()?;
        if self.at.eat("array") {
            // What a multi-valued index of MySQL holds.
            to.push_str(" array");
        }
        Ok(Expr::Cast { expr, to })
    }

    /// `x, type` or `x USING charset`
    fn convert(&mut self) -> Result<Expr> {
        let expr = self.expr()?;
        if self.at.eat("using") {
            self.at.name()?;
            return Ok(call("convert", vec![expr]));
        }
        self.expect_mark(",")?;
        Ok(Expr::Cast { expr: Box::new(expr), to: self.type_name()? })
    }

    /// `field FROM x`
    fn extract(&mut self) -> Result<Expr> {
        let field = match self.at.peek(0).map(|token| token.kind) {
            Some(TokenKind::Text | TokenKind::Param) => self.primary()?,
            Some(TokenKind::Word) => {
                let field = self.at.word();
                self.at.bump();
                Expr::Literal(Literal::Text(field))
            }
            _ => return Err(self.at.unread("a part of a time, as YEAR")),
        };
        if !self.at.eat_mark(",") {
            self.expect("from")?;
        }
        Ok(call("extract", vec![field, self.expr()?]))
    }

    /// `a IN b`
    fn position(&mut self) -> Result<Expr> {
        let part = self.above(Level::Match)?;
        if !self.at.eat_mark(",") {
            self.expect("in")?;
        }
        Ok(call("position", vec![part, self.expr()?]))
    }

    /// `x FROM a FOR b`, `x FOR b FROM a`, `x, a, b`, `x SIMILAR a ESCAPE b`
    fn substring(&mut self) -> Result<Expr> {
        let text = self.above(Level::Match)?;
        let (mut first, mut rest) = (None, Vec::new());
        loop {
            if self.at.eat("from") {
                first = Some(self.expr()?);
            } else if self.at.eat_mark(",")
                || self.at.eat("for")
                || self.at.eat("similar")
                || self.at.eat("escape")
            {
                rest.push(self.expr()?);
            } else {
                break;
            }
        }
        let args = std::iter::once(text).chain(first).chain(rest);
        Ok(call("substring", args.collect()))
    }

    /// `x PLACING y FROM a FOR b`
    fn overlay(&mut self) -> Result<Expr> {
        let mut args = vec![self.expr()?];
        while self.at.eat("placing")
            || self.at.eat("from")
            || self.at.eat("for")
            || self.at.eat_mark(",")
        {
            args.push(self.expr()?);
        }
        Ok(call("overlay", args))
    }

    /// `[BOTH | LEADING | TRAILING] [characters] FROM x`, or `x, characters`
    fn trim(&mut self) -> Result<Expr> {
        let name = match self.at.word().as_str() {
            "leading" => "ltrim",
            "trailing" => "rtrim",
            _ => "btrim",
        };
        if self.at.is_any(&["leading", "trailing", "both"]) && !self.at.is_mark_at(1, ")") {
            self.at.bump();
        }
        let mut args = Vec::new();
        if !self.at.is("from") {
            args.push(self.expr()?);
        }
        if self.at.eat("from") {
            args.insert(0, self.expr()?);
        }
        while self.at.eat_mark(",") {
            args.push(self.expr()?);
        }
        Ok(call(name, args))
    }

    /// Elsewhere MATCH is a function like others.
    fn is_match_against(&self) -> bool {
        let columns = self.at.tokens.get(1..).map_or(0, group_len);
        self.at.is_at(1 + columns, "against")
    }

    /// The columns of MySQL's full text search. What is searched for follows behind.
    fn match_against(&mut self) -> Result<Expr> {
        let inputs = self.list(|parser| parser.name_parts().map(Expr::Name))?;
        Ok(Expr::Other { text: "MATCH AGAINST".to_owned(), inputs })
    }

    /// Is INTERVAL followed by a value here, or is it a name?
    pub fn begins_interval(&self) -> bool {
        let Some(next) = self.at.peek(1) else { return false };
        match next.kind {
            TokenKind::Text | TokenKind::Param | TokenKind::Number => true,
            TokenKind::Open if self.at.dialect == Dialect::Postgres => {
                let behind = self.at.peek(4).map(|token| token.kind);
                matches!(behind, Some(TokenKind::Text | TokenKind::Param))
            }
            TokenKind::Open | TokenKind::QuotedName => true,
            TokenKind::Word => self.at.dialect != Dialect::Postgres && !self.at.is_at(1, "and"),
            TokenKind::Operator => self.at.is_mark_at(1, "-") || self.at.is_mark_at(1, "+"),
            _ => false,
        }
    }

    /// `INTERVAL '30 days'`, `INTERVAL 30 DAY`: text with its unit, cast to interval.
    pub fn interval(&mut self) -> Result<Expr> {
        self.at.bump();
        if self.at.dialect == Dialect::Postgres {
            self.at.group();
        }
        let is_text = self.at.peek(0).is_some_and(|token| token.kind == TokenKind::Text);
        let value = if is_text || self.at.dialect == Dialect::Postgres {
            self.primary()?
        } else {
            self.above(Level::Shift)?
        };
        let unit = self.interval_unit();
        let value = match (value, unit) {
            (Expr::Literal(Literal::Text(text) | Literal::Number(text)), Some(unit)) => {
                Expr::Literal(Literal::Text(format!("{text} {unit}")))
            }
            (value, _) => value,
        };
        Ok(Expr::Cast { expr: Box::new(value), to: "interval".to_owned() })
    }

    /// `DAY`, `DAY_HOUR`, `YEAR TO MONTH`, `SECOND(3)`
    fn interval_unit(&mut self) -> Option<String> {
        let word = self.at.word();
        let is_unit = word.split('_').all(|part| {
            matches!(
                part.trim_end_matches('s'),
                "microsecond"
                    | "millisecond"
                    | "second"
                    | "minute"
                    | "hour"
                    | "day"
                    | "week"
                    | "month"
                    | "quarter"
                    | "year"
            )
        });
        if !is_unit || self.at.peek(0)?.kind != TokenKind::Word {
            return None;
        }
        self.at.bump();
        self.at.group();
        if self.at.eat("to") {
            self.at.skip_one();
            self.at.group();
        }
        Some(word)
    }
}
