//! The head of the page: what was reviewed, and what comes of it in four figures.

use std::fmt::Write;

use super::parts::{escape, figure, prose, write_facts};
use crate::report::data::{Basis, Report};
use crate::report::units::{bytes, count, gain, plural};

/// `3 findings: index review`.
pub fn title(report: &Report) -> String {
    format!("{}: index review", plural(report.findings.len(), "finding", "findings"))
}

/// The head.
pub fn write(out: &mut String, report: &Report) {
    let summary = &report.summary;
    let _ = writeln!(out, "<header>\n<h1>Index review</h1>");
    let _ = writeln!(out, "<p>{}</p>", prose(&subject(report)));
    let mut facts = vec![(
        "Findings".to_owned(),
        match report.findings.len() {
            0 => "none".to_owned(),
            n => count(n as f64),
        },
    )];
    if summary.n_understood > 0 {
        let gain = gain(summary.cost_before, summary.cost_after);
        let gain = gain.map(|gain| format!(" <span class=\"gain\">{gain} cheaper</span>"));
        facts.push((
            "Cost of the workload".to_owned(),
            format!(
                "{} → {}{}",
                figure(&count(summary.cost_before)),
                figure(&count(summary.cost_after)),
                gain.unwrap_or_default()
            ),
        ));
        let budget = summary.budget_bytes.map(|budget| format!(" of {}", bytes(budget)));
        let size = format!("{}{}", bytes(summary.size_bytes), budget.unwrap_or_default());
        facts.push(("New indexes take".to_owned(), prose(&size)));
        let planned = format!("{} of {}", summary.n_understood, summary.n_queries);
        facts.push(("Queries planned".to_owned(), planned));
    }
    write_facts(out, "figures", facts.into_iter());
    let _ = writeln!(out, "<p class=\"hint\">{}</p>\n</header>", escape(&basis(report)));
}

/// `PostgreSQL: 4 tables, 9 queries with 12 000 calls, from schema.sql, queries.sql`.
fn subject(report: &Report) -> String {
    let mut names: Vec<&str> = Vec::new();
    for input in &report.inputs {
        if !names.contains(&input.name.as_str()) {
            names.push(&input.name);
        }
    }
    let shown = names.get(..names.len().min(6)).unwrap_or_default().join(", ");
    let more = names.len().saturating_sub(6);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let calls: f64 = report.queries.iter().map(|query| query.calls).sum();
    format!(
        "{}: {}, {} with {} calls, from {shown}{more}.",
        report.dialect.name(),
        plural(report.tables.len(), "table", "tables"),
        plural(report.queries.len(), "query", "queries"),
        count(calls),
    )
}

/// What all of it is, so that nobody takes a model for a measurement.
fn basis(report: &Report) -> String {
    let defaults = report.tables.iter().filter(|table| table.rows_basis == Basis::Default).count();
    let sizes = match (defaults, report.tables.len()) {
        (_, 0) => String::new(),
        (0, _) => " The size of every table is known.".to_owned(),
        (n, all) if n == all => {
            " No table's size was given: all of them are defaults, and what rests on them says so."
                .to_owned()
        }
        (n, all) => format!(" The sizes of {n} of {all} tables are defaults."),
    };
    format!(
        "Costs are modelled, in the planner's units and weighted by calls; nothing was run on a \
         database.{sizes}"
    )
}
