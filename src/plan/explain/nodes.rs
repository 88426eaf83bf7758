//! Paths as plan nodes (`create_plan` in `createplan.c`, `ExplainNode` in `explain.c`): conditions that
//! an index or a method answers leave the filters, merge joins get their sorts, hash joins their Hash.

use std::rc::Rc;

use serde_json::{Value, json};

use super::beside;
use super::names::Aliases;
use super::scans::by_cost;
use super::text::Text;
use crate::plan::Scan;
use crate::plan::path::{Path, PathKind, UniqueMethod};
use crate::plan::pathkeys::PathKey;
use crate::plan::relation::{Base, BaseKind};
use crate::plan::root::Root;
use crate::read::plan_node::PlanNode;
use crate::sql::expr::{Expr, Literal};
use crate::sql::query::RelationSource;
use crate::sql::relids::{is_subset, single};

/// The inputs of a path.
pub fn children(path: &Path) -> Vec<&Rc<Path>> {
    match &path.kind {
        PathKind::SeqScan
        | PathKind::Index(_)
        | PathKind::BitmapHeap(_)
        | PathKind::TidScan(_)
        | PathKind::TidRangeScan(_)
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
    /// The level around it.
    pub(super) around: Option<&'p Printer<'p, 'a>>,
}

impl<'p, 'a> Printer<'p, 'a> {
    /// A printer for a level.
    pub fn new(root: &'p Root<'a>, aliases: &'p Aliases) -> Printer<'p, 'a> {
        Printer { root, aliases, around: None }
    }

    /// A printer for a level inside this one.
    pub(super) fn inside<'s>(&'s self, root: &'s Root<'a>) -> Printer<'s, 'a> {
        Printer { root, aliases: self.aliases, around: Some(self) }
    }

    /// The whole level, with what runs beside it.
    pub fn plan(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = self.node(path, scans);
        let mut first = Vec::new();
        for plan in &self.root.subplans {
            let mut child = self.inside(&plan.root).plan(&plan.path, scans);
            let relationship = if plan.is_init { "InitPlan" } else { "SubPlan" };
            child.parent_relationship = Some(relationship.to_owned());
            child.more.insert("Subplan Name".to_owned(), json!(plan.label));
            match plan.is_init {
                true => first.push(child),
                false => beside::attach(&mut node, child, &plan.label),
            }
        }
        first.append(&mut node.plans);
        node.plans = first;
        node
    }

    /// An expression of a join or of what is above: columns with the names of their relations where the
    /// statement reads several.
    pub(super) fn expr(&self, expr: &Expr) -> String {
        self.place().expr(expr)
    }

    /// An expression of a scan.
    fn scan_expr(&self, relation: usize, expr: &Expr) -> String {
        let place = Text { own: Some(relation), is_qualified: true, ..self.place() };
        place.expr(expr)
    }

    fn place(&self) -> Text<'_, 'p, 'a> {
        let is_qualified = self.aliases.are_several();
        Text { printer: self, own: None, is_qualified, is_bare: false }
    }

    /// What an index is searched with; `is_bare`: its columns are text already.
    pub(super) fn put_index_cond(
        &self,
        node: &mut PlanNode,
        relation: usize,
        conditions: &[&Expr],
        is_bare: bool,
    ) {
        let place = Text { own: Some(relation), is_qualified: true, is_bare, ..self.place() };
        let text = |expr: &&Expr| match expr {
            Expr::Compare(_, left, right) if matches!(**right, Expr::Literal(Literal::Bool(_))) => {
                format!("({} = {})", place.expr(left), place.expr(right))
            }
            Expr::Column(_) => format!("({} = true)", place.expr(expr)),
            Expr::Not(inner) => format!("({} = false)", place.expr(inner)),
            other => place.expr(other),
        };
        put_texts(node, "Index Cond", conditions.iter().map(text).collect());
    }

    /// An expression over other relations than the node's.
    pub(super) fn qualified(&self, expr: &Expr) -> String {
        Text { is_qualified: true, ..self.place() }.expr(expr)
    }

    pub(super) fn put<'e>(
        &self,
        node: &mut PlanNode,
        property: &str,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) {
        put_texts(node, property, exprs.into_iter().map(|expr| self.expr(expr)).collect());
    }

    pub(super) fn put_scan<'e>(
        &self,
        node: &mut PlanNode,
        property: &str,
        relation: usize,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) {
        let text = |expr| self.scan_expr(relation, expr);
        put_texts(node, property, exprs.into_iter().map(text).collect());
    }

    /// The keys of a sort. What is no column was computed below, and stands in parentheses for it.
    pub(super) fn keys(&self, keys: &[PathKey], path: &Path) -> Value {
        let text = |key: &PathKey| {
            let class = self.root.classes.get(key.class)?;
            let fits = |relids| path.relids == 0 || is_subset(relids, path.relids);
            let member = class.members.iter().find(|m| !m.is_const && fits(m.relids));
            let mut text = self.computed_below(&member.or(class.members.first())?.expr);
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

    /// An expression as the node that computes it has it.
    pub(super) fn computed_here(&self, expr: &Expr) -> String {
        match expr {
            Expr::Column(column) => match self.behind(*column) {
                Some((sub, behind)) => self.inside(sub).expr(behind),
                None => self.expr(expr),
            },
            _ => self.expr(expr),
        }
    }

    /// An expression that the node below has computed.
    pub(super) fn computed_below(&self, expr: &Expr) -> String {
        let text = self.expr(expr);
        if matches!(expr, Expr::Column(_)) { text } else { format!("({text})") }
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
            PathKind::TidScan(_) | PathKind::TidRangeScan(_) => self.tid_scan(path, scans),
            PathKind::SubqueryScan(input) => {
                let node = self.subquery_scan(path, input, scans);
                return self.gated(node, path);
            }
            // One part alone is read in place.
            PathKind::Append(inputs) | PathKind::MergeAppend(inputs) if inputs.len() == 1 => {
                return inputs.first().map_or(PlanNode::new("Result"), |one| self.node(one, scans));
            }
            PathKind::Arm { root, path: input, .. } => {
                let Some(arm) = self.root.arms.get(*root) else { return PlanNode::new("Result") };
                let inner = self.inside(arm).plan(input, scans);
                if !self.aliases.is_arm_shown(self.root, *root) {
                    return inner;
                }
                let mut node = PlanNode::new("Subquery Scan");
                node.alias = Some(format!("*SELECT* {}", root + 1));
                node.plans.push(related(inner, "Subquery"));
                node
            }
            PathKind::FunctionScan => self.function_scan(path),
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
                    node.more.insert("Partial Mode".to_owned(), json!("Simple"));
                    let keys: Vec<Expr> = unique.exprs.iter().map(|key| (**key).clone()).collect();
                    self.group_keys(&mut node, &keys);
                    node
                }
                UniqueMethod::Sort => self.over("Unique", &unique.input, scans),
            },
            _ => self.upper(path, scans),
        };
        set_numbers(&mut node, path);
        self.gated(node, path)
    }

    /// `create_gating_plan`: what reads no column is decided once, by a node of its own above the scan or
    /// join that it belongs to.
    pub(super) fn gated(&self, node: PlanNode, path: &Path) -> PlanNode {
        let clauses = match &path.kind {
            PathKind::Join(join) => join.clauses.as_ref(),
            PathKind::Result(_) => &[],
            kind => {
                let is_scan =
                    matches!(kind, PathKind::SubqueryScan(_)) || children(path).is_empty();
                match self.base_of(path).filter(|_| is_scan) {
                    Some(base) => base.restrictions.as_slice(),
                    None => &[],
                }
            }
        };
        let once = by_cost(clauses.iter().filter(|clause| clause.is_pseudoconstant));
        if once.is_empty() {
            return node;
        }
        let mut gate = PlanNode::new("Result");
        self.put(&mut gate, "One-Time Filter", once);
        gate.plans.push(related(node, "Outer"));
        set_numbers(&mut gate, path);
        gate.more.remove("Parallel Aware");
        gate
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

fn put_texts(node: &mut PlanNode, property: &str, texts: Vec<String>) {
    let text = match texts.as_slice() {
        [] => return,
        [one] => one.clone(),
        many => format!("({})", many.join(" AND ")),
    };
    node.more.insert(property.to_owned(), json!(text));
}

pub(super) fn related(mut node: PlanNode, relationship: &str) -> PlanNode {
    node.parent_relationship = Some(relationship.to_owned());
    node
}

pub(super) fn set_numbers(node: &mut PlanNode, path: &Path) {
    node.startup_cost = Some(two_digits(path.startup));
    node.total_cost = Some(two_digits(path.total));
    node.plan_rows = Some(libm::rint(path.rows));
    // The sum over no columns is -0.
    node.plan_width = Some(libm::rint(path.target.width).max(0.0));
    if path.parallel_aware {
        node.more.insert("Parallel Aware".to_owned(), json!(true));
    }
}

/// EXPLAIN prints costs with two digits.
pub(super) fn two_digits(cost: f64) -> f64 {
    // As C prints it: by the exact binary value.
    format!("{cost:.2}").parse().unwrap_or(cost)
}
