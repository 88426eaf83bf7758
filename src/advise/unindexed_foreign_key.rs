//! `unindexed-foreign-key`: no index begins with the columns of a foreign key. Each DELETE of a
//! referenced row, and each UPDATE of its key, then reads the whole referencing table; joins from the
//! referenced side do too.
//!
//! A composite key is served by an index whose first keys are its columns in any order. A partial index
//! serves when its predicate is `column IS NOT NULL` on columns of the key, because the lookup is an
//! equality. Prefix lengths, hash (for one column) and other methods are looked at as the server would.
//! MySQL makes such indexes by itself, so there it is found only in engines that do not.
//!
//! An index costs every INSERT. Where a workload is given and nothing in it deletes from the other
//! table, the finding is a remark without a statement to run.

use crate::sorted::SortedSet;

use super::change::creation;
use super::ddl::{create_statement, drop_statement, existing_names, index_name, table_name};
use super::{Assumption, Confidence, Context, Finding, Importance};
use crate::catalog::{ForeignKey, Index, Table};
use crate::dialect::Dialect;
use crate::estimate::Basis;
use crate::estimate::size::{index_bytes, table_rows};
use crate::order;
use crate::sql::expr::Expr;
use crate::sql::query::{Command, RelationSource};
use crate::sql::schema::{IndexKey, KeyPart, Method, TableKind};

/// Tables of fewer rows are read as a whole anyway.
const SMALL_ROWS: f64 = 1000.0;

/// All findings of this kind, one a foreign key; keys with the same columns share one. A key that one of
/// the `suggested` indexes will serve gets no index of its own.
pub fn find(context: &Context<'_>, suggested: &[(usize, Index)]) -> Vec<Finding> {
    let mut taken = existing_names(context.catalog);
    taken.extend(suggested.iter().map(|(_, index)| index.name.to_ascii_lowercase()));
    let mut out = Vec::new();
    for (at, table) in context.catalog.tables.iter().enumerate() {
        let mut seen: SortedSet<Vec<usize>> = SortedSet::new();
        for key in &table.foreign_keys {
            let mut columns = key.columns.clone();
            order::sort(&mut columns);
            let is_partition = table.kind == TableKind::Partition && table.parent.is_some();
            if is_partition || is_served(context, table, key) || !seen.insert(columns) {
                continue;
            }
            let mut found = finding(context, table, key, &mut taken);
            let made = suggested.iter().find(|(of, index)| *of == at && serves(index, key));
            if let Some((_, index)) = made {
                found.reasons.push(format!("The suggested index {} will serve it", index.name));
                forget_statement(&mut found);
            } else if !context.workload.entries.is_empty() && found.queries.is_empty() {
                let statement = found.create.first().cloned().unwrap_or_default();
                found.advice.insert(0, format!("If rows of {} go: {statement}", key.references));
                found.severity = Importance::Low;
                forget_statement(&mut found);
            }
            out.push(found);
        }
    }
    out
}

/// Nothing to run: another index serves it, or the workload gives no reason to pay for one.
fn forget_statement(found: &mut Finding) {
    found.create.clear();
    found.reverse.clear();
    found.size_bytes = None;
}

fn is_served(context: &Context<'_>, table: &Table, key: &ForeignKey) -> bool {
    let by_rowid = context.catalog.dialect == Dialect::Sqlite
        && matches!((key.columns.as_slice(), table.rowid_column), ([only], Some(rowid)) if *only == rowid);
    by_rowid || table.indexes.iter().any(|index| serves(index, key))
}

/// Are the key's columns the first keys of the index, in any order?
fn serves(index: &Index, key: &ForeignKey) -> bool {
    let fits = match index.method {
        Method::Btree => index.keys.len() >= key.columns.len(),
        Method::Hash => index.keys.len() == key.columns.len(),
        _ => false,
    };
    let leading: SortedSet<usize> = index
        .keys
        .iter()
        .take(key.columns.len())
        .filter_map(|key| match key.part {
            KeyPart::Column(column) => Some(column),
            KeyPart::Expr(..) => None,
        })
        .collect();
    fits && leading == key.columns.iter().copied().collect()
        && index.predicate.as_ref().is_none_or(|predicate| is_not_null_of(predicate, key))
}

/// `a IS NOT NULL [AND b IS NOT NULL]` on columns of the key.
fn is_not_null_of(predicate: &Expr, key: &ForeignKey) -> bool {
    match predicate {
        Expr::And(parts) => parts.iter().all(|part| is_not_null_of(part, key)),
        Expr::IsNull { expr, negated: true } => match expr.as_ref() {
            Expr::Column(column) => key.columns.contains(&usize::from(column.column)),
            _ => false,
        },
        _ => false,
    }
}

