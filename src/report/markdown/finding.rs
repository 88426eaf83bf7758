//! One finding, folded.

use std::fmt::Write;

use super::parts::{code, escape, escape_html, write_code, write_details, write_list};
use crate::report::data::{Finding, QueryReport, Report};
use crate::report::units::count;
use crate::report::words::{basis_name, change, effect, importance_name, sentence, terminated};

/// Queries that are named one by one.
const QUERIES_MAX: usize = 20;

/// The whole argument.
pub fn write(out: &mut String, number: usize, finding: &Finding, report: &Report) {
    let title = format!("<b>{number}.</b> {}", escape_html(&finding.title));
    write_details(out, &title, |out| write_body(out, finding, report));
}

fn write_body(out: &mut String, finding: &Finding, report: &Report) {
    let importance = importance_name(finding.severity);
    let _ = writeln!(out, "`{}`, {importance}; {}.\n", finding.code, effect(finding));
    let statements: Vec<String> =
        finding.create.iter().chain(&finding.drop).map(|s| terminated(s)).collect();
    write_code(out, &statements);
    write_list(out, finding.break_even.iter().map(|limit| sentence(&escape(&limit.text))));
    write_list(out, finding.reasons.iter().map(|reason| escape(reason)));
    write_list(out, finding.advice.iter().map(|advice| format!("**Do:** {}", escape(advice))));
    let queries = report.queries.iter().filter(|query| finding.queries.contains(&query.id));
    write_titled(out, "Queries", queries.take(QUERIES_MAX).map(query_line));
    let more = finding.queries.len().saturating_sub(QUERIES_MAX);
    if more > 0 {
        let _ = writeln!(out, "and {more} more\n");
    }
    let assumption = |one: &crate::report::Assumption| {
        let ask = one.replace_with.as_ref().map(|sql| format!(". Ask: {}", code(sql)));
        let basis = basis_name(one.basis);
        format!("{} ({basis}){}", escape(&one.text), ask.unwrap_or_default())
    };
    write_titled(out, "Rests on", finding.assumptions.iter().map(assumption));
    let alternative = |other: &crate::report::Alternative| {
        let cost = other.cost_after.map(|cost| format!(", cost {}", count(cost)));
        let cost = cost.unwrap_or_default();
        format!("{}{cost}: {}", code(&other.create), escape(&other.why_not))
    };
    write_titled(out, "Considered, and why not", finding.alternatives.iter().map(alternative));
    let undo: Vec<String> = finding.reverse.iter().map(|s| terminated(s)).collect();
    if !undo.is_empty() {
        out.push_str("**Undo**\n\n");
        write_code(out, &undo);
    }
}

fn write_titled(out: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_some() {
        let _ = writeln!(out, "**{title}**\n");
        write_list(out, items);
    }
}

fn query_line(query: &QueryReport) -> String {
    let name = query.name.as_ref().map(|name| format!(" {}", escape(name))).unwrap_or_default();
    let mut line = format!("{}{name}, {} calls", query.id, count(query.calls));
    if let (Some(before), Some(after)) = (query.cost_before, query.cost_after) {
        let _ = write!(line, ", {}", change(before, after));
    }
    let _ = write!(line, ": {}", code(&query.normalized));
    line
}
