//! Which part of the rows a condition keeps. After `clausesel.c`; what single operators keep is in the
//! files beside this one. Every result lies in 0 to 1.

use super::array;
use super::equality::equality;
use super::extended;
use super::inequality::{DEFAULT_INEQ, inequality};
use super::join::{self, JoinContext};
use super::observed::observed;
use super::operator;
use super::pattern;
pub use super::scope::Scope;
use super::scope::relids;
use super::sql_type::expr_type;
use super::truth;
use crate::catalog::{Index, Table};
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::functions::has_aggregate;
use crate::sql::relids::{is_multiple, single};

/// `DEFAULT_RANGE_INEQ_SEL`: two comparisons with unknown values that bound a range.
pub const DEFAULT_RANGE: f64 = 0.005;
/// What PostgreSQL assumes of a function that returns a boolean (`function_selectivity`).
const DEFAULT_FUNCTION: f64 = 0.333_333_3;

/// The part of a table's rows that an index's predicate keeps; 1 without one.
pub fn predicate_selectivity(table: &Table, index: &Index) -> f64 {
    let Some(predicate) = &index.predicate else { return 1.0 };
    index.computed.kept.get().unwrap_or_else(|| {
        let kept = clause_selectivity(&Scope::of(table), predicate, &JoinContext::default());
        index.computed.kept.set(Some(kept));
        kept
    })
}

/// What pasted plans measured of conditions on one table.
fn measured(scope: &Scope<'_>, exprs: &[&Expr]) -> Option<f64> {
    if !scope.has_observed() {
        return None;
    }
    observed(exprs, |relation| scope.relations.get(relation).and_then(|known| known.table))
}

/// `clause_selectivity`: the part of the rows (of the pairs of rows, at a join) for which a clause
/// holds. A clause that reads no relation is decided once and keeps all, but for literals.
pub fn clause_selectivity(scope: &Scope<'_>, expr: &Expr, context: &JoinContext) -> f64 {
    if let Some(measured) = measured(scope, &[expr]) {
        return measured;
    }
    // HAVING may read no column and still differ from group to group.
    let is_once = relids(expr) == 0
        && !matches!(expr, Expr::Literal(_))
        && !is_volatile(expr)
        && !has_aggregate(expr);
    if is_once { 1.0 } else { clause_part(scope, expr, context) }
}

fn is_volatile(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        if let Expr::Function(call) = part {
            found |= crate::sql::visit::is_volatile(&call.name);
        }
    });
    found
}

/// `clauselist_selectivity`: the part of the rows for which all clauses hold. A lower and an upper
/// bound of one expression are a range: `low + high - 1` and the NULLs that were left out twice.
pub fn clauselist_selectivity(scope: &Scope<'_>, exprs: &[&Expr], context: &JoinContext) -> f64 {
    clauselist_by(scope, exprs, context, &|_, expr| clause_selectivity(scope, expr, context))
}

/// The same for a caller who may know the single clauses' parts, by position.
pub fn clauselist_by(
    scope: &Scope<'_>,
    exprs: &[&Expr],
    context: &JoinContext,
    part_of: &dyn Fn(usize, &Expr) -> f64,
) -> f64 {
    if let [one] = exprs {
        return part_of(0, one);
    }
    if let Some(measured) = measured(scope, exprs) {
        return measured;
    }
    let (mut total, estimated) = extended::dependencies(scope, exprs, context);
    let mut ranges: Vec<Range<'_>> = Vec::new();
    for (at, expr) in exprs.iter().enumerate() {
        if estimated.contains(&at) {
            continue;
        }
        let one = part_of(at, expr);
        match range_bound(scope, expr) {
            Some((key, is_low)) => add_bound(&mut ranges, key, is_low, one),
            None => total *= one,
        }
    }
    // The newest first, as PostgreSQL's list has them.
    for range in ranges.iter().rev() {
        total *= range.selectivity(scope, context);
    }
    total
}

