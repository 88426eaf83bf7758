//! Cuts a text into segments of one format each. A format may begin at the start of the text, after
//! a finished segment or statement, behind a blank line, and where a line looks like no SQL; what
//! begins like a statement is SQL; the rest is not recognised, and said to be so.

use super::verb::Verb;
use super::{Claim, FORMATS, Format, sql};
use crate::dialect::Dialect;
use crate::text::lex::{TokenKind, tokens};
use crate::text::split::{Statement, StatementKind, Statements, split_statements};
use crate::text::{Span, lines};

/// A range of one format; none means that nothing recognises it.
pub struct Part {
    /// The format.
    pub format: Option<&'static Format>,
    /// The range.
    pub span: Span,
    /// Why it was recognised.
    pub reason: String,
    /// The dialect it proves.
    pub dialect: Option<Dialect>,
}

/// Cuts `text`, reading SQL in `dialect`. The parts follow each other; only blank lines lie between.
pub fn cut_segments(text: &str, dialect: Dialect) -> Vec<Part> {
    let whole = Span { start: 0, end: text.len() };
    let mut cutter = Cutter {
        text,
        dialect,
        statements: split_statements(text, whole, dialect),
        parts: Vec::new(),
        open: None,
        at: 0,
    };
    while cutter.at < text.len() {
        cutter.step();
    }
    cutter.close();
    cutter.parts
}

struct Cutter<'a> {
    text: &'a str,
    dialect: Dialect,
    statements: Statements<'a>,
    parts: Vec<Part>,
    /// The SQL or unrecognised text that is being collected.
    open: Option<Open>,
    at: usize,
}

struct Open {
    is_sql: bool,
    start: usize,
    end: usize,
}

impl Cutter<'_> {
    /// Handles what begins at the line start `self.at`.
    fn step(&mut self) {
        let line = line_at(self.text, self.at);
        let next = next_line(self.text, self.at);
        if line.trim().is_empty() || line.trim_start().starts_with("```") {
            // A fence of Markdown is layout too.
            self.at = next;
        } else if let Some((format, claim)) = claim_at(self.text, self.at) {
            self.close();
            let span = Span { start: self.at, end: claim.end.clamp(next, self.text.len()) };
            self.at = span.end;
            let (reason, dialect) = (claim.reason, claim.dialect);
            self.parts.push(Part { format: Some(format), span, reason, dialect });
        } else if let Some(end) = self.comment_end(line) {
            self.extend(true, end);
            self.at = end;
        } else if begins_sql(line, self.dialect) {
            self.statement();
        } else if let Some(label) = label_len(line) {
            self.labelled(self.at + label);
        } else {
            self.extend(false, next);
            self.at = next;
        }
    }

    /// Consumes the statement at `self.at`, and those that follow it on the line where it ends.
    fn statement(&mut self) {
        loop {
            self.statements.seek(self.at);
            let Some(statement) = self.statements.next() else {
                self.extend(true, self.text.len());
                self.at = self.text.len();
                return;
            };
            let end = self.cut_inside(&statement).unwrap_or(statement.end).max(self.at + 1);
            self.extend(true, end);
            let rest = line_at(self.text, end);
            self.at = end;
            if starts_line(self.text, end) {
                return;
            }
            if rest.trim_matches([' ', '\t', ';']).is_empty() {
                self.at = next_line(self.text, end);
                return;
            }
        }
    }

    /// A statement behind a label ends at a blank line too: no terminator can be expected.
    fn labelled(&mut self, start: usize) {
        self.close();
        let rest = lines(self.text.get(start..).unwrap_or(""));
        let cut =
            rest.skip(1).find(|(_, line)| line.trim().is_empty() || label_len(line).is_some());
        let limit = cut.map_or(self.text.len(), |(offset, _)| start + offset);
        let own = self.text.get(start..limit).unwrap_or("");
        let whole = Span { start: 0, end: own.len() };
        let statement = split_statements(own, whole, self.dialect).next();
        let end = statement.map_or(limit, |statement| start + statement.end).max(start + 1);
        self.at = start;
        self.extend(true, end);
        self.close();
        let rest_is_blank = line_at(self.text, end).trim().is_empty();
        self.at = if rest_is_blank { next_line(self.text, end) } else { end };
    }

    /// Where a comment that begins this line ends, if only white space follows on its last line.
    fn comment_end(&self, line: &str) -> Option<usize> {
        let content = line.trim_start();
        let hash = content.starts_with('#') && self.dialect.is_mysql_family();
        if content.starts_with("--") || hash {
            return Some(next_line(self.text, self.at));
        }
        if !content.starts_with("/*") {
            return None;
        }
        let comment = tokens(self.text, self.at, self.dialect).next()?;
        let whole = comment.kind == TokenKind::Comment && !comment.unterminated;
        let alone = line_at(self.text, comment.span.end).trim().is_empty();
        (whole && alone).then(|| next_line(self.text, comment.span.end))
    }

    /// Where another format begins inside what the splitter took for one statement: a plan pasted
    /// behind a query that has no `;`.
    fn cut_inside(&self, statement: &Statement) -> Option<usize> {
        if statement.kind != StatementKind::Sql {
            return None;
        }
        let start = statement.span.start;
        let text = self.text.get(start..statement.end)?;
        let mut blank = false;
        let mut quoted: Option<Vec<Span>> = None;
        for (offset, line) in lines(text) {
            if line.starts_with("```") && offset > 0 {
                return Some(start + offset);
            }
            let may_begin = offset > 0 && (blank || looks_foreign(line));
            blank = line.trim().is_empty();
            if !may_begin || blank || claim_at(self.text, start + offset).is_none() {
                continue;
            }
            let quoted = quoted.get_or_insert_with(|| self.long_tokens(text));
            let after = quoted.partition_point(|span| span.end <= offset);
            if quoted.get(after).is_none_or(|span| span.start >= offset) {
                return Some(start + offset);
            }
        }
        None
    }

    /// The strings and comments of `text` that go over several lines.
    fn long_tokens(&self, text: &str) -> Vec<Span> {
        let spans = tokens(text, 0, self.dialect).map(|token| token.span);
        spans.filter(|span| span.of(text).contains(['\n', '\r'])).collect()
    }

    fn extend(&mut self, is_sql: bool, end: usize) {
        match &mut self.open {
            Some(open) if open.is_sql == is_sql => open.end = end,
            _ => {
                self.close();
                self.open = Some(Open { is_sql, start: self.at, end });
            }
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let (format, reason) = match open.is_sql {
            true => (Some(&sql::FORMAT), "statements"),
            false => (None, "no known format begins here"),
        };
        let span = Span { start: open.start, end: open.end };
        self.parts.push(Part { format, span, reason: reason.to_owned(), dialect: None });
    }
}

