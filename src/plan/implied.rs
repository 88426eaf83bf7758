//! Clauses that classes of equal expressions imply (`equivclass.c`).

use std::cell::Cell;
use std::rc::Rc;

use super::class::{Class, Derived, Member, process_equivalence, stripped};
use super::clause::{Clause, ClauseFacts, Clauses, make_clause};
use super::prepare::distribute::{add_needed, distribute_clause};
use super::root::Root;
use crate::estimate::fold::fold_constants;
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::relids::{Relids, is_multiple, is_subset, overlaps, single};

fn equality(left: &Expr, right: &Expr) -> Expr {
    Expr::Compare(CompareOp::Eq, Box::new(left.clone()), Box::new(right.clone()))
}

/// `generate_base_implied_equalities`: with a constant, every member equals it; without, members of one
/// relation equal each other. Also notes which relations have join clauses by classes.
pub fn generate_base_implied_equalities(root: &mut Root<'_>) {
    for at in 0..root.classes.len() {
        let Some(class) = root.classes.get(at) else { continue };
        if class.merged_into.is_some() {
            continue;
        }
        let (n, has_const, relids) = (class.members.len(), class.has_const, class.relids);
        if n > 1 {
            if has_const {
                base_const(root, at);
            } else {
                base_no_const(root, at);
            }
            if is_multiple(relids) {
                for relation in crate::sql::relids::members(relids) {
                    if let Some(rel) = root.rels.get_mut(relation) {
                        rel.has_class_joins = true;
                    }
                }
            }
        }
    }
}

fn base_const(root: &mut Root<'_>, at: usize) {
    let Some(class) = root.classes.get(at) else { return };
    if let ([_, _], [only]) = (class.members.as_slice(), class.sources.as_slice())
        && !is_multiple(only.required)
    {
        let only = only.clone();
        distribute_clause(root, &only);
        return;
    }
    // A literal is preferred to a parameter.
    let literal = class.members.iter().position(|m| matches!(*m.expr, Expr::Literal(_)));
    let Some(constant) = literal.or_else(|| class.members.iter().position(|m| m.is_const)) else {
        return;
    };
    let (members, relids) = (class.members.clone(), class.relids);
    let Some(value) = members.get(constant) else { return };
    for (position, member) in members.iter().enumerate() {
        if position == constant || (member.is_const && member.expr == value.expr) {
            continue;
        }
        implied_clause(root, at, (member, value), relids);
    }
}

fn base_no_const(root: &mut Root<'_>, at: usize) {
    let Some(class) = root.classes.get(at) else { return };
    let (members, relids) = (class.members.clone(), class.relids);
    let mut previous: Vec<(usize, usize)> = Vec::new();
    for (position, member) in members.iter().enumerate() {
        let Some(relation) = single(member.relids) else { continue };
        match previous.iter_mut().find(|(known, _)| *known == relation) {
            Some((_, before)) => {
                if let Some(other) = members.get(*before) {
                    implied_clause(root, at, (other, member), relids);
                }
                *before = position;
            }
            None => previous.push((relation, position)),
        }
    }
    for member in &members {
        add_needed(root, &member.expr, relids);
    }
}

/// `process_implied_equality`
fn implied_clause(
    root: &mut Root<'_>,
    class: usize,
    (left, right): (&Member, &Member),
    scope: Relids,
) {
    let below_outer = root.classes.get(class).is_some_and(|class| class.is_below_outer_join);
    let mut expr = equality(&left.expr, &right.expr);
    let relids = expr.relids();
    let is_constant = relids == 0;
    if is_constant {
        fold_constants(&mut expr, &root.scope);
        if matches!(expr, Expr::Literal(Literal::Bool(true))) {
            return;
        }
    }
    let facts = ClauseFacts {
        is_pushed_down: true,
        is_pseudoconstant: is_constant,
        required: match is_constant {
            true if below_outer => scope,
            true => root.all_baserels,
            false => relids,
        },
        nullable: left.nullable | right.nullable,
        ..ClauseFacts::default()
    };
    let clause = make_clause(root, expr, facts);
    clause.left_class.set(Some(class));
    clause.right_class.set(Some(class));
    if is_multiple(relids) {
        add_needed(root, &clause.expr, relids);
    }
    distribute_clause(root, &clause);
}

/// `generate_join_implied_equalities`: the equalities that become checkable when these outer relations
/// are joined with these inner ones.
pub fn join_implied_equalities(
    root: &mut Root<'_>,
    join_relids: Relids,
    outer_relids: Relids,
    inner_relids: Relids,
) -> Clauses {
    let mut out = Vec::new();
    // Classes know a child by its parent.
    let nominal = root.top_parents(inner_relids);
    for at in 0..root.classes.len() {
        let Some(class) = root.classes.get(at) else { continue };
        if overlaps(class.relids, outer_relids) && overlaps(class.relids, nominal) {
            of_class(root, at, join_relids, outer_relids, inner_relids, &mut out);
        }
    }
    out
}

