//! Conditions on a subquery's rows that may be checked inside it (`subquery_is_pushdown_safe`,
//! `qual_is_pushdown_safe` and `subquery_push_qual` in `allpaths.c`): not past LIMIT; past DISTINCT ON
//! and windows only on the columns they go by; into every arm of a UNION or INTERSECT, but
//! for columns that an arm must cast.

use crate::sorted::SortedMap;
use std::rc::Rc;

use crate::catalog::Catalog;
use crate::estimate::sql_type::query_types;
use crate::estimate::types::canonical;
use crate::plan::clause::{Clause, Clauses};
use crate::sql::expr::{ColumnRef, CompareOp, Expr, Function, Literal};
use crate::sql::functions::{
    has_aggregate, has_set_returning, has_subplan, has_volatile, has_window,
};
use crate::sql::query::{Query, SetKind, Target, Window};

/// What became of the conditions.
pub struct Pushed {
    /// Those that are checked outside.
    pub kept: Clauses,
    /// Output columns that a window node stops at.
    pub stops: Vec<u16>,
}

/// Moves what may be moved into the query.
pub fn push_down(
    catalog: &Catalog,
    query: &mut Query,
    relation: usize,
    clauses: Clauses,
) -> Pushed {
    let mut stops = Vec::new();
    if !is_safe_query(query) {
        return Pushed { kept: clauses, stops };
    }
    let cast = cast_columns(catalog, query);
    let is_cast = |clause: &Clause| {
        clause.expr.columns().iter().any(|column| cast.contains(&usize::from(column.column)))
    };
    let mut kept = Vec::new();
    for clause in clauses {
        if !clause.is_pseudoconstant && is_safe(query, relation, &clause) && !is_cast(&clause) {
            push(query, &clause.expr);
        } else if is_run_condition(query, relation, &clause.expr) {
            // The window node stops there; the planner expects no fewer rows of it.
            stops.extend(clause.expr.columns().iter().map(|column| column.column));
        } else {
            kept.push(clause);
        }
    }
    Pushed { kept, stops }
}

/// `find_window_run_conditions`: an upper bound on what only grows within a partition.
fn is_run_condition(query: &Query, relation: usize, condition: &Expr) -> bool {
    let Expr::Compare(op, left, right) = condition else { return false };
    let (op, tested, bound) = match (left.as_ref(), right.as_ref()) {
        (Expr::Column(column), bound) => (*op, column, bound),
        (bound, Expr::Column(column)) => (op.commuted(), column, bound),
        _ => return false,
    };
    let grows = |call: &Function| {
        matches!(call.name.as_str(), "row_number" | "rank" | "dense_rank" | "count")
            && call.over.is_some()
            && call.filter.is_none()
    };
    let output = query.targets.get(usize::from(tested.column));
    let is_counter = matches!(output, Some(Target::Expr(Expr::Function(call), _)) if grows(call));
    matches!(op, CompareOp::Lt | CompareOp::Le)
        && tested.level == 0
        && usize::from(tested.relation) == relation
        && bound.columns().is_empty()
        && !has_subplan(bound)
        && is_counter
        && query.set_operation.is_none()
}

/// Columns of a set operation that some arm must cast, because the arms' types differ in more than
/// lengths (`compare_tlist_datatypes`). An untyped constant takes any type.
pub fn cast_columns(catalog: &Catalog, query: &Query) -> Vec<usize> {
    fn add(
        catalog: &Catalog,
        query: &Query,
        types: &mut SortedMap<usize, String>,
        out: &mut Vec<usize>,
    ) {
        if let Some(set) = &query.set_operation {
            add(catalog, &set.left, types, out);
            add(catalog, &set.right, types, out);
            return;
        }
        let own = query_types(catalog, query);
        for (at, (own, target)) in own.into_iter().zip(&query.targets).enumerate() {
            let is_untyped = matches!(
                target,
                Target::Expr(Expr::Literal(Literal::Null | Literal::Text(_)) | Expr::Param(_), _)
            );
            if is_untyped || own.is_empty() {
                continue;
            }
            let own = canonical(&own).into_owned();
            if *types.get_or_insert_with(at, || own.clone()) != own {
                out.push(at);
            }
        }
    }
    let mut out = Vec::new();
    add(catalog, query, &mut SortedMap::new(), &mut out);
    out
}

fn is_safe_query(query: &Query) -> bool {
    if query.limit.is_some() || query.offset.is_some() || !query.grouping_sets.is_empty() {
        return false;
    }
    match &query.set_operation {
        Some(set) => {
            set.kind != SetKind::Except && is_safe_query(&set.left) && is_safe_query(&set.right)
        }
        None => true,
    }
}

fn is_safe(query: &Query, relation: usize, clause: &Rc<Clause>) -> bool {
    !has_subplan(&clause.expr)
        && !has_volatile(&clause.expr)
        && clause.expr.columns().iter().all(|column| {
            usize::from(column.relation) == relation
                && !ColumnRef::is_of_any_row(column.column)
                && is_safe_output(query, usize::from(column.column))
        })
}

fn is_safe_output(query: &Query, at: usize) -> bool {
    if let Some(set) = &query.set_operation {
        return is_safe_output(&set.left, at) && is_safe_output(&set.right, at);
    }
    let Some(Target::Expr(expr, _)) = query.targets.get(at) else { return false };
    if has_set_returning(expr) || has_volatile(expr) || expr.query().is_some() {
        return false;
    }
    if query.distinct.as_ref().is_some_and(|keys| !keys.is_empty() && !keys.contains(expr)) {
        return false;
    }
    windows(query).iter().all(|window| window.partition_by.contains(expr))
}

/// The windows of the select list.
fn windows(query: &Query) -> Vec<Window> {
    let mut out: Vec<Window> = Vec::new();
    for target in &query.targets {
        let Target::Expr(expr, _) = target else { continue };
        if !has_window(expr) {
            continue;
        }
        expr.walk(&mut |part| {
            if let Expr::Function(call) = part
                && let Some(window) = &call.over
            {
                let named =
                    query.windows.iter().find(|(name, _)| Some(name) == window.name.as_ref());
                let mut window = window.clone();
                if let Some((_, base)) = named {
                    window.partition_by.extend(base.partition_by.iter().cloned());
                }
                out.push(window);
            }
        });
    }
    out
}

fn push(query: &mut Query, condition: &Expr) {
    if let Some(set) = &mut query.set_operation {
        push(&mut set.left, condition);
        push(&mut set.right, condition);
        return;
    }
    let mut condition = condition.clone();
    substitute(&mut condition, &query.targets);
    let is_grouped = !query.group_by.is_empty()
        || !query.having.is_empty()
        || query.targets.iter().any(|target| match target {
            Target::Expr(expr, _) => has_aggregate(expr),
            Target::Star(_) => false,
        });
    let list = if is_grouped { &mut query.having } else { &mut query.conditions };
    list.extend(crate::sql::conjuncts(condition));
}

/// Output columns become what they stand for; values of outer queries are a level further away.
fn substitute(expr: &mut Expr, targets: &[Target]) {
    if let Expr::Column(column) = expr {
        if column.level > 0 {
            column.level += 1;
        } else if let Some(Target::Expr(target, _)) = targets.get(usize::from(column.column)) {
            *expr = target.clone();
        }
        return;
    }
    expr.for_each_child_mut(&mut |child| substitute(child, targets));
}
