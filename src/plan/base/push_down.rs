//! Conditions on a subquery's rows that may be checked inside it (`subquery_is_pushdown_safe`,
//! `qual_is_pushdown_safe` and `subquery_push_qual` in `allpaths.c`): not past LIMIT; past DISTINCT ON
//! and windows only on the columns they go by; into every arm of a UNION or INTERSECT.

use std::rc::Rc;

use crate::plan::clause::{Clause, Clauses};
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::functions::{
    has_aggregate, has_set_returning, has_subplan, has_volatile, has_window,
};
use crate::sql::query::{Query, SetKind, Target, Window};

/// Moves what may be moved into the query; returns the rest.
pub fn push_down(query: &mut Query, relation: usize, clauses: Clauses) -> Clauses {
    if !is_safe_query(query) {
        return clauses;
    }
    let mut kept = Vec::new();
    for clause in clauses {
        if !clause.is_pseudoconstant && is_safe(query, relation, &clause) {
            push(query, &clause.expr);
        } else {
            kept.push(clause);
        }
    }
    kept
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
                && column.column != ColumnRef::WHOLE_ROW
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
