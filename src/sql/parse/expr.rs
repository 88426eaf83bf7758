//! Expressions, by precedence climbing.

use super::operators::{Infix, Level, Op, compare_op, like_op};
use super::{Parser, Result};
use crate::dialect::Dialect;
use crate::sql::cursor::unquote;
use crate::sql::expr::{CompareOp, Expr, LikeKind, Literal};
use crate::sql::logic::{and_all, and_or, call, negate, or_all};
use crate::text::Span;
use crate::text::lex::TokenKind;

impl Parser<'_> {
    /// Any expression.
    pub fn expr(&mut self) -> Result<Expr> {
        self.above(Level::Lowest)
    }

    /// An expression whose operators bind more tightly than `level`.
    pub fn above(&mut self, level: Level) -> Result<Expr> {
        self.enter()?;
        let before = self.nodes;
        let mut left = self.prefix()?;
        while let Some(infix) = self.infix_here().filter(|infix| infix.level > level) {
            self.link()?;
            left = self.behind(left, infix, before)?;
        }
        self.leave();
        Ok(left)
    }

    fn boxed_above(&mut self, level: Level) -> Result<Box<Expr>> {
        self.above(level).map(Box::new)
    }

    /// An operand with the operators in front of it.
    fn prefix(&mut self) -> Result<Expr> {
        self.nodes += 1;
        if self.at.eat("not") {
            return self.above(Level::Not).map(negate);
        }
        let Some(token) = self.at.peek(0).filter(|token| token.kind == TokenKind::Operator) else {
            return self.primary();
        };
        let op = token.text(self.at.text);
        if let Some(variable) = self.variable_of_psql(op) {
            return Ok(variable);
        }
        let postgres = self.at.dialect == Dialect::Postgres;
        let level = match op {
            "-" | "+" => Level::Sign,
            "~" if !postgres => Level::Sign,
            "!" if self.is_mysql() => Level::Sign,
            "~" | "@" | "|/" | "||/" | "!!" | "@@" | "@-@" | "#" if postgres => Level::Other,
            _ => return Err(self.at.unread("an expression")),
        };
        self.at.bump();
        let operand = self.above(level)?;
        Ok(match (op, operand) {
            ("!", operand) if self.is_mysql() => negate(operand),
            ("+", operand) => operand,
            ("-", Expr::Literal(Literal::Number(digits))) => {
                Expr::Literal(Literal::Number(match digits.strip_prefix('-') {
                    Some(digits) => digits.to_owned(),
                    None => format!("-{digits}"),
                }))
            }
            (op, operand) => {
                Expr::Operator { op: op.to_owned(), left: None, right: Box::new(operand) }
            }
        })
    }

    /// `:'name'` and `:"name"`, which psql replaces.
    fn variable_of_psql(&mut self, op: &str) -> Option<Expr> {
        let name = self.at.peek(1)?;
        if op != ":" || !matches!(name.kind, TokenKind::Text | TokenKind::QuotedName) {
            return None;
        }
        self.at.bump();
        self.at.bump();
        Some(Expr::Param(format!("${}", unquote(name.text(self.at.text)))))
    }

    /// An operator and what stands behind it. `left` was begun when there were `before` nodes.
    fn behind(&mut self, left: Expr, infix: Infix, before: usize) -> Result<Expr> {
        let first = self.at.peek(0);
        for _ in 0..infix.n_tokens {
            self.at.bump();
        }
        let level = infix.level;
        match infix.op {
            Op::And => Ok(and_or(left, self.above(level)?, true)),
            Op::Or => Ok(and_or(left, self.above(level)?, false)),
            Op::Compare(op) => self.comparison(left, op, level),
            Op::Like(kind, negated) => self.like(left, kind, negated, level),
            Op::In(negated) => self.membership(left, negated),
            Op::Between(negated) => self.between(left, negated, before),
            Op::Is => self.is(left, level),
            Op::IsNull(negated) => Ok(Expr::IsNull { expr: Box::new(left), negated }),
            Op::Cast => Ok(Expr::Cast { expr: Box::new(left), to: self.type_name()? }),
            Op::Subscript => self.subscript(left, first.map_or(0, |token| token.span.start)),
            Op::Field => self.field(left),
            Op::Collate => {
                let collation = self.name_parts()?.pop().unwrap_or_default();
                Ok(Expr::Collate { expr: Box::new(left), collation })
            }
            Op::TimeZone => Ok(call("timezone", vec![self.above(level)?, left])),
            Op::Qualified => self.qualified_operator(left, level),
            Op::MemberOf => {
                let right = self.in_parens(Self::expr)?;
                Ok(Expr::Other { text: "MEMBER OF".to_owned(), inputs: vec![left, right] })
            }
            Op::Match(negated) => {
                let matched = self.operator(left, "MATCH".to_owned(), level)?;
                Ok(if negated { negate(matched) } else { matched })
            }
            Op::Other => {
                let op = first.map_or("", |token| token.text(self.at.text)).to_ascii_uppercase();
                let op = if op == "MOD" { "%".to_owned() } else { op };
                self.operator(left, op, level)
            }
        }
    }

    /// `left op right`, for an operator that is kept as text.
    fn operator(&mut self, left: Expr, op: String, level: Level) -> Result<Expr> {
        if let Some(all) = self.any_or_all() {
            let right = self.parenthesised()?;
            let text = format!("{op} {}", if all { "ALL" } else { "ANY" });
            return Ok(Expr::Other { text, inputs: vec![left, right] });
        }
        let right = self.boxed_above(level)?;
        Ok(Expr::Operator { op, left: Some(Box::new(left)), right })
    }

    /// `=`, and `= ANY (...)`.
    fn comparison(&mut self, left: Expr, op: CompareOp, level: Level) -> Result<Expr> {
        let left = Box::new(left);
        let Some(all) = self.any_or_all() else {
            return Ok(Expr::Compare(op, left, self.boxed_above(level)?));
        };
        Ok(match self.parenthesised()? {
            Expr::Subquery(query) => Expr::AnyAllSubquery { op, left, query, all },
            right => Expr::AnyAll { op, left, right: Box::new(right), all },
        })
    }

    /// Skips ANY, SOME or ALL in front of a parenthesis; is it ALL?
    fn any_or_all(&mut self) -> Option<bool> {
        if !self.at.is_any(&["any", "some", "all"]) || !self.at.is_mark_at(1, "(") {
            return None;
        }
        let all = self.at.is("all");
        self.at.bump();
        Some(all)
    }

    /// LIKE and its kin. What ESCAPE says is left out.
    fn like(&mut self, left: Expr, kind: LikeKind, negated: bool, level: Level) -> Result<Expr> {
        // `LIKE ANY (...)` is a match with a pattern that is not known.
        let pattern = match self.any_or_all() {
            Some(all) => call(if all { "all" } else { "any" }, vec![self.parenthesised()?]),
            None => self.above(level)?,
        };
        if self.at.eat("escape") {
            self.above(Level::Match)?;
        }
        Ok(Expr::Like { kind, expr: Box::new(left), pattern: Box::new(pattern), negated })
    }

    /// `IN (...)`, and what drivers write for it: `IN $1`.
    fn membership(&mut self, left: Expr, negated: bool) -> Result<Expr> {
        let expr = Box::new(left);
        if let Some(token) = self.at.peek(0).filter(|token| token.kind == TokenKind::Param) {
            self.at.bump();
            let list = vec![self.param(token)];
            return Ok(Expr::InList { expr, list, negated });
        }
        let query = if self.is_query_in_parens() {
            self.query_in_parens()?
        } else if self.at.is_mark("(") {
            let list = if self.at.is_mark_at(1, ")") {
                self.at.group();
                Vec::new()
            } else {
                self.in_parens(|parser| parser.list(Self::expr))?
            };
            return Ok(Expr::InList { expr, list, negated });
        } else if self.at.dialect == Dialect::Sqlite {
            self.table_as_query()?
        } else {
            return Err(self.at.unread("\"(\""));
        };
        let op = if negated { CompareOp::Ne } else { CompareOp::Eq };
        Ok(Expr::AnyAllSubquery { op, left: expr, query, all: negated })
    }

    /// `BETWEEN low AND high` as the two comparisons it means; SYMMETRIC either way round.
    fn between(&mut self, left: Expr, negated: bool, before: usize) -> Result<Expr> {
        let symmetric = self.at.eat("symmetric");
        self.at.eat("asymmetric");
        self.copy(self.nodes - before)?;
        let low = self.above(Level::Match)?;
        self.expect("and")?;
        let high = self.above(Level::Match)?;
        let within = |expr: Expr, low: Expr, high: Expr| {
            let expr = Box::new(expr);
            and_all(vec![
                Expr::Compare(CompareOp::Ge, expr.clone(), Box::new(low)),
                Expr::Compare(CompareOp::Le, expr, Box::new(high)),
            ])
        };
        let both = if symmetric {
            self.copy(self.nodes - before)?;
            let turned = within(left.clone(), high.clone(), low.clone());
            or_all(vec![within(left, low, high), turned])
        } else {
            within(left, low, high)
        };
        Ok(if negated { negate(both) } else { both })
    }

    /// Behind IS.
    fn is(&mut self, left: Expr, level: Level) -> Result<Expr> {
        let negated = self.at.eat("not");
        let expr = Box::new(left);
        let truth = |truth| Expr::IsTruth { expr: expr.clone(), truth, negated };
        if self.at.eat("null") {
            return Ok(Expr::IsNull { expr, negated });
        }
        for (word, value) in [("true", Some(true)), ("false", Some(false)), ("unknown", None)] {
            if self.at.eat(word) {
                return Ok(truth(value));
            }
        }
        if self.at.eat_all("distinct from") {
            let op = if negated { CompareOp::NotDistinct } else { CompareOp::Distinct };
            return Ok(Expr::Compare(op, expr, self.boxed_above(level)?));
        }
        if self.at.dialect == Dialect::Sqlite {
            let op = if negated { CompareOp::Distinct } else { CompareOp::NotDistinct };
            return Ok(Expr::Compare(op, expr, self.boxed_above(level)?));
        }
        // IS JSON OBJECT WITH UNIQUE KEYS, IS NFC NORMALIZED, IS DOCUMENT
        const WORDS: [&str; 14] = [
            "json",
            "object",
            "array",
            "scalar",
            "value",
            "with",
            "without",
            "unique",
            "keys",
            "document",
            "normalized",
            "nfc",
            "nfd",
            "nfkc",
        ];
        let mut text = format!("IS{}", if negated { " NOT" } else { "" });
        if !self.at.is_any(&WORDS) {
            return Err(self.at.unread("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM"));
        }
        while self.at.is_any(&WORDS) {
            text = format!("{text} {}", self.at.word().to_ascii_uppercase());
            self.at.bump();
        }
        Ok(Expr::Other { text, inputs: vec![*expr] })
    }

    /// `OPERATOR(pg_catalog.=)`: as without the schema.
    fn qualified_operator(&mut self, left: Expr, level: Level) -> Result<Expr> {
        let inner = self.at.expect_group()?;
        let op = inner.tokens.last().map_or("", |token| token.text(self.at.text));
        if let Some(compare) = compare_op(op, self.at.dialect) {
            return self.comparison(left, compare, level);
        }
        match like_op(op) {
            Some((kind, negated)) => self.like(left, kind, negated, level),
            None => self.operator(left, op.to_owned(), level),
        }
    }

    /// `[1]`, `[1:2]`, behind the bracket that stands at `start`.
    fn subscript(&mut self, left: Expr, start: usize) -> Result<Expr> {
        let mut inputs = vec![left];
        loop {
            if !self.at.is_mark(":") && !self.at.is_mark("]") {
                let index = self.expr()?;
                if !matches!(index, Expr::Literal(_)) {
                    inputs.push(index);
                }
            }
            if !self.at.eat_mark(":") {
                break;
            }
        }
        let end = self.at.peek(0).map_or(0, |token| token.span.end);
        self.expect_mark("]")?;
        let text = Span { start, end }.of(self.at.text);
        Ok(match inputs.as_mut_slice() {
            // `x[1][2]` is one expression.
            [Expr::Other { text: before, .. }] if before.ends_with(']') => {
                before.push_str(text);
                inputs.remove(0)
            }
            _ => Expr::Other { text: text.to_owned(), inputs },
        })
    }

    /// `(composite).field`
    fn field(&mut self, left: Expr) -> Result<Expr> {
        let text = format!(".{}", if self.at.eat_mark("*") { "*".into() } else { self.at.name()? });
        Ok(match left {
            Expr::Other { text: before, inputs } if before.starts_with('.') => {
                Expr::Other { text: before + &text, inputs }
            }
            left => Expr::Other { text, inputs: vec![left] },
        })
    }
}
