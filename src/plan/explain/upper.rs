//! Nodes above the joins.

use std::rc::Rc;

use serde_json::{Value, json};

use super::nodes::Printer;
use crate::plan::Scan;
use crate::plan::path::{
    AggPath, AggSplit, AggStrategy, GroupingPass, MemoizePath, Path, PathKind,
};
use crate::read::plan_node::PlanNode;
use crate::sql::expr::Expr;

impl Printer<'_, '_> {
    pub(super) fn upper(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
        match &path.kind {
            PathKind::Sort(input) => {
                let mut node = self.over("Sort", input, scans);
                node.more.insert("Sort Key".to_owned(), self.keys(&path.pathkeys, path));
                node
            }
            PathKind::IncrementalSort(input, n) => {
                let mut node = self.over("Incremental Sort", input, scans);
                node.more.insert("Sort Key".to_owned(), self.keys(&path.pathkeys, path));
                let presorted = path.pathkeys.get(..*n).unwrap_or(&[]);
                node.more.insert("Presorted Key".to_owned(), self.keys(presorted, path));
                node
            }
            PathKind::Material(input) => self.over("Materialize", input, scans),
            PathKind::Memoize(memoize) => self.memoize(memoize, scans),
            PathKind::UpperUnique(input) => self.over("Unique", input, scans),
            PathKind::Agg(agg) => self.aggregate(agg, scans),
            PathKind::Group(input, keys) => {
                let mut node = self.over("Group", input, scans);
                self.group_keys(&mut node, keys);
                node
            }
            PathKind::WindowAgg(input) => self.over("WindowAgg", input, scans),
            PathKind::ProjectSet(input) => self.over("ProjectSet", input, scans),
            PathKind::Limit(input) => self.over("Limit", input, scans),
            PathKind::LockRows(input) => self.over("LockRows", input, scans),
            PathKind::Append(inputs) => self.several("Append", inputs, scans),
            PathKind::MergeAppend(inputs) => {
                let mut node = self.several("Merge Append", inputs, scans);
                node.more.insert("Sort Key".to_owned(), self.keys(&path.pathkeys, path));
                node
            }
            PathKind::SetOp(input, command, is_hashed) => {
                let mut node = self.over("SetOp", input, scans);
                let strategy = if *is_hashed { "Hashed" } else { "Sorted" };
                node.more.insert("Strategy".to_owned(), json!(strategy));
                node.more.insert("Command".to_owned(), json!(command));
                node
            }
            PathKind::RecursiveUnion(first, rest) => {
                let mut node = PlanNode::new("Recursive Union");
                node.plans.push(self.child(first, "Outer", scans));
                node.plans.push(self.child(rest, "Inner", scans));
                node
            }
            PathKind::Gather(input) | PathKind::GatherMerge(input) => {
                let is_merge = matches!(path.kind, PathKind::GatherMerge(_));
                let name = if is_merge { "Gather Merge" } else { "Gather" };
                let mut node = self.over(name, input, scans);
                node.more.insert("Workers Planned".to_owned(), json!(input.parallel_workers));
                if !is_merge {
                    node.more.insert("Single Copy".to_owned(), json!(false));
                }
                node
            }
            PathKind::MinMax(arms) => self.min_max(arms, scans),
            PathKind::ModifyTable(input, operation) => {
                let mut node = self.over("ModifyTable", input, scans);
                node.more.insert("Operation".to_owned(), json!(operation));
                self.name_relation(&mut node, 0);
                node
            }
            _ => PlanNode::new("Result"),
        }
    }

    /// Smallest and largest values, each by a plan that runs once.
    fn min_max(&self, arms: &[Rc<Path>], scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = self.several("Result", arms, scans);
        let (plan, param) = self.root.minmax.get();
        for (at, child) in node.plans.iter_mut().enumerate() {
            child.parent_relationship = Some("InitPlan".to_owned());
            let label = format!("InitPlan {} (returns ${})", plan + at, param + at);
            child.more.insert("Subplan Name".to_owned(), json!(label));
        }
        node
    }

    fn memoize(&self, memoize: &MemoizePath, scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = self.over("Memoize", &memoize.input, scans);
        let keys: Vec<String> = memoize.keys.iter().map(|key| self.qualified(key)).collect();
        node.more.insert("Cache Key".to_owned(), json!(keys.join(", ")));
        let mode = if memoize.is_binary { "binary" } else { "logical" };
        node.more.insert("Cache Mode".to_owned(), json!(mode));
        node
    }

    fn aggregate(&self, agg: &AggPath, scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = self.over("Aggregate", &agg.input, scans);
        let strategy = match agg.strategy {
            AggStrategy::Plain => "Plain",
            AggStrategy::Sorted => "Sorted",
            AggStrategy::Hashed => "Hashed",
            AggStrategy::Mixed => "Mixed",
        };
        let mode = match agg.split {
            AggSplit::Simple => "Simple",
            AggSplit::Initial => "Partial",
            AggSplit::Final => "Finalize",
        };
        node.more.insert("Strategy".to_owned(), json!(strategy));
        node.more.insert("Partial Mode".to_owned(), json!(mode));
        match agg.grouping_sets.as_slice() {
            [] => self.group_keys(&mut node, &agg.keys),
            passes => self.grouping_sets(&mut node, passes),
        }
        self.put(&mut node, "Filter", &agg.having);
        node
    }

    /// `show_grouping_sets`
    fn grouping_sets(&self, node: &mut PlanNode, passes: &[GroupingPass]) {
        let pass = |pass: &GroupingPass| {
            let sets: Vec<Vec<String>> =
                pass.sets.iter().map(|set| self.key_texts(node, set)).collect();
            let name = if pass.is_hashed { "Hash Keys" } else { "Group Keys" };
            match pass.sets.first().filter(|_| pass.is_sorted_again) {
                Some(all) => {
                    let keys: Vec<String> =
                        all.iter().map(|key| self.computed_below(key)).collect();
                    json!({ "Sort Key": keys, name: sets })
                }
                None => json!({ name: sets }),
            }
        };
        let all: Vec<Value> = passes.iter().map(pass).collect();
        node.more.insert("Grouping Sets".to_owned(), json!(all));
    }

    pub(super) fn group_keys(&self, node: &mut PlanNode, keys: &[Expr]) {
        if !keys.is_empty() {
            let texts = self.key_texts(node, keys);
            node.more.insert("Group Key".to_owned(), json!(texts));
        }
    }

    /// What a node groups by, if the node below it did not compute it.
    fn key_texts(&self, node: &PlanNode, keys: &[Expr]) -> Vec<String> {
        let below = node.plans.first().map(|child| child.node_type.as_str());
        let passes_on = matches!(
            below,
            Some(
                "Sort"
                    | "Incremental Sort"
                    | "Gather"
                    | "Gather Merge"
                    | "Append"
                    | "Merge Append"
                    | "Materialize"
                    | "Unique"
            )
        );
        let text = |key| if passes_on { self.computed_below(key) } else { self.computed_here(key) };
        keys.iter().map(text).collect()
    }
}
