//! Bitmap scans (`choose_bitmap_and`, `generate_bitmap_or_paths` in `indxpath.c`,
//! `cost_bitmap_heap_scan` in `costsize.c`).

use std::cmp::Ordering;
use std::rc::Rc;

use super::index_paths::{Scans, build_paths, loop_count};
use super::matching::{ClauseSet, abilities, asked};
use super::workers::parallel_workers;
use crate::plan::clause::{Clause, clauses_cost};
use crate::plan::cost::bitmap::{BitmapHeap, page_cost, pages_and_tuples};
use crate::plan::cost::gather::parallel_divisor;
use crate::plan::implication::implies;
use crate::plan::params::baserel_param_info;
use crate::plan::path::{BitmapQual, BitmapSet, Path, PathKind};
use crate::plan::relation::{ParamInfo, clamp_row_est};
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::relids::Relids;

/// A bitmap before it is part of a plan.
pub type Bitmapped = BitmapQual;

impl BitmapQual {
    /// Relations whose current rows it needs.
    pub fn required_outer(&self) -> Relids {
        match self {
            BitmapQual::Index(path) => path.required_outer(),
            BitmapQual::And(set) | BitmapQual::Or(set) => {
                set.parts.iter().fold(0, |needs, part| needs | part.required_outer())
            }
        }
    }

    /// `cost_bitmap_tree_node`: its cost and the part of the table's rows.
    fn cost(&self, cpu_operator_cost: f64) -> (f64, f64) {
        match self {
            BitmapQual::Index(path) => match &path.kind {
                PathKind::Index(index) => {
                    let total = index.index_total + 0.1 * cpu_operator_cost * path.rows;
                    (total, index.selectivity)
                }
                _ => (path.total, 1.0),
            },
            BitmapQual::And(set) | BitmapQual::Or(set) => (set.total, set.selectivity),
        }
    }

    /// The clauses it answers and the predicates it guarantees (`find_indexpath_quals`).
    fn quals(
        &self,
        root: &Root<'_>,
        relation: usize,
        quals: &mut Vec<Expr>,
        predicates: &mut Vec<Expr>,
    ) {
        match self {
            BitmapQual::Index(path) => {
                if let PathKind::Index(index) = &path.kind {
                    quals.extend(index.clauses.iter().map(|clause| clause.clause.expr.clone()));
                    let info = root.base(relation).and_then(|base| base.indexes.get(index.index));
                    predicates.extend(info.into_iter().flat_map(|info| &info.predicate).cloned());
                }
            }
            BitmapQual::And(set) | BitmapQual::Or(set) => {
                set.parts.iter().for_each(|part| part.quals(root, relation, quals, predicates));
            }
        }
    }

    /// Pages of its indexes.
    fn index_pages(&self, root: &Root<'_>, relation: usize) -> f64 {
        match self {
            BitmapQual::Index(path) => match &path.kind {
                PathKind::Index(index) => root
                    .base(relation)
                    .and_then(|base| base.indexes.get(index.index))
                    .map_or(0.0, |info| info.pages),
                _ => 0.0,
            },
            BitmapQual::And(set) | BitmapQual::Or(set) => {
                set.parts.iter().map(|part| part.index_pages(root, relation)).sum()
            }
        }
    }
}

fn and_of(root: &Root<'_>, parts: &[Rc<BitmapQual>]) -> BitmapQual {
    let operator = root.settings().cpu_operator_cost;
    let (mut total, mut selectivity) = (0.0, 1.0);
    for (at, part) in parts.iter().enumerate() {
        let (cost, kept) = part.cost(operator);
        total += cost;
        selectivity *= kept;
        if at > 0 {
            total += 100.0 * operator;
        }
    }
    BitmapQual::And(BitmapSet { parts: parts.to_vec(), total, selectivity, rows: 0.0 })
}

fn or_of(root: &Root<'_>, parts: Vec<Rc<BitmapQual>>) -> BitmapQual {
    let operator = root.settings().cpu_operator_cost;
    let (mut total, mut selectivity) = (0.0, 0.0);
    for (at, part) in parts.iter().enumerate() {
        let (cost, kept) = part.cost(operator);
        total += cost;
        selectivity += kept;
        if at > 0 && !matches!(**part, BitmapQual::Index(_)) {
            total += 100.0 * operator;
        }
    }
    BitmapQual::Or(BitmapSet { parts, total, selectivity: f64::min(selectivity, 1.0), rows: 0.0 })
}

/// A bitmap, what it answers, and which clauses that is (`PathClauseUsage`).
struct Usage {
    qual: Rc<BitmapQual>,
    quals: Vec<Expr>,
    predicates: Vec<Expr>,
    clauses: Vec<usize>,
}

