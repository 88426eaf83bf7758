//! What is taken out of the page: the review in one of its forms, and statements.

use crate::redact::redact_report;
use crate::report::Report;
use crate::report::html::render_html;
use crate::report::json::render_json;
use crate::report::markdown::render_markdown;
use crate::report::migration::File;

/// A form of the review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// One page for people.
    #[default]
    Html,
    /// For a pull request.
    Markdown,
    /// For programs.
    Json,
}

impl Form {
    /// All, in the order they are offered.
    pub const ALL: [Form; 3] = [Form::Html, Form::Markdown, Form::Json];

    /// Also in the page, for tests.
    pub fn name(self) -> &'static str {
        match self {
            Form::Html => "html",
            Form::Markdown => "markdown",
            Form::Json => "json",
        }
    }

    /// What it is called, and what it is for.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Form::Html => (
                "HTML",
                "One page to hand around: opens from disk, loads nothing, prints with page numbers",
            ),
            Form::Markdown => (
                "Markdown",
                "For a pull request: what is to be decided on top, the rest folded, within GitHub's limit",
            ),
            Form::Json => ("JSON", "For programs: everything the page knows"),
        }
    }

    fn file_name(self) -> &'static str {
        match self {
            Form::Html => "review.html",
            Form::Markdown => "review.md",
            Form::Json => "review.json",
        }
    }
}

/// The review as a file, byte for byte as the command writes it; without the literals of the input
/// unless they are wanted.
pub fn report(report: &Report, form: Form, literals: bool) -> File {
    let redacted = if literals { None } else { Some(redact_report(report)) };
    let report = redacted.as_ref().unwrap_or(report);
    let text = match form {
        Form::Html => render_html(report),
        Form::Markdown => render_markdown(report),
        Form::Json => render_json(report),
    };
    File { name: form.file_name().to_owned(), text }
}

/// The review for a pull request, without the literals of the input.
pub fn markdown(report: &Report) -> Option<String> {
    Some(render_markdown(&redact_report(report)))
}

/// A statement with its semicolon.
pub fn terminated(statement: &str) -> String {
    format!("{};", statement.trim_end().trim_end_matches(';'))
}
