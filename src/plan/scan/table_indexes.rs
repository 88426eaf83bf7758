//! All paths to a table by its indexes (`create_index_paths` in `indxpath.c`).

use std::rc::Rc;

use super::bitmap_and::choose_bitmap_and;
use super::bitmap_heap::{bitmap_heap_path, partial_bitmap_heap_path, required_outer};
use super::candidate::Candidate;
use super::clause_set::{ClauseSet, match_class_clauses, match_join_clauses};
use super::index_paths::get_index_paths;
use super::join_clauses::{Sets, consider_join_clauses};
use super::loop_count::loop_count;
use super::or_paths::or_paths;
use super::{keep, keep_partial};
use crate::plan::clause::Clauses;
use crate::plan::path::BitmapQual;
use crate::plan::root::Root;
use crate::sql::relids::{Relids, is_subset};

/// Adds all paths by indexes.
pub fn create_index_paths(root: &mut Root<'_>, relation: usize) {
    let n = root.base(relation).map_or(0, |base| base.indexes.len());
    let all: Vec<Candidate<'_>> =
        (0..n).filter_map(|at| Candidate::new(root, relation, at)).collect();
    if all.is_empty() {
        return;
    }
    let (mut bitmaps, mut join_bitmaps) = (Vec::new(), Vec::new());
    let mut join_ors: Clauses = Vec::new();
    for candidate in &all {
        let info = root.base(relation).and_then(|base| base.indexes.get(candidate.at));
        let Some(info) = info.filter(|info| info.predicate.is_empty() || info.predicate_ok) else {
            continue;
        };
        let restrictions = info.restrictions.clone();
        let mut own = ClauseSet::new(candidate);
        own.add_all(root, candidate, &restrictions);
        get_index_paths(root, candidate, &own, &mut bitmaps);
        let joins = match_join_clauses(root, candidate, &mut join_ors);
        let classes = match_class_clauses(root, candidate);
        if !joins.is_empty() || !classes.is_empty() {
            let sets = Sets { own, joins, classes };
            consider_join_clauses(root, candidate, &sets, &mut join_bitmaps);
        }
    }
    let restrictions = root.base(relation).map_or(Vec::new(), |base| base.restrictions.clone());
    bitmaps.extend(or_paths(root, &all, &restrictions, &[]));
    join_bitmaps.extend(or_paths(root, &all, &join_ors, &restrictions));
    add_bitmap_scan(root, relation, &bitmaps);
    add_join_bitmap_scans(root, relation, &bitmaps, &join_bitmaps);
}

/// The best bitmap scan by the relation's own conditions.
fn add_bitmap_scan(root: &mut Root<'_>, relation: usize, bitmaps: &[Rc<BitmapQual>]) {
    let Some(rel) = root.rels.get(relation) else { return };
    let (lateral, consider_parallel) = (rel.lateral_relids, rel.consider_parallel);
    let Some(qual) = choose_bitmap_and(root, relation, bitmaps) else { return };
    let path = bitmap_heap_path(root, relation, &qual, lateral, 1.0, 0);
    keep(root, relation, path);
    if consider_parallel && lateral == 0 {
        let path = partial_bitmap_heap_path(root, relation, &qual);
        keep_partial(root, relation, path);
    }
}

/// For each set of relations that a bitmap depends on, the best of those that need no more.
fn add_join_bitmap_scans(
    root: &mut Root<'_>,
    relation: usize,
    bitmaps: &[Rc<BitmapQual>],
    join_bitmaps: &[Rc<BitmapQual>],
) {
    let mut outers: Vec<Relids> = Vec::new();
    for qual in join_bitmaps {
        let outer = required_outer(qual);
        if !outers.contains(&outer) {
            outers.push(outer);
        }
    }
    for most in outers {
        let fits = |qual: &&Rc<BitmapQual>| is_subset(required_outer(qual), most);
        let mut set: Vec<Rc<BitmapQual>> = join_bitmaps.iter().filter(fits).cloned().collect();
        set.extend_from_slice(bitmaps);
        let Some(qual) = choose_bitmap_and(root, relation, &set) else { continue };
        let outer = required_outer(&qual);
        let repeated = loop_count(root, relation, outer);
        let path = bitmap_heap_path(root, relation, &qual, outer, repeated, 0);
        keep(root, relation, path);
    }
}
