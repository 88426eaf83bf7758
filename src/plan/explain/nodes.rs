//! Paths as plan nodes (`create_plan` in `createplan.c`, `ExplainNode` in `explain.c`): conditions that
//! an index or a method answers leave the filters, merge joins get their sorts, hash joins their Hash.

use std::rc::Rc;

use serde_json::{Value, json};

use super::names::Aliases;
use crate::plan::Scan;
use crate::plan::path::{Path, PathKind, UniqueMethod};
use crate::plan::pathkeys::PathKey;
use crate::plan::relation::{Base, BaseKind};
use crate::plan::root::Root;
use crate::read::plan_node::PlanNode;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::print::print_expr;
use crate::sql::query::RelationSource;
use crate::sql::relids::{is_subset, single};

/// The inputs of a path.
pub fn children(path: &Path) -> Vec<&Rc<Path>> {
    match &path.kind {
        PathKind::SeqScan
        | PathKind::Index(_)
        | PathKind::BitmapHeap(_)
        | PathKind::TidScan(_)
        | PathKind::FunctionScan
        | PathKind::ValuesScan
        | PathKind::CteScan
        | PathKind::WorkTableScan
        | PathKind::Result(_) => Vec::new(),
        PathKind::Join(join) => vec![&join.outer, &join.inner],
        PathKind::RecursiveUnion(first, rest) => vec![first, rest],
        PathKind::Append(parts) | PathKind::MergeAppend(parts) | PathKind::MinMax(parts) => {
            parts.iter().collect()
        }
        PathKind::Memoize(memoize) => vec![&memoize.input],
        PathKind::Unique(unique) => vec![&unique.input],
        PathKind::Agg(agg) => vec![&agg.input],
        PathKind::SubqueryScan(input)
        | PathKind::Sort(input)
        | PathKind::IncrementalSort(input, _)
        | PathKind::Material(input)
        | PathKind::UpperUnique(input)
        | PathKind::Group(input, _)
        | PathKind::WindowAgg(input)
        | PathKind::Projection(input)
        | PathKind::ProjectSet(input)
        | PathKind::Limit(input)
        | PathKind::LockRows(input)
        | PathKind::SetOp(input, ..)
        | PathKind::Gather(input)
        | PathKind::GatherMerge(input)
        | PathKind::Arm { path: input, .. }
        | PathKind::ModifyTable(input, _) => vec![input],
    }
}

/// Prints one query level.
pub struct Printer<'p, 'a> {
    pub(super) root: &'p Root<'a>,
    pub(super) aliases: &'p Aliases,
}

impl<'p, 'a> Printer<'p, 'a> {
    /// A printer for a level.
    pub fn new(root: &'p Root<'a>, aliases: &'p Aliases) -> Printer<'p, 'a> {
        Printer { root, aliases }
    }

    /// The whole level, with what runs beside it.
    pub fn plan(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = self.node(path, scans);
        let mut beside = Vec::new();
        for plan in &self.root.subplans {
            let mut child = Printer::new(&plan.root, self.aliases).plan(&plan.path, scans);
            let relationship = if plan.is_init { "InitPlan" } else { "SubPlan" };
            child.parent_relationship = Some(relationship.to_owned());
            child.more.insert("Subplan Name".to_owned(), json!(plan.label));
            beside.push((plan.is_init, child));
        }
        // As EXPLAIN: what runs once stands before the inputs, what runs for each row behind them.
        let (first, last): (Vec<_>, Vec<_>) = beside.into_iter().partition(|(is_init, _)| *is_init);
        let inputs = std::mem::take(&mut node.plans);
        node.plans.extend(first.into_iter().map(|(_, child)| child));
        node.plans.extend(inputs);
        node.plans.extend(last.into_iter().map(|(_, child)| child));
        node
    }

    fn column(&self, column: ColumnRef) -> String {
        if column.level > 0 {
            return "$outer".to_owned();
        }
        let relation = usize::from(column.relation);
        let Some(entry) = self.root.query.relations.get(relation) else {
            return "column".to_owned();
        };
        let at = usize::from(column.column);
        let name = match &entry.source {
            RelationSource::Table(table) => {
                let table = self.root.configuration.catalog.tables.get(*table);
                table.and_then(|table| table.columns.get(at)).map(|column| column.name.clone())
            }
            RelationSource::Subquery(query) => {
                crate::workload::bind::output_names(query).get(at).cloned()
            }
            _ => None,
        };
        let name = name.unwrap_or_else(|| "column".to_owned());
        match self.root.query.relations.len() {
            0 | 1 => name,
            _ => format!("{}.{name}", self.aliases.get(self.root, relation)),
        }
    }

    pub(super) fn expr(&self, expr: &Expr) -> String {
        print_expr(expr, &|column| self.column(column))
    }

    fn all<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> Option<Value> {
        let texts: Vec<String> = exprs.into_iter().map(|expr| self.expr(expr)).collect();
        match texts.as_slice() {
            [] => None,
            [one] => Some(json!(one)),
            many => Some(json!(format!("({})", many.join(" AND ")))),
        }
    }

