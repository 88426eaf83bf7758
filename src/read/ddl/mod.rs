//! Schema statements of any dialect, as dumps print them and as people write them. A tolerant reader
//! over tokens: what it does not know inside a statement it skips, what it cannot read is a diagnostic
//! and loses only itself.

mod alter;
mod column;
mod constraint;
mod create;
mod index;
mod misc;
mod table;
mod trigger;

pub use crate::sql::cursor::{Cursor, Unread};
pub use column::read_type;
pub use constraint::{column_key, read_constraint_definition};
pub use index::read_index_definition;

use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::read::facts::{Ddl, Facts};
use crate::text::Source;
use crate::text::lex::{Token, TokenKind, tokens};
use crate::text::split::{Statement, StatementKind};

/// Reads a statement of `split_statements` if it is one of the schema, or one of those that concern
/// neither schema nor workload (SET, GRANT, client commands ...). `true` means so, and that it is
/// counted in `entries` or `skipped`; everything else is left to the caller. The rows of an INSERT are
/// noted, but the statement is left to the caller.
pub fn read_ddl(
    source: &Source,
    statement: &Statement,
    dialect: Dialect,
    facts: &mut Facts,
) -> bool {
    let text = source.text.get(..statement.span.end).unwrap_or("");
    misc::note_dump(source, statement, facts);
    if statement.kind == StatementKind::Client {
        misc::read_client_line(statement.span.of(text), facts);
        facts.entries += 1;
        return true;
    }
    if matches!(statement.kind, StatementKind::Insert | StatementKind::Copy) {
        note_rows(text, statement, dialect, facts);
        facts.entries += usize::from(statement.kind == StatementKind::Copy);
        return statement.kind == StatementKind::Copy;
    }
    let start = statement.span.start;
    let Some(first) = tokens(text, start, dialect).find(|t| t.kind != TokenKind::Comment) else {
        return false;
    };
    if first.kind != TokenKind::Word || !misc::may_be_schema(&first.text(text).to_ascii_lowercase())
    {
        return false;
    }
    let tokens = significant_tokens(text, start, dialect);
    let mut cursor = Cursor::new(text, &tokens, dialect);
    let before = facts.ddl.len();
    let outcome = create::read_statement(&mut cursor, source, facts);
    match outcome {
        Ok(is_schema) => {
            facts.entries += usize::from(is_schema);
            is_schema
        }
        Err(unread) => {
            facts.ddl.truncate(before);
            facts.skipped += 1;
            facts.diagnostics.push(not_understood(source, statement, &unread));
            true
        }
    }
}

fn significant_tokens(text: &str, start: usize, dialect: Dialect) -> Vec<Token> {
    tokens(text, start, dialect).filter(|t| t.kind != TokenKind::Comment).collect()
}

fn not_understood(source: &Source, statement: &Statement, unread: &Unread) -> Diagnostic {
    let (at, message, help) = match statement.broken {
        Some(quote) => (
            quote,
            "a quote or comment opens here and never ends".to_owned(),
            "Close it and review again; the statement is left out.",
        ),
        None => (
            unread.at,
            unread.message.clone(),
            "The statement is left out of the review. If the server accepts it, check that the \
             dialect is right.",
        ),
    };
    Diagnostic::new(Severity::Error, "statement-not-understood", message)
        .help(help)
        .at(source.place(at.min(source.text.len())))
}

/// Rows counted by the splitter in INSERT or COPY.
fn note_rows(text: &str, statement: &Statement, dialect: Dialect, facts: &mut Facts) {
    // Only the head of what may be megabytes of data.
    let head: Vec<Token> = tokens(text, statement.span.start, dialect)
        .filter(|t| t.kind != TokenKind::Comment)
        .take(12)
        .collect();
    let mut cursor = Cursor::new(text, &head, dialect);
    cursor.bump();
    for word in ["low_priority", "delayed", "high_priority", "ignore", "into"] {
        cursor.eat(word);
    }
    if cursor.eat("or") {
        cursor.bump();
        cursor.eat("into");
    }
    if let Ok(name) = cursor.qualified_name() {
        let copied = statement.kind == StatementKind::Copy;
        #[allow(clippy::cast_precision_loss)] // Counts of rows and bytes of a paste.
        let (rows, bytes) = (statement.rows as f64, statement.data_bytes as f64);
        match facts.ddl.last_mut() {
            Some(Ddl::Rows(last, n, size, same)) if *last == name && *same == copied => {
                *n += rows;
                *size += bytes;
            }
            _ => facts.ddl.push(Ddl::Rows(name, rows, bytes, copied)),
        }
    }
}
