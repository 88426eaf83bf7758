//! Selectivity of join clauses. After `eqjoinsel`, `neqjoinsel` and their kin of `selfuncs.c`.

use super::equality::DEFAULT_EQ;
use super::inequality::DEFAULT_INEQ;
use super::restriction::{cast_away, is_cast_away};
use super::scope::Scope;
use super::variable::{Slot, Variable, clamp, single};
use crate::sql::expr::{CompareOp, Expr};
use crate::sql::relids::{Relids, is_subset};

/// Which rows a join returns, as estimates tell them apart. A right join is a left one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum JoinKind {
    /// Matching pairs.
    #[default]
    Inner,
    /// And outer rows without a partner.
    Left,
    /// And rows of either side without a partner.
    Full,
    /// Outer rows with a partner.
    Semi,
    /// Outer rows without.
    Anti,
}

/// The join that a clause is judged at (PostgreSQL's `SpecialJoinInfo`). Inner joins have one too.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SpecialFacts {
    /// Relations that must be on its left.
    pub min_left: Relids,
    /// Relations that must be on its right.
    pub min_right: Relids,
    /// Relations written on its left; for an inner join the relations of the left input.
    pub syn_left: Relids,
    /// Relations written on its right; for an inner join the relations of the right input.
    pub syn_right: Relids,
    /// Which.
    pub kind: JoinKind,
    /// Rows of the relation made of `min_left`.
    pub left_rows: f64,
    /// Rows of the relation made of `min_right`.
    pub right_rows: f64,
}

/// Where a clause is judged.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct JoinContext {
    /// Only this relation's columns vary; those of others are unknown values.
    pub var_relid: Option<usize>,
    /// The kind of join that is considered: it may differ from `special.kind` where sides are
    /// exchanged or one side is made distinct.
    pub kind: JoinKind,
    /// The join; absent at a scan.
    pub special: Option<SpecialFacts>,
}

/// The part of all pairs of rows for which `left op right` holds.
pub fn join_selectivity(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &Expr,
    right: &Expr,
    context: &JoinContext,
) -> f64 {
    let special = context.special.unwrap_or_default();
    match op {
        CompareOp::Eq | CompareOp::NotDistinct => equal_join(&sides(scope, left, right), &special),
        CompareOp::Ne | CompareOp::Distinct => {
            let sides = sides(scope, left, right);
            if matches!(context.kind, JoinKind::Semi | JoinKind::Anti) {
                // Of more than one value on the right side, one differs.
                let is_reversed = is_reversed(&sides, &special);
                let outer = if is_reversed { &sides.1 } else { &sides.0 };
                return 1.0 - outer.null_frac();
            }
            1.0 - equal_join(&sides, &special)
        }
        _ => DEFAULT_INEQ,
    }
}

/// `get_join_variables`. A side that a function must convert first loses its statistics.
fn sides<'a>(scope: &Scope<'a>, left: &Expr, right: &Expr) -> (Variable<'a>, Variable<'a>) {
    let (mut a, mut b) = (scope.variable(left, None), scope.variable(right, None));
    let (a_type, b_type) = (a.data_type.clone(), b.data_type.clone());
    if is_cast_away(&a_type, &b_type) {
        cast_away(&mut a, &b_type);
    } else if is_cast_away(&b_type, &a_type) {
        cast_away(&mut b, &a_type);
    }
    (a, b)
}

/// Does the clause name the join's right side first?
fn is_reversed(sides: &(Variable<'_>, Variable<'_>), special: &SpecialFacts) -> bool {
    let is_in = |variable: &Variable<'_>, side: Relids| {
        variable.relids != 0 && is_subset(variable.relids, side)
    };
    is_in(&sides.0, special.syn_right) || is_in(&sides.1, special.syn_left)
}

/// One side of an equality.
struct Side<'v, 'a> {
    variable: &'v Variable<'a>,
    common: Option<Slot<'a>>,
    distinct: f64,
    is_default: bool,
    null_frac: f64,
}

impl<'v, 'a> Side<'v, 'a> {
    fn new(variable: &'v Variable<'a>) -> Side<'v, 'a> {
        let (distinct, is_default) = variable.num_distinct();
        let null_frac = variable.null_frac();
        Side { variable, common: variable.common(), distinct, is_default, null_frac }
    }
}

fn equal_join(sides: &(Variable<'_>, Variable<'_>), special: &SpecialFacts) -> f64 {
    if sides.0.relids == 0 && sides.1.relids == 0 {
        return DEFAULT_EQ;
    }
    let (a, b) = (Side::new(&sides.0), Side::new(&sides.1));
    let inner = equal_inner(&a, &b);
    clamp(match special.kind {
        JoinKind::Inner | JoinKind::Left | JoinKind::Full => inner,
        JoinKind::Semi | JoinKind::Anti => {
            let semi = match is_reversed(sides, special) {
                true => equal_semi(&b, &a, special.right_rows),
                false => equal_semi(&a, &b, special.right_rows),
            };
            semi.min(special.right_rows * inner)
        }
    })
}

