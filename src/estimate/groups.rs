//! How many groups GROUP BY or DISTINCT makes. After PostgreSQL's `estimate_num_groups`.

use super::selectivity::Scope;
use crate::sql::expr::Expr;

/// Groups of `rows` input rows. Columns of one relation multiply, at most its rows (a tenth of them
/// when there is more than one column); a relation that was filtered yields
/// `n * (1 - ((N - p) / N)^(N / n))` of its n values when p of its N rows are left. `relation_rows`
/// gives (N, p) of a relation.
pub fn group_count(
    scope: &Scope<'_>,
    keys: &[Expr],
    rows: f64,
    relation_rows: &dyn Fn(u16) -> (f64, f64),
) -> f64 {
    let mut by_relation: Vec<(Option<u16>, Vec<f64>)> = Vec::new();
    for key in keys {
        let columns = key.columns();
        if columns.is_empty() {
            continue;
        }
        let relation = columns.first().map(|column| column.relation);
        let distinct = match scope.info(key) {
            Some(info) => info.n_distinct + if info.null_frac > 0.0 { 1.0 } else { 0.0 },
            None => super::column::DEFAULT_NUM_DISTINCT,
        };
        match by_relation.iter_mut().find(|(known, _)| *known == relation) {
            Some((_, counts)) => counts.push(distinct),
            None => by_relation.push((relation, vec![distinct])),
        }
    }
    let mut groups = 1.0;
    for (relation, counts) in by_relation {
        let (all, left) = relation.map_or((rows, rows), relation_rows);
        let largest = counts.iter().copied().fold(1.0, f64::max);
        let mut distinct: f64 = counts.iter().product();
        let cap = if counts.len() > 1 { (all * 0.1).max(largest) } else { all };
        distinct = distinct.min(cap).max(1.0);
        if left < all && all > 0.0 {
            distinct *= 1.0 - libm::pow((all - left) / all, all / distinct);
        }
        groups *= distinct.max(1.0);
    }
    groups.min(rows).max(1.0).ceil()
}

/// `estimate_num_groups`: distinct combinations of expressions among so many rows.
pub fn num_groups(scope: &Scope<'_>, exprs: &[&Expr], rows: f64) -> f64 {
    let keys: Vec<Expr> = exprs.iter().map(|expr| (*expr).clone()).collect();
    group_count(scope, &keys, rows, &|relation| {
        let relation = scope.relations.get(usize::from(relation));
        relation.map_or((rows, rows), |relation| (relation.tuples, relation.rows))
    })
}
