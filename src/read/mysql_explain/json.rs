//! EXPLAIN FORMAT=JSON of MySQL (both versions) and MariaDB, ANALYZE FORMAT=JSON. Operations become
//! nodes, their tables and operations below them children, everything else properties.

use serde_json::Value;

use super::{access_name, join, pasted};
use crate::dialect::Dialect;
use crate::limits;
use crate::read::explain::json::{first_key, take_cell};
use crate::read::explain::start::find_start;
use crate::read::facts::PastedPlan;
use crate::read::plan_node::PlanNode;
use crate::read::plans::{Found, cut_off, not_understood, read_plans};
use crate::read::{Claim, Facts, Format, Segment};
use crate::text::json::read_json;

/// EXPLAIN FORMAT=JSON.
pub const FORMAT: Format =
    Format { name: "mysql-explain-json", title: "MySQL or MariaDB EXPLAIN (JSON)", claim, read };

/// First keys that only these plans have.
const FIRST_KEYS: [&str; 7] = [
    "query_block",
    "query_optimization",
    "query_plan",
    "EXPLAIN",
    "ANALYZE",
    "optimization",
    "json_schema_version",
];

fn claim(text: &str, at: usize) -> Option<Claim> {
    let start = find_start(text, at)?;
    let key = first_key(text, &start)?;
    // The second version begins with the query, as other JSON may.
    let second = key == "query" && has_query_plan(text, start.body);
    if !second && !FIRST_KEYS.contains(&key.as_str()) {
        return None;
    }
    let (cell, end) = take_cell(text, start.body);
    let maria = cell.contains("\"r_loops\"")
        || cell.contains("\"query_optimization\"")
        || (cell.contains("\"rows\"") && !cell.contains("\"cost_info\""));
    let dialect = if maria { Dialect::Mariadb } else { Dialect::Mysql };
    Some(Claim { end, reason: format!("JSON that begins with {key:?}"), dialect: Some(dialect) })
}

fn has_query_plan(text: &str, at: usize) -> bool {
    let rest = text.as_bytes().get(at..).unwrap_or(&[]);
    let near = rest.get(..rest.len().min(limits::PLAN_LEAD_BYTES)).unwrap_or(rest);
    let marks: [&[u8]; 3] = [b"\"query_plan\"", b"\"inputs\"", b"\"access_type\""];
    marks.iter().any(|mark| near.windows(mark.len()).any(|window| window == *mark))
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
    found.plans.extend(parsed.as_ref().and_then(|parsed| plan_of(&parsed.value, 0)));
    if found.plans.is_empty() {
        let help = "paste the whole output of EXPLAIN FORMAT=JSON";
        found.remarks.push(not_understood("JSON without a plan", help));
    } else if parsed.is_some_and(|parsed| !parsed.complete) {
        found.remarks.push(cut_off());
    }
    Some(found)
}

/// The plan in a document, or in a client's row `{"EXPLAIN": "..."}`.
fn plan_of(value: &Value, depth: usize) -> Option<PastedPlan> {
    if let Some(rows) = value.as_array() {
        return plan_of(rows.first()?, depth + 1).filter(|_| depth < 4);
    }
    let map = value.as_object()?;
    if let Some(cell) = map.get("EXPLAIN").or_else(|| map.get("ANALYZE")) {
        let Some(text) = cell.as_str() else {
            return plan_of(cell, depth + 1).filter(|_| depth < 4);
        };
        let inner = read_json(text, text.find('{')?)?;
        return plan_of(&inner.value, depth + 1).filter(|_| depth < 4);
    }
    let root = match map.get("query_block") {
        Some(block) => operation("query_block", block, 0),
        None => {
            let plan = map.get("query_plan").unwrap_or(value);
            plan.get("operation").map(|_| iterator(plan, 0))
        }
    };
    let query = map.get("query").and_then(Value::as_str).map(str::to_owned);
    let mut plan = pasted(root?);
    plan.query = query.filter(|query| !query.starts_with("/* select#"));
    plan.execution_ms = plan.root.actual_total_ms.filter(|_| plan.analyze);
    Some(plan)
}

/// What an operation is called.
fn operation_name(key: &str) -> String {
    let known = match key.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ') {
        "query_block" => "Query block",
        "nested_loop" => "Nested loop join",
        "ordering_operation" | "filesort" => "Sort",
        "grouping_operation" => "Group aggregate",
        "duplicates_removal" => "Deduplicate",
        "temporary_table" | "buffer_result" => "Temporary table",
        "block-nl-join" => "Block nested loop join",
        "union_result" => "Union result",
        "windowing" | "window_functions_computation" => "Window aggregate",
        "read_sorted_file" => "Read sorted file",
        "materialized_from_subquery" | "materialized" | "materialization" => "Materialize",
        "expression_cache" => "Expression cache",
        other => return other.replace('_', " "),
    };
    known.to_owned()
}

/// An operation of the first version, by the key it stands under. Operations without a say of their
/// own (`query_block`, a nested loop over one table) give way to what is below them.
fn operation(key: &str, value: &Value, depth: usize) -> Option<PlanNode> {
    if depth > limits::PLAN_DEPTH_MAX {
        return None;
    }
    if let Some(items) = value.as_array() {
        return join(children(key, items, depth));
    }
    let map = value.as_object()?;
    let mut node = PlanNode::new(&operation_name(key));
    let is_table = map.contains_key("table_name") || map.contains_key("access_type");
    for (name, value) in map {
        take(&mut node, name, value, depth);
    }
    if is_table && !key.starts_with("union_result") {
        let access = node.text("Access Type").unwrap_or("");
        node.node_type = access_name(access).to_owned();
        node.alias.clone_from(&node.relation_name);
    }
    if node.plans.is_empty() && node.relation_name.is_none() {
        // Nothing is read: the message says why.
        let message = node.text("Message").unwrap_or("Rows fetched before execution");
        node.node_type = message.to_owned();
    }
    Some(node)
}

