//! What is copied out of the page.

use crate::redact::redact_report;
use crate::report::Report;
use crate::report::markdown::render_markdown;

/// The review for a pull request, without the literals of the input.
pub fn markdown(report: &Report) -> Option<String> {
    Some(render_markdown(&redact_report(report)))
}

/// A statement with its semicolon.
pub fn terminated(statement: &str) -> String {
    format!("{};", statement.trim_end().trim_end_matches(';'))
}
