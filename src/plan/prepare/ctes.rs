//! Common table expressions (`SS_process_ctes` in `subselect.c`): each that is still one is planned once
//! and read by scans. Those that are part of their one reader became subqueries when names were bound.

use std::rc::Rc;

use super::exec_params::number_params;
use super::{best_path, plan_subquery};
use crate::plan::base::query_types_inside;
use crate::plan::base::subquery::output_columns;
use crate::plan::root::{CteInfo, Environment, Root, SubPlan};
use crate::plan::upper::set_operations::columns::types_outside;
use crate::sql::query::{Command, Cte, Query, RelationSource};

/// Plans the CTEs of the query and tells its environment of them.
pub fn plan_ctes(root: &mut Root<'_>) -> Result<(), String> {
    let ctes = std::mem::take(&mut root.query.ctes);
    for (at, cte) in ctes.iter().enumerate() {
        let is_used = count_uses(&root.query, &ctes, at) > 0;
        if !is_used && cte.query.command == Command::Select {
            declare(&mut root.environment, unknown(cte));
            continue;
        }
        if cte.recursive {
            root.environment.take_params(1);
            // While it is planned, its name stands for the rows of the step before.
            let step = CteInfo {
                is_work_table: true,
                types: first_types(root, &cte.query),
                ..unknown(cte)
            };
            declare(&mut root.environment, step);
        }
        let planned = plan_subquery(root.configuration, &cte.query, &root.environment, 0.0);
        if cte.recursive {
            undeclare(&mut root.environment);
        }
        let sub = planned?;
        let path = best_path(&sub, 0.0).ok_or_else(|| format!("CTE {:?} has no plan", cte.name))?;
        number_params(&sub, &path);
        let number = root.environment.take_subplans(1);
        root.environment.take_params(1);
        let info = CteInfo {
            name: cte.name.clone(),
            rows: path.rows,
            types: types_outside(&sub),
            columns: output_columns(&sub, path.rows, false),
            is_work_table: false,
        };
        root.subplans.push(SubPlan {
            number,
            label: format!("CTE {}", cte.name),
            is_init: true,
            root: Box::new(sub),
            once_cost: path.total,
            path,
        });
        declare(&mut root.environment, info);
    }
    root.query.ctes = ctes;
    Ok(())
}

/// The types of a recursive query are those of its first term.
fn first_types(root: &Root<'_>, query: &Query) -> Vec<String> {
    let Some(set) = &query.set_operation else { return Vec::new() };
    // Both sides of the operation stand one level further down.
    query_types_inside(root, &set.left, 1)
}

fn unknown<'a>(cte: &Cte) -> CteInfo<'a> {
    CteInfo {
        name: cte.name.clone(),
        rows: 1.0,
        types: Vec::new(),
        columns: Vec::new(),
        is_work_table: false,
    }
}

fn declare<'a>(environment: &mut Environment<'a>, info: CteInfo<'a>) {
    if let Some(last) = environment.ctes.last_mut() {
        Rc::make_mut(last).push(info);
    }
}

fn undeclare(environment: &mut Environment<'_>) {
    if let Some(last) = environment.ctes.last_mut() {
        Rc::make_mut(last).pop();
    }
}

/// How often the query or a later CTE reads this one.
fn count_uses(query: &Query, ctes: &[Cte], at: usize) -> usize {
    let later = ctes.iter().skip(at + 1).map(|cte| uses_in(&cte.query, 1, at));
    uses_in(query, 0, at) + later.sum::<usize>()
}

fn uses_in(query: &Query, level: u16, cte: usize) -> usize {
    let here = query.relations.iter().filter(|relation| {
        matches!(relation.source, RelationSource::Cte { level: l, cte: c } if l == level && c == cte)
    });
    let mut n = here.count();
    query.for_each_query(&mut |inner| n += uses_in(inner, level + 1, cte));
    n
}
