//! How far a merge join reads its inputs.

use super::scope::Scope;
use crate::sql::expr::Expr;

/// Parts of the two inputs that a merge join reads before its first pair and until its last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MergeScan {
    /// Part of the left input before its first pair.
    pub left_start: f64,
    /// Part of the left input that is read.
    pub left_end: f64,
    /// Part of the right input before its first pair.
    pub right_start: f64,
    /// Part of the right input that is read.
    pub right_end: f64,
}

/// `mergejoinscansel`: without knowledge of both ranges everything is read.
pub fn merge_scan_selectivity(
    scope: &Scope<'_>,
    left: &Expr,
    right: &Expr,
    desc: bool,
    nulls_first: bool,
) -> MergeScan {
    let _ = (scope, left, right, desc, nulls_first);
    MergeScan { left_start: 0.0, left_end: 1.0, right_start: 0.0, right_end: 1.0 }
}
