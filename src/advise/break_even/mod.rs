//! Where a suggestion starts or stops paying: its uncertain inputs are varied one by one, and its
//! queries planned again with and without it, all other suggestions in place. It pays while some query
//! gets cheaper by more than noise and all together save more than the writes cost.
//!
//! Three inputs: the rows of the table (as dense as now), the part of them that the conditions of the
//! scan find, and the calls for each row written, which needs no planner. What rests on a default leads,
//! and takes confidence where the threshold is near.

mod inputs;
mod matching;
mod trial;
mod words;

use serde::{Deserialize, Serialize};

use self::inputs::{calls, rows};
use self::matching::matching;
use self::trial::Trial;
use super::{Confidence, Context, Finding};
use crate::catalog::Index;
use crate::estimate::Basis;
use crate::limits;
use crate::order;

/// Nearer than so many times, a default decides.
const NEAR_DEFAULT: f64 = 10.0;

/// Nearer than so many times, what was counted once may not hold any more.
const NEAR_COUNTED: f64 = 2.0;

/// A threshold of one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BreakEven {
    /// What is varied.
    pub input: Input,
    /// In words: `pays above about 4 000 rows of orders (100 000 by default)`.
    pub text: String,
    /// It pays above this.
    pub low: Option<f64>,
    /// It pays below this.
    pub high: Option<f64>,
    /// What the review takes the input for; none when nothing is known.
    pub current: Option<f64>,
    /// Where that comes from.
    pub basis: Basis,
}

/// What is varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Input {
    /// Rows of the table.
    Rows,
    /// The part of the rows that the scan's conditions find, 0 to 1.
    Matching,
    /// Calls of its queries for each row written.
    Calls,
}

impl BreakEven {
    /// How many times the input may change until it no longer pays; infinite where nothing is near.
    pub fn distance(&self) -> f64 {
        let Some(current) = self.current.filter(|current| *current > 0.0) else {
            return f64::INFINITY;
        };
        let down = self.low.filter(|low| *low > 0.0).map_or(f64::INFINITY, |low| current / low);
        let up = self.high.map_or(f64::INFINITY, |high| high / current);
        down.min(up).max(1.0)
    }

    fn is_near(&self) -> bool {
        let near = if self.basis == Basis::Default { NEAR_DEFAULT } else { NEAR_COUNTED };
        self.distance() < near
    }
}

/// Suggestions of which nobody has asked yet where they stop paying; one at a time, so that the next wish
/// need not wait for all.
#[derive(Default)]
pub struct Unargued {
    suggested: Vec<(usize, Index)>,
    /// Position of the next finding.
    next: usize,
    work_left: usize,
}

impl Unargued {
    /// All of what is suggested.
    pub fn all(suggested: &[(usize, Index)]) -> Unargued {
        let work_left = limits::BREAK_EVEN_WORK_MAX;
        Unargued { suggested: suggested.to_vec(), next: 0, work_left }
    }

    /// Adds the thresholds to the next finding that creates an index, while the planner may be asked.
    /// `false`: there is none.
    pub fn argue(&mut self, context: &Context<'_>, findings: &mut [Finding]) -> bool {
        while let Some(finding) = findings.get_mut(self.next) {
            self.next += 1;
            let creates = |index: &Index| finding.create.contains(&index.definition);
            let own = self.suggested.iter().position(|(_, index)| creates(index));
            let Some(at) = own.filter(|_| finding.code == "missing-index") else { continue };
            let mut trial =
                Trial::new(context, &self.suggested, at, &finding.queries, self.work_left);
            finding.break_even = thresholds(&mut trial);
            self.work_left = trial.work_left;
            lower_confidence(finding);
            return true;
        }
        false
    }
}

fn thresholds(trial: &mut Trial<'_>) -> Vec<BreakEven> {
    let Some(now) = trial.balance().filter(trial::Balance::pays) else { return Vec::new() };
    let mut out: Vec<BreakEven> = Vec::new();
    out.extend(rows(trial));
    out.extend(matching(trial));
    out.extend(calls(trial, &now));
    order::sort_by_key(&mut out, |one| {
        (one.basis != Basis::Default || one.input == Input::Calls, one.input)
    });
    out
}

fn lower_confidence(finding: &mut Finding) {
    for one in finding.break_even.iter().filter(|one| one.is_near()) {
        finding.confidence = match (one.basis, finding.confidence) {
            (Basis::Default, _) => Confidence::Low,
            (_, Confidence::High) => Confidence::Medium,
            (_, other) => other,
        };
    }
}
