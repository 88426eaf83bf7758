//! CSV, semicolons, tabs, and psql's unaligned output.

use super::{Body, Header, Table, is_column_name, is_footer, line_end};

/// A header line of at least two names with one delimiter between, and a line of as many cells
/// behind it.
pub fn find_delimited(text: &str, at: usize) -> Option<Header> {
    let end = line_end(text, at);
    let line = text.get(at..end)?.trim_end_matches(['\n', '\r']);
    let delimiter = *b"\t|,;".iter().find(|delimiter| line.as_bytes().contains(delimiter))?;
    let (cells, header_end) = record(text, at, delimiter, 0)?;
    if cells.len() < 2 || header_end > end || !cells.iter().all(|cell| is_column_name(cell)) {
        return None;
    }
    let (first, _) = record(text, end, delimiter, cells.len())?;
    let data = first.len() == cells.len() && !first.iter().all(|cell| is_column_name(cell));
    if !data {
        return None;
    }
    let shape = match delimiter {
        b',' | b';' => "CSV",
        b'\t' => "tab-separated text",
        _ => "psql's unaligned output",
    };
    let columns = cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
    Some(Header { columns, shape, body: Body::Delimited { start: end, delimiter } })
}

/// Records up to a blank line, `(n rows)`, or one with another number of cells.
pub fn read_delimited(text: &str, start: usize, delimiter: u8, columns: &[String]) -> Table {
    let mut table = Table { columns: columns.to_vec(), rows: Vec::new(), end: start, skipped: 0 };
    while table.end < text.len() {
        let at = table.end;
        let end = line_end(text, at);
        let line = text.get(at..end).unwrap_or("");
        if is_footer(line) {
            table.end = end;
            break;
        }
        if line.trim().is_empty() {
            break;
        }
        match record(text, at, delimiter, columns.len()) {
            Some((cells, end)) if cells.len() == columns.len() => {
                table.rows.push((at, cells));
                table.end = end;
            }
            _ => break,
        }
    }
    table
}

/// One record and where the next begins. A quoted cell may span lines. `|` has no quotes: a record
/// goes on over line breaks until it has `n_cells`.
fn record(text: &str, at: usize, delimiter: u8, n_cells: usize) -> Option<(Vec<String>, usize)> {
    let bytes = text.as_bytes();
    let mut cells = Vec::new();
    let mut at = at;
    if at >= text.len() {
        return None;
    }
    loop {
        let (cell, end) = match bytes.get(at) {
            Some(b'"') if delimiter != b'|' => quoted_cell(text, at, delimiter)?,
            _ => plain_cell(text, at, delimiter, delimiter == b'|' && cells.len() + 1 < n_cells),
        };
        cells.push(if delimiter == b'\t' { unescape(&cell) } else { cell });
        match bytes.get(end) {
            Some(byte) if *byte == delimiter => at = end + 1,
            Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => return Some((cells, end + 2)),
            Some(_) => return Some((cells, end + 1)),
            None => return Some((cells, end)),
        }
    }
}

fn plain_cell(text: &str, at: usize, delimiter: u8, over_lines: bool) -> (String, usize) {
    let rest = text.as_bytes().get(at..).unwrap_or(&[]);
    let ends = |b: &u8| *b == delimiter || (!over_lines && matches!(b, b'\n' | b'\r'));
    let end = at + rest.iter().position(ends).unwrap_or(rest.len());
    (text.get(at..end).unwrap_or("").to_owned(), end)
}

/// `"a ""b"" c"`; a quote that is not closed before the text ends is no cell.
fn quoted_cell(text: &str, at: usize, delimiter: u8) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let mut cell = String::new();
    let mut from = at + 1;
    loop {
        let quote = from + bytes.get(from..)?.iter().position(|b| *b == b'"')?;
        cell.push_str(text.get(from..quote)?);
        if bytes.get(quote + 1) != Some(&b'"') {
            // Tolerate space between the quote and the delimiter.
            let (_, end) = plain_cell(text, quote + 1, delimiter, false);
            return Some((cell, end));
        }
        cell.push('"');
        from = quote + 2;
    }
}

/// COPY's and `mysql -B`'s escapes.
fn unescape(cell: &str) -> String {
    if !cell.contains('\\') || cell == "\\N" {
        return cell.to_owned();
    }
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('r')) => out.push('\r'),
            ('\\', Some(other)) => out.push(other),
            (c, _) => out.push(c),
        }
    }
    out
}
