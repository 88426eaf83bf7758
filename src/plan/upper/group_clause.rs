//! GROUP BY and DISTINCT as lists of sort keys (`preprocess_groupclause` and
//! `remove_useless_groupby_columns` in `planner.c`, `transformGroupClause` and
//! `transformDistinctClause` in `parse_clause.c`).

use crate::plan::relation::BaseKind;
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::query::{SortKey, Target};
use crate::sql::schema::KeyPart;

/// A key in the default order.
pub fn plain_key(expr: &Expr) -> SortKey {
    SortKey { expr: expr.clone(), desc: false, nulls_first: None }
}

/// The key by which `order_by` sorts an expression, else the default order.
fn key_like(expr: &Expr, order_by: &[SortKey]) -> SortKey {
    order_by.iter().find(|key| key.expr == *expr).cloned().unwrap_or_else(|| plain_key(expr))
}

/// The same keys with repeated expressions left out.
fn distinct_keys(keys: impl Iterator<Item = SortKey>) -> Vec<SortKey> {
    let mut out: Vec<SortKey> = Vec::new();
    for key in keys {
        if !out.iter().any(|known| known.expr == key.expr) {
            out.push(key);
        }
    }
    out
}

/// GROUP BY as sort keys: without columns that others determine, in the order of ORDER BY where one
/// list begins with the other.
pub fn group_keys(root: &Root<'_>) -> Vec<SortKey> {
    let query = &root.query;
    let needed = needed_group_exprs(root);
    let keys = distinct_keys(needed.into_iter().map(|expr| key_like(expr, &query.order_by)));
    if !query.grouping_sets.is_empty() || query.order_by.is_empty() {
        return keys;
    }
    let order_by = distinct_keys(query.order_by.iter().cloned());
    let matching: Vec<SortKey> =
        order_by.iter().take_while(|key| keys.contains(key)).cloned().collect();
    let rest = keys.iter().filter(|key| !matching.contains(key));
    if matching.is_empty() || (matching.len() < order_by.len() && rest.clone().next().is_some()) {
        return keys;
    }
    matching.iter().chain(rest).cloned().collect()
}

/// The expressions of GROUP BY, in that order.
pub fn group_exprs(root: &Root<'_>) -> Vec<Expr> {
    group_keys(root).into_iter().map(|key| key.expr).collect()
}

/// `remove_useless_groupby_columns`: a table's primary key determines its other columns.
fn needed_group_exprs<'q>(root: &'q Root<'_>) -> Vec<&'q Expr> {
    let query = &root.query;
    let all: Vec<&Expr> = query.group_by.iter().collect();
    if all.len() < 2 || !query.grouping_sets.is_empty() {
        return all;
    }
    let position = |expr: &Expr| match expr {
        Expr::Column(column) if column.level == 0 => {
            Some((usize::from(column.relation), usize::from(column.column)))
        }
        _ => None,
    };
    let grouped: Vec<(usize, usize)> = all.iter().filter_map(|expr| position(expr)).collect();
    let is_surplus = |expr: &Expr| {
        let Some((relation, column)) = position(expr) else { return false };
        let Some(key) = primary_key(root, relation) else { return false };
        !key.contains(&column) && key.iter().all(|part| grouped.contains(&(relation, *part)))
    };
    all.into_iter().filter(|expr| !is_surplus(expr)).collect()
}

/// Columns of a table's primary key.
fn primary_key(root: &Root<'_>, relation: usize) -> Option<Vec<usize>> {
    let BaseKind::Table(table, _) = root.base(relation)?.kind else { return None };
    let index = table.indexes.iter().find(|index| index.primary)?;
    let column = |part: &KeyPart| match part {
        KeyPart::Column(column) => Some(*column),
        KeyPart::Expr(..) => None,
    };
    index.keys.iter().map(|key| column(&key.part)).collect()
}

/// DISTINCT as sort keys: those of ORDER BY first. Empty without DISTINCT.
pub fn distinct_clause(root: &Root<'_>) -> Vec<SortKey> {
    let query = &root.query;
    let Some(on) = &query.distinct else { return Vec::new() };
    if on.is_empty() {
        let targets = query.targets.iter().filter_map(|target| match target {
            Target::Expr(expr, _) => Some(plain_key(expr)),
            Target::Star(_) => None,
        });
        return distinct_keys(query.order_by.iter().cloned().chain(targets));
    }
    let leading = query.order_by.iter().take_while(|key| on.contains(&key.expr)).cloned();
    distinct_keys(leading.chain(on.iter().map(plain_key)))
}

/// Is it DISTINCT ON?
pub fn is_distinct_on(root: &Root<'_>) -> bool {
    root.query.distinct.as_ref().is_some_and(|on| !on.is_empty())
}
