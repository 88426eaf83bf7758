//! Cuts SQL text into statements, lazily and in linear time, without understanding them. A statement
//! that is broken (a quote that never ends, a missing terminator) loses only itself: the next one
//! begins at the next line that can only be the beginning of a statement.

use super::lex::{Token, TokenKind, tokens};
use super::split_data::{copy_data, data_bytes, skip_values};
use super::split_line::{client_command, is_likely_start, next_statement_line, rest_of_line};
use super::split_state::State;
use super::{Span, lines};
use crate::dialect::Dialect;

/// What a statement is to the reader of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementKind {
    /// SQL.
    Sql,
    /// INSERT or REPLACE with VALUES; `rows` are counted.
    Insert,
    /// COPY ... FROM stdin with its data; `rows` are counted, `span` is the command alone.
    Copy,
    /// A line for the client: `\connect`, `.schema`, `DELIMITER //`, `GO`.
    Client,
}

/// One statement. Spans are offsets into the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// The statement, without its terminator, space around it and comments before it.
    pub span: Span,
    /// The comments before it.
    pub lead: Span,
    /// A line comment behind its terminator on the same line.
    pub tail: Span,
    /// One past all of it: terminator, tail and data included.
    pub end: usize,
    /// Ended by `;`, `\g`, `GO` or what DELIMITER says.
    pub terminated: bool,
    /// Where a quote or comment opens that is never closed; the statement is damaged.
    pub broken: Option<usize>,
    /// Rows in COPY data or behind VALUES.
    pub rows: u64,
    /// Bytes of these rows.
    pub data_bytes: u64,
}

/// The statements in `span` of `text`.
pub fn split_statements(text: &str, span: Span, dialect: Dialect) -> Statements<'_> {
    let text = text.get(..span.end).unwrap_or(text);
    let rescan = 8 * text.len().saturating_sub(span.start);
    Statements { text, at: span.start, dialect, delimiter: None, rescan }
}

/// The iterator of [`split_statements`].
pub struct Statements<'a> {
    text: &'a str,
    at: usize,
    dialect: Dialect,
    /// What DELIMITER set in place of `;`.
    delimiter: Option<&'a str>,
    /// Bytes that may be read again behind quotes that never end: bounds the time hostile text takes.
    rescan: usize,
}

/// How a scan ended.
struct Stop {
    /// End of the statement's last token.
    end: usize,
    /// Where the next statement is looked for.
    next: usize,
    terminated: bool,
    broken: Option<usize>,
}

impl Iterator for Statements<'_> {
    type Item = Statement;

    fn next(&mut self) -> Option<Statement> {
        let (lead, start) = self.skip_lead()?;
        let statement = match client_command(self.text, start, self.delimiter.is_some()) {
            Some(end) => self.client_line(lead, start, end),
            None => self.scan_statement(lead, start),
        };
        self.at = statement.end.max(start + 1);
        Some(statement)
    }
}

impl<'a> Statements<'a> {
    /// Goes on at `at`: what lies between is no SQL. What DELIMITER has set stays.
    pub fn seek(&mut self, at: usize) {
        self.at = at;
    }

    /// Comments and stray terminators before the next statement: its lead, and where it starts.
    fn skip_lead(&mut self) -> Option<(Span, usize)> {
        let mut lexer = tokens(self.text, self.at, self.dialect);
        let mut lead: Option<Span> = None;
        let mut before = self.at;
        loop {
            let token = lexer.next()?;
            let start = self.with_version_mark(before, token.span.start);
            before = token.span.end;
            if token.kind == TokenKind::Comment && !token.unterminated {
                let first = lead.map_or(token.span.start, |span| span.start);
                lead = Some(Span { start: first, end: token.span.end });
            } else if token.kind == TokenKind::Semicolon {
                lead = None;
            } else if let Some(mark) = self.delimiter.filter(|m| self.starts_with(token, m)) {
                lexer.at = token.span.start + mark.len();
                before = lexer.at;
                lead = None;
            } else {
                return Some((lead.unwrap_or(Span { start, end: start }), start));
            }
        }
    }

    fn starts_with(&self, token: Token, mark: &str) -> bool {
        self.text.get(token.span.start..).is_some_and(|rest| rest.starts_with(mark))
    }

    /// The start of MySQL's version comment that a token stands in, else the token's own.
    fn with_version_mark(&self, before: usize, start: usize) -> usize {
        let gap = self.text.get(before..start).unwrap_or("");
        let mark = gap.find("/*!").or_else(|| gap.find("/*M!"));
        mark.filter(|_| self.dialect.is_mysql_family()).map_or(start, |at| before + at)
    }

