//! How evenly a hash table's rows spread over its buckets. After `estimate_hash_bucket_stats` of
//! `selfuncs.c`.

use super::scope::Scope;
use super::variable::clamp_rows;
use crate::sql::expr::Expr;

/// The frequency of the most common value, and the part of all rows that lie in the bucket of an
/// average row.
pub fn bucket_stats(scope: &Scope<'_>, expr: &Expr, nbuckets: f64) -> (f64, f64) {
    let variable = scope.variable(expr, None);
    let most = variable.common_frequencies().first().copied().unwrap_or(0.0);
    let (mut distinct, is_default) = variable.num_distinct();
    if is_default {
        return (most, if most > 0.1 { most } else { 0.1 });
    }
    let average = (1.0 - variable.null_frac()) / distinct;
    if let Some(rows) = variable.rows.filter(|_| variable.tuples > 0.0) {
        distinct = clamp_rows(distinct * (rows / variable.tuples));
    }
    let mut size = if distinct > nbuckets { 1.0 / nbuckets } else { 1.0 / distinct };
    if average > 0.0 && most > average {
        size *= most / average;
    }
    (most, size.clamp(1.0e-6, 1.0))
}
