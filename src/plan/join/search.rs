//! The order of joining (PostgreSQL's `standard_join_search` and `join_search_one_level`): all orders
//! that use join conditions, by dynamic programming over the number of relations. From `geqo_threshold`
//! relations on the server searches at random (`geqo`); here the pair whose join is cheapest is joined,
//! again and again, which is deterministic and about as good; so it is done, too, where few relations
//! have so many orders of their own that the full search would take minutes.

use std::rc::Rc;

use super::legal::{
    Legality, have_order_restriction, have_relevant_clause, is_joined_by_clause, join_is_legal,
};
use super::paths::{Sides, add_join_paths};
use super::rel::build_join_rel;
use super::unique::unique_path;
use crate::limits;
use crate::plan::add_path::set_cheapest;
use crate::plan::base::gather;
use crate::plan::clause::Clause;
use crate::plan::dummy::{excludes_all, is_dummy, mark_dummy};
use crate::plan::join::attempt::plain_join;
use crate::plan::path::JoinType;
use crate::plan::prepare::distribute::JoinItem;
use crate::plan::root::{Root, SpecialJoin};
use crate::sql::relids::{is_subset, overlaps};

/// Relations from which on orders are no longer all tried.
const GEQO_THRESHOLD: usize = 12;

/// `make_rel_from_joinlist`: joins all items; the position of the joined relation.
pub fn join_items(root: &mut Root<'_>, items: &[JoinItem]) -> Result<usize, String> {
    let mut initial = Vec::with_capacity(items.len());
    for item in items {
        initial.push(match item {
            JoinItem::Relation(relation) => *relation,
            JoinItem::List(list) => join_items(root, list)?,
        });
    }
    match initial.as_slice() {
        [] => Err("nothing to join".to_owned()),
        [only] => Ok(*only),
        many if many.len() >= threshold(root) => greedy_search(root, many),
        many => standard_join_search(root, many),
    }
}

fn threshold(root: &Root<'_>) -> usize {
    let given = root.settings().other("geqo_threshold");
    given.and_then(|value| value.parse().ok()).unwrap_or(GEQO_THRESHOLD).clamp(2, 14)
}

fn standard_join_search(root: &mut Root<'_>, initial: &[usize]) -> Result<usize, String> {
    let n_before = root.rels.len();
    let mut levels: Vec<Vec<usize>> = vec![Vec::new(), initial.to_vec()];
    root.n_attempts = 0;
    for level in 2..=initial.len() {
        levels.push(Vec::new());
        search_level(root, &mut levels, level);
        if root.n_attempts > limits::JOIN_ATTEMPTS_MAX && level < initial.len() {
            forget_joins(root, n_before);
            return greedy_search(root, initial);
        }
        let made = levels.get(level).cloned().unwrap_or_default();
        for rel in made {
            finish_rel(root, rel);
        }
    }
    match levels.last().map(Vec::as_slice) {
        Some([joined]) => Ok(*joined),
        _ => Err("the relations cannot be joined".to_owned()),
    }
}

/// Takes back the joins made since there were `n_before` relations.
fn forget_joins(root: &mut Root<'_>, n_before: usize) {
    root.rels.truncate(n_before);
    root.join_rels.retain(|_, at| *at < n_before);
}

/// All paths of a joined relation are known: parallel ones are gathered, the cheapest chosen.
fn finish_rel(root: &mut Root<'_>, at: usize) {
    let is_all = root.rels.get(at).is_some_and(|rel| rel.relids == root.all_baserels);
    if !is_all {
        gather(root, at);
    }
    if let Some(rel) = root.rels.get_mut(at) {
        set_cheapest(rel);
    }
}

fn relids(root: &Root<'_>, at: usize) -> u64 {
    root.rels.get(at).map_or(0, |rel| rel.relids)
}

/// `join_search_one_level`
fn search_level(root: &mut Root<'_>, levels: &mut [Vec<usize>], level: usize) {
    let initial = levels.get(1).cloned().unwrap_or_default();
    let below = levels.get(level - 1).cloned().unwrap_or_default();
    let mut made = Vec::new();
    for (position, old) in below.iter().enumerate() {
        if is_joined_by_clause(root, *old) {
            let others = match level {
                2 => below.get(position + 1..).unwrap_or(&[]),
                _ => &initial,
            };
            join_by_clauses(root, *old, others, &initial, &mut made);
        } else {
            join_without_clauses(root, *old, &initial, &mut made);
        }
    }
    for k in 2..=level / 2 {
        let (lefts, rights) = (level_of(levels, k), level_of(levels, level - k));
        for (position, old) in lefts.iter().enumerate() {
            if !is_joined_by_clause(root, *old) {
                continue;
            }
            let others = match k == level - k {
                true => lefts.get(position + 1..).unwrap_or(&[]),
                false => &rights,
            };
            join_by_clauses(root, *old, others, &initial, &mut made);
        }
    }
    if made.is_empty() {
        for old in &below {
            join_without_clauses(root, *old, &initial, &mut made);
        }
    }
    if let Some(slot) = levels.get_mut(level) {
        *slot = made;
    }
}

fn level_of(levels: &[Vec<usize>], level: usize) -> Vec<usize> {
    levels.get(level).cloned().unwrap_or_default()
}

/// `make_rels_by_clause_joins`
fn join_by_clauses(
    root: &mut Root<'_>,
    old: usize,
    others: &[usize],
    initial: &[usize],
    made: &mut Vec<usize>,
) {
    for other in others {
        if root.n_attempts > limits::JOIN_ATTEMPTS_MAX {
            return;
        }
        if overlaps(relids(root, old), relids(root, *other)) {
            continue;
        }
        if have_relevant_clause(root, old, *other)
            || have_order_restriction(root, old, *other, initial)
        {
            note(make_join_rel(root, old, *other), made);
        }
    }
}

