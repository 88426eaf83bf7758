//! Which clauses a key of an index answers (`match_clause_to_indexcol` in `indxpath.c`). Left out:
//! conditions that functions other than `starts_with` stand for (PostGIS's).

use std::rc::Rc;

use super::candidate::{Candidate, Key, TypeClass, type_class};
use super::operators::{Op, is_in_family};
use super::pattern::{Prefix, pattern_conditions, prefix_conditions};
use super::row_compare::match_row;
use crate::dialect::Dialect;
use crate::plan::clause::{Clause, ClauseFacts, make_clause};
use crate::plan::cost::qual::{array_length, qual_cost};
use crate::plan::implication::strip;
use crate::plan::path::IndexClause;
use crate::plan::root::Root;
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::schema::Method;

/// What a key answers of a clause.
pub struct Answer {
    /// Conditions that the index is searched with; none: the clause itself.
    pub derived: Vec<Expr>,
    /// The clause is checked again.
    pub is_lossy: bool,
    /// An equality.
    pub is_equality: bool,
    /// `IS NULL`.
    pub is_null_test: bool,
    /// Elements of an array.
    pub n_values: Option<f64>,
    /// Cost of the values that are compared with.
    pub operand_cost: f64,
}

impl Answer {
    fn plain(is_equality: bool, operand_cost: f64) -> Answer {
        Answer {
            derived: Vec::new(),
            is_lossy: false,
            is_equality,
            is_null_test: false,
            n_values: None,
            operand_cost,
        }
    }
}

/// The part of a clause that a key of the index answers.
pub fn match_clause(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    key_at: usize,
    clause: &Rc<Clause>,
) -> Option<IndexClause> {
    let key = candidate.keys.get(key_at)?;
    let answer = answer(root, candidate, key, &clause.expr)?;
    let facts = ClauseFacts { is_pushed_down: true, ..ClauseFacts::default() };
    let derived: Vec<Rc<Clause>> =
        answer.derived.into_iter().map(|expr| make_clause(root, expr, facts)).collect();
    if let ([commuted], true) = (derived.as_slice(), clause.compare.is_some()) {
        // The same clause the other way round keeps as much (`commute_restrictinfo`).
        commuted.norm_selectivity.set(clause.norm_selectivity.get());
        commuted.outer_selectivity.set(clause.outer_selectivity.get());
    }
    Some(IndexClause {
        clause: clause.clone(),
        derived,
        is_lossy: answer.is_lossy,
        key: key_at,
        is_equality: answer.is_equality,
        is_null_test: answer.is_null_test,
        n_values: answer.n_values.unwrap_or(1.0),
        is_array: answer.n_values.is_some(),
        operand_cost: answer.operand_cost,
    })
}

fn answer(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    key: &Key<'_>,
    expr: &Expr,
) -> Option<Answer> {
    if let Some(found) = match_boolean(candidate, key, expr) {
        return Some(found);
    }
    match expr {
        Expr::Compare(op, left, right) => match (&**left, &**right) {
            (Expr::Row(left), Expr::Row(right)) => {
                match_row(root, candidate, key, *op, left, right)
            }
            _ => match_compare(root, candidate, key, *op, left, right),
        },
        Expr::InList { expr, list, negated: false } => match list.as_slice() {
            [only] => match_compare(root, candidate, key, CompareOp::Eq, expr, only),
            _ => match_list(root, candidate, key, expr, list),
        },
        Expr::AnyAll { op, left, right, all: false } => {
            let fits = fits(root, candidate, key, (left, right), Op::Compare(*op));
            fits.then(|| Answer {
                n_values: Some(array_length(right)),
                ..Answer::plain(*op == CompareOp::Eq, value_cost(root, right))
            })
        }
        Expr::Like { kind, expr, pattern, negated: false } => {
            if !candidate.is_key(key, expr) || !candidate.is_value(pattern) {
                return None;
            }
            if fits(root, candidate, key, (expr, pattern), Op::Like(*kind)) {
                return Some(Answer::plain(false, value_cost(root, pattern)));
            }
            from_conditions(pattern_conditions(candidate, key, *kind, pattern))
        }
        Expr::Operator { op, left: Some(left), right } => {
            match_operator(root, candidate, key, op, left, right)
        }
        Expr::Function(call) if call.name == "starts_with" => match call.args.as_slice() {
            [text, start] if candidate.is_key(key, text) => starts_with(candidate, key, start),
            _ => None,
        },
        Expr::IsNull { expr, negated } => {
            let fits = candidate.abilities.searches_nulls && candidate.is_key(key, expr);
            fits.then(|| Answer { is_null_test: !negated, ..Answer::plain(!negated, 0.0) })
        }
        _ => None,
    }
}

/// Cost of computing a value once.
pub fn value_cost(root: &Root<'_>, value: &Expr) -> f64 {
    let cost = qual_cost(root, value);
    cost.startup + cost.per_tuple
}

