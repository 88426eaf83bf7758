//! Index paths by given clauses (`get_index_paths` and `build_index_paths` in `indxpath.c`,
//! `create_index_path` in `pathnode.c`).

use std::rc::Rc;

use super::candidate::Candidate;
use super::clause_set::ClauseSet;
use super::index_cost::search_cost;
use super::index_only::is_index_only;
use super::loop_count::loop_count;
use super::matching::value_cost;
use super::methods::{combines_by_and, is_clustered};
use super::order_by::distances;
use super::seq::{blank_path, heap_of};
use super::{keep, keep_partial};
use crate::plan::clause::{Clause, QualCost};
use crate::plan::cost::index::{Fetch, index_scan};
use crate::plan::cost::scan::Work;
use crate::plan::params::baserel_param_info;
use crate::plan::path::{BitmapQual, IndexClause, IndexPath, Path, PathKind};
use crate::plan::pathkeys::{PathKeys, has_useful_pathkeys, index_pathkeys};
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::query::SortKey;
use crate::sql::relids::{Relids, bit};

/// What index paths are wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Plain scans and bitmaps.
    Any,
    /// Bitmaps only.
    Bitmap,
}

/// What was left out of the paths, because not every kind of scan can do it.
#[derive(Debug, Clone, Copy, Default)]
struct Skipped {
    /// Arrays that the method does not search by itself.
    arrays: bool,
    /// Arrays on later keys: with them rows are not in order.
    lower_arrays: bool,
}

/// Which arrays to leave out.
#[derive(Debug, Clone, Copy)]
struct Skip {
    arrays: bool,
    lower_arrays: bool,
}

/// `get_index_paths`: adds the plain scans; collects what bitmaps can be made of.
pub fn get_index_paths(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    clauses: &ClauseSet,
    bitmaps: &mut Vec<Rc<BitmapQual>>,
) {
    let base = root.base(candidate.relation);
    let useful =
        base.and_then(|base| base.indexes.get(candidate.at)).is_some_and(|info| info.predicate_ok);
    let mut skipped = Skipped::default();
    let mut skip = Skip { arrays: true, lower_arrays: true };
    let mut paths = build(root, candidate, clauses, useful, Purpose::Any, skip, &mut skipped);
    if skipped.lower_arrays {
        skip.lower_arrays = false;
        paths.extend(build(root, candidate, clauses, useful, Purpose::Any, skip, &mut skipped));
    }
    for path in paths {
        let PathKind::Index(index) = &path.kind else { continue };
        let is_selective = path.pathkeys.is_empty() || index.selectivity < 1.0;
        if candidate.abilities.has_bitmap && is_selective && combines_by_and(candidate.dialect()) {
            bitmaps.push(Rc::new(BitmapQual::Index(Rc::new(path.clone()))));
        }
        if candidate.abilities.has_tuples {
            keep(root, candidate.relation, Some(path));
        }
    }
    if skipped.arrays && combines_by_and(candidate.dialect()) {
        bitmaps.extend(bitmap_index_paths(root, candidate, clauses, false));
    }
}

/// Paths of the index for bitmaps, by all of the clauses.
pub fn bitmap_index_paths(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    clauses: &ClauseSet,
    useful_predicate: bool,
) -> Vec<Rc<BitmapQual>> {
    if !candidate.abilities.has_bitmap {
        return Vec::new();
    }
    let skip = Skip { arrays: false, lower_arrays: false };
    let mut skipped = Skipped::default();
    let purpose = Purpose::Bitmap;
    let paths = build(root, candidate, clauses, useful_predicate, purpose, skip, &mut skipped);
    paths.into_iter().map(|path| Rc::new(BitmapQual::Index(Rc::new(path)))).collect()
}

/// What all paths by the same clauses have in common.
struct Plan {
    clauses: Vec<IndexClause>,
    is_index_only: bool,
    required_outer: Relids,
    loop_count: f64,
}

/// `build_index_paths`
fn build(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    set: &ClauseSet,
    useful_predicate: bool,
    purpose: Purpose,
    skip: Skip,
    skipped: &mut Skipped,
) -> Vec<Path> {
    let relation = candidate.relation;
    let Some(clauses) = usable(candidate, set, skip, skipped) else { return Vec::new() };
    let lateral = root.rels.get(relation).map_or(0, |rel| rel.lateral_relids);
    let read = clauses.iter().fold(lateral, |set, clause| set | clause.clause.relids);
    let required_outer = read & !bit(relation);
    let has_lower_array = clauses.iter().any(|clause| clause.is_array && clause.key > 0);
    let wants_order =
        purpose == Purpose::Any && !has_lower_array && has_useful_pathkeys(root, relation);
    let plan = Plan {
        clauses,
        is_index_only: purpose == Purpose::Any && is_index_only(root, candidate),
        required_outer,
        loop_count: loop_count(root, relation, required_outer),
    };
    let is_ordered = candidate.abilities.is_ordered;
    let mut order_by = Vec::new();
    let pathkeys = if is_ordered && wants_order {
        index_pathkeys(root, relation, candidate.at, false)
    } else if wants_order {
        order_by = distances(root, candidate);
        if order_by.is_empty() { PathKeys::default() } else { root.query_pathkeys.clone() }
    } else {
        PathKeys::default()
    };
    let covers = plan.is_index_only && !is_clustered(candidate.dialect(), candidate.index);
    let mut out = Vec::new();
    if !plan.clauses.is_empty() || !pathkeys.is_empty() || useful_predicate || covers {
        let ways = Ways { order_by, pathkeys, is_backward: false };
        add_paths(root, candidate, &plan, ways, purpose, &mut out);
    }
    if is_ordered && wants_order {
        let pathkeys = index_pathkeys(root, relation, candidate.at, true);
        if !pathkeys.is_empty() {
            let ways = Ways { order_by: Vec::new(), pathkeys, is_backward: true };
            add_paths(root, candidate, &plan, ways, purpose, &mut out);
        }
    }
    out
}

