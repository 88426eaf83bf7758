//! SELECT, VALUES and TABLE, with what combines them: WITH, UNION, ORDER BY, LIMIT.

use super::words::is_column_alias;
use super::{Parser, Result};
use crate::dialect::Dialect;
use crate::sql::cursor::unquote;
use crate::sql::expr::{Expr, Literal};
use crate::sql::logic::conjuncts;
use crate::sql::query::{
    Cte, JoinTree, Query, Relation, RelationSource, SetKind, SetOperation, Target,
};
use crate::text::lex::TokenKind;

impl Parser<'_> {
    /// A query with its CTEs, ORDER BY and LIMIT, or a statement that writes behind its CTEs. Boxed as
    /// everywhere below: a query is large, and stands on the stack once for each level.
    pub fn query(&mut self) -> Result<Box<Query>> {
        self.enter()?;
        let ctes = if self.at.is("with") { self.with()? } else { Vec::new() };
        let mut out = match self.writing()? {
            Some(query) => query,
            None => {
                let body = self.set_operations(0)?;
                self.tail(body)?
            }
        };
        out.ctes.splice(0..0, ctes);
        self.leave();
        Ok(out)
    }

    /// `(SELECT ...)`
    pub fn query_in_parens(&mut self) -> Result<Box<Query>> {
        self.in_parens(Self::query)
    }

    /// `WITH [RECURSIVE] name [(columns)] AS (query), ...`
    fn with(&mut self) -> Result<Vec<Cte>> {
        self.at.bump();
        let recursive = self.at.eat("recursive");
        self.list(|parser| parser.cte(recursive))
    }

    fn cte(&mut self, recursive: bool) -> Result<Cte> {
        let name = self.at.name()?;
        let columns = self.names_in_parens()?;
        self.expect("as")?;
        let negated = self.at.eat("not");
        let materialized = self.at.eat("materialized").then_some(!negated);
        let query = *self.query_in_parens()?;
        // SEARCH DEPTH FIRST BY a SET b, CYCLE a SET b USING c
        while self.at.is_any(&["search", "cycle"]) {
            self.at.bump();
            while !self.at.is_done()
                && !self.at.is_mark(",")
                && !self.at.is_mark(")")
                && !self.at.is_any(&["search", "cycle", "select", "insert", "update", "delete"])
            {
                self.at.skip_one();
            }
        }
        Ok(Cte {
            recursive: recursive && mentions(&query, &name),
            name,
            columns,
            query,
            materialized,
        })
    }

    /// UNION and EXCEPT, and INTERSECT, which binds more tightly: level 1 and 2.
    fn set_operations(&mut self, above: u8) -> Result<Box<Query>> {
        let mut left = self.arm()?;
        loop {
            let (kind, level) = match self.at.word().as_str() {
                "union" => (SetKind::Union, 1),
                "except" | "minus" => (SetKind::Except, 1),
                "intersect" => (SetKind::Intersect, 2),
                _ => return Ok(left),
            };
            if level <= above {
                return Ok(left);
            }
            self.link()?;
            self.at.bump();
            let all = self.at.eat("all");
            self.at.eat("distinct");
            let right = self.set_operations(level)?;
            let set_operation = Some(SetOperation { kind, all, left, right });
            left = Box::new(Query { set_operation, ..Query::default() });
        }
    }

    /// What UNION combines.
    fn arm(&mut self) -> Result<Box<Query>> {
        if self.at.is_mark("(") {
            return self.query_in_parens();
        }
        if self.at.eat("select") {
            return self.select();
        }
        if self.at.eat("values") {
            let rows = self.rows()?;
            return Ok(all_of("values", RelationSource::Values(rows)));
        }
        if self.at.eat("table") {
            return self.table_as_query();
        }
        self.not_a_query()
    }

    /// `TABLE name`, and SQLite's `IN name`.
    pub fn table_as_query(&mut self) -> Result<Box<Query>> {
        let parts = self.name_parts()?;
        let alias = parts.last().cloned().unwrap_or_default();
        Ok(all_of(&alias, RelationSource::Name(parts)))
    }

    /// `(1, 2), (3, 4)` behind VALUES; MySQL writes `ROW(1, 2)`.
    fn rows(&mut self) -> Result<Vec<Vec<Expr>>> {
        self.list(|parser| {
            parser.at.eat("row");
            parser.in_parens(|parser| parser.list(Self::expr))
        })
    }

    /// Behind SELECT.
    fn select(&mut self) -> Result<Box<Query>> {
        let mut out = Box::<Query>::default();
        self.modifiers(&mut out)?;
        if !self.at.is_any(&["from", "into", "where", "union"]) && !self.ends_query() {
            out.targets = self.targets()?;
        }
        self.skip_into()?;
        if self.at.eat("from") {
            out.from = self.join_trees(&mut out.relations)?;
        }
        if self.at.eat("where") {
            out.conditions = self.condition()?;
        }
        if self.at.eat_all("group by") {
            self.group_by(&mut out)?;
        }
        if self.at.eat("having") {
            out.having = self.condition()?;
        }
        if self.at.eat("window") {
            out.windows = self.named_windows()?;
        }
        Ok(out)
    }

    fn ends_query(&self) -> bool {
        self.at.is_done() || self.at.is_mark(")") || self.at.is_mark(";")
    }

    /// DISTINCT, ALL, and the hints that MySQL takes in front of the select list.
    fn modifiers(&mut self, out: &mut Query) -> Result<()> {
        const HINTS: [&str; 8] = [
            "straight_join",
            "high_priority",
            "sql_small_result",
            "sql_big_result",
            "sql_buffer_result",
            "sql_no_cache",
            "sql_cache",
            "sql_calc_found_rows",
        ];
        loop {
            if self.at.eat_all("distinct on") {
                out.distinct = Some(self.in_parens(|parser| parser.list(Self::expr))?);
            } else if self.at.eat("distinct") || self.at.eat("distinctrow") {
                out.distinct = Some(Vec::new());
            } else if self.at.is("all") || (self.is_mysql() && self.at.is_any(&HINTS)) {
                self.at.bump();
            } else {
                return Ok(());
            }
        }
    }

    /// A condition as a conjunction.
    pub fn condition(&mut self) -> Result<Vec<Expr>> {
        self.expr().map(conjuncts)
    }

    /// The select list, and what RETURNING returns.
    pub fn targets(&mut self) -> Result<Vec<Target>> {
        self.list(Self::target)
    }

    fn target(&mut self) -> Result<Target> {
        self.nodes += 1;
        if self.at.eat_mark("*") {
            return Ok(Target::Star(None));
        }
        if let Some(mut table) = self.whole_row()? {
            return Ok(Target::Star(table.pop()));
        }
        let expr = self.expr()?;
        Ok(Target::Expr(expr, self.column_alias()?))
    }

    /// `AS name`, or a name alone. All but PostgreSQL also take a string for it, and behind AS it can
    /// be nothing else.
    fn column_alias(&mut self) -> Result<Option<String>> {
        let written = self.at.eat("as");
        let text = self.at.peek(0).filter(|token| written && token.kind == TokenKind::Text);
        if let Some(text) = text {
            self.at.bump();
            return Ok(Some(unquote(text.text(self.at.text))));
        }
        if written {
            return self.at.name().map(Some);
        }
        let Some(token) = self.at.peek(0) else { return Ok(None) };
        let is_alias = match token.kind {
            TokenKind::Word => is_column_alias(&self.at.word()),
            TokenKind::QuotedName => true,
            TokenKind::Text => self.at.dialect != Dialect::Postgres,
            _ => false,
        };
        if is_alias { self.at.name().map(Some) } else { Ok(None) }
    }

    /// `INTO [TEMP] [TABLE] name`, `INTO @a, @b`, `INTO OUTFILE 'file'`: where the rows go.
    fn skip_into(&mut self) -> Result<()> {
        const ENDS: [&str; 8] =
            ["from", "where", "group", "order", "limit", "union", "for", "having"];
        if self.at.eat("into") {
            while !self.ends_query() && !self.at.is_any(&ENDS) {
                self.at.skip_one();
            }
        }
        Ok(())
    }

    /// ORDER BY, LIMIT, OFFSET, FETCH and FOR UPDATE, in any order.
    fn tail(&mut self, body: Box<Query>) -> Result<Box<Query>> {
        let has_tail = self.at.is_any(&["order", "limit", "offset", "fetch"]);
        // A second ORDER BY or LIMIT needs a place of its own.
        let is_bounded = body.limit.is_some() || body.offset.is_some();
        let mut out = if has_tail && is_bounded {
            all_of("subquery", RelationSource::Subquery(body))
        } else {
            body
        };
        loop {
            if self.at.is_all("order by") {
                out.order_by = self.order_by()?;
            } else if self.at.eat("limit") {
                self.limit(&mut out)?;
            } else if self.at.eat("offset") {
                out.offset = Some(self.expr()?);
                let _ = self.at.eat("row") || self.at.eat("rows");
            } else if self.at.eat("fetch") {
                out.limit = Some(self.fetch()?);
            } else if self.at.eat("for") || self.at.eat_all("lock in share mode") {
                self.skip_lock()?;
                out.for_update = true;
            } else if self.at.is("into") {
                self.skip_into()?;
            } else {
                return Ok(out);
            }
        }
    }

    /// `n`, `ALL`, or `offset, n` behind LIMIT.
    pub fn limit(&mut self, out: &mut Query) -> Result<()> {
        if self.at.eat("all") {
            return Ok(());
        }
        let first = self.expr()?;
        if self.at.eat_mark(",") {
            out.offset = Some(first);
            out.limit = Some(self.expr()?);
        } else {
            out.limit = Some(first);
        }
        Ok(())
    }

    /// `FIRST n ROWS ONLY` behind FETCH; without a number it is one row.
    fn fetch(&mut self) -> Result<Expr> {
        let _ = self.at.eat("first") || self.at.eat("next");
        let quantity = if self.at.is_any(&["row", "rows"]) {
            Expr::Literal(Literal::Number("1".to_owned()))
        } else {
            self.primary()?
        };
        self.at.eat("percent");
        let _ = self.at.eat("row") || self.at.eat("rows");
        let _ = self.at.eat("only") || self.at.eat_all("with ties");
        Ok(quantity)
    }

    /// `UPDATE`, `NO KEY UPDATE`, `SHARE`, `KEY SHARE`, then `OF t, u`, `NOWAIT`, `SKIP LOCKED`,
    /// `WAIT n`: behind FOR, or nothing.
    fn skip_lock(&mut self) -> Result<()> {
        const KINDS: [&str; 6] =
            ["no key update", "key share", "update", "share", "read only", "system"];
        let _ = KINDS.iter().any(|kind| self.at.eat_all(kind));
        if self.at.eat("of") {
            self.list(Self::name_parts)?;
        }
        if !(self.at.eat("nowait") || self.at.eat_all("skip locked")) && self.at.eat("wait") {
            self.at.bump();
        }
        Ok(())
    }
}

/// All of one relation.
fn all_of(alias: &str, source: RelationSource) -> Box<Query> {
    Box::new(Query {
        relations: vec![relation(alias, source)],
        from: vec![JoinTree::Relation(0)],
        targets: vec![Target::Star(None)],
        ..Query::default()
    })
}

/// An entry of FROM with nothing said of it.
pub fn relation(alias: &str, source: RelationSource) -> Relation {
    Relation {
        alias: alias.to_owned(),
        column_aliases: Vec::new(),
        source,
        lateral: false,
        only: false,
    }
}

/// Does an arm of this query read from `name`?
fn mentions(query: &Query, name: &str) -> bool {
    let here = query.relations.iter().any(|relation| match &relation.source {
        RelationSource::Name(parts) => parts.len() == 1 && parts.iter().any(|part| part == name),
        RelationSource::Subquery(inner) => mentions(inner, name),
        _ => false,
    });
    here || query
        .set_operation
        .as_ref()
        .is_some_and(|set| mentions(&set.left, name) || mentions(&set.right, name))
}
