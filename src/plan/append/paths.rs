//! Paths of an append relation (`add_paths_to_append_rel` in `allpaths.c`, `create_append_path` in
//! `pathnode.c`).

use std::rc::Rc;

use super::ordered::add_ordered_paths;
use super::size::relations_of;
use crate::plan::add_path::{
    Criterion, add_partial_path, add_path, cheapest_for_pathkeys, compare_path_costs, set_cheapest,
};
use crate::plan::base::path_rel;
use crate::plan::base::subquery::scan_path;
use crate::plan::cost::append::{append, ordered_append};
use crate::plan::dummy::is_dummy;
use crate::plan::params::baserel_param_info;
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::PathKeys;
use crate::plan::relation::{ParamInfo, Rel};
use crate::plan::root::Root;
use crate::plan::scan::bitmap_heap::bitmap_heap_path;
use crate::plan::scan::seq::seq_scan_path;
use crate::plan::upper::set_operations::append::{append_workers, parallel_append_path};
use crate::read::settings::Switch;
use crate::sql::relids::{Relids, is_subset};

/// Adds the children's paths, then the parent's.
pub fn add_paths(root: &mut Root<'_>, relation: usize) {
    let children = relations_of(root, relation);
    for child in &children {
        if !is_dummy(root, *child) {
            path_rel(root, *child);
        }
        if let Some(rel) = root.rels.get_mut(*child) {
            set_cheapest(rel);
        }
    }
    let cheapest = inputs(root, &children, |rel| {
        rel.cheapest_total.clone().filter(|path| path.param.is_none())
    });
    if let Some(inputs) = &cheapest {
        let path = append_path(root, relation, inputs.clone(), &PathKeys::default(), None);
        keep(root, relation, path);
    }
    if root.rels.get(relation).is_some_and(|rel| rel.consider_parallel) {
        add_partial(root, relation, &children);
    }
    if cheapest.is_some() {
        add_ordered_paths(root, relation, &children);
    }
    add_parameterized(root, relation, &children);
}

pub(super) fn keep(root: &mut Root<'_>, relation: usize, path: Option<Path>) {
    if let (Some(rel), Some(path)) = (root.rels.get_mut(relation), path) {
        add_path(rel, path);
    }
}

