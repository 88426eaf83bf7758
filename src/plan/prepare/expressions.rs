//! Expressions made ready: constants folded, what every arm of an OR demands taken out of it,
//! subqueries planned, HAVING conditions that need no groups moved to WHERE (`preprocess_expression`
//! in `planner.c`, `canonicalize_qual` in `prepqual.c`).

use super::jointree::for_each_condition_mut;
use super::subplans::plan_subqueries;
use crate::estimate::fold::fold_constants;
use crate::plan::base::rough_scope;
use crate::plan::root::{JoinNode, Root};
use crate::sql::conjuncts;
use crate::sql::expr::Expr;
use crate::sql::functions::{has_aggregate, has_subplan, has_volatile};
use crate::workload::shape::factored;

/// Prepares every expression of the query and its join tree.
pub fn prepare_expressions(root: &mut Root<'_>) -> Result<(), String> {
    let scope = rough_scope(root);
    let mut tree = std::mem::replace(&mut root.jointree, JoinNode::From(Vec::new(), Vec::new()));
    let mut problem = None;
    for_each_condition_mut(&mut tree, &mut |list| {
        let mut out = Vec::with_capacity(list.len());
        for mut condition in std::mem::take(list) {
            fold_constants(&mut condition, &scope);
            for part in conjuncts(condition) {
                out.extend(factored(&part).into_iter().flat_map(conjuncts));
            }
        }
        for condition in &mut out {
            if let Err(error) = plan_subqueries(root, condition) {
                problem = Some(error);
            }
        }
        *list = out;
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    let mut query = std::mem::take(&mut root.query);
    query.for_each_expr_mut(&mut |expr| {
        fold_constants(expr, &scope);
        if let Err(error) = plan_subqueries(root, expr) {
            problem = Some(error);
        }
    });
    root.query = query;
    root.jointree = tree;
    move_having(root);
    problem.map_or(Ok(()), Err)
}

/// Conditions of HAVING without aggregates hold for the rows as well as for the groups.
fn move_having(root: &mut Root<'_>) {
    if root.query.group_by.is_empty() || !root.query.grouping_sets.is_empty() {
        return;
    }
    let may_move = |condition: &Expr| {
        !has_aggregate(condition) && !has_volatile(condition) && !has_subplan(condition)
    };
    let (moved, kept): (Vec<Expr>, Vec<Expr>) =
        std::mem::take(&mut root.query.having).into_iter().partition(may_move);
    root.query.having = kept;
    if let JoinNode::From(_, conditions) = &mut root.jointree {
        conditions.extend(moved);
    } else if !moved.is_empty() {
        let tree = std::mem::replace(&mut root.jointree, JoinNode::From(Vec::new(), Vec::new()));
        root.jointree = JoinNode::From(vec![tree], moved);
    }
}
