//! How far a merge join reads its inputs. After `mergejoinscansel` of `selfuncs.c`.

use super::fold::Constant;
use super::inequality::{DEFAULT_INEQ, compared_with, range};
use super::scope::Scope;
use super::variable::{Variable, clamp};
use crate::sql::expr::{CompareOp, Expr};

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

/// An input is read no further than the other's last value: of two ends the smaller counts, of two
/// starts the larger. Without knowledge of both ranges everything is read.
pub fn merge_scan_selectivity(
    scope: &Scope<'_>,
    left: &Expr,
    right: &Expr,
    desc: bool,
    nulls_first: bool,
) -> MergeScan {
    let mut scan = MergeScan { left_start: 0.0, left_end: 1.0, right_start: 0.0, right_end: 1.0 };
    let (left, right) = (scope.variable(left, None), scope.variable(right, None));
    let (Some(left_range), Some(right_range)) = (range(&left), range(&right)) else {
        return scan;
    };
    // What comes first and last in the direction of reading.
    let ends = |(low, high): (Constant, Constant)| if desc { (high, low) } else { (low, high) };
    let (left_first, left_last) = ends(left_range);
    let (right_first, right_last) = ends(right_range);
    let (until, before) = match desc {
        true => (CompareOp::Ge, CompareOp::Gt),
        false => (CompareOp::Le, CompareOp::Lt),
    };
    (scan.left_end, scan.right_end) = (
        part(&left, until, &right_last).unwrap_or(1.0),
        part(&right, until, &left_last).unwrap_or(1.0),
    );
    if scan.left_end > scan.right_end {
        scan.left_end = 1.0;
    } else if scan.left_end < scan.right_end {
        scan.right_end = 1.0;
    } else {
        (scan.left_end, scan.right_end) = (1.0, 1.0);
    }
    (scan.left_start, scan.right_start) = (
        part(&left, before, &right_first).unwrap_or(0.0),
        part(&right, before, &left_first).unwrap_or(0.0),
    );
    if scan.left_start < scan.right_start {
        scan.left_start = 0.0;
    } else if scan.left_start > scan.right_start {
        scan.right_start = 0.0;
    } else {
        (scan.left_start, scan.right_start) = (0.0, 0.0);
    }
    if nulls_first {
        scan.left_start = clamp(scan.left_start + left.null_frac());
        scan.left_end = clamp(scan.left_end + left.null_frac());
        scan.right_start = clamp(scan.right_start + right.null_frac());
        scan.right_end = clamp(scan.right_end + right.null_frac());
    }
    if scan.left_start >= scan.left_end {
        (scan.left_start, scan.left_end) = (0.0, 1.0);
    }
    if scan.right_start >= scan.right_end {
        (scan.right_start, scan.right_end) = (0.0, 1.0);
    }
    scan
}

/// The part of a variable's rows on one side of a value; `None` where that is but a default.
fn part(variable: &Variable<'_>, op: CompareOp, end: &Constant) -> Option<f64> {
    let part = compared_with(variable, op, end.value.as_ref()?);
    (part != DEFAULT_INEQ).then_some(part)
}
