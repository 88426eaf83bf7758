//! Everything above the joins: grouping, windows, DISTINCT, ORDER BY, LIMIT, set operations, writing
//! (PostgreSQL's `planner.c`, `planagg.c`, `prepunion.c`).

pub mod aggregate_functions;
pub mod aggregates;
pub mod build;
mod distinct;
mod finish;
pub mod gather;
mod group_clause;
mod grouping;
mod grouping_sets;
mod having;
mod limit;
mod minmax;
mod ordered;
mod orders;
mod partial_grouping;
mod project_set;
pub mod projection;
pub mod set_operations;

mod targets;
mod windows;

use std::rc::Rc;

use super::add_path::{compare_fractional, set_cheapest};
use super::path::Path;
use super::relation::{BaseKind, Rel};
use super::root::Root;
use crate::sql::query::Query;
use crate::sql::relids::single;
use aggregates::Aggregates;
use targets::{TargetList, Targets};

pub use group_clause::group_exprs;
pub use limit::{is_limit_needed, preprocess_limit};
pub use orders::query_pathkeys;
pub use project_set::set_rows;
pub use set_operations::has_hidden_columns;

/// `grouping_planner` from the joined rows on: makes the levels above and leaves the last one, with its
/// paths, in `Root::upper`. `joined`: position in `Root::rels` of the joined rows, with their paths.
pub fn plan_upper(root: &mut Root<'_>, joined: usize) -> Result<(), String> {
    let windows = windows::active_windows(root);
    let aggregates = aggregates::collect(root);
    let has_grouping = groups(&root.query, &aggregates);
    let full = targets::targets(root, &windows, has_grouping);
    let plain = Targets {
        last: project_set::without_sets(root, &full.last, Some(&full.sort_input)),
        sort_input: project_set::without_sets(root, &full.sort_input, Some(&full.grouping)),
        grouping: project_set::without_sets(root, &full.grouping, Some(&full.scan_join)),
        scan_join: project_set::without_sets(root, &full.scan_join, None),
        ..full
    };
    let mut rel = scan_join_rel(root, joined, &plain.scan_join, &full.scan_join)?;
    let only = single(root.all_baserels).and_then(|relation| root.base(relation));
    if only.is_some_and(|base| matches!(base.kind, BaseKind::Subquery(_))) {
        root.scan_join.clone_from(&plain.scan_join.exprs);
    }
    if has_grouping {
        rel = grouping::grouping_rel(root, &rel, &plain.grouping, &aggregates)?;
        project_set::add_sets(root, &mut rel, &full.grouping, Some(&full.scan_join));
    }
    if !windows.is_empty() {
        let input = plain.grouping.target;
        rel = windows::window_rel(root, &rel, &windows, input, &plain.sort_input);
        project_set::add_sets(root, &mut rel, &full.sort_input, Some(&full.grouping));
    }
    if root.query.distinct.is_some() {
        rel = distinct::distinct_rel(root, &rel, has_grouping);
    }
    if !root.query.order_by.is_empty() {
        let limit_tuples =
            if full.has_postponed_sets { -1.0 } else { limit::limits(&root.query).tuples() };
        let projects = full.is_postponed.then_some(&plain.last);
        rel = ordered::ordered_rel(root, &rel, projects, plain.last.is_parallel_safe, limit_tuples);
        project_set::add_sets(root, &mut rel, &full.last, Some(&full.sort_input));
    }
    finish::finish(root, &rel, full.last.target);
    Ok(())
}

/// Is there anything to group or aggregate?
fn groups(query: &Query, aggregates: &Aggregates) -> bool {
    !query.group_by.is_empty()
        || !query.grouping_sets.is_empty()
        || !query.having.is_empty()
        || !aggregates.is_empty()
}

/// `fetch_upper_rel`: a level above another, without paths.
fn upper_rel<'a>(root: &Root<'_>, input: &Rel<'_>) -> Rel<'a> {
    let mut rel = Rel::new(0);
    rel.consider_startup = root.tuple_fraction > 0.0;
    rel.target = input.target;
    rel
}

/// `apply_scanjoin_target_to_paths`: the joined rows with what the level above needs.
fn scan_join_rel<'a>(
    root: &Root<'a>,
    joined: usize,
    plain: &TargetList,
    full: &TargetList,
) -> Result<Rel<'a>, String> {
    let Some(source) = root.rels.get(joined) else {
        return Err("the query has no rows to read".to_owned());
    };
    let mut rel = Rel::new(source.relids);
    rel.rows = source.rows;
    rel.target = source.target;
    rel.consider_startup = source.consider_startup;
    rel.consider_parallel = source.consider_parallel;
    rel.paths.clone_from(&source.paths);
    rel.partial_paths.clone_from(&source.partial_paths);
    if !plain.is_parallel_safe {
        // The last opportunity to let workers take part.
        gather::useful_gather_paths(root, &mut rel, false);
        rel.partial_paths.clear();
        rel.consider_parallel = false;
    }
    let is_same = plain.is_plain();
    let project =
        |rel: &Rel<'_>, path: &Rc<Path>| projection::project(root, rel, path, plain, is_same);
    rel.paths = rel.paths.iter().map(|path| project(&rel, path)).collect();
    rel.partial_paths = rel.partial_paths.iter().map(|path| project(&rel, path)).collect();
    rel.target = plain.target;
    project_set::add_sets(root, &mut rel, full, None);
    rel.target = full.target;
    if rel.consider_parallel {
        gather::useful_gather_paths(root, &mut rel, false);
    }
    if set_cheapest(&mut rel) { Ok(rel) } else { Err("no plan found".to_owned()) }
}

/// `get_cheapest_fractional_path`: the best path if only part of the rows is read (above 1: so many).
pub fn cheapest_fractional_path(rel: &Rel<'_>, fraction: f64) -> Option<Rc<Path>> {
    let cheapest = rel.cheapest_total.as_ref()?;
    let fraction = part(fraction, cheapest.rows);
    let mut best = cheapest;
    for path in rel.paths.iter().filter(|path| path.param.is_none()) {
        let is_other = !Rc::ptr_eq(path, cheapest);
        if fraction > 0.0 && is_other && compare_fractional(best, path, fraction).is_gt() {
            best = path;
        }
    }
    Some(best.clone())
}

/// A number of rows as a part of all.
fn part(fraction: f64, rows: f64) -> f64 {
    if fraction >= 1.0 && rows > 0.0 { fraction / rows } else { fraction }
}
