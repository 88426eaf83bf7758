//! Paths that read rows by their place, `ctid` (`tidpath.c`): single places, a range of pages, or the
//! places that other relations' current rows name. Left out: `WHERE CURRENT OF`.

use std::rc::Rc;

use super::clause_set::lateral_referencers;
use super::keep;
use super::seq::{blank_path, heap_of, work_of};
use crate::dialect::Dialect;
use crate::plan::class::{Class, Member};
use crate::plan::clause::{Clause, Clauses, clauses_cost};
use crate::plan::cost::qual::array_length;
use crate::plan::cost::scan::{Scanned, tid_range_scan, tid_scan};
use crate::plan::estimates::clauselist_selectivity;
use crate::plan::implied::implied_equalities_for_column;
use crate::plan::params::{baserel_param_info, is_movable_to};
use crate::plan::path::{JoinType, Path, PathKind};
use crate::plan::relation::{Base, ParamInfo, Rel};
use crate::plan::root::Root;
use crate::sql::expr::{ColumnRef, CompareOp, Expr};
use crate::sql::functions::has_volatile;
use crate::sql::relids::{Relids, bit, overlaps};

/// `create_tidscan_paths`
pub fn create_tid_paths(root: &mut Root<'_>, relation: usize) {
    if root.configuration.catalog.dialect != Dialect::Postgres {
        return;
    }
    let Some(rel) = root.rels.get(relation) else { return };
    let (lateral, joins) = (rel.lateral_relids, rel.join_clauses.clone());
    let has_class_joins = rel.has_class_joins;
    let restrictions = rel.base.as_ref().map(|base| base.restrictions.clone()).unwrap_or_default();
    let places = places_in(&restrictions, relation);
    if !places.is_empty() {
        add(root, relation, PathKind::TidScan(places), lateral);
    }
    let bounds: Clauses =
        restrictions.into_iter().filter(|clause| is_bound(clause, relation)).collect();
    if !bounds.is_empty() {
        add(root, relation, PathKind::TidRangeScan(bounds), lateral);
    }
    if has_class_joins {
        let prohibited = lateral_referencers(root, relation);
        let matches = |_: &Class, member: &Member| is_ctid(&member.expr, relation);
        let clauses = implied_equalities_for_column(root, relation, &matches, prohibited);
        add_parameterized(root, relation, &clauses);
    }
    add_parameterized(root, relation, &joins);
}

/// `BuildParameterizedTidPaths`
fn add_parameterized(root: &mut Root<'_>, relation: usize, clauses: &[Rc<Clause>]) {
    let lateral = root.rels.get(relation).map_or(0, |rel| rel.lateral_relids);
    for clause in clauses {
        if clause.is_pseudoconstant
            || compared_with_ctid(clause, relation) != Some(CompareOp::Eq)
            || !is_movable_to(clause, relation)
        {
            continue;
        }
        let outer = (clause.required | lateral) & !bit(relation);
        add(root, relation, PathKind::TidScan(vec![clause.clone()]), outer);
    }
}

/// `create_tidscan_path`, `create_tidrangescan_path`
fn add(root: &mut Root<'_>, relation: usize, kind: PathKind, outer: Relids) {
    let param = baserel_param_info(root, relation, outer);
    let path = root.rels.get(relation).and_then(|rel| {
        let base = rel.base.as_ref()?;
        let scanned = cost(root, (rel, base), &kind, param.as_deref());
        Some(Path {
            startup: scanned.cost.startup,
            total: scanned.cost.total,
            rows: scanned.rows,
            ..blank_path(rel, kind, param)
        })
    });
    keep(root, relation, path);
}

fn cost(
    root: &Root<'_>,
    (rel, base): (&Rel<'_>, &Base<'_>),
    kind: &PathKind,
    param: Option<&ParamInfo>,
) -> Scanned {
    let work = work_of(rel, base, param);
    match kind {
        PathKind::TidRangeScan(bounds) => {
            let relid = Some(base.relid);
            let part = clauselist_selectivity(root, bounds, relid, JoinType::Inner, None);
            let searched = clauses_cost(bounds);
            tid_range_scan(root.settings(), &heap_of(root, base), &work, searched, part)
        }
        PathKind::TidScan(places) => {
            let n = places.iter().map(|clause| n_places(&clause.expr)).sum();
            tid_scan(root.settings(), &work, clauses_cost(places), n)
        }
        _ => Scanned::default(),
    }
}

fn n_places(expr: &Expr) -> f64 {
    match expr {
        Expr::InList { list, .. } => list.len() as f64,
        Expr::AnyAll { right, .. } => array_length(right),
        _ => 1.0,
    }
}

/// `TidQualFromRestrictInfoList`: the first of the conditions that names places; of an OR, every arm
/// must.
fn places_in(clauses: &[Rc<Clause>], relation: usize) -> Clauses {
    for clause in clauses {
        let found = match clause.is_or() {
            true => places_of_arms(clause, relation),
            false if is_place(clause, relation) => vec![clause.clone()],
            false => Vec::new(),
        };
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn places_of_arms(clause: &Clause, relation: usize) -> Clauses {
    let mut all = Vec::new();
    for arm in &clause.arms {
        let found = places_in(arm, relation);
        if found.is_empty() {
            return found;
        }
        all.extend(found);
    }
    all
}

/// `TidQualFromRestrictInfo`
fn is_place(clause: &Clause, relation: usize) -> bool {
    if clause.is_pseudoconstant {
        return false;
    }
    match &clause.expr {
        Expr::InList { expr, list, negated: false } => {
            is_ctid(expr, relation) && list.iter().all(|value| is_value(value, relation))
        }
        Expr::AnyAll { op: CompareOp::Eq, left, right, all: false } => {
            is_ctid(left, relation) && is_value(right, relation)
        }
        _ => compared_with_ctid(clause, relation) == Some(CompareOp::Eq),
    }
}

/// `IsTidRangeClause`
fn is_bound(clause: &Clause, relation: usize) -> bool {
    use CompareOp::{Ge, Gt, Le, Lt};
    matches!(compared_with_ctid(clause, relation), Some(Lt | Le | Gt | Ge))
}

/// `IsBinaryTidClause`: the operator between the place and what does not read the relation.
fn compared_with_ctid(clause: &Clause, relation: usize) -> Option<CompareOp> {
    let sides = clause.compare.as_ref()?;
    let fits = |ctid: &Expr, other: &Expr| is_ctid(ctid, relation) && is_value(other, relation);
    (fits(&sides.left, &sides.right) || fits(&sides.right, &sides.left)).then_some(sides.op)
}

/// `IsCTIDVar`
fn is_ctid(expr: &Expr, relation: usize) -> bool {
    matches!(expr, Expr::Column(column) if column.level == 0
        && usize::from(column.relation) == relation
        && column.column == ColumnRef::CTID)
}

fn is_value(expr: &Expr, relation: usize) -> bool {
    !overlaps(expr.relids(), bit(relation)) && !has_volatile(expr)
}
