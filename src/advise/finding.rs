//! One suggestion or remark, as the report shows it.

use serde::{Deserialize, Serialize};

use super::break_even::BreakEven;
use super::change::Change;
use crate::diagnostic::Place;
use crate::estimate::Basis;

/// One suggestion or remark.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `missing-index`, `redundant-index`, ...
    pub code: String,
    /// How much it matters.
    pub severity: Importance,
    /// One line.
    pub title: String,
    /// Table it is about.
    pub table: Option<String>,
    /// Existing indexes it is about.
    pub indexes: Vec<String>,
    /// Statements that apply it.
    pub create: Vec<String>,
    /// Statements that apply it, dropping.
    pub drop: Vec<String>,
    /// Statements that undo it.
    pub reverse: Vec<String>,
    /// The statements of `create` and `drop` taken apart, for tools with words of their own.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Query ids it is about.
    pub queries: Vec<String>,
    /// Bytes added (create) or freed (drop).
    pub size_bytes: Option<f64>,
    /// Cost of keeping it up to date, per 1000 rows written, in planner units.
    pub write_cost: Option<f64>,
    /// Cost of its queries before, weighted by calls.
    pub cost_before: Option<f64>,
    /// And after.
    pub cost_after: Option<f64>,
    /// How sure.
    pub confidence: Confidence,
    /// Of a drop: what says so.
    #[serde(default)]
    pub grounds: Option<Grounds>,
    /// Why: evidence, one sentence each; derivation step by step.
    pub reasons: Vec<String>,
    /// What to do, where it is more than running the statements.
    pub advice: Vec<String>,
    /// Where it starts or stops paying; what rests on a default first.
    #[serde(default)]
    pub break_even: Vec<BreakEven>,
    /// What it rests on.
    pub assumptions: Vec<Assumption>,
    /// Runners-up.
    pub alternatives: Vec<Alternative>,
    /// Places in the input that show it.
    pub places: Vec<Place>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Importance {
    /// Large gain or a mistake.
    High,
    /// Worth doing.
    Medium,
    /// Small, or a remark.
    #[default]
    Low,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Follows from structure or measured facts alone.
    High,
    /// Rests on statistics.
    Medium,
    /// Rests on defaults.
    #[default]
    Low,
}

/// What says that an index is not needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grounds {
    /// Another index does all that it does, whatever is asked.
    Structure,
    /// The server's counters.
    Counters,
    /// The modelled plans and the statistics.
    Model,
}

/// Something a finding takes for granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assumption {
    /// What is assumed.
    pub text: String,
    /// On which basis.
    pub basis: Basis,
    /// The query that gives the fact.
    pub replace_with: Option<String>,
}

/// An index that was considered and lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// CREATE INDEX.
    pub create: String,
    /// Cost of the finding's queries with it.
    pub cost_after: Option<f64>,
    /// Why it lost.
    pub why_not: String,
}
