//! A migration: every statement of the findings, then, as comments, the statements that undo it.

use std::fmt::Write;

use super::data::{Finding, Report};
use super::units::{bytes, plural};
use super::words::{importance_name, terminated};
use crate::dialect::Dialect;

/// New indexes first, so that whatever a dropped index served is served at every moment.
pub fn render_sql(report: &Report) -> String {
    let mut out = String::new();
    write_head(&mut out, report);
    let mut undo = Vec::new();
    for (at, finding) in report.findings.iter().enumerate() {
        write_statements(&mut out, at + 1, finding, &finding.create);
        if !finding.create.is_empty() {
            undo.extend(&finding.reverse);
        }
    }
    for (at, finding) in report.findings.iter().enumerate() {
        write_statements(&mut out, at + 1, finding, &finding.drop);
        if finding.create.is_empty() {
            undo.extend(&finding.reverse);
        }
    }
    if !undo.is_empty() {
        out.push_str("\n-- To undo:\n");
    }
    for statement in undo.into_iter().rev() {
        write_comment(&mut out, &terminated(statement));
    }
    out
}

fn write_head(out: &mut String, report: &Report) {
    let applied = |f: &&Finding| !f.create.is_empty() || !f.drop.is_empty();
    let n_applied = report.findings.iter().filter(applied).count();
    let findings = plural(n_applied, "finding", "findings");
    let size = bytes(report.summary.size_bytes);
    let _ = writeln!(out, "-- Index review for {}: {findings} to apply,", report.dialect.name());
    let _ = writeln!(out, "-- new indexes take about {size}.");
    if report.dialect == Dialect::Postgres && n_applied > 0 {
        out.push_str(
            "-- Statements with CONCURRENTLY run outside a transaction block, one by one.\n",
        );
    }
}

fn write_statements(out: &mut String, number: usize, finding: &Finding, statements: &[String]) {
    if statements.is_empty() {
        return;
    }
    let importance = importance_name(finding.severity);
    let title = format!("{number}. {} ({importance}): {}", finding.code, finding.title);
    out.push('\n');
    write_comment(out, &title);
    for statement in statements {
        let _ = writeln!(out, "{}", terminated(statement));
    }
}

/// Text from outside may hold line breaks; every line becomes a comment of its own.
fn write_comment(out: &mut String, text: &str) {
    for (_, line) in crate::text::lines(text) {
        let _ = writeln!(out, "-- {line}");
    }
}
