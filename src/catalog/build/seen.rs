//! The scans of a pasted plan, with what is above them that decides what their figures mean.

use crate::catalog::Catalog;
use crate::read::PastedPlan;
use crate::read::plan_node::PlanNode;
use crate::sql::schema::Name;

/// A node that reads a table.
pub(super) struct Seen<'a> {
    /// The node.
    pub node: &'a PlanNode,
    /// Something above may have ended it before it had read all.
    pub stopped: bool,
    /// Workers planned for the Gather above; 0 without one.
    pub workers: f64,
}

/// Rows of a whole scan.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    /// Rows returned.
    pub kept: f64,
    /// Rows that the filter threw away.
    pub removed: f64,
}

/// Every node that reads a table.
pub(super) fn scans(plan: &PastedPlan) -> Vec<Seen<'_>> {
    let mut found = Vec::new();
    add(&plan.root, false, 0.0, &mut found);
    found
}

fn add<'a>(node: &'a PlanNode, stopped: bool, workers: f64, found: &mut Vec<Seen<'a>>) {
    if node.relation_name.is_some() && node.node_type.ends_with("Scan") {
        found.push(Seen { node, stopped, workers });
    }
    let workers = node.number("Workers Planned").unwrap_or(workers);
    for child in &node.plans {
        add(child, node.leaves_unread(child, stopped), workers, found);
    }
}

impl Seen<'_> {
    /// The table in the catalog.
    pub fn table(&self, catalog: &Catalog) -> Option<usize> {
        let name = self.node.relation_name.clone()?;
        catalog.find_table(&Name { schema: self.node.schema.clone(), name })
    }

    /// The rows of one whole scan, where they were counted to the end.
    pub fn measured(&self) -> Option<Measured> {
        let rows = self.node.actual_rows.filter(|_| !self.stopped)?;
        let loops = self.node.actual_loops.filter(|loops| *loops > 0.0)?;
        let removed = self.node.number("Rows Removed by Filter").unwrap_or(0.0);
        let times = if self.node.is_parallel_aware() { loops } else { 1.0 };
        Some(Measured { kept: rows * times, removed: removed * times })
    }
}
