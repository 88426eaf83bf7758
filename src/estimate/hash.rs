//! How evenly a hash table's rows spread over its buckets.

use super::scope::Scope;
use crate::sql::expr::Expr;

/// `estimate_hash_bucket_stats`: the frequency of the most common value, and the part of all rows in
/// the bucket of an average row.
pub fn bucket_stats(scope: &Scope<'_>, expr: &Expr, nbuckets: f64) -> (f64, f64) {
    let Some(info) = scope.info(expr) else { return (0.0, 0.1) };
    let distinct = info.n_distinct.max(1.0);
    let common = info.statistics.and_then(|s| s.most_common_freqs.first()).copied();
    let common = common.unwrap_or(0.0);
    let mut size = if distinct > nbuckets { 1.0 / nbuckets } else { 1.0 / distinct };
    let average = (1.0 - info.null_frac) / distinct;
    if average > 0.0 && common > average {
        size *= common / average;
    }
    (common, size.clamp(1.0e-6, 1.0))
}
