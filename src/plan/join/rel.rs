//! The relation that a join makes (PostgreSQL's `build_join_rel` in `relnode.c`).

use std::rc::Rc;

use crate::plan::clause::{Clause, Clauses, contains};
use crate::plan::implied::{has_relevant_class, join_implied_equalities};
use crate::plan::relation::{Rel, Target};
use crate::plan::root::{Root, SpecialJoin};
use crate::plan::sizes::join_size;
use crate::sql::functions::is_parallel_safe;
use crate::sql::relids::{Relids, is_subset, members};

/// The join of two relations: its position, and the clauses that are checked at this very join.
pub fn build_join_rel(
    root: &mut Root<'_>,
    outer: usize,
    inner: usize,
    special: &SpecialJoin,
) -> Option<(usize, Rc<[Rc<Clause>]>)> {
    let (left, right) = (root.rels.get(outer)?, root.rels.get(inner)?);
    let (outer_relids, inner_relids) = (left.relids, right.relids);
    let relids = outer_relids | inner_relids;
    let (outer_rows, inner_rows) = (left.rows, right.rows);
    let mut clauses: Clauses = Vec::new();
    for clause in left.join_clauses.iter().chain(&right.join_clauses) {
        if is_subset(clause.required, relids) && !contains(&clauses, clause) {
            clauses.push(clause.clone());
        }
    }
    let known = root.join_rels.get(&relids).copied();
    let new = match known {
        Some(_) => None,
        None => {
            let mut rel = Rel::new(relids);
            for clause in left.join_clauses.iter().chain(&right.join_clauses) {
                if !is_subset(clause.required, relids) && !contains(&rel.join_clauses, clause) {
                    rel.join_clauses.push(clause.clone());
                }
            }
            rel.consider_startup = root.tuple_fraction > 0.0;
            rel.consider_parallel = left.consider_parallel && right.consider_parallel;
            rel.lateral_relids = (left.lateral_relids | right.lateral_relids) & !relids;
            Some(rel)
        }
    };
    clauses.extend(join_implied_equalities(root, relids, outer_relids, inner_relids));
    let at = match (known, new) {
        (Some(at), _) => at,
        (None, Some(mut rel)) => {
            rel.target = join_target(root, relids);
            rel.consider_parallel &= clauses.iter().all(|clause| is_parallel_safe(&clause.expr));
            rel.has_class_joins = has_relevant_class(root, relids);
            let sides = (outer_relids, inner_relids);
            rel.rows = join_size(root, relids, sides, (outer_rows, inner_rows), special, &clauses);
            root.rels.push(rel);
            root.join_rels.insert(relids, root.rels.len() - 1);
            root.rels.len() - 1
        }
        (None, None) => return None,
    };
    Some((at, clauses.into()))
}

/// `build_joinrel_tlist`: the columns that something above still needs.
fn join_target(root: &Root<'_>, relids: Relids) -> Target {
    let mut width = 0.0;
    for relation in members(relids) {
        let Some(base) = root.base(relation) else { continue };
        for (needed, column) in &base.column_widths {
            if needed & !relids != 0 {
                width += column;
            }
        }
    }
    Target { width, ..Target::default() }
}
