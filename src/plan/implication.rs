//! Does the query's WHERE imply the predicate of a partial index? After PostgreSQL's `predtest.c`:
//! atoms are compared structurally, by value where both sides are constants of one kind, and
//! `IS NOT NULL` follows from any strict comparison. An unknown `$1` implies nothing.

use std::cmp::Ordering;

use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::schema::is_text_type;

/// Do the conjuncts together imply `predicate`? Columns must be those of the same relation position.
pub fn implies(conjuncts: &[&Expr], predicate: &Expr) -> bool {
    match predicate {
        Expr::And(parts) => parts.iter().all(|part| implies(conjuncts, part)),
        Expr::Or(arms) => {
            arms.iter().any(|arm| implies(conjuncts, arm))
                || conjuncts.iter().any(|conjunct| clause_implies(conjunct, predicate))
        }
        atom => conjuncts.iter().any(|conjunct| clause_implies(conjunct, atom)),
    }
}

/// Does one clause imply a predicate?
fn clause_implies(clause: &Expr, predicate: &Expr) -> bool {
    if same_condition(clause, predicate) {
        return true;
    }
    match (clause, predicate) {
        (Expr::And(parts), _) => implies(&parts.iter().collect::<Vec<_>>(), predicate),
        (Expr::Or(arms), _) => arms.iter().all(|arm| clause_implies(arm, predicate)),
        (_, Expr::And(parts)) => parts.iter().all(|part| clause_implies(clause, part)),
        (_, Expr::Or(arms)) => arms.iter().any(|arm| clause_implies(clause, arm)),
        (_, Expr::IsNull { expr, negated: true }) => is_strict_on(clause, strip(expr)),
        (Expr::InList { expr, list, negated: false }, _) => list.iter().all(|value| {
            let one = Expr::Compare(CompareOp::Eq, expr.clone(), Box::new(value.clone()));
            clause_implies(&one, predicate)
        }),
        (Expr::Compare(op, left, right), Expr::InList { expr, list, negated: false }) => {
            *op == CompareOp::Eq
                && same(left, expr)
                && list.iter().any(|value| compare(right, value) == Some(Ordering::Equal))
        }
        (Expr::Compare(op, left, right), Expr::InList { expr, list, negated: true }) => {
            same(left, expr)
                && list.iter().all(|value| compare_implies(*op, right, CompareOp::Ne, value))
        }
        (Expr::Compare(a, left, value), Expr::Compare(b, other, bound)) => {
            same(left, other) && compare_implies(*a, value, *b, bound)
        }
        _ => false,
    }
}

/// Equal conditions, booleans in any spelling: `x`, `x = true`, `x IS TRUE`; `NOT x`, `x = false`.
fn same_condition(a: &Expr, b: &Expr) -> bool {
    match (truth_of(a), truth_of(b)) {
        (Some((x, truth)), Some((y, other))) => truth == other && same(x, y),
        _ => same(a, b),
    }
}

/// The operand and value of a boolean test.
fn truth_of(expr: &Expr) -> Option<(&Expr, bool)> {
    match expr {
        Expr::Column(_) => Some((expr, true)),
        Expr::Not(inner) if matches!(**inner, Expr::Column(_)) => Some((inner, false)),
        Expr::IsTruth { expr, truth: Some(truth), negated: false } => Some((expr, *truth)),
        Expr::Compare(op @ (CompareOp::Eq | CompareOp::Ne), left, right) => match **right {
            Expr::Literal(Literal::Bool(value)) => Some((left, value == (*op == CompareOp::Eq))),
            _ => None,
        },
        _ => None,
    }
}

