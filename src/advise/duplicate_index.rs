//! `duplicate-index`: two indexes of one table are the same but for the name. One of them costs every
//! write and gives nothing.
//!
//! The one that enforces more stays (PRIMARY KEY, UNIQUE, constraint), then the one with more scans,
//! then the one of the shorter name. Nothing is lost: same keys, collation, operator classes, direction
//! (or all of it reversed) and predicate. See `overlap` for what counts as the same.
//!
//! `duplicate-constraint`: the same of a UNIQUE constraint; a remark, as constraints are never dropped.

use crate::sorted::SortedSet;

use super::change;
use super::needs::{Needs, query_ids};
use super::overlap::{Grade, Keeper, Overlap, overlaps};
use super::removal::{drop_statement, restore_statement, staged_advice, usage_assumption};
use super::{Confidence, Context, Finding, Grounds, Importance};
use crate::catalog::{ForeignKey, Index, Table};
use crate::dialect::Dialect;
use crate::estimate::size::index_bytes;
use crate::sql::schema::KeyPart;

/// Indexes below this size are a remark: dropping them changes little.
const SMALL_BYTES: f64 = 1_000_000.0;

/// All findings of this kind.
pub fn find(context: &Context<'_>) -> Vec<Finding> {
    let all = overlaps(context.catalog).into_iter();
    let exact = all.filter(|o| o.grade == Grade::Exact && !matches!(o.keeper, Keeper::Shorter(_)));
    exact.filter_map(|overlap| finding(context, &overlap)).collect()
}

fn finding(context: &Context<'_>, overlap: &Overlap) -> Option<Finding> {
    let table = context.catalog.tables.get(overlap.table)?;
    let index = table.indexes.get(overlap.victim)?;
    let (keeper, same) = match overlap.keeper {
        Keeper::Index(at) | Keeper::Shorter(at) => {
            let keeper = table.indexes.get(at)?;
            (title_of(keeper), difference(index, keeper))
        }
        Keeper::Rowid => (
            "the table itself".to_owned(),
            "An INTEGER PRIMARY KEY is the rowid: SQLite keeps the table in its order, and never \
             needs another index to look it up"
                .to_owned(),
        ),
    };
    let served = Needs::of(context, overlap.table).map_or(Vec::new(), |needs| needs.served(index));
    let mut found = removal(context, table, index);
    found.code = "duplicate-index".to_owned();
    found.title = format!("{} duplicates {keeper}", index.name);
    found.queries = query_ids(&served);
    found.confidence = Confidence::High;
    found.reasons.insert(0, same);
    if is_rule(context, index) {
        found.code = "duplicate-constraint".to_owned();
        found.severity = Importance::Low;
        found.drop.clear();
        found.reverse.clear();
        found.advice.insert(0, rule_advice(index));
    }
    if let Keeper::Index(keeper) = overlap.keeper
        && keeper > overlap.victim
        && let Some(from) = referencing_table(context, table, index)
    {
        // PostgreSQL binds a foreign key to the first unique index on its columns.
        found.drop.clear();
        found.reverse.clear();
        found.advice.insert(
            0,
            format!(
                "A foreign key of {from} was made on {}, so the server refuses to drop it: drop that \
                 key, then this, then add the key again.",
                index.name
            ),
        );
    }
    Some(found)
}

/// A constraint is a rule of the schema, whatever index it has. The MySQL family knows UNIQUE indexes
/// only, however they are written.
fn is_rule(context: &Context<'_>, index: &Index) -> bool {
    index.constraint && !context.catalog.dialect.is_mysql_family()
}

fn rule_advice(index: &Index) -> String {
    format!(
        "{} is a constraint, so nothing is proposed: drop it yourself if no ON CONFLICT ON CONSTRAINT, \
         foreign key or code names it",
        index.name
    )
}

/// A table whose foreign key names exactly the columns of this unique index (PostgreSQL).
fn referencing_table(context: &Context<'_>, table: &Table, index: &Index) -> Option<String> {
    if context.catalog.dialect != Dialect::Postgres || !index.unique {
        return None;
    }
    let columns: SortedSet<&str> = index
        .keys
        .iter()
        .filter_map(|key| match key.part {
            KeyPart::Column(at) => table.columns.get(at).map(|column| column.name.as_str()),
            KeyPart::Expr(..) => None,
        })
        .collect();
    let names_it = |key: &ForeignKey| {
        let named: SortedSet<&str> = key.referenced_columns.iter().map(String::as_str).collect();
        key.references == table.name && named == columns
    };
    let mut tables = context.catalog.tables.iter();
    tables.find(|other| other.foreign_keys.iter().any(names_it)).map(|other| other.name.to_string())
}

/// How an index is called in a title.
pub fn title_of(index: &Index) -> String {
    match (index.primary, index.unique) {
        (true, _) if index.name == "PRIMARY" => "the primary key".to_owned(),
        (true, _) => format!("the primary key {}", index.name),
        (_, true) => format!("the unique {}", index.name),
        _ => index.name.clone(),
    }
}

fn difference(index: &Index, keeper: &Index) -> String {
    let is_turned = index.keys.iter().zip(&keeper.keys).any(|(a, b)| a.desc != b.desc);
    let mut text = if is_turned {
        format!("{} has the same keys, and is read backward for the same order", keeper.name)
    } else {
        format!("{} has the same keys in the same order", keeper.name)
    };
    if index.keys.len() != keeper.keys.len() {
        text = format!(
            "InnoDB appends the primary key to every index, so {} and {} are the same inside",
            index.name, keeper.name
        );
    }
    if keeper.unique && !index.unique {
        text.push_str("; that one is unique besides, and stays");
    } else if keeper.unique {
        text.push_str("; each enforces what the other does");
    }
    text
}

/// The parts of a finding that takes an index away.
pub fn removal(context: &Context<'_>, table: &Table, index: &Index) -> Finding {
    let size = index_bytes(table, index);
    let is_small = index.statistics.size_bytes.is_some_and(|bytes| bytes < SMALL_BYTES);
    Finding {
        severity: if is_small { Importance::Low } else { Importance::Medium },
        table: Some(table.name.to_string()),
        indexes: vec![index.name.clone()],
        drop: drop_statement(context.catalog, table, index).into_iter().collect(),
        reverse: vec![restore_statement(context.catalog, table, index)],
        changes: change::removal(context.catalog, table, index).into_iter().collect(),
        size_bytes: Some(size.value),
        grounds: Some(Grounds::Structure),
        reasons: vec!["Every INSERT and most UPDATEs write it, and it takes cache".to_owned()],
        advice: staged_advice(context.catalog, table, index),
        assumptions: vec![usage_assumption(context.catalog, index)],
        places: index.source.iter().cloned().collect(),
        ..Finding::default()
    }
}
