//! Joins: which pairs, in which order, by which method. After PostgreSQL's `joinrels.c` (dynamic
//! programming over sets of relations) and `costsize.c` (nested loop, hash and merge join).
//!
//! Simplified: beyond `limits::JOIN_DP_MAX` items the search is greedy instead of genetic; outer joins
//! keep the order they are written in; a merge join reads both inputs to their end.

use std::rc::Rc;

use super::access::{BaseRelation, Planning, relations_in};
use super::cost;
use super::join_method::Pair;
use super::path::{Path, PathKind, Relations, RowKind};
use crate::estimate::join::join_selectivity;
use crate::limits;
use crate::read::statistics::Settings;
use crate::sql::expr::{ColumnRef, CompareOp, Expr};
use crate::sql::query::{JoinKind, SortKey};

/// Something that can be joined: a relation, or several joined already.
#[derive(Clone)]
pub struct JoinRelation {
    /// Its relations.
    pub bits: Relations,
    /// Rows.
    pub rows: f64,
    /// The ways to produce them.
    pub paths: Vec<Rc<Path>>,
    /// A subquery of EXISTS or IN: joins only as the inner side of a semi or anti join, or, once it is
    /// made unique, as the outer side.
    pub existence: Option<Existence>,
}

/// A subquery that only tells whether there is a row.
#[derive(Clone)]
pub struct Existence {
    /// Semi or anti.
    pub kind: RowKind,
    /// Part of the outer rows that have a partner.
    pub selectivity: f64,
    /// The same rows made unique, to drive a nested loop.
    pub unique: Option<Rc<Path>>,
    /// Relations the subquery depends on.
    pub needs: Relations,
}

/// A join condition.
#[derive(Debug, Clone)]
pub struct JoinClause {
    /// The condition.
    pub expr: Expr,
    /// Relations it reads.
    pub bits: Relations,
    /// Part of the cross product it keeps; 1 when others imply it.
    pub selectivity: f64,
}

/// What joining needs everywhere.
pub struct Joining<'p, 'a> {
    /// The block.
    pub planning: &'p Planning<'a>,
    /// Tables by relation.
    pub bases: &'p [Option<BaseRelation<'a>>],
    /// Conditions over several relations.
    pub clauses: &'p [JoinClause],
}

/// Join clauses with their selectivities. An equality whose sides are equal already by others, or
/// equal to one constant, keeps everything.
pub fn join_clauses(planning: &Planning<'_>, conditions: &[(Expr, bool)]) -> Vec<JoinClause> {
    let mut classes: Vec<(Vec<ColumnRef>, bool)> = Vec::new();
    let mut ordered: Vec<&(Expr, bool)> = conditions.iter().collect();
    ordered.sort_by_key(|(expr, is_implied)| (relations_in(expr).count_ones() > 1, *is_implied));
    let mut out = Vec::new();
    for (expr, _) in ordered {
        let bits = relations_in(expr);
        let is_new = note_equality(&mut classes, expr);
        if bits.count_ones() < 2 {
            continue;
        }
        let selectivity = if is_new { join_selectivity(&planning.scope, expr) } else { 1.0 };
        out.push(JoinClause { expr: expr.clone(), bits, selectivity });
    }
    out
}

/// Records an equality; `false` when it follows from those before it.
fn note_equality(classes: &mut Vec<(Vec<ColumnRef>, bool)>, expr: &Expr) -> bool {
    let Expr::Compare(CompareOp::Eq, left, right) = expr else { return true };
    let column = |side: &Expr| match side {
        Expr::Column(column) if column.level == 0 => Some(*column),
        _ => None,
    };
    let mut class = |column: ColumnRef| {
        classes.iter().position(|(members, _)| members.contains(&column)).unwrap_or_else(|| {
            classes.push((vec![column], false));
            classes.len() - 1
        })
    };
    match (column(left), column(right)) {
        (Some(a), Some(b)) => {
            let (a, b) = (class(a), class(b));
            if a == b {
                return false;
            }
            let constants = [a, b].iter().all(|at| classes.get(*at).is_some_and(|(_, c)| *c));
            let (members, has_constant) = classes.swap_remove(a.max(b));
            if let Some((kept, constant)) = classes.get_mut(a.min(b)) {
                kept.extend(members);
                *constant |= has_constant;
            }
            !constants
        }
        (Some(column), None) if right.is_constant_here() => {
            let at = class(column);
            if let Some((_, constant)) = classes.get_mut(at) {
                *constant = true;
            }
            true
        }
        _ => true,
    }
}

