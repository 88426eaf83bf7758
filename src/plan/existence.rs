//! EXISTS, IN and their negations as semi and anti joins. After PostgreSQL's `subselect.c`
//! (`convert_EXISTS_sublink_to_join`, `convert_ANY_sublink_to_join`).
//!
//! A pulled-up subquery is a relation of its own behind those of FROM. It can be read once and hashed,
//! when all it shares with the outer query are equalities; or run for every outer row, with the row's
//! values as unknown constants, which lets an index inside find the partner.

use std::rc::Rc;

use super::access::relations_in;
use super::block::{Block, Finished, plan_block};
use super::cost::Cost;
use super::join::{Existence, JoinRelation};
use super::path::{Path, PathKind, Relations, RowKind};
use crate::estimate::join::semi_selectivity;
use crate::estimate::selectivity::Scope;
use crate::sql::expr::{ColumnRef, CompareOp, Expr};
use crate::sql::query::{Query, RelationSource, Target};
use crate::workload::shape::Clauses;

/// What became of a block's subqueries.
#[derive(Default)]
pub struct Pulled {
    /// Semi and anti joins.
    pub items: Vec<JoinRelation>,
    /// Their join conditions.
    pub clauses: Vec<Expr>,
    /// Conditions that are checked on the joined rows.
    pub late: Vec<Expr>,
    /// Cost of the subqueries in them, per row.
    pub cost_per_row: f64,
    /// Cost of those that run once.
    pub cost_once: f64,
    /// The plans of those subqueries.
    pub subplans: Vec<Finished>,
    /// Conditions that became joins.
    gone: Vec<Expr>,
}

impl Pulled {
    /// The condition is checked on the joined rows, or became a join.
    pub fn is_gone(&self, condition: &Expr) -> bool {
        self.gone.contains(condition) || self.late.contains(condition)
    }

    /// The condition is checked on the joined rows.
    pub fn is_late(&self, condition: &Expr) -> bool {
        self.is_gone(condition)
    }

    /// The subquery's cost is counted with a condition.
    pub fn is_planned(&self, query: &Query) -> bool {
        self.late.iter().any(|condition| {
            let mut found = false;
            condition.walk(&mut |part| found |= part.query().is_some_and(|inner| inner == query));
            found
        })
    }
}

/// Takes the conditions with subqueries out of `clauses` and decides what becomes of each.
pub fn pull_up(block: &Block<'_, '_>, clauses: &mut Clauses) -> Result<Pulled, String> {
    let mut pulled = Pulled::default();
    let conditions: Vec<Expr> = clauses
        .conditions
        .iter()
        .filter(|clause| has_query(&clause.expr))
        .map(|clause| clause.expr.clone())
        .collect();
    for condition in conditions {
        if is_plain_value(&condition) {
            continue;
        }
        if !pull_one(block, &condition, &mut pulled)? {
            filter_late(block, &condition, &mut pulled)?;
        }
    }
    clauses.conditions.retain(|clause| !pulled.is_gone(&clause.expr));
    for target in block.target_exprs() {
        count_correlated(block, &target, &mut pulled)?;
    }
    Ok(pulled)
}

fn has_query(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| found |= part.query().is_some());
    found
}

/// Its only subqueries are scalar and read nothing of this block: a value that is known at the start.
fn is_plain_value(condition: &Expr) -> bool {
    let mut plain = true;
    condition.walk(&mut |part| match part {
        Expr::Subquery(query) => plain &= outer_relations(query) == 0,
        Expr::Exists { .. } | Expr::AnyAllSubquery { .. } => plain = false,
        _ => {}
    });
    plain
}

/// The relations of the block that a subquery reads.
fn outer_relations(query: &Query) -> Relations {
    let mut columns = Vec::new();
    query.columns_at(1, &mut columns);
    columns.iter().fold(0, |bits, column| bits | 1 << column.relation.min(63))
}

