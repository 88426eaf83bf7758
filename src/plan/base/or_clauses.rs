//! `(a.x = 1 AND b.y = 2) OR (a.x = 3 AND b.y = 4)` also restricts `a` and `b` each on its own
//! (`extract_restriction_or_clauses` in `orclauses.c`). What the new restriction keeps is taken out of
//! the join clause's selectivity, so that it does not count twice.

use std::rc::Rc;

use crate::plan::clause::{Clause, ClauseFacts, make_clause};
use crate::plan::estimates::clause_selectivity;
use crate::plan::join::attempt::plain_join;
use crate::plan::params::is_movable_to;
use crate::plan::path::JoinType;
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::functions::has_volatile;
use crate::sql::relids::{bit, members};
use crate::sql::{and_all, or_all};

/// A restriction that keeps more than this is not worth checking.
const MOST_KEPT: f64 = 0.9;

/// Adds the restrictions that OR join clauses imply.
pub fn extract_or_clauses(root: &mut Root<'_>) {
    for relation in members(root.all_baserels) {
        let clauses = root.rels.get(relation).map(|rel| rel.join_clauses.clone());
        for clause in clauses.unwrap_or_default() {
            if clause.is_or()
                && is_movable_to(&clause, relation)
                && clause.norm_selectivity.get().is_none_or(|known| known <= 1.0)
                && let Some(expr) = restriction_of(&clause, relation)
            {
                add(root, relation, &clause, expr);
            }
        }
    }
}

/// The part of every arm that reads only this relation; `None` if an arm has none.
fn restriction_of(clause: &Clause, relation: usize) -> Option<Expr> {
    let own = bit(relation);
    let mut arms = Vec::with_capacity(clause.arms.len());
    for arm in &clause.arms {
        let parts: Vec<Expr> = arm
            .iter()
            .filter(|part| part.relids == own && !has_volatile(&part.expr))
            .map(|part| part.expr.clone())
            .collect();
        if parts.is_empty() {
            return None;
        }
        arms.push(and_all(parts));
    }
    Some(or_all(arms))
}

fn add(root: &mut Root<'_>, relation: usize, join_clause: &Rc<Clause>, expr: Expr) {
    let own = bit(relation);
    let facts = ClauseFacts { is_pushed_down: true, required: own, ..ClauseFacts::default() };
    let clause = make_clause(root, expr, facts);
    let kept = clause_selectivity(root, &clause, None, JoinType::Inner, None);
    if kept > MOST_KEPT {
        return;
    }
    if let Some(base) = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut()) {
        base.restrictions.push(clause);
    }
    if kept > 0.0 {
        let plain = plain_join(join_clause.relids & !own, own);
        let joined = clause_selectivity(root, join_clause, None, JoinType::Inner, Some(&plain));
        join_clause.norm_selectivity.set(Some((joined / kept).min(1.0)));
    }
}
