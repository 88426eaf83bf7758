//! Expressions that are known to be equal (PostgreSQL's `EquivalenceClass`, `equivclass.c`): `a = b`
//! and `b = c` imply `a = c`, with a constant in the class every member equals it, and one order serves
//! for all members. This file makes the classes; `implied.rs` derives clauses from them.
//!
//! Left out: types. Members of one class are taken to be comparable with each other, as they are
//! unless a schema joins, say, `integer` with `text` through casts.

use std::rc::Rc;

use super::clause::{Clause, Clauses};
use super::implication::strip;
use super::root::Root;
use crate::sql::expr::Expr;
use crate::sql::functions::{has_aggregate, has_set_returning, has_volatile, has_window};
use crate::sql::relids::Relids;

/// Expressions that are equal in every row that the query returns.
#[derive(Debug, Default)]
pub struct Class {
    /// The expressions.
    pub members: Vec<Member>,
    /// The clauses that made it.
    pub sources: Clauses,
    /// Join clauses derived from it so far.
    pub derived: Vec<Derived>,
    /// All relations of its members.
    pub relids: Relids,
    /// One of its members is a constant.
    pub has_const: bool,
    /// Its member is volatile: nothing may be derived from it.
    pub has_volatile: bool,
    /// It stems from below an outer join.
    pub is_below_outer_join: bool,
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
    /// Of a child of an append relation: stands beside its parent's, joins nothing itself.
    pub is_child: bool,
}

/// A derived join clause and the members it equates.
#[derive(Debug, Clone)]
pub struct Derived {
    /// Position of the left member.
    pub left: usize,
    /// Position of the right member.
    pub right: usize,
    /// Stands for the whole class (`parent_ec`).
    pub is_for_class: bool,
    /// The clause.
    pub clause: Rc<Clause>,
}

impl Class {
    fn add_member(&mut self, expr: Rc<Expr>, relids: Relids, nullable: Relids) {
        let is_const = relids == 0;
        self.has_const |= is_const;
        self.relids |= relids;
        self.members.push(Member { expr, relids, nullable, is_const, is_child: false });
    }

    fn absorb(&mut self, other: Class) {
        self.members.extend(other.members);
        self.sources.extend(other.sources);
        self.relids |= other.relids;
        self.has_const |= other.has_const;
        self.is_below_outer_join |= other.is_below_outer_join;
    }
}

/// Follows merges.
pub fn canonical(root: &Root<'_>, mut class: usize) -> usize {
    while let Some(into) = root.classes.get(class).and_then(|class| class.merged_into) {
        class = into;
    }
    class
}

/// `process_equivalence`: takes an equality into the classes. `false`: it must be treated as a plain
/// clause.
pub fn process_equivalence(root: &mut Root<'_>, clause: &Rc<Clause>, below_outer: bool) -> bool {
    let Some(sides) = clause.compare.clone() else { return false };
    let (left, right) = (stripped(&sides.left), stripped(&sides.right));
    if left == right {
        return false;
    }
    if below_outer
        && ((sides.left_relids != 0 && !is_strict(&left))
            || (sides.right_relids != 0 && !is_strict(&right)))
    {
        return false;
    }
    let (mut first, mut second) = (None, None);
    for (at, class) in root.classes.iter().enumerate() {
        if class.merged_into.is_some() || class.has_volatile {
            continue;
        }
        for member in &class.members {
            if (below_outer || class.is_below_outer_join) && member.is_const {
                continue;
            }
            if first.is_none() && member.expr == left {
                first = Some(at);
            } else if second.is_none() && member.expr == right {
                second = Some(at);
            }
        }
        if first.is_some() && second.is_some() {
            break;
        }
    }
    let at = match (first, second) {
        (Some(a), Some(b)) if a == b => a,
        (Some(a), Some(b)) => {
            merge(root, a, b);
            a
        }
        (Some(a), None) => {
            add(root, a, right, sides.right_relids, clause.nullable);
            a
        }
        (None, Some(b)) => {
            add(root, b, left, sides.left_relids, clause.nullable);
            b
        }
        (None, None) => {
            root.classes.push(Class { is_below_outer_join: below_outer, ..Class::default() });
            let at = root.classes.len() - 1;
            add(root, at, left, sides.left_relids, clause.nullable);
            add(root, at, right, sides.right_relids, clause.nullable);
            at
        }
    };
    if let Some(class) = root.classes.get_mut(at) {
        class.sources.push(clause.clone());
        class.is_below_outer_join |= below_outer;
    }
    clause.left_class.set(Some(at));
    clause.right_class.set(Some(at));
    true
}

