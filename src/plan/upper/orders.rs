//! The orders that the steps above the joins would like (`standard_qp_callback` in `planner.c`).

use super::group_clause::{distinct_clause, group_keys};
use super::windows::active_windows;
use crate::plan::pathkeys::pathkeys_of_sort;
use crate::plan::root::Root;
use crate::sql::query::SortKey;

/// Sets the orders of grouping, the first window, DISTINCT and ORDER BY, and the one that the joins
/// should deliver: that of the first step that has one.
pub fn query_pathkeys(root: &mut Root<'_>) {
    let groups = super::grouping_sets::first_rollup_keys(root);
    let groups = groups.unwrap_or_else(|| group_keys(root));
    let window = active_windows(root).first().map_or(Vec::new(), |window| window.sort_keys());
    let distinct = distinct_clause(root);
    let sort: Vec<SortKey> = root.query.order_by.clone();
    root.group_pathkeys = pathkeys_of_sort(root, &groups);
    root.window_pathkeys = pathkeys_of_sort(root, &window);
    root.distinct_pathkeys = pathkeys_of_sort(root, &distinct);
    root.sort_pathkeys = pathkeys_of_sort(root, &sort);
    let wanted = if !root.group_pathkeys.is_empty() {
        &root.group_pathkeys
    } else if !root.window_pathkeys.is_empty() {
        &root.window_pathkeys
    } else if root.distinct_pathkeys.len() > root.sort_pathkeys.len() {
        &root.distinct_pathkeys
    } else {
        &root.sort_pathkeys
    };
    root.query_pathkeys = wanted.clone();
}