    fn client_line(&mut self, lead: Span, start: usize, end: usize) -> Statement {
        let line = self.text.get(start..end).unwrap_or("").trim_end();
        let mut words = line.split_ascii_whitespace();
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("delimiter")) {
            self.delimiter = words.next().filter(|mark| *mark != ";");
        }
        Statement {
            kind: StatementKind::Client,
            span: Span { start, end: start + line.len() },
            lead,
            tail: Span { start: end, end },
            end,
            terminated: true,
            broken: None,
            rows: 0,
            data_bytes: 0,
        }
    }

    fn scan_statement(&mut self, lead: Span, start: usize) -> Statement {
        let mut state = State::new(start);
        let stop = self.scan(start, &mut state);
        let mut end = stop.end;
        if self.dialect.is_mysql_family() {
            let gap = self.text.get(end..stop.next).unwrap_or("");
            let closing = gap.trim_start().starts_with("*/");
            end += if closing { gap.len() - gap.trim_start().len() + 2 } else { 0 };
        }
        let mut statement = Statement {
            kind: if state.rows > 0 { StatementKind::Insert } else { StatementKind::Sql },
            span: Span { start, end },
            lead,
            tail: Span { start: stop.next, end: stop.next },
            end: stop.next,
            terminated: stop.terminated,
            broken: stop.broken,
            rows: state.rows,
            data_bytes: state.data_bytes,
        };
        if state.copies_from_stdin() && stop.terminated {
            let data = copy_data(self.text, stop.next);
            statement.kind = StatementKind::Copy;
            statement.end = data.end;
            statement.rows = data.rows;
            statement.data_bytes = data.bytes;
        } else if stop.terminated {
            statement.tail = self.tail(stop.next);
            statement.end = statement.tail.end;
        }
        statement
    }

    /// A line comment behind the terminator, on its line.
    fn tail(&self, at: usize) -> Span {
        let rest = self.text.get(at..).unwrap_or("");
        let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let start = at + space;
        let comment = tokens(self.text, start, self.dialect)
            .next()
            .filter(|token| token.kind == TokenKind::Comment && token.span.start == start)
            .filter(|token| !token.text(self.text).starts_with("/*"));
        comment.map_or(Span { start: at, end: at }, |token| token.span)
    }

    fn scan(&mut self, start: usize, state: &mut State) -> Stop {
        let text = self.text;
        let mut lexer = tokens(text, start, self.dialect);
        while let Some(token) = lexer.next() {
            state.see_gap(text, token);
            if token.unterminated || state.swallows_statements(text, token) {
                return self.recover(state, token);
            }
            if let Some(stop) = self.stop_at(state, token) {
                return stop;
            }
            state.see_token(text, token);
            if state.begins_values(text, token) {
                let (end, rows) = skip_values(text, token.span.end, self.dialect);
                state.rows += rows;
                state.data_bytes += data_bytes(&text.as_bytes()[token.span.end..end]);
                state.last_end = end;
                lexer.at = end;
            }
        }
        let end = state.last_end;
        Stop { end, next: text.len(), terminated: false, broken: None }
    }

    /// Does the statement end before or with this token?
    fn stop_at(&self, state: &State, token: Token) -> Option<Stop> {
        let (text, at) = (self.text, token.span.start);
        let stop = |end: usize, next: usize, terminated: bool| {
            Some(Stop { end, next, terminated, broken: None })
        };
        match self.delimiter {
            Some(mark) => {
                let inside = match token.kind {
                    TokenKind::Word => token.text(text).find(mark),
                    _ => self.starts_with(token, mark).then_some(0),
                };
                if let Some(lead) = inside {
                    let end = if lead == 0 { state.last_end } else { at + lead };
                    return stop(end, at + lead + mark.len(), true);
                }
            }
            None if token.kind == TokenKind::Semicolon && state.semicolon_ends() => {
                return stop(state.last_end, token.span.end, true);
            }
            None => {}
        }
        if token.text(text) == "\\" {
            let after = text.as_bytes().get(token.span.end).copied().unwrap_or(b' ');
            return match after {
                b'g' | b'G' if self.dialect.is_mysql_family() => {
                    stop(state.last_end, token.span.end + 1, true)
                }
                b'g' | b'c' => stop(state.last_end, rest_of_line(text, at), true),
                b';' => stop(state.last_end, token.span.end + 1, true),
                _ if state.at_line_start() => stop(state.last_end, at, false),
                _ => None,
            };
        }
        if !state.is_first() && state.at_line_start() {
            if let Some(end) = client_command(text, at, self.delimiter.is_some()) {
                let go = token.kind == TokenKind::Word && token.span.end - at == 2;
                return stop(state.last_end, if go { end } else { at }, go);
            }
            let cuts = self.delimiter.is_none() && state.ends_before(text, token, self.dialect);
            return if cuts { stop(state.last_end, state.last_end, false) } else { None };
        }
        None
    }

    /// A quote that never ends: the statement ends where the next one certainly begins.
    fn recover(&mut self, state: &State, token: Token) -> Stop {
        let text = self.text;
        let from = state.first_long_quote.unwrap_or(token.span.start);
        let read = token.span.end.saturating_sub(from);
        let next = match self.rescan.checked_sub(read) {
            Some(left) => {
                self.rescan = left;
                next_statement_line(text, from)
            }
            None => text.len(),
        };
        let end = text.get(..next).unwrap_or("").trim_end().len().max(token.span.start + 1);
        Stop { end: end.min(next), next, terminated: false, broken: Some(from) }
    }
}

