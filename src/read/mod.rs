//! From text to facts: one file per outside format. A format recognises where it begins and how far
//! it goes, and reads that; it never fails, it adds diagnostics.

pub mod annotation;
pub mod collect;
pub mod ddl;
pub mod detect;
pub mod explain;
pub mod facts;
pub mod histogram;
pub mod index_stats;
pub mod intake;
pub mod mysql_explain;
pub mod pg_stat_statements;
pub mod pg_statistics;
pub mod plan_node;
pub mod plans;
pub mod postgres_log;
pub mod postgresql_conf;
pub mod proposed;
pub mod psql_describe;
pub mod saved;
pub mod segment;
pub mod set;
pub mod settings;
pub mod sql;
pub mod sqlite_eqp;
pub mod statistics;
mod tally;
pub mod verb;

pub use facts::{Ddl, Facts, PastedPlan, StatementFact, Timing};

use crate::dialect::Dialect;
use crate::text::{Source, Span};

/// What one format can do. Adding a format is adding a file with one of these and a line in `FORMATS`.
pub struct Format {
    /// Stable name, e.g. `postgres-log`; also what the user overrides with.
    pub name: &'static str,
    /// What a person calls it, e.g. "PostgreSQL log".
    pub title: &'static str,
    /// Does this format begin at the line that starts at byte `at`? Then how far it goes (byte end,
    /// a line end) and why it was recognised ("a line with LEVEL and duration").
    pub claim: fn(text: &str, at: usize) -> Option<Claim>,
    /// Reads a claimed range.
    pub read: fn(segment: &Segment<'_>, facts: &mut Facts),
}

/// Every format, in the order they are asked. What none of them claims is SQL or not recognised.
pub const FORMATS: &[&Format] = &[
    &saved::FORMAT,
    &index_stats::FORMAT,
    &psql_describe::FORMAT,
    &explain::json::FORMAT,
    &explain::yaml::FORMAT,
    &explain::xml::FORMAT,
    &mysql_explain::json::FORMAT,
    &mysql_explain::tabular::FORMAT,
    &mysql_explain::tree::FORMAT,
    &sqlite_eqp::FORMAT,
    &explain::text::FORMAT,
    &postgres_log::FORMAT,
    &pg_stat_statements::FORMAT,
    &pg_statistics::FORMAT,
    &postgresql_conf::FORMAT,
    &sql::FORMAT,
];

/// A range that a format recognises as its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// One past its last byte.
    pub end: usize,
    /// Why, in a few words for the user.
    pub reason: String,
    /// The dialect it proves, if any.
    pub dialect: Option<Dialect>,
}

/// A range of a source that is of one format.
pub struct Segment<'a> {
    /// The piece of input.
    pub source: &'a Source,
    /// The range.
    pub span: Span,
    /// The dialect to read it in.
    pub dialect: Dialect,
}

impl<'a> Segment<'a> {
    /// The text of the range.
    pub fn text(&self) -> &'a str {
        self.span.of(&self.source.text)
    }
}