/// Makes a join of EXISTS, NOT EXISTS or IN; `false` when it has to stay a condition.
fn pull_one(block: &Block<'_, '_>, condition: &Expr, pulled: &mut Pulled) -> Result<bool, String> {
    let (query, kind, key) = match condition {
        Expr::Exists { query, negated } => {
            (query, if *negated { RowKind::Anti } else { RowKind::Semi }, None)
        }
        Expr::AnyAllSubquery { op: CompareOp::Eq, left, query, all: false } => {
            (query, RowKind::Semi, Some(&**left))
        }
        _ => return Ok(false),
    };
    let relation = block.query.relations.len() + pulled.items.len();
    if relation > 60 || query.set_operation.is_some() && key.is_none() {
        return Ok(false);
    }
    let mut pairs: Vec<(Expr, Expr)> = Vec::new();
    if let Some(key) = key {
        let targets = query.targets.first().and_then(|target| match target {
            Target::Expr(expr, _) => Some(expr.clone()),
            Target::Star(_) => None,
        });
        match targets {
            Some(target) if !matches!(key, Expr::Row(_)) => pairs.push((key.clone(), target)),
            _ => return Ok(false),
        }
    }
    let mut needs = outer_relations(query);
    needs |= key.map_or(0, relations_in);
    if needs == 0 {
        return Ok(false);
    }
    let free = decorrelate(query, &mut pairs);
    let mut paths = Vec::new();
    let mut unique = None;
    let mut selectivity = 0.5;
    if let Some(free) = &free {
        let plan = plan_block(block.configuration, free, block.environment)?;
        selectivity = partners(block, free, &pairs, plan.rows);
        unique = (kind == RowKind::Semi).then(|| Rc::new(made_unique(relation, &plan)));
        paths.push(Rc::new(path_of(relation, &plan, 0)));
        for (at, (outer, _)) in pairs.iter().enumerate() {
            let inner = Expr::Column(ColumnRef {
                level: 0,
                relation: u16::try_from(relation).unwrap_or(u16::MAX),
                column: u16::try_from(at).unwrap_or(u16::MAX),
            });
            let sides = (Box::new(outer.clone()), Box::new(inner));
            pulled.clauses.push(Expr::Compare(CompareOp::Eq, sides.0, sides.1));
        }
    }
    let bound = with_outer_key(query, key);
    let per_row = plan_block(block.configuration, &bound, block.environment)?;
    paths.push(Rc::new(path_of(relation, &per_row, needs)));
    let existence = Existence { kind, selectivity, unique, needs };
    let bits = 1 << relation;
    let rows = per_row.rows;
    pulled.items.push(JoinRelation { bits, rows, paths, existence: Some(existence) });
    pulled.gone.push(condition.clone());
    Ok(true)
}

/// The subquery without its correlated equalities, selecting their inner sides (after what IN
/// compares); `None` when it depends on the outer query in any other way, or groups or limits.
fn decorrelate(query: &Query, pairs: &mut Vec<(Expr, Expr)>) -> Option<Query> {
    let plain = query.group_by.is_empty()
        && query.having.is_empty()
        && query.limit.is_none()
        && query.set_operation.is_none()
        && !query.targets.iter().any(is_aggregate_target);
    if outer_relations(query) == 0 {
        let keep_targets = !pairs.is_empty();
        return keep_targets.then(|| query.clone());
    }
    if !plain {
        return None;
    }
    let mut free = query.clone();
    let mut kept = Vec::new();
    for condition in std::mem::take(&mut free.conditions) {
        let mut outer = Vec::new();
        condition.columns_at(1, &mut outer);
        if outer.is_empty() {
            kept.push(condition);
            continue;
        }
        let Expr::Compare(CompareOp::Eq, left, right) = condition else { return None };
        let is_outer = |expr: &Expr| matches!(expr, Expr::Column(column) if column.level == 1);
        match (is_outer(&left), is_outer(&right)) {
            (true, false) => pairs.push((moved_out(*left), *right)),
            (false, true) => pairs.push((moved_out(*right), *left)),
            _ => return None,
        }
    }
    free.conditions = kept;
    free.targets = pairs.iter().map(|(_, inner)| Target::Expr(inner.clone(), None)).collect();
    (outer_relations(&free) == 0 && !pairs.is_empty()).then_some(free)
}