/// The nodes in a list: of a nested loop, of subqueries, of the parts of a UNION.
fn children(key: &str, items: &[Value], depth: usize) -> Vec<PlanNode> {
    let mut nodes = Vec::new();
    for item in items {
        let Some(map) = item.as_object() else { continue };
        let inner: Vec<(&String, &Value)> =
            map.iter().filter(|(_, value)| is_operation(value)).collect();
        match inner.as_slice() {
            [(name, value)] => nodes.extend(operation(name, value, depth + 1)),
            _ => nodes.extend(operation(key, item, depth + 1)),
        }
    }
    nodes
}

fn is_operation(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => items.first().is_some_and(Value::is_object),
        _ => false,
    }
}

/// A member of an operation: a number of the node, a child, or a property.
fn take(node: &mut PlanNode, name: &str, value: &Value, depth: usize) {
    match name {
        "table_name" => node.relation_name = value.as_str().map(str::to_owned),
        "key" | "index_name" => node.index_name = value.as_str().map(str::to_owned),
        "rows" | "rows_examined_per_scan" => node.plan_rows = figure(value),
        "r_rows" | "r_output_rows" => node.actual_rows = figure(value),
        "r_loops" => node.actual_loops = figure(value),
        "r_total_time_ms" => node.actual_total_ms = figure(value),
        "cost" => node.total_cost = figure(value),
        "cost_info" => take_costs(node, value),
        "r_engine_stats" | "used_columns" => {
            node.more.insert(property_name(name), value.clone());
        }
        _ if !is_operation(value) => {
            node.more.insert(property_name(name), number_of(value));
        }
        _ => {
            let list = value.as_array();
            let parts = match list {
                Some(items) if name != "nested_loop" => children(name, items, depth + 1),
                _ => operation(name, value, depth + 1).into_iter().collect(),
            };
            for mut part in parts {
                let relation = match list {
                    Some(_) if name.contains("subqueries") => "SubPlan",
                    Some(_) if name != "nested_loop" => "Member",
                    _ => "Outer",
                };
                part.parent_relationship = Some(relation.to_owned());
                node.plans.push(part);
            }
        }
    }
}

fn take_costs(node: &mut PlanNode, value: &Value) {
    let cost = |name: &str| value.get(name).and_then(figure);
    // Two decimals are printed; their sum has two.
    let sum = |a: f64, b: f64| ((a + b) * 100.0).round() / 100.0;
    let own = || Some(sum(cost("read_cost")?, cost("eval_cost").unwrap_or(0.0)));
    node.total_cost = cost("query_cost").or_else(own).or_else(|| cost("sort_cost"));
    if let Some(prefix) = value.get("prefix_cost") {
        node.more.insert("Prefix Cost".to_owned(), number_of(prefix));
    }
}

/// `attached_condition` is `Filter`; other names get spaces and capitals.
fn property_name(name: &str) -> String {
    match name {
        "attached_condition" => return "Filter".to_owned(),
        "index_condition" => return "Index Cond".to_owned(),
        "access_type" => return "Access Type".to_owned(),
        "sort_key" => return "Sort Key".to_owned(),
        _ => {}
    }
    let words = name.split(['_', ' ']).filter(|word| !word.is_empty()).map(|word| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    let name = words.collect::<Vec<_>>().join(" ");
    match name.strip_prefix("R ") {
        Some(measured) => format!("Actual {measured}"),
        None => name,
    }
}

/// MySQL prints numbers as strings.
fn number_of(value: &Value) -> Value {
    let text = value.as_str().unwrap_or("");
    crate::text::json::number(text).unwrap_or_else(|| value.clone())
}

fn figure(value: &Value) -> Option<f64> {
    let text = || value.as_str().and_then(|text| text.parse::<f64>().ok());
    value.as_f64().or_else(text).filter(|n| n.is_finite())
}

/// A node of the second version: an iterator of the executor with its `inputs`.
fn iterator(value: &Value, depth: usize) -> PlanNode {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let mut node = super::tree::read_operation(text("operation").unwrap_or(""));
    let Some(map) = value.as_object() else { return node };
    for (name, value) in map {
        match name.as_str() {
            "operation" | "query" => {}
            "inputs" if depth < limits::PLAN_DEPTH_MAX => {
                let inputs = value.as_array().map_or(&[][..], Vec::as_slice);
                node.plans = inputs.iter().map(|input| iterator(input, depth + 1)).collect();
            }
            "inputs" => {}
            "table_name" => node.relation_name = value.as_str().map(str::to_owned),
            "alias" => node.alias = value.as_str().map(str::to_owned),
            "index_name" => node.index_name = value.as_str().map(str::to_owned),
            "schema_name" => node.schema = value.as_str().map(str::to_owned),
            "estimated_rows" => node.plan_rows = figure(value),
            "estimated_total_cost" => node.total_cost = figure(value),
            "estimated_first_row_cost" => node.startup_cost = figure(value),
            "actual_rows" => node.actual_rows = figure(value),
            "actual_loops" => node.actual_loops = figure(value),
            "actual_first_row_ms" => node.actual_startup_ms = figure(value),
            "actual_last_row_ms" => node.actual_total_ms = figure(value),
            "condition" => {
                node.more.insert("Filter".to_owned(), value.clone());
            }
            _ => {
                node.more.insert(property_name(name), value.clone());
            }
        }
    }
    node
}