/// `choose_bitmap_and`: the best bitmap, or the best conjunction of several. Greedy: from every start,
/// each further one is taken if it answers other clauses and the scan gets cheaper.
pub fn choose_and(
    root: &mut Root<'_>,
    relation: usize,
    bitmaps: &[Bitmapped],
) -> Option<Rc<BitmapQual>> {
    if let [only] = bitmaps {
        return Some(Rc::new(only.clone()));
    }
    let operator = root.settings().cpu_operator_cost;
    let mut usages = usages(root, relation, bitmaps);
    usages.sort_by(|a, b| {
        let ((a_cost, a_kept), (b_cost, b_kept)) = (a.qual.cost(operator), b.qual.cost(operator));
        let order = |x: f64, y: f64| x.partial_cmp(&y).unwrap_or(Ordering::Equal);
        order(a_cost, b_cost).then(order(a_kept, b_kept))
    });
    let mut best: Option<(f64, Vec<Rc<BitmapQual>>)> = None;
    for (at, first) in usages.iter().enumerate() {
        let mut chosen = vec![first.qual.clone()];
        let mut cost = scan_cost(root, relation, &first.qual);
        let mut so_far: Vec<Expr> = first.quals.iter().chain(&first.predicates).cloned().collect();
        let mut clauses = first.clauses.clone();
        for other in usages.get(at + 1..).unwrap_or(&[]) {
            if other.clauses.iter().any(|id| clauses.contains(id)) {
                continue;
            }
            let known: Vec<&Expr> = so_far.iter().collect();
            if other.predicates.iter().any(|predicate| implies(&known, predicate)) {
                continue;
            }
            chosen.push(other.qual.clone());
            let both = and_of(root, &chosen);
            let new_cost = scan_cost(root, relation, &Rc::new(both));
            if new_cost < cost {
                cost = new_cost;
                so_far.extend(other.quals.iter().chain(&other.predicates).cloned());
                clauses.extend(&other.clauses);
            } else {
                chosen.pop();
            }
        }
        if best.as_ref().is_none_or(|(known, _)| cost < *known) {
            best = Some((cost, chosen));
        }
    }
    let (_, chosen) = best?;
    match chosen.as_slice() {
        [only] => Some(only.clone()),
        many => Some(Rc::new(and_of(root, many))),
    }
}

/// Of several bitmaps for the same clauses only the cheapest stays.
fn usages(root: &Root<'_>, relation: usize, bitmaps: &[Bitmapped]) -> Vec<Usage> {
    let operator = root.settings().cpu_operator_cost;
    let mut known: Vec<Expr> = Vec::new();
    let mut out: Vec<Usage> = Vec::new();
    for bitmap in bitmaps {
        let (mut quals, mut predicates) = (Vec::new(), Vec::new());
        bitmap.quals(root, relation, &mut quals, &mut predicates);
        let mut clauses: Vec<usize> = Vec::new();
        for expr in quals.iter().chain(&predicates) {
            let at = known.iter().position(|other| other == expr).unwrap_or_else(|| {
                known.push(expr.clone());
                known.len() - 1
            });
            if !clauses.contains(&at) {
                clauses.push(at);
            }
        }
        clauses.sort_unstable();
        let new = Usage { qual: Rc::new(bitmap.clone()), quals, predicates, clauses };
        match out.iter_mut().find(|old| old.clauses == new.clauses) {
            Some(old) => {
                if new.qual.cost(operator).0 < old.qual.cost(operator).0 {
                    *old = new;
                }
            }
            None => out.push(new),
        }
    }
    out
}

/// `bitmap_scan_cost_est`
fn scan_cost(root: &mut Root<'_>, relation: usize, qual: &Rc<BitmapQual>) -> f64 {
    let needs = qual.required_outer();
    let loops = loop_count(root, relation, needs);
    bitmap_heap(root, relation, qual, needs, loops, 0).map_or(f64::MAX, |path| path.total)
}

/// `create_bitmap_heap_path`
pub fn bitmap_heap(
    root: &mut Root<'_>,
    relation: usize,
    qual: &Rc<BitmapQual>,
    required_outer: Relids,
    loops: f64,
    workers: u32,
) -> Option<Path> {
    let param = baserel_param_info(root, relation, required_outer);
    heap_path(root, relation, qual, param, loops, workers)
}

