//! Before and after DDL for a pull request: what loses first, then what the statements lock.

use std::fmt::Write;

use super::against_text::{
    access_lines, difference_line, effect_line, index_line, is_blocking, lock_line, proposed_name,
    query_lines, summary,
};
use super::data::{Against, Report};
use super::markdown::{code, escape, write_code, write_details, write_list};
use super::units::count;
use super::words::sentence;
use crate::against::locks::StatementReport;
use crate::against::{ComparedQuery, Verdict};

/// The section, where something is proposed.
pub fn write_against(out: &mut String, report: &Report) {
    let Some(against) = &report.against else { return };
    let _ = writeln!(out, "\n### Today against the {}\n", proposed_name(against));
    let _ = writeln!(out, "{}\n", sentence(&escape(&summary(against))));
    write_queries(out, against);
    write_statements(out, &against.statements);
    let indexes = against.indexes.iter().map(|index| escape(&index_line(index)));
    write_details(out, "Indexes that come and go", |out| write_list(out, indexes));
    let lines = against.differences.iter().map(|one| escape(&difference_line(one)));
    write_details(out, "Differences of the schemas", |out| write_list(out, lines));
}

fn write_queries(out: &mut String, against: &Against) {
    let changed: Vec<&ComparedQuery> =
        against.queries.iter().filter(|query| query.verdict != Verdict::Same).collect();
    if changed.is_empty() {
        out.push_str("No query is planned otherwise.\n\n");
        return;
    }
    out.push_str("| query | verdict | calls | cost today | cost proposed | what changes |\n");
    out.push_str("|---|---|---:|---:|---:|---|\n");
    for query in changed {
        let name = query.name.as_deref().map(escape).unwrap_or_default();
        let cost = |cost: Option<f64>| cost.map(count).unwrap_or_default();
        let lines = match query.verdict.is_loss() {
            true => query_lines(query),
            false => access_lines(query),
        };
        let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
        let verdict = match query.verdict.is_loss() {
            true => format!("**{}**", query.verdict.words()),
            false => query.verdict.words().to_owned(),
        };
        let _ = writeln!(
            out,
            "| {} {name} | {verdict} | {} | {} | {} | {} |",
            query.id,
            count(query.calls),
            cost(query.cost_before),
            cost(query.cost_after),
            lines.join("<br>")
        );
    }
    out.push('\n');
}

fn write_statements(out: &mut String, statements: &[StatementReport]) {
    if statements.is_empty() {
        return;
    }
    out.push_str("| statement | locks | effect |\n|---|---|---|\n");
    for statement in statements {
        let effect = escape(&effect_line(statement));
        let effect = if is_blocking(statement) { format!("**{effect}**") } else { effect };
        let lock = escape(&lock_line(statement));
        let _ = writeln!(out, "| {} | {lock} | {effect} |", code(&statement.sql));
    }
    out.push('\n');
    for statement in statements.iter().filter(|one| is_blocking(one) && !one.safer.is_empty()) {
        let _ = writeln!(out, "Safer than {}:\n", code(&statement.sql));
        let safer: Vec<String> = statement.safer.iter().map(|sql| format!("{sql};")).collect();
        write_code(out, &safer);
    }
    write_details(out, "Notes on the statements", |out| {
        for statement in statements.iter().filter(|one| !one.notes.is_empty()) {
            let notes: Vec<String> = statement.notes.iter().map(|note| escape(note)).collect();
            let _ = writeln!(out, "- {}: {}", code(&statement.sql), notes.join("; "));
        }
    });
}
