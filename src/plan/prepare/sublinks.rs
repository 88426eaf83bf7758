//! `EXISTS` and `IN (SELECT ...)` as semi and anti joins (PostgreSQL's `pull_up_sublinks` in
//! `prepjointree.c`, `convert_ANY_sublink_to_join` and `convert_EXISTS_sublink_to_join` in
//! `subselect.c`). `NOT IN` stays a subplan: a NULL among its rows makes it unknown, not false.

use super::jointree::{join_tree, relids_of};
use crate::plan::path::JoinType;
use crate::plan::root::JoinNode;
use crate::sql::expr::{ColumnRef, CompareOp, Expr, Literal};
use crate::sql::functions::{is_aggregate, is_set_returning};
use crate::sql::query::{Command, Query, Relation, RelationSource, Target};
use crate::sql::relids::{RELATIONS_MAX, Relids, is_subset};
use crate::workload::pull_up::{is_plain, rebase_ctes, rewrite_query};

/// A place in the join tree where a converted subquery may be joined, and the relations there.
type Link<'n> = (&'n mut JoinNode, Relids);

/// Pulls up what can be; new relations are appended to the query.
pub fn pull_up_sublinks(query: &mut Query, node: JoinNode) -> JoinNode {
    match node {
        JoinNode::Relation(_) => node,
        JoinNode::From(items, conditions) => {
            let items: Vec<JoinNode> =
                items.into_iter().map(|item| pull_up_sublinks(query, item)).collect();
            let mut link = JoinNode::From(items, Vec::new());
            let available = relids_of(&link);
            let mut kept = Vec::new();
            for condition in conditions {
                kept.extend(pull_up_in(query, condition, &mut [(&mut link, available)]));
            }
            put_conditions(&mut link, kept);
            link
        }
        JoinNode::Join(kind, left, right, conditions) => {
            let mut left = pull_up_sublinks(query, *left);
            let mut right = pull_up_sublinks(query, *right);
            let (left_relids, right_relids) = (relids_of(&left), relids_of(&right));
            let mut kept = Vec::new();
            let mut whole = None;
            for condition in conditions {
                match kind {
                    JoinType::Left => {
                        kept.extend(pull_up_in(query, condition, &mut [(&mut right, right_relids)]))
                    }
                    JoinType::Right => {
                        kept.extend(pull_up_in(query, condition, &mut [(&mut left, left_relids)]));
                    }
                    JoinType::Inner => {
                        // Joined on top of the whole join.
                        let top = whole.get_or_insert(JoinNode::From(Vec::new(), Vec::new()));
                        let link = &mut [(top, left_relids | right_relids)];
                        kept.extend(pull_up_in(query, condition, link));
                    }
                    _ => kept.push(condition),
                }
            }
            let join = JoinNode::Join(kind, Box::new(left), Box::new(right), kept);
            match whole {
                Some(mut top) if top != JoinNode::From(Vec::new(), Vec::new()) => {
                    put_at_bottom(&mut top, join);
                    top
                }
                _ => join,
            }
        }
    }
}

/// Puts the conditions that stay at the FROM they came from, below the joins put on top of it.
fn put_conditions(node: &mut JoinNode, kept: Vec<Expr>) {
    match node {
        JoinNode::From(_, conditions) => *conditions = kept,
        JoinNode::Join(_, left, _, _) => put_conditions(left, kept),
        JoinNode::Relation(_) => {}
    }
}

/// Puts `join` where the empty FROM stands, below the joins put on top of it.
fn put_at_bottom(node: &mut JoinNode, join: JoinNode) {
    match node {
        JoinNode::Join(_, left, _, _) => put_at_bottom(left, join),
        other => *other = join,
    }
}

