//! The tree of EXPLAIN's text format: a node hangs on the last node that is indented less.

use serde_json::Value;

use super::lines::{Kind, PlanLine, property_name};
use super::node::{read_node, read_relation, set};
use super::property::{add_property, add_worker, list};
use crate::limits;
use crate::read::facts::PastedPlan;
use crate::read::plan_node::PlanNode;

/// A plan and what was strange about it.
pub struct Built {
    /// The plan, without its place and its query.
    pub plan: PastedPlan,
    /// Nodes that were nested too deep.
    pub dropped: usize,
    /// A node has more inputs than its kind takes: the indentation was lost on the way.
    pub uncertain: bool,
}

/// Builds the tree.
pub fn build_plan(lines: &[PlanLine]) -> Built {
    let mut builder = Builder::default();
    for line in lines {
        builder.take(line);
    }
    builder.finish()
}

/// Part of a plan that may still get children.
struct Level {
    indent: Option<usize>,
    node: PlanNode,
    /// A `SubPlan 1` line, no node: its children belong to the node above it.
    is_subplan: bool,
}

#[derive(Default)]
struct Builder {
    stack: Vec<Level>,
    planning_ms: Option<f64>,
    execution_ms: Option<f64>,
    settings: Vec<(String, String)>,
    /// Lines about the whole plan have begun.
    tail: bool,
    /// The worker that the next deeper lines are about, and its indentation.
    worker: Option<(u64, usize)>,
    dropped: usize,
}

impl Builder {
    fn take(&mut self, line: &PlanLine) {
        match line.kind {
            Kind::Root => self.stack.push(Level {
                indent: None,
                node: read_node(&line.text),
                is_subplan: false,
            }),
            Kind::Node | Kind::Subplan => self.open(line),
            Kind::Target => self.add_target(&line.text),
            Kind::Whole => self.add_whole(&line.text),
            Kind::Property => self.add_line(line),
        }
    }

    fn open(&mut self, line: &PlanLine) {
        self.tail = false;
        self.worker = None;
        while self.stack.last().is_some_and(|top| top.indent.is_some_and(|i| i >= line.indent)) {
            self.close();
        }
        if self.stack.len() >= 2 * limits::PLAN_DEPTH_MAX {
            self.dropped += 1;
            return;
        }
        let is_subplan = line.kind == Kind::Subplan;
        let node = if is_subplan { PlanNode::new(line.text.trim()) } else { read_node(&line.text) };
        self.stack.push(Level { indent: Some(line.indent), node, is_subplan });
    }

    /// Hangs the last level on the one above it.
    fn close(&mut self) {
        let Some(mut level) = self.stack.pop() else { return };
        if level.is_subplan {
            let name = level.node.node_type;
            let relation = if name.starts_with("SubPlan") { "SubPlan" } else { "InitPlan" };
            let Some(above) = self.stack.last_mut() else { return };
            for mut child in level.node.plans {
                child.parent_relationship = Some(relation.to_owned());
                set(&mut child, "Subplan Name", Value::String(name.clone()));
                above.node.plans.push(child);
            }
            return;
        }
        relate_children(&mut level.node);
        if let Some(above) = self.stack.last_mut() {
            above.node.plans.push(level.node);
        } else {
            self.stack.push(level);
        }
    }

    fn add_target(&mut self, text: &str) {
        let Some((_, target)) = text.split_once(" on ") else { return };
        let mut one = PlanNode::default();
        read_relation(target, &mut one);
        let Ok(Value::Object(mut entry)) = serde_json::to_value(&one) else { return };
        entry.shift_remove("Node Type");
        let Some(top) = self.stack.last_mut() else { return };
        let targets = top.node.more.entry("Target Tables").or_insert_with(|| Value::Array(vec![]));
        if let Some(targets) = targets.as_array_mut() {
            targets.push(Value::Object(entry));
        }
    }

