//! What became of every decision: it stands, it has come true, or it is open again because the numbers
//! it rested on have changed.
//!
//! A number has changed when it is [`FACTOR`] times better for the index than it was when the decision
//! was taken. What got worse raises nothing: the answer would be the same. What an index saves is
//! compared as a part of the workload's cost, because two logs are seldom of the same length, and as a
//! cost of one call, because a table may have grown under all queries alike.

use serde::{Deserialize, Serialize};

use super::Context;
use super::candidate::{Candidate, exists, same_shape};
use super::ddl::shape_text;
use super::finding::Finding;
use super::numbers::Measure;
use super::plans::Plans;
use crate::advise::{Action, Change};
use crate::catalog::Catalog;
use crate::catalog::build::hypothetical::{IndexChange, read_change};
use crate::input::{Decision, Numbers, Verdict};

/// So many times better is another situation; less comes and goes with every ANALYZE.
pub const FACTOR: f64 = 2.0;

/// An index that saves less than this part of the cost, in percent, is not worth asking about again.
pub const SAVING_PERCENT_MIN: f64 = 1.0;

/// A decision and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DecisionReport {
    /// What was decided, as it was given.
    #[serde(flatten)]
    pub decision: Decision,
    /// It is about the loss of an index.
    pub is_drop: bool,
    /// The table.
    pub table: Option<String>,
    /// `(a, b DESC) INCLUDE (c)`.
    pub shape: Option<String>,
    /// What became of it.
    pub standing: Standing,
    /// The numbers that opened it again.
    pub changed: Vec<Number>,
    /// What this review says of it.
    pub now: Option<Numbers>,
    /// The statement of the finding that does it, where there is one.
    pub in_finding: Option<String>,
    /// Why nothing can be said of it.
    pub error: Option<String>,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The review follows it.
    #[default]
    Stands,
    /// It was against the index, but the numbers have changed: it may be suggested again.
    Raised,
    /// The schema is as it was decided.
    Done,
    /// The schema is the opposite.
    Overtaken,
    /// Nothing can be said of it.
    Unknown,
}

/// One of [`Numbers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Number {
    /// Part of the workload's cost.
    Saving,
    /// Cost of one call.
    SavingPerCall,
    /// Bytes.
    Size,
    /// Per 1000 rows.
    WriteCost,
}

/// All decisions, in the order they were given, with the change that each is about.
pub struct Decisions {
    /// For the report.
    pub reports: Vec<DecisionReport>,
    changes: Vec<Option<IndexChange>>,
}

impl Decisions {
    /// Finds out what became of each.
    pub fn new(context: &Context<'_>, plans: &mut Plans) -> Decisions {
        let decisions = &context.options.decisions;
        if decisions.is_empty() {
            return Decisions { reports: Vec::new(), changes: Vec::new() };
        }
        let measure = Measure::new(context, plans);
        let judged = decisions.iter().map(|one| judge(context.catalog, &measure, plans, one));
        let (reports, changes) = judged.unzip();
        Decisions { reports, changes }
    }

    /// Each decision with its change, where it has one.
    pub fn changes(&self) -> impl Iterator<Item = (&DecisionReport, &IndexChange)> {
        let both = self.reports.iter().zip(&self.changes);
        both.filter_map(|(report, change)| Some((report, change.as_ref()?)))
    }

    /// Takes out of the findings what was decided against, and notes for every decision which finding
    /// does it.
    pub fn settle(&mut self, catalog: &Catalog, findings: &mut Vec<Finding>) {
        if self.reports.is_empty() {
            return;
        }
        for finding in findings.iter_mut() {
            self.settle_finding(catalog, finding);
        }
        findings.retain(|finding| finding.code != WITHDRAWN);
    }

    fn settle_finding(&mut self, catalog: &Catalog, finding: &mut Finding) {
        let mut refused: Vec<String> = Vec::new();
        for change in &finding.changes {
            let Some(at) = self.position(catalog, change) else { continue };
            let Some(report) = self.reports.get_mut(at) else { continue };
            if report.is_refusal() && report.standing == Standing::Stands {
                refused.push(change.statement.clone());
            } else {
                report.in_finding = Some(change.statement.clone());
            }
        }
        if refused.is_empty() {
            return;
        }
        finding.changes.retain(|change| !refused.contains(&change.statement));
        finding.create.retain(|statement| !refused.contains(statement));
        finding.drop.retain(|statement| !refused.contains(statement));
        finding.reverse = finding.changes.iter().flat_map(|c| c.reverse.clone()).collect();
        if finding.changes.is_empty() {
            finding.code = WITHDRAWN.to_owned();
        }
    }

    /// The decision about the index that a finding makes or drops.
    fn position(&self, catalog: &Catalog, change: &Change) -> Option<usize> {
        let wanted = |at: &usize| {
            catalog.tables.get(*at).is_some_and(|table| table.name.name == change.table)
        };
        let made = match change.action {
            Action::Create => read_change(catalog, &change.statement).ok(),
            Action::Drop => None,
        };
        self.changes.iter().position(|decided| match (decided, &made) {
            (Some(IndexChange::Create(table, index)), Some(IndexChange::Create(at, new))) => {
                table == at && index.unique == new.unique && same_shape(index, new)
            }
            (Some(IndexChange::Drop(table, index)), None) => {
                let index = catalog.tables.get(*table).and_then(|t| t.indexes.get(*index));
                wanted(table) && index.is_some_and(|index| index.name == change.index)
            }
            _ => false,
        })
    }
}

