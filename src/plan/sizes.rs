//! Rows of joins (`calc_joinrel_size_estimate` in `costsize.c`): the product of both sides times the
//! selectivity of the clauses; an outer join keeps at least its outer side. A foreign key whose columns
//! are all equated says more than statistics: every referencing row has one partner
//! (`get_foreign_key_join_selectivity`).

use std::rc::Rc;

use super::clause::{Clause, Clauses};
use super::estimates::{clause_selectivity, clauselist_selectivity};
use super::foreign_keys::ForeignKeyInfo;
use super::path::JoinType;
use super::relation::clamp_row_est;
use super::root::{Root, SpecialJoin};
use crate::sql::relids::{Relids, bit, is_multiple, is_subset, overlaps};

/// `RINFO_IS_PUSHED_DOWN`: it was not written in the ON of this very join.
pub fn is_pushed_down(clause: &Clause, join: Relids) -> bool {
    clause.is_pushed_down || !is_subset(clause.required, join)
}

/// Rows of the join of two sides.
pub fn join_size(
    root: &Root<'_>,
    join: Relids,
    (outer, inner): (Relids, Relids),
    (outer_rows, inner_rows): (f64, f64),
    special: &SpecialJoin,
    clauses: &[Rc<Clause>],
) -> f64 {
    let kind = special.jointype;
    let mut left: Clauses = clauses.to_vec();
    let by_keys = foreign_key_selectivity(root, outer, inner, special, &mut left);
    let of = |list: &[Rc<Clause>]| clauselist_selectivity(root, list, None, kind, Some(special));
    let (joined, pushed) = if kind.is_outer() {
        let (pushed, own): (Clauses, Clauses) =
            left.into_iter().partition(|clause| is_pushed_down(clause, join));
        (of(&own), of(&pushed))
    } else {
        (of(&left), 0.0)
    };
    let product = outer_rows * inner_rows * by_keys * joined;
    let rows = match kind {
        JoinType::Left => product.max(outer_rows) * pushed,
        JoinType::Full => product.max(outer_rows).max(inner_rows) * pushed,
        JoinType::Semi => outer_rows * by_keys * joined,
        JoinType::Anti => outer_rows * (1.0 - by_keys * joined) * pushed,
        _ => product,
    };
    clamp_row_est(rows)
}

fn foreign_key_selectivity(
    root: &Root<'_>,
    outer: Relids,
    inner: Relids,
    special: &SpecialJoin,
    clauses: &mut Clauses,
) -> f64 {
    let mut selectivity = 1.0;
    for key in &root.foreign_keys {
        let (referencing, referenced) = (bit(key.referencing), bit(key.referenced));
        let ref_is_outer = overlaps(referenced, outer) && overlaps(referencing, inner);
        let ref_is_inner = overlaps(referencing, outer) && overlaps(referenced, inner);
        if !(ref_is_outer || ref_is_inner) {
            continue;
        }
        let is_semi = matches!(special.jointype, JoinType::Semi | JoinType::Anti);
        if is_semi && (ref_is_outer || is_multiple(inner)) {
            continue;
        }
        let is_of_key = |clause: &Rc<Clause>| match clause.parent_class {
            Some(class) => key.classes.contains(&Some(class)),
            None => key.clauses.iter().flatten().any(|known| Rc::ptr_eq(known, clause)),
        };
        let (removed, rest): (Clauses, Clauses) =
            std::mem::take(clauses).into_iter().partition(is_of_key);
        *clauses = rest;
        if removed.is_empty() || removed.len() != key.n_expected {
            clauses.extend(removed);
            continue;
        }
        let Some(rel) = root.rels.get(key.referenced) else { continue };
        let tuples = rel.base.as_ref().map_or(1.0, |base| base.tuples).max(1.0);
        selectivity *= if is_semi { rel.rows / tuples } else { 1.0 / tuples };
        selectivity = without_constants(root, key, special, selectivity);
    }
    selectivity.clamp(0.0, 1.0)
}

/// A key column that equals a constant restricts both tables: what it keeps of the referenced one is
/// in its rows already.
fn without_constants(
    root: &Root<'_>,
    key: &ForeignKeyInfo,
    special: &SpecialJoin,
    mut selectivity: f64,
) -> f64 {
    for (class, expr) in key.classes.iter().zip(&key.referenced_exprs) {
        let Some(class) = class else { continue };
        if !root.classes.get(*class).is_some_and(|class| class.has_const) {
            continue;
        }
        let derived = root.base(key.referenced).and_then(|base| {
            base.restrictions.iter().find(|clause| {
                clause.left_class.get() == Some(*class)
                    && clause.compare.as_ref().is_some_and(|sides| *sides.left == *expr)
            })
        });
        if let Some(clause) = derived {
            let kept = clause_selectivity(root, clause, None, special.jointype, Some(special));
            if kept > 0.0 {
                selectivity /= kept;
            }
        }
    }
    selectivity
}