/// `eqjoinsel_inner`. Common values of both sides that match contribute the product of their
/// frequencies; the rest matches as if each value of the side with fewer had a partner.
fn equal_inner(a: &Side<'_, '_>, b: &Side<'_, '_>) -> f64 {
    let (Some(a_common), Some(b_common)) = (&a.common, &b.common) else {
        let present = (1.0 - a.null_frac) * (1.0 - b.null_frac);
        return present / if a.distinct > b.distinct { a.distinct } else { b.distinct };
    };
    let pairs = matches(a, a_common, b_common, b_common.values.len());
    let mut product = 0.0;
    for (i, j) in &pairs {
        let frequencies = a_common.numbers.get(*i).zip(b_common.numbers.get(*j));
        product += frequencies.map_or(0.0, |(x, y)| single(x * y));
    }
    let product = clamp(product);
    let a_matched: Vec<usize> = pairs.iter().map(|(i, _)| *i).collect();
    let b_matched: Vec<usize> = pairs.iter().map(|(_, j)| *j).collect();
    let (a_match, a_rest) = split(a_common, &a_matched);
    let (b_match, b_rest) = split(b_common, &b_matched);
    let a_other = clamp(1.0 - a.null_frac - a_match - a_rest);
    let b_other = clamp(1.0 - b.null_frac - b_match - b_rest);
    let n_matches = pairs.len() as f64;
    let seen_from = |rest: f64, other: f64, far: (f64, f64, f64, f64)| {
        let (far_distinct, far_values, far_other, far_rest) = far;
        let mut total = product;
        if far_distinct > far_values {
            total += rest * far_other / (far_distinct - far_values);
        }
        if far_distinct > n_matches {
            total += other * (far_other + far_rest) / (far_distinct - n_matches);
        }
        total
    };
    let count = |slot: &Slot<'_>| slot.values.len() as f64;
    let from_a = seen_from(a_rest, a_other, (b.distinct, count(b_common), b_other, b_rest));
    let from_b = seen_from(b_rest, b_other, (a.distinct, count(a_common), a_other, a_rest));
    if from_a < from_b { from_a } else { from_b }
}

/// Pairs of equal common values, each value in at most one.
fn matches(
    a: &Side<'_, '_>,
    left: &Slot<'_>,
    right: &Slot<'_>,
    n_right: usize,
) -> Vec<(usize, usize)> {
    let order = a.variable.order();
    let mut taken = vec![false; n_right.min(right.values.len())];
    let mut pairs = Vec::new();
    for (i, value) in left.values.iter().enumerate() {
        let free = right
            .values
            .iter()
            .zip(&taken)
            .position(|(other, taken)| !taken && value.is_equal(other, order));
        if let Some(j) = free {
            if let Some(taken) = taken.get_mut(j) {
                *taken = true;
            }
            pairs.push((i, j));
        }
    }
    pairs
}

/// Frequencies of the values that matched, and of those that did not.
fn split(slot: &Slot<'_>, matched: &[usize]) -> (f64, f64) {
    let (mut with, mut without) = (0.0, 0.0);
    for (at, frequency) in slot.numbers.iter().enumerate() {
        if matched.contains(&at) {
            with += frequency;
        } else {
            without += frequency;
        }
    }
    (clamp(with), clamp(without))
}

/// `eqjoinsel_semi`: the part of the left rows that have a partner. The right side has no more values
/// than rows.
fn equal_semi(a: &Side<'_, '_>, b: &Side<'_, '_>, right_rows: f64) -> f64 {
    let (mut b_distinct, mut b_is_default) = (b.distinct, b.is_default);
    for rows in b.variable.rows.into_iter().chain([right_rows]) {
        if b_distinct >= rows {
            b_distinct = rows;
            b_is_default = false;
        }
    }
    let is_guess = a.is_default || b_is_default;
    let (Some(a_common), Some(b_common)) = (&a.common, &b.common) else {
        let present = 1.0 - a.null_frac;
        return if is_guess {
            0.5 * present
        } else if a.distinct <= b_distinct || b_distinct < 0.0 {
            present
        } else {
            (b_distinct / a.distinct) * present
        };
    };
    let n_values = (b_common.values.len() as f64).min(b_distinct) as usize;
    let pairs = matches(a, a_common, b_common, n_values);
    let mut matched = 0.0;
    for (i, _) in &pairs {
        matched += a_common.numbers.get(*i).copied().unwrap_or(0.0);
    }
    let matched = clamp(matched);
    let n_matches = pairs.len() as f64;
    let (a_left, b_left) = (a.distinct - n_matches, b_distinct - n_matches);
    let uncertain_part = if is_guess {
        0.5
    } else if a_left <= b_left || b_left < 0.0 {
        1.0
    } else {
        b_left / a_left
    };
    matched + uncertain_part * clamp(1.0 - matched - a.null_frac)
}
