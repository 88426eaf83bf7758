//! Which relations may and should be joined (PostgreSQL's `joinrels.c`).

use super::unique::unique_path;
use crate::plan::implied::have_relevant_class;
use crate::plan::path::JoinType;
use crate::plan::root::{Root, SpecialJoin};
use crate::sql::relids::{is_subset, overlaps};

/// How two relations may be joined.
pub enum Legality {
    /// Not at all.
    No,
    /// By a plain inner join.
    Inner,
    /// By this special join; `true`: with the sides exchanged.
    Special(SpecialJoin, bool),
}

/// `join_is_legal`
pub fn join_is_legal(root: &mut Root<'_>, a: usize, b: usize) -> Legality {
    let relids = |root: &Root<'_>, at: usize| root.rels.get(at).map_or(0, |rel| rel.relids);
    let (left, right) = (relids(root, a), relids(root, b));
    let both = left | right;
    let mut matched: Option<(usize, bool)> = None;
    let mut is_unique = false;
    let mut must_be_left = false;
    for at in 0..root.special_joins.len() {
        let Some(special) = root.special_joins.get(at) else { continue };
        if !overlaps(special.min_right, both) || is_subset(both, special.min_right) {
            continue;
        }
        let sides = special.min_left | special.min_right;
        if is_subset(sides, left) || is_subset(sides, right) {
            continue;
        }
        let is_semi = special.jointype == JoinType::Semi;
        let proper = |part, whole| is_subset(part, whole) && part != whole;
        if is_semi && (proper(special.syn_right, left) || proper(special.syn_right, right)) {
            continue;
        }
        let fits = |l, r| is_subset(special.min_left, l) && is_subset(special.min_right, r);
        let found = if fits(left, right) {
            Some(false)
        } else if fits(right, left) {
            Some(true)
        } else {
            None
        };
        let (syn_right, min_right, min_left) =
            (special.syn_right, special.min_right, special.min_left);
        let jointype = special.jointype;
        let found = match found {
            Some(reversed) => Some(reversed),
            None if is_semi && syn_right == right && unique_path(root, b, at).is_some() => {
                is_unique = true;
                Some(false)
            }
            None if is_semi && syn_right == left && unique_path(root, a, at).is_some() => {
                is_unique = true;
                Some(true)
            }
            None => None,
        };
        match found {
            Some(_) if matched.is_some() => return Legality::No,
            Some(reversed) => matched = Some((at, reversed)),
            None => {
                if overlaps(left, min_right) && overlaps(right, min_right) {
                    continue;
                }
                if jointype != JoinType::Left || overlaps(both, min_left) {
                    return Legality::No;
                }
                must_be_left = true;
            }
        }
    }
    let special = matched.and_then(|(at, _)| root.special_joins.get(at)).cloned();
    let reversed = matched.is_some_and(|(_, reversed)| reversed);
    if must_be_left
        && !special.as_ref().is_some_and(|s| s.jointype == JoinType::Left && s.lhs_strict)
    {
        return Legality::No;
    }
    if !is_laterally_legal(root, a, b, special.as_ref(), reversed, is_unique) {
        return Legality::No;
    }
    special.map_or(Legality::Inner, |special| Legality::Special(special, reversed))
}

/// A relation that refers to another laterally must be on the inner side of a join with it.
fn is_laterally_legal(
    root: &Root<'_>,
    a: usize,
    b: usize,
    special: Option<&SpecialJoin>,
    reversed: bool,
    is_unique: bool,
) -> bool {
    let (Some(left), Some(right)) = (root.rels.get(a), root.rels.get(b)) else { return false };
    let forward = overlaps(left.relids, right.lateral_relids);
    let backward = overlaps(right.relids, left.lateral_relids);
    let fits = |wrong_way: bool| {
        special.is_none_or(|s| !(wrong_way || is_unique || s.jointype == JoinType::Full))
    };
    match (forward, backward) {
        (true, true) => false,
        (true, false) => fits(reversed),
        (false, true) => fits(!reversed),
        (false, false) => true,
    }
}

/// `have_relevant_joinclause`: does a condition join the two?
pub fn have_relevant_clause(root: &Root<'_>, a: usize, b: usize) -> bool {
    let (Some(left), Some(right)) = (root.rels.get(a), root.rels.get(b)) else { return false };
    let (shorter, other) = match left.join_clauses.len() <= right.join_clauses.len() {
        true => (&left.join_clauses, right.relids),
        false => (&right.join_clauses, left.relids),
    };
    shorter.iter().any(|clause| overlaps(other, clause.required))
        || (left.has_class_joins
            && right.has_class_joins
            && have_relevant_class(root, left.relids, right.relids))
}

/// `have_join_order_restriction`: must they be joined although no condition does?
pub fn have_order_restriction(root: &mut Root<'_>, a: usize, b: usize, all: &[usize]) -> bool {
    let (Some(left), Some(right)) = (root.rels.get(a), root.rels.get(b)) else { return false };
    if overlaps(left.relids, right.lateral_relids) || overlaps(right.relids, left.lateral_relids) {
        return true;
    }
    let (left, right) = (left.relids, right.relids);
    let restricts = |special: &SpecialJoin| {
        let fits = |l, r| is_subset(special.min_left, l) && is_subset(special.min_right, r);
        special.jointype != JoinType::Full
            && (fits(left, right)
                || fits(right, left)
                || (overlaps(special.min_right, left) && overlaps(special.min_right, right))
                || (overlaps(special.min_left, left) && overlaps(special.min_left, right)))
    };
    root.special_joins.iter().any(restricts)
        && !has_legal_clause(root, a, all)
        && !has_legal_clause(root, b, all)
}

/// `has_join_restriction`: is it in the middle of an outer or semi join?
pub fn has_join_restriction(root: &Root<'_>, at: usize) -> bool {
    let Some(rel) = root.rels.get(at) else { return false };
    let is_referred_to = root.rels.iter().any(|r| overlaps(r.lateral_relids, rel.relids));
    rel.lateral_relids != 0
        || is_referred_to
        || root.special_joins.iter().any(|special| {
            let sides = special.min_left | special.min_right;
            special.jointype != JoinType::Full
                && !is_subset(sides, rel.relids)
                && overlaps(sides, rel.relids)
        })
}

/// `has_legal_joinclause`
fn has_legal_clause(root: &mut Root<'_>, at: usize, all: &[usize]) -> bool {
    let own = root.rels.get(at).map_or(0, |rel| rel.relids);
    all.iter().any(|other| {
        let relids = root.rels.get(*other).map_or(0, |rel| rel.relids);
        !overlaps(own, relids)
            && have_relevant_clause(root, at, *other)
            && !matches!(join_is_legal(root, at, *other), Legality::No)
    })
}

/// Has it a condition with others, or a restriction? Else it is joined without one, late.
pub fn is_joined_by_clause(root: &Root<'_>, at: usize) -> bool {
    root.rels.get(at).is_some_and(|rel| !rel.join_clauses.is_empty() || rel.has_class_joins)
        || has_join_restriction(root, at)
}
