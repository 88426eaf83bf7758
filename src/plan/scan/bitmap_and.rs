//! Which bitmaps to combine by AND (`choose_bitmap_and` in `indxpath.c`): from the cheapest on, each is
//! added that makes the scan cheaper and repeats no condition; every start is tried.

use std::cmp::Ordering;
use std::rc::Rc;

use super::bitmap_heap::{and_bitmap, bitmap_heap_path, bitmap_of, required_outer};
use super::infos::implied;
use super::loop_count::loop_count;
use super::methods::combines_by_and;
use crate::order;
use crate::plan::path::{BitmapQual, PathKind};
use crate::plan::root::Root;
use crate::sql::expr::Expr;

/// Conditions and predicates from which on a bitmap is not compared with others.
const MOST_CONDITIONS: usize = 100;

/// A bitmap and the conditions that it makes sure of (`PathClauseUsage`).
struct Usage {
    qual: Rc<BitmapQual>,
    conditions: Vec<Expr>,
    predicates: Vec<Expr>,
    /// Positions of both in the list of all, sorted; absent where there are too many.
    ids: Option<Vec<usize>>,
}

/// The best combination; `None` of nothing.
pub fn choose_bitmap_and(
    root: &mut Root<'_>,
    relation: usize,
    bitmaps: &[Rc<BitmapQual>],
) -> Option<Rc<BitmapQual>> {
    if let [only] = bitmaps {
        return Some(only.clone());
    }
    let mut usages = distinct(root, relation, bitmaps);
    if usages.len() < 2 {
        return usages.pop().map(|usage| usage.qual);
    }
    order::sort_by(&mut usages, |a, b| compare(root, &a.qual, &b.qual));
    if !combines_by_and(root.configuration.catalog.dialect) {
        return usages.into_iter().next().map(|usage| usage.qual);
    }
    let mut best: Option<(f64, Vec<Rc<BitmapQual>>)> = None;
    for start in 0..usages.len() {
        let Some((cost, parts)) = combine(root, relation, &usages, start) else { continue };
        if best.as_ref().is_none_or(|(known, _)| cost < *known) {
            best = Some((cost, parts));
        }
    }
    let (_, mut parts) = best?;
    if parts.len() == 1 { parts.pop() } else { Some(Rc::new(and_bitmap(root, parts))) }
}

/// Of bitmaps by the same conditions the cheapest.
fn distinct(root: &Root<'_>, relation: usize, bitmaps: &[Rc<BitmapQual>]) -> Vec<Usage> {
    let settings = root.settings();
    let total = |qual: &BitmapQual| bitmap_of(settings, qual).total;
    let mut known: Vec<Expr> = Vec::new();
    let mut out: Vec<Usage> = Vec::new();
    for qual in bitmaps {
        let new = usage_of(root, relation, qual, &mut known);
        match out.iter_mut().find(|old| new.ids.is_some() && old.ids == new.ids) {
            Some(old) if total(&new.qual) < total(&old.qual) => *old = new,
            Some(_) => {}
            None => out.push(new),
        }
    }
    out
}

/// `classify_index_clause_usage`
fn usage_of(
    root: &Root<'_>,
    relation: usize,
    qual: &Rc<BitmapQual>,
    known: &mut Vec<Expr>,
) -> Usage {
    let (mut conditions, mut predicates) = (Vec::new(), Vec::new());
    collect(root, relation, qual, &mut conditions, &mut predicates);
    let ids = (conditions.len() + predicates.len() <= MOST_CONDITIONS).then(|| {
        let all = conditions.iter().chain(&predicates);
        let mut ids: Vec<usize> = all.map(|expr| position(known, expr)).collect();
        order::sort(&mut ids);
        ids.dedup();
        ids
    });
    Usage { qual: qual.clone(), conditions, predicates, ids }
}

/// `find_list_position`
fn position(known: &mut Vec<Expr>, expr: &Expr) -> usize {
    known.iter().position(|other| other == expr).unwrap_or_else(|| {
        known.push(expr.clone());
        known.len() - 1
    })
}

/// `find_indexpath_quals`
fn collect(
    root: &Root<'_>,
    relation: usize,
    qual: &BitmapQual,
    conditions: &mut Vec<Expr>,
    predicates: &mut Vec<Expr>,
) {
    match qual {
        BitmapQual::Index(path) => {
            let PathKind::Index(index) = &path.kind else { return };
            conditions.extend(index.clauses.iter().map(|clause| clause.clause.expr.clone()));
            let info = root.base(relation).and_then(|base| base.indexes.get(index.index));
            predicates.extend(info.iter().flat_map(|info| info.predicate.iter().cloned()));
        }
        BitmapQual::And(set) | BitmapQual::Or(set) => {
            for part in &set.parts {
                collect(root, relation, part, conditions, predicates);
            }
        }
    }
}

/// `path_usage_comparator`: the cheaper first, then the more selective.
fn compare(root: &Root<'_>, a: &BitmapQual, b: &BitmapQual) -> Ordering {
    let (a, b) = (bitmap_of(root.settings(), a), bitmap_of(root.settings(), b));
    a.total.total_cmp(&b.total).then(a.selectivity.total_cmp(&b.selectivity))
}

/// The bitmap at `start` with those after it that make the scan cheaper, and its cost.
fn combine(
    root: &mut Root<'_>,
    relation: usize,
    usages: &[Usage],
    start: usize,
) -> Option<(f64, Vec<Rc<BitmapQual>>)> {
    let first = usages.get(start)?;
    let mut parts = vec![first.qual.clone()];
    let mut cost = scan_cost(root, relation, &first.qual)?;
    let mut known: Vec<Expr> = first.conditions.iter().chain(&first.predicates).cloned().collect();
    let mut ids: Vec<usize> = first.ids.clone().unwrap_or_default();
    for usage in usages.iter().skip(start + 1) {
        if usage.ids.iter().flatten().any(|id| ids.contains(id))
            || usage.predicates.iter().any(|part| implied(&known, std::slice::from_ref(part)))
        {
            continue;
        }
        let mut with = parts.clone();
        with.push(usage.qual.clone());
        let both = Rc::new(and_bitmap(root, with.clone()));
        let new_cost = scan_cost(root, relation, &both)?;
        if new_cost < cost {
            cost = new_cost;
            parts = with;
            known.extend(usage.conditions.iter().chain(&usage.predicates).cloned());
            ids.extend(usage.ids.iter().flatten());
        }
    }
    Some((cost, parts))
}

/// `bitmap_scan_cost_est`
fn scan_cost(root: &mut Root<'_>, relation: usize, qual: &Rc<BitmapQual>) -> Option<f64> {
    let outer = required_outer(qual);
    let repeated = loop_count(root, relation, outer);
    bitmap_heap_path(root, relation, qual, outer, repeated, 0).map(|path| path.total)
}
