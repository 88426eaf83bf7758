//! What the users decided about single indexes, as positions of candidates.

use super::candidate::Candidate;
use super::standing::{Decisions, Standing};
use super::whatif::{Set, WhatIf};
use crate::catalog::build::hypothetical::IndexChange;
use crate::input::Verdict;

/// What was decided before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decided {
    /// These will be created.
    pub accepted: Set,
    /// These will not, or not now.
    pub refused: Set,
}

/// Makes candidates of the decisions that stand. One about an index that cannot be is left to
/// [`trial`](super::trial), which says why; one about an index that goes changes no choice.
pub fn decided(whatif: &mut WhatIf<'_>, decisions: &Decisions) -> Decided {
    let mut out = Decided::default();
    for (report, change) in decisions.changes() {
        let IndexChange::Create(table, index) = change else { continue };
        if report.standing != Standing::Stands {
            continue;
        }
        let candidate = Candidate { table: *table, index: (**index).clone(), is_ordered: false };
        let at = whatif.add(candidate);
        match report.decision.verdict {
            Verdict::Accept => out.accepted.insert(at),
            Verdict::Reject | Verdict::Defer => out.refused.insert(at),
        };
    }
    out
}
