//! One column a line: psql's `\x`, MySQL's `\G`; and JSON arrays of objects.

use serde_json::Value;

use super::{Body, Header, Table, is_column_name, is_footer, line_end};
use crate::text::json::read_json;
use crate::text::lines;

/// As much JSON as is looked at to find the names of the columns.
const HEAD_BYTES: usize = 64 << 10;

/// `-[ RECORD 1 ]--+---` or `*** 1. row ***`, and the names of the lines behind it.
pub fn find_records(text: &str, at: usize) -> Option<Header> {
    let bars = bars(text, at);
    let head = lines(text.get(at..)?).skip(1).take_while(|(_, line)| !is_record_rule(line));
    let names = head.take(100).filter_map(|(_, line)| Some(field(line, bars)?.0));
    let columns: Vec<String> = names.collect();
    let begins = is_record_rule(lines(text.get(at..)?).next()?.1) && !columns.is_empty();
    let shape = "expanded records";
    begins.then_some(Header { columns, shape, body: Body::Records { start: at } })
}

fn is_record_rule(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("-[ ") && line.ends_with(['-', ']', '+']))
        || (line.starts_with("***") && line.ends_with("***") && line.contains(". row"))
}

/// What stands between name and value: bars in psql, a colon in MySQL.
fn bars(text: &str, at: usize) -> &'static [char] {
    let mysql = text.get(at..).is_some_and(|rest| rest.trim_start().starts_with('*'));
    if mysql { &[':'] } else { &['|', '│'] }
}

/// `name | value`, `name: value`.
fn field<'a>(line: &'a str, bars: &[char]) -> Option<(String, &'a str)> {
    let bar = line.find(bars)?;
    let name = line.get(..bar)?.trim();
    let value = line.get(bar..)?.strip_prefix(bars)?;
    is_column_name(name).then(|| (name.to_lowercase(), value.strip_prefix(' ').unwrap_or(value)))
}

/// Records up to `(n rows)` or a blank line that no further record follows.
pub fn read_records(text: &str, start: usize) -> Table {
    let mut table = Table { columns: Vec::new(), rows: Vec::new(), end: start, skipped: 0 };
    let bars = bars(text, start);
    let mysql = bars == [':'];
    let mut row: Option<(usize, Vec<String>)> = None;
    let mut open: Option<usize> = None;
    while table.end < text.len() {
        let at = table.end;
        let end = line_end(text, at);
        let line = text.get(at..end).unwrap_or("").trim_end();
        if is_record_rule(line) {
            table.rows.extend(row.replace((at, Vec::new())));
            open = None;
        } else if is_footer(line) {
            table.end = end;
            break;
        } else if let Some((_, cells)) = row.as_mut() {
            // A line break in a cell: psql marks it with `+` and begins the next line with a bar.
            let bare = line.trim_start().strip_prefix(bars).filter(|_| !mysql);
            let (value, column) = match (open, bare, field(line, bars)) {
                (Some(column), Some(more), _) => (more.strip_prefix(' ').unwrap_or(more), column),
                (_, _, Some((name, value))) => (value, column_of(&mut table.columns, name)),
                (_, _, None) if line.is_empty() => break,
                // MySQL's \G prints the line breaks of a cell as they are.
                (Some(column), None, None) if mysql => (line, column),
                _ => break,
            };
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(column) {
                if !cell.is_empty() {
                    cell.push('\n');
                }
                let marked = value.trim_end().strip_suffix(['+', '↵']);
                cell.push_str(
                    marked.filter(|_| line.contains(['|', '│'])).unwrap_or(value).trim_end(),
                );
            }
            open = Some(column);
        } else {
            break;
        }
        table.end = end;
    }
    table.rows.extend(row);
    table
}

fn column_of(columns: &mut Vec<String>, name: String) -> usize {
    columns.iter().position(|known| *known == name).unwrap_or_else(|| {
        columns.push(name);
        columns.len() - 1
    })
}

/// `[{"query": ...}, ...]`, or objects one after the other.
pub fn find_json(text: &str, at: usize) -> Option<Header> {
    let mut end = (at + HEAD_BYTES).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let head = text.get(..end)?;
    let object = at + head.get(at..)?.find('{')?;
    let between = head.get(at..object)?;
    if !between.chars().all(|c| c == '[' || c.is_whitespace()) {
        return None;
    }
    let columns = match read_json(head, object)?.value {
        Value::Object(map) => map.keys().map(|key| key.to_lowercase()).collect(),
        _ => return None,
    };
    Some(Header { columns, shape: "JSON", body: Body::Json { start: at } })
}

/// The objects of an array, or as many objects as follow each other.
pub fn read_json_rows(text: &str, start: usize) -> Table {
    let mut table = Table { columns: Vec::new(), rows: Vec::new(), end: start, skipped: 0 };
    while let Some(parsed) = read_json(text, table.end) {
        let at = table.end;
        let objects = match parsed.value {
            Value::Array(objects) => objects,
            value => vec![value],
        };
        for object in objects {
            add_object(&mut table, at, object);
        }
        table.skipped += usize::from(!parsed.complete);
        table.end = parsed.end.max(at + 1);
        let rest = text.get(table.end..).unwrap_or("");
        let next = rest.len() - rest.trim_start_matches([',', ' ', '\t', '\n', '\r', ';']).len();
        let breaks = rest.get(..next).unwrap_or("").matches('\n').count();
        if breaks > 1 || !rest.get(next..).unwrap_or("").starts_with('{') {
            break;
        }
        table.end += next;
    }
    table
}

fn add_object(table: &mut Table, at: usize, object: Value) {
    let Value::Object(map) = object else {
        table.skipped += 1;
        return;
    };
    let mut row = Vec::new();
    for (key, value) in map {
        let column = column_of(&mut table.columns, key.to_lowercase());
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if let Some(cell) = row.get_mut(column) {
            *cell = match value {
                Value::Null => String::new(),
                Value::String(text) => text,
                other => other.to_string(),
            };
        }
    }
    table.rows.push((at, row));
}
