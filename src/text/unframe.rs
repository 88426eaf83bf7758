//! Takes off what psql, pgAdmin, DBeaver, DataGrip, the MySQL and SQLite shells and terminals put
//! around a plan: borders, headers, quotes, continuation marks, row counts.
//!
//! Works line by line and remembers only what the frame looks like, so it is linear and can start
//! anywhere in a long text. Every line keeps the byte offset of its original.

use std::borrow::Cow;

use super::lines;

/// A line without its frame.
#[derive(Debug, Clone, PartialEq)]
pub struct FramedLine<'a> {
    /// Offset of the original line.
    pub start: usize,
    /// Offset behind the original line, without its break.
    pub end: usize,
    /// What it is.
    pub kind: LineKind,
    /// Its content: no borders, no quotes, tabs as four spaces, no trailing space.
    pub text: Cow<'a, str>,
    /// Characters of the original line: a terminal cuts lines at one width.
    pub width: usize,
    /// The original line ended in space.
    pub padded: bool,
}

/// What a line is in its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A line of the plan, or anything else that is no frame.
    Content,
    /// Nothing but space.
    Blank,
    /// A border, a separator, `-[ RECORD 1 ]-`, `*** 1. row ***`.
    Rule,
    /// The column title: `QUERY PLAN`, in MySQL `EXPLAIN` or `ANALYZE`.
    Header,
    /// `(8 rows)` in any language, `Time: 1.2 ms`.
    Footer,
}

/// The lines of `text` from byte `at` (the start of a line) on, out of their frame.
pub fn unframe(text: &str, at: usize) -> Unframe<'_> {
    let rest = text.get(at..).unwrap_or("");
    Unframe { lines: Box::new(lines(rest)), at, frame: Frame::default() }
}

/// Where the frame that is open at byte `end` closes: behind borders and the row count that follow.
pub fn frame_end(text: &str, end: usize) -> usize {
    let mut closed = end;
    for line in unframe(text, end).take(6) {
        match line.kind {
            LineKind::Rule => closed = line.end,
            LineKind::Footer => return line.end,
            LineKind::Blank => {}
            LineKind::Content | LineKind::Header => break,
        }
    }
    closed
}

/// The iterator of [`unframe`].
pub struct Unframe<'a> {
    lines: Box<dyn Iterator<Item = (usize, &'a str)> + 'a>,
    at: usize,
    frame: Frame,
}

/// What is known of the frame so far.
#[derive(Debug, Default)]
struct Frame {
    /// Characters of the last separator.
    rule_width: usize,
    /// The line before was a separator; a terminal may have cut its tail off.
    ruled: bool,
    /// Lines end with a border but do not begin with one (DBeaver).
    border_behind: bool,
    /// psql's `\x`: the title stands before every cell.
    expanded: bool,
    /// The first half of a title that a terminal cut in two.
    half_title: usize,
    /// The content so far is one quoted cell: `"[`.
    quoted_cell: bool,
    /// The content is JSON, YAML or XML: a quote at the start of a line belongs to it.
    structured: bool,
    /// A line of content was seen.
    begun: bool,
}

impl<'a> Iterator for Unframe<'a> {
    type Item = FramedLine<'a>;

    fn next(&mut self) -> Option<FramedLine<'a>> {
        let (start, raw) = self.lines.next()?;
        let (kind, text) = self.frame.peel(raw);
        let start = self.at + start;
        let (end, width) = (start + raw.len(), raw.chars().count());
        Some(FramedLine { start, end, kind, text, width, padded: raw.ends_with([' ', '\t']) })
    }
}

