//! What is asked: the statements of the workload, folded by fingerprint, bound to the catalog.

pub mod bind;
pub mod bind_all;
pub mod equivalence;
pub mod fold;
pub mod predicate;
pub mod pull_up;
pub mod shape;
pub mod timeline;

use crate::diagnostic::Place;
use crate::read::Timing;
use crate::sql::query::Query;

/// The queries, most expensive first.
#[derive(Debug, Clone, Default)]
pub struct Workload {
    /// One entry a fingerprint.
    pub entries: Vec<Entry>,
    /// The entry that each statement as read is part of.
    pub entry_of: Vec<usize>,
}

/// All statements of one shape.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// `q1`, `q2` ... in source order.
    pub id: String,
    /// The name given in the source.
    pub name: Option<String>,
    /// 16 hex digits; equal for statements that differ only in literals, list lengths, case and space.
    pub fingerprint: String,
    /// Normalised text: literals as `?`.
    pub normalized: String,
    /// A sample as written, for planning: the one with literals if there is one.
    pub sql: String,
    /// Calls; 1 for each time it was written where the source has no counter.
    pub calls: f64,
    /// Whether `calls` is measured.
    pub calls_measured: bool,
    /// Timings summed over the calls.
    pub timing: Timing,
    /// Parameter values of the sample: `("$1", "'x'")`.
    pub parameters: Vec<(String, String)>,
    /// Literals seen per position over all statements with this fingerprint, with their calls.
    pub literals: Vec<Vec<(String, f64)>>,
    /// Rows per call, measured.
    pub rows: Option<f64>,
    /// The parsed and bound query; absent when it could not be understood.
    pub query: Option<Query>,
    /// Why `query` is absent, or what in it is in no schema.
    pub problem: Option<String>,
    /// Where the sample stands.
    pub source: Option<Place>,
}
