//! Selectivity of join clauses. After PostgreSQL's `eqjoinsel` (inner and semi) in `selfuncs.c`.

use super::column::ColumnInfo;
use super::selectivity::{Scope, common_values};
use crate::sql::expr::{CompareOp, Expr};
use crate::sql::relids::Relids;

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

/// The part of the cross product of the relations in a clause that it keeps.
pub fn join_selectivity(scope: &Scope<'_>, clause: &Expr) -> f64 {
    match clause {
        Expr::Compare(CompareOp::Eq | CompareOp::NotDistinct, left, right) => {
            match (scope.info(left), scope.info(right)) {
                (Some(left), Some(right)) => equal_join(&left, &right),
                (Some(one), None) | (None, Some(one)) => 1.0 / one.n_distinct.max(1.0),
                (None, None) => 0.005,
            }
        }
        Expr::Compare(CompareOp::Ne | CompareOp::Distinct, left, right) => {
            let same = Expr::Compare(CompareOp::Eq, left.clone(), right.clone());
            1.0 - join_selectivity(scope, &same)
        }
        Expr::Or(arms) => arms.iter().fold(0.0, |sum, arm| {
            let one = join_selectivity(scope, arm);
            sum + one - sum * one
        }),
        Expr::And(parts) => parts.iter().map(|part| join_selectivity(scope, part)).product(),
        // Without both sides known an inequality keeps a third, as `scalarltjoinsel` has it.
        other => super::selectivity::clause(scope, other),
    }
}

/// Inner equality. Common values of both sides that match contribute the product of their
/// frequencies; what is left matches as if every value of the side with fewer had a partner.
fn equal_join(a: &ColumnInfo<'_>, b: &ColumnInfo<'_>) -> f64 {
    let (a_values, a_frequencies) = common_values(a);
    let (b_values, b_frequencies) = common_values(b);
    let (a_present, b_present) = (1.0 - a.null_frac, 1.0 - b.null_frac);
    if a_values.is_empty() || b_values.is_empty() {
        return a_present * b_present / a.n_distinct.max(b.n_distinct).max(1.0);
    }
    let mut matched = 0.0;
    let (mut a_matched, mut b_matched, mut n_matched) = (0.0, 0.0, 0.0);
    for (value, a_frequency) in a_values.iter().zip(a_frequencies) {
        if let Some(at) = b_values.iter().position(|other| other == value) {
            let b_frequency = b_frequencies.get(at).copied().unwrap_or(0.0);
            matched += a_frequency * b_frequency;
            a_matched += a_frequency;
            b_matched += b_frequency;
            n_matched += 1.0;
        }
    }
    let count = |values: &[String]| f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX));
    let a_unmatched = (a_frequencies.iter().sum::<f64>() - a_matched).clamp(0.0, 1.0);
    let b_unmatched = (b_frequencies.iter().sum::<f64>() - b_matched).clamp(0.0, 1.0);
    let a_other = (a_present - a_matched - a_unmatched).clamp(0.0, 1.0);
    let b_other = (b_present - b_matched - b_unmatched).clamp(0.0, 1.0);
    let one_way = |side: Side| {
        let Side {
            n_distinct,
            n_values,
            unmatched,
            other,
            other_unmatched,
            other_other,
            mine_other,
        } = side;
        let mut total = matched;
        if n_distinct > n_values {
            total += unmatched * other_other / (n_distinct - n_values);
        }
        if n_distinct > n_matched {
            total += mine_other * (other + other_unmatched) / (n_distinct - n_matched);
        }
        total
    };
    let first = one_way(Side {
        n_distinct: b.n_distinct,
        n_values: count(b_values),
        unmatched: a_unmatched,
        other_other: b_other,
        mine_other: a_other,
        other: b_other,
        other_unmatched: b_unmatched,
    });
    let second = one_way(Side {
        n_distinct: a.n_distinct,
        n_values: count(a_values),
        unmatched: b_unmatched,
        other_other: a_other,
        mine_other: b_other,
        other: a_other,
        other_unmatched: a_unmatched,
    });
    first.min(second).clamp(0.0, 1.0)
}

/// One of the two ways to count what does not match among the common values.
struct Side {
    n_distinct: f64,
    n_values: f64,
    unmatched: f64,
    other_other: f64,
    mine_other: f64,
    other: f64,
    other_unmatched: f64,
}

/// The part of the outer rows that have a partner: for EXISTS, IN and their negations. Without common
/// values, the smaller count of distinct values over the outer side's.
pub fn semi_selectivity(outer: &ColumnInfo<'_>, inner: &ColumnInfo<'_>, inner_rows: f64) -> f64 {
    let inner_distinct = inner.n_distinct.min(inner_rows.max(1.0));
    let present = 1.0 - outer.null_frac;
    if outer.n_distinct <= inner_distinct {
        present
    } else {
        present * inner_distinct / outer.n_distinct
    }
}
