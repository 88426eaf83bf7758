//! A table of text as database shells print it: framed, boxed, in columns, with separators, or one
//! field a line (`\G`).

use super::lines;

/// A table out of its frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Column titles as printed.
    pub columns: Vec<String>,
    /// Rows: offset of the line, cells.
    pub rows: Vec<(usize, Vec<String>)>,
    /// One past its last byte, closing border and row count included.
    pub end: usize,
}

impl Table {
    /// The position of a column, whatever the case of its title.
    pub fn column(&self, title: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.eq_ignore_ascii_case(title))
    }

    /// A cell by column title; None when there is no such column, and for NULL.
    pub fn cell<'a>(&self, row: &'a [String], title: &str) -> Option<&'a str> {
        let cell = row.get(self.column(title)?)?.as_str();
        (cell != "NULL").then_some(cell)
    }
}

/// How cells are told apart.
#[derive(Debug, Clone, PartialEq)]
enum Style {
    /// `| a | b |`, `│ a │ b │`, `a|b`: the separator.
    Separated(char),
    /// Columns of fixed width: where each begins.
    Columns(Vec<usize>),
    /// Comma-separated, quoted where needed.
    Comma,
}

/// The table whose border or title line begins at byte `at`. `is_title` judges the columns.
pub fn read_table(text: &str, at: usize, is_title: fn(&[String]) -> bool) -> Option<Table> {
    let mut rest = lines(text.get(at..)?).map(|(start, line)| (at + start, line)).peekable();
    while rest.next_if(|(_, line)| is_rule(line)).is_some() {}
    let (_, title) = rest.next()?;
    let below = rest.peek().map_or("", |(_, line)| line);
    let (style, columns) = styles(title, below)
        .into_iter()
        .map(|style| (cells(title, &style), style))
        .find(|(cells, _)| is_title(cells))
        .map(|(cells, style)| (style, cells))?;
    let mut table = Table { columns, rows: Vec::new(), end: at };
    let mut ruled = 0;
    for (start, line) in rest {
        let end = start + line.len();
        if is_footer(line) {
            table.end = end;
            break;
        }
        if is_rule(line) {
            ruled += 1;
            table.end = end;
            if ruled > 1 && !table.rows.is_empty() && line.trim_start().starts_with(['+', '└']) {
                continue;
            }
            continue;
        }
        let cells = cells(line, &style);
        if cells.len() != table.columns.len() || (ruled > 1 && !table.rows.is_empty()) {
            if line.trim().is_empty() && ruled > 1 {
                continue;
            }
            break;
        }
        table.rows.push((start, cells));
        table.end = end;
    }
    (table.end > at).then_some(table)
}

/// The styles that a title line may be of, likeliest first.
fn styles(title: &str, below: &str) -> Vec<Style> {
    let mut styles = Vec::new();
    for separator in ['│', '|', '\t'] {
        if title.contains(separator) {
            styles.push(Style::Separated(separator));
        }
    }
    if styles.is_empty() && is_rule(below) {
        let begins = |(at, c): (usize, char)| {
            let before = below.get(..at).and_then(|lead| lead.chars().next_back());
            (c == '-' && before.is_none_or(|b| b == ' ')).then_some(at)
        };
        styles.push(Style::Columns(below.char_indices().filter_map(begins).collect()));
    }
    if title.contains(',') {
        styles.push(Style::Comma);
    }
    styles
}

fn cells(line: &str, style: &Style) -> Vec<String> {
    let owned = |cell: &str| cell.trim().to_owned();
    match style {
        Style::Separated('\t') => line.split('\t').map(owned).collect(),
        Style::Separated(separator) => {
            let body = line.trim();
            let body = match body.strip_prefix(*separator) {
                Some(inner) => inner.strip_suffix(*separator).unwrap_or(inner),
                None => body,
            };
            body.split(*separator).map(owned).collect()
        }
        Style::Columns(begins) => {
            let ends = begins.iter().skip(1).copied().chain([usize::MAX]);
            let chars: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
            let byte = |n: usize| chars.get(n).copied().unwrap_or(line.len());
            let cut =
                |(from, to): (&usize, usize)| owned(line.get(byte(*from)..byte(to)).unwrap_or(""));
            if line.trim().is_empty() {
                Vec::new()
            } else {
                begins.iter().zip(ends).map(cut).collect()
            }
        }
        Style::Comma => {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(line.as_bytes());
            let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
            record.iter().map(owned).collect()
        }
    }
}

/// The records of `\G`: `*** 1. row ***` and a `name: value` a line. All records have the columns of
/// the first.
pub fn read_vertical(text: &str, at: usize, is_title: fn(&[String]) -> bool) -> Option<Table> {
    let mut table = Table { end: at, ..Table::default() };
    let mut record: Vec<String> = Vec::new();
    let (mut started, mut first) = (at, true);
    for (offset, line) in lines(text.get(at..)?) {
        let (start, end) = (at + offset, at + offset + line.len());
        if line.starts_with("***") && line.trim_end().ends_with("***") {
            if !record.is_empty() {
                first = false;
                table.rows.push((started, std::mem::take(&mut record)));
            }
            started = start;
        } else if is_footer(line) {
            table.end = end;
            break;
        } else if let Some((name, value)) = line.split_once(':').filter(|_| end > at) {
            let column = record.len();
            if first {
                table.columns.push(name.trim().to_owned());
            } else if table.columns.get(column).is_none_or(|title| title != name.trim()) {
                break;
            }
            record.push(value.trim().to_owned());
        } else {
            break;
        }
        table.end = end;
        if first && record.len() == 3 && !is_title(&table.columns) {
            return None;
        }
    }
    if !record.is_empty() {
        table.rows.push((started, record));
    }
    (is_title(&table.columns) && !table.rows.is_empty()).then_some(table)
}

/// A border or the line below the titles.
fn is_rule(line: &str) -> bool {
    let text = line.trim();
    let drawn = |c: char| matches!(c, '-' | '+' | '|' | ' ' | '=' | ':' | '\u{2500}'..='\u{257f}');
    let flat = |c: char| matches!(c, '-' | '=' | '─' | '═');
    text.chars().all(drawn) && text.chars().filter(|c| flat(*c)).count() >= 2
}

/// `2 rows in set (0.00 sec)`, `(2 rows)`.
fn is_footer(line: &str) -> bool {
    let text = line.trim();
    let digits = text.trim_start_matches('(').trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < text.trim_start_matches('(').len()
        && (digits.starts_with(" row in set")
            || digits.starts_with(" rows in set")
            || digits == " rows)"
            || digits == " row)")
}
