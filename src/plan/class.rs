//! Expressions that are known to be equal (PostgreSQL's `EquivalenceClass`).

use std::rc::Rc;

use super::clause::{Clause, Clauses};
use crate::sql::expr::Expr;
use crate::sql::relids::Relids;

/// Expressions that are equal in every row that the query returns.
#[derive(Debug, Default)]
pub struct Class {
    /// The expressions.
    pub members: Vec<Member>,
    /// The clauses that made it.
    pub sources: Clauses,
    /// Clauses derived from it so far.
    pub derived: Vec<Rc<Clause>>,
    /// All relations of its members.
    pub relids: Relids,
    /// One of its members is a constant.
    pub has_const: bool,
    /// One of its members is volatile: it may not be used to derive anything.
    pub has_volatile: bool,
    /// It stems from below an outer join.
    pub is_below_outer_join: bool,
    /// No operator fits: its sources are used as they stand.
    pub is_broken: bool,
    /// The class it was merged into.
    pub merged_into: Option<usize>,
}

/// One expression of a class.
#[derive(Debug, Clone)]
pub struct Member {
    /// The expression.
    pub expr: Rc<Expr>,
    /// Its relations.
    pub relids: Relids,
    /// Those of them that an outer join below may make NULL.
    pub nullable: Relids,
    /// A constant, parameter or outer value.
    pub is_const: bool,
}

/// `generate_implied_equalities_for_column`: clauses that join relation `relation` to others by a member
/// that `matches` accepts (given the class and the member), but not to `prohibited` relations.
pub fn implied_equalities_for_column(
    root: &mut super::root::Root<'_>,
    relation: usize,
    matches: &dyn Fn(&Class, &Member) -> bool,
    prohibited: Relids,
) -> Clauses {
    let _ = (root, relation, matches, prohibited);
    Vec::new()
}
