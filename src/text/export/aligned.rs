//! psql's aligned tables in every border and line style, and MySQL's: cells are cut by the columns of
//! the rule below the header, because queries contain `|` too.

use super::{Body, Header, Table, is_column_name, is_footer, line_end};
use crate::text::{Span, lines};

/// A header between or above rules: `a | b`, then `---+---`; or `+---+---+`, `| a | b |`, `+---+---+`.
pub fn find_aligned(text: &str, at: usize) -> Option<Header> {
    let mut head = lines(text.get(at..)?).take(3);
    let mut titles = head.next()?.1;
    let mut rule_line = head.next()?;
    let framed = rule_columns(titles).is_some() && titles.trim_start().starts_with(['+', '┌', '╔']);
    if framed {
        titles = rule_line.1;
        rule_line = head.next()?;
    }
    let columns = rule_columns(rule_line.1)?;
    let cells: Vec<String> = columns.iter().map(|span| cut(titles, *span).trim().into()).collect();
    if columns.len() < 2 || !cells.iter().all(|cell| is_column_name(cell)) {
        return None;
    }
    Some(Header {
        columns: cells.iter().map(|cell| cell.to_lowercase()).collect(),
        shape: "a table as psql or mysql prints it",
        body: Body::Aligned { start: line_end(text, at + rule_line.0), columns, framed },
    })
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '─' | '═' | '━')
}

/// The columns that a rule marks, in characters: its runs of dashes.
fn rule_columns(line: &str) -> Option<Vec<Span>> {
    let line = line.trim_end();
    let mut columns: Vec<Span> = Vec::new();
    let mut in_run = false;
    for (at, c) in line.chars().enumerate() {
        if is_dash(c) {
            match columns.last_mut() {
                Some(span) if in_run => span.end = at + 1,
                _ => columns.push(Span { start: at, end: at + 1 }),
            }
        } else if !"+┼|│├┤╠╣╬╪╫╞╡╟╢┌┐└┘┬┴╔╗╚╝╦╩ ".contains(c)
        {
            return None;
        }
        in_run = is_dash(c);
    }
    (!columns.is_empty()).then_some(columns)
}

/// The characters of a column; the last column goes on to the end of the line.
fn cut(line: &str, span: Span) -> &str {
    let at = |n: usize| line.char_indices().nth(n).map_or(line.len(), |(at, _)| at);
    line.get(at(span.start)..at(span.end)).unwrap_or("")
}

/// Rows up to `(n rows)`, the closing rule, or a line that has no such columns.
pub fn read_aligned(
    text: &str,
    start: usize,
    columns: &[Span],
    framed: bool,
    names: &[String],
) -> Table {
    let mut table = Table { columns: names.to_vec(), rows: Vec::new(), end: start, skipped: 0 };
    let mut closed = false;
    let mut continues: Vec<Option<char>> = vec![None; columns.len()];
    while table.end < text.len() {
        let at = table.end;
        let end = line_end(text, at);
        let line = text.get(at..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        if is_footer(line) {
            table.end = end;
            break;
        }
        if rule_columns(line).is_some() {
            table.end = end;
            closed = framed;
            continue;
        }
        let Some(cells) = split_row(line, columns).filter(|_| !closed) else { break };
        let goes_on = continues.iter().any(Option::is_some) || is_old_continuation(line, columns);
        match table.rows.last_mut().filter(|_| goes_on) {
            Some((_, row)) => join_row(row, &cells, &continues),
            None => {
                let row = cells.iter().map(|(cell, _)| (*cell).to_owned()).collect();
                table.rows.push((at, row));
            }
        }
        continues = cells.iter().map(|(_, mark)| *mark).collect();
        table.end = end;
    }
    for (_, row) in &mut table.rows {
        for cell in row {
            *cell = cell.trim().to_owned();
        }
    }
    table
}

/// Adds a continuation line to a row: behind `+` on a new line, behind `.` without a break.
fn join_row(row: &mut [String], cells: &[(&str, Option<char>)], continues: &[Option<char>]) {
    for ((cell, (more, _)), mark) in row.iter_mut().zip(cells).zip(continues) {
        if mark.is_some() || !more.trim().is_empty() {
            if *mark != Some('.') {
                cell.push('\n');
            }
            cell.push_str(more);
        }
    }
}

/// The old ASCII style marks continuation lines by `:` or `;` in place of the bars.
fn is_old_continuation(line: &str, columns: &[Span]) -> bool {
    let mut bars = columns.iter().skip(1).filter_map(|span| line.chars().nth(span.start - 1));
    bars.any(|c| c == ':')
}

/// The cells of a line with the mark behind each: `+` and `↵` for a line break in the cell, `.` and
/// `…` for a cell that was wrapped. None if there are no bars where the rule has its crossings.
fn split_row<'a>(line: &'a str, columns: &[Span]) -> Option<Vec<(&'a str, Option<char>)>> {
    let offsets: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
    let at = |n: usize| offsets.get(n).copied().unwrap_or(line.len());
    let mut cells = Vec::with_capacity(columns.len());
    for (i, span) in columns.iter().enumerate() {
        if i > 0 && span.start > 0 {
            let bar = line.get(at(span.start - 1)..at(span.start)).unwrap_or("");
            if !matches!(bar, "|" | "│" | "║" | ":" | ";" | " ") {
                return split_wide(line, columns);
            }
        }
        let last = i + 1 == columns.len();
        let framed = last && line.trim_end().ends_with(['|', '│', '║']) && span.start > 0;
        let end = if last && !framed { line.len() } else { at(span.end) };
        cells
            .push(without_mark(line.get(at(span.start)..end).unwrap_or(""), span.end - span.start));
    }
    cells.iter().any(|(cell, _)| !cell.trim().is_empty()).then_some(cells)
}

/// A line with characters of double width: the bars are not where the rule says, so they are counted.
fn split_wide<'a>(line: &'a str, columns: &[Span]) -> Option<Vec<(&'a str, Option<char>)>> {
    let inner = line.trim().trim_start_matches(['|', '│', '║']);
    let cells: Vec<&str> = inner.splitn(columns.len(), ['|', '│', '║']).collect();
    let fits = cells.len() == columns.len();
    let last = |cell: &'a str| without_mark(cell.trim_end_matches(['|', '│', '║']), 0);
    fits.then(|| cells.into_iter().map(last).collect())
}

/// The mark stands in the last place of the column, where content never is.
fn without_mark(cell: &str, width: usize) -> (&str, Option<char>) {
    let body = cell.trim_end();
    let in_place = width == 0 || cell.chars().count() == width && body.len() == cell.len();
    match body.chars().next_back() {
        Some(mark @ ('+' | '↵' | '…')) if in_place => {
            let rest = body.get(..body.len() - mark.len_utf8()).unwrap_or("");
            (content(rest), Some(if mark == '…' { '.' } else { '+' }))
        }
        _ => (content(body), None),
    }
}

/// A cell without its padding; further space in front belongs to the content.
fn content(cell: &str) -> &str {
    cell.strip_prefix(' ').unwrap_or(cell).trim_end()
}
