//! EXPLAIN and ANALYZE of MySQL and MariaDB in all their formats. Every format becomes a tree in the
//! shape of PostgreSQL's JSON with the node types that MySQL's TREE format prints: `Table scan`,
//! `Index lookup`, `Nested loop inner join`, `Sort`.
//!
//! `Plan Rows` are the rows examined per scan; `Filtered` is the percentage that is kept of them.

pub mod json;
pub mod tabular;
pub mod tree;

use serde_json::Value;

use super::facts::PastedPlan;
use super::plan_node::PlanNode;

/// The node type of an access type.
pub fn access_name(access: &str) -> &str {
    match access.split('|').next().unwrap_or(access) {
        "ALL" => "Table scan",
        "index" => "Index scan",
        "range" => "Index range scan",
        "ref" | "ref_or_null" => "Index lookup",
        "eq_ref" => "Single-row index lookup",
        "const" | "system" => "Constant row",
        "index_merge" => "Index merge",
        "fulltext" => "Full-text index search",
        "unique_subquery" | "index_subquery" => "Index lookup in subquery",
        _ => access,
    }
}

/// Joins the tables of a block: one by itself, several as a nested loop.
fn join(mut inputs: Vec<PlanNode>) -> Option<PlanNode> {
    if inputs.len() < 2 {
        return inputs.pop();
    }
    for (n, input) in inputs.iter_mut().enumerate() {
        input.parent_relationship = Some(if n == 0 { "Outer" } else { "Inner" }.to_owned());
    }
    let plans = inputs;
    Some(PlanNode { plans, ..PlanNode::new("Nested loop join") })
}

/// A plan by its root.
fn pasted(root: PlanNode) -> PastedPlan {
    let mut analyze = false;
    root.walk(&mut |node| analyze |= node.actual_rows.is_some() || node.actual_loops.is_some());
    PastedPlan {
        root,
        analyze,
        query: None,
        planning_ms: None,
        execution_ms: None,
        duration_ms: None,
        settings: Vec::new(),
        source: None,
    }
}

fn set_text(node: &mut PlanNode, property: &str, value: &str) {
    node.more.insert(property.to_owned(), Value::String(value.to_owned()));
}