impl Frame {
    fn peel<'a>(&mut self, raw: &'a str) -> (LineKind, Cow<'a, str>) {
        let width = raw.trim_end().chars().count();
        let line = clean(raw);
        if line.is_empty() {
            return (LineKind::Blank, line);
        }
        let tail =
            std::mem::take(&mut self.ruled) && line.chars().all(|c| matches!(c, '-' | '─' | '═'));
        if tail || is_rule(&line) {
            self.ruled = true;
            self.rule_width = if tail { self.rule_width } else { width };
            self.expanded |= line.contains("[ RECORD");
            self.border_behind |= line.starts_with('-') && line.ends_with('+');
            return (LineKind::Rule, line);
        }
        let line = self.without_sides(line);
        let line = self.without_title(line);
        if self.is_title(&line) {
            return (LineKind::Header, line);
        }
        if is_footer(line.trim()) {
            return (LineKind::Footer, line);
        }
        let line = self.without_mark(line, width);
        let line = self.without_quotes(line);
        let kind = if line.trim().is_empty() { LineKind::Blank } else { LineKind::Content };
        (kind, line)
    }

    /// Takes off `|`, `│`, `║` on both sides.
    fn without_sides<'a>(&mut self, line: Cow<'a, str>) -> Cow<'a, str> {
        let body = line.trim_start();
        let lead = border_len(body);
        let before = lead > 0 && !body[lead..].starts_with(['|', '-']);
        let (mut from, mut to) = (0, line.len());
        if before {
            from = line.len() - body.len() + lead;
        }
        let tail = border_len_behind(&line[from..]);
        if tail > 0 {
            let rest = &line[from..to - tail];
            let behind = before || self.border_behind || rest.ends_with(' ');
            if behind && !rest.ends_with('|') {
                self.border_behind |= !before && is_title(rest.trim());
                to -= tail;
            }
        }
        cut(line, from, to)
    }

    /// Takes off the title that psql's `\x` and MySQL's `\G` put before the cell.
    fn without_title<'a>(&mut self, line: Cow<'a, str>) -> Cow<'a, str> {
        for title in ["EXPLAIN: ", "ANALYZE: "] {
            if line.starts_with(title) {
                let to = line.len();
                return cut(line, title.len(), to);
            }
        }
        if !self.expanded {
            return line;
        }
        let Some(border) = line.find(['|', '│', '║']) else { return line };
        let lead = line[..border].trim();
        if !lead.is_empty() && lead != "QUERY PLAN" {
            return line;
        }
        let from = border + border_len(&line[border..]);
        let to = line.len();
        cut(line, from, to)
    }

    /// Is it the title, or a half of one that a terminal cut in two?
    fn is_title(&mut self, line: &str) -> bool {
        const TITLE: &str = "QUERY PLAN";
        let text = line.trim().trim_matches('"');
        let half = std::mem::take(&mut self.half_title);
        if half > 0 && TITLE.get(half..).is_some_and(|rest| rest.trim_start() == text) {
            return true;
        }
        if is_title(text) {
            return true;
        }
        // A centred title is known by the space before it, however short the half is.
        let indent = line.len() - line.trim_start().len();
        if text.len() + indent / 8 >= 5 && TITLE.starts_with(text) && !self.begun {
            self.half_title = text.len();
            return true;
        }
        false
    }

    /// Takes off the mark of a cell that goes on in the next line: `+`, `↵`.
    fn without_mark<'a>(&self, line: Cow<'a, str>, width: usize) -> Cow<'a, str> {
        let full = width + 1 >= self.rule_width && width <= self.rule_width + 1;
        let to = match line.strip_suffix('↵') {
            Some(rest) => rest.len(),
            None => match line.strip_suffix('+') {
                Some(rest) if self.rule_width > 0 && (full || self.structured) => rest.len(),
                Some(rest) if is_structure(rest.trim()) => rest.len(),
                _ => return line,
            },
        };
        let to = line[..to].trim_end().len();
        cut(line, 0, to)
    }

    /// Takes off quotes around each line (pgAdmin, CSV, INSERT dumps) or around the whole cell.
    fn without_quotes<'a>(&mut self, line: Cow<'a, str>) -> Cow<'a, str> {
        let first = !std::mem::replace(&mut self.begun, true);
        if first {
            let body = line.trim_start();
            self.structured = is_structure(body.trim_start_matches('"'));
            self.quoted_cell = self.structured && body.starts_with('"');
        }
        if self.quoted_cell {
            let body = if first { line.trim_start().get(1..).unwrap_or("") } else { &line };
            return Cow::Owned(undouble(body, '"'));
        }
        if self.structured {
            return line;
        }
        if let Some(cell) = insert_cell(&line) {
            return Cow::Owned(undouble(cell, '\''));
        }
        for quote in ['"', '\''] {
            let inner = line.trim_start().strip_prefix(quote);
            if let Some(inner) = inner.and_then(|rest| rest.strip_suffix(quote)) {
                return Cow::Owned(undouble(inner, quote).trim_end().to_owned());
            }
        }
        line
    }
}