/// A condition without what became a join; `None` if nothing is left.
fn pull_up_in(query: &mut Query, condition: Expr, links: &mut [Link<'_>]) -> Option<Expr> {
    match condition {
        Expr::And(parts) => {
            let kept: Vec<Expr> =
                parts.into_iter().filter_map(|part| pull_up_in(query, part, links)).collect();
            match kept.len() {
                0 => None,
                _ => Some(crate::sql::and_all(kept)),
            }
        }
        Expr::AnyAllSubquery { op, left, query: inner, all: false } => {
            for (link, available) in links.iter_mut() {
                if let Some(found) = convert_any(query, op, &left, &inner, *available) {
                    attach(query, found, JoinType::Semi, link, *available);
                    return None;
                }
            }
            Some(Expr::AnyAllSubquery { op, left, query: inner, all: false })
        }
        Expr::Exists { query: inner, negated } => {
            for (link, available) in links.iter_mut() {
                if let Some(found) = convert_exists(query, &inner, *available) {
                    let kind = if negated { JoinType::Anti } else { JoinType::Semi };
                    attach(query, found, kind, link, *available);
                    return None;
                }
            }
            Some(Expr::Exists { query: inner, negated })
        }
        Expr::Not(inner) => match *inner {
            Expr::Exists { query: inner, negated } => {
                let positive = Expr::Exists { query: inner, negated: !negated };
                pull_up_in(query, positive, links)
            }
            other => Some(Expr::Not(Box::new(other))),
        },
        other => Some(other),
    }
}

/// The right side of a join and its conditions.
struct Converted {
    right: JoinNode,
    conditions: Vec<Expr>,
}

/// Joins a converted subquery at the link; subqueries in its own conditions go on either side.
fn attach(
    query: &mut Query,
    found: Converted,
    kind: JoinType,
    link: &mut JoinNode,
    available: Relids,
) {
    let mut right = pull_up_sublinks(query, found.right);
    let right_relids = relids_of(&right);
    let mut left = std::mem::replace(link, JoinNode::From(Vec::new(), Vec::new()));
    let mut kept = Vec::new();
    for condition in found.conditions {
        // Of an anti join nothing may be taken to the left.
        let rest = match kind {
            JoinType::Anti => pull_up_in(query, condition, &mut [(&mut right, right_relids)]),
            _ => pull_up_in(
                query,
                condition,
                &mut [(&mut left, available), (&mut right, right_relids)],
            ),
        };
        kept.extend(rest);
    }
    *link = JoinNode::Join(kind, Box::new(left), Box::new(right), kept);
}

fn convert_any(
    query: &mut Query,
    op: CompareOp,
    left: &Expr,
    inner: &Query,
    available: Relids,
) -> Option<Converted> {
    let mut outer_columns = Vec::new();
    inner.columns_at(1, &mut outer_columns);
    let left_relids = left.relids();
    if !outer_columns.is_empty() || left_relids == 0 || !is_subset(left_relids, available) {
        return None;
    }
    let sides: Vec<Expr> = match left {
        Expr::Row(parts) => parts.clone(),
        one => vec![one.clone()],
    };
    if query.relations.len() + inner.relations.len() >= RELATIONS_MAX || left.query().is_some() {
        return None;
    }
    let (right, targets) = match is_plain(inner).then(|| plain_targets(inner)).flatten() {
        Some(targets) => absorb(query, inner.clone(), targets),
        None => {
            let at = query.relations.len();
            let n = crate::workload::bind::output_names(inner).len();
            let source = RelationSource::Subquery(Box::new(inner.clone()));
            query.relations.push(Relation {
                alias: "ANY_subquery".to_owned(),
                column_aliases: Vec::new(),
                source,
                lateral: false,
                only: false,
            });
            let column = |column: usize| {
                Expr::Column(ColumnRef {
                    level: 0,
                    relation: u16::try_from(at).unwrap_or(u16::MAX),
                    column: u16::try_from(column).unwrap_or(u16::MAX),
                })
            };
            (JoinNode::Relation(at), (0..n).map(column).collect())
        }
    };
    let pairs = sides.into_iter().zip(targets);
    let conditions = pairs.map(|(a, b)| Expr::Compare(op, Box::new(a), Box::new(b))).collect();
    Some(Converted { right, conditions })
}

/// The select list of a query that may be taken apart: no aggregates, windows or set-returning calls.
fn plain_targets(inner: &Query) -> Option<Vec<Expr>> {
    let plain = |target: &Target| match target {
        Target::Expr(expr, _) if !has_special_call(expr) => Some(expr.clone()),
        _ => None,
    };
    inner.targets.iter().map(plain).collect()
}

fn has_special_call(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        if let Expr::Function(call) = part {
            found |= is_aggregate(call) || call.over.is_some() || is_set_returning(&call.name);
        }
        found |= part.query().is_some();
    });
    found
}