fn heap_path(
    root: &Root<'_>,
    relation: usize,
    qual: &Rc<BitmapQual>,
    param: Option<Rc<ParamInfo>>,
    loops: f64,
    workers: u32,
) -> Option<Path> {
    let settings = root.settings();
    let rel = root.rels.get(relation)?;
    let base = rel.base.as_ref()?;
    let (index_cost, selectivity) = qual.cost(settings.cpu_operator_cost);
    let heap = BitmapHeap {
        pages: base.pages,
        tuples: base.tuples,
        selectivity,
        index_pages: qual.index_pages(root, relation),
        loops,
        total_table_pages: root.total_table_pages,
    };
    let (pages, tuples) = pages_and_tuples(settings, &heap);
    let mut quals = base.restriction_cost;
    let mut rows = rel.rows;
    if let Some(param) = &param {
        quals += clauses_cost(&param.clauses);
        rows = param.rows;
    }
    let startup = index_cost + quals.startup + rel.target.cost.startup;
    let mut run = page_cost(settings, pages, base.pages);
    let mut cpu = (settings.cpu_tuple_cost + quals.per_tuple) * tuples;
    if workers > 0 {
        cpu /= parallel_divisor(workers);
        rows = clamp_row_est(rows / parallel_divisor(workers));
    }
    run += cpu;
    run += rel.target.cost.per_tuple * rows;
    Some(Path {
        kind: PathKind::BitmapHeap(qual.clone()),
        relids: rel.relids,
        target: rel.target,
        startup,
        total: startup + run,
        rows,
        pathkeys: Rc::default(),
        param,
        parallel_safe: rel.consider_parallel,
        parallel_aware: workers > 0,
        parallel_workers: workers,
    })
}

/// `create_partial_bitmap_paths`
pub fn partial_bitmap_heap(
    root: &Root<'_>,
    relation: usize,
    qual: &Rc<BitmapQual>,
) -> Option<Path> {
    let settings = root.settings();
    let base = root.base(relation)?;
    let (_, selectivity) = qual.cost(settings.cpu_operator_cost);
    let heap = BitmapHeap {
        pages: base.pages,
        tuples: base.tuples,
        selectivity,
        index_pages: qual.index_pages(root, relation),
        loops: 1.0,
        total_table_pages: root.total_table_pages,
    };
    let (pages, _) = pages_and_tuples(settings, &heap);
    let workers = parallel_workers(root, relation, Some(pages), None);
    if workers == 0 {
        return None;
    }
    heap_path(root, relation, qual, None, 1.0, workers)
}

/// `generate_bitmap_or_paths`: an OR of which every arm has an index. `others`: clauses that hold beside.
pub fn or_bitmaps(
    root: &mut Root<'_>,
    relation: usize,
    clauses: &[Rc<Clause>],
    others: &[Rc<Clause>],
) -> Vec<Bitmapped> {
    let all: Vec<Rc<Clause>> = clauses.iter().chain(others).cloned().collect();
    let mut out = Vec::new();
    for clause in clauses.iter().filter(|clause| clause.is_or()) {
        let mut arms = Vec::new();
        for arm in &clause.arms {
            let mut found = arm_bitmaps(root, relation, arm, &all);
            if arm.len() > 1 {
                found.extend(or_bitmaps(root, relation, arm, &all));
            }
            let Some(best) = choose_and(root, relation, &found) else { break };
            arms.push(best);
        }
        if !arms.is_empty() && arms.len() == clause.arms.len() {
            out.push(or_of(root, arms));
        }
    }
    out
}

/// `build_paths_for_OR`
fn arm_bitmaps(
    root: &mut Root<'_>,
    relation: usize,
    arm: &[Rc<Clause>],
    others: &[Rc<Clause>],
) -> Vec<Bitmapped> {
    let dialect = root.configuration.catalog.dialect;
    let own = asked(arm, relation);
    let beside = asked(others, relation);
    let arm_exprs: Vec<&Expr> = arm.iter().map(|clause| &clause.expr).collect();
    let other_exprs: Vec<&Expr> = others.iter().map(|clause| &clause.expr).collect();
    let all: Vec<&Expr> = arm_exprs.iter().chain(&other_exprs).copied().collect();
    let n = root.base(relation).map_or(0, |base| base.indexes.len());
    let mut out = Vec::new();
    for index in 0..n {
        let Some(info) = root.base(relation).and_then(|base| base.indexes.get(index)) else {
            break;
        };
        let can = abilities(info, dialect);
        // MySQL and SQLite merge indexes for an OR.
        let may = can.has_bitmaps || dialect != crate::dialect::Dialect::Postgres;
        let follows = |from: &[&Expr]| info.predicate.iter().all(|part| implies(from, part));
        let mut use_predicate = false;
        if !info.predicate.is_empty() && !info.predicate_ok {
            if !follows(&all) {
                continue;
            }
            use_predicate = !follows(&other_exprs);
        }
        let mut set = ClauseSet::new(info.keys.len());
        if !may {
            continue;
        }
        for asked in &own {
            set.add(root, relation, index, asked);
        }
        if set.is_empty() && !use_predicate {
            continue;
        }
        for asked in &beside {
            set.add(root, relation, index, asked);
        }
        let paths = build_paths(root, relation, index, &set, use_predicate, Scans::Bitmap, None);
        out.extend(paths.into_iter().map(|path| BitmapQual::Index(Rc::new(path))));
    }
    out
}