    pub(super) fn put<'e>(
        &self,
        node: &mut PlanNode,
        property: &str,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) {
        if let Some(text) = self.all(exprs) {
            node.more.insert(property.to_owned(), text);
        }
    }

    pub(super) fn keys(&self, keys: &[PathKey], path: &Path) -> Value {
        let text = |key: &PathKey| {
            let class = self.root.classes.get(key.class)?;
            let fits = |relids| path.relids == 0 || is_subset(relids, path.relids);
            let member = class.members.iter().find(|m| !m.is_const && fits(m.relids));
            let mut text = self.expr(&member.or(class.members.first())?.expr);
            if key.desc {
                text.push_str(" DESC");
            }
            if key.nulls_first != key.desc {
                text.push_str(if key.nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
            }
            Some(text)
        };
        json!(keys.iter().filter_map(text).collect::<Vec<_>>())
    }

    pub(super) fn child(
        &self,
        path: &Rc<Path>,
        relationship: &str,
        scans: &mut Vec<Scan>,
    ) -> PlanNode {
        let mut node = self.node(path, scans);
        node.parent_relationship = Some(relationship.to_owned());
        node
    }

    pub(super) fn over(&self, name: &str, input: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = PlanNode::new(name);
        node.plans.push(self.child(input, "Outer", scans));
        node
    }

    pub(super) fn several(
        &self,
        name: &str,
        inputs: &[Rc<Path>],
        scans: &mut Vec<Scan>,
    ) -> PlanNode {
        let mut node = PlanNode::new(name);
        node.plans = inputs.iter().map(|input| self.child(input, "Member", scans)).collect();
        node
    }

    /// The node of a path.
    pub(super) fn node(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = match &path.kind {
            PathKind::SeqScan | PathKind::Index(_) | PathKind::BitmapHeap(_) => {
                self.table_scan(path, scans)
            }
            PathKind::TidScan(conditions) => {
                let mut node = self.relation_node("Tid Scan", path);
                self.put(&mut node, "TID Cond", conditions);
                node
            }
            PathKind::SubqueryScan(input) => return self.subquery_scan(path, input, scans),
            PathKind::Arm { root, path: input, is_shown } => {
                let Some(arm) = self.root.arms.get(*root) else { return PlanNode::new("Result") };
                let inner = Printer::new(arm, self.aliases).plan(input, scans);
                if !is_shown {
                    return inner;
                }
                let mut node = PlanNode::new("Subquery Scan");
                node.alias = Some(format!("*SELECT* {}", root + 1));
                node.plans.push(inner);
                node
            }
            PathKind::FunctionScan => self.relation_node("Function Scan", path),
            PathKind::ValuesScan => self.relation_node("Values Scan", path),
            PathKind::CteScan | PathKind::WorkTableScan => self.cte_scan(path),
            PathKind::Result(conditions) => {
                let mut node = PlanNode::new("Result");
                self.put(&mut node, "One-Time Filter", conditions);
                node
            }
            PathKind::Join(join) => self.join(path, join, scans),
            PathKind::Projection(input) => self.over("Result", input, scans),
            PathKind::Unique(unique) => match unique.method {
                UniqueMethod::Noop => return self.node(&unique.input, scans),
                UniqueMethod::Hash => {
                    let mut node = self.over("Aggregate", &unique.input, scans);
                    node.more.insert("Strategy".to_owned(), json!("Hashed"));
                    node
                }
                UniqueMethod::Sort => self.over("Unique", &unique.input, scans),
            },
            _ => self.upper(path, scans),
        };
        set_numbers(&mut node, path);
        node
    }

    /// Relation and alias of a position.
    pub(super) fn name_relation(&self, node: &mut PlanNode, relation: usize) {
        if let Some(BaseKind::Table(table, _)) = self.root.base(relation).map(|base| &base.kind) {
            node.relation_name = Some(table.name.name.clone());
            node.alias = Some(self.aliases.get(self.root, relation));
        } else if let Some(entry) = self.root.query.relations.get(relation)
            && let RelationSource::Table(table) = entry.source
        {
            let table = self.root.configuration.catalog.tables.get(table);
            node.relation_name = table.map(|table| table.name.name.clone());
            node.alias = Some(self.aliases.get(self.root, relation));
        }
    }

    pub(super) fn base_of(&self, path: &Path) -> Option<&'p Base<'a>> {
        self.root.base(single(path.relids)?)
    }
}

pub(super) fn related(mut node: PlanNode, relationship: &str) -> PlanNode {
    node.parent_relationship = Some(relationship.to_owned());
    node
}

pub(super) fn set_numbers(node: &mut PlanNode, path: &Path) {
    node.startup_cost = Some(two_digits(path.startup));
    node.total_cost = Some(two_digits(path.total));
    node.plan_rows = Some(libm::rint(path.rows));
    node.plan_width = Some(libm::rint(path.target.width));
    if path.parallel_aware {
        node.more.insert("Parallel Aware".to_owned(), json!(true));
    }
}

/// EXPLAIN prints costs with two digits.
pub(super) fn two_digits(cost: f64) -> f64 {
    // As C prints it: by the exact binary value.
    format!("{cost:.2}").parse().unwrap_or(cost)
}