/// The bounds of one key, as selectivities.
struct Range<'e> {
    key: &'e Expr,
    low: Option<f64>,
    high: Option<f64>,
}

/// `addRangeClause`: of two bounds on one side the more restrictive counts.
fn add_bound<'e>(ranges: &mut Vec<Range<'e>>, key: &'e Expr, is_low: bool, part: f64) {
    let at = ranges.iter().position(|range| range.key == key).unwrap_or_else(|| {
        ranges.push(Range { key, low: None, high: None });
        ranges.len() - 1
    });
    if let Some(range) = ranges.get_mut(at) {
        let side = if is_low { &mut range.low } else { &mut range.high };
        *side = Some(side.map_or(part, |known| known.min(part)));
    }
}

impl Range<'_> {
    fn selectivity(&self, scope: &Scope<'_>, context: &JoinContext) -> f64 {
        let (low, high) = match (self.low, self.high) {
            (Some(low), Some(high)) => (low, high),
            (one, other) => return one.or(other).unwrap_or(1.0),
        };
        // Exactly the default: nothing was known.
        if low == DEFAULT_INEQ || high == DEFAULT_INEQ {
            return DEFAULT_RANGE;
        }
        let both = high + low - 1.0 + truth::null_test(scope, self.key, false, context.var_relid);
        if both > 0.0 {
            both
        } else if both < -0.01 {
            DEFAULT_RANGE
        } else {
            1.0e-10
        }
    }
}

/// The key of `key < value`, and whether the value bounds it from below.
fn range_bound<'e>(scope: &Scope<'_>, expr: &'e Expr) -> Option<(&'e Expr, bool)> {
    use CompareOp::{Ge, Gt, Le, Lt};
    let Expr::Compare(op @ (Lt | Le | Gt | Ge), left, right) = expr else { return None };
    single(relids(expr))?;
    let is_row = |side: &Expr| matches!(side, Expr::Row(_));
    if is_row(left) || is_row(right) || operator::is_range_type(&expr_type(scope, left)) {
        return None;
    }
    let is_constant = |side: &Expr| relids(side) == 0 && !is_volatile(side);
    let (key, op) = match (is_constant(left), is_constant(right)) {
        (_, true) => (left, *op),
        (true, false) => (right, op.commuted()),
        _ => return None,
    };
    Some((key, matches!(op, Gt | Ge)))
}

/// `treat_as_join_clause`: is a clause judged over pairs of rows?
pub fn is_join_clause(expr: &Expr, context: &JoinContext) -> bool {
    context.var_relid.is_none() && context.special.is_some() && is_multiple(relids(expr))
}

/// The part of the rows for which an expression holds, wherever it stands.
pub fn clause_part(scope: &Scope<'_>, expr: &Expr, context: &JoinContext) -> f64 {
    match expr {
        Expr::Column(column) => {
            let is_outer = column.level > 0
                || context.var_relid.is_some_and(|relid| relid != usize::from(column.relation));
            if is_outer { 0.5 } else { truth::boolean(scope, expr, context.var_relid) }
        }
        Expr::Literal(Literal::Bool(value)) => f64::from(u8::from(*value)),
        Expr::Literal(Literal::Null) => 0.0,
        Expr::Literal(_) | Expr::Param(_) => 0.5,
        Expr::Not(inner) => 1.0 - clause_part(scope, inner, context),
        Expr::And(parts) => {
            clauselist_selectivity(scope, &parts.iter().collect::<Vec<_>>(), context)
        }
        Expr::Or(arms) => arms.iter().fold(0.0, |sum, arm| {
            let one = clause_part(scope, arm, context);
            sum + one - sum * one
        }),
        Expr::Compare(op, left, right) => compare(scope, *op, left, right, expr, context),
        Expr::IsNull { expr, negated } => {
            truth::null_test(scope, expr, *negated, context.var_relid)
        }
        Expr::IsTruth { expr, truth, negated } => {
            truth::truth_test(scope, expr, *truth, *negated, context)
        }
        Expr::InList { expr, list, negated } => {
            array::in_list(scope, expr, list, *negated, context)
        }
        Expr::AnyAll { op, left, right, all } => {
            array::any_all(scope, *op, left, right, *all, context)
        }
        Expr::Like { kind, expr: left, pattern, negated } => {
            let is_join = is_join_clause(expr, context);
            pattern::pattern(scope, *kind, left, pattern, *negated, is_join, context.var_relid)
        }
        Expr::Operator { op, left: Some(left), right } => {
            operator::operator(scope, op, left, right, is_join_clause(expr, context), context)
        }
        Expr::Function(call) if call.name == "starts_with" && call.args.len() == 2 => {
            let is_join = is_join_clause(expr, context);
            pattern::starts_with(scope, &call.args, is_join, context.var_relid)
        }
        Expr::Function(_) => DEFAULT_FUNCTION,
        Expr::Collate { expr, .. } => clause_part(scope, expr, context),
        other => truth::boolean(scope, other, context.var_relid),
    }
}

