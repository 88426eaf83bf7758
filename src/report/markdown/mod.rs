//! The review for a pull request, in GitHub's Markdown: what is to be decided on top, everything else
//! folded. GitHub takes no comment beyond a length; what does not fit is left out, least needed first,
//! and named at the end.

mod finding;
mod parts;

use std::fmt::Write;

pub(super) use parts::{code, escape, write_code, write_details, write_list};

use super::against_markdown::write_against;
use super::data::{DecisionReport, Finding, QueryReport, Report, Standing};
use super::decisions::{decision_of, standing_text, verdict_text};
use super::migration::{Format, files, plan, sql};
use super::sizes::size_lines;
use super::trials::{trial_lines, tried};
use super::units::{bytes, count, gain, plural};
use super::words::{access_changes, change, confidence_name, place, sentence, severity_name};
use parts::write_table;

/// What GitHub takes.
const BYTES_MAX: usize = 65_536;
/// Kept for what is said of the rest.
const NOTE_BYTES: usize = 512;
/// Findings in the table on top.
const FINDINGS_MAX: usize = 60;
/// Queries before and after, and the like.
const ROWS_MAX: usize = 200;

/// A part of the text: those of a low rank go in first, and all stand in the order they were made.
struct Block {
    rank: usize,
    /// What is said of it when it does not fit.
    name: String,
    text: String,
}

#[derive(Default)]
struct Blocks(Vec<Block>);

impl Blocks {
    /// Adds a part, unless there is nothing in it.
    fn add(&mut self, rank: usize, name: &str, write: impl FnOnce(&mut String)) {
        let mut text = String::new();
        write(&mut text);
        if !text.is_empty() {
            self.0.push(Block { rank, name: name.to_owned(), text });
        }
    }
}

/// The whole review.
pub fn render_markdown(report: &Report) -> String {
    let mut blocks = Blocks::default();
    blocks.add(0, "the summary", |out| write_summary(out, report));
    blocks.add(1, "the table of findings", |out| write_open(out, report));
    blocks.add(2, "the decisions", |out| write_decided(out, report));
    blocks.add(2, "before and after", |out| write_against(out, report));
    for (at, one) in report.findings.iter().enumerate() {
        blocks.add(4, "findings", |out| finding::write(out, at + 1, one, report));
    }
    blocks.add(5, "what was tried", |out| write_trials(out, report));
    blocks.add(6, "the queries before and after", |out| write_queries(out, report));
    write_migration(report, &mut blocks);
    let sizes = size_lines(report);
    blocks.add(9, "other sizes", |out| {
        write_details(out, "Other sizes", |out| write_list(out, sizes.iter().cloned()));
    });
    blocks.add(8, "what was read", |out| write_input(out, report));
    joined(&blocks.0)
}

/// What fits, in order, and what does not.
fn joined(blocks: &[Block]) -> String {
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    crate::order::sort_by_key(&mut order, |at| blocks.get(*at).map(|block| block.rank));
    let mut left = BYTES_MAX - NOTE_BYTES;
    let mut fits = vec![false; blocks.len()];
    for at in order {
        let Some((block, fit)) = blocks.get(at).zip(fits.get_mut(at)) else { continue };
        if block.text.len() <= left {
            left -= block.text.len();
            *fit = true;
        }
    }
    let kept = blocks.iter().zip(&fits).filter(|(_, fits)| **fits);
    let mut out: String = kept.map(|(block, _)| block.text.as_str()).collect();
    let mut missing: Vec<(&str, usize)> = Vec::new();
    for (block, _) in blocks.iter().zip(&fits).filter(|(_, fits)| !**fits) {
        match missing.iter_mut().find(|(name, _)| *name == block.name) {
            Some((_, n)) => *n += 1,
            None => missing.push((&block.name, 1)),
        }
    }
    if !missing.is_empty() {
        let name = |(name, n): &(&str, usize)| match *name {
            "findings" => format!("the argument of {}", plural(*n, "finding", "findings")),
            name => name.to_owned(),
        };
        let names: Vec<String> = missing.iter().map(name).collect();
        let _ = writeln!(
            out,
            "\n_Left out, as GitHub takes no more than 65 536 characters: {}. The HTML report has all \
             of it._",
            names.join(", ")
        );
    }
    out
}

fn write_summary(out: &mut String, report: &Report) {
    let summary = &report.summary;
    let findings = plural(report.findings.len(), "finding", "findings");
    let _ = write!(out, "## Index review\n\n{findings} ({})", report.dialect.name());
    if summary.n_queries > 0 {
        let queries = plural(summary.n_queries, "query", "queries");
        let change = change(summary.cost_before, summary.cost_after);
        let _ = write!(out, "; {} of {queries} planned, {change}", summary.n_understood);
        let _ = write!(out, "; new indexes take {}", bytes(summary.size_bytes));
    }
    if let Some(budget) = summary.budget_bytes {
        let _ = write!(out, " of {}", bytes(budget));
    }
    out.push_str(". Costs are modelled; nothing was run on a database.\n\n");
}