/// The clauses that such a scan can use, by key; `None`: it cannot be made.
fn usable(
    candidate: &Candidate<'_>,
    set: &ClauseSet,
    skip: Skip,
    skipped: &mut Skipped,
) -> Option<Vec<IndexClause>> {
    let mut clauses: Vec<IndexClause> = Vec::new();
    for (key, list) in set.keys.iter().enumerate() {
        for clause in list {
            if clause.is_array {
                if !candidate.abilities.searches_arrays && skip.arrays {
                    skipped.arrays = true;
                    continue;
                }
                if key > 0 && skip.lower_arrays {
                    skipped.lower_arrays = true;
                    continue;
                }
            }
            clauses.push(clause.clone());
        }
        if clauses.is_empty() && !candidate.abilities.optional_key {
            return None;
        }
    }
    Some(clauses)
}

/// In which order the index is read.
#[derive(Clone)]
struct Ways {
    order_by: Vec<SortKey>,
    pathkeys: PathKeys,
    is_backward: bool,
}

/// The path, and the one that workers share.
fn add_paths(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    plan: &Plan,
    ways: Ways,
    purpose: Purpose,
    out: &mut Vec<Path>,
) {
    let consider_parallel = root.rels.get(candidate.relation).is_some_and(|r| r.consider_parallel);
    let may_share = candidate.abilities.can_parallel
        && consider_parallel
        && plan.required_outer == 0
        && purpose == Purpose::Any;
    out.extend(index_path(root, candidate, plan, ways.clone(), false));
    if may_share {
        let path = index_path(root, candidate, plan, ways, true);
        keep_partial(root, candidate.relation, path);
    }
}

/// `create_index_path`; `None` for a shared scan that is not worth a worker.
fn index_path(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    plan: &Plan,
    ways: Ways,
    is_shared: bool,
) -> Option<Path> {
    let param = baserel_param_info(root, candidate.relation, plan.required_outer);
    let rel = root.rels.get(candidate.relation)?;
    let base = rel.base.as_ref()?;
    let info = base.indexes.get(candidate.at)?;
    let heap = heap_of(root, base);
    let distance_operands = ways.order_by.iter().map(|key| distance_operand(root, &key.expr)).sum();
    let by_distance = (ways.order_by.len() as f64, distance_operands);
    let searched = search_cost(root, candidate, &heap, &plan.clauses, by_distance, plan.loop_count);
    let pushed = param.iter().flat_map(|param| &param.clauses);
    let work = Work {
        quals: unanswered_cost(info.restrictions.iter().chain(pushed), &plan.clauses),
        target: rel.target.cost,
        rows: param.as_ref().map_or(rel.rows, |param| param.rows),
    };
    let fetch = Fetch {
        is_index_only: plan.is_index_only,
        loop_count: plan.loop_count,
        index_pages: info.pages,
        share: is_shared.then_some(base.parallel_workers),
    };
    let scan = index_scan(root.settings(), &heap, &searched, &fetch, &work)?;
    let kind = PathKind::Index(IndexPath {
        index: candidate.at,
        clauses: plan.clauses.clone(),
        order_by: ways.order_by,
        is_backward: ways.is_backward,
        is_index_only: plan.is_index_only,
        index_total: searched.cost.total,
        selectivity: searched.selectivity,
    });
    Some(Path {
        startup: scan.scanned.cost.startup,
        total: scan.scanned.cost.total,
        rows: scan.scanned.rows,
        pathkeys: ways.pathkeys,
        parallel_aware: scan.workers > 0,
        parallel_workers: scan.workers,
        ..blank_path(rel, kind, param)
    })
}

fn distance_operand(root: &Root<'_>, expr: &Expr) -> f64 {
    match expr {
        Expr::Operator { right, .. } => value_cost(root, right),
        _ => 0.0,
    }
}

/// `extract_nonindex_conditions`: cost of the conditions that the index does not answer.
fn unanswered_cost<'c>(
    clauses: impl Iterator<Item = &'c Rc<Clause>>,
    answered: &[IndexClause],
) -> QualCost {
    let mut cost = QualCost::default();
    for clause in clauses {
        if !clause.is_pseudoconstant && !is_answered(clause, answered) {
            cost += clause.cost;
        }
    }
    cost
}

/// `is_redundant_with_indexclauses`: the very clause, or one of the same class.
fn is_answered(clause: &Rc<Clause>, answered: &[IndexClause]) -> bool {
    answered.iter().filter(|known| !known.is_lossy).any(|known| {
        Rc::ptr_eq(&known.clause, clause)
            || (clause.parent_class.is_some() && known.clause.parent_class == clause.parent_class)
    })
}
