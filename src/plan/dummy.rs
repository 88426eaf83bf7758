//! Relations that have no rows for certain (`mark_dummy_rel` in `joinrels.c`): a condition on them, or at
//! their join, is FALSE or NULL.

use std::rc::Rc;

use super::add_path::set_cheapest;
use super::clause::Clause;
use super::path::{Path, PathKind};
use super::root::Root;
use super::sizes::is_pushed_down;
use crate::sql::expr::{Expr, Literal};
use crate::sql::relids::Relids;

/// FALSE or NULL.
pub fn is_constant_false(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(Literal::Bool(false) | Literal::Null))
}

/// `restriction_is_constant_false`: no pair passes. `only_pushed_down`: not by an outer join's own ON,
/// which lets the outer rows through.
pub fn excludes_all(clauses: &[Rc<Clause>], join: Relids, only_pushed_down: bool) -> bool {
    clauses.iter().any(|clause| {
        is_constant_false(&clause.expr) && (!only_pushed_down || is_pushed_down(clause, join))
    })
}

/// Is it known to have no rows?
pub fn is_dummy(root: &Root<'_>, at: usize) -> bool {
    root.rels.get(at).is_some_and(|rel| rel.is_dummy)
}

/// Its only path returns nothing and costs nothing.
pub fn mark_dummy(root: &mut Root<'_>, at: usize) {
    let Some(rel) = root.rels.get_mut(at) else { return };
    rel.is_dummy = true;
    rel.rows = 0.0;
    rel.target.width = 0.0;
    rel.partial_paths.clear();
    rel.paths = vec![Rc::new(Path {
        kind: PathKind::Result(vec![Expr::Literal(Literal::Bool(false))]),
        relids: rel.relids,
        target: rel.target,
        startup: 0.0,
        total: 0.0,
        rows: 0.0,
        pathkeys: Rc::default(),
        param: None,
        parallel_safe: rel.consider_parallel,
        parallel_aware: false,
        parallel_workers: 0,
    })];
    set_cheapest(rel);
}
