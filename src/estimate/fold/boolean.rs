//! Conditions that literals decide.

use std::cmp::Ordering;

use super::super::scope::Scope;
use super::super::sql_type::{common_type, expr_type};
use super::{Constant, Evaluator, plain_order};
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::{and_all, negate, or_all};

/// The truth of a condition: unknown here, or known (`Some(None)` is NULL).
pub fn truth(evaluator: &Evaluator<'_, '_>, expr: &Expr) -> Option<Option<bool>> {
    match expr {
        Expr::Literal(Literal::Bool(value)) => Some(Some(*value)),
        Expr::Literal(Literal::Null) => Some(None),
        Expr::Not(inner) => Some(truth(evaluator, inner)?.map(|value| !value)),
        Expr::And(parts) => junction(evaluator, parts, false),
        Expr::Or(parts) => junction(evaluator, parts, true),
        Expr::Compare(op, left, right) => {
            let (left, right) = (evaluator.value(left)?, evaluator.value(right)?);
            match op {
                CompareOp::Distinct | CompareOp::NotDistinct => {
                    let is_same = match (&left.value, &right.value) {
                        (None, None) => true,
                        (None, _) | (_, None) => false,
                        _ => compare(&left, &right)?.is_some_and(Ordering::is_eq),
                    };
                    Some(Some(is_same == (*op == CompareOp::NotDistinct)))
                }
                op => Some(compare(&left, &right)?.map(|order| holds(*op, order))),
            }
        }
        Expr::IsNull { expr, negated } => {
            let is_null = evaluator.value(expr)?.value.is_none();
            Some(Some(is_null != *negated))
        }
        Expr::IsTruth { expr, truth: wanted, negated } => {
            let value = truth(evaluator, expr)?;
            Some(Some((value == *wanted) != *negated))
        }
        Expr::InList { expr, list, negated } => {
            let value = evaluator.value(expr)?;
            let mut found = Some(false);
            for item in list {
                let order = compare(&value, &evaluator.value(item)?)?;
                match order {
                    Some(order) if order.is_eq() => return Some(Some(!negated)),
                    Some(_) => {}
                    None => found = None,
                }
            }
            Some(found.map(|found| found != *negated))
        }
        _ => None,
    }
}

/// AND (`decides` is false) or OR of conditions that are all known, or decided by one.
fn junction(evaluator: &Evaluator<'_, '_>, parts: &[Expr], decides: bool) -> Option<Option<bool>> {
    let truths: Vec<Option<Option<bool>>> =
        parts.iter().map(|part| truth(evaluator, part)).collect();
    if truths.contains(&Some(Some(decides))) {
        return Some(Some(decides));
    }
    let known: Option<Vec<Option<bool>>> = truths.into_iter().collect();
    Some(if known?.contains(&None) { None } else { Some(!decides) })
}

/// Does an order satisfy a comparison?
pub fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Eq | CompareOp::NotDistinct => order.is_eq(),
        CompareOp::Ne | CompareOp::Distinct => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

/// The order of two values after they got a common type; `Some(None)` if one is NULL, `None` where
/// their order depends on more than their bytes.
pub fn compare(left: &Constant, right: &Constant) -> Option<Option<Ordering>> {
    let common = common_type([left.data_type.clone(), right.data_type.clone()].into_iter());
    let (left, right) = (left.coerced(&common)?, right.coerced(&common)?);
    match (&left.value, &right.value) {
        (Some(a), Some(b)) => a.compare(b, plain_order()).map(Some),
        _ => Some(None),
    }
}

/// Drops what decides nothing in AND and OR, and reads `x = true` as `x`.
pub fn simplify(expr: &mut Expr, scope: &Scope<'_>) {
    match expr {
        Expr::And(parts) => {
            parts.retain(|part| *part != Expr::Literal(Literal::Bool(true)));
            *expr = and_all(std::mem::take(parts));
        }
        Expr::Or(parts) => {
            parts.retain(|part| *part != Expr::Literal(Literal::Bool(false)));
            *expr = or_all(std::mem::take(parts));
        }
        Expr::Not(inner) if !matches!(**inner, Expr::Column(_)) => {
            *expr = negate((**inner).clone());
        }
        Expr::Compare(op @ (CompareOp::Eq | CompareOp::Ne), left, right) => {
            let (value, other) = match (&**left, &**right) {
                (Expr::Literal(Literal::Bool(value)), _) => (*value, right),
                (_, Expr::Literal(Literal::Bool(value))) => (*value, left),
                _ => return,
            };
            if expr_type(scope, other) != "bool" {
                return;
            }
            let wanted = value == (*op == CompareOp::Eq);
            let other = (**other).clone();
            *expr = if wanted { other } else { negate(other) };
        }
        _ => {}
    }
}
