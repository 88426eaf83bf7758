//! Plans one query block: its relations, their joins, then grouping, order and limit (`top`).

use std::rc::Rc;

use super::access::{BaseRelation, Planning, base_paths, relations_in};
use super::cost::{Cost, qual_cost};
use super::cte::{Environment, plan_ctes};
use super::existence::{Pulled, pull_up};
use super::explain::Names;
use super::join::{JoinClause, JoinRelation, Joining, join_clauses};
use super::path::{Path, PathKind, RowKind, add_path};
use super::{Configuration, Scan, top};
use crate::estimate::selectivity::{Scope, clause, conjunction};
use crate::limits;
use crate::read::plan_node::PlanNode;
use crate::sql::expr::Expr;
use crate::sql::query::{Command, JoinKind, JoinTree, Query, RelationSource, Target};
use crate::workload::predicate::classify;
use crate::workload::shape::{Clauses, shapes_of};

/// A query planned to its end.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Its plan.
    pub node: Rc<PlanNode>,
    /// Its cost.
    pub cost: Cost,
    /// Rows.
    pub rows: f64,
    /// Bytes of a row.
    pub width: f64,
    /// Tables it reads.
    pub scans: Rc<Vec<Scan>>,
}

/// Plans a query.
pub fn plan_block(
    configuration: &Configuration<'_>,
    query: &Query,
    environment: &Environment,
) -> Result<Finished, String> {
    if environment.depth >= limits::SUBQUERY_DEPTH_MAX {
        return Err(format!("queries nest deeper than {}", limits::SUBQUERY_DEPTH_MAX));
    }
    if query.relations.len() > 60 {
        return Err(format!("{} relations in one FROM; 60 are planned", query.relations.len()));
    }
    let mut inside = environment.clone();
    inside.depth += 1;
    inside.ctes.push(Rc::new(Vec::new()));
    let shared = plan_ctes(configuration, query, &mut inside)?;
    let mut finished = match (&query.set_operation, &query.command) {
        (Some(_), _) => top::set_operation(configuration, query, &inside)?,
        (None, Command::Insert { .. }) => top::insert(configuration, query, &inside)?,
        (None, _) => Block { configuration, query, environment: &inside }.plan()?,
    };
    // A CTE that is not part of its reader runs once, beside it.
    for cte in shared {
        finished = beside(finished, &cte, "InitPlan");
    }
    Ok(finished)
}

/// A plan that runs another once at its start.
pub fn beside(main: Finished, other: &Finished, relationship: &str) -> Finished {
    let mut node = (*main.node).clone();
    let mut child = (*other.node).clone();
    child.parent_relationship = Some(relationship.to_owned());
    node.plans.insert(0, child);
    let cost = Cost {
        startup: main.cost.startup + other.cost.total,
        total: main.cost.total + other.cost.total,
    };
    node.startup_cost = Some((cost.startup * 100.0).round() / 100.0);
    node.total_cost = Some((cost.total * 100.0).round() / 100.0);
    let mut scans = (*main.scans).clone();
    scans.extend(other.scans.iter().cloned());
    Finished { node: Rc::new(node), cost, scans: Rc::new(scans), ..main }
}

/// A SELECT, UPDATE or DELETE while it is planned.
pub struct Block<'b, 'a> {
    /// Indexes to use.
    pub configuration: &'b Configuration<'a>,
    /// The query.
    pub query: &'b Query,
    /// CTEs in scope.
    pub environment: &'b Environment,
}

