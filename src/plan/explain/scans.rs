//! Scans: what an index answers is its condition, the rest the filter.

use std::rc::Rc;

use serde_json::json;

use super::nodes::{Printer, set_numbers, two_digits};
use crate::plan::clause::Clause;
use crate::plan::implication;
use crate::plan::join::nested_loop::is_answered;
use crate::plan::path::{BitmapQual, IndexClause, IndexPath, Path, PathKind};
use crate::plan::relation::{Base, BaseKind};
use crate::plan::{AccessPath, Scan};
use crate::read::plan_node::PlanNode;
use crate::sql::expr::Expr;
use crate::sql::relids::single;

impl<'a> Printer<'_, 'a> {
    /// A scan that is no table's.
    pub(super) fn relation_node(&self, name: &str, path: &Path) -> PlanNode {
        let mut node = PlanNode::new(name);
        if let Some(relation) = single(path.relids) {
            self.name_relation(&mut node, relation);
            node.alias = Some(self.aliases.get(self.root, relation));
        }
        if let Some(base) = self.base_of(path) {
            self.put(&mut node, "Filter", base.restrictions.iter().map(|clause| &clause.expr));
        }
        node
    }

    pub(super) fn cte_scan(&self, path: &Path) -> PlanNode {
        let (name, cte) = match self.base_of(path).map(|base| &base.kind) {
            Some(BaseKind::WorkTable(cte)) => ("WorkTable Scan", cte.clone()),
            Some(BaseKind::Cte(cte)) => ("CTE Scan", cte.clone()),
            _ => ("CTE Scan", String::new()),
        };
        let mut node = self.relation_node(name, path);
        node.more.insert("CTE Name".to_owned(), json!(cte));
        node
    }

    pub(super) fn subquery_scan(
        &self,
        path: &Rc<Path>,
        input: &Rc<Path>,
        scans: &mut Vec<Scan>,
    ) -> PlanNode {
        let Some(BaseKind::Subquery(sub)) = self.base_of(path).map(|base| &base.kind) else {
            return PlanNode::new("Subquery Scan");
        };
        let mut inner = Printer::new(sub, self.aliases).plan(input, scans);
        let node = self.relation_node("Subquery Scan", path);
        if node.more.get("Filter").is_none() {
            return inner;
        }
        let mut node = node;
        inner.parent_relationship = Some("Subquery".to_owned());
        node.plans.push(inner);
        set_numbers(&mut node, path);
        node
    }

    pub(super) fn table_scan(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
        let Some(base) = self.base_of(path) else { return PlanNode::new("Seq Scan") };
        let access = match &path.kind {
            PathKind::Index(index) if index.is_index_only => AccessPath::IndexOnlyScan,
            PathKind::Index(_) => AccessPath::IndexScan,
            PathKind::BitmapHeap(_) => AccessPath::BitmapScan,
            _ => AccessPath::SeqScan,
        };
        let mut node = PlanNode::new(match access {
            AccessPath::SeqScan => "Seq Scan",
            AccessPath::IndexScan => "Index Scan",
            AccessPath::IndexOnlyScan => "Index Only Scan",
            AccessPath::BitmapScan => "Bitmap Heap Scan",
        });
        self.name_relation(&mut node, base.relid);
        let mut scan = Scan {
            table: match base.kind {
                BaseKind::Table(_, at) => at,
                _ => 0,
            },
            alias: node.alias.clone().unwrap_or_default(),
            path: access,
            indexes: Vec::new(),
        };
        let mut answered: Vec<IndexClause> = Vec::new();
        let mut predicate: Vec<Expr> = Vec::new();
        match &path.kind {
            PathKind::Index(index) => {
                self.index_properties(&mut node, base, index);
                scan.indexes.extend(base.indexes.get(index.index).map(|info| info.reference));
                answered.clone_from(&index.clauses);
                predicate = predicate_of(base, index);
            }
            PathKind::BitmapHeap(qual) => {
                node.plans.push(self.bitmap(base, qual, &mut scan));
                bitmap_clauses(qual, &mut answered);
                self.put(&mut node, "Recheck Cond", conditions(&answered));
                if let BitmapQual::Index(inner) = &**qual
                    && let PathKind::Index(index) = &inner.kind
                {
                    predicate = predicate_of(base, index);
                }
            }
            _ => {}
        }
        let filter: Vec<&Expr> = self
            .checked(path, base)
            .into_iter()
            .filter(|clause| !is_answered(clause, &answered))
            .map(|clause| &clause.expr)
            .filter(|expr| {
                predicate.is_empty()
                    || !implication::implies(&predicate.iter().collect::<Vec<_>>(), expr)
            })
            .collect();
        self.put(&mut node, "Filter", filter);
        scans.push(scan);
        node
    }

    /// All clauses that the scan must make sure of.
    pub(super) fn checked<'c>(&self, path: &'c Path, base: &'c Base<'a>) -> Vec<&'c Rc<Clause>> {
        let own = path.param.iter().flat_map(|param| &param.clauses);
        own.chain(&base.restrictions).collect()
    }

    pub(super) fn index_properties(&self, node: &mut PlanNode, base: &Base<'_>, index: &IndexPath) {
        node.index_name = base.indexes.get(index.index).map(|info| info.index.name.clone());
        let direction = if index.is_backward { "Backward" } else { "Forward" };
        node.more.insert("Scan Direction".to_owned(), json!(direction));
        self.put(node, "Index Cond", conditions(&index.clauses));
    }

    pub(super) fn bitmap(&self, base: &Base<'_>, qual: &BitmapQual, scan: &mut Scan) -> PlanNode {
        let mut node = match qual {
            BitmapQual::Index(path) => {
                let mut node = PlanNode::new("Bitmap Index Scan");
                if let PathKind::Index(index) = &path.kind {
                    let info = base.indexes.get(index.index);
                    node.index_name = info.map(|info| info.index.name.clone());
                    scan.indexes.extend(info.map(|info| info.reference));
                    self.put(&mut node, "Index Cond", conditions(&index.clauses));
                    node.startup_cost = Some(0.0);
                    node.total_cost = Some(two_digits(index.index_total));
                    node.plan_rows = Some(libm::rint(index.selectivity * base.tuples).max(1.0));
                }
                node
            }
            BitmapQual::And(set) | BitmapQual::Or(set) => {
                let is_and = matches!(qual, BitmapQual::And(_));
                let mut node = PlanNode::new(if is_and { "BitmapAnd" } else { "BitmapOr" });
                for part in &set.parts {
                    let mut child = self.bitmap(base, part, scan);
                    child.parent_relationship = Some("Member".to_owned());
                    node.plans.push(child);
                }
                node.startup_cost = Some(two_digits(set.total));
                node.total_cost = node.startup_cost;
                node.plan_rows = Some(libm::rint(set.selectivity * base.tuples).max(1.0));
                node
            }
        };
        node.plan_width = Some(0.0);
        node.parent_relationship = Some("Outer".to_owned());
        node
    }
}

fn conditions(clauses: &[IndexClause]) -> impl Iterator<Item = &Expr> {
    clauses.iter().flat_map(IndexClause::conditions).map(|clause| &clause.expr)
}

fn predicate_of(base: &Base<'_>, index: &IndexPath) -> Vec<Expr> {
    base.indexes.get(index.index).map(|info| info.predicate.clone()).unwrap_or_default()
}

/// The clauses that a bitmap guarantees: of an OR none by itself.
fn bitmap_clauses(qual: &BitmapQual, out: &mut Vec<IndexClause>) {
    match qual {
        BitmapQual::Index(path) => {
            if let PathKind::Index(index) = &path.kind {
                out.extend(index.clauses.iter().cloned());
            }
        }
        BitmapQual::And(set) => set.parts.iter().for_each(|part| bitmap_clauses(part, out)),
        BitmapQual::Or(_) => {}
    }
}
