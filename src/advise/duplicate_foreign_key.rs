//! `duplicate-foreign-key`: two foreign keys of one table hold the same columns to the same columns of
//! the same table. Each row written is looked up twice, and nothing is guarded better.
//!
//! The order in which the pairs are written makes no difference. Keys whose ON DELETE or ON UPDATE
//! differ are left alone: which of the two is meant only their owner knows. A constraint is never
//! dropped, so the statement is advice.

use crate::sorted::SortedSet;

use super::ddl::table_name;
use super::{Confidence, Context, Finding, Grounds, Importance};
use crate::catalog::{Catalog, ForeignKey, Table};
use crate::dialect::Dialect;
use crate::sql::quote::quote_name;
use crate::sql::schema::KeyPart;

/// All findings of this kind, one a key that says nothing new.
pub fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for table in &context.catalog.tables {
        for (at, key) in table.foreign_keys.iter().enumerate() {
            let mut before = table.foreign_keys.iter().take(at);
            let first = before.find(|other| is_same(context.catalog, other, key));
            out.extend(first.map(|first| finding(context, table, key, first)));
        }
    }
    out
}

fn is_same(catalog: &Catalog, a: &ForeignKey, b: &ForeignKey) -> bool {
    a.references == b.references
        && pairs(catalog, a) == pairs(catalog, b)
        && a.on_delete == b.on_delete
        && a.on_update == b.on_update
}

/// Each column with the one it refers to; those of the primary key where none are named.
fn pairs(catalog: &Catalog, key: &ForeignKey) -> SortedSet<(usize, String)> {
    let mut names = key.referenced_columns.clone();
    if names.is_empty() {
        let target = catalog.find_table(&key.references).and_then(|at| catalog.tables.get(at));
        names = target.map(primary_columns).unwrap_or_default();
    }
    names.resize(key.columns.len(), String::new());
    key.columns.iter().copied().zip(names).collect()
}

fn primary_columns(table: &Table) -> Vec<String> {
    let index = table.indexes.iter().find(|index| index.primary);
    let columns =
        index.into_iter().flat_map(|index| &index.keys).filter_map(|key| match key.part {
            KeyPart::Column(at) => table.columns.get(at),
            KeyPart::Expr(..) => None,
        });
    columns.map(|column| column.name.clone()).collect()
}

fn finding(context: &Context<'_>, table: &Table, key: &ForeignKey, first: &ForeignKey) -> Finding {
    let names = key.columns.iter().filter_map(|at| table.columns.get(*at));
    let columns: Vec<&str> = names.map(|column| column.name.as_str()).collect();
    let columns = columns.join(", ");
    let called = |key: &ForeignKey| key.name.clone().unwrap_or("a key without a name".to_owned());
    Finding {
        code: "duplicate-foreign-key".to_owned(),
        severity: Importance::Low,
        title: format!("{} of {} duplicates {}", called(key), table.name, called(first)),
        table: Some(table.name.to_string()),
        confidence: Confidence::High,
        grounds: Some(Grounds::Structure),
        reasons: vec![
            format!("Both hold ({columns}) to the same columns of {}", key.references),
            format!(
                "Every row written to {} is looked up there twice, and every row deleted there is \
                 looked for twice here",
                table.name
            ),
        ],
        advice: vec![advice(context, table, key)],
        places: key.source.iter().chain(&table.source).take(1).cloned().collect(),
        ..Finding::default()
    }
}

fn advice(context: &Context<'_>, table: &Table, key: &ForeignKey) -> String {
    let dialect = context.catalog.dialect;
    let table = table_name(table, dialect);
    let kind = if dialect == Dialect::Mysql { "FOREIGN KEY" } else { "CONSTRAINT" };
    match &key.name {
        Some(name) if dialect != Dialect::Sqlite => {
            let name = quote_name(name, dialect);
            format!("If no code names it: ALTER TABLE {table} DROP {kind} {name}")
        }
        _ => "Leave it out when the table is next rebuilt".to_owned(),
    }
}
