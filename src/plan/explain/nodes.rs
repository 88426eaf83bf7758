//! Paths as plan nodes (`create_plan` in `createplan.c`, `ExplainNode` in `explain.c`): conditions that
//! an index or a method answers leave the filters, merge joins get their sorts, hash joins their Hash.

use std::rc::Rc;

use serde_json::{Value, json};

use super::names::Aliases;
use crate::plan::clause::Clause;
use crate::plan::implication;
use crate::plan::join::attempt::is_answered;
use crate::plan::path::{
    AggSplit, AggStrategy, BitmapQual, IndexClause, IndexPath, JoinMethod, JoinPath, JoinType,
    Path, PathKind, UniqueMethod,
};
use crate::plan::pathkeys::PathKey;
use crate::plan::relation::{Base, BaseKind};
use crate::plan::root::Root;
use crate::plan::{AccessPath, Scan};
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
    root: &'p Root<'a>,
    aliases: &'p Aliases,
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

    fn expr(&self, expr: &Expr) -> String {
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

    fn put<'e>(
        &self,
        node: &mut PlanNode,
        property: &str,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) {
        if let Some(text) = self.all(exprs) {
            node.more.insert(property.to_owned(), text);
        }
    }

    fn keys(&self, keys: &[PathKey], path: &Path) -> Value {
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

    fn child(&self, path: &Rc<Path>, relationship: &str, scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = self.node(path, scans);
        node.parent_relationship = Some(relationship.to_owned());
        node
    }

    fn over(&self, name: &str, input: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = PlanNode::new(name);
        node.plans.push(self.child(input, "Outer", scans));
        node
    }

    fn several(&self, name: &str, inputs: &[Rc<Path>], scans: &mut Vec<Scan>) -> PlanNode {
        let mut node = PlanNode::new(name);
        node.plans = inputs.iter().map(|input| self.child(input, "Member", scans)).collect();
        node
    }

    /// The node of a path.
    fn node(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
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

    fn upper(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
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
            PathKind::Memoize(memoize) => {
                let mut node = self.over("Memoize", &memoize.input, scans);
                let keys: Vec<String> = memoize.keys.iter().map(|key| self.expr(key)).collect();
                node.more.insert("Cache Key".to_owned(), json!(keys.join(", ")));
                let mode = if memoize.is_binary { "binary" } else { "logical" };
                node.more.insert("Cache Mode".to_owned(), json!(mode));
                node
            }
            PathKind::UpperUnique(input) => self.over("Unique", input, scans),
            PathKind::Agg(agg) => {
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
                self.group_keys(&mut node, &agg.keys);
                self.put(&mut node, "Filter", &agg.having);
                node
            }
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
                node
            }
            PathKind::MinMax(arms) => {
                let mut node = self.several("Result", arms, scans);
                for child in &mut node.plans {
                    child.parent_relationship = Some("InitPlan".to_owned());
                }
                node
            }
            PathKind::ModifyTable(input, operation) => {
                let mut node = self.over("ModifyTable", input, scans);
                node.more.insert("Operation".to_owned(), json!(operation));
                self.name_relation(&mut node, 0);
                node
            }
            _ => PlanNode::new("Result"),
        }
    }

    fn group_keys(&self, node: &mut PlanNode, keys: &[Expr]) {
        if !keys.is_empty() {
            let texts: Vec<String> = keys.iter().map(|key| self.expr(key)).collect();
            node.more.insert("Group Key".to_owned(), json!(texts));
        }
    }

    /// Relation and alias of a position.
    fn name_relation(&self, node: &mut PlanNode, relation: usize) {
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

    fn base_of(&self, path: &Path) -> Option<&'p Base<'a>> {
        self.root.base(single(path.relids)?)
    }

    /// A scan that is no table's.
    fn relation_node(&self, name: &str, path: &Path) -> PlanNode {
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

    fn cte_scan(&self, path: &Path) -> PlanNode {
        let (name, cte) = match self.base_of(path).map(|base| &base.kind) {
            Some(BaseKind::WorkTable(cte)) => ("WorkTable Scan", cte.clone()),
            Some(BaseKind::Cte(cte)) => ("CTE Scan", cte.clone()),
            _ => ("CTE Scan", String::new()),
        };
        let mut node = self.relation_node(name, path);
        node.more.insert("CTE Name".to_owned(), json!(cte));
        node
    }

    fn subquery_scan(&self, path: &Rc<Path>, input: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
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

    fn table_scan(&self, path: &Rc<Path>, scans: &mut Vec<Scan>) -> PlanNode {
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
    fn checked<'c>(&self, path: &'c Path, base: &'c Base<'a>) -> Vec<&'c Rc<Clause>> {
        let own = path.param.iter().flat_map(|param| &param.clauses);
        own.chain(&base.restrictions).collect()
    }

    fn index_properties(&self, node: &mut PlanNode, base: &Base<'_>, index: &IndexPath) {
        node.index_name = base.indexes.get(index.index).map(|info| info.index.name.clone());
        let direction = if index.is_backward { "Backward" } else { "Forward" };
        node.more.insert("Scan Direction".to_owned(), json!(direction));
        self.put(node, "Index Cond", conditions(&index.clauses));
    }

    fn bitmap(&self, base: &Base<'_>, qual: &BitmapQual, scan: &mut Scan) -> PlanNode {
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

    fn join(&self, path: &Rc<Path>, join: &JoinPath, scans: &mut Vec<Scan>) -> PlanNode {
        let (name, property) = match join.method {
            JoinMethod::NestedLoop => ("Nested Loop", "Join Filter"),
            JoinMethod::Hash => ("Hash Join", "Hash Cond"),
            JoinMethod::Merge => ("Merge Join", "Merge Cond"),
        };
        let mut node = PlanNode::new(name);
        let kind = match join.jointype {
            JoinType::Left => "Left",
            JoinType::Full => "Full",
            JoinType::Right => "Right",
            JoinType::Semi => "Semi",
            JoinType::Anti => "Anti",
            _ => "Inner",
        };
        node.more.insert("Join Type".to_owned(), json!(kind));
        if join.inner_unique {
            node.more.insert("Inner Unique".to_owned(), json!(true));
        }
        self.put(&mut node, property, join.method_clauses.iter().map(|clause| &clause.expr));
        let by_method =
            |clause: &&Rc<Clause>| join.method_clauses.iter().any(|m| Rc::ptr_eq(m, clause));
        let rest: Vec<&Rc<Clause>> = join.clauses.iter().filter(|c| !by_method(c)).collect();
        let is_filter = |clause: &&&Rc<Clause>| {
            join.jointype.is_outer() && crate::plan::sizes::is_pushed_down(clause, path.relids)
        };
        let exprs = |wanted: bool| -> Vec<&Expr> {
            rest.iter().filter(|c| is_filter(c) == wanted).map(|clause| &clause.expr).collect()
        };
        self.put(&mut node, "Join Filter", exprs(false));
        self.put(&mut node, "Filter", exprs(true));
        let outer = self.sorted(&join.outer, join.outer_sort.as_deref(), scans);
        node.plans.push(related(outer, "Outer"));
        let mut inner = self.sorted(&join.inner, join.inner_sort.as_deref(), scans);
        if join.materialize_inner {
            inner = wrapped("Materialize", inner);
        }
        if join.method == JoinMethod::Hash {
            inner = wrapped("Hash", inner);
            inner.startup_cost = inner.total_cost;
        }
        node.plans.push(related(inner, "Inner"));
        node
    }

    /// A merge join's input, below its Sort.
    fn sorted(&self, path: &Rc<Path>, keys: Option<&[PathKey]>, scans: &mut Vec<Scan>) -> PlanNode {
        let input = self.node(path, scans);
        let Some(keys) = keys else { return input };
        let cost = crate::plan::cost::sort::sort(
            self.root.settings(),
            path.total,
            path.rows,
            path.target.width,
            0.0,
            -1.0,
        );
        let mut node = wrapped("Sort", input);
        node.startup_cost = Some(two_digits(cost.startup));
        node.total_cost = Some(two_digits(cost.total));
        node.more.insert("Sort Key".to_owned(), self.keys(keys, path));
        node
    }
}

fn related(mut node: PlanNode, relationship: &str) -> PlanNode {
    node.parent_relationship = Some(relationship.to_owned());
    node
}

/// A node over another with the same numbers.
fn wrapped(name: &str, input: PlanNode) -> PlanNode {
    let mut node = PlanNode::new(name);
    node.startup_cost = input.startup_cost;
    node.total_cost = input.total_cost;
    node.plan_rows = input.plan_rows;
    node.plan_width = input.plan_width;
    node.plans.push(related(input, "Outer"));
    node
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

fn set_numbers(node: &mut PlanNode, path: &Path) {
    node.startup_cost = Some(two_digits(path.startup));
    node.total_cost = Some(two_digits(path.total));
    node.plan_rows = Some(libm::rint(path.rows));
    node.plan_width = Some(libm::rint(path.target.width));
    if path.parallel_aware {
        node.more.insert("Parallel Aware".to_owned(), json!(true));
    }
}

/// EXPLAIN prints costs with two digits.
fn two_digits(cost: f64) -> f64 {
    // As C prints it: by the exact binary value.
    format!("{cost:.2}").parse().unwrap_or(cost)
}
