//! `invalid-partial-predicate`: a partial index whose WHERE the server refuses, because it does not
//! depend on the row alone: the time of day, chance, the session, other rows. What is true when a row
//! is written would not stay true, and the index would lie.
//!
//! MySQL and MariaDB have no partial indexes at all. The advice is an index that can be: the time column
//! as the last key, or a constant that a job moves on.

use super::ddl::{create_statement, existing_names, index_name, shape_text};
use super::{Alternative, Confidence, Context, Finding, Importance};
use crate::catalog::{Index, Table};
use crate::dialect::Dialect;
use crate::sql::expr::{ColumnRef, CompareOp, Expr};
use crate::sql::mutable::{Mutable, MutableKind, mutable_part};
use crate::sql::schema::IndexKey;

/// All findings of this kind.
pub fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for table in &context.catalog.tables {
        for index in table.indexes.iter().filter(|index| index.parent.is_none()) {
            out.extend(finding(context, table, index));
        }
    }
    out
}

fn finding(context: &Context<'_>, table: &Table, index: &Index) -> Option<Finding> {
    let dialect = context.catalog.dialect;
    let predicate = index.predicate.as_ref()?;
    let written = index.predicate_sql.as_deref().unwrap_or("");
    let type_of = |column: ColumnRef| {
        let column = table.columns.get(usize::from(column.column))?;
        Some(column.data_type.as_str())
    };
    let mutable = mutable_part(predicate, dialect, &type_of);
    if mutable.is_none() && !dialect.is_mysql_family() {
        return None;
    }
    let mut found = Finding {
        code: "invalid-partial-predicate".to_owned(),
        severity: Importance::High,
        title: format!("{} cannot be created: its WHERE is refused", index.name),
        table: Some(table.name.to_string()),
        indexes: vec![index.name.clone()],
        confidence: Confidence::High,
        reasons: vec![reason(dialect, mutable.as_ref(), written)],
        places: index.source.iter().cloned().collect(),
        ..Finding::default()
    };
    let instead = without_mutable(table, index, predicate, dialect);
    let mut instead = instead.unwrap_or_else(|| Index { predicate: None, ..index.clone() });
    instead.predicate_sql = None;
    instead.name = index_name(table, &instead, &existing_names(context.catalog));
    instead.usable = true;
    let create = create_statement(context.catalog, table, &instead);
    found.advice = vec![format!(
        "Index the column itself: {} answers the same queries, which keep their condition.",
        shape_text(context.catalog, table, &instead)
    )];
    if mutable.is_some_and(|part| part.kind == MutableKind::Clock) && !dialect.is_mysql_family() {
        found.advice.push(
            "If the index must stay small: use a constant in place of the clock (WHERE the column > \
             a fixed date), and let a job create the next one and drop the old. Queries must then \
             carry a constant that implies it."
                .to_owned(),
        );
    }
    found.alternatives = vec![Alternative {
        create,
        cost_after: None,
        why_not: "what can be created in its place; it pays only if a query needs it".to_owned(),
    }];
    Some(found)
}

fn reason(dialect: Dialect, mutable: Option<&Mutable>, written: &str) -> String {
    let Some(part) = mutable.filter(|_| !dialect.is_mysql_family()) else {
        return format!("MySQL and MariaDB have no partial indexes: WHERE {written} is an error");
    };
    let what = &part.what;
    match (part.kind, dialect) {
        (MutableKind::Subquery, _) => {
            format!("A predicate may read the row alone, and this one contains {what}: {written}")
        }
        (_, Dialect::Postgres) => format!(
            "PostgreSQL wants only IMMUTABLE functions in a predicate, and {what} is not: a row that \
             fits today would not fit tomorrow, without being written: {written}"
        ),
        _ => format!(
            "A predicate must be deterministic, and {what} is not: a row that fits today would not \
             fit tomorrow, without being written: {written}"
        ),
    }
}

/// The index with the clock's column as its last key, and what is left of the predicate.
fn without_mutable(
    table: &Table,
    index: &Index,
    predicate: &Expr,
    dialect: Dialect,
) -> Option<Index> {
    let parts = match predicate {
        Expr::And(parts) => parts.clone(),
        other => vec![other.clone()],
    };
    let type_of = |column: ColumnRef| {
        let column = table.columns.get(usize::from(column.column))?;
        Some(column.data_type.as_str())
    };
    let is_mutable = |part: &Expr| mutable_part(part, dialect, &type_of).is_some();
    let (bad, good): (Vec<Expr>, Vec<Expr>) = parts.into_iter().partition(is_mutable);
    let mut instead = Index { predicate: None, ..index.clone() };
    for part in &bad {
        if let Some(column) = compared_column(part) {
            let key = IndexKey::of_column(column);
            if !instead.keys.iter().any(|known| known.part == key.part) {
                instead.keys.push(key);
            }
        }
    }
    if !dialect.is_mysql_family() {
        instead.predicate = match good.len() {
            0 => None,
            1 => good.into_iter().next(),
            _ => Some(Expr::And(good)),
        };
    }
    Some(instead)
}

/// The column of `column > now()` or `now() < column`.
fn compared_column(part: &Expr) -> Option<usize> {
    let Expr::Compare(op, left, right) = part else { return None };
    if matches!(op, CompareOp::Ne | CompareOp::Distinct) {
        return None;
    }
    [left, right].into_iter().find_map(|side| match side.as_ref() {
        Expr::Column(column) => Some(usize::from(column.column)),
        _ => None,
    })
}
