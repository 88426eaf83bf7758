//! Groups that every worker makes of its part of the rows (`create_partial_grouping_paths` and
//! `gather_grouping_paths` in `planner.c`).

use std::rc::Rc;

use super::build::{gather_merge_path, incremental_sort_path, sort_path};
use super::gather::{all_rows, useful_gather_paths};
use super::grouping::{Groups, Part};
use super::targets::{TargetList, partial_grouping};
use crate::plan::add_path::{add_partial_path, add_path, set_cheapest};
use crate::plan::path::AggSplit;
use crate::plan::pathkeys::{is_contained_in, n_presorted};
use crate::plan::relation::Rel;
use crate::plan::root::Root;

/// What workers can group in part, collected; `None` if they cannot.
pub fn partial_rel<'a>(
    root: &Root<'a>,
    grouped: &Rel<'a>,
    input: &Rel<'a>,
    target: &TargetList,
    groups: &Groups<'_>,
) -> Option<Rel<'a>> {
    let cheapest = input.partial_paths.first()?;
    if !grouped.consider_parallel || !groups.aggregates.can_be_partial() {
        return None;
    }
    let mut rel = super::upper_rel(root, input);
    rel.consider_parallel = true;
    rel.target = partial_grouping(root, target, groups.aggregates);
    let part = Part {
        split: AggSplit::Initial,
        groups: groups.count(root, cheapest.rows),
        costs: groups.aggregates.costs(root, AggSplit::Initial),
        target: rel.target,
    };
    let keys = &root.group_pathkeys;
    for path in &input.partial_paths {
        let common = n_presorted(root, keys, &path.pathkeys);
        if common == keys.len() {
            let path = groups.sorted(root, &rel, path, &part);
            add_partial_path(&mut rel, path);
            continue;
        }
        if Rc::ptr_eq(path, cheapest) {
            let sorted = Rc::new(sort_path(root, &rel, path, keys, -1.0));
            let path = groups.sorted(root, &rel, &sorted, &part);
            add_partial_path(&mut rel, path);
        }
        if common > 0 {
            let sorted = Rc::new(incremental_sort_path(root, &rel, path, keys, common, -1.0));
            let path = groups.sorted(root, &rel, &sorted, &part);
            add_partial_path(&mut rel, path);
        }
    }
    if groups.can_hash {
        let path = groups.hashed(root, &rel, cheapest, &part);
        add_partial_path(&mut rel, path);
    }
    if rel.partial_paths.is_empty() {
        return None;
    }
    gather_groups(root, &mut rel);
    set_cheapest(&mut rel).then_some(rel)
}

/// `gather_grouping_paths`: collects the groups of workers, also sorted for the groups.
pub fn gather_groups(root: &Root<'_>, rel: &mut Rel<'_>) {
    useful_gather_paths(root, rel, true);
    let keys = &root.group_pathkeys;
    let Some(cheapest) = rel.partial_paths.first().cloned() else { return };
    let rows = all_rows(&cheapest);
    if !is_contained_in(keys, &cheapest.pathkeys) {
        let sorted = Rc::new(sort_path(root, rel, &cheapest, keys, -1.0));
        let path = gather_merge_path(root, &sorted, rel.target, keys, rows);
        add_path(rel, path);
    }
    for path in rel.partial_paths.clone() {
        let common = n_presorted(root, keys, &path.pathkeys);
        if common > 0 && common < keys.len() {
            let sorted = Rc::new(incremental_sort_path(root, rel, &path, keys, common, -1.0));
            let path = gather_merge_path(root, &sorted, rel.target, keys, rows);
            add_path(rel, path);
        }
    }
}
