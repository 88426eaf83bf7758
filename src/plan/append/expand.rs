//! The children of the query's relations (`expand_inherited_rtentry` in `inherit.c`).

use std::rc::Rc;

use super::Children;
use super::prune::{Live, live_partitions};
use super::translate::{Translation, columns_by_name};
use super::union_all::arms_of;
use crate::catalog::Table;
use crate::plan::base::{base_of, rough_scope_relation};
use crate::plan::dummy::is_constant_false;
use crate::plan::index_match::at_relation;
use crate::plan::relation::{BaseKind, Rel};
use crate::plan::root::Root;
use crate::read::settings::Switch;
use crate::sql::expr::{Expr, Literal};
use crate::sql::query::{Relation, RelationSource};
use crate::sql::relids::{RELATIONS_MAX, bit, members};
use crate::sql::schema::TableKind;

/// Adds the children of all tables that are read as several.
pub fn expand_append_rels(root: &mut Root<'_>) -> Result<(), String> {
    for relation in members(root.all_baserels) {
        expand(root, relation)?;
    }
    Ok(())
}

/// Adds the children of one relation, and theirs.
fn expand(root: &mut Root<'_>, relation: usize) -> Result<(), String> {
    let Some((table, at)) = table_of(root, relation) else {
        return expand_union_all(root, relation);
    };
    let tables = &root.configuration.catalog.tables;
    let mut parts: Vec<usize> = (0..tables.len())
        .filter(|part| tables.get(*part).is_some_and(|t| t.parent == Some(at)))
        .collect();
    let is_partitioned = table.kind == TableKind::Partitioned || table.partition_by.is_some();
    if root.query.relations.get(relation).is_some_and(|entry| entry.only) {
        // A partitioned table has no rows of its own.
        parts.clear();
        if !is_partitioned {
            return Ok(());
        }
    } else if parts.is_empty() {
        return Ok(());
    }
    let mut children = Children::default();
    if is_partitioned {
        let own = |key: &Expr| at_relation(key, relation);
        let keys = table.partition_by.as_ref().map_or(&[][..], |(_, keys)| keys);
        children.keys = keys.iter().map(own).collect();
        let live = live_of(root, relation, &children.keys, &parts);
        children.is_ordered = live.is_ordered;
        parts = live.partitions.iter().filter_map(|part| parts.get(*part).copied()).collect();
    } else {
        parts.insert(0, at);
    }
    if root.query.relations.len() + parts.len() >= RELATIONS_MAX {
        return Ok(());
    }
    for part in parts {
        if let Some(child) = add_part(root, (relation, table), part)? {
            children.relations.push(child);
            if part != at {
                expand(root, child)?;
            }
        }
    }
    set_children(root, relation, children);
    Ok(())
}

/// Adds the arms of a query of UNION ALL only (`pull_up_simple_union_all` in `prepjointree.c`).
fn expand_union_all(root: &mut Root<'_>, relation: usize) -> Result<(), String> {
    let arms = arms_of(root, relation);
    if arms.is_empty() || root.query.relations.len() + arms.len() >= RELATIONS_MAX {
        return Ok(());
    }
    let mut children = Children::default();
    for arm in arms {
        let exprs = arm.exprs_over(root.query.relations.len());
        if let Some(child) = add_child(root, relation, arm.entry, exprs)? {
            children.relations.push(child);
            expand(root, child)?;
        }
    }
    if let Some(base) = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut()) {
        base.kind = BaseKind::UnionAll;
    }
    set_children(root, relation, children);
    Ok(())
}

/// A parent has no rows and no indexes of its own.
fn set_children(root: &mut Root<'_>, relation: usize, children: Children) {
    if let Some(base) = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut()) {
        base.children = Some(children);
        (base.pages, base.tuples) = (0.0, 0.0);
        base.indexes.clear();
    }
}

fn table_of<'a>(root: &Root<'a>, relation: usize) -> Option<(&'a Table, usize)> {
    match root.base(relation)?.kind {
        BaseKind::Table(table, at) => Some((table, at)),
        _ => None,
    }
}

/// `prune_append_rel_partitions`: with `enable_partition_pruning` off nothing is known of any partition.
fn live_of(root: &Root<'_>, relation: usize, keys: &[Expr], parts: &[usize]) -> Live {
    if root.settings().is_off(Switch::PartitionPruning) {
        return live_partitions(root, keys, parts, &Vec::new());
    }
    match root.base(relation) {
        Some(base) => live_partitions(root, keys, parts, &base.restrictions),
        None => Live::default(),
    }
}

/// `expand_single_inheritance_child`: a partition, or a table that inherits.
fn add_part(
    root: &mut Root<'_>,
    (parent, parent_table): (usize, &Table),
    part: usize,
) -> Result<Option<usize>, String> {
    let Some(entry) = root.query.relations.get(parent) else { return Ok(None) };
    let Some(table) = root.configuration.catalog.tables.get(part) else { return Ok(None) };
    let entry = Relation {
        alias: entry.alias.clone(),
        column_aliases: Vec::new(),
        source: RelationSource::Table(part),
        lateral: entry.lateral,
        only: false,
    };
    let exprs = columns_by_name(parent_table, root.query.relations.len(), table);
    add_child(root, parent, entry, exprs)
}

/// `build_simple_rel`, `apply_child_basequals`: `None` where the conditions leave no row.
fn add_child(
    root: &mut Root<'_>,
    parent: usize,
    entry: Relation,
    exprs: Vec<Expr>,
) -> Result<Option<usize>, String> {
    let child = root.query.relations.len();
    // Joins come behind the base relations in `rels`; there are none yet.
    root.query.relations.push(entry);
    let scope = rough_scope_relation(root, child);
    root.scope.relations.push(scope);
    let mut base = base_of(root, child)?;
    base.parent = Some(parent);
    let translation = Translation { parent, child, exprs };
    let restrictions =
        root.base(parent).map(|parent| parent.restrictions.clone()).unwrap_or_default();
    base.restrictions = restrictions
        .iter()
        .map(|clause| translation.clause(root, clause))
        .filter(|clause| clause.expr != Expr::Literal(Literal::Bool(true)))
        .collect();
    let is_empty = base.restrictions.iter().any(|clause| is_constant_false(&clause.expr));
    if is_empty {
        base.pages = 0.0;
    }
    base.translation = Some(Rc::new(translation));
    let mut rel = Rel::new(bit(child));
    rel.consider_startup = root.tuple_fraction > 0.0;
    rel.lateral_relids = root.rels.get(parent).map_or(0, |rel| rel.lateral_relids);
    rel.base = Some(base);
    root.rels.push(rel);
    Ok((!is_empty).then_some(child))
}
