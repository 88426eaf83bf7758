//! What the users decided about single indexes, as positions of candidates.

use super::candidate::{Candidate, exists};
use super::whatif::{Set, WhatIf};
use crate::catalog::build::hypothetical::{IndexChange, read_change};
use crate::input::{Decision, Verdict};

/// What was decided before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decided {
    /// These will be created.
    pub accepted: Set,
    /// These will not, or not now.
    pub refused: Set,
}

/// Makes candidates of the decisions, but for those that have become true. One about an index that
/// cannot be is left to [`trial`](super::trial), which says why.
pub fn decided(whatif: &mut WhatIf<'_>, decisions: &[Decision]) -> Decided {
    let mut out = Decided::default();
    for decision in decisions {
        let Ok(IndexChange::Create(table, index)) =
            read_change(whatif.catalog, &decision.statement)
        else {
            continue;
        };
        let candidate = Candidate { table, index: *index, is_ordered: false };
        if exists(whatif.catalog, &candidate) {
            continue;
        }
        let at = whatif.add(candidate);
        match decision.verdict {
            Verdict::Accept => out.accepted.insert(at),
            Verdict::Reject | Verdict::Defer => out.refused.insert(at),
        };
    }
    out
}
