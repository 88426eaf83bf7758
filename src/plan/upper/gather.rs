//! Collecting what workers do into one stream (`generate_gather_paths` and
//! `generate_useful_gather_paths` in `allpaths.c`).

use std::rc::Rc;

use super::build::{gather_merge_path, gather_path, incremental_sort_path, sort_path};
use crate::plan::add_path::add_path;
use crate::plan::path::Path;
use crate::plan::pathkeys::{PathKeys, n_presorted};
use crate::plan::relation::Rel;
use crate::plan::root::Root;
use crate::sql::relids::is_subset;

/// Rows of all workers of a partial path, as far as it can tell.
pub fn all_rows(path: &Path) -> f64 {
    path.rows * f64::from(path.parallel_workers)
}

/// `generate_gather_paths`: Gather of the cheapest partial path, Gather Merge of every sorted one.
/// `own_rows`: the partial paths' rows count, not the relation's (a worker's groups are not all groups).
pub fn gather_paths(root: &Root<'_>, rel: &mut Rel<'_>, own_rows: bool) {
    let Some(cheapest) = rel.partial_paths.first().cloned() else { return };
    let rows = |path: &Path, rel: &Rel<'_>| if own_rows { all_rows(path) } else { rel.rows };
    let path = gather_path(root, &cheapest, rel.target, rows(&cheapest, rel));
    add_path(rel, path);
    for input in rel.partial_paths.clone() {
        if !input.pathkeys.is_empty() {
            let rows = rows(&input, rel);
            let path = gather_merge_path(root, &input, rel.target, &input.pathkeys, rows);
            add_path(rel, path);
        }
    }
}

/// `generate_useful_gather_paths`: also sorts in the workers by what the query would like.
pub fn useful_gather_paths(root: &Root<'_>, rel: &mut Rel<'_>, own_rows: bool) {
    let Some(cheapest) = rel.partial_paths.first().cloned() else { return };
    gather_paths(root, rel, own_rows);
    let wanted = useful_pathkeys(root, rel);
    if wanted.is_empty() {
        return;
    }
    for input in rel.partial_paths.clone() {
        let common = n_presorted(root, &wanted, &input.pathkeys);
        if common == wanted.len() {
            continue;
        }
        let mut sorted: Vec<Path> = Vec::new();
        if Rc::ptr_eq(&input, &cheapest) {
            sorted.push(sort_path(root, rel, &input, &wanted, -1.0));
        }
        if common > 0 {
            sorted.push(incremental_sort_path(root, rel, &input, &wanted, common, -1.0));
        }
        for sorted in sorted {
            let rows = if own_rows { all_rows(&sorted) } else { rel.rows };
            let path = gather_merge_path(root, &Rc::new(sorted), rel.target, &wanted, rows);
            add_path(rel, path);
        }
    }
}

/// `get_useful_pathkeys_for_relation`: the leading keys of the query's order that the relation's rows
/// can be sorted by. Above the joins all of them can.
fn useful_pathkeys(root: &Root<'_>, rel: &Rel<'_>) -> PathKeys {
    let can_sort = |class: usize| {
        rel.relids == 0
            || root.classes.get(class).is_some_and(|class| {
                !class.has_volatile
                    && class
                        .members
                        .iter()
                        .any(|member| !member.is_const && is_subset(member.relids, rel.relids))
            })
    };
    root.query_pathkeys.iter().take_while(|key| can_sort(key.class)).copied().collect()
}