/// A comparison; of rows, their parts are compared.
fn compare(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &Expr,
    right: &Expr,
    whole: &Expr,
    context: &JoinContext,
) -> f64 {
    if let (Expr::Row(left), Expr::Row(right)) = (left, right) {
        return compare_rows(scope, op, left, right, context);
    }
    if let Some(part) = compare_with_truth(scope, op, left, right, context) {
        return part;
    }
    operator_part(scope, op, left, right, is_join_clause(whole, context), context)
}

/// One operator, as a join clause or as a restriction.
pub fn operator_part(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &Expr,
    right: &Expr,
    is_join: bool,
    context: &JoinContext,
) -> f64 {
    let relid = context.var_relid;
    match op {
        // NULLs are left out of account, as PostgreSQL does.
        CompareOp::Distinct => {
            1.0 - operator_part(scope, CompareOp::Eq, left, right, is_join, context)
        }
        CompareOp::NotDistinct => {
            1.0 - operator_part(scope, CompareOp::Distinct, left, right, is_join, context)
        }
        op if is_join => join::join_selectivity(scope, op, left, right, context),
        CompareOp::Eq => equality(scope, left, right, relid, false),
        CompareOp::Ne => equality(scope, left, right, relid, true),
        op if operator::is_range_type(&expr_type(scope, left)) => {
            operator::range_operator(scope, op.sql(), left, right, relid)
        }
        op => inequality(scope, op, left, right, relid),
    }
}

/// `x = true` is `x`, `x = false` is `NOT x`: as constant folding has it.
fn compare_with_truth(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &Expr,
    right: &Expr,
    context: &JoinContext,
) -> Option<f64> {
    let (value, other) = match (left, right) {
        (Expr::Literal(Literal::Bool(value)), other) => (*value, other),
        (other, Expr::Literal(Literal::Bool(value))) => (*value, other),
        _ => return None,
    };
    let is_wanted = match op {
        CompareOp::Eq => value,
        CompareOp::Ne => !value,
        _ => return None,
    };
    if expr_type(scope, other) != "bool" {
        return None;
    }
    let part = clause_part(scope, other, context);
    Some(if is_wanted { part } else { 1.0 - part })
}

/// `(a, b) = (c, d)` is a conjunction, `<>` a disjunction; of the others the first parts decide
/// (`rowcomparesel`).
fn compare_rows(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &[Expr],
    right: &[Expr],
    context: &JoinContext,
) -> f64 {
    let pair = |(left, right): (&Expr, &Expr)| {
        Expr::Compare(op, Box::new(left.clone()), Box::new(right.clone()))
    };
    let pairs: Vec<Expr> = left.iter().zip(right).map(pair).collect();
    match op {
        CompareOp::Eq => clauselist_selectivity(scope, &pairs.iter().collect::<Vec<_>>(), context),
        CompareOp::Ne => clause_part(scope, &Expr::Or(pairs), context),
        _ => pairs.first().map_or(0.5, |first| clause_part(scope, first, context)),
    }
}
