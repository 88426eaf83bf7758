//! What to do: one finding a file, each with its doc, its code and its cases.

pub mod alternatives;
pub mod arms;
pub mod asks;
pub mod assumptions;
pub mod bound;
pub mod break_even;
pub mod candidate;
pub mod candidates;
pub mod change;
pub mod constant_order;
pub mod covering;
pub mod ddl;
pub mod decided;
pub mod derivation;
pub mod designs;
pub mod doubt;
pub mod drops;
pub mod duplicate_foreign_key;
pub mod duplicate_index;
pub mod finding;
pub mod focus;
pub mod front;
pub mod front_report;
pub mod grow;
pub mod immutable;
pub mod improve;
pub mod invalid_partial_predicate;
pub mod inverted;
pub mod low_value_index;
pub mod matrix;
pub mod missing_index;
pub mod needs;
pub mod numbers;
pub mod overlap;
pub mod partial;
pub mod pasted;
pub mod plans;
pub mod print;
pub mod redundant_index;
pub mod removal;
pub mod risk;
pub mod row_misestimate;
pub mod selection;
pub mod sequential_scan;
pub mod shrink;
pub mod sort_spill;
pub mod standing;
pub mod substitutes;
mod suggest;
pub mod trial;
pub mod unindexed_foreign_key;
pub mod unused_index;
pub mod whatif;
pub mod writes;

pub use break_even::{BreakEven, Unargued};
pub use change::{Action, Change};
pub use finding::{Alternative, Assumption, Confidence, Finding, Grounds, Importance};
pub use front_report::{FrontPoint, FrontReport};
pub use plans::Plans;
pub use standing::{DecisionReport, Number, Standing};
pub use trial::{Trial, TrialCost, TrialQuery};
pub use whatif::Memory;

use crate::sorted::SortedSet;

use crate::catalog::{Catalog, Index};
use crate::input::Options;
use crate::order;
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

/// What the advisor has to say.
#[derive(Debug, Default)]
pub struct Advice {
    /// All findings, best first.
    pub findings: Vec<Finding>,
    /// The suggested indexes by table, named; each is created by one of the findings.
    pub suggested: Vec<(usize, Index)>,
    /// Existing indexes that the modelled plans use: table and position.
    pub used_now: SortedSet<(usize, usize)>,
    /// The storage budget, where one is set.
    pub budget_bytes: Option<f64>,
    /// What other budgets would buy.
    pub front: FrontReport,
    /// What was tried, and what was decided against.
    pub trials: Vec<Trial>,
    /// What was decided, and what became of it.
    pub decisions: Vec<DecisionReport>,
}

/// Findings and the indexes they suggest. `memory` is of earlier reviews of the same input.
pub fn advise(context: &Context<'_>, memory: &mut Memory) -> Advice {
    let mut advice = draft(context, memory);
    let mut unargued = Unargued::all(&advice.suggested);
    while unargued.argue(context, &mut advice.findings) {}
    advice
}

/// The same, but nobody has asked yet where a suggestion stops paying, and its confidence leaves that out.
pub fn draft(context: &Context<'_>, memory: &mut Memory) -> Advice {
    let mut decisions = standing::Decisions::new(context, &mut memory.plans);
    let mut advice = suggest::suggest(context, &decisions, memory);
    advice.trials = trial::trials(context, &advice.suggested, &mut memory.plans);
    let more = [
        duplicate_index::find(context),
        redundant_index::find(context),
        duplicate_foreign_key::find(context),
        unindexed_foreign_key::find(context, &advice.suggested),
        unused_index::find(context),
        invalid_partial_predicate::find(context),
        low_value_index::find(context, &advice.used_now),
        constant_order::find(context),
        sequential_scan::find(context, &advice.suggested),
        sort_spill::find(context),
        row_misestimate::find(context),
    ];
    advice.findings.extend(more.into_iter().flatten());
    decisions.settle(context.catalog, &mut advice.findings);
    advice.decisions = decisions.reports;
    order::sort_by(&mut advice.findings, by_benefit);
    drops::weigh(context, &mut advice, &mut memory.plans);
    for finding in &mut advice.findings {
        // Of a finding that came to keep its index only the words stay.
        let Finding { create, drop, changes, .. } = finding;
        changes.retain(|change| create.iter().chain(drop.iter()).any(|s| *s == change.statement));
    }
    advice
}

/// What saves the most first, then what frees the most, then what matters.
fn by_benefit(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    let saved = |finding: &Finding| match (finding.cost_before, finding.cost_after) {
        (Some(before), Some(after)) => before - after,
        _ => 0.0,
    };
    let freed = |finding: &Finding| match finding.drop.is_empty() {
        true => 0.0,
        false => finding.size_bytes.unwrap_or(0.0),
    };
    saved(b)
        .total_cmp(&saved(a))
        .then(freed(b).total_cmp(&freed(a)))
        .then(a.severity.cmp(&b.severity))
        .then(a.code.cmp(&b.code))
        .then(a.title.cmp(&b.title))
}
