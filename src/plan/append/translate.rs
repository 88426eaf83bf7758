//! A parent's expressions over one of its children (`adjust_appendrel_attrs` in `appendinfo.c`).

use std::rc::Rc;

use crate::catalog::Table;
use crate::estimate::fold::fold_constants;
use crate::plan::class::Member;
use crate::plan::clause::{Clause, ClauseFacts, make_clause};
use crate::plan::root::Root;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::relids::{Relids, bit, overlaps};

/// What stands for a parent's columns in a child.
#[derive(Debug)]
pub struct Translation {
    /// The parent.
    pub parent: usize,
    /// The child.
    pub child: usize,
    /// By the parent's column: an expression over the child.
    pub exprs: Vec<Expr>,
}

/// The columns of a table, of the same names as those of the table above it; a column that is missing
/// keeps its place.
pub fn columns_by_name(above: &Table, child: usize, below: &Table) -> Vec<Expr> {
    let place = |(at, column): (usize, &crate::catalog::Column)| {
        let found = below.columns.iter().position(|own| own.name == column.name);
        column_of(child, found.unwrap_or(at))
    };
    above.columns.iter().enumerate().map(place).collect()
}

/// A column of a relation of the query.
pub fn column_of(relation: usize, column: usize) -> Expr {
    let small = |at: usize| u16::try_from(at).unwrap_or(ColumnRef::WHOLE_ROW);
    Expr::Column(ColumnRef { level: 0, relation: small(relation), column: small(column) })
}

impl Translation {
    /// Are there only columns?
    pub fn is_plain(&self) -> bool {
        self.exprs.iter().all(|expr| matches!(expr, Expr::Column(_)))
    }

    /// What stands for a column of the parent.
    pub fn expr_of(&self, column: u16) -> Option<&Expr> {
        self.exprs.get(usize::from(column))
    }

    /// The child's columns that a column of the parent is made of.
    pub fn columns(&self, column: u16) -> Vec<u16> {
        let made_of: Vec<ColumnRef> = match self.expr_of(column) {
            Some(expr) => expr.columns(),
            None if self.is_plain() => return vec![column],
            None => self.exprs.iter().flat_map(Expr::columns).collect(),
        };
        let own = made_of.iter().filter(|part| usize::from(part.relation) == self.child);
        own.map(|part| part.column).collect()
    }

    /// An expression over the child.
    pub fn expr(&self, expr: &Expr) -> Expr {
        let mut out = expr.clone();
        self.replace(&mut out);
        out
    }

    fn replace(&self, expr: &mut Expr) {
        if let Expr::Column(column) = expr
            && column.level == 0
            && usize::from(column.relation) == self.parent
        {
            match self.expr_of(column.column) {
                Some(own) => *expr = own.clone(),
                None => column.relation = u16::try_from(self.child).unwrap_or(u16::MAX),
            }
            return;
        }
        expr.for_each_child_mut(&mut |part| self.replace(part));
    }

    /// A set of relations with the child in place of the parent.
    pub fn relids(&self, set: Relids) -> Relids {
        match overlaps(set, bit(self.parent)) {
            true => (set & !bit(self.parent)) | bit(self.child),
            false => set,
        }
    }

    /// A clause over the child. Its selectivity is its own, also where a class makes the parent's redundant.
    pub fn clause(&self, root: &mut Root<'_>, clause: &Rc<Clause>) -> Rc<Clause> {
        let facts = ClauseFacts {
            is_pushed_down: clause.is_pushed_down,
            is_delayed: clause.is_delayed,
            is_pseudoconstant: clause.is_pseudoconstant,
            required: self.relids(clause.required),
            outer_relids: self.relids(clause.outer_relids),
            nullable: self.relids(clause.nullable),
        };
        let mut expr = self.expr(&clause.expr);
        if !self.is_plain() {
            fold_constants(&mut expr, &root.scope);
        }
        let made = make_clause(root, expr, facts);
        made.left_class.set(clause.left_class.get());
        made.right_class.set(clause.right_class.get());
        match Rc::try_unwrap(made) {
            Ok(made) => Rc::new(Clause { parent_class: clause.parent_class, ..made }),
            Err(shared) => shared,
        }
    }

    /// `add_child_rel_equivalences`: the child's members of the classes that the parent is in.
    pub fn classes(&self, root: &mut Root<'_>) {
        let own = bit(self.parent);
        for class in &mut root.classes {
            if class.merged_into.is_some() || class.has_volatile {
                continue;
            }
            let members = class.members.iter().filter(|member| member.relids == own);
            let added: Vec<Member> = members
                .map(|member| Member {
                    expr: Rc::new(self.expr(&member.expr)),
                    relids: bit(self.child),
                    nullable: self.relids(member.nullable),
                    is_const: false,
                    is_child: true,
                })
                .collect();
            class.members.extend(added);
        }
    }
}