/// Equal expressions but for casts that change no value.
pub fn same(a: &Expr, b: &Expr) -> bool {
    let (a, b) = (strip(a), strip(b));
    if a == b {
        return true;
    }
    match (a, b) {
        (Expr::Literal(x), Expr::Literal(y)) => literal_text(x) == literal_text(y),
        (Expr::Compare(op, a1, a2), Expr::Compare(other, b1, b2)) => {
            (op == other && same(a1, b1) && same(a2, b2))
                || (op.commuted() == *other && same(a1, b2) && same(a2, b1))
        }
        (Expr::IsNull { expr: x, negated: n }, Expr::IsNull { expr: y, negated: m }) => {
            n == m && same(x, y)
        }
        (Expr::Function(x), Expr::Function(y)) => {
            x.name == y.name
                && x.args.len() == y.args.len()
                && x.args.iter().zip(&y.args).all(|(p, q)| same(p, q))
        }
        (
            Expr::Operator { op, left: Some(a1), right: a2 },
            Expr::Operator { op: other, left: Some(b1), right: b2 },
        ) => op == other && same(a1, b1) && same(a2, b2),
        (Expr::Cast { expr: x, to }, Expr::Cast { expr: y, to: other }) => {
            to == other && same(x, y)
        }
        (Expr::And(x), Expr::And(y)) | (Expr::Or(x), Expr::Or(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(p, q)| same(p, q))
        }
        (
            Expr::InList { expr: x, list, negated },
            Expr::InList { expr: y, list: other, negated: m },
        ) => {
            negated == m
                && same(x, y)
                && list.len() == other.len()
                && list.iter().all(|p| other.iter().any(|q| same(p, q)))
        }
        _ => false,
    }
}

/// The expression below casts that change no value: of a literal to its column's type, of a column
/// between the text types.
pub fn strip(expr: &Expr) -> &Expr {
    match expr {
        Expr::Cast { expr: inner, to } if is_text_type(to) => match **inner {
            Expr::Column(_) | Expr::Literal(_) => inner,
            _ => expr,
        },
        Expr::Cast { expr: inner, .. } if matches!(**inner, Expr::Literal(_)) => inner,
        Expr::Collate { expr: inner, .. } => strip(inner),
        _ => expr,
    }
}

fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Number(text) | Literal::Text(text) => text.clone(),
    }
}

/// A comparison that is never true for a NULL in `target`.
fn is_strict_on(clause: &Expr, target: &Expr) -> bool {
    let strict = match clause {
        Expr::Compare(op, left, right) => {
            !matches!(op, CompareOp::NotDistinct | CompareOp::Distinct)
                && (contains(left, target) || contains(right, target))
        }
        Expr::InList { expr, negated: false, .. } => contains(expr, target),
        Expr::Like { expr, .. } | Expr::AnyAll { left: expr, all: false, .. } => {
            contains(expr, target)
        }
        Expr::Operator { left: Some(left), right, .. } => {
            contains(left, target) || contains(right, target)
        }
        Expr::IsNull { expr, negated: true } => contains(expr, target),
        Expr::AnyAllSubquery { left, all: false, .. } => contains(left, target),
        _ => truth_of(clause).is_some_and(|(operand, _)| contains(operand, target)),
    };
    strict || matches!(clause, Expr::And(parts) if parts.iter().any(|p| is_strict_on(p, target)))
}

/// Is `target` the expression, or below operators and casts that are NULL when it is?
fn contains(expr: &Expr, target: &Expr) -> bool {
    same(expr, target)
        || match expr {
            Expr::Cast { expr, .. } => contains(expr, target),
            Expr::Operator { left: Some(left), right, .. } => {
                contains(left, target) || contains(right, target)
            }
            _ => false,
        }
}

