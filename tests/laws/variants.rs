//! Variants of a case: larger tables, one condition less, one index more.

use sargable::catalog::{Catalog, Index, Table};
use sargable::sql::expr::Expr;
use sargable::sql::query::{JoinKind, JoinTree, Query};
use sargable::sql::schema::IndexKey;

/// All tables `factor` times as large, with the same statistics of their columns. All of them, because
/// where only a referenced table grows its rows are referenced less often, and joins rightly cost less.
pub fn larger(catalog: &Catalog, factor: f64) -> Catalog {
    let mut catalog = catalog.clone();
    let grow = |number: &mut Option<f64>| *number = number.map(|number| number * factor);
    for table in &mut catalog.tables {
        let statistics = &mut table.statistics;
        grow(&mut statistics.reltuples);
        grow(&mut statistics.relpages);
        grow(&mut statistics.relallvisible);
        grow(&mut statistics.size_bytes);
        for index in &mut table.indexes {
            grow(&mut index.statistics.reltuples);
            grow(&mut index.statistics.relpages);
            grow(&mut index.statistics.size_bytes);
        }
    }
    catalog
}

/// The query without one of the conditions in its WHERE or in an inner join, for each of them.
pub fn looser(query: &Query) -> Vec<Query> {
    let mut variants = Vec::new();
    for nth in 0.. {
        let mut variant = query.clone();
        let mut nth = nth;
        if !remove_nth(&mut variant.conditions, &mut nth)
            && !variant.from.iter_mut().any(|tree| remove_from(tree, &mut nth))
        {
            break;
        }
        variants.push(variant);
    }
    variants
}

/// Removes a condition from the inner joins of a tree, counting down to it.
fn remove_from(tree: &mut JoinTree, nth: &mut usize) -> bool {
    let JoinTree::Join { kind, left, right, on, .. } = tree else { return false };
    let is_inner = *kind == JoinKind::Inner;
    (is_inner && remove_nth(on, nth))
        || remove_from(left, nth)
        || (is_inner && remove_from(right, nth))
}

/// Removes the nth condition, or counts those there are.
fn remove_nth(conditions: &mut Vec<Expr>, nth: &mut usize) -> bool {
    if *nth < conditions.len() {
        conditions.remove(*nth);
        return true;
    }
    *nth -= conditions.len();
    false
}

/// An index over every column of a table that a query names, and over every pair of them if asked for.
pub fn possible_indexes(table: &Table, sql: &str, pairs: bool) -> Vec<Index> {
    let is_named =
        |name: &str| sql.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == name);
    let columns = table.columns.iter().enumerate();
    let named: Vec<usize> =
        columns.filter(|(_, column)| is_named(&column.name)).map(|(at, _)| at).collect();
    let index = |columns: &[usize]| Index {
        name: "thought_of".to_owned(),
        keys: columns.iter().map(|column| IndexKey::of_column(*column)).collect(),
        usable: true,
        hypothetical: true,
        ..Index::default()
    };
    let with_second = |first: &usize| {
        let (first, named) = (*first, named.clone());
        let second = named.into_iter().filter(move |second| pairs && *second != first);
        std::iter::once(vec![first]).chain(second.map(move |second| vec![first, second]))
    };
    named.iter().flat_map(with_second).map(|columns| index(&columns)).collect()
}