impl<'b> Block<'b, '_> {
    fn plan(&self) -> Result<Finished, String> {
        let mut clauses = Clauses::of(self.query);
        let pulled = pull_up(self, &mut clauses)?;
        let scope = self.scope(pulled.items.len());
        let planning = Planning { configuration: self.configuration, scope };
        let bases = self.bases(&planning, &pulled);
        let conditions: Vec<(Expr, bool)> = clauses
            .conditions
            .iter()
            .filter(|clause| clause.only.is_none() && !pulled.is_late(&clause.expr))
            .map(|clause| (clause.expr.clone(), clause.is_implied))
            .chain(pulled.clauses.iter().map(|clause| (clause.clone(), false)))
            .collect();
        let join_clauses = join_clauses(&planning, &conditions);
        let joining = Joining { planning: &planning, bases: &bases, clauses: &join_clauses };
        let mut items = Vec::new();
        for tree in &self.query.from {
            self.items(&joining, tree, &mut items)?;
        }
        items.extend(pulled.items.iter().cloned());
        let joined = match items.len() {
            0 => result(),
            _ => joining.join_all(items).ok_or("the relations cannot be joined")?,
        };
        let joined = self.late_filter(&planning, joined, &pulled);
        let best = top::finish(self, &planning, &bases, &joined);
        let mut finished = self.finished(&best);
        for plan in &pulled.subplans {
            finished = attach(finished, plan);
        }
        for plan in self.uncorrelated(&pulled)? {
            finished = beside(finished, &plan, "InitPlan");
        }
        Ok(finished)
    }

    fn finished(&self, path: &Rc<Path>) -> Finished {
        let names = Names { configuration: self.configuration, query: self.query };
        let mut scans = Vec::new();
        path.scans(&mut scans);
        Finished {
            node: Rc::new(names.node(path)),
            cost: path.cost,
            rows: path.rows,
            width: path.width,
            scans: Rc::new(scans),
        }
    }

    fn scope(&self, n_pulled: usize) -> Scope<'b> {
        let tables = self.query.relations.iter().map(|relation| match relation.source {
            RelationSource::Table(table) => self.configuration.catalog.tables.get(table),
            _ => None,
        });
        Scope { tables: tables.chain(std::iter::repeat_n(None, n_pulled)).collect() }
    }

    /// The tables of the block; conditions that were pulled up join the shapes they restrict.
    fn bases(&self, planning: &Planning<'b>, pulled: &Pulled) -> Vec<Option<BaseRelation<'b>>> {
        let mut bases: Vec<Option<BaseRelation<'b>>> = Vec::new();
        bases.resize_with(self.query.relations.len() + pulled.items.len(), || None);
        for mut shape in shapes_of(self.query) {
            shape.predicates.retain(|predicate| !pulled.is_gone(&predicate.clause));
            for clause in &pulled.clauses {
                classify(clause, shape.relation, false, &mut shape.predicates);
            }
            let table = self.configuration.catalog.tables.get(shape.table);
            let relation = shape.relation;
            if let (Some(table), Some(slot)) = (table, bases.get_mut(relation)) {
                *slot = Some(BaseRelation::new(&planning.scope, table, shape));
            }
        }
        let total: f64 = bases.iter().flatten().map(|base| base.pages).sum();
        for base in bases.iter_mut().flatten() {
            base.other_pages = total - base.pages;
        }
        bases
    }

    /// The items of a join tree: inner joins dissolve, an outer join is one item.
    fn items(
        &self,
        joining: &Joining<'_, '_>,
        tree: &JoinTree,
        out: &mut Vec<JoinRelation>,
    ) -> Result<(), String> {
        match tree {
            JoinTree::Relation(relation) => out.push(self.relation(joining, *relation)?),
            JoinTree::Join { kind: JoinKind::Inner, left, right, .. } => {
                self.items(joining, left, out)?;
                self.items(joining, right, out)?;
            }
            JoinTree::Join { kind, left, right, on, .. } => {
                let (mut lefts, mut rights) = (Vec::new(), Vec::new());
                self.items(joining, left, &mut lefts)?;
                self.items(joining, right, &mut rights)?;
                if *kind == JoinKind::Left && self.rejects_nulls(&rights) {
                    // The WHERE clause drops the NULL rows: an inner join.
                    out.append(&mut lefts);
                    out.append(&mut rights);
                    return Ok(());
                }
                out.push(self.outer_join(joining, *kind, lefts, rights, on)?);
            }
        }
        Ok(())
    }

    /// A strict condition of WHERE on one of these relations.
    fn rejects_nulls(&self, items: &[JoinRelation]) -> bool {
        let bits = items.iter().fold(0, |bits, item| bits | item.bits);
        self.query.conditions.iter().any(|condition| {
            relations_in(condition) & bits != 0
                && matches!(
                    condition,
                    Expr::Compare(..)
                        | Expr::InList { .. }
                        | Expr::Like { .. }
                        | Expr::Column(_)
                        | Expr::IsNull { negated: true, .. }
                )
                && !has_null_replacing_call(condition)
        })
    }

    fn outer_join(
        &self,
        joining: &Joining<'_, '_>,
        kind: JoinKind,
        lefts: Vec<JoinRelation>,
        rights: Vec<JoinRelation>,
        on: &[Expr],
    ) -> Result<JoinRelation, String> {
        let none = "the relations cannot be joined";
        let (left, right) =
            (joining.join_all(lefts).ok_or(none)?, joining.join_all(rights).ok_or(none)?);
        // A RIGHT JOIN is the LEFT JOIN of the exchanged sides.
        let (kind, left, right) = match kind {
            JoinKind::Right => (JoinKind::Left, right, left),
            other => (other, left, right),
        };
        let conditions: Vec<(Expr, bool)> = on.iter().map(|expr| (expr.clone(), false)).collect();
        let clauses: Vec<JoinClause> = join_clauses(joining.planning, &conditions);
        let own = Joining { clauses: &clauses, ..*joining };
        let selectivity: f64 = clauses.iter().map(|clause| clause.selectivity).product();
        let rows = (left.rows * right.rows * selectivity).round().max(left.rows);
        let rows = if kind == JoinKind::Full { rows.max(right.rows) } else { rows };
        let mut joined = None;
        own.join_pair(&left, &right, RowKind::Join(kind), rows, &mut joined);
        joined.ok_or_else(|| none.to_owned())
    }

    fn relation(&self, joining: &Joining<'_, '_>, relation: usize) -> Result<JoinRelation, String> {
        let bits = 1 << relation.min(63);
        if let Some(Some(base)) = joining.bases.get(relation) {
            let paths = base_paths(joining.planning, base, 0, 1.0);
            return Ok(JoinRelation { bits, rows: base.rows, paths, existence: None });
        }
        let plan = self.other_relation(relation)?;
        let filter: Vec<Expr> = self
            .query
            .conditions
            .iter()
            .filter(|condition| relations_in(condition) == bits && condition.query().is_none())
            .cloned()
            .collect();
        let settings = &self.configuration.catalog.settings;
        let quals: f64 = filter.iter().map(|condition| qual_cost(settings, condition)).sum();
        let kept = conjunction(&joining.planning.scope, &filter.iter().collect::<Vec<_>>());
        let per_row = if filter.is_empty() { 0.0 } else { settings.cpu_tuple_cost + quals };
        let cost = Cost { total: plan.cost.total + plan.rows * per_row, ..plan.cost };
        let rows = (plan.rows * kept).round().max(1.0);
        let path = Path {
            kind: PathKind::Finished { relation, node: plan.node, scans: plan.scans, filter },
            cost,
            rows,
            width: plan.width,
            order: Rc::default(),
            needs: 0,
        };
        Ok(JoinRelation { bits, rows, paths: vec![Rc::new(path)], existence: None })
    }

    /// A relation that is no table.
    fn other_relation(&self, relation: usize) -> Result<Finished, String> {
        let Some(relation) = self.query.relations.get(relation) else {
            return Err("a relation is missing".to_owned());
        };
        let settings = &self.configuration.catalog.settings;
        let simple = |node_type: &str, rows: f64, cost: f64| {
            let mut node = PlanNode::new(node_type);
            node.alias = Some(relation.alias.clone());
            node.startup_cost = Some(0.0);
            node.total_cost = Some((cost * 100.0).round() / 100.0);
            node.plan_rows = Some(rows);
            let cost = Cost { startup: 0.0, total: cost };
            Finished { node: Rc::new(node), cost, rows, width: 32.0, scans: Rc::default() }
        };
        match &relation.source {
            RelationSource::Subquery(query) => {
                plan_block(self.configuration, query, self.environment)
            }
            RelationSource::Cte { level, cte } => {
                let Some(known) = self.environment.cte(*level, *cte) else {
                    return Err(format!("the CTE of {:?} is not known", relation.alias));
                };
                if known.is_inlined {
                    return Ok(known.plan.clone());
                }
                let rows = known.plan.rows;
                let mut scan = simple("CTE Scan", rows, rows * settings.cpu_tuple_cost);
                Rc::make_mut(&mut scan.node)
                    .more
                    .insert("CTE Name".to_owned(), known.name.clone().into());
                scan.width = known.plan.width;
                Ok(scan)
            }
            RelationSource::Function(_) => {
                // Doubt: PostgreSQL asks the function's support function, or takes 1000 (prorows).
                Ok(simple("Function Scan", 100.0, 100.0 * settings.cpu_tuple_cost))
            }
            RelationSource::Values(rows) => {
                let n = f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX));
                Ok(simple(
                    "Values Scan",
                    n,
                    n * (settings.cpu_tuple_cost + settings.cpu_operator_cost),
                ))
            }
            RelationSource::Name(parts) => {
                Err(format!("table {:?} is in no pasted schema", parts.join(".")))
            }
            RelationSource::Table(_) => Err("a table is missing from the catalog".to_owned()),
        }
    }

    /// Applies conditions with subqueries that did not become joins, on the joined rows.
    fn late_filter(
        &self,
        planning: &Planning<'_>,
        joined: JoinRelation,
        pulled: &Pulled,
    ) -> JoinRelation {
        let late = pulled.late.clone();
        if late.is_empty() && pulled.subplans.is_empty() {
            return joined;
        }
        let settings = &self.configuration.catalog.settings;
        let kept: f64 = late.iter().map(|condition| clause(&planning.scope, condition)).product();
        let quals: f64 = late.iter().map(|condition| qual_cost(settings, condition)).sum();
        let rows = (joined.rows * kept).round().max(1.0);
        let mut paths = Vec::new();
        for path in &joined.paths {
            let per_row = quals + pulled.cost_per_row;
            let total = path.cost.total + pulled.cost_once + path.rows * per_row;
            let startup = path.cost.startup + pulled.cost_once;
            let filtered = Path {
                kind: PathKind::Filter(path.clone(), late.clone()),
                cost: Cost { startup, total },
                rows: rows.min(path.rows),
                ..(**path).clone()
            };
            add_path(&mut paths, filtered);
        }
        JoinRelation { rows, paths, ..joined }
    }

    /// Scalar subqueries without outer references: each runs once.
    fn uncorrelated(&self, pulled: &Pulled) -> Result<Vec<Finished>, String> {
        let mut out = Vec::new();
        let mut error = None;
        self.query.for_each_expr(&mut |expr| {
            expr.walk(&mut |part| {
                if let Expr::Subquery(query) = part
                    && !pulled.is_planned(query)
                {
                    match plan_block(self.configuration, query, self.environment) {
                        Ok(plan) => out.push(plan),
                        Err(problem) => error = Some(problem),
                    }
                }
            });
        });
        match error {
            Some(problem) => Err(problem),
            None => Ok(out),
        }
    }

    /// The expressions of the select list.
    pub fn target_exprs(&self) -> Vec<Expr> {
        let expr = |target: &Target| match target {
            Target::Expr(expr, _) => Some(expr.clone()),
            Target::Star(_) => None,
        };
        self.query.targets.iter().filter_map(expr).collect()
    }
}

