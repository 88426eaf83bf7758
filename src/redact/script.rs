//! SQL scripts: the statements that are asked for, without comments but for names and figures of queries,
//! and without the rows of dumps, of which only the number and the size count.

use std::collections::BTreeSet;

use super::input::Wish;
use super::statement::{Reading, walk_sql};
use super::swap::{Keep, Swap};
use crate::dialect::Dialect;
use crate::read::annotation::{Annotation, read_annotation};
use crate::read::set::note_setting;
use crate::read::verb::Verb;
use crate::read::{Facts, Segment};
use crate::text::lex::{TokenKind, tokens};
use crate::text::split::{Statement, StatementKind, split_statements};

/// Longest rows of a dump whose size is kept; of longer ones only the number is.
const DATA_BYTES_MAX: u64 = 1 << 20;

/// Rows of a dump that are written at most.
const ROWS_MAX: u64 = 1 << 20;

/// Longest INSERT whose values are walked over; longer ones are rows.
const INSERT_BYTES_MAX: usize = 16 << 10;

/// The statements of a segment.
pub fn walk_script(segment: &Segment<'_>, wish: &Wish, swap: &mut dyn Swap) -> Option<String> {
    let text = &segment.source.text;
    let mut script = Script { text, dialect: segment.dialect, wish, swap, end: ";".to_owned() };
    let statements = split_statements(text, segment.span, segment.dialect);
    let parts: Vec<String> = statements.filter_map(|s| script.statement(&s)).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

struct Script<'a> {
    text: &'a str,
    dialect: Dialect,
    wish: &'a Wish,
    swap: &'a mut dyn Swap,
    /// What ends a statement.
    end: String,
}

impl Script<'_> {
    fn statement(&mut self, statement: &Statement) -> Option<String> {
        let sql = statement.span.of(self.text);
        match statement.kind {
            _ if statement.broken.is_some() => None,
            StatementKind::Client => self.client_line(sql),
            StatementKind::Copy => self.wish.schema.then(|| self.copied_rows(sql, statement)),
            StatementKind::Insert => self.insert(sql, statement),
            StatementKind::Sql => self.sql(sql, statement),
        }
    }

    /// Only what tells where statements end.
    fn client_line(&mut self, line: &str) -> Option<String> {
        let (word, end) = line.trim().split_once(' ')?;
        if !word.eq_ignore_ascii_case("delimiter") || end.trim().len() > 4 {
            return None;
        }
        self.end = end.trim().to_owned();
        Some(format!("DELIMITER {}", self.end))
    }

    fn sql(&mut self, sql: &str, statement: &Statement) -> Option<String> {
        let wanted = match Verb::of(sql, self.dialect) {
            Verb::Query => self.wish.queries,
            Verb::Schema => self.wish.schema && !sets(sql) || self.wish.statistics && sets(sql),
            Verb::Other if chooses_schema(sql, self.dialect) => self.wish.schema,
            Verb::Other => self.wish.statistics && sets(sql),
            Verb::Unknown => false,
        };
        wanted.then(|| self.written(sql, reading_of(sql, self.dialect), statement))
    }

    fn insert(&mut self, sql: &str, statement: &Statement) -> Option<String> {
        let is_short = statement.span.end - statement.span.start <= INSERT_BYTES_MAX;
        let is_query = is_short && (statement.rows <= 1 || has_parameter(sql, self.dialect))
            || self.annotation(statement) != Annotation::default();
        if is_query {
            let wanted = self.wish.queries || self.wish.schema;
            return wanted.then(|| self.written(sql, Reading::Query, statement));
        }
        self.wish.schema.then(|| {
            let lead = lead_of_values(sql, self.dialect);
            let lead = walk_sql(lead, self.dialect, Reading::Query, self.swap);
            let row = row_of(statement, "('", "'),", "(NULL),");
            let n = usize::try_from(statement.rows.min(ROWS_MAX)).unwrap_or(0);
            format!("{lead} {}{}", row.repeat(n).trim_end_matches(','), self.end)
        })
    }

    fn copied_rows(&mut self, sql: &str, statement: &Statement) -> String {
        let command = walk_sql(sql, self.dialect, Reading::Query, self.swap);
        let row = row_of(statement, "", "\n", "\\N\n");
        let n = usize::try_from(statement.rows.min(ROWS_MAX)).unwrap_or(0);
        format!("{command};\n{}\\.", row.repeat(n))
    }

    fn written(&mut self, sql: &str, reading: Reading, statement: &Statement) -> String {
        if sets(sql) {
            return format!("{}{}", walk_sql(sql, self.dialect, reading, &mut Keep), self.end);
        }
        let says = self.annotation(statement);
        let body = walk_sql(sql, self.dialect, reading, self.swap);
        format!("{}{body}{}", self.comment(&says), self.end)
    }

    fn annotation(&self, statement: &Statement) -> Annotation {
        let lead = read_annotation(statement.lead.of(self.text));
        let tail = read_annotation(statement.tail.of(self.text));
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

    fn comment(&mut self, says: &Annotation) -> String {
        let figures = [
            ("calls", says.calls),
            ("mean_ms", says.mean_ms),
            ("total_ms", says.total_ms),
            ("min_ms", says.min_ms),
            ("max_ms", says.max_ms),
            ("rows", says.rows),
        ];
        let name = says.name.as_ref().map(|name| format!("name: {}", self.swap.name(name)));
        let figures = figures.iter().filter_map(|(name, n)| n.map(|n| format!("{name}: {n}")));
        let all: Vec<String> = name.into_iter().chain(figures).collect();
        if all.is_empty() { String::new() } else { format!("-- {}\n", all.join("; ")) }
    }
}