/// `generate_join_implied_equalities_for_ecs`
pub fn join_implied_equalities_for(
    root: &mut Root<'_>,
    classes: &[usize],
    join_relids: Relids,
    outer_relids: Relids,
    inner_relids: Relids,
) -> Clauses {
    let mut out = Vec::new();
    for at in classes {
        let overlap =
            root.classes.get(*at).is_some_and(|class| overlaps(class.relids, join_relids));
        if overlap {
            of_class(root, *at, join_relids, outer_relids, inner_relids, &mut out);
        }
    }
    out
}

fn of_class(
    root: &mut Root<'_>,
    at: usize,
    join_relids: Relids,
    outer_relids: Relids,
    inner_relids: Relids,
    out: &mut Clauses,
) {
    let Some(class) = root.classes.get(at) else { return };
    if class.merged_into.is_some() || class.has_const || class.members.len() < 2 {
        return;
    }
    let (mut outer, mut inner, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for (position, member) in class.members.iter().enumerate() {
        if !is_subset(member.relids, join_relids) {
            continue;
        }
        if is_subset(member.relids, outer_relids) {
            outer.push(position);
        } else if is_subset(member.relids, inner_relids) {
            inner.push(position);
        } else {
            new.push(position);
        }
    }
    if let Some((left, right)) = best_pair(class, &outer, &inner) {
        out.push(join_clause(root, at, left, right, true));
    }
    if !new.is_empty() {
        new.extend(outer.first().or(inner.first()));
        for pair in new.windows(2) {
            if let [left, right] = pair {
                out.push(join_clause(root, at, *left, *right, false));
            }
        }
    }
}

/// The pair of members that makes the best join clause: plain columns first.
fn best_pair(class: &Class, outer: &[usize], inner: &[usize]) -> Option<(usize, usize)> {
    let is_column = |at: usize| {
        class.members.get(at).is_some_and(|m| matches!(*stripped(&m.expr), Expr::Column(_)))
    };
    let mut best: Option<(usize, usize, usize)> = None;
    for left in outer {
        for right in inner {
            let score = usize::from(is_column(*left)) + usize::from(is_column(*right));
            if best.is_none_or(|(known, ..)| score > known) {
                best = Some((score, *left, *right));
            }
            if score == 2 {
                return Some((*left, *right));
            }
        }
    }
    best.map(|(_, left, right)| (left, right))
}

/// `create_join_clause`: the same clause for the same pair of members.
fn join_clause(
    root: &mut Root<'_>,
    at: usize,
    left: usize,
    right: usize,
    is_for_class: bool,
) -> Rc<Clause> {
    let known = root.classes.get(at).and_then(|class| {
        class.derived.iter().find(|derived| {
            derived.left == left && derived.right == right && derived.is_for_class == is_for_class
        })
    });
    if let Some(known) = known {
        return known.clause.clone();
    }
    let member = |position: usize| {
        root.classes.get(at).and_then(|class| class.members.get(position)).cloned()
    };
    let none = || Member {
        expr: Rc::new(Expr::Row(Vec::new())),
        relids: 0,
        nullable: 0,
        is_const: true,
        is_child: false,
    };
    let (a, b) = (member(left).unwrap_or_else(none), member(right).unwrap_or_else(none));
    let facts = ClauseFacts {
        is_pushed_down: true,
        required: a.relids | b.relids,
        nullable: a.nullable | b.nullable,
        ..ClauseFacts::default()
    };
    let made = make_clause(root, equality(&a.expr, &b.expr), facts);
    let clause = match Rc::try_unwrap(made) {
        Ok(clause) => Rc::new(Clause {
            parent_class: is_for_class.then_some(at),
            left_class: Cell::new(Some(at)),
            right_class: Cell::new(Some(at)),
            ..clause
        }),
        Err(shared) => shared,
    };
    if let Some(class) = root.classes.get_mut(at) {
        class.derived.push(Derived { left, right, is_for_class, clause: clause.clone() });
    }
    clause
}

/// `generate_implied_equalities_for_column`: clauses that join relation `relation` to others by a member
/// that `matches` accepts (given the class and the member), but not to `prohibited` relations.
pub fn implied_equalities_for_column(
    root: &mut Root<'_>,
    relation: usize,
    matches: &dyn Fn(&Class, &Member) -> bool,
    prohibited: Relids,
) -> Clauses {
    let own = crate::sql::relids::bit(relation);
    let parents = root.parents(relation);
    let nominal = root.top_parents(own);
    for at in 0..root.classes.len() {
        let Some(class) = root.classes.get(at) else { continue };
        if class.merged_into.is_some()
            || class.has_const
            || class.members.len() < 2
            || !overlaps(class.relids, nominal)
        {
            continue;
        }
        let found = class.members.iter().position(|m| m.relids == own && matches(class, m));
        let Some(mine) = found else { continue };
        let others: Vec<usize> = class
            .members
            .iter()
            .enumerate()
            .filter(|(position, other)| {
                *position != mine
                    && !other.is_child
                    && !overlaps(other.relids, own | parents)
                    && !overlaps(other.relids, prohibited)
            })
            .map(|(position, _)| position)
            .collect();
        let out: Clauses =
            others.into_iter().map(|other| join_clause(root, at, mine, other, true)).collect();
        if !out.is_empty() {
            return out;
        }
    }
    Vec::new()
}

/// `reconsider_outer_join_clauses`: where the outer side of an outer join clause equals a constant, the
/// inner side may be restricted to it, and the clause says nothing more.
pub fn reconsider_outer_join_clauses(
    root: &mut Root<'_>,
    left_clauses: Clauses,
    right_clauses: Clauses,
) {
    let mut waiting: Vec<(Rc<Clause>, bool)> = left_clauses
        .into_iter()
        .map(|clause| (clause, true))
        .chain(right_clauses.into_iter().map(|clause| (clause, false)))
        .collect();
    loop {
        let (done, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut waiting)
            .into_iter()
            .partition(|(clause, outer_on_left)| reconsider(root, clause, *outer_on_left));
        waiting = rest;
        for (clause, _) in &done {
            // Always true by now.
            clause.norm_selectivity.set(Some(2.0));
            clause.outer_selectivity.set(Some(1.0));
            distribute_clause(root, clause);
        }
        if done.is_empty() {
            break;
        }
    }
    for (clause, _) in &waiting {
        distribute_clause(root, clause);
    }
}

fn reconsider(root: &mut Root<'_>, clause: &Rc<Clause>, outer_on_left: bool) -> bool {
    let Some(sides) = clause.compare.clone() else { return false };
    let (outer, inner, inner_relids) = match outer_on_left {
        true => (sides.left, sides.right, sides.right_relids),
        false => (sides.right, sides.left, sides.left_relids),
    };
    let outer = stripped(&outer);
    for at in 0..root.classes.len() {
        let Some(class) = root.classes.get(at) else { continue };
        if class.merged_into.is_some() || !class.has_const || class.has_volatile {
            continue;
        }
        if !class.members.iter().any(|member| member.expr == outer) {
            continue;
        }
        let constants: Vec<Rc<Expr>> =
            class.members.iter().filter(|m| m.is_const).map(|m| m.expr.clone()).collect();
        let mut has_match = false;
        for constant in constants {
            let facts = ClauseFacts {
                is_pushed_down: true,
                required: inner_relids,
                nullable: inner_relids & clause.nullable,
                ..ClauseFacts::default()
            };
            let new = make_clause(root, equality(&inner, &constant), facts);
            has_match |= process_equivalence(root, &new, true);
        }
        return has_match;
    }
    false
}

/// `is_redundant_derived_clause`: another clause of the list stands for the same class.
pub fn is_redundant_derived(clause: &Clause, list: &[Rc<Clause>]) -> bool {
    clause.parent_class.is_some()
        && list.iter().any(|other| other.parent_class == clause.parent_class)
}

/// `have_relevant_eclass_joinclause`: does a class have members on both sides?
pub fn have_relevant_class(root: &Root<'_>, a: Relids, b: Relids) -> bool {
    root.classes.iter().any(|class| {
        class.members.len() > 1 && overlaps(class.relids, a) && overlaps(class.relids, b)
    })
}

/// `has_relevant_eclass_joinclause`: does a class join these relations to others?
pub fn has_relevant_class(root: &Root<'_>, relids: Relids) -> bool {
    root.classes.iter().any(|class| {
        class.members.len() > 1
            && overlaps(class.relids, relids)
            && !is_subset(class.relids, relids)
    })
}

/// `eclass_useful_for_merging`: could the class order this relation for a merge join with another?
pub fn is_useful_for_merging(class: &Class, relids: Relids) -> bool {
    !class.has_const
        && class.members.len() > 1
        && !is_subset(class.relids, relids)
        && class.members.iter().any(|member| !member.is_child && !overlaps(member.relids, relids))
}
