//! UNION of a recursive query (`generate_recursion_path` in `prepunion.c`).

use std::rc::Rc;

use super::{arm, columns};
use crate::plan::add_path::{add_path, set_cheapest};
use crate::plan::cost::append::recursive_union;
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::PathKeys;
use crate::plan::relation::Rel;
use crate::plan::root::{CteInfo, Environment, Root};
use crate::sql::query::SetOperation;

/// Is it the query of a recursive CTE? That one stands last in the environment of the query around it,
/// as a work table.
pub fn is_recursive(root: &Root<'_>) -> bool {
    work_table(&root.environment).is_some()
}

fn work_table<'e>(environment: &'e Environment<'_>) -> Option<&'e CteInfo<'e>> {
    let (_, around) = environment.ctes.split_last()?;
    around.last()?.last().filter(|cte| cte.is_work_table)
}

/// Plans the query of a recursive CTE: the work table gets the rows of the first term before the
/// repeated one is planned.
pub fn recursive_rel<'a>(root: &mut Root<'a>, operation: &SetOperation) -> Result<Rel<'a>, String> {
    let first = arm(root, &operation.left, false)?;
    let Some(first_path) = first.rel.cheapest_total.clone() else {
        return Err("a recursive query without a plan".to_owned());
    };
    set_work_table(&mut root.environment, &first_path);
    let step = arm(root, &operation.right, false)?;
    let Some(step_path) = step.rel.cheapest_total.clone() else {
        return Err("a recursive query without a plan".to_owned());
    };
    let types = columns::common_types(&[first, step]);
    let mut rel = Rel::new(0);
    rel.consider_startup = root.tuple_fraction > 0.0;
    rel.target = columns::target(&types, false);
    rel.target.width = first_path.target.width.max(step_path.target.width);
    let (cost, rows) = recursive_union(root.settings(), &first_path, &step_path);
    let path = Path {
        kind: PathKind::RecursiveUnion(first_path.clone(), step_path),
        relids: 0,
        target: rel.target,
        startup: cost.startup,
        total: cost.total,
        rows,
        pathkeys: PathKeys::default(),
        param: None,
        parallel_safe: false,
        parallel_aware: false,
        parallel_workers: first_path.parallel_workers,
    };
    rel.rows = rows;
    add_path(&mut rel, path);
    set_cheapest(&mut rel);
    Ok(rel)
}

/// Gives the work table the first term's rows.
fn set_work_table(environment: &mut Environment<'_>, first: &Path) {
    let around = environment.ctes.len().checked_sub(2);
    if let Some(level) = around.and_then(|at| environment.ctes.get_mut(at))
        && let Some(cte) = Rc::make_mut(level).last_mut()
    {
        cte.rows = first.rows;
    }
}
