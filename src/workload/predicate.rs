//! One conjunct seen from one relation: which side could be an index key, and what is asked of it.

use crate::sql::expr::{CompareOp, Expr, LikeKind};

/// A conjunct that restricts a relation, or joins it to others.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    /// The side over this relation that could be an index key: a column or an expression.
    pub key: Expr,
    /// What is asked of it.
    pub ask: Ask,
    /// The whole conjunct.
    pub clause: Expr,
    /// Follows from other conjuncts; not in the text.
    pub is_implied: bool,
}

/// What a predicate asks of its key.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// `key op value`; the value is a constant, a parameter, an outer column, or over other relations.
    Compare(CompareOp, Expr),
    /// `key IN (values)`.
    In(Vec<Expr>),
    /// `key = ANY (array)`.
    Any(Expr),
    /// `key IN (SELECT ...)` or `= ANY (SELECT ...)`: a semi join.
    InQuery,
    /// `key LIKE pattern` and kin.
    Like(LikeKind, Expr),
    /// `key IS NULL`.
    IsNull,
    /// `key IS NOT NULL`.
    IsNotNull,
    /// The key is boolean and must be true or false.
    Truth(bool),
    /// `key op value` with an operator of another kind: `@>`, `&&`, `?`, `->>` comparisons are keys.
    Operator(String, Expr),
    /// A disjunction; the key is the whole of it. Each arm is a conjunction over this relation.
    Or(Vec<Vec<Predicate>>),
    /// Restricts the relation, but in no way an index could be searched with: `<>`, `NOT LIKE`, `f(a, b)`.
    Opaque,
}

impl Predicate {
    /// `=`, `IN`, `= ANY`, `IS NULL`, a boolean: leaves the following index keys in order for each value.
    pub fn is_equality(&self) -> bool {
        matches!(
            self.ask,
            Ask::Compare(CompareOp::Eq | CompareOp::NotDistinct, _)
                | Ask::In(_)
                | Ask::Any(_)
                | Ask::InQuery
                | Ask::IsNull
                | Ask::Truth(_)
        )
    }

    /// Exactly one value: what `IN` and `= ANY` do not promise.
    pub fn is_single_value(&self) -> bool {
        self.is_equality() && !matches!(self.ask, Ask::In(_) | Ask::Any(_) | Ask::InQuery)
    }

    /// `<`, `<=`, `>`, `>=`.
    pub fn is_range(&self) -> bool {
        use CompareOp::{Ge, Gt, Le, Lt};
        matches!(self.ask, Ask::Compare(Lt | Le | Gt | Ge, _))
    }

    /// The value reads columns of other relations of the same query: a join.
    pub fn is_join(&self) -> bool {
        match &self.ask {
            Ask::Compare(_, value) | Ask::Any(value) | Ask::Operator(_, value) => {
                !value.columns().is_empty()
            }
            _ => false,
        }
    }
}

/// Adds what `clause` says of `relation`, if anything.
pub fn classify(clause: &Expr, relation: usize, is_implied: bool, out: &mut Vec<Predicate>) {
    if !reads(clause, relation) {
        return;
    }
    let mut push = |key: &Expr, ask: Ask| {
        out.push(Predicate { key: key.clone(), ask, clause: clause.clone(), is_implied });
    };
    match clause {
        Expr::Compare(op, left, right) => {
            let mut found = false;
            for (key, value, op) in [(left, right, *op), (right, left, op.commuted())] {
                if is_key(key, relation) && !reads(value, relation) {
                    found = true;
                    match (op, boolean_value(value)) {
                        (CompareOp::Eq, Some(truth)) => push(key, Ask::Truth(truth)),
                        (CompareOp::Ne | CompareOp::Distinct, _) => push(key, Ask::Opaque),
                        _ => push(key, Ask::Compare(op, (**value).clone())),
                    }
                }
            }
            if !found {
                push(clause, Ask::Opaque);
            }
        }
        Expr::InList { expr, list, negated: false }
            if is_key(expr, relation) && !list.iter().any(|item| reads(item, relation)) =>
        {
            match list.as_slice() {
                [one] => push(expr, Ask::Compare(CompareOp::Eq, one.clone())),
                _ => push(expr, Ask::In(list.clone())),
            }
        }
        Expr::AnyAll { op: CompareOp::Eq, left, right, all: false }
            if is_key(left, relation) && !reads(right, relation) =>
        {
            push(left, Ask::Any((**right).clone()));
        }
        Expr::AnyAllSubquery { op: CompareOp::Eq, left, all: false, .. }
            if is_key(left, relation) =>
        {
            push(left, Ask::InQuery);
        }
        Expr::Like { kind, expr, pattern, negated: false }
            if is_key(expr, relation) && !reads(pattern, relation) =>
        {
            push(expr, Ask::Like(*kind, (**pattern).clone()));
        }
        Expr::IsNull { expr, negated } if is_key(expr, relation) => {
            push(expr, if *negated { Ask::IsNotNull } else { Ask::IsNull });
        }
        Expr::IsTruth { expr, truth: Some(truth), negated: false } if is_key(expr, relation) => {
            push(expr, Ask::Truth(*truth));
        }
        Expr::Not(inner) if matches!(**inner, Expr::Column(_)) => push(inner, Ask::Truth(false)),
        Expr::Column(_) => push(clause, Ask::Truth(true)),
        Expr::Operator { op, left: Some(left), right }
            if is_key(left, relation) && !reads(right, relation) =>
        {
            push(left, Ask::Operator(op.clone(), (**right).clone()));
        }
        Expr::Operator { op, left: Some(left), right }
            if is_key(right, relation) && !reads(left, relation) =>
        {
            push(right, Ask::Operator(commuted_operator(op), (**left).clone()));
        }
        Expr::Or(arms) => {
            let arms = arms.iter().map(|arm| arm_of(arm, relation)).collect::<Option<Vec<_>>>();
            push(clause, arms.map_or(Ask::Opaque, Ask::Or));
        }
        _ => push(clause, Ask::Opaque),
    }
}

/// The predicates of one arm of an OR; `None` when the arm does not restrict the relation alone.
fn arm_of(arm: &Expr, relation: usize) -> Option<Vec<Predicate>> {
    let parts = match arm {
        Expr::And(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut out = Vec::new();
    for part in parts {
        classify(part, relation, false, &mut out);
    }
    out.iter().any(|predicate| predicate.ask != Ask::Opaque).then_some(out)
}

/// `a <@ b` is `b @> a`.
fn commuted_operator(op: &str) -> String {
    match op {
        "@>" => "<@",
        "<@" => "@>",
        other => other,
    }
    .to_owned()
}

fn boolean_value(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Literal(crate::sql::expr::Literal::Bool(value)) => Some(*value),
        _ => None,
    }
}

/// Reads a column of `relation`.
pub fn reads(expr: &Expr, relation: usize) -> bool {
    expr.columns().iter().any(|column| usize::from(column.relation) == relation)
}

/// Could be an index key of `relation`: reads only its columns, and no subquery.
fn is_key(expr: &Expr, relation: usize) -> bool {
    let mut plain = true;
    expr.walk(&mut |part| plain &= part.query().is_none());
    plain && super::shape::is_over(expr, relation)
}