fn finding(
    context: &Context<'_>,
    table: &Table,
    key: &ForeignKey,
    taken: &mut SortedSet<String>,
) -> Finding {
    let mut index = Index {
        keys: key.columns.iter().map(|column| IndexKey::of_column(*column)).collect(),
        usable: true,
        hypothetical: true,
        ..Index::default()
    };
    index.name = index_name(table, &index, taken);
    taken.insert(index.name.to_ascii_lowercase());
    let rows = table_rows(table);
    let names: Vec<&str> = key
        .columns
        .iter()
        .filter_map(|column| table.columns.get(*column).map(|c| c.name.as_str()))
        .collect();
    let is_small = rows.basis != Basis::Default && rows.value < SMALL_ROWS;
    let (deletes, reason) = deletes_from(context, key);
    let severity = match (is_small, deletes.is_empty()) {
        (true, _) => Importance::Low,
        (_, true) => Importance::Medium,
        (_, false) => Importance::High,
    };
    let target = key.references.to_string();
    let name = key.name.as_deref().map_or(String::new(), |name| format!(" ({name})"));
    Finding {
        code: "unindexed-foreign-key".to_owned(),
        severity,
        title: format!(
            "{} ({}) references {target} without an index",
            table.name,
            names.join(", ")
        ),
        table: Some(table.name.to_string()),
        create: vec![create_statement(context.catalog, table, &index)],
        reverse: vec![drop_statement(context.catalog, table, &index)],
        changes: vec![creation(context.catalog, table, &index)],
        queries: deletes,
        size_bytes: Some(index_bytes(table, &index).value),
        confidence: Confidence::High,
        reasons: vec![
            format!(
                "No index of {} begins with {}{name}: deleting a row of {target}, or changing its \
                 key, reads the whole of {} {}",
                table.name,
                names.join(", "),
                table.name,
                action_text(key)
            ),
            reason,
        ],
        advice: advice(context, table, is_small),
        assumptions: vec![Assumption {
            text: format!("{} has about {:.0} rows", table.name, rows.value),
            basis: rows.basis,
            replace_with: (rows.basis == Basis::Default).then(|| {
                format!("SELECT count(*) FROM {}", table_name(table, context.catalog.dialect))
            }),
        }],
        places: key.source.iter().chain(&table.source).take(1).cloned().collect(),
        ..Finding::default()
    }
}

fn action_text(key: &ForeignKey) -> String {
    match key.on_delete.as_deref() {
        Some("cascade") => "to find the rows to delete with it".to_owned(),
        Some(action @ ("set null" | "set default")) => format!("to {action} in its rows"),
        _ => "to see that nothing refers to it".to_owned(),
    }
}

/// Queries of the workload that delete referenced rows, and what that says.
fn deletes_from(context: &Context<'_>, key: &ForeignKey) -> (Vec<String>, String) {
    let entries = &context.workload.entries;
    let target =
        (!entries.is_empty()).then(|| context.catalog.find_table(&key.references)).flatten();
    let is_delete = |query: &crate::sql::query::Query| {
        query.command == Command::Delete
            && query.relations.first().is_some_and(|relation| match relation.source {
                RelationSource::Table(table) => Some(table) == target,
                _ => false,
            })
    };
    let found: Vec<String> = entries
        .iter()
        .filter(|entry| entry.query.as_ref().is_some_and(is_delete))
        .map(|entry| entry.id.clone())
        .collect();
    let name = &key.references;
    let reason = match (entries.is_empty(), found.is_empty()) {
        (true, _) => {
            format!("How often rows of {name} are deleted is not known without a workload")
        }
        (_, true) => format!(
            "No statement of the pasted workload deletes from {name}: the index pays when one does, \
             and in joins from there"
        ),
        (_, false) => format!("{} deletes from {name}", found.join(", ")),
    };
    (found, reason)
}

fn advice(context: &Context<'_>, table: &Table, is_small: bool) -> Vec<String> {
    let mut advice = Vec::new();
    if is_small {
        advice.push("The table is small: it matters when it grows.".to_owned());
    }
    if table.kind == TableKind::Partitioned && context.catalog.dialect == Dialect::Postgres {
        advice.push(
            "On a partitioned table this locks all partitions while it builds. Without that lock: \
             CREATE INDEX ... ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, then \
             ALTER INDEX ... ATTACH PARTITION."
                .to_owned(),
        );
    }
    advice
}
