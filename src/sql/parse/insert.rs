//! INSERT and REPLACE.

use super::from::default_alias;
use super::select::relation;
use super::{Parser, Result};
use crate::sql::expr::Expr;
use crate::sql::query::{Command, JoinTree, Query, RelationSource};

/// What is inserted: rows of a query, or so many VALUES.
type Rows = (Option<Box<Query>>, usize);

/// The columns whose conflict is handled, and what is set then.
type Conflict = (Option<Vec<Expr>>, Vec<(String, Expr)>);

impl Parser<'_> {
    /// Behind INSERT or REPLACE.
    pub fn insert(&mut self) -> Result<Box<Query>> {
        const MODIFIERS: [&str; 8] = [
            "low_priority",
            "delayed",
            "high_priority",
            "ignore",
            "into",
            "overwrite",
            "table",
            "only",
        ];
        if self.at.eat("or") {
            self.at.bump();
        }
        while self.at.is_any(&MODIFIERS) && !self.at.is_mark_at(1, "(") {
            self.at.bump();
        }
        let parts = self.name_parts()?;
        let source = RelationSource::Name(parts);
        if self.at.is("partition") {
            self.at.bump();
            self.at.expect_group()?;
        }
        let alias = if self.at.eat("as") { self.at.name()? } else { default_alias(&source) };
        let mut columns = self.insert_columns()?;
        if self.at.eat("overriding") {
            self.at.bump();
            self.expect("value")?;
        }
        let (rows, n_values) = if self.at.eat("set") {
            columns = self.assignments()?.into_iter().map(|(column, _)| column).collect();
            (None, 1)
        } else {
            self.inserted()?
        };
        if self.at.eat("as") {
            // MySQL's name for the new row.
            self.at.name()?;
            self.names_in_parens()?;
        }
        let (conflict, set) = self.conflicts()?;
        let targets = if self.at.eat("returning") { self.targets()? } else { Vec::new() };
        Ok(Box::new(Query {
            command: Command::Insert { columns, source: rows, n_values, conflict, set },
            relations: vec![relation(&alias, source)],
            from: vec![JoinTree::Relation(0)],
            targets,
            ..Query::default()
        }))
    }

    /// `(a, b.c, d[1])`: the last name of each. A parenthesis may also hold the query.
    fn insert_columns(&mut self) -> Result<Vec<String>> {
        if !self.at.is_mark("(") || self.is_query_in_parens() {
            return Ok(Vec::new());
        }
        if self.at.is_mark_at(1, ")") {
            self.at.group();
            return Ok(Vec::new());
        }
        self.in_parens(|parser| parser.list(Self::assigned_column))
    }

    /// The column that is assigned to, without subscripts.
    pub fn assigned_column(&mut self) -> Result<String> {
        let name = self.name_parts()?.pop().unwrap_or_default();
        while self.at.is_mark("[") {
            while !self.at.is_done() && !self.at.eat_mark("]") {
                self.at.skip_one();
            }
        }
        Ok(name)
    }

    /// VALUES, SELECT or DEFAULT VALUES. Values are read for their syntax only: an index is no help
    /// to what is written.
    fn inserted(&mut self) -> Result<Rows> {
        if self.at.eat_all("default values") {
            return Ok((None, 1));
        }
        if !self.at.is("values") && !self.at.is("value") {
            return Ok((Some(self.query()?), 0));
        }
        self.at.bump();
        let mut n_values = 0;
        loop {
            self.at.eat("row");
            self.expect_mark("(")?;
            while !self.at.is_done() && !self.at.is_mark(")") {
                self.expr()?;
                if !self.at.eat_mark(",") {
                    break;
                }
            }
            self.expect_mark(")")?;
            n_values += 1;
            if !self.at.eat_mark(",") {
                return Ok((None, n_values));
            }
        }
    }

    /// ON CONFLICT, once or several times, and ON DUPLICATE KEY UPDATE.
    fn conflicts(&mut self) -> Result<Conflict> {
        if self.at.eat_all("on duplicate key update") {
            return Ok((Some(Vec::new()), self.assignments()?));
        }
        let mut all: Conflict = (None, Vec::new());
        while self.at.eat_all("on conflict") {
            let mut target = Vec::new();
            if self.at.is_mark("(") {
                target = self.in_parens(|parser| parser.list(Self::conflict_column))?;
                if self.at.eat("where") {
                    self.expr()?;
                }
            } else if self.at.eat_all("on constraint") {
                self.at.name()?;
            }
            let set = self.conflict_action()?;
            // The first one decides, as only the last may be without a target.
            if all.0.is_none() {
                all = (Some(target), set);
            }
        }
        Ok(all)
    }

    /// A column or an expression, with the operator class that an index would have.
    fn conflict_column(&mut self) -> Result<Expr> {
        let expr = self.expr()?;
        while !self.at.is_done() && !self.at.is_mark(",") && !self.at.is_mark(")") {
            self.at.skip_one();
        }
        Ok(expr)
    }

    /// `DO NOTHING`, `DO UPDATE SET ... WHERE ...`
    fn conflict_action(&mut self) -> Result<Vec<(String, Expr)>> {
        self.expect("do")?;
        if self.at.eat("nothing") {
            return Ok(Vec::new());
        }
        self.expect("update")?;
        self.expect("set")?;
        let set = self.assignments()?;
        if self.at.eat("where") {
            self.expr()?;
        }
        Ok(set)
    }
}