/// Without trailing space; tabs and no-break spaces as spaces.
fn clean(raw: &str) -> Cow<'_, str> {
    let line = raw.trim_start_matches('\u{feff}').trim_end();
    if line.contains(['\t', '\u{a0}']) {
        Cow::Owned(line.replace('\t', "    ").replace('\u{a0}', " "))
    } else {
        Cow::Borrowed(line)
    }
}

fn cut(line: Cow<'_, str>, from: usize, to: usize) -> Cow<'_, str> {
    match line {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(from..to).unwrap_or("").trim_end()),
        Cow::Owned(text) => Cow::Owned(text.get(from..to).unwrap_or("").trim_end().to_owned()),
    }
}

fn border_len(text: &str) -> usize {
    text.chars().next().filter(|c| matches!(c, '|' | '│' | '║')).map_or(0, char::len_utf8)
}

fn border_len_behind(text: &str) -> usize {
    text.chars().next_back().filter(|c| matches!(c, '|' | '│' | '║')).map_or(0, char::len_utf8)
}

/// A border or a separator: only line-drawing characters, three of them at least horizontal.
fn is_rule(line: &str) -> bool {
    let text = line.trim();
    if text.starts_with("***") && text.ends_with("***") && text.contains(" row ") {
        return true;
    }
    let record = text.find("[ RECORD").and_then(|open| {
        let close = open + text.get(open..)?.find(']')?;
        Some((text.get(..open)?, text.get(close + 1..)?))
    });
    let (before, behind) = record.unwrap_or((text, ""));
    let mut flat = 0;
    for c in before.chars().chain(behind.chars()) {
        match c {
            '-' | '=' | '─' | '═' | '━' => flat += 1,
            '+' | '|' | ' ' | '\u{2500}'..='\u{257f}' => {}
            _ => return false,
        }
    }
    flat >= 3 || (record.is_some() && flat > 0)
}

/// The title of the only column of a plan.
fn is_title(text: &str) -> bool {
    matches!(text, "QUERY PLAN" | "EXPLAIN" | "ANALYZE")
}

/// `(8 rows)`, in any language, or `Time: 1.2 ms`.
fn is_footer(text: &str) -> bool {
    let inner = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| text.strip_prefix('（').and_then(|rest| rest.strip_suffix('）')));
    if let Some(inner) = inner {
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        let word = inner.get(digits..).unwrap_or("").trim();
        return digits > 0 && !word.is_empty() && word.chars().all(char::is_alphabetic);
    }
    let words = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if words.len() < text.len() {
        return words.starts_with(" row in set") || words.starts_with(" rows in set");
    }
    let timing = text.strip_prefix("Time: ").and_then(|rest| rest.split_once(" ms"));
    timing.is_some_and(|(ms, _)| ms.parse::<f64>().is_ok())
}

/// Does JSON, YAML or XML begin here (or go on, in a line that a mark follows)?
fn is_structure(text: &str) -> bool {
    text.starts_with(['[', '{', '<']) || text.starts_with("- Plan:")
}

/// The cell of `INSERT INTO t("QUERY PLAN") VALUES ('...');`, or of a further row `('...'),`.
fn insert_cell(line: &str) -> Option<&str> {
    let text = line.trim();
    let open = if text.get(..11).is_some_and(|lead| lead.eq_ignore_ascii_case("insert into")) {
        text.find("('")?
    } else if text.starts_with("('") {
        0
    } else {
        return None;
    };
    let inner = text.get(open + 2..)?.trim_end_matches([';', ',']);
    inner.strip_suffix("')")
}

/// A doubled quote stands for itself; the single one that closes the cell goes.
fn undouble(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != quote || chars.next_if_eq(&quote).is_some() {
            out.push(c);
        }
    }
    out
}
