//! What could not be read or judged: where, why, and what to do about it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place in a pasted text, as a person would look it up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Name of the piece of input: a file name, or `input 2`.
    pub name: Arc<str>,
    /// Position of the piece in `Input::pieces`.
    pub piece: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// How bad it is for the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something was lost: a statement or an entry is not part of the review.
    Error,
    /// Something was understood only in part.
    Warning,
    /// Worth knowing; nothing was lost.
    Info,
}

/// One remark about the input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable kebab-case code, e.g. `statement-not-understood`.
    pub code: String,
    /// What and why, one sentence without a full stop; quoted user data comes last.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where.
    pub source: Option<Place>,
}

impl Diagnostic {
    /// A diagnostic without help and place; add them with [`Diagnostic::help`] and [`Diagnostic::at`].
    pub fn new(severity: Severity, code: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity,
            code: code.to_owned(),
            message: message.into(),
            help: None,
            source: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Diagnostic {
        self.source = Some(place);
        self
    }
}
