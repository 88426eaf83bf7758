//! Rows and widths of an append relation (`set_append_rel_size` in `allpaths.c`).

use crate::plan::base::size_rel;
use crate::plan::cost::qual::qual_cost;
use crate::plan::dummy::mark_dummy;
use crate::plan::estimates::expr_width;
use crate::plan::pathkeys::has_useful_pathkeys;
use crate::plan::relation::{Rel, Target};
use crate::plan::root::Root;
use crate::sql::expr::Expr;

/// Sizes the children, then the parent: the sum of their rows, the average of their widths.
pub fn size(root: &mut Root<'_>, relation: usize) -> Result<(), String> {
    let children = relations_of(root, relation);
    let mut rows = 0.0;
    let mut bytes = 0.0;
    let needed = root.base(relation).map(|base| base.attr_needed.clone()).unwrap_or_default();
    let mut column_bytes = vec![0.0; needed.len()];
    if children.is_empty() {
        mark_dummy(root, relation);
        return Ok(());
    }
    for child in &children {
        inherit(root, relation, *child);
        size_rel(root, *child)?;
        set_output(root, *child, needed.keys());
        let Some(rel) = root.rels.get(*child) else { continue };
        let may_parallel = rel.consider_parallel;
        if rel.rows > 0.0 {
            rows += rel.rows;
            bytes += rel.target.width * rel.rows;
            for (sum, column) in column_bytes.iter_mut().zip(needed.keys()) {
                *sum += column_width(root, rel, *column) * rel.rows;
            }
        }
        if let Some(rel) = root.rels.get_mut(relation) {
            rel.consider_parallel &= may_parallel;
        }
    }
    let average = |bytes: f64| if rows > 0.0 { libm::rint(bytes / rows) } else { 0.0 };
    if let Some(scope) = root.scope.relations.get_mut(relation) {
        (scope.tuples, scope.rows) = (rows, rows);
    }
    let Some(rel) = root.rels.get_mut(relation) else { return Ok(()) };
    rel.rows = rows;
    rel.target = Target { width: average(bytes), ..Target::default() };
    if let Some(base) = rel.base.as_mut() {
        base.tuples = rows;
        base.column_widths =
            needed.values().copied().zip(column_bytes.into_iter().map(average)).collect();
    }
    Ok(())
}

/// Average bytes of what a child returns for the parent's column: of a column its own, of another
/// expression what its type takes.
fn column_width(root: &Root<'_>, rel: &Rel<'_>, column: u16) -> f64 {
    let Some(base) = rel.base.as_ref() else { return 0.0 };
    let own = match base.translation.as_ref().map(|translation| translation.expr_of(column)) {
        Some(Some(Expr::Column(own))) => own.column,
        Some(Some(expr)) => return expr_width(root, expr),
        _ => column,
    };
    let place = base.attr_needed.keys().position(|known| *known == own);
    place.and_then(|at| base.column_widths.get(at)).map_or(0.0, |(_, width)| *width)
}

/// `set_rel_width` of a child that returns other expressions than columns: it computes them.
fn set_output<'c>(root: &mut Root<'_>, child: usize, needed: impl Iterator<Item = &'c u16>) {
    let Some(rel) = root.rels.get(child) else { return };
    let Some(translation) = rel.base.as_ref().and_then(|base| base.translation.clone()) else {
        return;
    };
    if translation.is_plain() {
        return;
    }
    let mut target = Target::default();
    for column in needed {
        target.width += column_width(root, rel, *column);
        if let Some(expr) = translation.expr_of(*column) {
            target.cost += qual_cost(root, expr);
        }
    }
    if let Some(rel) = root.rels.get_mut(child) {
        rel.target = target;
    }
}

/// The relations that one is read as.
pub fn relations_of(root: &Root<'_>, relation: usize) -> Vec<usize> {
    let children = root.base(relation).and_then(|base| base.children.as_ref());
    children.map(|children| children.relations.clone()).unwrap_or_default()
}

/// What the parent's joins and needed columns mean for a child.
fn inherit(root: &mut Root<'_>, relation: usize, child: usize) {
    let Some(translation) = root.base(child).and_then(|base| base.translation.clone()) else {
        return;
    };
    let Some(parent) = root.rels.get(relation) else { return };
    let join_clauses = parent.join_clauses.clone();
    let has_class_joins = parent.has_class_joins;
    let needed = parent.base.as_ref().map(|base| base.attr_needed.clone()).unwrap_or_default();
    if has_useful_pathkeys(root, relation) {
        translation.classes(root);
    }
    let join_clauses: Vec<_> =
        join_clauses.iter().map(|clause| translation.clause(root, clause)).collect();
    let Some(rel) = root.rels.get_mut(child) else { return };
    rel.join_clauses = join_clauses;
    rel.has_class_joins = has_class_joins;
    if let Some(base) = rel.base.as_mut() {
        base.attr_needed.clear();
        for (column, needed) in needed {
            for own in translation.columns(column) {
                *base.attr_needed.get_or_default(own) |= needed;
            }
        }
    }
}
