//! Orders of rows (PostgreSQL's `pathkeys.c`): a list of keys, each a class of equal expressions with a
//! direction. A key is canonical: two equal orders are equal lists.

use std::rc::Rc;

use super::class::{canonical, class_for_sort_expr, update_classes};
use super::clause::Clause;
use super::implied::is_useful_for_merging;
use super::path::JoinType;
use super::root::Root;
use crate::read::settings::Switch;
use crate::sql::expr::Expr;
use crate::sql::query::SortKey;
use crate::sql::relids::{Relids, is_subset, overlaps};

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathKey {
    /// Position in `Root::classes`, of a class that is not merged into another.
    pub class: usize,
    /// Descending.
    pub desc: bool,
    /// NULLs come first.
    pub nulls_first: bool,
}

/// An order, shared by all paths that keep it. Keys of constant classes and repeated keys are left out.
pub type PathKeys = Rc<[PathKey]>;

/// How two orders compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderComparison {
    /// The same.
    Equal,
    /// The first begins with the second and goes on.
    Better1,
    /// The second begins with the first and goes on.
    Better2,
    /// Neither.
    Different,
}

/// `compare_pathkeys`
pub fn compare_pathkeys(a: &[PathKey], b: &[PathKey]) -> OrderComparison {
    if a.iter().zip(b).any(|(x, y)| x != y) {
        return OrderComparison::Different;
    }
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => OrderComparison::Equal,
        std::cmp::Ordering::Greater => OrderComparison::Better1,
        std::cmp::Ordering::Less => OrderComparison::Better2,
    }
}

/// `pathkeys_contained_in`: does an order `have` satisfy `wanted`?
pub fn is_contained_in(wanted: &[PathKey], have: &[PathKey]) -> bool {
    have.starts_with(wanted)
}

/// `pathkeys_count_contained_in`: how many leading keys of `wanted` does `have` satisfy?
pub fn n_common(wanted: &[PathKey], have: &[PathKey]) -> usize {
    wanted.iter().zip(have).take_while(|(a, b)| a == b).count()
}

/// How many leading keys a sort can make use of: all, or some where sorting within equal leading keys is
/// not switched off.
pub fn n_presorted(root: &Root<'_>, wanted: &[PathKey], have: &[PathKey]) -> usize {
    match n_common(wanted, have) {
        n if n < wanted.len() && root.settings().is_off(Switch::IncrementalSort) => 0,
        n => n,
    }
}

/// `pathkey_is_redundant`: a constant orders nothing, nor does a class that already has.
pub fn is_redundant(root: &Root<'_>, key: &PathKey, before: &[PathKey]) -> bool {
    let is_constant = root
        .classes
        .get(key.class)
        .is_some_and(|class| class.has_const && !class.is_below_outer_join);
    is_constant || before.iter().any(|known| known.class == key.class)
}

/// Does the key say NULLS FIRST, or go without saying?
pub fn nulls_first(key: &SortKey) -> bool {
    key.nulls_first.unwrap_or(key.desc)
}

/// `make_pathkeys_for_sortclauses`: an ORDER BY as an order.
pub fn pathkeys_of_sort(root: &mut Root<'_>, keys: &[SortKey]) -> PathKeys {
    let mut out: Vec<PathKey> = Vec::with_capacity(keys.len());
    for key in keys {
        let nullable = root.nullable_baserels;
        let expr = Rc::new(key.expr.clone());
        let Some(class) = class_for_sort_expr(root, &expr, nullable, true) else { continue };
        let key = PathKey {
            class: canonical(root, class),
            desc: key.desc,
            nulls_first: nulls_first(key),
        };
        if !is_redundant(root, &key, &out) {
            out.push(key);
        }
    }
    out.into()
}

/// `build_index_pathkeys`, cut to what the query can use (`truncate_useless_pathkeys`).
pub fn index_pathkeys(
    root: &mut Root<'_>,
    relation: usize,
    index: usize,
    backward: bool,
) -> PathKeys {
    let Some(info) = root.base(relation).and_then(|base| base.indexes.get(index)) else {
        return Rc::default();
    };
    let keys = info.order.clone();
    let mut out: Vec<PathKey> = Vec::with_capacity(keys.len());
    for key in &keys {
        let Some(class) = class_for_sort_expr(root, &key.expr, 0, false) else {
            if is_fixed_boolean(root, relation, &key.expr) {
                continue;
            }
            break;
        };
        let key =
            PathKey { class, desc: key.desc != backward, nulls_first: key.nulls_first != backward };
        if !is_redundant(root, &key, &out) {
            out.push(key);
        }
    }
    let relids = crate::sql::relids::bit(relation);
    truncate_useless(root, relids, &out)
}

