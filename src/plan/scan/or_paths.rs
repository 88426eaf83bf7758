//! ORs answered by several indexes, or several searches of one (`generate_bitmap_or_paths` and
//! `build_paths_for_OR` in `indxpath.c`). Each arm is searched with the other conditions too.

use std::rc::Rc;

use super::bitmap_and::choose_bitmap_and;
use super::bitmap_heap::or_bitmap;
use super::candidate::Candidate;
use super::clause_set::ClauseSet;
use super::index_paths::bitmap_index_paths;
use super::infos::implied;
use crate::plan::clause::{Clause, Clauses};
use crate::plan::path::BitmapQual;
use crate::plan::root::Root;
use crate::sql::expr::Expr;

/// A bitmap for each OR among `clauses` whose every arm an index answers.
pub fn or_paths(
    root: &mut Root<'_>,
    candidates: &[Candidate<'_>],
    clauses: &[Rc<Clause>],
    others: &[Rc<Clause>],
) -> Vec<Rc<BitmapQual>> {
    let Some(relation) = candidates.first().map(|candidate| candidate.relation) else {
        return Vec::new();
    };
    let all: Clauses = clauses.iter().chain(others).cloned().collect();
    let mut out = Vec::new();
    for clause in clauses.iter().filter(|clause| clause.is_or()) {
        let mut parts = Vec::new();
        for arm in &clause.arms {
            let mut found = paths_for_arm(root, candidates, arm, &all);
            // An arm of one condition is no OR of its own.
            if arm.len() > 1 {
                found.extend(or_paths(root, candidates, arm, &all));
            }
            match choose_bitmap_and(root, relation, &found) {
                Some(best) => parts.push(best),
                None => break,
            }
        }
        if !parts.is_empty() && parts.len() == clause.arms.len() {
            out.push(Rc::new(or_bitmap(root, parts)));
        }
    }
    out
}

/// `build_paths_for_OR`: searches that at least one condition of the arm makes useful.
fn paths_for_arm(
    root: &mut Root<'_>,
    candidates: &[Candidate<'_>],
    arm: &[Rc<Clause>],
    others: &[Rc<Clause>],
) -> Vec<Rc<BitmapQual>> {
    let mut out = Vec::new();
    for candidate in candidates.iter().filter(|candidate| candidate.abilities.has_bitmap) {
        let Some(useful) = useful_predicate(root, candidate, arm, others) else { continue };
        let mut set = ClauseSet::new(candidate);
        set.add_all(root, candidate, arm);
        if set.is_empty() && !useful {
            continue;
        }
        set.add_all(root, candidate, others);
        out.extend(bitmap_index_paths(root, candidate, &set, useful));
    }
    out
}

/// Does the arm make the predicate of a partial index hold? `None`: it does not hold.
fn useful_predicate(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    arm: &[Rc<Clause>],
    others: &[Rc<Clause>],
) -> Option<bool> {
    let info = root.base(candidate.relation)?.indexes.get(candidate.at)?;
    if info.predicate.is_empty() || info.predicate_ok {
        return Some(false);
    }
    let exprs = |list: &[Rc<Clause>]| list.iter().map(|clause| clause.expr.clone()).collect();
    let others: Vec<Expr> = exprs(others);
    let mut all: Vec<Expr> = exprs(arm);
    all.extend(others.iter().cloned());
    implied(&all, &info.predicate).then(|| !implied(&others, &info.predicate))
}
