//! What to do: one finding a file, each with its doc, its code and its cases.

pub mod asks;
pub mod candidate;
pub mod candidates;
pub mod covering;
pub mod ddl;
pub mod designs;
pub mod finding;
pub mod immutable;
pub mod inverted;
pub mod matrix;
pub mod partial;
pub mod print;
pub mod selection;
pub mod whatif;
pub mod writes;

pub use finding::{Alternative, Assumption, Confidence, Finding, Importance};

use crate::catalog::Catalog;
use crate::input::Options;
use crate::read::PastedPlan;
use crate::workload::Workload;

/// What every finding may look at.
pub struct Context<'a> {
    /// What exists.
    pub catalog: &'a Catalog,
    /// What is asked, bound to the catalog.
    pub workload: &'a Workload,
    /// Pasted plans.
    pub plans: &'a [PastedPlan],
    /// What the user asked for.
    pub options: &'a Options,
}

/// All findings, best first.
pub fn findings(_context: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}
