//! PostgreSQL's EXPLAIN (FORMAT YAML). Reads the YAML that PostgreSQL writes (block maps and lists,
//! scalars on one line), not YAML at large.

use serde_json::{Map, Value};

use super::json::plans_of;
use super::property::scalar;
use super::start::find_start;
use crate::dialect::Dialect;
use crate::limits;
use crate::read::plans::{Found, not_understood, read_plans};
use crate::read::{Claim, Facts, Format, Segment};
use crate::text::json::read_string;
use crate::text::unframe::{LineKind, unframe};

/// EXPLAIN, YAML format.
pub const FORMAT: Format =
    Format { name: "postgres-explain-yaml", title: "PostgreSQL EXPLAIN (YAML)", claim, read };

fn claim(text: &str, at: usize) -> Option<Claim> {
    let start = find_start(text, at)?;
    let first = start.first.trim();
    if !matches!(first, "- Plan:" | "Plan:") {
        return None;
    }
    let (_, end) = take_lines(text, start.body);
    let reason = format!("YAML that begins with {first:?}");
    Some(Claim { end, reason, dialect: Some(Dialect::Postgres) })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    read_plans(segment, facts, find);
}

fn find(text: &str, at: usize) -> Option<Found> {
    let start = find_start(text, at)?;
    if !matches!(start.first.trim(), "- Plan:" | "Plan:") {
        return None;
    }
    let (mut lines, end) = take_lines(text, start.body);
    let mut next = 0;
    let value = read_block(&mut lines, &mut next, 0).unwrap_or_default();
    let query = start.query.map(|query| match query.starts_with('"') {
        true => read_string(&query),
        false => query.into_owned(),
    });
    let mut found = Found { query, body: start.body, end, ..Found::default() };
    found.plans = plans_of(&value);
    if found.plans.is_empty() {
        let help = "paste the whole output of EXPLAIN (FORMAT YAML)";
        found.remarks.push(not_understood("YAML without a plan", help));
    }
    Some(found)
}

/// A line and its indentation.
type Line = (usize, String);

/// The lines of the YAML at byte `at`, out of their frame, and where it ends.
fn take_lines(text: &str, at: usize) -> (Vec<Line>, usize) {
    let mut lines: Vec<Line> = Vec::new();
    let mut end = at;
    for line in unframe(text, at) {
        let base = lines.first().map(|(indent, _)| *indent);
        match line.kind {
            LineKind::Header | LineKind::Footer if base.is_some() => {
                if line.kind == LineKind::Footer {
                    end = line.end;
                }
                break;
            }
            LineKind::Content => {
                let body = line.text.trim_start();
                let indent = line.text.len() - body.len();
                let item = body.starts_with('-') || body.split_once(':').is_some();
                if base.is_some_and(|base| indent < base || (indent == base && !is_top(body))) {
                    break;
                }
                if !item {
                    break;
                }
                lines.push((indent, body.to_owned()));
                end = line.end;
            }
            LineKind::Rule if base.is_some() => end = line.end,
            _ => {}
        }
    }
    (lines, end)
}

/// A line that may stand beside `Plan:`.
fn is_top(body: &str) -> bool {
    let names = ["- Plan:", "Plan", "Execution Time:", "Total Runtime:", "Triggers:", "JIT:"];
    let more = ["Settings:", "Query Identifier:", "Serialization:"];
    names.iter().chain(&more).any(|name| body.starts_with(name))
}

/// A map or a list: all lines from `next` on that are indented like the first or deeper.
fn read_block(lines: &mut [Line], next: &mut usize, depth: usize) -> Option<Value> {
    let (indent, first) = lines.get(*next)?;
    let (indent, is_list) = (*indent, first.starts_with('-'));
    let (mut map, mut items) = (Map::new(), Vec::new());
    while let Some((here, text)) = lines.get_mut(*next) {
        if *here < indent || text.starts_with('-') != is_list {
            break;
        }
        if is_list {
            let body = text.trim_start_matches('-').trim_start().to_owned();
            if is_entry(&body) {
                // The first entry of a map: the dash counts as indentation.
                (*here, *text) = (*here + text.len() - body.len(), body);
                items.push(deeper(lines, next, depth)?);
            } else {
                items.push(read_scalar("", &body));
                *next += 1;
            }
            continue;
        }
        let (name, value) = text.split_once(':').unwrap_or((text, ""));
        let (name, value) = (name.to_owned(), value.trim().to_owned());
        *next += 1;
        if !value.is_empty() {
            map.insert(name.clone(), read_scalar(&name, &value));
        } else if lines.get(*next).is_some_and(|(below, _)| *below > indent) {
            map.insert(name, deeper(lines, next, depth)?);
        }
    }
    Some(if is_list { Value::Array(items) } else { Value::Object(map) })
}

fn deeper(lines: &mut [Line], next: &mut usize, depth: usize) -> Option<Value> {
    if depth >= limits::JSON_DEPTH_MAX { None } else { read_block(lines, next, depth + 1) }
}

/// `Name: value`, not a quoted text.
fn is_entry(body: &str) -> bool {
    !body.starts_with('"')
        && body.split_once(':').is_some_and(|(_, v)| v.is_empty() || v.starts_with(' '))
}

fn read_scalar(name: &str, value: &str) -> Value {
    if value.starts_with('"') { Value::String(read_string(value)) } else { scalar(name, value) }
}
