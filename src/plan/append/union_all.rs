//! The arms of a UNION ALL in FROM (`is_simple_union_all`, `pull_up_union_leaf_queries`,
//! `is_safe_append_member` in `prepjointree.c`). An arm that is a plain SELECT of one relation is that
//! relation, its select list what stands for the columns; another one is a subquery.

use super::translate::column_of;
use crate::plan::base::push_down::cast_columns;
use crate::plan::root::Root;
use crate::plan::upper::set_operations::{is_pulled_up, union_all_arms};
use crate::sql::expr::Expr;
use crate::sql::query::{JoinTree, Query, Relation, RelationSource, Target};
use crate::workload::pull_up::{rebase_ctes, rewrite, rewrite_query};

/// An arm as a relation of the query around the UNION ALL.
pub struct Arm {
    /// The relation.
    pub entry: Relation,
    /// What stands for the columns of the whole; the relation is `OWN` there.
    outputs: Vec<Expr>,
}

/// Stands for the arm's relation until that has a place.
const OWN: u16 = u16::MAX;

impl Arm {
    /// What stands for the columns when the arm is this relation.
    pub fn exprs_over(&self, relation: usize) -> Vec<Expr> {
        let place = |expr: &Expr| {
            let mut expr = expr.clone();
            rewrite(&mut expr, 0, &mut |part, depth| {
                if let Expr::Column(column) = part
                    && column.level == depth
                    && column.relation == OWN
                {
                    column.relation = u16::try_from(relation).unwrap_or(OWN);
                }
            });
            expr
        };
        self.outputs.iter().map(place).collect()
    }
}

/// The arms of a relation; none if it is no UNION ALL, or one that must first make its columns alike.
pub fn arms_of(root: &Root<'_>, relation: usize) -> Vec<Arm> {
    let Some(entry) = root.query.relations.get(relation) else { return Vec::new() };
    let RelationSource::Subquery(query) = &entry.source else { return Vec::new() };
    let Some(arms) = union_all_arms(query).filter(|_| !root.query.for_update) else {
        return Vec::new();
    };
    if !cast_columns(root.configuration.catalog, query).is_empty() {
        return Vec::new();
    }
    let arm = |(at, (query, depth)): (usize, &(&Query, usize))| {
        let mut arm = pulled_up(query, *depth).unwrap_or_else(|| subquery(query, *depth, at));
        arm.entry.lateral |= entry.lateral;
        arm
    };
    arms.iter().enumerate().map(arm).collect()
}

/// The relation of a plain SELECT. It was written `depth` queries below an arm of the whole, which is
/// itself two below the query around.
fn pulled_up(query: &Query, depth: usize) -> Option<Arm> {
    let ([JoinTree::Relation(at)], true) = (query.from.as_slice(), is_pulled_up(query)) else {
        return None;
    };
    if !query.conditions.is_empty() {
        return None;
    }
    let by = u16::try_from(depth).ok()?.checked_add(2)?;
    let mut entry = query.relations.get(*at)?.clone();
    match &mut entry.source {
        RelationSource::Subquery(inner) => {
            rewrite_query(inner, 1, &mut |expr, inside| lift(expr, inside, by));
            (0..by).for_each(|_| rebase_ctes(inner, 1));
        }
        RelationSource::Cte { level, .. } => *level = level.checked_sub(by)?,
        RelationSource::Table(_) => {}
        _ => return None,
    }
    let output = |target: &Target| match target {
        Target::Expr(expr, _) => {
            let mut has_query = false;
            expr.walk(&mut |part| has_query |= part.query().is_some());
            let mut expr = expr.clone();
            rewrite(&mut expr, 0, &mut |part, inside| {
                if let Expr::Column(column) = part
                    && column.level == inside
                {
                    column.relation = OWN;
                } else {
                    lift(part, inside, by);
                }
            });
            (!has_query).then_some(expr)
        }
        Target::Star(_) => None,
    };
    let outputs = query.targets.iter().map(output).collect::<Option<_>>()?;
    Some(Arm { entry, outputs })
}

/// An arm that is planned as a query; its name is the server's.
fn subquery(query: &Query, depth: usize, at: usize) -> Arm {
    let by = u16::try_from(depth).unwrap_or(u16::MAX).saturating_add(1);
    let mut inner = query.clone();
    rewrite_query(&mut inner, 0, &mut |expr, inside| lift(expr, inside, by));
    (0..by).for_each(|_| rebase_ctes(&mut inner, 0));
    let outputs = (0..query.targets.len()).map(|column| column_of(usize::from(OWN), column));
    let outputs = outputs.collect();
    let entry = Relation {
        alias: format!("*SELECT* {}", at + 1),
        column_aliases: Vec::new(),
        source: RelationSource::Subquery(Box::new(inner)),
        lateral: false,
        only: false,
    };
    Arm { entry, outputs }
}

/// Columns of the queries around come so many levels nearer.
fn lift(expr: &mut Expr, inside: u16, by: u16) {
    if let Expr::Column(column) = expr
        && column.level > inside
    {
        column.level = column.level.saturating_sub(by).max(inside);
    }
}