/// `indexcol_is_bool_constant_for_query`: `x` or `NOT x` fixes a boolean key.
fn is_fixed_boolean(root: &Root<'_>, relation: usize, expr: &Expr) -> bool {
    root.base(relation).is_some_and(|base| {
        base.restrictions.iter().any(|clause| match &clause.expr {
            Expr::Not(inner) => **inner == *expr,
            Expr::IsTruth { expr: inner, truth: Some(_), negated: false } => **inner == *expr,
            other => other == expr,
        })
    })
}

/// `has_useful_pathkeys`: could any order of this relation's rows be of use?
pub fn has_useful_pathkeys(root: &Root<'_>, relation: usize) -> bool {
    root.rels.get(relation).is_some_and(|rel| {
        rel.has_class_joins || !rel.join_clauses.is_empty() || !root.query_pathkeys.is_empty()
    })
}

/// `truncate_useless_pathkeys`: the part of an order that a merge join or the query can use.
pub fn truncate_useless(root: &Root<'_>, relids: Relids, keys: &[PathKey]) -> PathKeys {
    let relids = root.top_parents(relids);
    let useful = useful_for_merging(root, relids, keys).max(n_common(&root.query_pathkeys, keys));
    keys.get(..useful).unwrap_or(keys).into()
}

/// `pathkeys_useful_for_merging`
fn useful_for_merging(root: &Root<'_>, relids: Relids, keys: &[PathKey]) -> usize {
    let is_useful = |key: &&PathKey| {
        has_merge_direction(root, key)
            && (root
                .classes
                .get(key.class)
                .is_some_and(|class| is_useful_for_merging(class, relids))
                || joins_by(root, relids, key.class))
    };
    keys.iter().take_while(is_useful).count()
}

/// Has a join clause of the relation, outside of the classes' own, this class on one side?
fn joins_by(root: &Root<'_>, relids: Relids, class: usize) -> bool {
    let first = crate::sql::relids::members(relids).next().unwrap_or(0);
    let at = root.join_rels.get(&relids).copied().unwrap_or(first);
    root.rels.get(at).is_some_and(|rel| {
        rel.join_clauses.iter().any(|clause| {
            let side = |side: Option<usize>| side.map(|class| canonical(root, class));
            clause.is_mergejoinable
                && (side(clause.left_class.get()) == Some(class)
                    || side(clause.right_class.get()) == Some(class))
        })
    })
}

/// `right_merge_direction`: the direction the query asks for, else ascending.
fn has_merge_direction(root: &Root<'_>, key: &PathKey) -> bool {
    let asked = root.query_pathkeys.iter().find(|asked| asked.class == key.class);
    asked.map_or(!key.desc, |asked| asked.desc == key.desc)
}

/// `build_join_pathkeys`: a join keeps the order of its outer side, unless it adds rows of NULLs to it.
pub fn join_pathkeys(
    root: &Root<'_>,
    relids: Relids,
    jointype: JoinType,
    outer: &PathKeys,
) -> PathKeys {
    if outer.is_empty() || matches!(jointype, JoinType::Full | JoinType::Right) {
        return Rc::default();
    }
    let kept = truncate_useless(root, relids, outer);
    if kept.len() == outer.len() { outer.clone() } else { kept }
}

/// The classes of a clause's sides, outer side first, for a join with these outer relations.
pub fn side_classes(
    root: &Root<'_>,
    clause: &Clause,
    outer_relids: Relids,
) -> Option<(usize, usize)> {
    update_classes(root, clause);
    let sides = clause.compare.as_ref()?;
    let (left, right) = (clause.left_class.get()?, clause.right_class.get()?);
    if is_subset(sides.left_relids, outer_relids) {
        Some((left, right))
    } else {
        Some((right, left))
    }
}

/// `find_mergeclauses_for_outer_pathkeys`: the clauses that an outer side in this order can merge by.
pub fn mergeclauses_for_order(
    root: &Root<'_>,
    keys: &[PathKey],
    clauses: &[Rc<Clause>],
    outer_relids: Relids,
) -> Vec<Rc<Clause>> {
    let mut out = Vec::new();
    for key in keys {
        let before = out.len();
        for clause in clauses {
            let outer = side_classes(root, clause, outer_relids).map(|(outer, _)| outer);
            if outer == Some(key.class) {
                out.push(clause.clone());
            }
        }
        if out.len() == before {
            break;
        }
    }
    out
}

