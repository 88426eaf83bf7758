//! PostgreSQL's EXPLAIN (FORMAT JSON): the array that EXPLAIN prints, the object that auto_explain
//! logs, a node by itself, or rows of a client that hold one of these (or the text format) in a
//! column `QUERY PLAN`; also cut off in the middle.

use serde_json::{Map, Value};

use super::start::{Start, find_start};
use super::text;
use super::tree::read_settings;
use crate::dialect::Dialect;
use crate::limits;
use crate::read::facts::PastedPlan;
use crate::read::plan_node::PlanNode;
use crate::read::plans::{Found, cut_off, not_understood, read_plans};
use crate::read::{Claim, Facts, Format, Segment};
use crate::text::json::read_json;
use crate::text::unframe::{LineKind, frame_end, unframe};

/// EXPLAIN, JSON format.
pub const FORMAT: Format =
    Format { name: "postgres-explain-json", title: "PostgreSQL EXPLAIN (JSON)", claim, read };

/// First keys that only a plan has.
const FIRST_KEYS: [&str; 8] = [
    "Plan",
    "Query Text",
    "Query Parameters",
    "Query Identifier",
    "QUERY PLAN",
    "Node Type",
    "Planning",
    "Planning Time",
];

fn claim(text: &str, at: usize) -> Option<Claim> {
    let start = find_start(text, at)?;
    let key = first_key(text, &start)?;
    let known = FIRST_KEYS.contains(&key.as_str()) || key.eq_ignore_ascii_case("query plan");
    if !known {
        return None;
    }
    let (_, end) = take_cell(text, start.body);
    let reason = format!("JSON that begins with {key:?}");
    Some(Claim { end, reason, dialect: Some(Dialect::Postgres) })
}

/// The first key of the JSON that begins at `start`, in or out of its frame.
pub fn first_key(text: &str, start: &Start<'_>) -> Option<String> {
    if !start.first.trim_start().starts_with(['[', '{']) {
        return None;
    }
    let mut lead = String::new();
    for line in unframe(text, start.body).filter(|line| line.kind == LineKind::Content).take(8) {
        lead.push_str(line.text.trim());
        if lead.len() > 200 {
            break;
        }
    }
    let (before, rest) = lead.split_once('"')?;
    let plain = before.chars().all(|c| matches!(c, '[' | '{') || c.is_whitespace());
    let key = rest.split('"').next().filter(|_| plain)?;
    Some(key.to_owned())
}

/// The text of the JSON that begins at byte `at`, out of its frame, and where it ends.
pub fn take_cell(text: &str, at: usize) -> (String, usize) {
    let mut cell = String::new();
    let mut brackets = Brackets::default();
    let mut end = at;
    for line in unframe(text, at) {
        let begun = !cell.is_empty();
        match line.kind {
            LineKind::Footer | LineKind::Header if begun => break,
            LineKind::Content if brackets.done => break,
            LineKind::Content => {
                brackets.read(&line.text);
                if brackets.broken {
                    break;
                }
                cell.push_str(&line.text);
                cell.push('\n');
                end = line.end;
            }
            LineKind::Blank if brackets.done => break,
            LineKind::Rule if begun => end = line.end,
            _ => {}
        }
        if brackets.done && line.kind == LineKind::Rule {
            break;
        }
    }
    let end = frame_end(text, end);
    (cell, end)
}

/// Follows brackets, quotes and comments line by line, to see where JSON ends or breaks off.
#[derive(Default)]
struct Brackets {
    depth: usize,
    in_string: bool,
    in_comment: bool,
    done: bool,
    /// Something stands outside of a string that JSON does not have.
    broken: bool,
}

impl Brackets {
    fn read(&mut self, line: &str) {
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            if self.in_comment {
                self.in_comment = !(c == '*' && chars.next_if_eq(&'/').is_some());
            } else if self.in_string {
                match c {
                    '\\' => drop(chars.next()),
                    '"' => self.in_string = false,
                    _ => {}
                }
            } else {
                match c {
                    '"' => self.in_string = true,
                    '[' | '{' => self.depth += 1,
                    ']' | '}' => {
                        self.depth = self.depth.saturating_sub(1);
                        self.done = self.depth == 0;
                    }
                    '/' if chars.next_if_eq(&'*').is_some() => self.in_comment = true,
                    // true, false, null, 1e+06
                    'a' | 'e' | 'E' | 'f' | 'l' | 'n' | 'r' | 's' | 't' | 'u' | '0'..='9' => {}
                    ',' | ':' | '+' | '-' | '.' | ' ' => {}
                    _ if self.done => return,
                    _ => {
                        self.broken = true;
                        return;
                    }
                }
            }
        }
    }
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    read_plans(segment, facts, find);
}