impl Joining<'_, '_> {
    /// Planner settings.
    pub fn settings(&self) -> &Settings {
        &self.planning.configuration.catalog.settings
    }

    /// Joins all items by inner joins (and the semi joins among them).
    pub fn join_all(&self, items: Vec<JoinRelation>) -> Option<JoinRelation> {
        if items.len() <= limits::JOIN_DP_MAX { self.exhaustive(items) } else { self.greedy(items) }
    }

    /// Every set of items, smaller ones first; each is made of every two that make it up. Pairs without
    /// a condition are joined only when a set has no other.
    fn exhaustive(&self, items: Vec<JoinRelation>) -> Option<JoinRelation> {
        let n = items.len();
        let mut sets: Vec<Option<JoinRelation>> = vec![None; 1 << n];
        for (at, item) in items.into_iter().enumerate() {
            if let Some(slot) = sets.get_mut(1 << at) {
                *slot = Some(item);
            }
        }
        for set in 1_usize..1 << n {
            if set.count_ones() < 2 {
                continue;
            }
            let mut best: Option<JoinRelation> = None;
            for connected_only in [true, false] {
                let mut part = (set - 1) & set;
                while part > 0 {
                    let pair = (sets.get(part), sets.get(set & !part));
                    if let (Some(Some(left)), Some(Some(right))) = pair
                        && (!connected_only || self.are_connected(left, right))
                    {
                        self.join_into(left, right, &mut best);
                    }
                    part = (part - 1) & set;
                }
                if best.is_some() {
                    break;
                }
            }
            if let Some(slot) = sets.get_mut(set) {
                *slot = best;
            }
        }
        sets.pop().flatten()
    }

    /// Joins the two items whose join is the smallest, until one is left.
    fn greedy(&self, mut items: Vec<JoinRelation>) -> Option<JoinRelation> {
        while items.len() > 1 {
            let mut best: Option<(bool, f64, usize, usize)> = None;
            for (i, left) in items.iter().enumerate() {
                for (j, right) in items.iter().enumerate() {
                    let fits = i != j && left.existence.is_none() && self.may_join(left, right);
                    if !fits {
                        continue;
                    }
                    let apart = !self.are_connected(left, right);
                    let rows = self.rows_of(left, right);
                    if best.is_none_or(|(a, r, ..)| (apart, rows) < (a, r)) {
                        best = Some((apart, rows, i, j));
                    }
                }
            }
            let (_, _, i, j) = best?;
            let mut joined = None;
            let (left, right) = (items.get(i)?, items.get(j)?);
            self.join_into(left, right, &mut joined);
            if right.existence.is_none() {
                self.join_into(right, left, &mut joined);
            }
            let joined = joined?;
            items.remove(i.max(j));
            items.remove(i.min(j));
            items.push(joined);
        }
        items.pop()
    }

    fn are_connected(&self, left: &JoinRelation, right: &JoinRelation) -> bool {
        self.clauses
            .iter()
            .any(|clause| clause.bits & left.bits != 0 && clause.bits & right.bits != 0)
            || right.existence.as_ref().is_some_and(|e| e.needs & left.bits != 0)
    }

    /// A subquery can join only what holds all it depends on.
    fn may_join(&self, left: &JoinRelation, right: &JoinRelation) -> bool {
        let complete = |existence: &Existence| existence.needs & !left.bits == 0;
        right.existence.as_ref().is_none_or(complete)
    }

    fn rows_of(&self, left: &JoinRelation, right: &JoinRelation) -> f64 {
        if let Some(existence) = &right.existence {
            let part = match existence.kind {
                RowKind::Anti => 1.0 - existence.selectivity,
                _ => existence.selectivity,
            };
            return (left.rows * part).round().max(1.0);
        }
        let selectivity: f64 =
            self.applying(left.bits, right.bits).iter().map(|clause| clause.selectivity).product();
        (left.rows * right.rows * selectivity).round().max(1.0)
    }

