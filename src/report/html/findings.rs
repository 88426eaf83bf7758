//! Every finding with its whole argument: what it does, how its keys were found, where it stops paying,
//! what lost against it.

use std::fmt::Write;

use super::decisions::{change, costs};
use super::parts::{
    escape, figure, prose, write_code, write_details, write_facts, write_list, write_section,
    write_table,
};
use crate::report::data::{Alternative, Assumption, Finding, QueryReport, Report};
use crate::report::decisions::decision_of;
use crate::report::decisions::verdict_text;
use crate::report::sizes::size_lines;
use crate::report::trials::{trial_lines, tried};
use crate::report::units::{bytes, count};
use crate::report::words::{
    basis_name, confidence_name, grounds_name, importance_name, place, sentence,
};

/// Queries of a finding that are named one by one.
const QUERIES_MAX: usize = 12;

/// The section.
pub fn write(out: &mut String, report: &Report) {
    write_section(out, "Findings", |out| {
        for (at, finding) in report.findings.iter().enumerate() {
            write_finding(out, at + 1, finding, report);
        }
    });
    write_section(out, "Tried", |out| {
        for trial in tried(report) {
            let _ = writeln!(out, "<h3><code>{}</code></h3>", escape(trial.statement.trim()));
            write_list(out, trial_lines(trial).iter().map(|line| prose(&sentence(line))));
        }
    });
}

/// What other budgets would buy.
pub fn write_other_sizes(out: &mut String, report: &Report) {
    let lines = size_lines(report);
    write_section(out, "Other sizes", |out| {
        write_list(out, lines.iter().map(|line| prose(&sentence(line))));
    });
}

fn write_finding(out: &mut String, number: usize, finding: &Finding, report: &Report) {
    let title = prose(&finding.title);
    let _ = writeln!(out, "<article id=\"finding-{number}\">\n<h3>{number}. {title}</h3>");
    if let Some(decision) = decision_of(report, finding) {
        let _ =
            writeln!(out, "<p class=\"verdict\">{}</p>", prose(&sentence(&verdict_text(decision))));
    }
    write_facts(out, "facts", facts(finding).into_iter());
    write_code(out, finding.create.iter().chain(&finding.drop));
    write_reasons(out, &finding.reasons);
    write_list(out, finding.break_even.iter().map(|limit| prose(&sentence(&limit.text))));
    for advice in &finding.advice {
        let _ = writeln!(out, "<p class=\"advice\">{}</p>", prose(advice));
    }
    write_queries(out, finding, report);
    write_details(out, "Rests on", |out| {
        let text = |one: &Assumption| {
            format!("{} <span class=\"basis\">{}</span>", prose(&one.text), basis_name(one.basis))
        };
        write_list(out, finding.assumptions.iter().map(text));
    });
    write_details(out, "Considered, and why not", |out| {
        let row = |other: &Alternative| {
            let cost = other.cost_after.map(count).unwrap_or_default();
            vec![code(&other.create), prose(&cost), prose(&other.why_not)]
        };
        write_table(out, &["instead", "#cost", "why not"], finding.alternatives.iter().map(row));
    });
    write_details(out, "Undo", |out| write_code(out, finding.reverse.iter()));
    write_details(out, "Seen in", |out| {
        write_list(out, finding.places.iter().map(|at| escape(&place(at))));
    });
    out.push_str("</article>\n");
}

fn facts(finding: &Finding) -> Vec<(String, String)> {
    let mut facts = vec![("Code".to_owned(), code(&finding.code))];
    facts.push(("Importance".to_owned(), importance_name(finding.severity).to_owned()));
    if finding.cost_before.is_some() && finding.cost_after.is_some() {
        facts.push(("Cost of its queries, by calls".to_owned(), costs(finding)));
    }
    if let Some(size) = finding.size_bytes {
        let name = if finding.create.is_empty() { "Frees" } else { "Takes" };
        facts.push((name.to_owned(), figure(&bytes(size))));
    }
    if let Some(cost) = finding.write_cost {
        facts.push(("Write cost per 1 000 rows".to_owned(), figure(&count(cost))));
    }
    let grounds = finding.grounds.map(|grounds| format!(", {}", grounds_name(grounds)));
    let confidence = confidence_name(finding.confidence);
    facts.push(("Confidence".to_owned(), format!("{confidence}{}", grounds.unwrap_or_default())));
    facts
}

/// The steps of a derivation as a numbered list, the rest as sentences.
fn write_reasons(out: &mut String, reasons: &[String]) {
    let step = |reason: &String| {
        let (number, text) = reason.split_once(". ")?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.to_owned())
    };
    let first = reasons.iter().position(|reason| step(reason).is_some()).unwrap_or(0);
    let (lead, rest) = reasons.split_at_checked(first).unwrap_or((&[], reasons));
    write_list(out, lead.iter().map(|reason| prose(reason)));
    let steps: Vec<String> = rest.iter().map_while(step).collect();
    if !steps.is_empty() {
        let items: Vec<String> =
            steps.iter().map(|text| format!("<li>{}</li>\n", prose(text))).collect();
        let _ = writeln!(out, "<ol>\n{}</ol>", items.concat());
    }
    write_list(out, rest.iter().skip(steps.len()).map(|reason| prose(reason)));
}

fn write_queries(out: &mut String, finding: &Finding, report: &Report) {
    let found = report.queries.iter().filter(|query| finding.queries.contains(&query.id));
    let found: Vec<&QueryReport> = found.collect();
    let row = |query: &&QueryReport| {
        let costs = query.cost_before.zip(query.cost_after);
        let costs = costs.map(|(before, after)| change(before, after)).unwrap_or_default();
        vec![query_link(query), figure(&count(query.calls)), costs]
    };
    let head = ["query", "#calls", "#cost of a call, with all suggestions"];
    write_table(out, &head, found.iter().take(QUERIES_MAX).map(row));
    let more = found.len().saturating_sub(QUERIES_MAX);
    if more > 0 {
        let _ = writeln!(out, "<p class=\"hint\">and {more} more</p>");
    }
}

/// The id and the name of a query, and where its text is.
pub fn query_link(query: &QueryReport) -> String {
    let id = escape(&query.id);
    let name = query.name.as_ref().map(|name| format!(" {}", escape(name))).unwrap_or_default();
    format!("<a href=\"#text-{id}\">{id}</a>{name}")
}

/// Code in a line.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}
