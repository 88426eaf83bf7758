//! What the cost of a plan hides: it takes the rows to lie evenly and every value to be as common as
//! the average. Where a plan lives by that, it is charged with a part of what it costs otherwise.

use crate::read::plan_node::PlanNode;

/// A scan in order that passes over rows until LIMIT of them fit reads on when they are not where the
/// average puts them: it is charged with so much of what passing over all would cost.
const PASSED_UNDER_LIMIT: f64 = 0.01;

/// What a row that fits costs at most: a random page.
const COST_OF_ROW: f64 = 4.2;

/// What is sorted for a LIMIT is all read first, and a value can be more common than the average; an
/// index in order would stop.
const SORT_UNDER_LIMIT: f64 = 0.1;

/// Without LIMIT only the sort itself would go.
const SORT: f64 = 0.03;

/// The risk of a plan, in planner units.
pub fn risk(root: &PlanNode) -> f64 {
    of_node(root, false)
}

fn of_node(node: &PlanNode, limited: bool) -> f64 {
    let total = node.total_cost.unwrap_or(0.0);
    let kind = node.node_type.as_str();
    let own = match kind {
        "Sort" | "Incremental Sort" if limited => SORT_UNDER_LIMIT * total,
        "Sort" | "Incremental Sort" => SORT * total,
        "Index Scan" | "Index Only Scan" if limited => {
            let rows = node.plan_rows.unwrap_or(1.0);
            PASSED_UNDER_LIMIT * (total - COST_OF_ROW * rows).max(0.0)
        }
        _ => 0.0,
    };
    // What must read all of its input before the first row is not stopped by a LIMIT above it.
    let passes =
        matches!(kind, "Limit" | "Nested Loop" | "Subquery Scan" | "Append" | "Result" | "Unique")
            || (limited && kind == "Incremental Sort");
    let inner_limited = passes && (limited || kind == "Limit");
    let inputs: f64 = node.plans.iter().map(|input| of_node(input, inner_limited)).sum();
    own + inputs
}
