//! How far an analysis is.

use serde::{Deserialize, Serialize};

/// The stages in the order the data flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Recognising and reading the texts; unit: bytes.
    Read,
    /// Building the catalog and binding the queries; unit: statements.
    Bind,
    /// Planning every query with the existing indexes; unit: queries.
    Plan,
    /// Looking for better indexes; unit: candidates.
    Advise,
    /// Writing the report; unit: findings.
    Report,
}

/// Told how far an analysis is; called often, so it must be cheap.
pub trait Progress {
    /// `done` of `total` units of `stage`.
    fn at(&mut self, stage: Stage, done: usize, total: usize);
}

/// Ignores it.
pub struct Silent;

impl Progress for Silent {
    fn at(&mut self, _stage: Stage, _done: usize, _total: usize) {}
}
