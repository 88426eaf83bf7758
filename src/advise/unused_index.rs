//! `unused-index`: the server's own counter says that no query has used the index.
//!
//! Only from pasted usage (`idx_scan = 0`), never from the pasted workload alone, which is rarely all
//! there is. PRIMARY KEYs, UNIQUE indexes and constraints do their work without being scanned and are
//! left out, as are indexes that serve a foreign key, which deletes from the other table need. A counter
//! starts with the last reset, and each replica has its own: the finding says so.

use super::duplicate_index::removal;
use super::needs::{Needs, query_ids};
use super::overlap::{involved, overlaps};
use super::{Confidence, Context, Finding, Grounds, Importance};
use crate::catalog::{Index, Table};
use crate::sql::schema::KeyPart;

/// All findings of this kind.
pub fn find(context: &Context<'_>) -> Vec<Finding> {
    let known = involved(&overlaps(context.catalog));
    let mut out = Vec::new();
    for (at, table) in context.catalog.tables.iter().enumerate() {
        for (position, index) in table.indexes.iter().enumerate() {
            let is_candidate = index.statistics.idx_scan == Some(0.0)
                && !index.unique
                && !index.constraint
                && index.parent.is_none()
                && !known.contains(&(at, position));
            if is_candidate {
                out.extend(finding(context, at, table, index));
            }
        }
    }
    out
}

fn finding(context: &Context<'_>, at: usize, table: &Table, index: &Index) -> Option<Finding> {
    let mut found = removal(context, table, index);
    found.code = "unused-index".to_owned();
    found.title = format!("{} has not been used since the counters began", index.name);
    found.reasons.insert(0, "The server counted no scan of it (idx_scan = 0)".to_owned());
    found.confidence = Confidence::Medium;
    found.grounds = Some(Grounds::Counters);
    let needs = Needs::of(context, at)?;
    let served = needs.served(index);
    if !served.is_empty() {
        found.queries = query_ids(&served);
        found.severity = Importance::Low;
        found.reasons.push(format!(
            "It could serve {}: the planner preferred another way, or the counter is younger than \
             the query",
            found.queries.join(", ")
        ));
    }
    if serves_foreign_key(table, index) {
        found.severity = Importance::Low;
        found.confidence = Confidence::Low;
        found.reasons.push(
            "It serves a foreign key: deletes from the referenced table look rows up by it, however \
             rare they are"
                .to_owned(),
        );
    }
    found.advice.insert(
        0,
        "Look at the same counter on every replica that answers queries, and at when the counters \
         were last reset: month-end jobs count too."
            .to_owned(),
    );
    Some(found)
}

fn serves_foreign_key(table: &Table, index: &Index) -> bool {
    table.foreign_keys.iter().any(|key| {
        let leading: Vec<_> = index.keys.iter().take(key.columns.len()).collect();
        leading.len() == key.columns.len()
            && leading.iter().all(|k| match k.part {
                KeyPart::Column(column) => key.columns.contains(&column),
                KeyPart::Expr(..) => false,
            })
    })
}
