//! UPDATE and DELETE.

use super::{Parser, Result};
use crate::sql::expr::Expr;
use crate::sql::query::{Command, JoinTree, Query, Relation};

const MODIFIERS: [&str; 3] = ["low_priority", "quick", "ignore"];

impl Parser<'_> {
    /// Behind UPDATE.
    pub fn update(&mut self) -> Result<Box<Query>> {
        if self.at.eat("or") {
            self.at.bump();
        }
        self.skip_modifiers();
        let mut out = Box::<Query>::default();
        out.from = self.join_trees(&mut out.relations)?;
        self.expect("set")?;
        if self.is_mysql() && self.at.is_mark_at(1, ".") {
            // Of several tables the one is written whose column is set.
            let target = { self.at }.name()?;
            move_to_front(&mut out, &target);
        }
        out.command = Command::Update { set: self.assignments()? };
        if self.at.eat("from") {
            let more = self.join_trees(&mut out.relations)?;
            out.from.extend(more);
        }
        self.write_tail(&mut out)?;
        Ok(out)
    }

    /// Behind DELETE. MySQL names what it deletes from in front of FROM, or of USING; the others read
    /// more tables behind USING.
    pub fn delete(&mut self) -> Result<Box<Query>> {
        self.skip_modifiers();
        let mut out = Box::new(Query { command: Command::Delete, ..Query::default() });
        let mut target = None;
        if !self.at.eat("from") {
            target = self.list(Self::deleted_from)?.swap_remove(0);
            self.expect("from")?;
        }
        out.from = self.join_trees(&mut out.relations)?;
        if self.at.eat("using") {
            if self.is_mysql() {
                target = out.relations.first().map(|relation| relation.alias.clone());
                (out.relations, out.from) = (Vec::new(), Vec::new());
            }
            let more = self.join_trees(&mut out.relations)?;
            out.from.extend(more);
        }
        if let Some(target) = target {
            move_to_front(&mut out, &target);
        }
        self.write_tail(&mut out)?;
        Ok(out)
    }

    fn skip_modifiers(&mut self) {
        while self.at.is_any(&MODIFIERS) {
            self.at.bump();
        }
    }

    /// `t` or `t.*`
    fn deleted_from(&mut self) -> Result<Option<String>> {
        if let Some(mut parts) = self.whole_row()? {
            return Ok(parts.pop());
        }
        Ok(self.name_parts()?.pop())
    }

    /// WHERE, ORDER BY, LIMIT and RETURNING of a statement that writes.
    fn write_tail(&mut self, out: &mut Query) -> Result<()> {
        if self.at.eat_all("where current of") {
            self.at.name()?;
        } else if self.at.eat("where") {
            out.conditions = self.condition()?;
        }
        for _ in 0..2 {
            // SQLite has RETURNING in front of ORDER BY.
            if self.at.eat("returning") {
                out.targets = self.targets()?;
            }
            if self.at.is_all("order by") {
                out.order_by = self.order_by()?;
            }
            if self.at.eat("limit") {
                self.limit(out)?;
            }
            if self.at.eat("offset") {
                out.offset = Some(self.expr()?);
            }
        }
        Ok(())
    }

    /// `a = 1, (b, c) = (2, 3)`, each column with its value.
    pub fn assignments(&mut self) -> Result<Vec<(String, Expr)>> {
        let mut set = Vec::new();
        loop {
            if self.at.is_mark("(") {
                let columns = self.in_parens(|parser| parser.list(Self::assigned_column))?;
                self.several(columns, &mut set)?;
            } else {
                let column = self.assigned_column()?;
                self.assigns()?;
                set.push((column, self.expr()?));
            }
            if !self.at.eat_mark(",") {
                return Ok(set);
            }
        }
    }

    fn assigns(&mut self) -> Result<()> {
        if self.at.eat_mark(":=") { Ok(()) } else { self.expect_mark("=") }
    }

    /// What several columns are set to: one each of a row, or all from one subquery.
    fn several(&mut self, columns: Vec<String>, set: &mut Vec<(String, Expr)>) -> Result<()> {
        self.assigns()?;
        let before = self.nodes;
        match self.expr()? {
            Expr::Row(values) if values.len() == columns.len() => {
                set.extend(columns.into_iter().zip(values));
            }
            value => {
                self.copy((self.nodes - before) * columns.len())?;
                set.extend(columns.into_iter().map(|column| (column, value.clone())));
            }
        }
        Ok(())
    }
}

/// Makes the relation of this name the first one, which is the one that is written.
fn move_to_front(out: &mut Query, name: &str) {
    let same = |relation: &Relation| relation.alias.eq_ignore_ascii_case(name);
    let Some(at) = out.relations.iter().position(same).filter(|at| *at > 0) else { return };
    out.relations.swap(0, at);
    out.from.iter_mut().for_each(|tree| exchange(tree, at));
}

/// Exchanges the first relation with another one in a tree of joins.
fn exchange(tree: &mut JoinTree, with: usize) {
    match tree {
        JoinTree::Relation(at) if *at == with => *at = 0,
        JoinTree::Relation(at) if *at == 0 => *at = with,
        JoinTree::Relation(_) => {}
        JoinTree::Join { left, right, .. } => {
            exchange(left, with);
            exchange(right, with);
        }
    }
}
