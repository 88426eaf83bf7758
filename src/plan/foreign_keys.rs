//! Foreign keys whose columns the query equates (`get_relation_foreign_keys` in `plancat.c`,
//! `match_foreign_keys_to_quals` in `initsplan.c`).

use std::rc::Rc;

use super::class::stripped;
use super::clause::Clause;
use super::relation::BaseKind;
use super::root::Root;
use crate::catalog::{ForeignKey, Table};
use crate::sql::expr::{ColumnRef, CompareOp, Expr};
use crate::sql::schema::KeyPart;

/// A foreign key between two relations of the query, all of its columns equated.
#[derive(Debug)]
pub struct ForeignKeyInfo {
    /// The referencing relation.
    pub referencing: usize,
    /// The referenced relation.
    pub referenced: usize,
    /// By column: the class that equates it.
    pub classes: Vec<Option<usize>>,
    /// By column: plain clauses that do, where no class does.
    pub clauses: Vec<Vec<Rc<Clause>>>,
    /// By column: the referenced side.
    pub referenced_exprs: Vec<Expr>,
    /// Join clauses that stand for it.
    pub n_expected: usize,
}

/// Fills in `Root::foreign_keys`.
pub fn match_foreign_keys(root: &mut Root<'_>) {
    let mut found = Vec::new();
    let n = root.query.relations.len();
    if n < 2 {
        return;
    }
    for referencing in 0..n {
        let Some(table) = table_of(root, referencing) else { continue };
        for key in &table.foreign_keys {
            let target = root.configuration.catalog.find_table(&key.references);
            for referenced in (0..n).filter(|other| *other != referencing) {
                let Some(other) = table_at(root, referenced).filter(|at| Some(*at) == target)
                else {
                    continue;
                };
                let Some(columns) = referenced_columns(root, other, key) else { continue };
                found.extend(match_key(root, key, referencing, referenced, &columns));
            }
        }
    }
    root.foreign_keys = found;
}

fn table_of<'a>(root: &Root<'a>, relation: usize) -> Option<&'a Table> {
    match root.base(relation)?.kind {
        BaseKind::Table(table, _) => Some(table),
        _ => None,
    }
}

fn table_at(root: &Root<'_>, relation: usize) -> Option<usize> {
    match root.base(relation)?.kind {
        BaseKind::Table(_, at) => Some(at),
        _ => None,
    }
}

/// Positions of the referenced columns; without names those of the primary key.
fn referenced_columns(root: &Root<'_>, table: usize, key: &ForeignKey) -> Option<Vec<usize>> {
    let table = root.configuration.catalog.tables.get(table)?;
    if key.referenced_columns.is_empty() {
        let primary = table.indexes.iter().find(|index| index.primary)?;
        let column = |part: &KeyPart| match part {
            KeyPart::Column(column) => Some(*column),
            KeyPart::Expr(..) => None,
        };
        return primary.keys.iter().map(|key| column(&key.part)).collect();
    }
    let position = |name: &String| table.columns.iter().position(|c| c.name == *name);
    key.referenced_columns.iter().map(position).collect()
}

fn column(relation: usize, column: usize) -> Expr {
    Expr::Column(ColumnRef {
        level: 0,
        relation: u16::try_from(relation).unwrap_or(u16::MAX),
        column: u16::try_from(column).unwrap_or(u16::MAX),
    })
}

fn match_key(
    root: &Root<'_>,
    key: &ForeignKey,
    referencing: usize,
    referenced: usize,
    columns: &[usize],
) -> Option<ForeignKeyInfo> {
    let mut info = ForeignKeyInfo {
        referencing,
        referenced,
        classes: Vec::new(),
        clauses: Vec::new(),
        referenced_exprs: Vec::new(),
        n_expected: 0,
    };
    for (mine, other) in key.columns.iter().zip(columns) {
        let (mine, other) = (column(referencing, *mine), column(referenced, *other));
        let class = root.classes.iter().position(|class| {
            let has = |expr: &Expr| class.members.iter().any(|m| *m.expr == *expr);
            class.merged_into.is_none() && has(&mine) && has(&other)
        });
        let clauses = match class {
            Some(_) => Vec::new(),
            None => equating_clauses(root, referencing, &mine, &other),
        };
        match class {
            Some(at) if root.classes.get(at).is_some_and(|class| class.has_const) => {}
            Some(_) => info.n_expected += 1,
            None if clauses.is_empty() => return None,
            None => info.n_expected += clauses.len(),
        }
        info.classes.push(class);
        info.clauses.push(clauses);
        info.referenced_exprs.push(other);
    }
    (!info.classes.is_empty()).then_some(info)
}

/// Join clauses outside of the classes that equate the two columns.
fn equating_clauses(
    root: &Root<'_>,
    referencing: usize,
    mine: &Expr,
    other: &Expr,
) -> Vec<Rc<Clause>> {
    let Some(rel) = root.rels.get(referencing) else { return Vec::new() };
    let equates = |clause: &&Rc<Clause>| {
        !clause.is_delayed
            && clause.compare.as_ref().is_some_and(|sides| {
                let (left, right) = (stripped(&sides.left), stripped(&sides.right));
                sides.op == CompareOp::Eq
                    && ((*left == *mine && *right == *other)
                        || (*left == *other && *right == *mine))
            })
    };
    rel.join_clauses.iter().filter(equates).cloned().collect()
}
