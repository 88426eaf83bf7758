//! The comparison as plain data: part of the report.

use serde::{Deserialize, Serialize};

use super::locks::StatementReport;
use crate::estimate::Basis;
use crate::read::plan_node::PlanNode;

/// Today's schema against the proposed one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Against {
    /// What is proposed is a whole schema; else statements that change today's.
    pub is_schema: bool,
    /// Every query, what loses first.
    pub queries: Vec<ComparedQuery>,
    /// The statements of the migration; of two schemas, those that lead from one to the other.
    pub statements: Vec<StatementReport>,
    /// Indexes that come, go or change.
    pub indexes: Vec<ComparedIndex>,
    /// What differs between the schemas.
    pub differences: Vec<Difference>,
    /// Cost of the queries planned on both sides, weighted by calls: today.
    pub cost_before: f64,
    /// And with what is proposed.
    pub cost_after: f64,
    /// Bytes of new indexes.
    pub added_bytes: f64,
    /// Bytes of indexes that go.
    pub freed_bytes: f64,
}

/// A query on both sides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ComparedQuery {
    /// Its id.
    pub id: String,
    /// Its name in the source.
    pub name: Option<String>,
    /// Calls.
    pub calls: f64,
    /// What the change means to it.
    pub verdict: Verdict,
    /// What it loses, in words: `orders: its index-only scan`.
    pub lost: Vec<String>,
    /// Modelled cost of one call today.
    pub cost_before: Option<f64>,
    /// Modelled cost of one call with what is proposed.
    pub cost_after: Option<f64>,
    /// How each table is reached today.
    pub access_before: Vec<Access>,
    /// How each table is reached with what is proposed.
    pub access_after: Vec<Access>,
    /// The modelled plan of today, where it changes.
    pub plan_before: Option<PlanNode>,
    /// The modelled plan with what is proposed, where it changes.
    pub plan_after: Option<PlanNode>,
    /// An index that goes, and that would bring back today's cost if it stayed.
    pub repair: Option<Repair>,
    /// Why it cannot be planned.
    pub error: Option<String>,
}

/// What would bring back the cost of today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// The index that goes.
    pub index: String,
    /// Its table.
    pub table: String,
    /// Cost of one call if it stayed.
    pub cost: f64,
}

/// What a change of schema means to a query. Ordered: the worst first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It names something that is gone.
    Breaks,
    /// It finds its rows by a worse way.
    Loses,
    /// It finds its rows as before but has to sort.
    LosesSort,
    /// It finds its rows as before but has to visit the table.
    LosesIndexOnly,
    /// Cheaper.
    Gains,
    /// It names something that only the proposed schema has.
    New,
    /// No dearer and no cheaper.
    #[default]
    Same,
    /// It is planned on neither side.
    Unknown,
}

impl Verdict {
    /// All, the worst first.
    pub const ALL: [Verdict; 8] = [
        Verdict::Breaks,
        Verdict::Loses,
        Verdict::LosesSort,
        Verdict::LosesIndexOnly,
        Verdict::Gains,
        Verdict::New,
        Verdict::Same,
        Verdict::Unknown,
    ];

    /// As it is in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Breaks => "breaks",
            Verdict::Loses => "loses",
            Verdict::LosesSort => "loses-sort",
            Verdict::LosesIndexOnly => "loses-index-only",
            Verdict::Gains => "gains",
            Verdict::New => "new",
            Verdict::Same => "same",
            Verdict::Unknown => "unknown",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Breaks => "breaks",
            Verdict::Loses => "loses",
            Verdict::LosesSort => "loses only its sort order",
            Verdict::LosesIndexOnly => "loses only its index-only scan",
            Verdict::Gains => "gains",
            Verdict::New => "new",
            Verdict::Same => "same",
            Verdict::Unknown => "not planned",
        }
    }

    /// Is the query worse off?
    pub fn is_loss(self) -> bool {
        self <= Verdict::LosesIndexOnly
    }
}

/// How a query reaches a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Access {
    /// Table.
    pub table: String,
    /// Alias.
    pub alias: String,
    /// `seq-scan`, `index-scan`, `index-only-scan`, `bitmap-scan`.
    pub path: String,
    /// Indexes used.
    pub indexes: Vec<String>,
}

/// What happens to an index or another part of the schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Happens {
    /// It is new.
    #[default]
    Added,
    /// It is gone.
    Dropped,
    /// It is another one under the same name.
    Changed,
    /// It has another name.
    Renamed,
}

impl Happens {
    /// As it is in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Happens::Added => "added",
            Happens::Dropped => "dropped",
            Happens::Changed => "changed",
            Happens::Renamed => "renamed",
        }
    }
}

/// An index that comes or goes; one that changes does both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedIndex {
    /// Added or dropped.
    pub happens: Happens,
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// `(a, b DESC) INCLUDE (c)`.
    pub shape: String,
    /// Bytes it takes or frees.
    pub size_bytes: f64,
    /// Where the size comes from.
    pub size_basis: Basis,
    /// Cost of keeping it up to date, per 1000 rows written, in planner units.
    pub write_cost: f64,
    /// Queries whose modelled plan uses it: of the proposed side if added, of today's if dropped.
    pub used_by: Vec<String>,
    /// The index that makes it redundant, or that it makes redundant, in words.
    pub redundant: Option<String>,
    /// Behind a constraint: it is there for more than reads.
    pub constraint: bool,
}

/// One difference between the schemas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// `table`, `column`, `index`, `constraint` or `view`.
    pub kind: String,
    /// What happens to it.
    pub happens: Happens,
    /// The table it is about.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What it was.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Option<String>,
}
