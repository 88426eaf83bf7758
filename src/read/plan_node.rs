//! A plan tree in the shape and with the property names of PostgreSQL's EXPLAIN (FORMAT JSON); plans
//! pasted in any format and plans made here are both of this kind.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One node. Costs are in planner units, times in milliseconds, widths in bytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanNode {
    /// `Seq Scan`, `Index Only Scan`, `Hash Join` ...
    #[serde(rename = "Node Type")]
    pub node_type: String,
    /// `Outer`, `Inner`, `SubPlan`, `InitPlan`, `Member`.
    #[serde(rename = "Parent Relationship", default, skip_serializing_if = "Option::is_none")]
    pub parent_relationship: Option<String>,
    /// Table.
    #[serde(rename = "Relation Name", default, skip_serializing_if = "Option::is_none")]
    pub relation_name: Option<String>,
    /// Schema of the table.
    #[serde(rename = "Schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Alias.
    #[serde(rename = "Alias", default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Index.
    #[serde(rename = "Index Name", default, skip_serializing_if = "Option::is_none")]
    pub index_name: Option<String>,
    /// Cost before the first row.
    #[serde(rename = "Startup Cost", default, skip_serializing_if = "Option::is_none")]
    pub startup_cost: Option<f64>,
    /// Cost of all rows.
    #[serde(rename = "Total Cost", default, skip_serializing_if = "Option::is_none")]
    pub total_cost: Option<f64>,
    /// Estimated rows.
    #[serde(rename = "Plan Rows", default, skip_serializing_if = "Option::is_none")]
    pub plan_rows: Option<f64>,
    /// Estimated width.
    #[serde(rename = "Plan Width", default, skip_serializing_if = "Option::is_none")]
    pub plan_width: Option<f64>,
    /// Measured time to the first row, per loop.
    #[serde(rename = "Actual Startup Time", default, skip_serializing_if = "Option::is_none")]
    pub actual_startup_ms: Option<f64>,
    /// Measured time to the last row, per loop.
    #[serde(rename = "Actual Total Time", default, skip_serializing_if = "Option::is_none")]
    pub actual_total_ms: Option<f64>,
    /// Measured rows per loop.
    #[serde(rename = "Actual Rows", default, skip_serializing_if = "Option::is_none")]
    pub actual_rows: Option<f64>,
    /// Times it ran; 0 is "never executed".
    #[serde(rename = "Actual Loops", default, skip_serializing_if = "Option::is_none")]
    pub actual_loops: Option<f64>,
    /// Every other property in its order: `Filter`, `Index Cond`, `Sort Key`, `Join Type`, ...
    #[serde(flatten)]
    pub more: Map<String, Value>,
    /// Inputs.
    #[serde(rename = "Plans", default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<PlanNode>,
}

impl PlanNode {
    /// A node without any numbers.
    pub fn new(node_type: &str) -> PlanNode {
        PlanNode { node_type: node_type.to_owned(), ..PlanNode::default() }
    }

    /// A text property such as `Filter`.
    pub fn text(&self, property: &str) -> Option<&str> {
        self.more.get(property).and_then(Value::as_str)
    }

    /// A number property such as `Rows Removed by Filter`.
    pub fn number(&self, property: &str) -> Option<f64> {
        self.more.get(property).and_then(Value::as_f64)
    }

    /// All processes together do it once (`Parallel Seq Scan`).
    pub fn is_parallel_aware(&self) -> bool {
        self.more.get("Parallel Aware") == Some(&Value::Bool(true))
    }

    /// Into how many parts the planner divides rows among workers: the leader helps less the more
    /// there are (`get_parallel_divisor` of `costsize.c`).
    pub fn parallel_divisor(workers: f64) -> f64 {
        workers + (1.0 - 0.3 * workers).max(0.0)
    }

    /// May this input end before it has given all its rows? `stopped`: may this node itself?
    pub fn leaves_unread(&self, input: &PlanNode, stopped: bool) -> bool {
        (stopped && !self.reads_all()) || self.stops(input)
    }

    /// Takes all rows of its input before it gives its first.
    fn reads_all(&self) -> bool {
        match self.node_type.as_str() {
            "Sort" | "Hash" => true,
            "Aggregate" | "SetOp" => self.text("Strategy") != Some("Sorted"),
            _ => false,
        }
    }

    /// May end this input early by itself.
    fn stops(&self, input: &PlanNode) -> bool {
        let relation = input.parent_relationship.as_deref();
        let inner = relation == Some("Inner");
        let is_unique = self.more.get("Inner Unique") == Some(&Value::Bool(true));
        match self.node_type.as_str() {
            _ if matches!(relation, Some("SubPlan" | "InitPlan")) => true,
            "Limit" | "Merge Join" => true,
            "Nested Loop" => {
                inner && (is_unique || matches!(self.text("Join Type"), Some("Semi" | "Anti")))
            }
            // Nothing to find in an empty hash.
            "Hash Join" => !inner && self.plans.iter().any(|hash| hash.actual_rows == Some(0.0)),
            _ => false,
        }
    }

    /// This node and all below it, parents first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a PlanNode)) {
        visit(self);
        for child in &self.plans {
            child.walk(visit);
        }
    }
}
