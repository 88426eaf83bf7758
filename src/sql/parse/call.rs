//! Calls of functions, with what may stand behind their arguments.

use super::{Parser, Result};
use crate::sql::expr::{Expr, Function, Literal};
use crate::text::lex::TokenKind;

impl Parser<'_> {
    /// The arguments at the cursor and what follows them: FILTER, WITHIN GROUP, OVER.
    pub fn call(&mut self, name: &[String]) -> Result<Expr> {
        let name = name.last().map(|name| name.to_lowercase()).unwrap_or_default();
        let mut call = Box::new(Function { name, ..Function::default() });
        self.expect_mark("(")?;
        if !self.at.is_mark(")") {
            self.arguments(&mut call)?;
        }
        self.expect_mark(")")?;
        if self.at.eat_all("within group") {
            let keys = self.in_parens(Self::order_by)?;
            if call.order_by.is_empty() {
                call.order_by = keys;
            }
        }
        if self.at.is("filter") && self.at.is_mark_at(1, "(") {
            self.at.bump();
            call.filter = Some(self.in_parens(|parser| {
                parser.expect("where")?;
                parser.expr()
            })?);
        }
        self.skip_nulls();
        if self.at.eat_all("from first") || self.at.eat_all("from last") {
            self.skip_nulls();
        }
        if self.at.eat("over") {
            call.over = Some(self.over()?);
        }
        Ok(Expr::Function(call))
    }

    /// `RESPECT NULLS`, `IGNORE NULLS`
    fn skip_nulls(&mut self) {
        let _ = self.at.eat_all("respect nulls") || self.at.eat_all("ignore nulls");
    }

    /// Everything up to the closing parenthesis.
    fn arguments(&mut self, call: &mut Function) -> Result<()> {
        let is_followed = !self.at.is_mark_at(1, ",") && !self.at.is_mark_at(1, ")");
        if self.at.is("distinct") && is_followed {
            self.at.bump();
            call.distinct = true;
        } else if self.at.is("all") && is_followed {
            self.at.bump();
        }
        loop {
            self.argument(call)?;
            // `json_object('a' : 1, 'b' VALUE 2)`, `XMLTABLE('/a' PASSING doc ...)`
            let goes_on = self.at.eat_mark(",")
                || self.at.eat_mark(":")
                || self.at.eat("value")
                || self.at.eat("passing");
            if !goes_on {
                break;
            }
        }
        if self.at.is_all("order by") {
            call.order_by = self.order_by()?;
        }
        // SEPARATOR, RETURNING, NULL ON EMPTY, COLUMNS (...): of no use to an index.
        while self.at.peek(0).is_some_and(|t| t.kind == TokenKind::Word) {
            while !self.at.is_done() && !self.at.is_mark(")") && !self.at.is_mark(",") {
                self.at.skip_one();
            }
            if self.at.eat_mark(",") {
                self.argument(call)?;
            }
        }
        Ok(())
    }

    fn argument(&mut self, call: &mut Function) -> Result<()> {
        self.enter()?;
        if self.at.eat_mark("*") {
            call.star = true;
        } else if let Some(table) = self.whole_row()? {
            call.args.push(Expr::Name(table));
        } else if self.at.is_any(&["select", "with"]) {
            call.args.push(Expr::Subquery(self.query()?));
        } else {
            if self.at.is("variadic") {
                self.at.bump();
            }
            self.skip_argument_name();
            let unit = (call.args.is_empty() && takes_unit(&call.name)).then(|| self.unit());
            let arg = match unit.flatten() {
                Some(unit) => unit,
                None => self.expr()?,
            };
            call.args.push(arg);
        }
        self.leave();
        Ok(())
    }

    /// `name => ` in front of an argument; PostgreSQL also takes `name := `.
    fn skip_argument_name(&mut self) {
        let is_name = self
            .at
            .peek(0)
            .is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedName));
        if is_name && (self.at.is_mark_at(1, "=>") || self.at.is_mark_at(1, ":=")) {
            self.at.bump();
            self.at.bump();
        }
    }

    /// `DAY` in `TIMESTAMPDIFF(DAY, a, b)`: a word, not a column.
    fn unit(&mut self) -> Option<Expr> {
        if !self.at.is_mark_at(1, ",") || self.at.peek(0)?.kind != TokenKind::Word {
            return None;
        }
        let unit = self.at.word();
        self.at.bump();
        Some(Expr::Literal(Literal::Text(unit)))
    }

    /// `t.*`: the parts of the table's name.
    pub fn whole_row(&mut self) -> Result<Option<Vec<String>>> {
        let mut n = 0;
        let is_name = |n| {
            self.at
                .peek(n)
                .is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedName))
        };
        while is_name(n) && self.at.is_mark_at(n + 1, ".") {
            n += 2;
        }
        if n == 0 || !self.at.is_mark_at(n, "*") {
            return Ok(None);
        }
        let parts = self.name_parts()?;
        self.expect_mark(".")?;
        self.expect_mark("*")?;
        Ok(Some(parts))
    }
}

/// Functions of MySQL whose first argument is a unit of time.
fn takes_unit(name: &str) -> bool {
    matches!(name, "timestampdiff" | "timestampadd" | "get_format")
}
