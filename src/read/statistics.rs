//! What is known of the data, as PostgreSQL keeps it in `pg_class` and `pg_stats`.

pub use super::settings::Settings;

/// Size of a table and what is written to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableStatistics {
    /// Rows.
    pub reltuples: Option<f64>,
    /// Pages of the heap.
    pub relpages: Option<f64>,
    /// Pages that are all-visible.
    pub relallvisible: Option<f64>,
    /// Bytes of the heap.
    pub size_bytes: Option<f64>,
    /// Rows inserted since the counters were reset.
    pub n_tup_ins: Option<f64>,
    /// Rows updated.
    pub n_tup_upd: Option<f64>,
    /// Rows updated without touching an index.
    pub n_tup_hot_upd: Option<f64>,
    /// Rows deleted.
    pub n_tup_del: Option<f64>,
    /// Sequential scans.
    pub seq_scan: Option<f64>,
    /// FILLFACTOR in percent.
    pub fillfactor: Option<f64>,
    /// Where the figures come from, for the basis of every number made of them.
    pub origin: Option<Origin>,
}

/// Which text a statistic comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A pasted statistics export.
    Statistics,
    /// A pasted plan.
    Plan,
    /// Rows counted in the paste (COPY, INSERT).
    Counted,
}

/// A row of `pg_stats`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnStatistics {
    /// Fraction of NULLs.
    pub null_frac: Option<f64>,
    /// Bytes.
    pub avg_width: Option<f64>,
    /// Distinct values; negative means a fraction of the rows.
    pub n_distinct: Option<f64>,
    /// Most common values in their text form.
    pub most_common_vals: Vec<String>,
    /// Their frequencies.
    pub most_common_freqs: Vec<f64>,
    /// Histogram bounds in their text form.
    pub histogram_bounds: Vec<String>,
    /// Correlation of the physical with the logical order.
    pub correlation: Option<f64>,
}

/// What the server says of an index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexStatistics {
    /// Pages.
    pub relpages: Option<f64>,
    /// Entries.
    pub reltuples: Option<f64>,
    /// Bytes.
    pub size_bytes: Option<f64>,
    /// Levels above the leaves.
    pub tree_height: Option<f64>,
    /// Scans since the counters were reset.
    pub idx_scan: Option<f64>,
    /// Statistics of its expressions, by key position.
    pub expressions: Vec<(usize, ColumnStatistics)>,
}

/// CREATE STATISTICS, with values where exported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtendedStatistics {
    /// Table name.
    pub table: String,
    /// Column names.
    pub columns: Vec<String>,
    /// `ndistinct` as `{"1, 2": n}`: column names and distinct count.
    pub n_distinct: Vec<(Vec<String>, f64)>,
    /// Functional dependencies: from, to, degree.
    pub dependencies: Vec<(Vec<String>, String, f64)>,
}
