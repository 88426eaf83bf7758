//! The estimator asked with the planner's clauses; what is computed once is kept in them
//! (`clause_selectivity_ext` in `clausesel.c`).

use std::rc::Rc;

use super::clause::Clause;
use super::path::JoinType;
use super::root::{Root, SpecialJoin};
use crate::estimate::join::{JoinContext, JoinKind, SpecialFacts};
use crate::estimate::{groups, selectivity, sql_type};
use crate::sql::expr::Expr;
use crate::sql::relids::{Relids, is_multiple, single};

/// Most clauses whose order-free product is worth asking the estimator for as a whole.
fn context(
    root: &Root<'_>,
    var_relid: Option<usize>,
    jointype: JoinType,
    special: Option<&SpecialJoin>,
) -> JoinContext {
    let kind = |jointype: JoinType| match jointype {
        JoinType::Left | JoinType::Right => JoinKind::Left,
        JoinType::Full => JoinKind::Full,
        JoinType::Semi => JoinKind::Semi,
        JoinType::Anti => JoinKind::Anti,
        _ => JoinKind::Inner,
    };
    let rows = |relids: Relids| rows_of(root, relids);
    JoinContext {
        var_relid,
        kind: kind(jointype),
        special: special.map(|special| SpecialFacts {
            min_left: special.min_left,
            min_right: special.min_right,
            syn_left: special.syn_left,
            syn_right: special.syn_right,
            kind: kind(special.jointype),
            left_rows: rows(special.min_left),
            right_rows: rows(special.min_right),
        }),
    }
}

/// Rows of a base relation, or of a join that is known already.
fn rows_of(root: &Root<'_>, relids: Relids) -> f64 {
    let at = single(relids).or_else(|| root.join_rels.get(&relids).copied());
    at.and_then(|at| root.rels.get(at)).map_or(0.0, |rel| rel.rows)
}

/// May the result be kept in the clause?
fn is_cacheable(clause: &Clause, var_relid: Option<usize>) -> bool {
    var_relid.is_none() || !is_multiple(clause.relids)
}

/// The part of the rows for which one clause holds.
pub fn clause_selectivity(
    root: &Root<'_>,
    clause: &Rc<Clause>,
    var_relid: Option<usize>,
    jointype: JoinType,
    special: Option<&SpecialJoin>,
) -> f64 {
    if let Some(known) = known_selectivity(clause, var_relid, jointype) {
        return known;
    }
    let context = context(root, var_relid, jointype, special);
    let computed = selectivity::clause_selectivity(&root.scope, &clause.expr, &context);
    keep(clause, var_relid, jointype, computed);
    computed
}

fn known_selectivity(clause: &Clause, var_relid: Option<usize>, jointype: JoinType) -> Option<f64> {
    if clause.is_pseudoconstant && !matches!(clause.expr, Expr::Literal(_)) {
        return Some(1.0);
    }
    match clause.norm_selectivity.get() {
        // Made redundant by a class.
        Some(marked) if marked > 1.0 => return Some(1.0),
        _ => {}
    }
    if !is_cacheable(clause, var_relid) {
        return None;
    }
    match jointype {
        JoinType::Inner => clause.norm_selectivity.get(),
        _ => clause.outer_selectivity.get(),
    }
}

fn keep(clause: &Clause, var_relid: Option<usize>, jointype: JoinType, computed: f64) {
    if !is_cacheable(clause, var_relid) {
        return;
    }
    match jointype {
        JoinType::Inner => clause.norm_selectivity.set(Some(computed)),
        _ => clause.outer_selectivity.set(Some(computed)),
    }
}

/// `clauselist_selectivity`: the part of the rows for which all clauses hold. `var_relid`: only this
/// relation's columns vary, the others are unknown values.
pub fn clauselist_selectivity(
    root: &Root<'_>,
    clauses: &[Rc<Clause>],
    var_relid: Option<usize>,
    jointype: JoinType,
    special: Option<&SpecialJoin>,
) -> f64 {
    match clauses {
        [] => 1.0,
        [one] => clause_selectivity(root, one, var_relid, jointype, special),
        _ if clauses.iter().all(|clause| !is_range_or_ambiguous(root, clause)) => clauses
            .iter()
            .map(|clause| clause_selectivity(root, clause, var_relid, jointype, special))
            .product(),
        _ => {
            let (marked, plain): (Vec<_>, Vec<_>) = clauses.iter().partition(|clause| {
                clause.norm_selectivity.get().is_some_and(|s| s > 1.0) || clause.is_pseudoconstant
            });
            let of_marked: f64 = marked
                .iter()
                .map(|clause| clause_selectivity(root, clause, var_relid, jointype, special))
                .product();
            let exprs: Vec<&Expr> = plain.iter().map(|clause| &clause.expr).collect();
            let context = context(root, var_relid, jointype, special);
            let part_of = |at: usize, expr: &Expr| match plain.get(at) {
                Some(clause) => clause_selectivity(root, clause, var_relid, jointype, special),
                None => selectivity::clause_selectivity(&root.scope, expr, &context),
            };
            of_marked * selectivity::clauselist_by(&root.scope, &exprs, &context, &part_of)
        }
    }
}

/// Could the clause belong to a pair of bounds, or to columns with extended statistics?
fn is_range_or_ambiguous(root: &Root<'_>, clause: &Clause) -> bool {
    use crate::sql::expr::CompareOp::{Ge, Gt, Le, Lt};
    let has_extended = root.scope.catalog.is_some_and(|c| !c.extended_statistics.is_empty());
    has_extended
        || root.scope.has_observed()
        || clause.compare.as_ref().is_some_and(|sides| matches!(sides.op, Lt | Le | Gt | Ge))
}

/// `estimate_num_groups`: distinct combinations of expressions among so many rows.
pub fn num_groups(root: &Root<'_>, exprs: &[&Expr], rows: f64) -> f64 {
    groups::num_groups(&root.scope, exprs, rows)
}

/// Average bytes of an expression's value.
pub fn expr_width(root: &Root<'_>, expr: &Expr) -> f64 {
    sql_type::expr_width(&root.scope, expr)
}