/// `x a value` implies `x b bound`, for constants.
fn compare_implies(a: CompareOp, value: &Expr, b: CompareOp, bound: &Expr) -> bool {
    use CompareOp::{Eq, Ge, Gt, Le, Lt, Ne};
    let Some(order) = compare(value, bound) else {
        return (a, b) == (Eq, Ne) && are_different_texts(value, bound);
    };
    match (a, b) {
        (Eq, Eq) | (Ne, Ne) => order.is_eq(),
        (Eq, Lt) => order.is_lt(),
        (Eq, Le) => order.is_le(),
        (Eq, Gt) => order.is_gt(),
        (Eq, Ge) => order.is_ge(),
        (Eq, Ne) => order.is_ne(),
        (Lt, Lt | Le) | (Le, Le) => order.is_le(),
        (Le, Lt) => order.is_lt(),
        (Gt, Gt | Ge) | (Ge, Ge) => order.is_ge(),
        (Ge, Gt) => order.is_gt(),
        (Lt, Ne) => order.is_le(),
        (Gt, Ne) => order.is_ge(),
        (Le, Ne) => order.is_lt(),
        (Ge, Ne) => order.is_gt(),
        _ => false,
    }
}

/// Order of two constants; `None` for anything else, and for kinds that do not compare as written.
fn compare(a: &Expr, b: &Expr) -> Option<Ordering> {
    let (Expr::Literal(a), Expr::Literal(b)) = (strip(a), strip(b)) else { return None };
    match (a, b) {
        (Literal::Number(x), Literal::Number(y)) => {
            x.parse::<f64>().ok()?.partial_cmp(&y.parse::<f64>().ok()?)
        }
        (Literal::Bool(x), Literal::Bool(y)) => Some(x.cmp(y)),
        (Literal::Text(x), Literal::Text(y)) if x == y => Some(Ordering::Equal),
        (Literal::Text(x), Literal::Text(y)) if is_iso_date(x) && is_iso_date(y) => Some(x.cmp(y)),
        // Digits sort alike in every collation.
        (Literal::Text(x), Literal::Text(y)) if are_digits(x) && are_digits(y) => Some(x.cmp(y)),
        _ => None,
    }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Texts sort by collation, which is not known here, but different ones are not equal (doubt: a
/// nondeterministic or case-insensitive collation).
fn are_different_texts(a: &Expr, b: &Expr) -> bool {
    match (strip(a), strip(b)) {
        (Expr::Literal(Literal::Text(a)), Expr::Literal(Literal::Text(b))) => {
            !a.eq_ignore_ascii_case(b)
        }
        _ => false,
    }
}

/// `2024-01-31...`: such texts sort as the dates do, up to time zones (doubt: mixed offsets).
fn is_iso_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes.iter().take(10).enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::sql::parse::parse_expr;

    fn implied(clause: &str, predicate: &str) -> bool {
        let clause = parse_expr(clause, Dialect::Postgres).unwrap();
        let predicate = parse_expr(predicate, Dialect::Postgres).unwrap();
        let conjuncts = crate::sql::conjuncts(clause);
        implies(&conjuncts.iter().collect::<Vec<_>>(), &predicate)
    }

    #[test]
    fn what_follows_and_what_does_not() {
        for (clause, predicate) in [
            ("a = 1 and status = 'open'", "status = 'open'"),
            ("a > 10", "a > 5"),
            ("a = 7", "a >= 7 and a < 8"),
            ("a in (1, 2)", "a in (1, 2, 3)"),
            ("a in (1, 2)", "a < 3"),
            ("a = $1", "a is not null"),
            ("status = 'open'", "status <> 'done'"),
            ("status = 'open'", "status in ('open', 'new')"),
            ("a = 1 or a = 2", "a > 0"),
            ("d >= '2024-02-01'", "d >= '2024-01-01'::date"),
        ] {
            assert!(implied(clause, predicate), "{clause} should imply {predicate}");
        }
        for (clause, predicate) in [
            ("a = $1", "a = 1"),
            ("a > 5", "a > 10"),
            ("a = 1 or b = 2", "a = 1"),
            ("a <> 3", "a > 3"),
            ("b = 1", "a is not null"),
            ("status <> 'done'", "status = 'open'"),
        ] {
            assert!(!implied(clause, predicate), "{clause} should not imply {predicate}");
        }
    }
}