/// `key op value`, with types and collations that the index can compare.
fn fits(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    key: &Key<'_>,
    (operand, value): (&Expr, &Expr),
    op: Op<'_>,
) -> bool {
    candidate.is_key(key, operand)
        && candidate.is_value(value)
        && candidate.collation_fits(key, operand, value)
        && candidate.type_fits(root, key, value)
        && is_in_family(candidate, key, op)
}

/// `match_opclause_to_indexcol` for comparisons, either way round.
fn match_compare(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    key: &Key<'_>,
    op: CompareOp,
    left: &Expr,
    right: &Expr,
) -> Option<Answer> {
    let is_equality = matches!(op, CompareOp::Eq | CompareOp::NotDistinct);
    if fits(root, candidate, key, (left, right), Op::Compare(op)) {
        return Some(Answer::plain(is_equality, value_cost(root, right)));
    }
    let op = op.commuted();
    fits(root, candidate, key, (right, left), Op::Compare(op)).then(|| Answer {
        derived: vec![Expr::Compare(op, Box::new(right.clone()), Box::new(left.clone()))],
        ..Answer::plain(is_equality, value_cost(root, left))
    })
}

/// `match_saopclause_to_indexcol` for `IN (...)`. A list with columns of other relations is an OR.
fn match_list(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    key: &Key<'_>,
    expr: &Expr,
    list: &[Expr],
) -> Option<Answer> {
    let fits = list.iter().all(|value| {
        value.relids() == 0 && fits(root, candidate, key, (expr, value), Op::Compare(CompareOp::Eq))
    });
    let cost = list.iter().map(|value| value_cost(root, value)).sum();
    (fits && !list.is_empty())
        .then(|| Answer { n_values: Some(list.len() as f64), ..Answer::plain(true, cost) })
}

fn match_operator(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    key: &Key<'_>,
    op: &str,
    left: &Expr,
    right: &Expr,
) -> Option<Answer> {
    if fits(root, candidate, key, (left, right), Op::Named(op)) {
        return Some(Answer::plain(false, value_cost(root, right)));
    }
    if op == "^@" && candidate.is_key(key, left) {
        return starts_with(candidate, key, right);
    }
    let commuted = commutator(op)?;
    fits(root, candidate, key, (right, left), Op::Named(commuted)).then(|| Answer {
        derived: vec![Expr::Operator {
            op: commuted.to_owned(),
            left: Some(Box::new(right.clone())),
            right: Box::new(left.clone()),
        }],
        ..Answer::plain(false, value_cost(root, left))
    })
}

/// `get_commutator` for operators that are no comparisons.
fn commutator(op: &str) -> Option<&'static str> {
    Some(match op {
        "&&" => "&&",
        "@>" => "<@",
        "<@" => "@>",
        "@@" => "@@",
        "<<" => ">>",
        ">>" => "<<",
        "-|-" => "-|-",
        "%" => "%",
        "<%" => "%>",
        "%>" => "<%",
        "<<%" => "%>>",
        "%>>" => "<<%",
        "~=" => "~=",
        _ => return None,
    })
}

fn starts_with(candidate: &Candidate<'_>, key: &Key<'_>, start: &Expr) -> Option<Answer> {
    let Expr::Literal(Literal::Text(text)) = strip(start) else { return None };
    if candidate.dialect() != Dialect::Postgres {
        return None;
    }
    let prefix = Prefix { text: text.clone(), is_exact: false };
    from_conditions(prefix_conditions(candidate, key, &prefix))
}

/// `get_index_clause_from_support`: the clause is checked again.
fn from_conditions(derived: Vec<Expr>) -> Option<Answer> {
    let is_equality = derived.iter().any(|c| matches!(c, Expr::Compare(CompareOp::Eq, ..)));
    (!derived.is_empty()).then(|| Answer {
        derived,
        is_lossy: true,
        ..Answer::plain(is_equality, 0.0)
    })
}

/// `match_boolean_index_clause`: `x`, `NOT x`, `x IS TRUE`, `x IS FALSE` as `x = true` or `x = false`.
fn match_boolean(candidate: &Candidate<'_>, key: &Key<'_>, expr: &Expr) -> Option<Answer> {
    let has_bool_class = matches!(candidate.index.method, Method::Btree | Method::Hash);
    let is_bool = matches!(type_class(&key.data_type), TypeClass::Bool)
        || matches!(*key.expr, Expr::Compare(..) | Expr::IsNull { .. } | Expr::Not(_));
    if !has_bool_class || !is_bool {
        return None;
    }
    let value = match expr {
        _ if candidate.is_key(key, expr) => true,
        Expr::Not(inner) if candidate.is_key(key, inner) => false,
        Expr::IsTruth { expr: inner, truth: Some(truth), negated: false }
            if candidate.is_key(key, inner) =>
        {
            *truth
        }
        _ => return None,
    };
    let literal = Expr::Literal(Literal::Bool(value));
    Some(Answer {
        derived: vec![Expr::Compare(
            CompareOp::Eq,
            Box::new((*key.expr).clone()),
            Box::new(literal),
        )],
        ..Answer::plain(true, 0.0)
    })
}