/// Findings that change something and are not decided about.
fn write_open(out: &mut String, report: &Report) {
    let open = |finding: &&Finding| {
        decision_of(report, finding).is_none_or(|one| one.standing == Standing::Raised)
    };
    let numbered = report.findings.iter().enumerate().filter(|(_, finding)| open(finding));
    let rows = numbered.map(|(at, finding)| {
        let sign = if finding.create.is_empty() { "−" } else { "+" };
        let size = finding.size_bytes.map(|size| format!("{sign}{}", bytes(size)));
        let costs = finding.cost_before.zip(finding.cost_after);
        let costs = costs.map(|(before, after)| match gain(before, after) {
            Some(gain) => format!("{} → {} ({gain})", count(before), count(after)),
            None => format!("{} → {}", count(before), count(after)),
        });
        vec![
            (at + 1).to_string(),
            escape(&finding.title),
            costs.unwrap_or_default(),
            size.unwrap_or_default(),
            confidence_name(finding.confidence).to_owned(),
        ]
    });
    let head = ["", "to decide", "#cost of its queries", "#size", "confidence"];
    write_table(out, &head, rows, FINDINGS_MAX);
}

fn write_decided(out: &mut String, report: &Report) {
    if report.decisions.is_empty() {
        return;
    }
    out.push_str("**Decided:**\n\n");
    let line = |one: &DecisionReport| {
        let words = format!("{}; {}", sentence(&verdict_text(one)), standing_text(one));
        format!("{}: {}", code(&one.decision.statement), escape(&words))
    };
    write_list(out, report.decisions.iter().take(ROWS_MAX).map(line));
    let more = report.decisions.len().saturating_sub(ROWS_MAX);
    if more > 0 {
        let _ = writeln!(out, "and {more} more\n");
    }
}

fn write_trials(out: &mut String, report: &Report) {
    for trial in tried(report) {
        let title = format!("Tried: {}", parts::escape_html(trial.statement.trim()));
        write_details(out, &title, |out| {
            write_list(out, trial_lines(trial).iter().map(|line| escape(line)));
        });
    }
}

/// Id, name and calls of a query, its cost and how it reads its tables.
fn write_queries(out: &mut String, report: &Report) {
    let row = |query: &QueryReport| {
        let name = query.name.as_deref().map(escape).unwrap_or_default();
        let cost = |cost: Option<f64>| cost.map(count).unwrap_or_default();
        let access = match &query.error {
            Some(error) => escape(error),
            None => {
                access_changes(query).iter().map(|a| escape(a)).collect::<Vec<_>>().join("<br>")
            }
        };
        let (before, after) = (cost(query.cost_before), cost(query.cost_after));
        vec![format!("{} {name}", query.id), count(query.calls), before, after, access]
    };
    let head = ["query", "#calls", "#cost before", "#cost after", "access"];
    write_details(out, "All queries, before and after", |out| {
        write_table(out, &head, report.queries.iter().map(row), ROWS_MAX);
    });
}

/// Forward, back, and the queries for afterwards.
fn write_migration(report: &Report, blocks: &mut Blocks) {
    let plan = plan(report);
    if plan.steps.is_empty() {
        return;
    }
    blocks.add(3, "the migration", |out| {
        write_details(out, "Migration", |out| write_code(out, &[sql::forward(&plan)]));
    });
    blocks.add(7, "the rollback", |out| {
        write_details(out, "Rollback", |out| write_code(out, &[sql::reverse(&plan)]));
    });
    blocks.add(8, "the queries that verify it", |out| {
        let texts: Vec<String> =
            files(report, Format::Verify, 0).into_iter().map(|file| file.text).collect();
        write_details(out, "How to verify afterwards", |out| write_code(out, &texts));
    });
}

fn write_input(out: &mut String, report: &Report) {
    write_details(out, "What was read", |out| {
        let input = |input: &crate::read::intake::InputReport| {
            let (name, found) = (escape(&input.name), escape(&input.found));
            format!("{name}: {found} ({})", escape(&input.title))
        };
        write_list(out, report.inputs.iter().map(input));
        write_list(
            out,
            report.diagnostics.iter().take(ROWS_MAX).map(|remark| {
                let at = remark.source.as_ref().map(|at| format!(" at {}", escape(&place(at))));
                let severity = severity_name(remark.severity);
                format!("{severity}{}: {}", at.unwrap_or_default(), escape(&remark.message))
            }),
        );
    });
}
