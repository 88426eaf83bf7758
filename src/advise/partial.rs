//! Partial variants: what every call of a query asks with the same literal can be the predicate of
//! an index, so that only these rows are in it. Never from `$1`, never from the clock.

use super::candidate::column_key;
use super::immutable::is_immutable;
use super::print::print_expr;
use crate::catalog::{Catalog, Table};
use crate::estimate::column::column_info;
use crate::estimate::types::{TypeFamily, family};
use crate::plan::implication::strip;
use crate::plan::index_match::at_relation;
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::schema::{IndexKey, KeyPart};
use crate::workload::Entry;
use crate::workload::predicate::{Ask, Predicate};
use crate::workload::shape::Shape;

/// A column with at most so many values may be a state that a partial index singles out.
const STATES_MAX: f64 = 20.0;

/// A predicate for partial indexes.
pub struct Partial {
    /// Position of the predicate in the shape.
    pub position: usize,
    /// The condition over the table (relation 0).
    pub predicate: Expr,
    /// Keys when the query asks nothing else: the primary key.
    pub fallback_keys: Vec<IndexKey>,
}

/// The predicates of a shape that could make an index partial.
pub fn partials(catalog: &Catalog, table: &Table, entry: &Entry, shape: &Shape) -> Vec<Partial> {
    if catalog.dialect.is_mysql_family() {
        return Vec::new();
    }
    let asked = shape.predicates.iter().enumerate();
    asked
        .filter(|(_, predicate)| !predicate.is_implied && is_state(table, entry, predicate))
        .filter_map(|(position, predicate)| {
            let condition = at_relation(&predicate.clause, 0);
            let fits = is_immutable(&condition, table, catalog.dialect)
                && print_expr(&condition, table, catalog.dialect).is_some();
            let fallback_keys = primary_keys(table);
            fits.then_some(Partial { position, predicate: condition, fallback_keys })
        })
        .collect()
}

/// Is it a state of the row that every call names alike?
fn is_state(table: &Table, entry: &Entry, predicate: &Predicate) -> bool {
    let Expr::Column(column) = strip(&predicate.key) else { return false };
    let position = usize::from(column.column);
    let Some(definition) = table.columns.get(position) else { return false };
    match &predicate.ask {
        Ask::Truth(_) => true,
        Ask::IsNull => !definition.not_null,
        Ask::IsNotNull => column_info(table, position).null_frac > 0.3,
        Ask::Compare(CompareOp::Eq, value) => {
            let Expr::Literal(literal) = strip(value) else { return false };
            has_few_values(table, position) && is_same_in_all_calls(entry, literal)
        }
        _ => false,
    }
}

/// By statistics; without them, by a default that is a literal (`status text DEFAULT 'open'`), an
/// enum, or a CHECK that lists the values.
fn has_few_values(table: &Table, position: usize) -> bool {
    let Some(definition) = table.columns.get(position) else { return false };
    let info = column_info(table, position);
    if info.is_unique {
        return false;
    }
    let is_number = family(&definition.data_type) == TypeFamily::Number;
    if !is_number && definition.statistics.as_ref().is_some_and(|s| s.n_distinct.is_some()) {
        return info.n_distinct <= STATES_MAX;
    }
    let has_literal_default = definition.default.as_deref().is_some_and(|default| {
        let text = default.trim_start().starts_with('\'') && !default.starts_with("''");
        text || matches!(default.trim(), "0" | "1")
    });
    let has_list = table.checks.iter().any(|check| lists_values(&check.condition, position));
    match family(&definition.data_type) {
        TypeFamily::Text => {
            has_literal_default || has_list || definition.data_type.starts_with("enum")
        }
        // A number with few values is a reference more often than a state.
        TypeFamily::Number => has_literal_default || has_list,
        // A type nobody knows is an enum more often than not.
        TypeFamily::Other => has_literal_default,
        _ => false,
    }
}

fn lists_values(condition: &Expr, position: usize) -> bool {
    let mut found = false;
    condition.walk(&mut |part| {
        let key = match part {
            Expr::InList { expr, negated: false, .. } => Some(expr),
            Expr::AnyAll { left, all: false, .. } => Some(left),
            _ => None,
        };
        if let Some(Expr::Column(column)) = key.map(|key| strip(key)) {
            found |= usize::from(column.column) == position;
        }
    });
    found
}

/// The literal stands at positions of the statement where no call had another.
fn is_same_in_all_calls(entry: &Entry, literal: &Literal) -> bool {
    let text = match literal {
        Literal::Null => return false,
        Literal::Bool(value) => value.to_string(),
        Literal::Number(text) | Literal::Text(text) => text.clone(),
    };
    let bare = |seen: &str| seen.trim_matches('\'').replace("''", "'").eq_ignore_ascii_case(&text);
    entry
        .literals
        .iter()
        .filter(|seen| seen.iter().any(|(value, _)| bare(value)))
        .all(|seen| seen.iter().all(|(value, _)| bare(value)))
}

fn primary_keys(table: &Table) -> Vec<IndexKey> {
    let primary = table.indexes.iter().find(|index| index.primary);
    let columns =
        primary.into_iter().flat_map(|index| &index.keys).filter_map(|key| match key.part {
            KeyPart::Column(column) => Some(column_key(column)),
            KeyPart::Expr(..) => None,
        });
    let keys: Vec<IndexKey> = columns.collect();
    match (keys.is_empty(), table.rowid_column) {
        (true, Some(column)) => vec![column_key(column)],
        _ => keys,
    }
}
