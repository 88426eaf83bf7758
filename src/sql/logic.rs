//! Expressions made of others: AND, OR, NOT, and calls.

use super::expr::{Expr, Function};

/// The conjuncts of a condition.
pub fn conjuncts(expr: Expr) -> Vec<Expr> {
    match expr {
        Expr::And(parts) => parts,
        other => vec![other],
    }
}

/// `AND` of several conditions, flattened; a single one stays itself.
pub fn and_all(parts: Vec<Expr>) -> Expr {
    flatten(parts, true)
}

/// `OR` of several conditions, flattened; a single one stays itself.
pub fn or_all(parts: Vec<Expr>) -> Expr {
    flatten(parts, false)
}

fn flatten(parts: Vec<Expr>, and: bool) -> Expr {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::And(mut inner) if and => flat.append(&mut inner),
            Expr::Or(mut inner) if !and => flat.append(&mut inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        1 => flat.remove(0),
        _ if and => Expr::And(flat),
        _ => Expr::Or(flat),
    }
}

/// `left AND right`, or `left OR right`. What is already a chain grows in place: a long one would
/// otherwise be copied at every link.
pub fn and_or(left: Expr, right: Expr, and: bool) -> Expr {
    let (mut parts, right) = match (left, right) {
        (Expr::And(parts), right) if and => (parts, right),
        (Expr::Or(parts), right) if !and => (parts, right),
        (left, right) => (vec![left], right),
    };
    match right {
        Expr::And(mut more) if and => parts.append(&mut more),
        Expr::Or(mut more) if !and => parts.append(&mut more),
        other => parts.push(other),
    }
    if and { Expr::And(parts) } else { Expr::Or(parts) }
}

/// `NOT expr`, pushed into comparisons and lists.
pub fn negate(expr: Expr) -> Expr {
    match expr {
        Expr::Not(inner) => *inner,
        Expr::Compare(op, left, right) => Expr::Compare(op.negated(), left, right),
        Expr::IsNull { expr, negated } => Expr::IsNull { expr, negated: !negated },
        Expr::IsTruth { expr, truth, negated } => Expr::IsTruth { expr, truth, negated: !negated },
        Expr::InList { expr, list, negated } => Expr::InList { expr, list, negated: !negated },
        Expr::Like { kind, expr, pattern, negated } => {
            Expr::Like { kind, expr, pattern, negated: !negated }
        }
        Expr::Exists { query, negated } => Expr::Exists { query, negated: !negated },
        Expr::AnyAllSubquery { op, left, query, all } => {
            Expr::AnyAllSubquery { op: op.negated(), left, query, all: !all }
        }
        Expr::AnyAll { op, left, right, all } => {
            Expr::AnyAll { op: op.negated(), left, right, all: !all }
        }
        Expr::And(parts) => or_all(parts.into_iter().map(negate).collect()),
        Expr::Or(parts) => and_all(parts.into_iter().map(negate).collect()),
        other => Expr::Not(Box::new(other)),
    }
}

/// A call of a named function, for syntax that is one in disguise.
pub fn call(name: &str, args: Vec<Expr>) -> Expr {
    Expr::Function(Box::new(Function { name: name.to_owned(), args, ..Function::default() }))
}