fn convert_exists(query: &mut Query, inner: &Query, available: Relids) -> Option<Converted> {
    if !is_simple_exists(inner) || query.relations.len() + inner.relations.len() >= RELATIONS_MAX {
        return None;
    }
    let mut inner = inner.clone();
    simplify_exists(&mut inner);
    let conditions = std::mem::take(&mut inner.conditions);
    let mut outer = Vec::new();
    inner.columns_at(1, &mut outer);
    if !outer.is_empty() {
        return None;
    }
    let mut upper: Relids = 0;
    let mut reads = Vec::new();
    for condition in &conditions {
        condition.columns_at(1, &mut reads);
    }
    for column in &reads {
        upper |= crate::sql::relids::bit(usize::from(column.relation));
    }
    if upper == 0 || !is_subset(upper, available) {
        return None;
    }
    let (right, conditions) = absorb(query, inner, conditions);
    Some(Converted { right, conditions })
}

/// An EXISTS whose rows come from joins alone (`simplify_EXISTS_query`).
pub fn is_simple_exists(inner: &Query) -> bool {
    let limits = match &inner.limit {
        None => true,
        Some(Expr::Literal(Literal::Number(n))) => n.parse::<f64>().is_ok_and(|n| n > 0.0),
        Some(_) => false,
    };
    limits
        && inner.ctes.is_empty()
        && inner.command == Command::Select
        && inner.set_operation.is_none()
        && inner.grouping_sets.is_empty()
        && inner.having.is_empty()
        && inner.offset.is_none()
        && !inner.for_update
        && !inner.from.is_empty()
        && !inner.targets.iter().any(|target| match target {
            Target::Expr(expr, _) => has_special_call(expr) && expr.query().is_none(),
            Target::Star(_) => false,
        })
}

/// What EXISTS does not look at goes: select list, groups, order, LIMIT.
pub fn simplify_exists(inner: &mut Query) {
    inner.targets.clear();
    inner.group_by.clear();
    inner.distinct = None;
    inner.order_by.clear();
    inner.limit = None;
    inner.windows.clear();
}

/// Appends the inner relations to the query; returns their joins, and `exprs` as seen from there.
fn absorb(query: &mut Query, mut inner: Query, mut exprs: Vec<Expr>) -> (JoinNode, Vec<Expr>) {
    let offset = u16::try_from(query.relations.len()).unwrap_or(u16::MAX);
    let mut shift = |expr: &mut Expr, depth: u16| {
        if let Expr::Column(column) = expr {
            if column.level == depth {
                column.relation = column.relation.saturating_add(offset);
            } else if column.level > depth {
                column.level -= 1;
            }
        }
    };
    // Travelling as HAVING, which a plain query has none of, they are moved with the rest.
    inner.having.append(&mut exprs);
    rewrite_query(&mut inner, 0, &mut shift);
    rebase_ctes(&mut inner, 0);
    let exprs = std::mem::take(&mut inner.having);
    query.relations.append(&mut inner.relations);
    let mut node = join_tree(&inner.from, inner.conditions);
    move_relations(&mut node, usize::from(offset));
    match node {
        JoinNode::From(mut items, conditions) if items.len() == 1 && conditions.is_empty() => {
            (items.pop().unwrap_or(JoinNode::From(Vec::new(), Vec::new())), exprs)
        }
        node => (node, exprs),
    }
}

fn move_relations(node: &mut JoinNode, offset: usize) {
    match node {
        JoinNode::Relation(relation) => *relation += offset,
        JoinNode::From(items, _) => {
            items.iter_mut().for_each(|item| move_relations(item, offset));
        }
        JoinNode::Join(_, left, right, _) => {
            move_relations(left, offset);
            move_relations(right, offset);
        }
    }
}
