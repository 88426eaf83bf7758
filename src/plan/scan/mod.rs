//! Paths to one table: in sequence, by an index or several; alone, with the current rows of other
//! relations, or shared by workers (`set_plain_rel_pathlist` in `allpaths.c`, `indxpath.c`, `tidpath.c`).

pub mod bitmap_and;
pub mod bitmap_heap;
pub mod candidate;
pub mod clause_set;
pub mod gin_lookups;
pub mod index_cost;
pub mod index_only;
pub mod index_paths;
pub mod infos;
pub mod join_clauses;
pub mod loop_count;
pub mod matching;
pub mod methods;
pub mod operators;
pub mod or_paths;
pub mod order_by;
pub mod pattern;
pub mod row_compare;
pub mod seq;
pub mod table_indexes;
mod tid;

pub use infos::{build_index_infos, check_index_predicates};

use super::params::baserel_param_info;
use super::path::Path;
use super::root::Root;
use crate::plan::add_path::{add_partial_path, add_path};

/// Adds all paths to a table.
pub fn set_plain_rel_paths(root: &mut Root<'_>, relation: usize) {
    let Some(rel) = root.rels.get(relation) else { return };
    let (lateral, consider_parallel) = (rel.lateral_relids, rel.consider_parallel);
    let param = baserel_param_info(root, relation, lateral);
    let path = seq::seq_scan_path(root, relation, param, 0);
    keep(root, relation, path);
    if consider_parallel && lateral == 0 {
        let path = seq::partial_seq_scan_path(root, relation);
        keep_partial(root, relation, path);
    }
    table_indexes::create_index_paths(root, relation);
    tid::create_tid_paths(root, relation);
}

/// Adds a path, if there is one.
fn keep(root: &mut Root<'_>, relation: usize, path: Option<Path>) {
    if let (Some(rel), Some(path)) = (root.rels.get_mut(relation), path) {
        add_path(rel, path);
    }
}

/// Adds a path that workers share, if there is one.
fn keep_partial(root: &mut Root<'_>, relation: usize, path: Option<Path>) {
    if let (Some(rel), Some(path)) = (root.rels.get_mut(relation), path) {
        add_partial_path(rel, path);
    }
}
