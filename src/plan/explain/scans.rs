//! Scans: what an index answers is its condition, the rest the filter.

use std::rc::Rc;

use serde_json::json;

use super::nodes::{Printer, set_numbers, two_digits};
use crate::order;
use crate::plan::clause::Clause;
use crate::plan::implication;
use crate::plan::join::nested_loop::is_answered;
use crate::plan::path::{BitmapQual, IndexClause, IndexPath, Path, PathKind};
use crate::plan::relation::{Base, BaseKind};
use crate::plan::{AccessPath, Scan};
use crate::read::plan_node::PlanNode;
use crate::sql::expr::{Expr, Literal};
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
            let filter = by_cost(self.checked(path, base));
            match base.kind {
                BaseKind::Subquery(_) => self.put(&mut node, "Filter", filter),
                _ => self.put_scan(&mut node, "Filter", base.relid, filter),
            }
        }
        node
    }

    pub(super) fn function_scan(&self, path: &Path) -> PlanNode {
        let mut node = self.relation_node("Function Scan", path);
        if let Some(BaseKind::Function(Expr::Function(call))) = self.base_of(path).map(|b| &b.kind)
        {
            node.more.insert("Function Name".to_owned(), json!(call.name));
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
        let mut inner = self.inside(sub).plan(input, scans);
        let is_shown =
            single(path.relids).is_some_and(|relation| self.aliases.is_shown(self.root, relation));
        if !is_shown {
            return inner;
        }
        let mut node = self.relation_node("Subquery Scan", path);
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
            AccessPath::IndexScan => "Index Scan",
            AccessPath::IndexOnlyScan => "Index Only Scan",
            AccessPath::BitmapScan => "Bitmap Heap Scan",
            AccessPath::SeqScan | AccessPath::TidScan => "Seq Scan",
        });
        self.name_relation(&mut node, base.relid);
        let mut scan = scan_of(base, &node, access);
        let mut answered: Vec<IndexClause> = Vec::new();
        let mut predicate: Vec<Expr> = Vec::new();
        // What a bitmap guarantees.
        let mut searched: Option<Vec<Expr>> = None;
        match &path.kind {
            PathKind::Index(index) => {
                self.index_properties(&mut node, base, index);
                scan.indexes.extend(base.indexes.get(index.index).map(|info| info.reference));
                answered.clone_from(&index.clauses);
                predicate = predicate_of(base, index);
            }
            PathKind::BitmapHeap(qual) => {
                node.plans.push(self.bitmap(base, qual, &mut scan));
                searched = Some(guaranteed(base, qual));
            }
            _ => {}
        }
        let known: Vec<&Expr> = searched.as_ref().unwrap_or(&predicate).iter().collect();
        let is_left = |clause: &&Rc<Clause>| {
            !is_answered(clause, &answered)
                && (known.is_empty() || !implication::implies(&known, &clause.expr))
        };
        let filter = by_cost(self.checked(path, base).into_iter().filter(is_left));
        if searched.is_some() {
            let recheck = known.iter().filter(|expr| !filter.contains(expr)).copied();
            self.put_scan(&mut node, "Recheck Cond", base.relid, recheck);
        }
        self.put_scan(&mut node, "Filter", base.relid, filter);
        scans.push(scan);
        node
    }

    /// `create_tidscan_plan`, `create_tidrangescan_plan`
    pub(super) fn tid_scan(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
        let (name, clauses) = match &path.kind {
            PathKind::TidScan(places) => ("Tid Scan", places.as_slice()),
            PathKind::TidRangeScan(bounds) => ("Tid Range Scan", bounds.as_slice()),
            _ => ("Tid Scan", &[][..]),
        };
        let mut node = PlanNode::new(name);
        let Some(base) = self.base_of(path) else { return node };
        self.name_relation(&mut node, base.relid);
        let mut searched: Vec<Expr> = clauses.iter().map(|clause| clause.expr.clone()).collect();
        if searched.len() > 1 && matches!(path.kind, PathKind::TidScan(_)) {
            searched = vec![Expr::Or(searched)];
        }
        self.put_scan(&mut node, "TID Cond", base.relid, &searched);
        let is_left = |clause: &&Rc<Clause>| {
            let is_same = |known: &Rc<Clause>| {
                Rc::ptr_eq(known, clause)
                    || known.parent_class.is_some() && known.parent_class == clause.parent_class
            };
            !clauses.iter().any(is_same) && !searched.contains(&clause.expr)
        };
        let filter = by_cost(self.checked(path, base).into_iter().filter(is_left));
        self.put_scan(&mut node, "Filter", base.relid, filter);
        scans.push(scan_of(base, &node, AccessPath::TidScan));
        node
    }

    /// All clauses that the scan must make sure of row by row.
    pub(super) fn checked<'c>(&self, path: &'c Path, base: &'c Base<'a>) -> Vec<&'c Rc<Clause>> {
        let own = path.param.iter().flat_map(|param| &param.clauses);
        base.restrictions.iter().chain(own).filter(|clause| !clause.is_pseudoconstant).collect()
    }

    pub(super) fn index_properties(&self, node: &mut PlanNode, base: &Base<'_>, index: &IndexPath) {
        node.index_name = base.indexes.get(index.index).map(|info| info.index.name.clone());
        let direction = if index.is_backward { "Backward" } else { "Forward" };
        node.more.insert("Scan Direction".to_owned(), json!(direction));
        let searched: Vec<&Expr> = conditions(&index.clauses).collect();
        self.put_index_cond(node, base.relid, &searched, index.is_index_only);
    }

    pub(super) fn bitmap(&self, base: &Base<'_>, qual: &BitmapQual, scan: &mut Scan) -> PlanNode {
        let mut node = match qual {
            BitmapQual::Index(path) => {
                let mut node = PlanNode::new("Bitmap Index Scan");
                if let PathKind::Index(index) = &path.kind {
                    let info = base.indexes.get(index.index);
                    node.index_name = info.map(|info| info.index.name.clone());
                    scan.indexes.extend(info.map(|info| info.reference));
                    let searched: Vec<&Expr> = conditions(&index.clauses).collect();
                    self.put_index_cond(&mut node, base.relid, &searched, false);
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

fn scan_of(base: &Base<'_>, node: &PlanNode, path: AccessPath) -> Scan {
    let table = match base.kind {
        BaseKind::Table(_, at) => at,
        _ => 0,
    };
    Scan { table, alias: node.alias.clone().unwrap_or_default(), path, indexes: Vec::new() }
}

fn conditions(clauses: &[IndexClause]) -> impl Iterator<Item = &Expr> {
    clauses.iter().flat_map(IndexClause::conditions).map(|clause| &clause.expr)
}

fn predicate_of(base: &Base<'_>, index: &IndexPath) -> Vec<Expr> {
    base.indexes.get(index.index).map(|info| info.predicate.clone()).unwrap_or_default()
}

/// What a bitmap guarantees (`create_bitmap_subplan`): the conditions and the predicates of its indexes.
fn guaranteed(base: &Base<'_>, qual: &BitmapQual) -> Vec<Expr> {
    match qual {
        BitmapQual::Index(path) => {
            let PathKind::Index(index) = &path.kind else { return Vec::new() };
            let is_exact = |known: &&IndexClause| !known.is_lossy && !is_flag(&known.clause.expr);
            let exact = index.clauses.iter().filter(is_exact);
            let mut known: Vec<Expr> = exact.map(|known| known.clause.expr.clone()).collect();
            for part in predicate_of(base, index) {
                if !implication::implies(&known.iter().collect::<Vec<_>>(), &part) {
                    known.push(part);
                }
            }
            known
        }
        BitmapQual::And(set) => {
            let mut known: Vec<Expr> = Vec::new();
            for part in set.parts.iter().flat_map(|part| guaranteed(base, part)) {
                if !known.contains(&part) {
                    known.push(part);
                }
            }
            known
        }
        BitmapQual::Or(set) => {
            let arm = |part: &Rc<BitmapQual>| match guaranteed(base, part) {
                mut one if one.len() == 1 => one.pop(),
                none if none.is_empty() => None,
                many => Some(Expr::And(many)),
            };
            let arms: Option<Vec<Expr>> = set.parts.iter().map(arm).collect();
            arms.map(Expr::Or).into_iter().collect()
        }
    }
}

/// A column of true and false by itself: what an index is searched with for it is written otherwise.
fn is_flag(expr: &Expr) -> bool {
    match expr {
        Expr::Column(_) => true,
        Expr::Not(inner) => matches!(**inner, Expr::Column(_)),
        Expr::Compare(_, left, right) => {
            matches!((&**left, &**right), (Expr::Column(_), Expr::Literal(Literal::Bool(_))))
        }
        _ => false,
    }
}

/// `order_qual_clauses`: cheap conditions first, otherwise as they stand.
pub(super) fn by_cost<'c>(clauses: impl IntoIterator<Item = &'c Rc<Clause>>) -> Vec<&'c Expr> {
    let mut clauses: Vec<&Rc<Clause>> = clauses.into_iter().collect();
    order::sort_by(&mut clauses, |a, b| a.cost.per_tuple.total_cmp(&b.cost.per_tuple));
    clauses.into_iter().map(|clause| &clause.expr).collect()
}
