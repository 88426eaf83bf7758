//! What was decided and what became of it, in words; and what a decision keeps of the review it was
//! taken in.

use super::data::{DecisionReport, Finding, Number, Report, Standing};
use super::units::{bytes, count};
use super::words::sentence;
use crate::input::{Decision, Numbers, Verdict};

/// `rejected on 2026-03-02: too many writes`.
pub fn verdict_text(one: &DecisionReport) -> String {
    let Decision { verdict, date, reason, .. } = &one.decision;
    let date = if date.is_empty() { String::new() } else { format!(" on {date}") };
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("{}{date}{reason}", verdict.name())
}

/// What became of it: `not raised again`, `raised again, because: ...`.
pub fn standing_text(one: &DecisionReport) -> String {
    let is_found = one.in_finding.is_some();
    match (one.standing, one.decision.verdict) {
        (Standing::Unknown, _) => match &one.error {
            Some(error) => format!("nothing can be said of it: {error}"),
            None => "nothing can be said of it".to_owned(),
        },
        (Standing::Done, _) => "done: the schema has it, or one that does all it would".to_owned(),
        (Standing::Overtaken, _) => {
            "overtaken: the schema has it, or one that does all it would".to_owned()
        }
        (Standing::Raised, _) => {
            let changes = changes(one).join("; ");
            let found = if is_found { "" } else { ". It is not among the findings all the same" };
            format!("raised again, because {changes}{found}")
        }
        (Standing::Stands, Verdict::Accept) => match (one.is_drop, is_found) {
            (false, _) => "to be created; everything else is chosen beside it".to_owned(),
            (true, true) => "to be dropped".to_owned(),
            (true, false) => "no finding of this review drops it: see what it would do".to_owned(),
        },
        (Standing::Stands, Verdict::Reject) => "not raised again".to_owned(),
        (Standing::Stands, Verdict::Defer) => {
            "still to be decided; everything else is chosen without it".to_owned()
        }
    }
}

/// `its saving went from 12 % to 61 % of the workload's cost`, for each number that changed.
pub fn changes(one: &DecisionReport) -> Vec<String> {
    let (Some(seen), Some(now)) = (&one.decision.seen, &one.now) else { return Vec::new() };
    let part = |value: f64| percent(if one.is_drop { -value } else { value });
    let words = |number: &Number| match number {
        Number::Saving if one.is_drop => {
            let (then, now) = (part(seen.saving_percent), part(now.saving_percent));
            format!("what the workload loses without it went from {then} to {now} of its cost")
        }
        Number::Saving => {
            let (then, now) = (part(seen.saving_percent), part(now.saving_percent));
            format!("its saving went from {then} to {now} of the workload's cost")
        }
        Number::SavingPerCall => {
            let (then, now) = (count(seen.saving_per_call), count(now.saving_per_call));
            format!("what it saves in a call went from {then} to {now} planner units")
        }
        Number::Size => {
            format!("its size went from {} to {}", bytes(seen.size_bytes), bytes(now.size_bytes))
        }
        Number::WriteCost => {
            let (then, now) = (count(seen.write_cost), count(now.write_cost));
            format!("its write cost went from {then} to {now} per 1 000 rows")
        }
    };
    one.changed.iter().map(words).collect()
}

/// `saves 12 % of the cost (24.2 in each of 9 000 calls), takes 728 kB, write cost 4 298 per 1 000 rows`.
pub fn numbers_text(numbers: &Numbers, is_drop: bool) -> String {
    let each = |units: f64| format!("{} in each of {} calls", count(units), count(numbers.calls));
    let (part, per_call) = (numbers.saving_percent, numbers.saving_per_call);
    let effect = match () {
        () if numbers.calls <= 0.0 => "changes no query".to_owned(),
        () if part < 0.0 => format!("loses {} of the cost ({})", percent(-part), each(-per_call)),
        () => format!("saves {} of the cost ({})", percent(part), each(per_call)),
    };
    let verb = if is_drop { "frees" } else { "takes" };
    let (size, writes) = (bytes(numbers.size_bytes), count(numbers.write_cost));
    format!("{effect}, {verb} {size}, write cost {writes} per 1 000 rows")
}

fn percent(value: f64) -> String {
    match value {
        value if value >= 10.0 => format!("{value:.0} %"),
        value if value >= 0.1 => format!("{value:.1} %"),
        value if value > 0.0 => "less than 0.1 %".to_owned(),
        _ => "0 %".to_owned(),
    }
}

/// Says of the findings that were decided against before why they are there again.
pub fn explain_again(findings: &mut [Finding], decisions: &[DecisionReport]) {
    for one in decisions.iter().filter(|one| one.standing == Standing::Raised) {
        let does_it = |finding: &&mut Finding| {
            one.in_finding
                .as_ref()
                .is_some_and(|sql| finding.create.contains(sql) || finding.drop.contains(sql))
        };
        if let Some(finding) = findings.iter_mut().find(does_it) {
            let (before, now) = (sentence(&verdict_text(one)), standing_text(one));
            finding.reasons.insert(0, format!("{before}; {now}"));
        }
    }
}

/// The decision about what a finding does.
pub fn decision_of<'r>(report: &'r Report, finding: &Finding) -> Option<&'r DecisionReport> {
    let statements: Vec<&String> = finding.create.iter().chain(&finding.drop).collect();
    report
        .decisions
        .iter()
        .find(|one| one.in_finding.as_ref().is_some_and(|sql| statements.contains(&sql)))
}

/// Keeps with every new decision the numbers of the first review that knows it, for the next one to
/// compare with.
pub fn remember(decisions: &mut [Decision], report: &Report) {
    for one in decisions.iter_mut().filter(|one| one.seen.is_none()) {
        let known = report.decisions.iter().find(|known| known.decision.statement == one.statement);
        one.seen = known.and_then(|known| known.now);
    }
}
