//! Equalities that follow from others: with `a = b` and `b = c` also `a = c`; with `a = b` and
//! `b = 5` also `a = 5`. The idea is PostgreSQL's equivalence classes (`equivclass.c`).

use crate::sql::expr::{ColumnRef, CompareOp, Expr};

/// One class: columns known to be equal, and constants they equal.
#[derive(Default)]
struct Class {
    columns: Vec<ColumnRef>,
    constants: Vec<Expr>,
}

/// Equalities between columns, or of a column with a constant, that `conditions` imply but do not
/// state. A column of an outer query counts as a constant.
pub fn implied_equalities(conditions: &[&Expr]) -> Vec<Expr> {
    let mut classes: Vec<Class> = Vec::new();
    let mut stated: Vec<(ColumnRef, Expr)> = Vec::new();
    for condition in conditions {
        let Expr::Compare(CompareOp::Eq, left, right) = condition else { continue };
        for (side, other) in [(left, right), (right, left)] {
            if let Some(column) = own_column(side) {
                stated.push((column, (**other).clone()));
            }
        }
        match (own_column(left), own_column(right)) {
            (Some(a), Some(b)) => merge(&mut classes, a, b),
            (Some(column), None) => add_constant(&mut classes, column, right),
            (None, Some(column)) => add_constant(&mut classes, column, left),
            (None, None) => {}
        }
    }
    let mut implied = Vec::new();
    for class in &classes {
        for (at, column) in class.columns.iter().enumerate() {
            let others = class.columns.iter().skip(at + 1).map(|other| Expr::Column(*other));
            for value in others.chain(class.constants.iter().cloned()) {
                if !stated.iter().any(|(known, with)| known == column && *with == value) {
                    let sides = (Box::new(Expr::Column(*column)), Box::new(value));
                    implied.push(Expr::Compare(CompareOp::Eq, sides.0, sides.1));
                }
            }
        }
    }
    implied
}

fn own_column(expr: &Expr) -> Option<ColumnRef> {
    match expr {
        Expr::Column(column) if column.level == 0 => Some(*column),
        _ => None,
    }
}

fn class_of(classes: &mut Vec<Class>, column: ColumnRef) -> usize {
    if let Some(at) = classes.iter().position(|class| class.columns.contains(&column)) {
        return at;
    }
    classes.push(Class { columns: vec![column], constants: Vec::new() });
    classes.len() - 1
}

fn merge(classes: &mut Vec<Class>, a: ColumnRef, b: ColumnRef) {
    let (a, b) = (class_of(classes, a), class_of(classes, b));
    if a == b {
        return;
    }
    let (keep, gone) = (a.min(b), a.max(b));
    let gone = classes.swap_remove(gone);
    if let Some(class) = classes.get_mut(keep) {
        class.columns.extend(gone.columns);
        class.constants.extend(gone.constants);
    }
}

fn add_constant(classes: &mut Vec<Class>, column: ColumnRef, value: &Expr) {
    if !value.is_constant_here() {
        return;
    }
    let at = class_of(classes, column);
    if let Some(class) = classes.get_mut(at)
        && !class.constants.contains(value)
    {
        class.constants.push(value.clone());
    }
}