/// One path of each child, appends of its own taken apart.
fn inputs(
    root: &Root<'_>,
    children: &[usize],
    pick: impl Fn(&Rel<'_>) -> Option<Rc<Path>>,
) -> Option<Vec<Rc<Path>>> {
    let mut out = Vec::new();
    for child in children {
        accumulate(pick(root.rels.get(*child)?)?, &mut out);
    }
    Some(out)
}

/// `accumulate_append_subpath`: appends within are taken apart, unless workers share one of which some
/// inputs are run whole.
pub(super) fn accumulate(path: Rc<Path>, out: &mut Vec<Rc<Path>>) {
    match &path.kind {
        PathKind::Append(inner) if !path.parallel_aware || inner.iter().all(is_shared) => {
            out.extend(inner.iter().cloned());
        }
        PathKind::MergeAppend(inner) => out.extend(inner.iter().cloned()),
        _ => out.push(path),
    }
}

/// The same where inputs that are run whole have a list of their own.
fn accumulate_shared(path: Rc<Path>, shared: &mut Vec<Rc<Path>>, whole: &mut Vec<Rc<Path>>) {
    match &path.kind {
        PathKind::Append(inner) if path.parallel_aware => {
            for input in inner {
                if is_shared(input) { &mut *shared } else { &mut *whole }.push(input.clone());
            }
        }
        _ => accumulate(path, shared),
    }
}

/// Do several workers run it?
fn is_shared(path: &Rc<Path>) -> bool {
    path.parallel_workers > 0
}

/// `create_append_path`. With an order the inputs follow each other in it, those that are not sorted
/// are sorted first.
pub(super) fn append_path(
    root: &Root<'_>,
    relation: usize,
    inputs: Vec<Rc<Path>>,
    pathkeys: &PathKeys,
    param: Option<Rc<ParamInfo>>,
) -> Option<Path> {
    let rel = root.rels.get(relation)?;
    let (cost, rows) = match (inputs.as_slice(), pathkeys.is_empty()) {
        // The node itself is left out of the plan.
        ([only], _) => (only.cost(), only.rows),
        (all, true) => {
            let all: Vec<&Path> = all.iter().map(AsRef::as_ref).collect();
            append(root.settings(), &all)
        }
        (all, false) => {
            let all: Vec<_> = all.iter().map(|input| (input.cost(), input.rows)).collect();
            ordered_append(root.settings(), &all)
        }
    };
    let pathkeys = match inputs.as_slice() {
        [only] => only.pathkeys.clone(),
        _ => pathkeys.clone(),
    };
    Some(Path {
        relids: rel.relids,
        target: rel.target,
        startup: cost.startup,
        total: cost.total,
        rows,
        pathkeys,
        param,
        parallel_safe: rel.consider_parallel && inputs.iter().all(|input| input.parallel_safe),
        parallel_aware: false,
        parallel_workers: 0,
        kind: PathKind::Append(inputs),
    })
}

/// Appends that workers share: of shared paths, and of whole ones where these are cheaper.
fn add_partial(root: &mut Root<'_>, relation: usize, children: &[usize]) {
    let mut rows = None;
    let partial = inputs(root, children, |rel| rel.partial_paths.first().cloned());
    if let Some(partial) = partial.filter(|partial| !partial.is_empty()) {
        let workers = append_workers(root, &partial, children.len());
        let Some(rel) = root.rels.get(relation).filter(|_| workers > 0) else { return };
        let path = parallel_append_path(root, rel, Vec::new(), partial, workers);
        rows = Some(path.rows);
        if let Some(rel) = root.rels.get_mut(relation) {
            add_partial_path(rel, path);
        }
    }
    if root.settings().is_off(Switch::ParallelAppend) {
        return;
    }
    let (mut whole, mut shared) = (Vec::new(), Vec::new());
    for child in children {
        let Some(rel) = root.rels.get(*child) else { return };
        let safe = cheapest_for_pathkeys(&rel.paths, &[], 0, Criterion::Total, true).cloned();
        match (rel.partial_paths.first(), safe) {
            (None, None) => return,
            (None, Some(safe)) => accumulate(safe, &mut whole),
            (Some(partial), Some(safe)) if partial.total >= safe.total => {
                accumulate(safe, &mut whole);
            }
            (Some(partial), _) => accumulate_shared(partial.clone(), &mut shared, &mut whole),
        }
    }
    let workers = append_workers(root, &shared, children.len());
    let Some(rel) = root.rels.get(relation).filter(|_| workers > 0 && !whole.is_empty()) else {
        return;
    };
    let path = parallel_append_path(root, rel, whole, shared, workers);
    let path = Path { rows: rows.unwrap_or(path.rows), ..path };
    if let Some(rel) = root.rels.get_mut(relation) {
        add_partial_path(rel, path);
    }
}

/// An append for each set of relations that some child's path depends on: all children check the join
/// clauses then.
fn add_parameterized(root: &mut Root<'_>, relation: usize, children: &[usize]) {
    let mut outers: Vec<Relids> = Vec::new();
    for path in children.iter().filter_map(|child| root.rels.get(*child)).flat_map(|r| &r.paths) {
        let outer = path.required_outer();
        if outer != 0 && !outers.contains(&outer) {
            outers.push(outer);
        }
    }
    for outer in outers {
        let mut all = Vec::new();
        for child in children {
            match cheapest_parameterized(root, *child, outer) {
                Some(path) => accumulate(path, &mut all),
                None => break,
            }
        }
        if all.len() >= children.len() {
            let param = baserel_param_info(root, relation, outer);
            let path = append_path(root, relation, all, &PathKeys::default(), param);
            keep(root, relation, path);
        }
    }
}

/// `get_cheapest_parameterized_child_path`
fn cheapest_parameterized(root: &mut Root<'_>, child: usize, outer: Relids) -> Option<Rc<Path>> {
    let paths = root.rels.get(child)?.paths.clone();
    let cheapest = cheapest_for_pathkeys(&paths, &[], outer, Criterion::Total, false)?;
    if cheapest.required_outer() == outer {
        return Some(cheapest.clone());
    }
    let mut best: Option<Rc<Path>> = None;
    for path in &paths {
        let is_better = |best: &Option<Rc<Path>>, path: &Path| {
            best.as_ref()
                .is_none_or(|best| compare_path_costs(best, path, Criterion::Total).is_gt())
        };
        if !is_subset(path.required_outer(), outer) || !is_better(&best, path) {
            continue;
        }
        let again = match path.required_outer() == outer {
            true => Some(path.clone()),
            false => reparameterized(root, child, path, outer).map(Rc::new),
        };
        best = match again {
            Some(path) if is_better(&best, &path) => Some(path),
            _ => best,
        };
    }
    best
}

/// `reparameterize_path`: the same path, with more join clauses to check. Plain index scans are left
/// out: where no join clause is indexed, a scan by the child's own conditions is a bitmap's or a whole
/// one's at nearly the same cost.
fn reparameterized(root: &mut Root<'_>, child: usize, path: &Path, outer: Relids) -> Option<Path> {
    match &path.kind {
        PathKind::SeqScan if !path.parallel_aware => {
            let param = baserel_param_info(root, child, outer);
            seq_scan_path(root, child, param, 0)
        }
        PathKind::SubqueryScan(input) => {
            let param = baserel_param_info(root, child, outer);
            scan_path(root, child, input.clone(), path.pathkeys.clone(), param)
        }
        PathKind::BitmapHeap(qual) => bitmap_heap_path(root, child, qual, outer, 1.0, 0),
        PathKind::Append(_) => {
            let mut all = Vec::new();
            for grandchild in relations_of(root, child) {
                accumulate(cheapest_parameterized(root, grandchild, outer)?, &mut all);
            }
            let param = baserel_param_info(root, child, outer);
            append_path(root, child, all, &PathKeys::default(), param)
        }
        _ => None,
    }
}
