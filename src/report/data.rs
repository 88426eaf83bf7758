//! The report: what `review --format json` prints and the page shows. Plain data with public fields;
//! a field without a value is null.

use serde::{Deserialize, Serialize};

pub use super::basis::TableBasis;
pub use super::compare::{Note, NoteKind};
pub use super::timeline::{Burst, TimelineReport, TimelineStep};
pub use super::writes::WriteReport;
pub use crate::advise::matrix::{Cell, Matrix, Role};
pub use crate::advise::{Alternative, Assumption, Confidence, Finding, Grounds, Importance};
pub use crate::advise::{DecisionReport, Number, Standing};
pub use crate::advise::{FrontPoint, FrontReport, Trial, TrialCost, TrialQuery};
pub use crate::against::{Access, Against};
use crate::diagnostic::{Diagnostic, Place};
use crate::dialect::Dialect;
pub use crate::estimate::Basis;
use crate::read::intake::InputReport;
use crate::read::plan_node::PlanNode;

/// Version of the JSON.
pub const FORMAT: &str = "sargable-review/1";

/// The whole review.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: String,
    /// The dialect reviewed.
    pub dialect: Dialect,
    /// What was read as what.
    pub inputs: Vec<InputReport>,
    /// Remarks on the input.
    pub diagnostics: Vec<Diagnostic>,
    /// Tables.
    pub tables: Vec<TableReport>,
    /// Existing indexes.
    pub indexes: Vec<IndexReport>,
    /// Queries, in source order.
    pub queries: Vec<QueryReport>,
    /// Findings, best first.
    pub findings: Vec<Finding>,
    /// Queries by indexes.
    pub matrix: Matrix,
    /// Pasted plans.
    pub plans: Vec<PlanReport>,
    /// When the queries ran, where a log says it.
    #[serde(default)]
    pub timeline: Option<TimelineReport>,
    /// What pasted plans measured was taken over as statistics.
    #[serde(default)]
    pub calibrated: bool,
    /// What other budgets would buy.
    #[serde(default)]
    pub front: FrontReport,
    /// What was tried, and what was decided against.
    #[serde(default)]
    pub trials: Vec<Trial>,
    /// Today's schema against the proposed one, where one is; the rest of the report is of that.
    #[serde(default)]
    pub against: Option<Against>,
    /// What was decided, and what became of it.
    #[serde(default)]
    pub decisions: Vec<DecisionReport>,
    /// Totals.
    pub summary: Summary,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableReport {
    /// Its name, with schema where written.
    pub name: String,
    /// Rows.
    pub rows: f64,
    /// Where the rows come from.
    pub rows_basis: Basis,
    /// Bytes of the heap.
    pub size_bytes: f64,
    /// Where the size comes from.
    pub size_basis: Basis,
    /// Columns: name and type.
    pub columns: Vec<(String, String)>,
    /// What writing its rows costs.
    #[serde(default)]
    pub writes: Option<WriteReport>,
    /// Where it is defined.
    pub source: Option<Place>,
}

/// An index, existing or suggested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexReport {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// CREATE INDEX statement, or the constraint as written.
    pub definition: String,
    /// Keys, INCLUDE and WHERE in short: `(bot_id, created_at DESC) WHERE active`.
    pub shape: String,
    /// UNIQUE or PRIMARY KEY.
    pub unique: bool,
    /// Backs a constraint.
    pub constraint: bool,
    /// Suggested by this review, not existing.
    pub suggested: bool,
    /// Bytes.
    pub size_bytes: f64,
    /// Where the size comes from.
    pub size_basis: Basis,
    /// Scans counted by the server.
    pub idx_scan: Option<f64>,
    /// Ids of the queries whose modelled plan uses it (after the review's suggestions if suggested,
    /// else before).
    pub used_by: Vec<String>,
    /// Where it is defined.
    pub source: Option<Place>,
}

/// A query of the workload.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct QueryReport {
    /// `q1`, ...
    pub id: String,
    /// Its name in the source.
    pub name: Option<String>,
    /// Fingerprint.
    pub fingerprint: String,
    /// The sample.
    pub sql: String,
    /// Normalised text, without literals.
    pub normalized: String,
    /// Calls.
    pub calls: f64,
    /// Mean time.
    pub mean_ms: Option<f64>,
    /// Fastest call.
    #[serde(default)]
    pub min_ms: Option<f64>,
    /// Slowest call.
    #[serde(default)]
    pub max_ms: Option<f64>,
    /// Standard deviation.
    #[serde(default)]
    pub stddev_ms: Option<f64>,
    /// Median, as all percentiles where every call was logged.
    #[serde(default)]
    pub p50_ms: Option<f64>,
    /// How many calls took how long: from, to, calls; where every call was logged.
    #[serde(default)]
    pub latency: Vec<(f64, f64, f64)>,
    /// 95th percentile.
    pub p95_ms: Option<f64>,
    /// 99th percentile.
    pub p99_ms: Option<f64>,
    /// Sum of times.
    pub total_ms: Option<f64>,
    /// Modelled cost of one call with the existing indexes.
    pub cost_before: Option<f64>,
    /// Modelled cost of one call with the suggestions applied.
    pub cost_after: Option<f64>,
    /// How each table is reached now.
    pub access_before: Vec<Access>,
    /// How each table is reached with the suggestions.
    pub access_after: Vec<Access>,
    /// The modelled plan now.
    pub plan_before: Option<PlanNode>,
    /// The modelled plan with the suggestions.
    pub plan_after: Option<PlanNode>,
    /// Remarks on the first, against the second.
    pub notes_before: Vec<Note>,
    /// Remarks on the second, against the first.
    pub notes_after: Vec<Note>,
    /// What the numbers of the plans rest on.
    pub basis: Vec<TableBasis>,
    /// Why it could not be planned.
    pub error: Option<String>,
    /// Where it stands.
    pub source: Option<Place>,
}

/// A pasted plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanReport {
    /// `plan 1`, ...
    pub id: String,
    /// The query it belongs to, where one of the workload matches.
    pub query: Option<String>,
    /// The query was found by its tables and conditions, not by its text.
    #[serde(default)]
    pub query_by_shape: bool,
    /// Has actual times or rows.
    pub analyze: bool,
    /// The tree.
    pub plan: PlanNode,
    /// Where the model disagrees with it.
    pub notes: Vec<Note>,
    /// `Execution Time`.
    pub execution_ms: Option<f64>,
    /// Where it stands.
    pub source: Option<Place>,
}

/// Totals.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Weighted by calls.
    pub cost_before: f64,
    /// Weighted by calls.
    pub cost_after: f64,
    /// Bytes of the suggested indexes.
    pub size_bytes: f64,
    /// The budget, where one was set.
    pub budget_bytes: Option<f64>,
    /// Queries read.
    pub n_queries: usize,
    /// Queries planned.
    pub n_understood: usize,
}
