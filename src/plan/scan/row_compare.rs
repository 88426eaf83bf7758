//! `(a, b) > (1, 2)` on an index of `a, b` (`match_rowcompare_to_indexcol` and
//! `expand_indexqual_rowcompare` in `indxpath.c`): as many leading columns as the index has. Of fewer
//! than all, `>` becomes `>=`, and the clause is checked again.

use super::candidate::{Candidate, Key};
use super::matching::{Answer, value_cost};
use super::operators::{Op, is_in_family};
use crate::plan::root::Root;
use crate::sql::expr::{CompareOp, Expr};
use crate::sql::schema::Method;

/// What a key answers of a comparison of rows.
pub fn match_row(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    key: &Key<'_>,
    op: CompareOp,
    left: &[Expr],
    right: &[Expr],
) -> Option<Answer> {
    use CompareOp::{Ge, Gt, Le, Lt};
    if candidate.index.method != Method::Btree || !matches!(op, Lt | Le | Gt | Ge) {
        return None;
    }
    let is_on = |operand: Option<&Expr>, value: Option<&Expr>| match (operand, value) {
        (Some(operand), Some(value)) => is_pair(candidate, key, op, operand, value),
        _ => false,
    };
    let is_left = is_on(left.first(), right.first());
    let (op, operands, values) = if is_left {
        (op, left, right)
    } else if is_on(right.first(), left.first()) {
        (op.commuted(), right, left)
    } else {
        return None;
    };
    let pairs = operands.iter().zip(values).skip(1);
    let matching = 1 + pairs
        .take_while(|(operand, value)| {
            candidate.keys.iter().any(|key| is_pair(candidate, key, op, operand, value))
        })
        .count();
    let is_lossy = matching < operands.len();
    let op = match op {
        Lt if is_lossy => Le,
        Gt if is_lossy => Ge,
        op => op,
    };
    let derived = if is_left && !is_lossy {
        Vec::new()
    } else {
        let side = |all: &[Expr]| match all {
            [first, ..] if matching == 1 => first.clone(),
            all => Expr::Row(all.iter().take(matching).cloned().collect()),
        };
        vec![Expr::Compare(op, Box::new(side(operands)), Box::new(side(values)))]
    };
    let operand_cost = values.iter().take(matching).map(|value| value_cost(root, value)).sum();
    Some(Answer {
        derived,
        is_lossy,
        is_equality: false,
        is_null_test: false,
        n_values: None,
        operand_cost,
    })
}

fn is_pair(
    candidate: &Candidate<'_>,
    key: &Key<'_>,
    op: CompareOp,
    operand: &Expr,
    value: &Expr,
) -> bool {
    candidate.is_key(key, operand)
        && candidate.is_value(value)
        && candidate.collation_fits(key, operand, value)
        && is_in_family(candidate, key, Op::Compare(op))
}