/// The code of a finding that nothing is left of.
const WITHDRAWN: &str = "";

impl DecisionReport {
    /// Was it decided against, or put off?
    pub fn is_refusal(&self) -> bool {
        self.decision.verdict != Verdict::Accept
    }
}

fn judge(
    catalog: &Catalog,
    measure: &Measure<'_>,
    plans: &mut Plans,
    decision: &Decision,
) -> (DecisionReport, Option<IndexChange>) {
    let first_word = decision.statement.split_whitespace().next().unwrap_or_default();
    let report = DecisionReport {
        decision: decision.clone(),
        is_drop: first_word.eq_ignore_ascii_case("drop"),
        ..DecisionReport::default()
    };
    let change = match read_change(catalog, &decision.statement) {
        Ok(change) => change,
        Err(error) => {
            let report =
                DecisionReport { error: Some(error), standing: Standing::Unknown, ..report };
            return (report, None);
        }
    };
    let (at, index, is_there) = match &change {
        IndexChange::Create(at, index) => {
            let candidate = Candidate { table: *at, index: (**index).clone(), is_ordered: false };
            (*at, Some(&**index), exists(catalog, &candidate))
        }
        IndexChange::Drop(at, index) => {
            (*at, catalog.tables.get(*at).and_then(|table| table.indexes.get(*index)), true)
        }
    };
    let table = catalog.tables.get(at);
    let is_drop = matches!(change, IndexChange::Drop(..));
    let now = if is_there && !is_drop { None } else { measure.numbers(plans, &change) };
    let changed = match (decision.seen, now) {
        (Some(seen), Some(now)) => changed(is_drop, &seen, &now),
        _ => Vec::new(),
    };
    let standing = match (is_drop, decision.verdict) {
        (false, Verdict::Accept) if is_there => Standing::Done,
        (false, _) if is_there => Standing::Overtaken,
        (_, Verdict::Reject | Verdict::Defer) if !changed.is_empty() => Standing::Raised,
        _ => Standing::Stands,
    };
    let shape = table.zip(index).map(|(table, index)| shape_text(catalog, table, index));
    let table = table.map(|table| table.name.to_string());
    (DecisionReport { is_drop, table, shape, standing, changed, now, ..report }, Some(change))
}

/// What speaks for the change now and did not when it was decided about.
fn changed(is_drop: bool, seen: &Numbers, now: &Numbers) -> Vec<Number> {
    let grew = |then: f64, now: f64| now >= FACTOR * then.max(0.0) && now > 0.0;
    let shrank = |then: f64, now: f64| then >= FACTOR * now.max(0.0) && then > 0.0;
    let (saved_then, saved) = (seen.saving_percent, now.saving_percent);
    let mut out = Vec::new();
    if is_drop {
        // What the queries lose without the index.
        let less_lost = saved - saved_then >= SAVING_PERCENT_MIN && shrank(-saved_then, -saved);
        out.extend(less_lost.then_some(Number::Saving));
        out.extend(grew(seen.size_bytes, now.size_bytes).then_some(Number::Size));
        out.extend(grew(seen.write_cost, now.write_cost).then_some(Number::WriteCost));
    } else if saved >= SAVING_PERCENT_MIN {
        let more_saved = saved - saved_then >= SAVING_PERCENT_MIN && grew(saved_then, saved);
        out.extend(more_saved.then_some(Number::Saving));
        let per_call = grew(seen.saving_per_call, now.saving_per_call);
        out.extend(per_call.then_some(Number::SavingPerCall));
        out.extend(shrank(seen.size_bytes, now.size_bytes).then_some(Number::Size));
        out.extend(shrank(seen.write_cost, now.write_cost).then_some(Number::WriteCost));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_speaks_for_the_index_opens_a_decision_again() {
        let seen = Numbers {
            saving_percent: 12.0,
            saving_per_call: 100.0,
            calls: 10.0,
            size_bytes: 8192.0,
            write_cost: 40.0,
        };
        let with = |saving_percent, saving_per_call, size_bytes| Numbers {
            saving_percent,
            saving_per_call,
            size_bytes,
            ..seen
        };
        assert_eq!(changed(false, &seen, &seen), []);
        assert_eq!(changed(false, &seen, &with(23.0, 190.0, 4097.0)), []);
        assert_eq!(changed(false, &seen, &with(61.0, 100.0, 8192.0)), [Number::Saving]);
        assert_eq!(changed(false, &seen, &with(12.0, 400.0, 90_000.0)), [Number::SavingPerCall]);
        assert_eq!(changed(false, &seen, &with(12.0, 100.0, 4096.0)), [Number::Size]);
        // It is smaller, and of no use any more.
        assert_eq!(changed(false, &seen, &with(0.5, 100.0, 1024.0)), []);
        let kept = Numbers { saving_percent: -30.0, ..seen };
        assert_eq!(changed(true, &kept, &kept), []);
        assert_eq!(
            changed(true, &kept, &with(-4.0, 0.0, 16_384.0)),
            [Number::Saving, Number::Size]
        );
    }
}
