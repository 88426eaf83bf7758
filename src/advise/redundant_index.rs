//! `redundant-index`: a wider index of the same table begins with the keys of this one and does its
//! work.
//!
//! Three grades: covered; covered but for the order of the primary key that InnoDB appends; covered
//! by the primary key of a clustered table, whose entries are whole rows. Where a query of the workload
//! needs what would be lost, it is named and nothing is dropped. On InnoDB also an index that spells
//! out the primary key at its end. See `overlap` for what never counts as covered.

use super::ddl::shape_text;
use super::duplicate_index::{removal, title_of};
use super::needs::{Needs, Served, query_ids};
use super::overlap::{Grade, Keeper, Overlap, overlaps};
use super::{Confidence, Context, Finding, Importance};
use crate::catalog::{Index, Table};
use crate::sql::schema::Method;

/// All findings of this kind.
pub fn find(context: &Context<'_>) -> Vec<Finding> {
    let all = overlaps(context.catalog).into_iter();
    all.filter_map(|overlap| match overlap.keeper {
        Keeper::Shorter(primary) => spelled_out(context, &overlap, primary),
        Keeper::Index(keeper) if overlap.grade != Grade::Exact => {
            covered(context, &overlap, keeper)
        }
        _ => None,
    })
    .collect()
}

fn covered(context: &Context<'_>, overlap: &Overlap, keeper: usize) -> Option<Finding> {
    let table = context.catalog.tables.get(overlap.table)?;
    let (index, keeper) = (table.indexes.get(overlap.victim)?, table.indexes.get(keeper)?);
    let mut found = removal(context, table, index);
    found.code = "redundant-index".to_owned();
    found.title = format!("{} is covered by {}", index.name, title_of(keeper));
    found.confidence = Confidence::High;
    found.reasons.insert(
        0,
        format!(
            "{} {} begins with the {} of {} {}: whatever it is searched or sorted by, the wider one \
             can do",
            keeper.name,
            shape_text(context.catalog, table, keeper),
            if index.keys.len() == 1 { "key" } else { "keys" },
            index.name,
            shape_text(context.catalog, table, index)
        ),
    );
    found.reasons.extend(loss_of(overlap.grade));
    if let Some(needs) = Needs::of(context, overlap.table) {
        let full = full_index(context, table, index);
        let served = needs.served(&full);
        found.queries = query_ids(&served);
        found.reasons.extend(proof(&served, keeper));
        keep_if_needed(&mut found, &needs.lost(&full, &full_index(context, table, keeper)), index);
    }
    if overlap.grade != Grade::Covered {
        found.confidence = found.confidence.max(Confidence::Medium);
    }
    Some(found)
}

fn loss_of(grade: Grade) -> Option<String> {
    match grade {
        Grade::Covered | Grade::Exact => None,
        Grade::CoveredExceptPrimaryKeyOrder => Some(
            "Lost: InnoDB keeps the primary key right behind this index's keys, so it gives rows \
             of one value in the order of the primary key; the wider one does not"
                .to_owned(),
        ),
        Grade::CoveredByWholeRows => Some(
            "Lost: the primary key is the table itself, so a scan over many rows by these keys alone \
             reads whole rows instead of short entries"
                .to_owned(),
        ),
    }
}

/// The queries that use the index today, and that the wider one serves.
fn proof(served: &[Served], keeper: &Index) -> Option<String> {
    let ids = query_ids(served);
    let shown: Vec<&str> = ids.iter().take(5).map(String::as_str).collect();
    let more = ids.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let name = &keeper.name;
    (!ids.is_empty()).then(|| format!("Served by {name} instead: {}{more}", shown.join(", ")))
}

/// A query that would lose something: the index stays, and the finding says for what.
fn keep_if_needed(found: &mut Finding, lost: &[(String, &'static str)], index: &Index) {
    let Some((query, _)) = lost.first() else { return };
    found.title = format!("{} but for what {query} needs", found.title);
    found.severity = Importance::Low;
    found.confidence = Confidence::Medium;
    found.drop.clear();
    found.reverse.clear();
    found.reasons.extend(lost.iter().map(|(query, what)| format!("{query} {what}")));
    found.advice = vec![format!("Keep {} unless these queries are rare.", index.name)];
}

/// InnoDB's index as it is kept, with the primary key behind its keys.
fn full_index(context: &Context<'_>, table: &Table, index: &Index) -> Index {
    let mut full = index.clone();
    if !context.catalog.dialect.is_mysql_family() || index.method != Method::Btree || index.primary
    {
        return full;
    }
    if let Some(primary) = table.indexes.iter().find(|index| index.primary) {
        let missing =
            primary.keys.iter().filter(|key| !full.keys.iter().any(|k| k.part == key.part));
        full.keys.extend(missing.cloned().collect::<Vec<_>>());
    }
    full
}

/// InnoDB: `(b, id)` over primary key `id` is what `(b)` is.
fn spelled_out(context: &Context<'_>, overlap: &Overlap, primary: usize) -> Option<Finding> {
    let table = context.catalog.tables.get(overlap.table)?;
    let index = table.indexes.get(overlap.victim)?;
    let primary = table.indexes.get(primary)?;
    let mut found = removal(context, table, index);
    found.code = "redundant-index".to_owned();
    found.title = format!("{} spells out the primary key, which InnoDB appends", index.name);
    found.severity = Importance::Low;
    found.confidence = Confidence::High;
    found.drop.clear();
    found.reverse.clear();
    found.size_bytes = None;
    found.reasons = vec![format!(
        "{} ends with the first {} of the primary key {}: InnoDB keeps the primary key in every \
         index, so the index without it is the same inside",
        shape_text(context.catalog, table, index),
        if primary.keys.len() == 1 { "column" } else { "columns" },
        shape_text(context.catalog, table, primary)
    )];
    found.advice = vec![
        "Nothing is gained by rebuilding it alone; leave the columns out when it is next changed. \
         It does say in the schema that queries rely on this order."
            .to_owned(),
    ];
    found.assumptions.clear();
    Some(found)
}
