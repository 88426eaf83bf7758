//! Rows by their distance from a value: `ORDER BY place <-> point '(1,2)'` on a GiST or SP-GiST index
//! (`match_pathkeys_to_index` in `indxpath.c`).

use super::candidate::{Candidate, Key};
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::query::SortKey;
use crate::sql::relids::bit;

/// The distances that the index sorts by, if they are all of the order the query would like.
pub fn distances(root: &Root<'_>, candidate: &Candidate<'_>) -> Vec<SortKey> {
    let mut out = Vec::new();
    if !candidate.abilities.orders_by_distance {
        return out;
    }
    for pathkey in root.query_pathkeys.iter() {
        let Some(class) = root.classes.get(pathkey.class) else { return Vec::new() };
        if pathkey.desc || pathkey.nulls_first || class.has_volatile {
            return Vec::new();
        }
        let own = class.members.iter().filter(|m| m.relids == bit(candidate.relation));
        let found = own.map(|member| &*member.expr).find(|expr| is_distance(candidate, expr));
        let Some(expr) = found else { return Vec::new() };
        out.push(SortKey { expr: expr.clone(), desc: false, nulls_first: None });
    }
    out
}

/// `match_clause_to_ordering_op`: an operator that measures how far the key is from a value.
fn is_distance(candidate: &Candidate<'_>, expr: &Expr) -> bool {
    let Expr::Operator { op, left: Some(left), right } = expr else { return false };
    let is_known = matches!(op.as_str(), "<->" | "<#>" | "<=>" | "<+>" | "<<->" | "<->>" | "<<<->");
    let is_from = |key: &Key<'_>, operand: &Expr, value: &Expr| {
        candidate.is_key(key, operand) && value.is_constant_here()
    };
    is_known
        && candidate.keys.iter().any(|key| is_from(key, left, right) || is_from(key, right, left))
}
