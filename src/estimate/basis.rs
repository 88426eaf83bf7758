//! Where a number comes from. Every estimate carries it, every view shows it.

use serde::{Deserialize, Serialize};

/// Where a number comes from, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Measured: a log, a counter, a file size.
    Measured,
    /// From a pasted plan.
    Plan,
    /// From statistics, or computed from them.
    Statistics,
    /// From a constraint (unique, foreign key, not null).
    Constraint,
    /// Nothing was given; a stated default.
    Default,
}

/// A number and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its basis.
    pub basis: Basis,
}
