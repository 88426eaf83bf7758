//! What is copied out of the page.

use crate::redact::redact_report;
use crate::report::Report;
use crate::report::markdown::render_markdown;
use crate::report::migration::sql::render_sql;

/// The migration that the findings make, if they change anything.
pub fn ddl(report: &Report) -> Option<String> {
    let changes = report.findings.iter().any(|f| !f.create.is_empty() || !f.drop.is_empty());
    changes.then(|| render_sql(report))
}

/// The review for a pull request, without the literals of the input.
pub fn markdown(report: &Report) -> Option<String> {
    Some(render_markdown(&redact_report(report)))
}

/// A statement with its semicolon.
pub fn terminated(statement: &str) -> String {
    format!("{};", statement.trim_end().trim_end_matches(';'))
}
