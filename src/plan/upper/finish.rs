//! The last level: locking, LIMIT, writing (the end of `grouping_planner`).

use std::rc::Rc;

use super::build::{limit_path, lock_rows_path, modify_path};
use super::limit::{is_limit_needed, limits};
use crate::plan::add_path::{add_partial_path, add_shared_path, set_cheapest};
use crate::plan::base::is_parallel_safe;
use crate::plan::relation::{Rel, Target};
use crate::plan::root::Root;
use crate::sql::query::Command;

/// Puts LockRows, Limit and ModifyTable over every path, and leaves the level in `Root::upper`.
pub fn finish(root: &mut Root<'_>, input: &Rel<'_>, target: Target) {
    let query = &root.query;
    let mut rel = super::upper_rel(root, input);
    rel.target = target;
    let limit_exprs = query.limit.iter().chain(&query.offset);
    rel.consider_parallel =
        input.consider_parallel && limit_exprs.into_iter().all(is_parallel_safe);
    let has_limit = is_limit_needed(query);
    let operation = match query.command {
        Command::Select => None,
        Command::Insert { .. } => Some("Insert"),
        Command::Update { .. } => Some("Update"),
        Command::Delete => Some("Delete"),
    };
    for path in &input.paths {
        let mut path = path.clone();
        if query.for_update && operation.is_none() {
            path = Rc::new(lock_rows_path(root, &rel, &path));
        }
        if has_limit {
            path = Rc::new(limit_path(&rel, &path, limits(query)));
        }
        if let Some(operation) = operation {
            path = Rc::new(modify_path(&rel, &path, operation, !query.targets.is_empty()));
        }
        add_shared_path(&mut rel, path);
    }
    if rel.consider_parallel && root.environment.depth > 1 && !has_limit {
        for path in &input.partial_paths {
            add_partial_path(&mut rel, (**path).clone());
        }
    }
    set_cheapest(&mut rel);
    rel.rows = rel.cheapest_total.as_ref().map_or(0.0, |path| path.rows);
    root.upper = Some(rel);
}
