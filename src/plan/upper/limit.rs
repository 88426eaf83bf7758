//! LIMIT and OFFSET before planning (`preprocess_limit` and `limit_needed` in `planner.c`): how many of
//! the rows will be read.

use crate::plan::cost::limit::Limits;
use crate::plan::root::Root;
use crate::sql::expr::{Expr, Literal};
use crate::sql::query::Query;

/// The part of the rows that an unknown LIMIT or OFFSET is taken for.
const UNKNOWN_FRACTION: f64 = 0.10;

/// LIMIT and OFFSET as far as they are known.
pub fn limits(query: &Query) -> Limits {
    let count = match query.limit.as_ref().map(constant) {
        None | Some(Constant::Null) => 0.0,
        Some(Constant::Known(count)) => count.max(1.0),
        Some(Constant::Unknown) => -1.0,
    };
    let offset = match query.offset.as_ref().map(constant) {
        None | Some(Constant::Null) => 0.0,
        Some(Constant::Known(offset)) => offset.max(0.0),
        Some(Constant::Unknown) => -1.0,
    };
    Limits { offset, count }
}

enum Constant {
    Null,
    Known(f64),
    Unknown,
}

fn constant(expr: &Expr) -> Constant {
    match expr {
        Expr::Literal(Literal::Null) => Constant::Null,
        Expr::Literal(Literal::Number(digits) | Literal::Text(digits)) => match digits.parse() {
            Ok(number) => Constant::Known(libm::rint(number)),
            Err(_) => Constant::Unknown,
        },
        Expr::Cast { expr, .. } => constant(expr),
        _ => Constant::Unknown,
    }
}

/// Is a Limit node needed at all? Not for LIMIT ALL and OFFSET 0.
pub fn is_limit_needed(query: &Query) -> bool {
    let limits = query.limit.as_ref().is_some_and(|e| !matches!(constant(e), Constant::Null));
    let skips = query.offset.as_ref().is_some_and(|expr| match constant(expr) {
        Constant::Null => false,
        Constant::Known(offset) => offset != 0.0,
        Constant::Unknown => true,
    });
    limits || skips
}

/// Takes LIMIT and OFFSET into `tuple_fraction` and `limit_tuples`.
pub fn preprocess_limit(root: &mut Root<'_>) {
    let limits = limits(&root.query);
    root.tuple_fraction = tuple_fraction(root.tuple_fraction, limits);
    let query = &root.query;
    let has_steps = !query.group_by.is_empty()
        || !query.grouping_sets.is_empty()
        || query.distinct.is_some()
        || !query.having.is_empty()
        || super::aggregates::has_aggregates(root)
        || !super::windows::active_windows(root).is_empty()
        || super::project_set::has_target_sets(root);
    root.limit_tuples = if has_steps { -1.0 } else { limits.tuples() };
}

/// The caller's fraction (0: all; up to 1: that part; else so many rows) with the query's own limit.
/// Where one is a part and the other a number, the number is taken to be smaller.
fn tuple_fraction(caller: f64, limits: Limits) -> f64 {
    if limits.count != 0.0 {
        let own = if limits.count < 0.0 || limits.offset < 0.0 {
            UNKNOWN_FRACTION
        } else {
            limits.count + limits.offset
        };
        return if caller >= 1.0 {
            if own >= 1.0 { caller.min(own) } else { caller }
        } else if caller > 0.0 && own < 1.0 {
            caller.min(own)
        } else {
            own
        };
    }
    if limits.offset == 0.0 || caller <= 0.0 {
        return caller;
    }
    // OFFSET alone: more rows are read, not fewer.
    let own = if limits.offset < 0.0 { UNKNOWN_FRACTION } else { limits.offset };
    match (caller >= 1.0, own >= 1.0) {
        (true, true) => caller + own,
        (true, false) => own,
        (false, true) => caller,
        (false, false) if caller + own >= 1.0 => 0.0,
        (false, false) => caller + own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions() {
        let limits = |count, offset| Limits { count, offset };
        assert_eq!(tuple_fraction(0.0, limits(10.0, 5.0)), 15.0);
        assert_eq!(tuple_fraction(0.0, limits(-1.0, 0.0)), 0.10);
        assert_eq!(tuple_fraction(7.0, limits(10.0, 0.0)), 7.0);
        assert_eq!(tuple_fraction(0.5, limits(10.0, 0.0)), 10.0);
        assert_eq!(tuple_fraction(0.5, limits(0.0, -1.0)), 0.6);
        assert_eq!(tuple_fraction(0.0, limits(0.0, 100.0)), 0.0);
    }
}