fn claim_at(text: &str, at: usize) -> Option<(&'static Format, Claim)> {
    if is_plainly_sql(text.get(at..)?) {
        return None;
    }
    FORMATS.iter().find_map(|format| Some((*format, (format.claim)(text, at)?)))
}

/// No other format begins like this; asking them all is what takes the time in a dump. (DataGrip
/// exports a plan as INSERTs into a column called QUERY PLAN.)
fn is_plainly_sql(text: &str) -> bool {
    const STARTS: [&str; 8] = [
        "alter ",
        "create ",
        "delete from ",
        "insert into ",
        "select ",
        "select\n",
        "set ",
        "with ",
    ];
    let bytes = text.as_bytes();
    let begins = |start: &&str| {
        bytes.get(..start.len()).is_some_and(|lead| lead.eq_ignore_ascii_case(start.as_bytes()))
    };
    let head = bytes.get(..120).unwrap_or(bytes);
    matches!(bytes.first(), Some(b'a'..=b'z' | b'A'..=b'Z'))
        && STARTS.iter().any(begins)
        && !head.windows(10).any(|bytes| bytes == b"QUERY PLAN")
}

/// Does a statement begin with this line?
fn begins_sql(line: &str, dialect: Dialect) -> bool {
    let line = line.trim_start();
    let bytes = line.as_bytes();
    let second = bytes.get(1).copied().unwrap_or(b' ');
    match bytes.first() {
        Some(b'(' | b';') => true,
        Some(b'\\' | b'.' | b':') => second.is_ascii_alphabetic() || second == b'!',
        Some(b'/') => second == b'*' || line.trim_end() == "/",
        Some(first) if first.is_ascii_alphabetic() => {
            let len = bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            let word = line.get(..len).unwrap_or("");
            let delimiter = word.eq_ignore_ascii_case("delimiter") && dialect.is_mysql_family();
            let after = bytes.get(len).copied().unwrap_or(b' ');
            let ends = after.is_ascii_whitespace() || b"(;\"'`*[-/@$".contains(&after);
            ends && (delimiter || Verb::of_word(word) != Verb::Unknown)
        }
        _ => false,
    }
}

/// The length of a label in front of a query: `SQL: select ...`, `Executing (default): SELECT ...`.
fn label_len(line: &str) -> Option<usize> {
    let (label, rest) = line.split_once(": ").filter(|(label, _)| label.len() <= 40)?;
    let is_label = label.starts_with(|c: char| c.is_ascii_alphabetic())
        && label.chars().all(|c| c.is_ascii_alphanumeric() || " _-()#".contains(c));
    let query = rest.trim_start();
    let word = query.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let is_query = ["select", "insert", "update", "delete", "with"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word));
    (is_label && is_query).then(|| line.len() - query.len())
}

/// Marks that no line of a statement carries: worth asking the formats without a blank line before.
fn looks_foreign(line: &str) -> bool {
    let content = line.trim_start();
    line.contains("(cost=")
        || line.contains(":  ")
        || ["QUERY PLAN", "+--", "┌", "╔", "***", "-[ RECORD", "|--", "`--", "->"]
            .iter()
            .any(|mark| content.starts_with(mark))
}

fn line_at(text: &str, at: usize) -> &str {
    lines(text.get(at..).unwrap_or("")).next().map_or("", |(_, line)| line)
}

/// The start of the line after the one that `at` is in.
fn next_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let mut starts = lines(rest).map(|(start, _)| start);
    starts.nth(1).map_or(text.len(), |start| at + start)
}

fn starts_line(text: &str, at: usize) -> bool {
    text.get(..at).is_none_or(|lead| lead.is_empty() || lead.ends_with(['\n', '\r']))
}
