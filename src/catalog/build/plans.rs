//! Sizes of tables that only a pasted plan tells: what a sequential scan read.
//!
//! Measured: rows returned and rows removed, per loop (of every worker, when the scan is shared among
//! them), unless something above stopped it early. Not measured: the estimate of a scan without a
//! condition, which is the server's own row count. Statistics that were pasted are better and stay.

use crate::catalog::Catalog;
use crate::read::PastedPlan;
use crate::read::plan_node::PlanNode;
use crate::read::statistics::Origin;
use crate::sql::schema::Name;

/// Fills in the rows of tables that nothing else tells; of several scans the largest counts.
pub(super) fn add_sizes_of_plans(catalog: &mut Catalog, plans: &[PastedPlan]) {
    let mut seen = Vec::new();
    for plan in plans {
        scanned_rows(&plan.root, false, &mut seen);
    }
    for (name, rows) in seen {
        let Some(at) = catalog.find_table(&name) else { continue };
        let Some(table) = catalog.tables.get_mut(at) else { continue };
        let statistics = &mut table.statistics;
        match (statistics.reltuples, statistics.origin) {
            (None, None) => {}
            (Some(known), Some(Origin::Plan)) if known < rows => {}
            _ => continue,
        }
        statistics.reltuples = Some(rows);
        statistics.origin = Some(Origin::Plan);
    }
}

/// The rows of every table that a plan reads from end to end. `stopped`: something above may end the
/// scan early.
fn scanned_rows(node: &PlanNode, stopped: bool, out: &mut Vec<(Name, f64)>) {
    if let (Some(name), Some(rows)) = (&node.relation_name, rows_of_scan(node, stopped)) {
        out.push((Name { schema: node.schema.clone(), name: name.clone() }, rows));
    }
    let reads_all = matches!(node.node_type.as_str(), "Sort" | "Aggregate" | "Hash" | "SetOp");
    let stops = node.node_type == "Limit"
        || matches!(node.text("Join Type"), Some("Semi" | "Anti"))
        || node.node_type == "Merge Join";
    for child in &node.plans {
        scanned_rows(child, (stopped || stops) && !reads_all, out);
    }
}

fn rows_of_scan(node: &PlanNode, stopped: bool) -> Option<f64> {
    if node.node_type != "Seq Scan" {
        return None;
    }
    let has_condition = node.more.contains_key("Filter");
    match (node.actual_rows, node.actual_loops) {
        (Some(rows), Some(loops)) if !stopped && loops > 0.0 => {
            let removed = node.number("Rows Removed by Filter").unwrap_or(0.0);
            let is_shared = node.more.get("Parallel Aware") == Some(&true.into());
            Some((rows + removed) * if is_shared { loops } else { 1.0 })
        }
        _ if !has_condition => node.plan_rows,
        _ => None,
    }
}
