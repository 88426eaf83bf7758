//! What parameterised paths return (PostgreSQL's `ParamPathInfo` in `relnode.c`), and which join clauses
//! may move into them (`restrictinfo.c`).

use std::rc::Rc;

use super::clause::{Clause, Clauses};
use super::estimates::clauselist_selectivity;
use super::implied::{join_implied_equalities, join_implied_equalities_for};
use super::path::{JoinType, Path};
use super::relation::{ParamInfo, clamp_row_est};
use super::root::{Root, SpecialJoin};
use super::sizes::join_size;
use crate::sql::relids::{Relids, bit, is_subset, overlaps};

/// `join_clause_is_movable_to`: may the clause be checked at the scan of this relation?
pub fn is_movable_to(clause: &Clause, relation: usize) -> bool {
    let own = bit(relation);
    overlaps(clause.relids, own)
        && !overlaps(clause.outer_relids, own)
        && !overlaps(clause.nullable, own)
}

/// `join_clause_is_movable_into`: may it be checked at the join of these relations, with the current
/// rows of the others?
pub fn is_movable_into(clause: &Clause, current: Relids, current_and_outer: Relids) -> bool {
    is_subset(clause.relids, current_and_outer)
        && overlaps(current, clause.relids)
        && !overlaps(current, clause.outer_relids)
        && !overlaps(current, clause.nullable)
}

fn known(params: &[Rc<ParamInfo>], required_outer: Relids) -> Option<Rc<ParamInfo>> {
    params.iter().find(|param| param.required_outer == required_outer).cloned()
}

/// `get_baserel_parampathinfo`: the clauses a path to a base relation can check with the current rows
/// of these relations, and the rows it then returns; `None` when it needs none.
pub fn baserel_param_info(
    root: &mut Root<'_>,
    relation: usize,
    required_outer: Relids,
) -> Option<Rc<ParamInfo>> {
    if required_outer == 0 {
        return None;
    }
    let rel = root.rels.get(relation)?;
    if let Some(param) = known(&rel.params, required_outer) {
        return Some(param);
    }
    let own = bit(relation);
    let both = own | required_outer;
    let movable = |clause: &&Rc<Clause>| is_movable_into(clause, own, both);
    let mut clauses: Clauses = rel.join_clauses.iter().filter(movable).cloned().collect();
    let implied = join_implied_equalities(root, both, required_outer, own);
    clauses.extend(implied.iter().filter(movable).cloned());
    let rows = parameterized_rows(root, relation, &clauses);
    let param = Rc::new(ParamInfo { required_outer, rows, clauses });
    root.rels.get_mut(relation)?.params.push(param.clone());
    Some(param)
}

/// `get_parameterized_baserel_size`
fn parameterized_rows(root: &Root<'_>, relation: usize, clauses: &[Rc<Clause>]) -> f64 {
    let Some(rel) = root.rels.get(relation) else { return 1.0 };
    let Some(base) = rel.base.as_ref() else { return 1.0 };
    let all: Clauses = clauses.iter().chain(&base.restrictions).cloned().collect();
    let kept = clauselist_selectivity(root, &all, Some(relation), JoinType::Inner, None);
    clamp_row_est(base.tuples * kept).min(rel.rows)
}

/// `get_joinrel_parampathinfo`: the same for a join of two paths. Adds the clauses that the inputs
/// could not check to `clauses`.
pub fn joinrel_param_info(
    root: &mut Root<'_>,
    join: usize,
    (outer, inner): (&Path, &Path),
    special: &SpecialJoin,
    required_outer: Relids,
    clauses: &mut Clauses,
) -> Option<Rc<ParamInfo>> {
    if required_outer == 0 {
        return None;
    }
    let own = root.rels.get(join)?.relids;
    let all = own | required_outer;
    let reach = |path: &Path| match path.param {
        Some(_) => path.relids | path.required_outer(),
        None => 0,
    };
    let (outer_reach, inner_reach) = (reach(outer), reach(inner));
    let in_outer = |clause: &Clause| is_movable_into(clause, outer.relids, outer_reach);
    let in_inner = |clause: &Clause| is_movable_into(clause, inner.relids, inner_reach);
    let mut added: Clauses = root
        .rels
        .get(join)?
        .join_clauses
        .iter()
        .filter(|clause| {
            is_movable_into(clause, own, all) && !in_outer(clause) && !in_inner(clause)
        })
        .cloned()
        .collect();
    let mut dropped = Vec::new();
    for clause in join_implied_equalities(root, all, required_outer, own) {
        if in_outer(&clause) {
            continue;
        }
        if in_inner(&clause) {
            dropped.extend(clause.left_class.get());
            continue;
        }
        added.push(clause);
    }
    if !dropped.is_empty() {
        let real = outer.relids | required_outer;
        let again = join_implied_equalities_for(root, &dropped, real, required_outer, outer.relids);
        added.extend(again.into_iter().filter(|clause| !in_outer(clause)));
    }
    added.append(clauses);
    *clauses = added;
    if let Some(param) = known(&root.rels.get(join)?.params, required_outer) {
        return Some(param);
    }
    let sides = (outer.relids, inner.relids);
    let rows = join_size(root, own, sides, (outer.rows, inner.rows), special, clauses);
    let rows = rows.min(root.rels.get(join)?.rows);
    let param = Rc::new(ParamInfo { required_outer, rows, clauses: Vec::new() });
    root.rels.get_mut(join)?.params.push(param.clone());
    Some(param)
}