fn find(text: &str, at: usize) -> Option<Found> {
    let start = find_start(text, at)?;
    first_key(text, &start)?;
    let (cell, end) = take_cell(text, start.body);
    let query = start.query.map(|query| query.into_owned());
    let mut found = Found { query, body: start.body, end, ..Found::default() };
    let parsed = read_json(&cell, cell.find(['[', '{']).unwrap_or(0));
    found.plans = parsed.as_ref().map(|parsed| plans_of(&parsed.value)).unwrap_or_default();
    if found.plans.is_empty() {
        let help = "paste the whole output of EXPLAIN (FORMAT JSON)";
        found.remarks.push(not_understood("JSON without a plan", help));
    } else if parsed.is_some_and(|parsed| !parsed.complete) {
        found.remarks.push(cut_off());
    }
    Some(found)
}

/// The plans of JSON in any of its forms.
pub fn plans_of(value: &Value) -> Vec<PastedPlan> {
    let mut plans = Vec::new();
    let mut text_rows = String::new();
    collect(value, &mut plans, &mut text_rows);
    plans.extend(text::plans_in(&text_rows));
    plans
}

/// Rows of the text format are gathered in `text_rows`.
fn collect(value: &Value, plans: &mut Vec<PastedPlan>, text_rows: &mut String) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, plans, text_rows);
            }
        }
        Value::Object(map) => {
            if let Some(plan) = map.get("Plan") {
                plans.push(pasted(map, plan));
            } else if map.contains_key("Node Type") {
                plans.push(pasted(&Map::new(), value));
            } else if let Some((_, cell)) = map.iter().find(|(name, _)| is_title(name)) {
                collect_cell(cell, plans, text_rows);
            }
        }
        _ => {}
    }
}

fn is_title(name: &str) -> bool {
    name.eq_ignore_ascii_case("query plan") || name.eq_ignore_ascii_case("plan")
}

fn collect_cell(cell: &Value, plans: &mut Vec<PastedPlan>, text_rows: &mut String) {
    let Some(text) = cell.as_str() else {
        collect(cell, plans, text_rows);
        return;
    };
    let open = text.len() - text.trim_start().len();
    match read_json(text, open) {
        Some(inner) => collect(&inner.value, plans, text_rows),
        None => {
            text_rows.push_str(text);
            text_rows.push('\n');
        }
    }
}

/// A plan with what stands beside it.
fn pasted(map: &Map<String, Value>, plan: &Value) -> PastedPlan {
    let root = node_of(plan, 0);
    let mut analyze = false;
    root.walk(&mut |node| analyze |= node.actual_loops.is_some() || node.actual_rows.is_some());
    let number = |names: &[&str]| names.iter().find_map(|name| map.get(*name)).and_then(as_number);
    let settings = match map.get("Settings") {
        Some(Value::Object(settings)) => settings
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or("").to_owned()))
            .collect(),
        Some(Value::String(settings)) => read_settings(settings),
        _ => Vec::new(),
    };
    PastedPlan {
        root,
        analyze,
        query: map.get("Query Text").and_then(Value::as_str).map(str::to_owned),
        planning_ms: number(&["Planning Time"]),
        execution_ms: number(&["Execution Time", "Total Runtime"]),
        duration_ms: None,
        settings,
        source: None,
    }
}

/// A node and what is below it.
fn node_of(value: &Value, depth: usize) -> PlanNode {
    let mut node = PlanNode::default();
    let Some(map) = value.as_object() else { return node };
    for (name, value) in map {
        let text = || value.as_str().map(str::to_owned);
        match name.as_str() {
            "Node Type" => node.node_type = text().unwrap_or_default(),
            "Parent Relationship" => node.parent_relationship = text(),
            "Relation Name" => node.relation_name = text(),
            "Schema" => node.schema = text(),
            "Alias" => node.alias = text(),
            "Index Name" => node.index_name = text(),
            "Startup Cost" => node.startup_cost = as_number(value),
            "Total Cost" => node.total_cost = as_number(value),
            "Plan Rows" => node.plan_rows = as_number(value),
            "Plan Width" => node.plan_width = as_number(value),
            "Actual Startup Time" => node.actual_startup_ms = as_number(value),
            "Actual Total Time" => node.actual_total_ms = as_number(value),
            "Actual Rows" => node.actual_rows = as_number(value),
            "Actual Loops" => node.actual_loops = as_number(value),
            "Plans" if depth < limits::PLAN_DEPTH_MAX => {
                let inputs = value.as_array().map_or(&[][..], Vec::as_slice);
                node.plans = inputs.iter().map(|input| node_of(input, depth + 1)).collect();
            }
            "Plans" => {}
            _ => {
                node.more.insert(name.clone(), value.clone());
            }
        }
    }
    node
}

fn as_number(value: &Value) -> Option<f64> {
    let text = || value.as_str().and_then(|text| text.trim().parse::<f64>().ok());
    value.as_f64().or_else(text).filter(|n| n.is_finite())
}
