//! Why an index has its keys in this order: one step a key, each with the queries that ask for it.

use super::ddl::{column_name, key_text, part_text};
use super::print::print_expr;
use crate::catalog::{Catalog, Index, Table};
use crate::estimate::selectivity::predicate_selectivity;
use crate::order;
use crate::plan::index_match::{IndexMatch, wanted_order};
use crate::sql::schema::Method;
use crate::workload::shape::Shape;

/// A query that an index serves, seen from its table.
pub struct Served {
    /// `q1`, or its name.
    pub query: String,
    /// What it asks of the table, or an arm of an OR in it.
    pub shape: Shape,
    /// What the index does for it.
    pub found: IndexMatch,
}

/// What one key does for one query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Equality,
    Join,
    Several,
    Range,
    Inside,
    Limited,
    Order,
    Filter,
}

/// The derivation of an index that serves the given queries.
pub fn derive(catalog: &Catalog, table: &Table, index: &Index, served: &[Served]) -> Vec<String> {
    let mut steps = Vec::new();
    let mut n_equal = 0;
    for (position, key) in index.keys.iter().enumerate() {
        let uses = uses_of(position, index, served);
        let name = key_text(table, key, catalog.dialect);
        let Some(text) = step_text(&uses, position) else {
            let why = match served.iter().any(|one| one.found.is_covering) {
                true => "carried along so that the heap is not read",
                false => "any key would do, the condition below finds the rows",
            };
            steps.push(format!("{}. {name}: {why}", position + 1));
            continue;
        };
        let is_equality = uses.iter().any(|(kind, _)| *kind <= Use::Several);
        n_equal += usize::from(is_equality);
        let note = match (is_equality, n_equal) {
            (true, 2) => "; among equalities the order is free: first what the most queries share",
            _ => "",
        };
        steps.push(format!("{}. {name}: {text}{note}", position + 1));
    }
    steps.extend(behind_keys(catalog, table, index, served));
    steps
}

/// INCLUDE and WHERE.
fn behind_keys(catalog: &Catalog, table: &Table, index: &Index, served: &[Served]) -> Vec<String> {
    let mut steps = Vec::new();
    if !index.include.is_empty() {
        let columns: Vec<String> =
            index.include.iter().map(|c| column_name(table, *c, catalog.dialect)).collect();
        let covered = served.iter().filter(|one| one.found.is_covering);
        let queries = list(covered.map(|one| one.query.as_str()));
        steps.push(format!(
            "INCLUDE ({}): with them the index alone answers {queries}, and the heap is not visited",
            columns.join(", ")
        ));
    }
    if let Some(predicate) = &index.predicate {
        let text = print_expr(predicate, table, catalog.dialect).unwrap_or_default();
        let queries = list(served.iter().map(|one| one.query.as_str()));
        let part = predicate_selectivity(table, index) * 100.0;
        steps.push(format!(
            "WHERE {text}: asked alike in every call of {queries}, so the index holds only these rows \
             (about {part:.1} % of the table)"
        ));
    }
    steps
}

fn uses_of(position: usize, index: &Index, served: &[Served]) -> Vec<(Use, String)> {
    let mut uses = Vec::new();
    for one in served {
        let found = &one.found;
        let asked = |list: &[(usize, usize)]| -> Vec<usize> {
            list.iter().filter(|(key, _)| *key == position).map(|(_, at)| *at).collect()
        };
        let bound = asked(&found.boundary);
        let filters = asked(&found.in_index);
        let kind = bound.iter().filter_map(|at| one.shape.predicates.get(*at)).map(|predicate| {
            match (predicate.is_equality(), predicate.is_join(), predicate.is_single_value()) {
                (true, true, _) => Use::Join,
                (true, false, true) => Use::Equality,
                (true, false, false) => Use::Several,
                _ if index.method != Method::Btree => Use::Inside,
                _ => Use::Range,
            }
        });
        let kind = kind.min();
        let is_order = found.n_ordered > 0 && orders(position, index, &one.shape, found);
        let kind = match kind {
            Some(kind) if kind < Use::Range || !is_order => Some(kind),
            _ if is_order && one.shape.limit.is_some() => Some(Use::Limited),
            _ if is_order => Some(Use::Order),
            _ => (!filters.is_empty()).then_some(Use::Filter),
        };
        uses.extend(kind.map(|kind| (kind, one.query.clone())));
    }
    order::sort(&mut uses);
    uses.dedup();
    uses
}

/// Is the key among those that deliver the order?
fn orders(position: usize, index: &Index, shape: &Shape, found: &IndexMatch) -> bool {
    position >= found.n_fixed
        && position < found.n_fixed + wanted_order(shape).len()
        && position < index.keys.len()
}

fn step_text(uses: &[(Use, String)], position: usize) -> Option<String> {
    let of = |kind: Use| {
        let mut queries: Vec<&str> =
            uses.iter().filter(|(k, _)| *k == kind).map(|(_, query)| query.as_str()).collect();
        queries.dedup();
        (!queries.is_empty()).then(|| list(queries.into_iter()))
    };
    let range = match position {
        0 => "range, which bounds the scan",
        _ => "range, behind the equalities, so that it bounds the scan too",
    };
    let mut says = Vec::new();
    for (kind, text) in [
        (Use::Equality, "equality"),
        (Use::Join, "equal to a column of another table, one descent a row"),
        (Use::Several, "one of several values, one descent a value"),
        (Use::Range, range),
        (Use::Inside, "searched for inside the values, which no B-tree can"),
        (Use::Limited, "delivers the order, so nothing is sorted and LIMIT stops early"),
        (Use::Order, "delivers the order, so nothing is sorted"),
        (Use::Filter, "checked in the index before the heap is visited"),
    ] {
        if let Some(queries) = of(kind) {
            says.push(format!("{text} ({queries})"));
        }
    }
    (!says.is_empty()).then(|| says.join("; "))
}

/// `q1, q2 and 3 more`.
pub fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN_MAX: usize = 5;
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    if names.len() <= SHOWN_MAX {
        return names.join(", ");
    }
    let shown: Vec<&str> = names.iter().take(SHOWN_MAX).copied().collect();
    format!("{} and {} more", shown.join(", "), names.len() - SHOWN_MAX)
}

/// Names of the keys, for a title: `user_id, created_at DESC`.
pub fn keys_text(catalog: &Catalog, table: &Table, index: &Index) -> String {
    let keys: Vec<String> =
        index.keys.iter().map(|key| key_text(table, key, catalog.dialect)).collect();
    keys.join(", ")
}

/// The first key alone.
pub fn first_key(catalog: &Catalog, table: &Table, index: &Index) -> String {
    let first = index.keys.first();
    first.map_or_else(String::new, |key| part_text(table, &key.part, catalog.dialect))
}
