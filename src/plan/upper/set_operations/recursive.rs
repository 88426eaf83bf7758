//! UNION of a recursive query (`generate_recursion_path` in `prepunion.c`).

use std::rc::Rc;

use super::{arm, columns};
use crate::plan::add_path::{add_path, set_cheapest};
use crate::plan::cost::append::recursive_union;
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::PathKeys;
use crate::plan::relation::Rel;
use crate::plan::root::Root;

/// Plans the query of a recursive CTE. `name`: the CTE, which must stand in the environment as a work
/// table; it gets the rows and width of the first term before the repeated one is planned.
pub fn plan_recursive_union(root: &mut Root<'_>, name: &str) -> Result<(), String> {
    let Some(operation) = root.query.set_operation.clone() else {
        return Err("a recursive query without UNION".to_owned());
    };
    root.are_classes_merged = true;
    if !root.query.order_by.is_empty() {
        root.tuple_fraction = 0.0;
    }
    let first = arm(root, &operation.left, false)?;
    let Some(first_path) = first.rel.cheapest_total.clone() else {
        return Err("a recursive query without a plan".to_owned());
    };
    set_work_table(root, name, &first_path);
    let step = arm(root, &operation.right, false)?;
    let Some(step_path) = step.rel.cheapest_total.clone() else {
        return Err("a recursive query without a plan".to_owned());
    };
    let types = columns::common_types(&first.types, &step.types);
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
    super::finish_ordered(root, rel)
}

/// Gives the work table the first term's rows.
fn set_work_table(root: &mut Root<'_>, name: &str, first: &Path) {
    for level in root.environment.ctes.iter_mut().rev() {
        if level.iter().any(|cte| cte.is_work_table && cte.name == name) {
            let mut ctes = (**level).clone();
            for cte in ctes.iter_mut().filter(|cte| cte.is_work_table && cte.name == name) {
                cte.rows = first.rows;
                cte.width = first.target.width;
            }
            *level = Rc::new(ctes);
            return;
        }
    }
}