/// `coalesce` and kin make a condition true for NULLs.
fn has_null_replacing_call(condition: &Expr) -> bool {
    let mut found = false;
    condition.walk(&mut |part| match part {
        Expr::Function(call) => {
            found |= matches!(call.name.as_str(), "coalesce" | "ifnull" | "nvl" | "isnull");
        }
        Expr::Case { .. } => found = true,
        _ => {}
    });
    found
}

/// Hangs a subplan below the top node; its cost is part of the path already.
fn attach(main: Finished, other: &Finished) -> Finished {
    let mut node = (*main.node).clone();
    let mut child = (*other.node).clone();
    child.parent_relationship = Some("SubPlan".to_owned());
    node.plans.push(child);
    let mut scans = (*main.scans).clone();
    scans.extend(other.scans.iter().cloned());
    Finished { node: Rc::new(node), scans: Rc::new(scans), ..main }
}

/// `SELECT 1`.
fn result() -> JoinRelation {
    let path = Path {
        kind: PathKind::Result,
        cost: Cost { startup: 0.0, total: 0.01 },
        rows: 1.0,
        width: 4.0,
        order: Rc::default(),
        needs: 0,
    };
    JoinRelation { bits: 0, rows: 1.0, paths: vec![Rc::new(path)], existence: None }
}
