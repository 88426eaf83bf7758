//! FROM: its relations and how they are joined.

use super::select::relation;
use super::words::is_table_alias;
use super::{Parser, Result};
use crate::dialect::Dialect;
use crate::sql::expr::Expr;
use crate::sql::logic::call;
use crate::sql::query::{JoinKind, JoinTree, Query, Relation, RelationSource};
use crate::text::lex::TokenKind;

impl Parser<'_> {
    /// Trees of joins, separated by commas; their relations go to `out`.
    pub fn join_trees(&mut self, out: &mut Vec<Relation>) -> Result<Vec<JoinTree>> {
        let mut trees = vec![self.join_tree(out)?];
        while self.at.eat_mark(",") {
            self.link()?;
            trees.push(self.join_tree(out)?);
        }
        Ok(trees)
    }

    fn join_tree(&mut self, out: &mut Vec<Relation>) -> Result<JoinTree> {
        self.enter()?;
        let first = self.factor(out)?;
        let tree = self.joins(first, out)?;
        self.leave();
        Ok(tree)
    }

    /// The joins that follow `left`.
    fn joins(&mut self, mut left: JoinTree, out: &mut Vec<Relation>) -> Result<JoinTree> {
        while let Some((natural, kind, takes_condition)) = self.join_kind()? {
            self.link()?;
            let mut right = self.factor(out)?;
            // `a JOIN b JOIN c ON x ON y` is `a JOIN (b JOIN c ON x) ON y` where every join has a
            // condition, as it must in PostgreSQL.
            let strict = self.at.dialect == Dialect::Postgres && takes_condition;
            if strict && !self.at.is_any(&["on", "using"]) {
                self.enter()?;
                right = self.joins(right, out)?;
                self.leave();
            }
            let (mut on, mut using) = (Vec::new(), Vec::new());
            // Behind INSERT ... SELECT, ON may begin what happens on a conflict.
            let is_conflict = self.at.is_all("on conflict") || self.at.is_all("on duplicate key");
            if !is_conflict && self.at.eat("on") {
                on = self.condition()?;
            } else if self.at.is("using") && self.at.is_mark_at(1, "(") {
                self.at.bump();
                using = self.names_in_parens()?;
                // The alias of the columns that both sides have.
                if self.at.eat("as") {
                    self.at.name()?;
                }
            }
            let (left_side, right_side) = (Box::new(left), Box::new(right));
            left = JoinTree::Join { kind, left: left_side, right: right_side, on, using, natural };
        }
        Ok(left)
    }

    /// Skips the words of a join: is it NATURAL, which kind, and must a condition follow?
    fn join_kind(&mut self) -> Result<Option<(bool, JoinKind, bool)>> {
        if self.at.eat("straight_join") {
            return Ok(Some((false, JoinKind::Inner, true)));
        }
        let natural = self.at.eat("natural");
        let mut takes_condition = !natural;
        let kind = if self.at.eat("left") {
            JoinKind::Left
        } else if self.at.eat("right") {
            JoinKind::Right
        } else if self.at.eat("full") {
            JoinKind::Full
        } else if self.at.eat("cross") {
            takes_condition = false;
            JoinKind::Inner
        } else if self.at.eat("inner") || self.at.is("join") || natural {
            JoinKind::Inner
        } else {
            return Ok(None);
        };
        self.at.eat("outer");
        self.expect("join")?;
        Ok(Some((natural, kind, takes_condition)))
    }

    /// A relation, or joins in a parenthesis.
    fn factor(&mut self, out: &mut Vec<Relation>) -> Result<JoinTree> {
        let lateral = self.at.eat("lateral");
        let only = self.at.is("only") && !self.at.is_mark_at(1, ".") && self.is_name_at(1);
        if only {
            self.at.bump();
        }
        // VALUES is no function here.
        let are_values = self.at.is_mark("(") && self.at.is_at(1, "values");
        if are_values || self.is_query_in_parens() {
            let source = plain_values(self.query_in_parens()?);
            return self.add(source, lateral, only, out);
        }
        if self.at.is_mark("(") {
            return if only { self.only_in_parens(out) } else { self.nested(out) };
        }
        if self.at.eat_all("rows from") {
            let source = RelationSource::Function(self.in_parens(|parser| {
                parser.list(Self::function).map(|mut all| all.swap_remove(0))
            })?);
            return self.add(source, true, false, out);
        }
        let parts = match self.at.peek(0).map(|token| token.kind) {
            Some(TokenKind::Word) if !is_table_alias(&self.at.word()) => {
                return Err(self.at.unread("a table"));
            }
            Some(TokenKind::Word | TokenKind::QuotedName | TokenKind::Text) => self.name_parts()?,
            _ => return Err(self.at.unread("a table")),
        };
        if self.at.is_mark("(") {
            let source = RelationSource::Function(self.function_behind(&parts)?);
            return self.add(source, true, only, out);
        }
        if self.at.dialect == Dialect::Postgres {
            self.at.eat_mark("*");
        }
        self.add(RelationSource::Name(parts), lateral, only, out)
    }

    fn is_name_at(&self, n: usize) -> bool {
        self.at.is_mark_at(n, "(")
            || self.at.peek(n).is_some_and(|token| match token.kind {
                TokenKind::Word => is_table_alias(&token.text(self.at.text).to_ascii_lowercase()),
                TokenKind::QuotedName => true,
                _ => false,
            })
    }

    /// `ONLY (name)`
    fn only_in_parens(&mut self, out: &mut Vec<Relation>) -> Result<JoinTree> {
        let parts = self.in_parens(Self::name_parts)?;
        self.add(RelationSource::Name(parts), false, true, out)
    }

    /// `(a JOIN b ON ...)`; MySQL also takes `(a, b)`.
    fn nested(&mut self, out: &mut Vec<Relation>) -> Result<JoinTree> {
        self.expect_mark("(")?;
        let mut tree = self.join_tree(out)?;
        while self.at.eat_mark(",") {
            self.link()?;
            let right = Box::new(self.join_tree(out)?);
            tree = JoinTree::Join {
                kind: JoinKind::Inner,
                left: Box::new(tree),
                right,
                on: Vec::new(),
                using: Vec::new(),
                natural: false,
            };
        }
        self.expect_mark(")")?;
        self.alias()?;
        Ok(tree)
    }

    /// A function of several that are read side by side: `f(...) [AS (column type, ...)]`.
    fn function(&mut self) -> Result<Expr> {
        let parts = self.name_parts()?;
        let function = self.function_behind(&parts)?;
        if self.at.eat("as") {
            self.column_aliases()?;
        }
        Ok(function)
    }

    /// The call of a function whose name was read.
    fn function_behind(&mut self, parts: &[String]) -> Result<Expr> {
        let Expr::Function(mut function) = self.call(parts)? else {
            return Err(self.at.unread("a function"));
        };
        // The path of JSON_TABLE is no input.
        if function.name == "json_table" {
            function.args.truncate(1);
        }
        self.at.eat_all("with ordinality");
        Ok(call(&function.name, function.args))
    }

    /// Adds a relation with its alias, and what stands around that.
    fn add(
        &mut self,
        source: RelationSource,
        lateral: bool,
        only: bool,
        out: &mut Vec<Relation>,
    ) -> Result<JoinTree> {
        self.nodes += 1;
        self.skip_table_options()?;
        let alias = self.alias()?;
        self.skip_table_options()?;
        let (name, column_aliases) = match alias {
            Some((Some(name), columns)) => (name, columns),
            Some((None, columns)) => (default_alias(&source), columns),
            None => (default_alias(&source), Vec::new()),
        };
        out.push(Relation { lateral, only, column_aliases, ..relation(&name, source) });
        Ok(JoinTree::Relation(out.len() - 1))
    }

    /// `[AS] name [(columns)]`; of a function also `AS (column type, ...)`.
    fn alias(&mut self) -> Result<Option<(Option<String>, Vec<String>)>> {
        let written = self.at.eat("as");
        if written && self.at.is_mark("(") {
            return Ok(Some((None, self.column_aliases()?)));
        }
        let Some(token) = self.at.peek(0) else { return Ok(None) };
        let is_alias = match token.kind {
            TokenKind::Word => written || self.is_implicit_alias(),
            TokenKind::QuotedName => true,
            TokenKind::Text => self.at.dialect != Dialect::Postgres,
            _ => false,
        };
        if !is_alias {
            return if written { Err(self.at.unread("an alias")) } else { Ok(None) };
        }
        let name = self.at.name()?;
        Ok(Some((Some(name), self.column_aliases()?)))
    }

    /// Words that begin an option are names where nothing follows that the option needs.
    fn is_implicit_alias(&self) -> bool {
        let word = self.at.word();
        match word.as_str() {
            "use" | "force" | "ignore" => !self.at.is_at(1, "index") && !self.at.is_at(1, "key"),
            "partition" => !self.at.is_mark_at(1, "("),
            "indexed" => !self.at.is_at(1, "by"),
            "lock" => !self.at.is_at(1, "in"),
            _ => is_table_alias(&word),
        }
    }

    /// `(a, b)`, `(a integer, b text)`, or nothing.
    fn column_aliases(&mut self) -> Result<Vec<String>> {
        if !self.at.is_mark("(") {
            return Ok(Vec::new());
        }
        self.in_parens(|parser| {
            parser.list(|parser| {
                let name = parser.at.name()?;
                if !parser.at.is_mark(",") && !parser.at.is_mark(")") {
                    parser.type_name()?;
                }
                Ok(name)
            })
        })
    }

    /// Partitions, hints on indexes, samples: what may stand around the alias of a table.
    fn skip_table_options(&mut self) -> Result<()> {
        loop {
            if self.at.is("partition") && self.at.is_mark_at(1, "(") {
                self.at.bump();
                self.at.group();
            } else if self.at.is_any(&["use", "force", "ignore"])
                && (self.at.is_at(1, "index") || self.at.is_at(1, "key"))
            {
                self.at.bump();
                self.at.bump();
                if self.at.eat("for") {
                    while self.at.is_any(&["join", "order", "group", "by"]) {
                        self.at.bump();
                    }
                }
                self.at.expect_group()?;
                // `USE INDEX (a) IGNORE INDEX (b)` may be separated by commas.
                if self.at.is_mark(",") && self.at.is_any_at(1, &["use", "force", "ignore"]) {
                    self.at.bump();
                }
            } else if self.at.eat_all("indexed by") {
                self.at.name()?;
            } else if self.at.eat("tablesample") {
                self.name_parts()?;
                self.at.expect_group()?;
                if self.at.eat("repeatable") {
                    self.at.expect_group()?;
                }
            } else if self.at.eat_all("for system_time") {
                self.system_time()?;
            } else if !self.at.eat_all("not indexed") {
                return Ok(());
            }
        }
    }

    /// MariaDB's `AS OF x`, `BETWEEN x AND y`, `FROM x TO y`, `ALL`.
    fn system_time(&mut self) -> Result<()> {
        if self.at.eat("all") {
            return Ok(());
        }
        self.at.eat_all("as of");
        self.at.eat("between");
        self.at.eat("from");
        self.above(super::operators::Level::Match)?;
        if self.at.eat("and") || self.at.eat("to") {
            self.above(super::operators::Level::Match)?;
        }
        Ok(())
    }
}

/// VALUES in a parenthesis need no block of their own.
fn plain_values(mut query: Box<Query>) -> RelationSource {
    if query.limit.is_none()
        && let [Relation { source: values @ RelationSource::Values(_), .. }] =
            query.relations.as_mut_slice()
    {
        return std::mem::replace(values, RelationSource::Values(Vec::new()));
    }
    RelationSource::Subquery(query)
}

/// The name of a relation without an alias.
pub fn default_alias(source: &RelationSource) -> String {
    match source {
        RelationSource::Name(parts) => parts.last().cloned().unwrap_or_default(),
        RelationSource::Function(Expr::Function(function)) => function.name.clone(),
        _ => "subquery".to_owned(),
    }
}