impl State {
    /// Is this a string that holds the ends of statements and beginnings of others? In a statement
    /// that has no business with SQL in strings it was opened by mistake.
    fn swallows_statements(&self, text: &str, token: Token) -> bool {
        let quoted = token.text(text);
        if token.kind != TokenKind::Text || !quoted.starts_with(['\'', '"']) || self.quotes_sql() {
            return false;
        }
        let mut ended = false;
        lines(quoted).any(|(at, line)| {
            let begins = ended && at > 0 && is_likely_start(quoted, at);
            let content = line.trim();
            let goes_on = content.is_empty() || content.starts_with("--");
            ended = content.ends_with(';') || (ended && goes_on);
            begins
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, dialect: Dialect) -> Vec<&str> {
        let all = Span { start: 0, end: text.len() };
        split_statements(text, all, dialect).map(|s| s.span.of(text)).collect()
    }

    #[test]
    fn terminators_quotes_and_comments() {
        let sql =
            "-- name: q1; calls: 2\nselect ';' ; -- tail\n\\d x\nselect $$;$$ \\gset\n;;\nselect 3";
        assert_eq!(
            split(sql, Dialect::Postgres),
            ["select ';'", "\\d x", "select $$;$$", "select 3"]
        );
        let first = split_statements(sql, Span { start: 0, end: sql.len() }, Dialect::Postgres)
            .next()
            .unwrap();
        assert_eq!(first.lead.of(sql), "-- name: q1; calls: 2");
        assert_eq!(first.tail.of(sql), "-- tail");
    }

    #[test]
    fn copy_data_is_skipped_and_counted() {
        let sql = "COPY a (b) FROM stdin;\n1\n';\n\\.\n\nselect 1;";
        let all = Span { start: 0, end: sql.len() };
        let got: Vec<_> = split_statements(sql, all, Dialect::Postgres).collect();
        assert_eq!((got.len(), got[0].kind, got[0].rows), (2, StatementKind::Copy, 2));
        assert_eq!(got[1].span.of(sql), "select 1");
    }

    #[test]
    fn bodies_of_triggers_stay_whole() {
        let sql = "create trigger t after insert on a begin update b set c = case when 1 then 2 \
                   end; delete from d; end; select 1;";
        assert_eq!(split(sql, Dialect::Sqlite).len(), 2);
        let sql =
            "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\nDELIMITER ;\nSELECT 2;";
        let got = split(sql, Dialect::Mysql);
        assert_eq!(got[1], "CREATE PROCEDURE p() BEGIN SELECT 1; END");
        assert_eq!(got[3], "SELECT 2");
    }

    #[test]
    fn a_missing_terminator_or_quote_loses_only_itself() {
        let sql = "select 1\n\nselect 2\nunion all\n\nselect 3\ncreate table a (b int)\ncreate \
                   table c (d text default 'x);\ncreate table e (f text default 'y');\nselect 4;";
        let got = split(sql, Dialect::Postgres);
        assert_eq!(got.len(), 6, "{got:#?}");
        assert_eq!(got[4], "create table e (f text default 'y')");
        assert_eq!(got[5], "select 4");
    }

    #[test]
    fn version_comments_belong_to_their_statement() {
        let sql = "/*!40101 SET x = 1 */;\n/*!50003 CREATE*/ /*!50017 VIEW v AS SELECT 1 */;;\n";
        assert_eq!(
            split(sql, Dialect::Mysql),
            ["/*!40101 SET x = 1 */", "/*!50003 CREATE*/ /*!50017 VIEW v AS SELECT 1 */"]
        );
    }

    #[test]
    fn values_are_counted_without_being_read() {
        let sql = "insert into a values (1, 'x;('), (2, 'it''s') on conflict do nothing; select 1";
        let all = Span { start: 0, end: sql.len() };
        let got: Vec<_> = split_statements(sql, all, Dialect::Postgres).collect();
        assert_eq!((got.len(), got[0].kind, got[0].rows), (2, StatementKind::Insert, 2));
        assert!(got[0].span.of(sql).ends_with("do nothing"));
    }
}