/// The names in the schema statements of a segment, in lower case.
pub fn note_names(segment: &Segment<'_>, names: &mut BTreeSet<String>) {
    let text = &segment.source.text;
    for statement in split_statements(text, segment.span, segment.dialect) {
        let sql = statement.span.of(text);
        if statement.kind != StatementKind::Sql || Verb::of(sql, segment.dialect) != Verb::Schema {
            continue;
        }
        for token in tokens(sql, 0, segment.dialect) {
            if matches!(token.kind, TokenKind::Word | TokenKind::QuotedName) {
                let name = token.text(sql).trim_matches(['"', '`', '[', ']']);
                names.insert(name.to_lowercase());
            }
        }
    }
}

/// Does a statement set something of the planner?
fn sets(sql: &str) -> bool {
    let mut facts = Facts::default();
    note_setting(sql, &mut facts);
    !facts.set.is_empty()
}

/// `SET search_path = shop`, `USE shop`: where the tables that follow are.
fn chooses_schema(sql: &str, dialect: Dialect) -> bool {
    let code = tokens(sql, 0, dialect).filter(|token| token.kind != TokenKind::Comment);
    let words: Vec<String> =
        code.take(3).map(|token| token.text(sql).to_ascii_lowercase()).collect();
    match words.first().map(String::as_str) {
        Some("use") => true,
        Some("set") => words.iter().any(|word| word == "search_path" || word == "schema"),
        _ => false,
    }
}

/// Bodies of views and triggers are queries.
fn reading_of(sql: &str, dialect: Dialect) -> Reading {
    let code = tokens(sql, 0, dialect).filter(|token| token.kind != TokenKind::Comment);
    let words: Vec<String> =
        code.take(6).map(|token| token.text(sql).to_ascii_lowercase()).collect();
    let is_schema = matches!(words.first().map(String::as_str), Some("create" | "alter"));
    let has_body = words.iter().any(|word| {
        matches!(word.as_str(), "view" | "trigger" | "function" | "procedure" | "rule" | "policy")
    });
    if is_schema && !has_body { Reading::Schema } else { Reading::Query }
}

fn has_parameter(sql: &str, dialect: Dialect) -> bool {
    tokens(sql, 0, dialect).any(|token| {
        token.kind == TokenKind::Param
            || (token.kind == TokenKind::Operator && token.text(sql) == "?")
    })
}

/// An INSERT up to its VALUES.
fn lead_of_values(sql: &str, dialect: Dialect) -> &str {
    let values = tokens(sql, 0, dialect)
        .find(|token| token.is_word(sql, "values") || token.is_word(sql, "value"));
    values.and_then(|token| sql.get(..token.span.end)).unwrap_or("")
}

/// A row of the same length, on average.
fn row_of(statement: &Statement, open: &str, close: &str, short: &str) -> String {
    let mean = statement.data_bytes.checked_div(statement.rows).unwrap_or(0);
    let frame = open.len() + close.len();
    match usize::try_from(mean).ok().and_then(|mean| mean.checked_sub(frame)) {
        Some(n) if statement.data_bytes <= DATA_BYTES_MAX => {
            format!("{open}{}{close}", "x".repeat(n.max(1)))
        }
        _ => short.to_owned(),
    }
}
