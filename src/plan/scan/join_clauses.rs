//! Index paths that depend on other relations' current rows (`consider_index_join_clauses` in
//! `indxpath.c`): for each set of relations whose join clauses the index answers, within limits that
//! keep the number of sets small.

use std::rc::Rc;

use super::candidate::Candidate;
use super::clause_set::ClauseSet;
use super::index_paths::get_index_paths;
use crate::plan::path::{BitmapQual, IndexClause};
use crate::plan::root::Root;
use crate::sql::relids::{Relids, is_subset};

/// The clauses of an index: its relation's own, join clauses, and those of classes.
pub struct Sets {
    /// Restrictions.
    pub own: ClauseSet,
    /// Join clauses.
    pub joins: ClauseSet,
    /// Equalities of classes.
    pub classes: ClauseSet,
}

/// What has been considered so far.
struct Considered {
    clauses: usize,
    relids: Vec<Relids>,
}

/// Adds the paths; collects what bitmaps can be made of.
pub fn consider_join_clauses(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    sets: &Sets,
    bitmaps: &mut Vec<Rc<BitmapQual>>,
) {
    let mut considered = Considered { clauses: 0, relids: Vec::new() };
    for (joins, classes) in sets.joins.keys.iter().zip(&sets.classes.keys) {
        for list in [joins, classes] {
            considered.clauses += list.len();
            consider_outer_rels(root, candidate, sets, list, &mut considered, bitmaps);
        }
    }
}

/// `consider_index_join_outer_rels`
fn consider_outer_rels(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    sets: &Sets,
    list: &[IndexClause],
    considered: &mut Considered,
    bitmaps: &mut Vec<Rc<BitmapQual>>,
) {
    for clause in list {
        let relids = clause.clause.relids;
        if considered.relids.contains(&relids) {
            continue;
        }
        for known in considered.relids.clone() {
            if is_subset(relids, known) || is_subset(known, relids) {
                continue;
            }
            if is_class_used(clause, known, list) {
                continue;
            }
            if considered.relids.len() >= 10 * considered.clauses {
                break;
            }
            add_paths(root, candidate, sets, relids | known, considered, bitmaps);
        }
        add_paths(root, candidate, sets, relids, considered, bitmaps);
    }
}

/// `eclass_already_used`: the other relations have a clause of the same class already.
fn is_class_used(clause: &IndexClause, known: Relids, list: &[IndexClause]) -> bool {
    let class = clause.clause.parent_class;
    class.is_some()
        && list.iter().any(|other| {
            other.clause.parent_class == class && is_subset(other.clause.relids, known)
        })
}

/// `get_join_index_paths`: all join clauses of these relations, and one clause a key of classes.
fn add_paths(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    sets: &Sets,
    relids: Relids,
    considered: &mut Considered,
    bitmaps: &mut Vec<Rc<BitmapQual>>,
) {
    if considered.relids.contains(&relids) {
        return;
    }
    let fits = |clause: &&IndexClause| is_subset(clause.clause.relids, relids);
    let mut all = ClauseSet::new(candidate);
    let lists = sets.joins.keys.iter().zip(&sets.classes.keys).zip(&sets.own.keys);
    for (list, ((joins, classes), own)) in all.keys.iter_mut().zip(lists) {
        list.extend(joins.iter().filter(fits).cloned());
        list.extend(classes.iter().find(fits).cloned());
        list.extend(own.iter().cloned());
    }
    get_index_paths(root, candidate, &all, bitmaps);
    considered.relids.push(relids);
}
