//! Relations that are no tables and no subqueries: CTEs, functions, VALUES (`set_function_pathlist`,
//! `set_cte_pathlist`, ... in `allpaths.c`, their costs in `costsize.c`).

use std::rc::Rc;

use super::ROW_HEADER;
use crate::estimate::sql_type::type_width;
use crate::plan::add_path::add_path;
use crate::plan::cost::qual::{array_length, qual_cost};
use crate::plan::params::baserel_param_info;
use crate::plan::path::{Path, PathKind};
use crate::plan::relation::BaseKind;
use crate::plan::root::{CteInfo, Root};
use crate::sql::expr::{ColumnRef, Expr, Function, Literal};
use crate::sql::query::RelationSource;

/// Rows that PostgreSQL assumes a function returns (`prorows`).
const DEFAULT_FUNCTION_ROWS: f64 = 1000.0;

fn cte<'r, 'a>(root: &'r Root<'a>, level: u16, cte: usize) -> Option<&'r CteInfo<'a>> {
    root.environment.ctes.iter().rev().nth(usize::from(level))?.get(cte)
}

/// What a reference to a CTE reads.
pub fn cte_kind<'a>(root: &Root<'a>, level: u16, at: usize) -> Result<BaseKind<'a>, String> {
    match cte(root, level, at) {
        Some(info) if info.is_work_table => Ok(BaseKind::WorkTable(info.name.clone())),
        Some(info) => Ok(BaseKind::Cte(info.name.clone())),
        None => Err("a CTE is not known where it is read".to_owned()),
    }
}

/// Types of a CTE's columns.
pub fn cte_types(root: &Root<'_>, level: u16, at: usize) -> Vec<String> {
    cte(root, level, at).map_or(Vec::new(), |info| info.types.clone())
}

/// Rows before restrictions, and widths: of a CTE, too, only the types of its columns are known
/// (`set_rel_width`).
pub fn size(root: &mut Root<'_>, relation: usize) {
    let Some(entry) = root.query.relations.get(relation) else { return };
    let (tuples, columns) = match &entry.source {
        RelationSource::Cte { level, cte: at } => match cte(root, *level, *at) {
            // Ten times the first step's rows, for there are more steps.
            Some(info) if info.is_work_table => (10.0 * info.rows, info.columns.clone()),
            Some(info) => (info.rows, info.columns.clone()),
            None => (1.0, Vec::new()),
        },
        RelationSource::Function(call) => (function_rows(call), Vec::new()),
        RelationSource::Values(rows) => (rows.len() as f64, Vec::new()),
        _ => (1.0, Vec::new()),
    };
    let known = root.scope.relations.get(relation).map_or(&[][..], |known| &known.types);
    let widths: Vec<f64> = known.iter().map(|name| type_width(&root.scope, name)).collect();
    super::set_widths(root, relation, &|_, column| match column {
        ColumnRef::WHOLE_ROW => ROW_HEADER + widths.iter().sum::<f64>(),
        at => widths.get(usize::from(at)).copied().unwrap_or(32.0),
    });
    if let Some(scope) = root.scope.relations.get_mut(relation) {
        scope.columns = columns;
    }
    let base = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut());
    if let Some(base) = base {
        base.tuples = tuples;
    }
}

/// Rows of a set-returning function: by its support function where that is known, else `prorows`.
fn function_rows(call: &Expr) -> f64 {
    let Expr::Function(call) = call else { return 1.0 };
    match call.name.as_str() {
        "generate_series" => series_rows(call).unwrap_or(DEFAULT_FUNCTION_ROWS),
        "unnest" => call.args.first().map_or(10.0, array_length),
        name if name.starts_with("json") => 100.0,
        "string_to_table" | "regexp_split_to_table" => DEFAULT_FUNCTION_ROWS,
        name if crate::sql::functions::is_set_returning(name) => DEFAULT_FUNCTION_ROWS,
        // Doubt: a user's function may return a set or one row; its definition is not read.
        _ => DEFAULT_FUNCTION_ROWS,
    }
}

fn series_rows(call: &Function) -> Option<f64> {
    let number = |at: usize| match call.args.get(at)? {
        Expr::Literal(Literal::Number(digits)) => digits.parse::<f64>().ok(),
        _ => None,
    };
    let step = if call.args.len() > 2 { number(2)? } else { 1.0 };
    let (start, end) = (number(0)?, number(1)?);
    (step != 0.0).then(|| libm::floor((end - start + step) / step).max(0.0))
}

/// The one path to it.
pub fn add_paths(root: &mut Root<'_>, relation: usize) {
    let needs = root.rels.get(relation).map_or(0, |rel| rel.lateral_relids);
    let param = baserel_param_info(root, relation, needs);
    let settings = root.settings();
    let Some(rel) = root.rels.get(relation) else { return };
    let Some(base) = rel.base.as_ref() else { return };
    let mut startup = base.restriction_cost.startup;
    let mut per_tuple = settings.cpu_tuple_cost + base.restriction_cost.per_tuple;
    let kind = match &base.kind {
        BaseKind::Function(call) => {
            let cost = qual_cost(root, call);
            startup += cost.startup + cost.per_tuple;
            PathKind::FunctionScan
        }
        BaseKind::Values(_) => {
            per_tuple += settings.cpu_operator_cost;
            PathKind::ValuesScan
        }
        BaseKind::Cte(_) => {
            per_tuple += settings.cpu_tuple_cost;
            PathKind::CteScan
        }
        BaseKind::WorkTable(_) => {
            per_tuple += settings.cpu_tuple_cost;
            PathKind::WorkTableScan
        }
        _ => PathKind::Result(Vec::new()),
    };
    let path = Path {
        kind,
        relids: rel.relids,
        target: rel.target,
        startup,
        total: startup + per_tuple * base.tuples,
        rows: param.as_ref().map_or(rel.rows, |param| param.rows),
        pathkeys: Rc::default(),
        param,
        parallel_safe: rel.consider_parallel,
        parallel_aware: false,
        parallel_workers: 0,
    };
    if let Some(rel) = root.rels.get_mut(relation) {
        add_path(rel, path);
    }
}
