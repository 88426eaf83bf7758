//! What the readers of plans have in common: walk a segment, keep each plan with its place.

use super::facts::PastedPlan;
use super::{Facts, Segment};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::lines;

/// Plans found at one place.
#[derive(Debug, Default)]
pub struct Found {
    /// The plans; none when the place announced one that could not be read.
    pub plans: Vec<PastedPlan>,
    /// The query above them.
    pub query: Option<String>,
    /// What was strange; places are added later.
    pub remarks: Vec<Diagnostic>,
    /// Byte offset of the plan (or its frame).
    pub body: usize,
    /// One past its last byte.
    pub end: usize,
}

/// Reads every plan of a segment; `find` looks at the line at a byte offset.
pub fn read_plans(
    segment: &Segment<'_>,
    facts: &mut Facts,
    find: fn(text: &str, at: usize) -> Option<Found>,
) {
    let text = segment.text();
    let mut next = 0;
    for (at, _) in lines(text) {
        if at < next {
            continue;
        }
        let Some(found) = find(text, at) else { continue };
        next = found.end;
        let place = segment.source.place(segment.span.start + found.body);
        if found.plans.is_empty() {
            facts.skipped += 1;
        }
        for remark in found.remarks {
            facts.diagnostics.push(remark.at(place.clone()));
        }
        for mut plan in found.plans {
            plan.query = plan.query.or_else(|| found.query.clone()).filter(|q| !q.is_empty());
            plan.source = Some(place.clone());
            facts.plans.push(plan);
            facts.entries += 1;
        }
    }
}

/// The remark that something looked like a plan and was none.
pub fn not_understood(what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Severity::Error, "plan-not-understood", what).help(help)
}

/// The remark that a plan breaks off.
pub fn cut_off() -> Diagnostic {
    let message = "the plan breaks off; what stands before is kept";
    Diagnostic::new(Severity::Warning, "plan-cut-off", message).help("paste the whole output")
}
