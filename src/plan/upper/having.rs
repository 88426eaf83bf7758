//! HAVING: its cost, and the part of the groups that passes.

use std::cell::Cell;
use std::rc::Rc;

use super::targets::eval_cost;
use crate::plan::clause::{Clause, QualCost};
use crate::plan::cost::Filter;
use crate::plan::estimates::clauselist_selectivity;
use crate::plan::path::JoinType;
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::relids::bit;

/// Cost and selectivity of HAVING; `None` without.
pub fn filter(root: &Root<'_>) -> Option<Filter> {
    let having = &root.query.having;
    if having.is_empty() {
        return None;
    }
    let cost = cost(root, having);
    let clauses: Vec<Rc<Clause>> = having.iter().map(|expr| Rc::new(clause(expr, cost))).collect();
    let selectivity = clauselist_selectivity(root, &clauses, None, JoinType::Inner, None);
    Some(Filter { cost, selectivity })
}

/// Cost of all the conditions.
pub fn cost(root: &Root<'_>, conditions: &[Expr]) -> QualCost {
    let mut cost = QualCost::default();
    for condition in conditions {
        cost += eval_cost(root, condition);
    }
    cost
}

/// A condition on groups, seen as one on rows.
fn clause(expr: &Expr, cost: QualCost) -> Clause {
    let relids =
        expr.columns().iter().fold(0, |set, column| set | bit(usize::from(column.relation)));
    Clause {
        expr: expr.clone(),
        is_pushed_down: true,
        is_delayed: false,
        is_pseudoconstant: false,
        can_join: false,
        relids,
        required: relids,
        outer_relids: 0,
        nullable: 0,
        compare: None,
        arms: Vec::new(),
        parent_class: None,
        is_mergejoinable: false,
        is_hashjoinable: false,
        cost,
        norm_selectivity: Cell::new(None),
        outer_selectivity: Cell::new(None),
        left_bucket: Cell::new(None),
        right_bucket: Cell::new(None),
        merge_scan: Cell::new(None),
        left_class: Cell::new(None),
        right_class: Cell::new(None),
    }
}
