//! PostgreSQL's EXPLAIN (FORMAT XML). Reads the XML that PostgreSQL writes (elements and text), not
//! XML at large: `<Node-Type>` is the property `Node Type`, `<Item>`s are a list.

use serde_json::{Map, Value};

use super::json::plans_of;
use super::property::scalar;
use super::start::find_start;
use crate::dialect::Dialect;
use crate::limits;
use crate::read::plans::{Found, cut_off, not_understood, read_plans};
use crate::read::{Claim, Facts, Format, Segment};
use crate::text::unframe::{LineKind, unframe};

/// EXPLAIN, XML format.
pub const FORMAT: Format =
    Format { name: "postgres-explain-xml", title: "PostgreSQL EXPLAIN (XML)", claim, read };

fn claim(text: &str, at: usize) -> Option<Claim> {
    let start = find_start(text, at)?;
    if !start.first.trim_start().starts_with("<explain") {
        return None;
    }
    let (_, end) = take_cell(text, start.body);
    Some(Claim { end, reason: "an <explain> element".into(), dialect: Some(Dialect::Postgres) })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    read_plans(segment, facts, find);
}

fn find(text: &str, at: usize) -> Option<Found> {
    let start = find_start(text, at)?;
    if !start.first.trim_start().starts_with("<explain") {
        return None;
    }
    let (cell, end) = take_cell(text, start.body);
    let query = start.query.map(|query| query.into_owned());
    let mut found = Found { query, body: start.body, end, ..Found::default() };
    found.plans = plans_of(&read_elements(&cell));
    if found.plans.is_empty() {
        let help = "paste the whole output of EXPLAIN (FORMAT XML)";
        found.remarks.push(not_understood("XML without a plan", help));
    } else if !cell.contains("</explain>") {
        found.remarks.push(cut_off());
    }
    Some(found)
}

/// The element that begins at byte `at`, out of its frame, and where it ends.
fn take_cell(text: &str, at: usize) -> (String, usize) {
    let mut cell = String::new();
    let mut end = at;
    let mut done = false;
    for line in unframe(text, at) {
        match line.kind {
            LineKind::Footer => {
                end = line.end;
                break;
            }
            LineKind::Header if !cell.is_empty() => break,
            LineKind::Content if done => break,
            LineKind::Content => {
                cell.push_str(&line.text);
                cell.push('\n');
                end = line.end;
                done = line.text.contains("</explain>");
            }
            LineKind::Rule if !cell.is_empty() => end = line.end,
            _ => {}
        }
    }
    (cell, end)
}

/// An element that is not closed yet.
#[derive(Default)]
struct Open {
    name: String,
    children: Vec<(String, Value)>,
    text: String,
}

/// The content of the outermost element; what is not closed at the end is closed there.
fn read_elements(xml: &str) -> Value {
    let mut stack = vec![Open::default()];
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        if let Some(top) = stack.last_mut() {
            top.text.push_str(rest.get(..at).unwrap_or(""));
        }
        let Some(end) = rest.get(at..).and_then(|tag| tag.find('>')) else { break };
        let tag = rest.get(at + 1..at + end).unwrap_or("");
        rest = rest.get(at + end + 1..).unwrap_or("");
        if tag.starts_with('/') {
            close(&mut stack);
        } else if !tag.starts_with(['?', '!']) {
            let name = tag.split([' ', '\n', '/']).next().unwrap_or("").to_owned();
            if stack.len() > limits::JSON_DEPTH_MAX {
                break;
            }
            stack.push(Open { name, ..Open::default() });
            if tag.ends_with('/') {
                close(&mut stack);
            }
        }
    }
    while stack.len() > 1 {
        close(&mut stack);
    }
    let mut outer = stack.pop().unwrap_or_default();
    outer.children.pop().map(|(_, value)| value).unwrap_or_default()
}

fn close(stack: &mut Vec<Open>) {
    if stack.len() < 2 {
        return;
    }
    let Some(open) = stack.pop() else { return };
    let name = property_name(&open.name);
    let value = value_of(&name, open);
    if let Some(above) = stack.last_mut() {
        above.children.push((name, value));
    }
}

fn value_of(name: &str, open: Open) -> Value {
    let singular = name.strip_suffix('s').unwrap_or(name);
    let is_item = |child: &str| matches!(child, "Item" | "Query") || child == singular;
    if open.children.is_empty() {
        let text = unescape(open.text.trim());
        return if text.is_empty() { Value::Null } else { scalar(name, &text) };
    }
    if open.children.iter().all(|(child, _)| is_item(child)) {
        return Value::Array(open.children.into_iter().map(|(_, value)| value).collect());
    }
    let mut map = Map::new();
    map.extend(open.children);
    Value::Object(map)
}

/// PostgreSQL writes `-` for every character of a property name that XML does not allow.
fn property_name(tag: &str) -> String {
    match tag {
        "One-Time-Filter" => "One-Time Filter".to_owned(),
        "Full-sort-Groups" => "Full-sort Groups".to_owned(),
        "Pre-sorted-Groups" => "Pre-sorted Groups".to_owned(),
        _ => tag.replace('-', " ").replace("I O ", "I/O "),
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at..).unwrap_or("");
        let end = rest.find(';').filter(|end| *end < 10).unwrap_or(0);
        let known = match rest.get(1..end.max(1)).unwrap_or("") {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            code => code.strip_prefix('#').and_then(code_point),
        };
        out.push(known.unwrap_or('&'));
        rest = rest.get(if known.is_some() { end + 1 } else { 1 }..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

fn code_point(code: &str) -> Option<char> {
    let number = match code.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => code.parse(),
    };
    number.ok().and_then(char::from_u32)
}
