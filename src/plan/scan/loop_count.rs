//! How often a scan that depends on other relations is repeated (`get_loop_count` in `indxpath.c`).

use crate::plan::estimates::num_groups;
use crate::plan::path::JoinType;
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::relids::{Relids, bit, members, overlaps};

/// Rows of the smallest of the relations that it depends on; 1 without any.
pub fn loop_count(root: &Root<'_>, relation: usize, outer: Relids) -> f64 {
    let mut least = 0.0;
    for other in members(outer) {
        let Some(rel) = root.rels.get(other) else { continue };
        let rows = rows_for_semijoins(root, relation, other, rel.rows);
        if least == 0.0 || least > rows {
            least = rows;
        }
    }
    if least > 0.0 { least } else { 1.0 }
}

/// `adjust_rowcount_for_semijoins`: the other side of an IN is read once for each distinct value.
fn rows_for_semijoins(root: &Root<'_>, relation: usize, other: usize, rows: f64) -> f64 {
    let mut rows = rows;
    for special in &root.special_joins {
        if special.jointype != JoinType::Semi
            || !overlaps(special.syn_left, bit(relation))
            || !overlaps(special.syn_right, bit(other))
        {
            continue;
        }
        let all: f64 = members(special.syn_right)
            .filter_map(|at| root.rels.get(at))
            .map(|rel| rel.rows)
            .product();
        let exprs: Vec<&Expr> = special.semi_rhs_exprs.iter().map(|expr| &**expr).collect();
        let distinct = num_groups(root, &exprs, all);
        if rows > distinct {
            rows = distinct;
        }
    }
    rows
}
