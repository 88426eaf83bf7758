//! What holds for every input, checked on every case.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

pub use crate::sharing::{carried, renamed, shared, without_literals};

pub use crate::evidence::{break_even, constraints_stay, front, nothing_suffers, session};
pub use crate::sides::{no_change, way_back};

use sargable::input::{Piece, Side};
use sargable::progress::Silent;
use sargable::redact::redact_report;
use sargable::report::json::render_json;
use sargable::report::{Finding, Report};

use crate::canonical::{Modulo, canonical, first_difference};
use crate::case::Case;
use crate::{for_every_case, variants};

/// A law: what is wrong with this case, if anything.
type Law = fn(&Case) -> Result<(), String>;

/// A form of writing the same text, with its name.
type Form = (&'static str, fn(&str) -> String);

/// Longest time for one damaged input, in a debug build on a busy machine.
const DAMAGED_MAX: Duration = Duration::from_secs(20);

pub fn check(name: &str, law: Law) {
    for_every_case(name, law);
}

fn review(case: &Case, pieces: Vec<Piece>) -> Report {
    sargable::analyze(&case.with_pieces(pieces), &mut Silent)
}

pub fn as_is(case: &Case) -> Report {
    sargable::analyze(&case.input(), &mut Silent)
}

fn same(a: &Report, b: &Report, modulo: Modulo) -> Result<(), String> {
    match first_difference(&canonical(a, modulo), &canonical(b, modulo)) {
        None => Ok(()),
        Some(difference) => Err(difference),
    }
}

/// Everything in one paste, without names: the same review but for places.
pub fn one_paste(case: &Case) -> Result<(), String> {
    same(&as_is(case), &review(case, variants::one_paste(case)), Modulo::default())
}

/// Other line ends, a byte order mark, trailing space: the same review but for places.
pub fn encoding(case: &Case) -> Result<(), String> {
    let original = as_is(case);
    let forms: [Form; 3] = [
        ("CR LF", |text| text.replace('\n', "\r\n")),
        ("byte order mark", |text| format!("\u{feff}{text}")),
        ("trailing space", |text| text.replace('\n', "  \n")),
    ];
    for (name, form) in forms {
        same(&original, &review(case, variants::rewritten(case, form)), Modulo::default())
            .map_err(|difference| format!("{name}: {difference}"))?;
    }
    Ok(())
}

/// Pieces, queries and CREATE INDEX statements in another order: the same review in another order.
pub fn permuted(case: &Case) -> Result<(), String> {
    let original = as_is(case);
    let other = review(case, variants::permuted(case, original.dialect));
    same(&original, &other, Modulo { order: true })
}

/// Cut off anywhere, with any bytes replaced: some review, soon.
pub fn damaged(case: &Case) -> Result<(), String> {
    for text in variants::damaged(case) {
        let pieces = vec![Piece { name: None, text: text.clone(), kind: None, ..Piece::default() }];
        let start = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| review(case, pieces))).is_err() {
            return Err(format!("panic on\n{text}"));
        }
        if start.elapsed() > DAMAGED_MAX {
            return Err(format!("{:?} for\n{text}", start.elapsed()));
        }
    }
    Ok(())
}

/// Redacted: the same findings and figures, and no text literal of the workload or of a plan.
pub fn redacted(case: &Case) -> Result<(), String> {
    let report = as_is(case);
    let redacted = redact_report(&report);
    let codes = |report: &Report| -> Vec<String> {
        report.findings.iter().map(|finding| finding.code.clone()).collect()
    };
    if codes(&report) != codes(&redacted) || report.queries.len() != redacted.queries.len() {
        return Err("other findings or queries".to_owned());
    }
    if report.summary != redacted.summary {
        return Err("other figures".to_owned());
    }
    let text = render_json(&redacted);
    match variants::literals(case, report.dialect).iter().find(|literal| text.contains(*literal)) {
        Some(literal) => Err(format!("still there: {literal}")),
        None => Ok(()),
    }
}

/// What makes a finding the same finding in another review: not its name for the new index.
fn identity(finding: &Finding) -> String {
    let shapes: Vec<&str> = finding.create.iter().map(|sql| shape(sql)).collect();
    format!("{} {:?} {:?} {shapes:?}", finding.code, finding.table, finding.indexes)
}

/// A CREATE INDEX statement from its ON.
fn shape(create: &str) -> &str {
    create.find(" ON ").map_or(create, |at| &create[at..])
}

fn identities(report: &Report) -> BTreeSet<String> {
    report.findings.iter().map(identity).collect()
}

fn is_applicable(finding: &&Finding) -> bool {
    !finding.create.is_empty() || !finding.drop.is_empty()
}

pub fn with_migration(case: &Case, statements: &[&String]) -> Report {
    let input = case.input();
    // Findings are about what is proposed, where something is.
    let side = if input.is_compared() { Side::Migration } else { Side::Today };
    let mut pieces = input.pieces;
    let text = statements.iter().map(|sql| format!("{};\n", sql.trim_end_matches(';'))).collect();
    pieces.push(Piece { name: Some("migration".to_owned()), text, kind: None, side });
    review(case, pieces)
}

/// With a finding's statements applied the finding is gone, and no index has become redundant that
/// the review did not speak of.
pub fn applied(case: &Case) -> Result<(), String> {
    let before = as_is(case);
    for finding in before.findings.iter().filter(is_applicable) {
        let statements: Vec<&String> = finding.create.iter().chain(&finding.drop).collect();
        let after = with_migration(case, &statements);
        if identities(&after).contains(&identity(finding)) {
            return Err(format!("still there after {statements:?}: {}", finding.title));
        }
        if let Some(new) = newly_redundant(&before, &after, finding) {
            return Err(format!("after {statements:?}: {}", new.title));
        }
    }
    Ok(())
}

/// A redundancy in `after` that neither `before` nor the reasons of `applied` name.
fn newly_redundant<'a>(
    before: &Report,
    after: &'a Report,
    applied: &Finding,
) -> Option<&'a Finding> {
    let is_redundancy =
        |finding: &&Finding| matches!(finding.code.as_str(), "redundant-index" | "duplicate-index");
    let known: BTreeSet<&String> = before
        .findings
        .iter()
        .filter(|finding| is_redundancy(finding) || !finding.drop.is_empty())
        .flat_map(|finding| &finding.indexes)
        .collect();
    let is_named = |index: &String| {
        let mut words = applied.reasons.iter().flat_map(|reason| reason.split_whitespace());
        words.any(|word| word.trim_end_matches(',') == index)
    };
    let is_new = |index: &String| !known.contains(index) && !is_named(index);
    let mut found = after.findings.iter().filter(is_redundancy);
    found.find(|finding| finding.indexes.iter().any(is_new))
}

/// With a finding's statements applied and undone the review is what it was.
pub fn undone(case: &Case) -> Result<(), String> {
    let before = as_is(case);
    for finding in before.findings.iter().filter(is_applicable) {
        if finding.reverse.is_empty() {
            return Err(format!("cannot be undone: {}", finding.title));
        }
        let statements = finding.create.iter().chain(&finding.drop).chain(&finding.reverse);
        let after = with_migration(case, &statements.collect::<Vec<_>>());
        if !identities(&after).contains(&identity(finding)) {
            return Err(format!("not back after undoing: {}", finding.title));
        }
    }
    Ok(())
}
