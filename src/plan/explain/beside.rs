//! Where the plans that run beside a query stand (`ExplainSubPlans` in `explain.c`): what runs once under
//! the top node of its level, what runs for each row under the node whose expressions ask for it.

use serde_json::Value;

use crate::read::plan_node::PlanNode;

/// Nodes that pass rows on as they are: what a query selects is computed below them.
const PASSING: [&str; 7] =
    ["Limit", "Sort", "Incremental Sort", "Gather", "Gather Merge", "Unique", "LockRows"];

/// Puts a plan that runs for each row under the node that runs it. `label`: `SubPlan 1`.
pub fn attach(node: &mut PlanNode, subplan: PlanNode, label: &str) {
    let mention = format!("{label})");
    let target = match find(node, &mention) {
        Some(path) => walk(node, &path),
        None => below_passing(node),
    };
    target.plans.push(subplan);
}

/// The way to the deepest node that mentions the plan in a condition of its own.
fn find(node: &PlanNode, mention: &str) -> Option<Vec<usize>> {
    for (at, child) in node.plans.iter().enumerate() {
        if let Some(mut path) = find(child, mention) {
            path.insert(0, at);
            return Some(path);
        }
    }
    let mentions = |(name, value): (&String, &Value)| {
        !name.ends_with("Key") && value.as_str().is_some_and(|text| text.contains(mention))
    };
    node.more.iter().any(mentions).then(Vec::new)
}

fn walk<'n>(node: &'n mut PlanNode, path: &[usize]) -> &'n mut PlanNode {
    match path.split_first() {
        Some((at, rest)) if *at < node.plans.len() => walk(&mut node.plans[*at], rest),
        _ => node,
    }
}

fn below_passing(node: &mut PlanNode) -> &mut PlanNode {
    let passes = PASSING.contains(&node.node_type.as_str()) && !node.plans.is_empty();
    if passes { below_passing(&mut node.plans[0]) } else { node }
}
