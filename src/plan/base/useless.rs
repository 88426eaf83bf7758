//! Outer joins that change nothing (`remove_useless_joins` in `analyzejoins.c`): a LEFT JOIN to a
//! relation that has at most one matching row and of which nothing is read.

use crate::plan::clause::Clauses;
use crate::plan::implied::join_implied_equalities;
use crate::plan::join::unique::{is_inner_unique, sides_match};
use crate::plan::path::JoinType;
use crate::plan::prepare::distribute::JoinItem;
use crate::plan::root::{Root, SpecialJoin};
use crate::plan::sizes::is_pushed_down;
use crate::sql::relids::{bit, is_subset, overlaps, single};

/// Removes them from the query's relations.
pub fn remove_useless_joins(root: &mut Root<'_>) {
    let mut at = 0;
    while let Some(special) = root.special_joins.get(at).cloned() {
        match removable(root, &special) {
            Some(relation) => {
                root.special_joins.remove(at);
                remove(root, relation);
                at = 0;
            }
            None => at += 1,
        }
    }
}

fn removable(root: &mut Root<'_>, special: &SpecialJoin) -> Option<usize> {
    if special.jointype != JoinType::Left {
        return None;
    }
    let relation = single(special.min_right)?;
    let inner = bit(relation);
    let joined = special.min_left | inner;
    let is_written = relation == 0 && root.query.command != crate::sql::query::Command::Select;
    let rel = root.rels.get(relation)?;
    let base = rel.base.as_ref()?;
    let is_read = base.attr_needed.values().any(|needed| needed & !joined != 0);
    let is_referred_to = root.rels.iter().any(|other| overlaps(other.lateral_relids, inner));
    if is_written || is_read || is_referred_to || base.indexes.is_empty() {
        return None;
    }
    let mut own: Clauses = Vec::new();
    for clause in &rel.join_clauses {
        if is_pushed_down(clause, joined) {
            if overlaps(clause.relids, inner) {
                return None;
            }
            continue;
        }
        if clause.can_join
            && clause.is_mergejoinable
            && sides_match(clause, special.min_left, inner)
        {
            own.push(clause.clone());
        }
    }
    let outer = special.min_left;
    let is_unique = is_inner_unique(root, joined, outer, relation, JoinType::Left, &own);
    is_unique.then_some(relation)
}

fn remove(root: &mut Root<'_>, relation: usize) {
    let gone = bit(relation);
    root.all_baserels &= !gone;
    root.total_table_pages -= root.base(relation).map_or(0.0, |base| base.pages);
    for special in &mut root.special_joins {
        special.min_left &= !gone;
        special.min_right &= !gone;
        special.syn_left &= !gone;
        special.syn_right &= !gone;
    }
    for rel in &mut root.rels {
        rel.join_clauses.retain(|clause| !overlaps(clause.required, gone));
        if let Some(base) = rel.base.as_mut() {
            base.attr_needed.values_mut().for_each(|needed| *needed &= !gone);
            base.attr_needed.retain(|_, needed| *needed != 0);
        }
    }
    for class in &mut root.classes {
        if overlaps(class.relids, gone) {
            class.members.retain(|member| !overlaps(member.relids, gone));
            class.relids &= !gone;
        }
    }
    let rel = root.rels.get_mut(relation);
    if let Some(rel) = rel {
        rel.base = None;
    }
}

/// `reduce_unique_semijoins`: a semi join to a relation that has at most one matching row is an inner join.
pub fn reduce_unique_semi_joins(root: &mut Root<'_>) {
    let specials = std::mem::take(&mut root.special_joins);
    let mut is_needed = |special: &SpecialJoin| {
        let (JoinType::Semi, Some(relation)) = (special.jointype, single(special.min_right)) else {
            return true;
        };
        let (outer, inner) = (special.min_left, special.min_right);
        let mut clauses = join_implied_equalities(root, outer | inner, outer, inner);
        clauses.extend(root.rels.get(relation).into_iter().flat_map(|r| r.join_clauses.clone()));
        !is_inner_unique(root, outer | inner, outer, relation, JoinType::Semi, &clauses)
    };
    let kept: Vec<SpecialJoin> =
        specials.into_iter().filter(|special| is_needed(special)).collect();
    root.special_joins = kept;
}

/// The join list without the relations that were removed.
pub fn without_removed(root: &Root<'_>, items: Vec<JoinItem>) -> Vec<JoinItem> {
    let keep = |item: JoinItem| match item {
        JoinItem::Relation(relation) => {
            is_subset(bit(relation), root.all_baserels).then_some(JoinItem::Relation(relation))
        }
        JoinItem::List(list) => {
            let list = without_removed(root, list);
            (!list.is_empty()).then_some(JoinItem::List(list))
        }
    };
    items.into_iter().filter_map(keep).collect()
}
