//! The review for a terminal: compact, complete, stable. The golden tests show it.

use crate::sorted::SortedSet;
use std::fmt::Write;

use super::against_text::write_against;
use super::data::{
    Cell, Finding, IndexReport, Matrix, QueryReport, Report, Role, Summary, TableReport,
};
use super::decisions::{numbers_text, standing_text, verdict_text};
use super::plan_text::heading;
use super::sizes::size_lines;
use super::trials::{effect_lines, trial_lines, trial_of, tried};
use super::units::{bytes, count, millis, plural};
use super::words::{
    access_changes, basis_name, cell_uses, change, effect, importance_name, place, severity_name,
};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::read::intake::InputReport;

/// The whole review.
pub fn render_text(report: &Report) -> String {
    let mut out = String::new();
    write_inputs(&mut out, report.dialect, &report.inputs);
    write_diagnostics(&mut out, &report.diagnostics);
    write_against(&mut out, report);
    write_findings(&mut out, &report.findings);
    write_decisions(&mut out, report);
    write_trials(&mut out, report);
    write_sizes(&mut out, report);
    write_queries(&mut out, &report.queries, &report.matrix);
    write_tables(&mut out, report);
    write_plans(&mut out, report);
    write_summary(&mut out, &report.summary);
    out
}

/// What was read as what.
pub fn write_inputs(out: &mut String, dialect: Dialect, inputs: &[InputReport]) {
    let _ = writeln!(out, "dialect {}", dialect.name());
    for input in inputs {
        let _ = write!(out, "  {}:{}  {}", input.name, input.line, input.title);
        let _ = write!(out, " ({}): {}", input.kind_reason, input.found);
        if input.skipped > 0 {
            let total = input.entries + input.skipped;
            let _ = write!(out, "; {} of {total} understood", input.entries);
        }
        out.push('\n');
    }
}

/// Remarks on the input.
pub fn write_diagnostics(out: &mut String, diagnostics: &[Diagnostic]) {
    if diagnostics.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", plural(diagnostics.len(), "diagnostic", "diagnostics"));
    for diagnostic in diagnostics {
        let severity = severity_name(diagnostic.severity);
        let at = diagnostic.source.as_ref().map(|at| place(at) + ": ").unwrap_or_default();
        let _ = writeln!(out, "  {at}{severity} {}: {}", diagnostic.code, diagnostic.message);
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(out, "    help: {help}");
        }
    }
}

fn write_findings(out: &mut String, findings: &[Finding]) {
    if findings.is_empty() {
        out.push_str("\nno findings\n");
        return;
    }
    let _ = writeln!(out, "\n{}", plural(findings.len(), "finding", "findings"));
    for (at, finding) in findings.iter().enumerate() {
        let importance = importance_name(finding.severity);
        let _ = writeln!(out, "\n{}. {} ({importance}): {}", at + 1, finding.code, finding.title);
        write_finding(out, finding);
    }
}

fn write_finding(out: &mut String, finding: &Finding) {
    let mut line = |label: &str, text: &str| {
        let text = text.trim_end().replace('\n', "\n             ");
        let _ = writeln!(out, "   {label:<9} {text}");
    };
    for statement in finding.create.iter().chain(&finding.drop) {
        line("run", statement);
    }
    for statement in &finding.reverse {
        line("undo", statement);
    }
    if !finding.queries.is_empty() {
        line("queries", &finding.queries.join(", "));
    }
    line("effect", &effect(finding));
    for threshold in &finding.break_even {
        line("limits", &threshold.text);
    }
    for reason in &finding.reasons {
        line("why", reason);
    }
    for advice in &finding.advice {
        line("do", advice);
    }
    for assumption in &finding.assumptions {
        line("assumes", &format!("{} ({})", assumption.text, basis_name(assumption.basis)));
        if let Some(query) = &assumption.replace_with {
            line("  ask", query);
        }
    }
    for alternative in &finding.alternatives {
        let cost = alternative.cost_after.map(|cost| format!(" [cost {}]", count(cost)));
        let cost = cost.unwrap_or_default();
        line("rather", &format!("{}{cost}: {}", alternative.create, alternative.why_not));
    }
    for at in &finding.places {
        line("at", &place(at));
    }
}

fn write_trials(out: &mut String, report: &Report) {
    for (at, trial) in tried(report).enumerate() {
        if at == 0 {
            out.push_str("\ntried\n");
        }
        let _ = writeln!(out, "\n  {}", trial.statement.trim());
        for line in trial_lines(trial) {
            let _ = writeln!(out, "    {line}");
        }
    }
}

fn write_decisions(out: &mut String, report: &Report) {
    if report.decisions.is_empty() {
        return;
    }
    out.push_str("\ndecided\n");
    for one in &report.decisions {
        let _ = writeln!(out, "\n  {}", one.decision.statement.trim());
        let _ = writeln!(out, "    {}; {}", verdict_text(one), standing_text(one));
        let seen = one.decision.seen.as_ref().filter(|seen| one.now.as_ref() != Some(*seen));
        for (when, numbers) in [("then", seen), ("now", one.now.as_ref())] {
            if let Some(numbers) = numbers {
                let _ = writeln!(out, "    {when}: {}", numbers_text(numbers, one.is_drop));
            }
        }
        for line in trial_of(report, one).map(effect_lines).unwrap_or_default() {
            let _ = writeln!(out, "    {line}");
        }
    }
}