/// `select_outer_pathkeys_for_merge`: the query's own order if the clauses cover it, then the classes
/// that most other relations still have to be joined by.
pub fn outer_pathkeys_for_merge(
    root: &Root<'_>,
    clauses: &[Rc<Clause>],
    join_relids: Relids,
    outer_relids: Relids,
) -> Vec<PathKey> {
    let mut classes: Vec<(usize, i64)> = Vec::new();
    for clause in clauses {
        let Some((outer, _)) = side_classes(root, clause, outer_relids) else { continue };
        if classes.iter().any(|(known, _)| *known == outer) {
            continue;
        }
        let score = root.classes.get(outer).map_or(0, |class| {
            let open = class.members.iter().filter(|m| !m.is_const && !m.is_child);
            open.filter(|m| !overlaps(m.relids, join_relids)).count()
        });
        classes.push((outer, i64::try_from(score).unwrap_or(i64::MAX)));
    }
    let mut keys = Vec::new();
    let covers = |key: &PathKey| classes.iter().any(|(class, _)| *class == key.class);
    if !root.query_pathkeys.is_empty() && root.query_pathkeys.iter().all(covers) {
        keys.extend_from_slice(&root.query_pathkeys);
        for (class, score) in &mut classes {
            if keys.iter().any(|key: &PathKey| key.class == *class) {
                *score = -1;
            }
        }
    }
    loop {
        let mut best: Option<(usize, i64)> = None;
        for (at, (_, score)) in classes.iter().enumerate() {
            if best.is_none_or(|(_, known)| *score > known) {
                best = Some((at, *score));
            }
        }
        let Some((at, score)) = best else { break };
        if score < 0 {
            break;
        }
        if let Some((class, score)) = classes.get_mut(at) {
            keys.push(PathKey { class: *class, desc: false, nulls_first: false });
            *score = -1;
        }
    }
    keys
}

/// `make_inner_pathkeys_for_merge`
pub fn inner_pathkeys_for_merge(
    root: &Root<'_>,
    clauses: &[Rc<Clause>],
    outer: &[PathKey],
    outer_relids: Relids,
) -> Vec<PathKey> {
    let mut keys: Vec<PathKey> = Vec::new();
    let mut rest = outer.iter();
    let mut current: Option<&PathKey> = None;
    for clause in clauses {
        let Some((outer_class, inner_class)) = side_classes(root, clause, outer_relids) else {
            continue;
        };
        if current.is_none_or(|key| key.class != outer_class) {
            current = rest.next();
        }
        let Some(key) = current else { break };
        let key = PathKey { class: inner_class, ..*key };
        if !is_redundant(root, &key, &keys) {
            keys.push(key);
        }
    }
    keys
}

/// `trim_mergeclauses_for_inner_pathkeys`: the clauses that a shorter inner order still supports.
pub fn trim_mergeclauses(
    root: &Root<'_>,
    clauses: &[Rc<Clause>],
    inner: &[PathKey],
    outer_relids: Relids,
) -> Vec<Rc<Clause>> {
    let mut out = Vec::new();
    let mut rest = inner.iter();
    let Some(mut key) = rest.next() else { return out };
    let mut is_matched = false;
    for clause in clauses {
        let Some((_, class)) = side_classes(root, clause, outer_relids) else { break };
        if class != key.class {
            if !is_matched {
                break;
            }
            let Some(next) = rest.next() else { break };
            key = next;
        }
        if class != key.class {
            break;
        }
        out.push(clause.clone());
        is_matched = true;
    }
    out
}

/// `convert_subquery_pathkeys`: the order of a subquery's rows as the query around it sees it. `column`
/// gives the output columns that are this expression of the subquery.
pub fn subquery_pathkeys(
    root: &mut Root<'_>,
    sub: &Root<'_>,
    keys: &[PathKey],
    column: &dyn Fn(&Expr) -> Vec<Rc<Expr>>,
) -> PathKeys {
    let mut out: Vec<PathKey> = Vec::new();
    for key in keys {
        let Some(class) = sub.classes.get(key.class) else { break };
        let mut best: Option<(usize, PathKey)> = None;
        for member in &class.members {
            for outer in column(&member.expr) {
                let Some(at) = class_for_sort_expr(root, &outer, 0, false) else { continue };
                let found = PathKey { class: at, ..*key };
                let n = root.classes.get(at).map_or(0, |class| class.members.len());
                let is_wanted = root.query_pathkeys.get(out.len()) == Some(&found);
                let score = n + usize::from(is_wanted);
                if best.is_none_or(|(known, _)| score > known) {
                    best = Some((score, found));
                }
            }
        }
        let Some((_, found)) = best else { break };
        if !is_redundant(root, &found, &out) {
            out.push(found);
        }
    }
    out.into()
}
