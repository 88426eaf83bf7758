//! SQL as people write and dump it: schema statements, and the statements of a workload with what
//! their comments say of them.
//!
//! An INSERT of literals beside a CREATE TABLE, or in a script of nothing but INSERTs, is data and
//! only its rows are counted; elsewhere, with placeholders, or with `calls:` it is workload. COPY data
//! is always data. SET and its like are noted where they concern the planner; BEGIN, GRANT and others
//! are understood and of no consequence.

use crate::sorted::SortedSet;

use super::annotation::{Annotation, read_annotation};
use super::collect::{Added, Collector};
use super::ddl::read_ddl;
use super::facts::{Ddl, Facts, StatementFact, Timing};
use super::set::note_setting;
use super::verb::{Verb, inner_query};
use super::{Claim, Format, Segment};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::sql::cursor::Unread;
use crate::sql::parse::parse_query;
use crate::text::Span;
use crate::text::lex::{TokenKind, tokens};
use crate::text::split::{Statement, StatementKind, split_statements};

/// Plain SQL.
pub const FORMAT: Format = Format { name: "sql", title: "SQL", claim: no_claim, read };

/// Whatever no other format claims and begins like a statement is SQL: the intake decides.
fn no_claim(_text: &str, _at: usize) -> Option<Claim> {
    None
}

/// Longest INSERT that is looked at for placeholders; longer ones are data.
const INSERT_BYTES_MAX: usize = 16 << 10;

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    let mut reader = Reader {
        segment,
        facts,
        queries: Collector::new(segment.dialect),
        failed: Vec::new(),
        inserts: SortedSet::new(),
        creates_tables: false,
    };
    for statement in split_statements(&segment.source.text, segment.span, segment.dialect) {
        reader.statement(&statement);
    }
    reader.finish();
}

struct Reader<'a> {
    segment: &'a Segment<'a>,
    facts: &'a mut Facts,
    queries: Collector,
    /// Whether the statement at this position of `queries` could not be parsed.
    failed: Vec<bool>,
    /// Positions in `queries` that may turn out to be data.
    inserts: SortedSet<usize>,
    /// Tables were created before.
    creates_tables: bool,
}