/// `make_rels_by_clauseless_joins`
fn join_without_clauses(root: &mut Root<'_>, old: usize, others: &[usize], made: &mut Vec<usize>) {
    for other in others {
        if !overlaps(relids(root, old), relids(root, *other)) {
            note(make_join_rel(root, old, *other), made);
        }
    }
}

fn note(joined: Option<usize>, made: &mut Vec<usize>) {
    if let Some(at) = joined
        && !made.contains(&at)
    {
        made.push(at);
    }
}

/// `make_join_rel`: joins two relations in every way that is legal.
fn make_join_rel(root: &mut Root<'_>, a: usize, b: usize) -> Option<usize> {
    let (special, outer, inner) = match join_is_legal(root, a, b) {
        Legality::No => return None,
        Legality::Inner => (plain_join(relids(root, a), relids(root, b)), a, b),
        Legality::Special(special, false) => (special, a, b),
        Legality::Special(special, true) => (special, b, a),
    };
    let (join, clauses) = build_join_rel(root, outer, inner, &special)?;
    populate(root, join, (outer, inner), &special, &clauses);
    Some(join)
}

/// `populate_joinrel_with_paths`
fn populate(
    root: &mut Root<'_>,
    join: usize,
    (a, b): (usize, usize),
    special: &SpecialJoin,
    clauses: &Rc<[Rc<Clause>]>,
) {
    let position = root.special_joins.iter().position(|known| {
        known.jointype == special.jointype
            && known.syn_left == special.syn_left
            && known.syn_right == special.syn_right
    });
    if is_dummy(root, join) || is_empty_join(root, join, (a, b), special, clauses) {
        mark_dummy(root, join);
        return;
    }
    let forward = Sides { join, outer: a, inner: b, special: position };
    let backward = Sides { join, outer: b, inner: a, special: position };
    let mut add = |sides: Sides, jointype: JoinType| {
        add_join_paths(root, sides, jointype, special, clauses);
    };
    match special.jointype {
        JoinType::Left => {
            add(forward, JoinType::Left);
            add(backward, JoinType::Right);
        }
        JoinType::Full => {
            add(forward, JoinType::Full);
            add(backward, JoinType::Full);
        }
        JoinType::Anti => add(forward, JoinType::Anti),
        JoinType::Semi => {
            let (left, right) = (relids(root, a), relids(root, b));
            if is_subset(special.min_left, left) && is_subset(special.min_right, right) {
                add_join_paths(root, forward, JoinType::Semi, special, clauses);
            }
            if special.syn_right == right
                && position.is_some_and(|at| unique_path(root, b, at).is_some())
            {
                add_join_paths(root, forward, JoinType::UniqueInner, special, clauses);
                add_join_paths(root, backward, JoinType::UniqueOuter, special, clauses);
            }
        }
        _ => {
            add(forward, JoinType::Inner);
            add(backward, JoinType::Inner);
        }
    }
}

/// Does a join of the two have no rows for certain?
fn is_empty_join(
    root: &mut Root<'_>,
    join: usize,
    (a, b): (usize, usize),
    special: &SpecialJoin,
    clauses: &[Rc<Clause>],
) -> bool {
    let both = relids(root, join);
    let (left, right) = (is_dummy(root, a), is_dummy(root, b));
    match special.jointype {
        JoinType::Left | JoinType::Anti => {
            if left || excludes_all(clauses, both, true) {
                return true;
            }
            if excludes_all(clauses, both, false) && is_subset(relids(root, b), special.syn_right) {
                mark_dummy(root, b);
            }
            false
        }
        JoinType::Full => (left && right) || excludes_all(clauses, both, true),
        _ => left || right || excludes_all(clauses, both, false),
    }
}

/// Joins the pair with the cheapest result until one relation is left; pairs without a condition only
/// when there is no other.
fn greedy_search(root: &mut Root<'_>, initial: &[usize]) -> Result<usize, String> {
    let mut open = initial.to_vec();
    while open.len() > 1 {
        let pick = best_pair(root, &open, true).or_else(|| best_pair(root, &open, false));
        let Some((a, b, joined)) = pick else {
            return Err("the relations cannot be joined".to_owned());
        };
        open.retain(|at| *at != a && *at != b);
        open.push(joined);
    }
    open.first().copied().ok_or_else(|| "nothing to join".to_owned())
}

fn best_pair(
    root: &mut Root<'_>,
    open: &[usize],
    by_clause: bool,
) -> Option<(usize, usize, usize)> {
    let mut best: Option<(f64, (usize, usize, usize))> = None;
    for (position, a) in open.iter().enumerate() {
        for b in open.get(position + 1..).unwrap_or(&[]) {
            let is_related =
                have_relevant_clause(root, *a, *b) || have_order_restriction(root, *a, *b, open);
            if by_clause && !is_related {
                continue;
            }
            let both = relids(root, *a) | relids(root, *b);
            let joined = match root.join_rels.get(&both) {
                Some(known) => Some(*known),
                None => {
                    let made = make_join_rel(root, *a, *b);
                    if let Some(at) = made {
                        finish_rel(root, at);
                    }
                    made
                }
            };
            let Some(joined) = joined else { continue };
            let Some(rel) = root.rels.get(joined) else { continue };
            let Some(path) = &rel.cheapest_total else { continue };
            // Few rows first, then little work: rows decide what later joins cost.
            let score = path.total + rel.rows;
            if best.as_ref().is_none_or(|(known, _)| score < *known) {
                best = Some((score, (*a, *b, joined)));
            }
        }
    }
    best.map(|(_, pick)| pick)
}
