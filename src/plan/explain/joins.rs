//! Joins: merge joins get their sorts, hash joins their Hash.

use std::rc::Rc;

use serde_json::json;

use super::nodes::{Printer, related, two_digits};
use super::scans::by_cost;
use crate::plan::Scan;
use crate::plan::clause::Clause;
use crate::plan::path::{JoinMethod, JoinPath, JoinType, Path};
use crate::plan::pathkeys::PathKey;
use crate::read::plan_node::PlanNode;
use crate::sql::expr::Expr;
use crate::sql::relids::{Relids, is_subset};

impl Printer<'_, '_> {
    pub(super) fn join(&self, path: &Rc<Path>, join: &JoinPath, scans: &mut Vec<Scan>) -> PlanNode {
        let (name, property) = match join.method {
            JoinMethod::NestedLoop => ("Nested Loop", "Join Filter"),
            JoinMethod::Hash => ("Hash Join", "Hash Cond"),
            JoinMethod::Merge => ("Merge Join", "Merge Cond"),
        };
        let mut node = PlanNode::new(name);
        let kind = match join.jointype {
            JoinType::Left => "Left",
            JoinType::Full => "Full",
            JoinType::Right => "Right",
            JoinType::Semi => "Semi",
            JoinType::Anti => "Anti",
            _ => "Inner",
        };
        node.more.insert("Join Type".to_owned(), json!(kind));
        node.more.insert("Inner Unique".to_owned(), json!(join.inner_unique));
        let by_outer: Vec<Expr> = join
            .method_clauses
            .iter()
            .map(|clause| outer_first(clause, join.outer.relids))
            .collect();
        self.put(&mut node, property, &by_outer);
        let by_method =
            |clause: &&Rc<Clause>| join.method_clauses.iter().any(|m| Rc::ptr_eq(m, clause));
        let rest: Vec<&Rc<Clause>> = join
            .clauses
            .iter()
            .filter(|clause| !by_method(clause) && !clause.is_pseudoconstant)
            .collect();
        let is_filter = |clause: &&&Rc<Clause>| {
            join.jointype.is_outer() && crate::plan::sizes::is_pushed_down(clause, path.relids)
        };
        let exprs = |wanted: bool| -> Vec<&Expr> {
            by_cost(rest.iter().filter(|c| is_filter(c) == wanted).copied())
        };
        self.put(&mut node, "Join Filter", exprs(false));
        self.put(&mut node, "Filter", exprs(true));
        let outer = self.sorted(&join.outer, join.outer_sort.as_deref(), scans);
        node.plans.push(related(outer, "Outer"));
        let mut inner = self.sorted(&join.inner, join.inner_sort.as_deref(), scans);
        if join.materialize_inner {
            inner = wrapped("Materialize", inner);
        }
        if join.method == JoinMethod::Hash {
            inner = wrapped("Hash", inner);
            inner.startup_cost = inner.total_cost;
            if path.parallel_aware {
                inner.more.insert("Parallel Aware".to_owned(), json!(true));
            }
        }
        node.plans.push(related(inner, "Inner"));
        node
    }

    /// A merge join's input, below its Sort.
    pub(super) fn sorted(
        &self,
        path: &Rc<Path>,
        keys: Option<&[PathKey]>,
        scans: &mut Vec<Scan>,
    ) -> PlanNode {
        let input = self.node(path, scans);
        let Some(keys) = keys else { return input };
        let cost = crate::plan::cost::sort::sort(
            self.root.settings(),
            path.total,
            path.rows,
            path.target.width,
            0.0,
            -1.0,
        );
        let mut node = wrapped("Sort", input);
        node.startup_cost = Some(two_digits(cost.startup));
        node.total_cost = Some(two_digits(cost.total));
        node.more.insert("Sort Key".to_owned(), self.keys(keys, path));
        node
    }
}

/// A join condition with the outer side on its left.
fn outer_first(clause: &Clause, outer: Relids) -> Expr {
    match &clause.compare {
        Some(sides) if !is_subset(sides.left_relids, outer) => {
            let (left, right) = (sides.right.clone(), sides.left.clone());
            Expr::Compare(
                sides.op.commuted(),
                Box::new((*left).clone()),
                Box::new((*right).clone()),
            )
        }
        _ => clause.expr.clone(),
    }
}

/// A node over another with the same numbers.
fn wrapped(name: &str, input: PlanNode) -> PlanNode {
    let mut node = PlanNode::new(name);
    node.startup_cost = input.startup_cost;
    node.total_cost = input.total_cost;
    node.plan_rows = input.plan_rows;
    node.plan_width = input.plan_width;
    node.plans.push(related(input, "Outer"));
    node
}