    fn add_whole(&mut self, text: &str) {
        self.tail = true;
        let Some((name, value)) = text.split_once(':') else { return };
        let value = value.trim();
        let ms = value.split(' ').next().and_then(|n| n.parse::<f64>().ok());
        match name {
            "Planning Time" | "Planning time" => self.planning_ms = ms,
            "Execution Time" | "Execution time" | "Total runtime" => self.execution_ms = ms,
            "Settings" => self.settings = read_settings(value),
            _ => {}
        }
    }

    fn add_line(&mut self, line: &PlanLine) {
        if self.tail {
            return;
        }
        let Some(name) = property_name(&line.text) else { return };
        let value = line.text.get(name.len() + 1..).unwrap_or("").trim();
        let node = self.stack.iter_mut().rev().find(|level| !level.is_subplan);
        let Some(node) = node.map(|level| &mut level.node) else { return };
        if let Some(number) = name.strip_prefix("Worker ").and_then(|n| n.parse::<u64>().ok()) {
            self.worker = Some((number, line.indent));
            add_worker(node, number, value);
            return;
        }
        match self.worker {
            Some((number, indent)) if line.indent > indent => {
                add_worker(node, number, &line.text);
            }
            _ => {
                self.worker = None;
                add_property(node, name, value);
            }
        }
    }

    fn finish(mut self) -> Built {
        while self.stack.len() > 1 {
            self.close();
        }
        let mut root = self.stack.pop().map(|level| level.node).unwrap_or_default();
        relate_children(&mut root);
        let mut analyze = false;
        let mut uncertain = false;
        root.walk(&mut |node| {
            analyze |= node.actual_loops.is_some() || node.actual_rows.is_some();
            uncertain |= has_too_many_inputs(node);
        });
        let plan = PastedPlan {
            root,
            analyze,
            query: None,
            planning_ms: self.planning_ms,
            execution_ms: self.execution_ms,
            duration_ms: None,
            settings: self.settings,
            source: None,
        };
        Built { plan, dropped: self.dropped, uncertain }
    }
}

/// `Parent Relationship` of the inputs, by the kind of node.
fn relate_children(node: &mut PlanNode) {
    let inputs = node.plans.iter().filter(|child| child.parent_relationship.is_none()).count();
    let kind = node.node_type.as_str();
    let members = matches!(kind, "Append" | "Merge Append" | "BitmapAnd" | "BitmapOr")
        || (kind == "ModifyTable" && inputs > 1);
    let mut n = 0;
    for child in node.plans.iter_mut().filter(|child| child.parent_relationship.is_none()) {
        n += 1;
        let relation = match (kind, n) {
            _ if members => "Member",
            ("Subquery Scan", _) => "Subquery",
            ("Custom Scan", _) => "child",
            (_, 1) => "Outer",
            _ => "Inner",
        };
        child.parent_relationship = Some(relation.to_owned());
    }
}

fn has_too_many_inputs(node: &PlanNode) -> bool {
    let inputs = |child: &&PlanNode| {
        matches!(child.parent_relationship.as_deref(), Some("Outer" | "Inner" | "Subquery"))
    };
    let most = match node.node_type.as_str() {
        "Nested Loop" | "Hash Join" | "Merge Join" | "Recursive Union" | "SetOp" => 2,
        "Sort" | "Limit" | "Aggregate" | "Hash" | "Materialize" | "Unique" | "Gather"
        | "Gather Merge" | "Memoize" | "Incremental Sort" | "WindowAgg" | "Bitmap Heap Scan" => 1,
        "Seq Scan" | "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => 0,
        _ => return false,
    };
    node.plans.iter().filter(inputs).count() > most
}

/// `work_mem = '64MB', jit = 'off'`
pub fn read_settings(value: &str) -> Vec<(String, String)> {
    let Value::Array(items) = list(value) else { return Vec::new() };
    let pairs = items.iter().filter_map(Value::as_str).filter_map(|item| item.split_once('='));
    pairs
        .map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches('\'').to_owned()))
        .collect()
}