impl Reader<'_> {
    fn text(&self, span: Span) -> &str {
        span.of(&self.segment.source.text)
    }

    fn place(&self, offset: usize) -> Place {
        self.segment.source.place(offset)
    }

    fn statement(&mut self, statement: &Statement) {
        if statement.kind == StatementKind::Sql {
            note_setting(statement.span.of(&self.segment.source.text), self.facts);
        }
        if read_ddl(self.segment.source, statement, self.segment.dialect, self.facts) {
            // Only what was added by this statement can be new.
            self.creates_tables |= matches!(self.facts.ddl.last(), Some(Ddl::CreateTable(_)));
            return;
        }
        match statement.kind {
            StatementKind::Client | StatementKind::Copy => {}
            StatementKind::Insert => self.insert(statement),
            StatementKind::Sql => self.sql(statement),
        }
    }

    fn insert(&mut self, statement: &Statement) {
        let annotation = self.annotation(statement);
        let is_workload = annotation != Annotation::default()
            || (statement.span.end - statement.span.start <= INSERT_BYTES_MAX
                && has_placeholder(self.segment, statement.span));
        if is_workload {
            self.query(statement.span, annotation, None);
        } else if statement.rows > 1 || self.creates_tables {
            self.facts.entries += 1;
        } else {
            let at = self.query(statement.span, annotation, None);
            self.inserts.insert(at);
        }
    }

    fn sql(&mut self, statement: &Statement) {
        if let Some(at) = statement.broken {
            self.facts.skipped += 1;
            let remark = Diagnostic::new(
                Severity::Error,
                "quote-not-closed",
                "a quote or comment opens here and never ends; its statement is left out",
            );
            let help = "close it; the text was read on from the next line that begins a statement";
            return self.facts.diagnostics.push(remark.help(help).at(self.place(at)));
        }
        let text = self.text(statement.span);
        match Verb::of(text, self.segment.dialect) {
            Verb::Query => match inner_query(text, self.segment.dialect) {
                Some((name, inner)) => {
                    let start = statement.span.start;
                    let span = Span { start: start + inner.start, end: start + inner.end };
                    self.query(span, self.annotation(statement), name);
                }
                None => self.facts.entries += 1,
            },
            Verb::Schema | Verb::Other => self.facts.entries += 1,
            Verb::Unknown => self.not_understood(statement),
        }
    }

    fn not_understood(&mut self, statement: &Statement) {
        self.facts.skipped += 1;
        let text = self.text(statement.span);
        let first = text.split_ascii_whitespace().next().unwrap_or("");
        let message = format!("no statement begins with {:?}", clipped(first));
        let remark = Diagnostic::new(Severity::Warning, "statement-not-understood", message)
            .help("remove it, or correct it if it is a query or a schema statement")
            .at(self.place(statement.span.start));
        self.facts.diagnostics.push(remark);
    }

    fn annotation(&self, statement: &Statement) -> Annotation {
        let lead = read_annotation(self.text(statement.lead));
        let tail = read_annotation(self.text(statement.tail));
        Annotation {
            name: lead.name.or(tail.name),
            calls: lead.calls.or(tail.calls),
            mean_ms: lead.mean_ms.or(tail.mean_ms),
            total_ms: lead.total_ms.or(tail.total_ms),
            min_ms: lead.min_ms.or(tail.min_ms),
            max_ms: lead.max_ms.or(tail.max_ms),
            rows: lead.rows.or(tail.rows),
        }
    }

    /// Adds a statement to the workload; the first of each shape is parsed. Returns its position.
    fn query(&mut self, span: Span, says: Annotation, name: Option<String>) -> usize {
        let calls = says.calls.unwrap_or(1.0);
        let fact = StatementFact {
            name: says.name.or(name),
            sql: self.text(span).to_owned(),
            calls: says.calls,
            timing: Timing {
                n_timed: if says.total_ms.or(says.mean_ms).is_some() { calls } else { 0.0 },
                total_ms: says.total_ms.or(says.mean_ms.map(|ms| ms * calls)),
                min_ms: says.min_ms,
                max_ms: says.max_ms,
                ..Timing::default()
            },
            rows: says.rows,
            source: Some(self.place(span.start)),
            ..StatementFact::default()
        };
        let added = self.queries.add(fact);
        if let Added::New(_) = added {
            let parsed = parse_query(self.text(span), self.segment.dialect);
            self.failed.push(parsed.is_err());
            if let Err(error) = parsed {
                self.query_not_understood(span, &error);
            }
        }
        match self.failed.get(added.at()) {
            Some(true) => self.facts.skipped += 1,
            _ => self.facts.entries += 1,
        }
        added.at()
    }

    fn query_not_understood(&mut self, span: Span, error: &Unread) {
        let message = format!("a query is not understood: {}", error.message);
        let help = format!(
            "it keeps its place in the workload but no index is judged for it; check its syntax, \
             or set another dialect than {}",
            self.segment.dialect.name()
        );
        let at = span.start + error.at.min(span.end - span.start);
        let remark = Diagnostic::new(Severity::Error, "query-not-understood", message);
        self.facts.diagnostics.push(remark.help(help).at(self.place(at)));
    }

    /// INSERTs of literals are data in a script that creates tables or does nothing else.
    fn finish(self) {
        let only_inserts = self.inserts.len() == self.queries.statements.len();
        let are_data = only_inserts || self.creates_tables;
        for (at, statement) in self.queries.statements.into_iter().enumerate() {
            if !are_data || !self.inserts.contains(&at) {
                self.facts.statements.push(statement);
            }
        }
    }
}

fn has_placeholder(segment: &Segment<'_>, span: Span) -> bool {
    let sql = span.of(&segment.source.text);
    tokens(sql, 0, segment.dialect).any(|token| {
        token.kind == TokenKind::Param
            || (token.kind == TokenKind::Operator && token.text(sql) == "?")
    })
}

/// The beginning of user data for a message.
fn clipped(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}