    /// The clauses that become checkable when two sets meet.
    fn applying(&self, left: Relations, right: Relations) -> Vec<&JoinClause> {
        let both = left | right;
        let fits = |clause: &&JoinClause| {
            clause.bits & !both == 0 && clause.bits & !left != 0 && clause.bits & !right != 0
        };
        self.clauses.iter().filter(fits).collect()
    }

    /// Adds every path that joins `left` (outer) with `right` (inner).
    fn join_into(
        &self,
        left: &JoinRelation,
        right: &JoinRelation,
        into: &mut Option<JoinRelation>,
    ) {
        if left.existence.is_some() {
            self.drive_by_subquery(left, right, into);
            return;
        }
        if !self.may_join(left, right) {
            return;
        }
        let rows = self.rows_of(left, right);
        let kind = right
            .existence
            .as_ref()
            .map_or(RowKind::Join(JoinKind::Inner), |existence| existence.kind);
        self.join_pair(left, right, kind, rows, into);
    }

    /// `IN (SELECT ...)`: the subquery's distinct values first, each looked up in the other side.
    fn drive_by_subquery(
        &self,
        left: &JoinRelation,
        right: &JoinRelation,
        into: &mut Option<JoinRelation>,
    ) {
        let Some(existence) = &left.existence else { return };
        let Some(unique) = &existence.unique else { return };
        if right.existence.is_some()
            || existence.kind != RowKind::Semi
            || existence.needs & !right.bits != 0
        {
            return;
        }
        let outer = JoinRelation {
            bits: left.bits,
            rows: unique.rows,
            paths: vec![unique.clone()],
            existence: None,
        };
        let rows = self.rows_of(right, left);
        self.join_pair(&outer, right, RowKind::Join(JoinKind::Inner), rows, into);
    }

    /// Joins two sides of an SQL join or of a semi join.
    pub fn join_pair(
        &self,
        left: &JoinRelation,
        right: &JoinRelation,
        kind: RowKind,
        rows: f64,
        into: &mut Option<JoinRelation>,
    ) {
        let clauses = self.applying(left.bits, right.bits);
        let conditions: Rc<[Expr]> = clauses.iter().map(|clause| clause.expr.clone()).collect();
        let pair = Pair { joining: self, left, right, kind, rows, conditions };
        let target = into.get_or_insert_with(|| JoinRelation {
            bits: left.bits | right.bits,
            rows,
            paths: Vec::new(),
            existence: None,
        });
        pair.nested_loops(&mut target.paths);
        pair.hash_joins(&mut target.paths);
        pair.merge_joins(&mut target.paths);
    }
}

/// The cheapest path that depends on no other relation.
pub fn cheapest(paths: &[Rc<Path>]) -> Option<Rc<Path>> {
    let free = paths.iter().filter(|path| path.needs == 0);
    free.min_by(|a, b| a.cost.total.total_cmp(&b.cost.total)).cloned()
}

/// The cheapest path in an order, sorted if need be.
pub fn cheapest_in_order(
    settings: &Settings,
    paths: &[Rc<Path>],
    order: &[SortKey],
) -> Option<Rc<Path>> {
    let free = paths.iter().filter(|path| path.needs == 0);
    let sorted = free.map(|path| sorted_path(settings, path, order, None));
    sorted.min_by(|a, b| a.cost.total.total_cmp(&b.cost.total))
}

/// The path in an order: itself, or with a sort above.
pub fn sorted_path(
    settings: &Settings,
    path: &Rc<Path>,
    order: &[SortKey],
    limit: Option<f64>,
) -> Rc<Path> {
    if path.order.starts_with(order) {
        return path.clone();
    }
    Rc::new(Path {
        cost: cost::sort(settings, path.cost, path.rows, path.width, limit),
        rows: path.rows,
        width: path.width,
        order: order.into(),
        needs: path.needs,
        kind: PathKind::Sort(path.clone(), order.into()),
    })
}
