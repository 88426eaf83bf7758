//! Indexes that come and go: what they take or free, who uses them, and which index does the same.

use super::data::{Access, ComparedIndex, ComparedQuery, Happens};
use super::sides::{Place, Sides};
use crate::advise::ddl::shape_text;
use crate::advise::overlap::{Keeper, Overlap, overlaps};
use crate::advise::writes::entry_cost;
use crate::catalog::Catalog;
use crate::estimate::size::index_bytes;
use crate::plan::parts::whole_index_bytes;

/// The indexes that are on one side alone, new ones first; parts of partitions go with their whole.
pub fn compared_indexes(
    sides: &Sides<'_>,
    equal: &[(Place, Place)],
    queries: &[ComparedQuery],
) -> Vec<ComparedIndex> {
    let added = places(sides.proposed).filter(|new| !equal.iter().any(|(_, known)| known == new));
    let added: Vec<Place> = added.collect();
    let dropped = places(sides.today).filter(|old| !equal.iter().any(|(known, _)| known == old));
    let overlaps = overlaps(sides.proposed);
    let mut out = Vec::new();
    for place in &added {
        let users = users(queries, |query| &query.access_after, sides.proposed, *place);
        if let Some(mut one) = compared(sides.proposed, *place, Happens::Added, users) {
            one.redundant = redundancy(sides.proposed, &overlaps, *place, &added);
            out.push(one);
        }
    }
    for place in dropped {
        let users = users(queries, |query| &query.access_before, sides.today, place);
        out.extend(compared(sides.today, place, Happens::Dropped, users));
    }
    out
}

fn places(catalog: &Catalog) -> impl Iterator<Item = Place> {
    let tables = catalog.tables.iter().enumerate();
    tables.flat_map(|(at, table)| (0..table.indexes.len()).map(move |n| (at, n)))
}

fn compared(
    catalog: &Catalog,
    (table_at, at): Place,
    happens: Happens,
    used_by: Vec<String>,
) -> Option<ComparedIndex> {
    let table = catalog.tables.get(table_at)?;
    let index = table.indexes.get(at).filter(|index| index.parent.is_none())?;
    Some(ComparedIndex {
        happens,
        name: index.name.clone(),
        table: table.name.to_string(),
        shape: shape_text(catalog, table, index),
        size_bytes: whole_index_bytes(catalog, table_at, index),
        size_basis: index_bytes(table, index).basis,
        write_cost: 1000.0 * entry_cost(catalog, table, index),
        used_by,
        redundant: None,
        constraint: index.constraint || index.primary,
    })
}

/// The queries that use the index, or a part of it.
fn users(
    queries: &[ComparedQuery],
    accesses: impl Fn(&ComparedQuery) -> &Vec<Access>,
    catalog: &Catalog,
    (table_at, at): Place,
) -> Vec<String> {
    let Some(table) = catalog.tables.get(table_at) else { return Vec::new() };
    let Some(index) = table.indexes.get(at) else { return Vec::new() };
    let below = |one: &&crate::catalog::Table| one.parent == Some(table_at);
    let parts = catalog.tables.iter().filter(below).flat_map(|child| {
        let own = child.indexes.iter().filter(|part| part.parent.as_ref() == Some(&index.name));
        own.map(|part| (child.name.to_string(), part.name.clone()))
    });
    let own = (table.name.to_string(), index.name.clone());
    let names: Vec<(String, String)> = parts.chain([own]).collect();
    let uses = |query: &&ComparedQuery| {
        accesses(query).iter().any(|access| {
            names
                .iter()
                .any(|(table, index)| access.table == *table && access.indexes.contains(index))
        })
    };
    queries.iter().filter(uses).map(|query| query.id.clone()).collect()
}

/// Which index does the work of a new one, or whose work a new one does.
fn redundancy(
    catalog: &Catalog,
    overlaps: &[Overlap],
    place: Place,
    added: &[Place],
) -> Option<String> {
    let table = catalog.tables.get(place.0)?;
    let name = |at: usize| {
        let index = table.indexes.get(at)?;
        let is_new = if added.contains(&(place.0, at)) { "new" } else { "existing" };
        Some(format!("{is_new} {} {}", index.name, shape_text(catalog, table, index)))
    };
    let own = overlaps.iter().filter(|overlap| overlap.table == place.0);
    for overlap in own {
        match overlap.keeper {
            Keeper::Index(keeper) if overlap.victim == place.1 => {
                return Some(format!("the {} does all that it does", name(keeper)?));
            }
            Keeper::Rowid if overlap.victim == place.1 => {
                return Some("the table itself is in this order".to_owned());
            }
            Keeper::Index(keeper) if keeper == place.1 => {
                return Some(format!("it does all that the {} does", name(overlap.victim)?));
            }
            _ => {}
        }
    }
    None
}
