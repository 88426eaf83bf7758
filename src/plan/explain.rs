//! A path as the node tree that EXPLAIN prints.

use serde_json::{Value, json};

use super::path::{Bitmap, JoinMethod, Path, PathKind, RowKind};
use super::{AccessPath, Configuration, IndexRef, Scan};
use crate::read::plan_node::PlanNode;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::print::print_expr;
use crate::sql::query::{JoinKind, Query, SortKey};

/// Names for a block's columns and indexes.
pub struct Names<'a> {
    /// Indexes and tables.
    pub configuration: &'a Configuration<'a>,
    /// The block.
    pub query: &'a Query,
}

impl Names<'_> {
    /// A column as EXPLAIN prints it: qualified when there are several relations.
    fn column(&self, column: ColumnRef) -> String {
        use crate::sql::query::RelationSource;
        if column.level > 0 {
            return "$outer".to_owned();
        }
        let Some(relation) = self.query.relations.get(usize::from(column.relation)) else {
            return "subquery.column".to_owned();
        };
        let at = usize::from(column.column);
        let name = match &relation.source {
            RelationSource::Table(table) => self
                .configuration
                .catalog
                .tables
                .get(*table)
                .and_then(|table| table.columns.get(at))
                .map(|column| column.name.clone()),
            RelationSource::Subquery(query) => {
                crate::workload::bind::output_names(query).get(at).cloned()
            }
            _ => None,
        };
        let name = name.unwrap_or_else(|| "column".to_owned());
        match self.query.relations.len() {
            0 | 1 => name,
            _ => format!("{}.{name}", relation.alias),
        }
    }

    fn expr(&self, expr: &Expr) -> String {
        print_expr(expr, &|column| self.column(column))
    }

    fn conditions(&self, conditions: &[Expr]) -> Option<Value> {
        match conditions {
            [] => None,
            [one] => Some(json!(self.expr(one))),
            many => {
                let texts: Vec<String> =
                    many.iter().map(|condition| self.expr(condition)).collect();
                Some(json!(format!("({})", texts.join(" AND "))))
            }
        }
    }

    /// Sort keys as EXPLAIN prints them.
    pub fn sort_keys(&self, keys: &[SortKey]) -> Value {
        let text = |key: &SortKey| {
            let mut text = self.expr(&key.expr);
            if key.desc {
                text.push_str(" DESC");
            }
            match key.nulls_first {
                Some(true) if !key.desc => text.push_str(" NULLS FIRST"),
                Some(false) if key.desc => text.push_str(" NULLS LAST"),
                _ => {}
            }
            text
        };
        json!(keys.iter().map(text).collect::<Vec<_>>())
    }

    /// Expressions as a list, for `Group Key`.
    pub fn list(&self, exprs: &[Expr]) -> Value {
        json!(exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>())
    }

    fn index(&self, index: IndexRef) -> String {
        self.configuration.index(index).map(|index| index.name.clone()).unwrap_or_default()
    }

    /// The node tree of a path.
    pub fn node(&self, path: &Path) -> PlanNode {
        let mut node = match &path.kind {
            PathKind::Scan { scan, is_backward, index_conditions, filter, bitmap, .. } => {
                self.scan(path, scan, *is_backward, index_conditions, filter, bitmap.as_ref())
            }
            PathKind::Finished { relation, node, filter, .. } => {
                return self.finished(path, *relation, node, filter);
            }
            PathKind::Result => PlanNode::new("Result"),
            PathKind::Join { method, kind, outer, inner, conditions } => {
                self.join(path, *method, *kind, outer, inner, conditions)
            }
            PathKind::Sort(input, keys) => {
                let mut node = self.over("Sort", input);
                node.more.insert("Sort Key".to_owned(), self.sort_keys(keys));
                node
            }
            PathKind::Materialize(input) => self.over("Materialize", input),
            PathKind::Filter(input, conditions) => {
                let mut node = self.node(input);
                if let Some(text) = self.conditions(conditions) {
                    node.more.insert("Filter".to_owned(), text);
                }
                node
            }
            PathKind::Over { name, properties, input } => {
                let mut node = self.over(name, input);
                for (property, value) in properties {
                    node.more.insert((*property).to_owned(), value.clone());
                }
                node
            }
        };
        set_numbers(&mut node, path);
        node
    }

    fn over(&self, name: &str, input: &Path) -> PlanNode {
        let mut node = PlanNode::new(name);
        node.plans.push(self.child(input, "Outer"));
        node
    }

    fn child(&self, path: &Path, relationship: &str) -> PlanNode {
        let mut node = self.node(path);
        node.parent_relationship = Some(relationship.to_owned());
        node
    }

    fn scan(
        &self,
        path: &Path,
        scan: &Scan,
        is_backward: bool,
        index_conditions: &[Expr],
        filter: &[Expr],
        bitmap: Option<&Bitmap>,
    ) -> PlanNode {
        let mut node = PlanNode::new(match scan.path {
            AccessPath::SeqScan => "Seq Scan",
            AccessPath::IndexScan => "Index Scan",
            AccessPath::IndexOnlyScan => "Index Only Scan",
            AccessPath::BitmapScan => "Bitmap Heap Scan",
        });
        let table = self.configuration.catalog.tables.get(scan.table);
        node.relation_name = table.map(|table| table.name.name.clone());
        node.alias = Some(scan.alias.clone());
        if let Some(tree) = bitmap {
            node.plans.push(self.bitmap(tree, path));
            if let Some(text) = self.conditions(index_conditions) {
                node.more.insert("Recheck Cond".to_owned(), text);
            }
        } else if let [index] = scan.indexes.as_slice() {
            node.index_name = Some(self.index(*index));
            let direction = if is_backward { "Backward" } else { "Forward" };
            node.more.insert("Scan Direction".to_owned(), json!(direction));
            if let Some(text) = self.conditions(index_conditions) {
                node.more.insert("Index Cond".to_owned(), text);
            }
        }
        if let Some(text) = self.conditions(filter) {
            node.more.insert("Filter".to_owned(), text);
        }
        node
    }

    fn bitmap(&self, tree: &Bitmap, path: &Path) -> PlanNode {
        let mut node = match tree {
            Bitmap::Index { index, conditions, cost, rows } => {
                let mut node = PlanNode::new("Bitmap Index Scan");
                node.index_name = Some(self.index(*index));
                node.startup_cost = Some(0.0);
                node.total_cost = Some(two_digits(*cost));
                node.plan_rows = Some(rows.round());
                node.plan_width = Some(0.0);
                if let Some(text) = self.conditions(conditions) {
                    node.more.insert("Index Cond".to_owned(), text);
                }
                node
            }
            Bitmap::And(parts) | Bitmap::Or(parts) => {
                let name = if matches!(tree, Bitmap::And(_)) { "BitmapAnd" } else { "BitmapOr" };
                let mut node = PlanNode::new(name);
                node.plans = parts.iter().map(|part| self.bitmap(part, path)).collect();
                for part in &mut node.plans {
                    part.parent_relationship = Some("Member".to_owned());
                }
                node.startup_cost = Some(two_digits(path.cost.startup));
                node.total_cost = node.startup_cost;
                node.plan_rows = Some(path.rows.round());
                node.plan_width = Some(0.0);
                node
            }
        };
        node.parent_relationship = Some("Outer".to_owned());
        node
    }

    fn join(
        &self,
        path: &Path,
        method: JoinMethod,
        kind: RowKind,
        outer: &Path,
        inner: &Path,
        conditions: &[Expr],
    ) -> PlanNode {
        let (name, property) = match method {
            JoinMethod::NestedLoop => ("Nested Loop", "Join Filter"),
            JoinMethod::Hash => ("Hash Join", "Hash Cond"),
            JoinMethod::Merge => ("Merge Join", "Merge Cond"),
        };
        let mut node = PlanNode::new(name);
        let kind = match kind {
            RowKind::Join(JoinKind::Inner) => "Inner",
            RowKind::Join(JoinKind::Left) => "Left",
            RowKind::Join(JoinKind::Right) => "Right",
            RowKind::Join(JoinKind::Full) => "Full",
            RowKind::Semi => "Semi",
            RowKind::Anti => "Anti",
        };
        node.more.insert("Join Type".to_owned(), json!(kind));
        if let Some(text) = self.conditions(conditions) {
            node.more.insert(property.to_owned(), text);
        }
        node.plans.push(self.child(outer, "Outer"));
        let mut inner = self.child(inner, "Inner");
        if method == JoinMethod::Hash {
            let mut hash = PlanNode::new("Hash");
            hash.parent_relationship = Some("Inner".to_owned());
            hash.startup_cost = inner.total_cost;
            hash.total_cost = inner.total_cost;
            hash.plan_rows = inner.plan_rows;
            hash.plan_width = inner.plan_width;
            inner.parent_relationship = Some("Outer".to_owned());
            hash.plans.push(inner);
            inner = hash;
        }
        node.plans.push(inner);
        set_numbers(&mut node, path);
        node
    }

    /// A subquery's plan as it is, or below the node that filters its rows.
    fn finished(
        &self,
        path: &Path,
        relation: usize,
        inner: &PlanNode,
        filter: &[Expr],
    ) -> PlanNode {
        if filter.is_empty() {
            return inner.clone();
        }
        let mut node = PlanNode::new("Subquery Scan");
        node.alias = self.query.relations.get(relation).map(|relation| relation.alias.clone());
        if let Some(text) = self.conditions(filter) {
            node.more.insert("Filter".to_owned(), text);
        }
        let mut inner = inner.clone();
        inner.parent_relationship = Some("Subquery".to_owned());
        node.plans.push(inner);
        set_numbers(&mut node, path);
        node
    }
}

fn set_numbers(node: &mut PlanNode, path: &Path) {
    node.startup_cost = Some(two_digits(path.cost.startup));
    node.total_cost = Some(two_digits(path.cost.total));
    node.plan_rows = Some(path.rows.round().max(1.0));
    node.plan_width = Some(path.width.round());
}

/// EXPLAIN prints costs with two digits.
fn two_digits(cost: f64) -> f64 {
    (cost * 100.0).round() / 100.0
}
