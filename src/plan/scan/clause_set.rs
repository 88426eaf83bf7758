//! The clauses that an index answers, by key (`IndexClauseSet` and `match_*_clauses_to_index` in
//! `indxpath.c`).

use std::rc::Rc;

use super::candidate::{Candidate, Key};
use super::matching::match_clause;
use crate::plan::class::{Class, Member};
use crate::plan::clause::{Clause, Clauses};
use crate::plan::implied::implied_equalities_for_column;
use crate::plan::params::is_movable_to;
use crate::plan::path::IndexClause;
use crate::plan::root::Root;
use crate::sql::relids::{Relids, bit, overlaps};

/// Clauses by key.
#[derive(Debug, Clone, Default)]
pub struct ClauseSet {
    /// One list a key.
    pub keys: Vec<Vec<IndexClause>>,
}

impl ClauseSet {
    /// Without clauses.
    pub fn new(candidate: &Candidate<'_>) -> ClauseSet {
        ClauseSet { keys: vec![Vec::new(); candidate.keys.len()] }
    }

    /// Has it none?
    pub fn is_empty(&self) -> bool {
        self.keys.iter().all(Vec::is_empty)
    }

    /// `match_clauses_to_index`
    pub fn add_all(
        &mut self,
        root: &mut Root<'_>,
        candidate: &Candidate<'_>,
        clauses: &[Rc<Clause>],
    ) {
        for clause in clauses {
            self.add(root, candidate, clause);
        }
    }

    /// `match_clause_to_index`: adds a clause to the first key that answers it.
    fn add(&mut self, root: &mut Root<'_>, candidate: &Candidate<'_>, clause: &Rc<Clause>) {
        if clause.is_pseudoconstant {
            return;
        }
        for (at, list) in self.keys.iter_mut().enumerate() {
            if list.iter().any(|known| Rc::ptr_eq(&known.clause, clause)) {
                return;
            }
            if let Some(found) = match_clause(root, candidate, at, clause) {
                list.push(found);
                return;
            }
        }
    }

    /// All clauses, by key.
    pub fn iter(&self) -> impl Iterator<Item = &IndexClause> {
        self.keys.iter().flatten()
    }
}

/// `match_join_clauses_to_index`: also collects the ORs among the join clauses, once.
pub fn match_join_clauses(
    root: &mut Root<'_>,
    candidate: &Candidate<'_>,
    or_clauses: &mut Clauses,
) -> ClauseSet {
    let mut out = ClauseSet::new(candidate);
    let joins = root.rels.get(candidate.relation).map_or(Vec::new(), |r| r.join_clauses.clone());
    for clause in joins.iter().filter(|clause| is_movable_to(clause, candidate.relation)) {
        if !clause.is_or() {
            out.add(root, candidate, clause);
        } else if !crate::plan::clause::contains(or_clauses, clause) {
            or_clauses.push(clause.clone());
        }
    }
    out
}

/// `match_eclass_clauses_to_index`
pub fn match_class_clauses(root: &mut Root<'_>, candidate: &Candidate<'_>) -> ClauseSet {
    let mut out = ClauseSet::new(candidate);
    let relation = candidate.relation;
    if !root.rels.get(relation).is_some_and(|rel| rel.has_class_joins) {
        return out;
    }
    let prohibited = lateral_referencers(root, relation);
    for key in &candidate.keys {
        let matches = |class: &Class, member: &Member| is_member(candidate, key, class, member);
        let clauses = implied_equalities_for_column(root, relation, &matches, prohibited);
        out.add_all(root, candidate, &clauses);
    }
    out
}

/// `ec_member_matches_indexcol`
fn is_member(candidate: &Candidate<'_>, key: &Key<'_>, _class: &Class, member: &Member) -> bool {
    candidate.is_key(key, &member.expr) && candidate.collation_fits(key, &member.expr, &member.expr)
}

/// Relations that refer to this one laterally.
pub(super) fn lateral_referencers(root: &Root<'_>, relation: usize) -> Relids {
    let refers = |at: &usize| {
        root.rels.get(*at).is_some_and(|rel| overlaps(rel.lateral_relids, bit(relation)))
    };
    (0..root.query.relations.len()).filter(refers).fold(0, |set, at| set | bit(at))
}