fn is_aggregate_target(target: &Target) -> bool {
    matches!(target, Target::Expr(expr, _) if super::top::has_aggregate(expr))
}

/// An expression of the subquery over the outer query's columns, seen from the outer query.
fn moved_out(mut expr: Expr) -> Expr {
    shift(&mut expr, false);
    expr
}

fn shift(expr: &mut Expr, inward: bool) {
    if let Expr::Column(column) = expr {
        column.level = if inward { column.level + 1 } else { column.level.saturating_sub(1) };
    }
    expr.for_each_child_mut(&mut |child| shift(child, inward));
}

/// The subquery for one outer row: what IN compares becomes one of its conditions.
fn with_outer_key(query: &Query, key: Option<&Expr>) -> Query {
    let mut bound = query.clone();
    if let (Some(key), Some(Target::Expr(target, _))) = (key, query.targets.first())
        && query.group_by.is_empty()
        && !super::top::has_aggregate(target)
    {
        let mut outer = key.clone();
        shift(&mut outer, true);
        let sides = (Box::new(target.clone()), Box::new(outer));
        bound.conditions.push(Expr::Compare(CompareOp::Eq, sides.0, sides.1));
    }
    bound
}

fn path_of(relation: usize, plan: &Finished, needs: Relations) -> Path {
    Path {
        kind: PathKind::Finished {
            relation,
            node: plan.node.clone(),
            scans: plan.scans.clone(),
            filter: Vec::new(),
        },
        cost: plan.cost,
        rows: plan.rows,
        width: plan.width,
        order: Rc::default(),
        needs,
    }
}

/// The subquery's distinct rows, hashed.
fn made_unique(relation: usize, plan: &Finished) -> Path {
    let input = Rc::new(path_of(relation, plan, 0));
    let cost = plan.cost.total + plan.rows * 0.0025;
    let properties = vec![("Strategy", "Hashed".into())];
    Path {
        kind: PathKind::Over { name: "Aggregate", properties, input },
        cost: Cost { startup: cost, total: cost + plan.rows * 0.01 },
        rows: plan.rows,
        width: plan.width,
        order: Rc::default(),
        needs: 0,
    }
}

/// The part of the outer rows that have a partner, by the distinct values of the first pair.
fn partners(block: &Block<'_, '_>, free: &Query, pairs: &[(Expr, Expr)], inner_rows: f64) -> f64 {
    let scope = |query: &Query| Scope {
        tables: query
            .relations
            .iter()
            .map(|relation| match relation.source {
                RelationSource::Table(table) => block.configuration.catalog.tables.get(table),
                _ => None,
            })
            .collect(),
    };
    let Some((outer, inner)) = pairs.first() else { return 0.5 };
    match (scope(block.query).info(outer), scope(free).info(inner)) {
        (Some(outer), Some(inner)) => semi_selectivity(&outer, &inner, inner_rows),
        _ => 0.5,
    }
}

/// A condition that stays one: its subqueries run for every row, or once when they read nothing of it.
fn filter_late(block: &Block<'_, '_>, condition: &Expr, pulled: &mut Pulled) -> Result<(), String> {
    pulled.late.push(condition.clone());
    count_subqueries(block, condition, true, pulled)
}

fn count_correlated(
    block: &Block<'_, '_>,
    target: &Expr,
    pulled: &mut Pulled,
) -> Result<(), String> {
    count_subqueries(block, target, false, pulled)
}

fn count_subqueries(
    block: &Block<'_, '_>,
    expr: &Expr,
    is_condition: bool,
    pulled: &mut Pulled,
) -> Result<(), String> {
    let mut queries: Vec<&Query> = Vec::new();
    expr.walk(&mut |part| queries.extend(part.query()));
    for query in queries {
        let is_correlated = outer_relations(query) != 0;
        if !is_correlated && !is_condition {
            continue;
        }
        let plan = plan_block(block.configuration, query, block.environment)?;
        if is_correlated {
            pulled.cost_per_row += plan.cost.total;
        } else {
            pulled.cost_once += plan.cost.total;
        }
        pulled.subplans.push(plan);
    }
    Ok(())
}
