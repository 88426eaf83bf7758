//! ORDER BY (`create_ordered_paths` in `planner.c`).

use std::rc::Rc;

use super::build::{gather_merge_path, incremental_sort_path, sort_path};
use super::gather::all_rows;
use super::projection::apply;
use super::targets::TargetList;
use crate::plan::add_path::add_shared_path;
use crate::plan::path::Path;
use crate::plan::pathkeys::{is_contained_in, n_presorted};
use crate::plan::relation::Rel;
use crate::plan::root::Root;

/// The sorted rows: paths that are in order already, the cheapest one sorted, those in part in order
/// sorted within equal leading keys, and the same done by workers. `last`: what is computed only now.
pub fn ordered_rel<'a>(
    root: &Root<'a>,
    input: &Rel<'a>,
    last: Option<&TargetList>,
    is_parallel_safe: bool,
    limit_tuples: f64,
) -> Rel<'a> {
    let mut rel = super::upper_rel(root, input);
    rel.consider_parallel = input.consider_parallel && is_parallel_safe;
    if let Some(last) = last {
        rel.target = last.target;
    }
    let keys = &root.sort_pathkeys;
    for path in &input.paths {
        let common = n_presorted(root, keys, &path.pathkeys);
        if common == keys.len() {
            add(root, &mut rel, path.clone(), last);
            continue;
        }
        if input.cheapest_total.as_ref().is_some_and(|best| Rc::ptr_eq(best, path)) {
            let sorted = sort_path(root, &rel, path, keys, limit_tuples);
            add(root, &mut rel, Rc::new(sorted), last);
        }
        if common > 0 {
            let sorted = incremental_sort_path(root, &rel, path, keys, common, limit_tuples);
            add(root, &mut rel, Rc::new(sorted), last);
        }
    }
    if rel.consider_parallel && !keys.is_empty() {
        add_gathered(root, &mut rel, input, last, limit_tuples);
    }
    rel
}

/// Sorted by workers, then merged.
fn add_gathered(
    root: &Root<'_>,
    rel: &mut Rel<'_>,
    input: &Rel<'_>,
    last: Option<&TargetList>,
    limit_tuples: f64,
) {
    let keys = &root.sort_pathkeys;
    let Some(cheapest) = input.partial_paths.first() else { return };
    let merge = |sorted: Path, rows: f64| {
        let target = sorted.target;
        Rc::new(gather_merge_path(root, &Rc::new(sorted), target, keys, rows))
    };
    if !is_contained_in(keys, &cheapest.pathkeys) {
        let sorted = sort_path(root, rel, cheapest, keys, limit_tuples);
        add(root, rel, merge(sorted, all_rows(cheapest)), last);
    }
    for path in &input.partial_paths {
        let common = n_presorted(root, keys, &path.pathkeys);
        if common > 0 && common < keys.len() {
            let sorted = incremental_sort_path(root, rel, path, keys, common, limit_tuples);
            add(root, rel, merge(sorted, all_rows(path)), last);
        }
    }
}

fn add(root: &Root<'_>, rel: &mut Rel<'_>, path: Rc<Path>, last: Option<&TargetList>) {
    let path = match last {
        Some(last) => apply(root, rel, &path, last),
        None => path,
    };
    add_shared_path(rel, path);
}
