//! The review for a pull request: GitHub's Markdown. Text from outside is data, never markup.

use std::fmt::Write;

use super::against_markdown::write_against;
use super::data::{Finding, QueryReport, Report};
use super::sizes::size_lines;
use super::trials::{trial_lines, tried};
use super::units::{bytes, count, plural};
use super::words::{
    access_changes, basis_name, change, effect, importance_name, place, sentence, severity_name,
    terminated,
};

/// The whole review.
pub fn render_markdown(report: &Report) -> String {
    let mut out = String::from("## Index review\n\n");
    write_summary(&mut out, report);
    write_against(&mut out, report);
    for (at, finding) in report.findings.iter().enumerate() {
        write_finding(&mut out, at + 1, finding, report);
    }
    write_trials(&mut out, report);
    let sizes = size_lines(report);
    write_details(&mut out, "Other sizes", |out| write_list(out, sizes.iter().cloned()));
    write_queries(&mut out, report);
    write_input(&mut out, report);
    out
}

fn write_summary(out: &mut String, report: &Report) {
    let summary = &report.summary;
    let findings = plural(report.findings.len(), "finding", "findings");
    let _ = write!(out, "{findings} ({})", report.dialect.name());
    if summary.n_queries > 0 {
        let queries = plural(summary.n_queries, "query", "queries");
        let change = change(summary.cost_before, summary.cost_after);
        let _ = write!(out, "; {} of {queries} planned, {change}", summary.n_understood);
        let _ = write!(out, "; new indexes take {}", bytes(summary.size_bytes));
    }
    if let Some(budget) = summary.budget_bytes {
        let _ = write!(out, " of {}", bytes(budget));
    }
    out.push_str(".\n");
}

fn write_finding(out: &mut String, number: usize, finding: &Finding, report: &Report) {
    let _ = writeln!(out, "\n### {number}. {}\n", escape(&finding.title));
    let importance = importance_name(finding.severity);
    let _ = writeln!(out, "`{}`, {importance}; {}.\n", finding.code, effect(finding));
    let statements: Vec<String> =
        finding.create.iter().chain(&finding.drop).map(|s| terminated(s)).collect();
    write_code(out, &statements);
    write_list(out, finding.break_even.iter().map(|limit| sentence(&escape(&limit.text))));
    write_list(out, finding.reasons.iter().map(|reason| escape(reason)));
    write_list(out, finding.advice.iter().map(|advice| format!("**Do:** {}", escape(advice))));
    let queries = report.queries.iter().filter(|query| finding.queries.contains(&query.id));
    let lines: Vec<String> = queries.map(query_line).collect();
    write_details(out, "Queries", |out| write_list(out, lines.iter().cloned()));
    write_details(out, "Assumptions", |out| write_assumptions(out, finding));
    write_details(out, "Alternatives", |out| {
        write_list(
            out,
            finding.alternatives.iter().map(|other| {
                let cost = other.cost_after.map(|cost| format!(", cost {}", count(cost)));
                let cost = cost.unwrap_or_default();
                format!("{}{cost}: {}", code(&other.create), escape(&other.why_not))
            }),
        );
    });
    let undo: Vec<String> = finding.reverse.iter().map(|s| terminated(s)).collect();
    write_details(out, "Undo", |out| write_code(out, &undo));
}

fn write_trials(out: &mut String, report: &Report) {
    for trial in tried(report) {
        let _ = writeln!(out, "\n### {}\n", code(trial.statement.trim()));
        write_list(out, trial_lines(trial).iter().map(|line| escape(line)));
    }
}

fn write_assumptions(out: &mut String, finding: &Finding) {
    for assumption in &finding.assumptions {
        let _ = writeln!(out, "- {} ({})", escape(&assumption.text), basis_name(assumption.basis));
        if let Some(query) = &assumption.replace_with {
            let _ = writeln!(out, "  To replace it by a fact: {}", code(query));
        }
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

fn write_queries(out: &mut String, report: &Report) {
    write_details(out, "All queries, before and after", |out| {
        if report.queries.is_empty() {
            return;
        }
        out.push_str("| query | calls | cost before | cost after | access |\n");
        out.push_str("|---|---:|---:|---:|---|\n");
        for query in &report.queries {
            let name = query.name.as_deref().map(escape).unwrap_or_default();
            let cost = |cost: Option<f64>| cost.map(count).unwrap_or_default();
            let access = match &query.error {
                Some(error) => escape(error),
                None => {
                    access_changes(query).iter().map(|a| escape(a)).collect::<Vec<_>>().join("<br>")
                }
            };
            let (before, after) = (cost(query.cost_before), cost(query.cost_after));
            let calls = count(query.calls);
            let _ =
                writeln!(out, "| {} {name} | {calls} | {before} | {after} | {access} |", query.id);
        }
    });
}

fn write_input(out: &mut String, report: &Report) {
    write_details(out, "What was read", |out| {
        write_list(
            out,
            report.inputs.iter().map(|input| {
                format!(
                    "{}: {} ({})",
                    escape(&input.name),
                    escape(&input.found),
                    escape(&input.title)
                )
            }),
        );
        write_list(
            out,
            report.diagnostics.iter().map(|remark| {
                let at = remark.source.as_ref().map(|at| format!(" at {}", escape(&place(at))));
                let severity = severity_name(remark.severity);
                format!("{severity}{}: {}", at.unwrap_or_default(), escape(&remark.message))
            }),
        );
    });
}

pub(super) fn write_list(out: &mut String, items: impl Iterator<Item = String>) {
    let before = out.len();
    for item in items {
        let _ = writeln!(out, "- {item}");
    }
    if out.len() > before {
        out.push('\n');
    }
}

/// A collapsed section; left out when there is nothing in it.
pub(super) fn write_details(out: &mut String, title: &str, write: impl FnOnce(&mut String)) {
    let mut body = String::new();
    write(&mut body);
    if !body.is_empty() {
        let body = body.trim_end();
        let _ = writeln!(out, "<details><summary>{title}</summary>\n\n{body}\n\n</details>\n");
    }
}

/// A code block whose fence is longer than any run of backticks inside.
pub(super) fn write_code(out: &mut String, statements: &[String]) {
    if statements.is_empty() {
        return;
    }
    let fence = "`".repeat(longest_backticks(&statements.concat()).max(2) + 1);
    let _ = writeln!(out, "{fence}sql\n{}\n{fence}\n", statements.join("\n"));
}

/// Inline code on one line, in a table cell too.
pub(super) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let fence = "`".repeat(longest_backticks(&text) + 1);
    format!("{fence} {text} {fence}")
}

fn longest_backticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text as it is: no markup, no HTML, no list, no mention of a person.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::new();
    let mut is_number = true;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let before = out.chars().next_back().is_some_and(char::is_alphanumeric);
        let after = rest.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("@<!-- -->"),
            '_' if before && after => out.push(c),
            // `1.` at the beginning would make a list.
            '.' if is_number => out.push_str("\\."),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        is_number &= c.is_ascii_digit();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_is_never_markup() {
        assert_eq!(escape("<img> a_b _c @me |"), "&lt;img&gt; a_b \\_c @<!-- -->me \\|");
        assert_eq!(escape("1. b.c"), "1\\. b.c");
        assert_eq!(code("a ``b`` |\n c"), "``` a ``b`` \\| c ```");
    }
}