fn write_sizes(out: &mut String, report: &Report) {
    let lines = size_lines(report);
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nother sizes");
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
}

fn write_queries(out: &mut String, queries: &[QueryReport], matrix: &Matrix) {
    if queries.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", plural(queries.len(), "query", "queries"));
    for query in queries {
        let _ = writeln!(out, "  {}", query_head(query));
        for access in access_changes(query) {
            let _ = writeln!(out, "    {access}");
        }
        let of_use = |cell: &&Cell| cell.query == query.id && cell.role != Role::NotUsed;
        for cell in matrix.cells.iter().filter(of_use) {
            let _ = writeln!(out, "    {}: {}: {}", cell.index, cell_uses(cell), cell.reason);
        }
    }
}

fn query_head(query: &QueryReport) -> String {
    let mut parts = vec![query.id.clone()];
    parts.extend(query.name.clone());
    parts.push(format!("calls {}", count(query.calls)));
    parts.extend(query.mean_ms.map(|ms| format!("mean {}", millis(ms))));
    match (&query.error, query.cost_before, query.cost_after) {
        (Some(error), _, _) => parts.push(format!("not planned: {error}")),
        (None, Some(before), Some(after)) if before != after => parts.push(change(before, after)),
        (None, Some(cost), _) => parts.push(format!("cost {}", count(cost))),
        (None, None, _) => {}
    }
    parts.join("  ")
}

/// Tables with their indexes; the ones that nothing is said about are only counted.
fn write_tables(out: &mut String, report: &Report) {
    let queried = report.queries.iter().flat_map(|query| &query.access_before);
    let mut shown: SortedSet<&str> = queried.map(|access| access.table.as_str()).collect();
    shown.extend(report.findings.iter().filter_map(|finding| finding.table.as_deref()));
    shown.extend(report.matrix.cells.iter().map(|cell| cell.table.as_str()));
    let is_shown = |table: &&TableReport| shown.contains(table.name.as_str());
    if report.tables.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", plural(report.tables.len(), "table", "tables"));
    for table in report.tables.iter().filter(is_shown) {
        let rows = format!("{} rows ({})", count(table.rows), basis_name(table.rows_basis));
        let size = format!("{} ({})", bytes(table.size_bytes), basis_name(table.size_basis));
        let _ = writeln!(out, "  {}: {rows}, {size}", table.name);
        for index in report.indexes.iter().filter(|index| index.table == table.name) {
            let _ = writeln!(out, "    {}", index_line(index));
        }
    }
    let n_other = report.tables.iter().filter(|table| !is_shown(table)).count();
    if n_other > 0 {
        let tables = plural(n_other, "other", "others");
        let _ = writeln!(out, "  {tables} that no query reads and no finding is about");
    }
}

fn index_line(index: &IndexReport) -> String {
    let unique = if index.unique { " unique" } else { "" };
    let suggested = if index.suggested { ", suggested" } else { "" };
    let size = format!("{} ({})", bytes(index.size_bytes), basis_name(index.size_basis));
    let scans = index.idx_scan.map(|n| format!(", {} scans", count(n))).unwrap_or_default();
    let used = match index.used_by.as_slice() {
        [] => String::new(),
        queries => format!(", used by {}", queries.join(", ")),
    };
    format!("{}{unique} {}: {size}{suggested}{scans}{used}", index.name, index.shape)
}

fn write_plans(out: &mut String, report: &Report) {
    if report.plans.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", plural(report.plans.len(), "plan", "plans"));
    for plan in &report.plans {
        let mut parts = vec![plan.id.clone()];
        parts.extend(plan.source.as_ref().map(place));
        parts.push(plan.plan.node_type.clone());
        let how = if plan.query_by_shape { ", by its tables and conditions" } else { "" };
        parts.extend(plan.query.as_ref().map(|query| format!("of {query}{how}")));
        parts.extend(plan.execution_ms.map(millis));
        let _ = writeln!(out, "  {}", parts.join("  "));
        let mut nodes = Vec::new();
        plan.plan.walk(&mut |node| nodes.push(node));
        for note in &plan.notes {
            let node = nodes.get(note.node).map(|node| heading(node)).unwrap_or_default();
            let _ = writeln!(out, "    {node}: {}", note.text);
        }
    }
}

fn write_summary(out: &mut String, summary: &Summary) {
    if summary.n_queries == 0 {
        return;
    }
    let queries = plural(summary.n_queries, "query", "queries");
    let _ = write!(out, "\n{} of {queries} planned, ", summary.n_understood);
    out.push_str(&change(summary.cost_before, summary.cost_after));
    let _ = write!(out, ", new indexes take {}", bytes(summary.size_bytes));
    if let Some(budget) = summary.budget_bytes {
        let _ = write!(out, " of {}", bytes(budget));
    }
    out.push('\n');
}