fn add(root: &mut Root<'_>, at: usize, expr: Rc<Expr>, relids: Relids, nullable: Relids) {
    if let Some(class) = root.classes.get_mut(at) {
        class.add_member(expr, relids, nullable & relids);
    }
}

fn merge(root: &mut Root<'_>, keep: usize, gone: usize) {
    let Some(slot) = root.classes.get_mut(gone) else { return };
    let other = std::mem::take(slot);
    slot.merged_into = Some(keep);
    if let Some(class) = root.classes.get_mut(keep) {
        class.absorb(other);
    }
}

/// Without casts that only relabel a text type.
pub fn stripped(expr: &Rc<Expr>) -> Rc<Expr> {
    match &**expr {
        Expr::Cast { .. } | Expr::Collate { .. } => {
            let inner = strip(expr);
            if std::ptr::eq(inner, &**expr) { expr.clone() } else { Rc::new(inner.clone()) }
        }
        _ => expr.clone(),
    }
}

/// NULL for a NULL input, so that it may be moved below an outer join.
fn is_strict(expr: &Expr) -> bool {
    let mut strict = true;
    expr.walk(&mut |part| {
        strict &= !matches!(
            part,
            Expr::Case { .. }
                | Expr::IsNull { .. }
                | Expr::IsTruth { .. }
                | Expr::SubPlan(_)
                | Expr::And(_)
                | Expr::Or(_)
                | Expr::Other { .. }
        );
        if let Expr::Function(call) = part {
            strict &= !matches!(call.name.as_str(), "coalesce" | "nullif" | "concat" | "greatest");
        }
    });
    strict
}

/// `get_eclass_for_sort_expr`: the class of an expression; a new one where `create` says so.
pub fn class_for_sort_expr(
    root: &mut Root<'_>,
    expr: &Rc<Expr>,
    nullable: Relids,
    create: bool,
) -> Option<usize> {
    let expr = stripped(expr);
    let is_volatile = has_volatile(&expr);
    for (at, class) in root.classes.iter().enumerate() {
        if class.merged_into.is_some() || class.has_volatile {
            continue;
        }
        let matches = |member: &Member| {
            !(class.is_below_outer_join && member.is_const) && member.expr == expr
        };
        if class.members.iter().any(matches) {
            return Some(at);
        }
    }
    if !create {
        return None;
    }
    let relids = expr.relids();
    let is_special =
        is_volatile || has_aggregate(&expr) || has_window(&expr) || has_set_returning(&expr);
    let mut class = Class { has_volatile: is_volatile, ..Class::default() };
    class.add_member(expr, relids, nullable & relids);
    if is_special {
        class.has_const = false;
        class.members.iter_mut().for_each(|member| member.is_const = false);
    }
    root.classes.push(class);
    Some(root.classes.len() - 1)
}

/// `find_ec_member_matching_expr`: the class has this very expression.
pub fn has_member(class: &Class, expr: &Expr) -> bool {
    let expr = strip(expr);
    class.members.iter().any(|member| !member.is_const && strip(&member.expr) == expr)
}

/// `initialize_mergeclause_eclasses`: the classes of both sides of a clause that no class absorbed.
pub fn initialize_mergeclause_classes(root: &mut Root<'_>, clause: &Clause) {
    let Some(sides) = &clause.compare else { return };
    clause.left_class.set(class_for_sort_expr(root, &sides.left, clause.nullable, true));
    clause.right_class.set(class_for_sort_expr(root, &sides.right, clause.nullable, true));
}

/// `update_mergeclause_eclasses`: after merges.
pub fn update_classes(root: &Root<'_>, clause: &Clause) {
    clause.left_class.set(clause.left_class.get().map(|class| canonical(root, class)));
    clause.right_class.set(clause.right_class.get().map(|class| canonical(root, class)));
}
