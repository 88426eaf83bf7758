//! The comparisons of many queries as a few figures.

use super::Compared;

/// Shares are of 1, q-errors from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    pub n_queries: f64,
    pub n_unplanned: f64,
    pub n_scans: f64,
    pub scans: f64,
    pub n_joins: f64,
    pub joins: f64,
    pub methods: f64,
    pub rows_q50: f64,
    pub rows_q95: f64,
    pub top_q50: f64,
    pub top_q95: f64,
    /// Total cost within 10 %.
    pub cost_within10: f64,
}

/// A query without a plan has all its scans and joins and its cost wrong, and no q-error.
pub fn figures(queries: &[Compared]) -> Figures {
    let scans: Vec<_> = queries.iter().flat_map(|query| &query.scans).collect();
    let joins: Vec<_> = queries.iter().flat_map(|query| &query.joins).collect();
    let rows_q: Vec<f64> = scans.iter().filter_map(|scan| scan.rows_q).collect();
    let top_q: Vec<f64> = queries.iter().filter_map(|query| query.top_q).collect();
    let close = |query: &&Compared| query.cost_ratio.is_some_and(|r| (0.9..=1.1).contains(&r));
    Figures {
        n_queries: queries.len() as f64,
        n_unplanned: queries.iter().filter(|query| query.problem.is_some()).count() as f64,
        n_scans: scans.len() as f64,
        scans: share(scans.iter().filter(|scan| scan.right).count(), scans.len()),
        n_joins: joins.len() as f64,
        joins: share(joins.iter().filter(|join| join.same_sides).count(), joins.len()),
        methods: share(joins.iter().filter(|join| join.same_method).count(), joins.len()),
        rows_q50: percentile(&rows_q, 0.5),
        rows_q95: percentile(&rows_q, 0.95),
        top_q50: percentile(&top_q, 0.5),
        top_q95: percentile(&top_q, 0.95),
        cost_within10: share(queries.iter().filter(close).count(), queries.len()),
    }
}

/// The mean of every figure; of the numbers of things, their sum.
pub fn mean(of: &[Figures]) -> Figures {
    let sum = |figure: fn(&Figures) -> f64| of.iter().map(figure).sum::<f64>();
    let mean = |figure: fn(&Figures) -> f64| sum(figure) / of.len().max(1) as f64;
    Figures {
        n_queries: sum(|f| f.n_queries),
        n_unplanned: sum(|f| f.n_unplanned),
        n_scans: sum(|f| f.n_scans),
        scans: mean(|f| f.scans),
        n_joins: sum(|f| f.n_joins),
        joins: mean(|f| f.joins),
        methods: mean(|f| f.methods),
        rows_q50: mean(|f| f.rows_q50),
        rows_q95: mean(|f| f.rows_q95),
        top_q50: mean(|f| f.top_q50),
        top_q95: mean(|f| f.top_q95),
        cost_within10: mean(|f| f.cost_within10),
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// The value below which this share of all lies; 1, the best q-error, where there are none.
fn percentile(values: &[f64], share: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let at = (share * values.len() as f64) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(1.0)
}
