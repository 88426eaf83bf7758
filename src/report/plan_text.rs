//! A plan as EXPLAIN prints it in text.

use std::fmt::Write;

use serde_json::Value;

use crate::read::plan_node::PlanNode;

/// Properties that EXPLAIN prints below a node, in its order.
const LINES: [&str; 12] = [
    "Group Key",
    "Sort Key",
    "Presorted Key",
    "Index Cond",
    "Recheck Cond",
    "Hash Cond",
    "Merge Cond",
    "Join Filter",
    "Filter",
    "CTE Name",
    "Rows Removed by Filter",
    "Heap Fetches",
];

/// The tree, two blanks a level deeper; `hypothetical` indexes are marked.
pub fn render_plan(root: &PlanNode, hypothetical: &[String]) -> String {
    let mut out = String::new();
    write_node(&mut out, root, 0, hypothetical);
    out
}

fn write_node(out: &mut String, node: &PlanNode, depth: usize, hypothetical: &[String]) {
    let indent = if depth == 0 { 0 } else { depth * 6 - 4 };
    let arrow = if depth == 0 { "" } else { "->  " };
    let _ = write!(out, "{:indent$}{arrow}{}", "", title(node));
    if let (Some(startup), Some(total)) = (node.startup_cost, node.total_cost) {
        let rows = node.plan_rows.unwrap_or(0.0);
        let width = node.plan_width.unwrap_or(0.0);
        let _ = write!(out, "  (cost={startup:.2}..{total:.2} rows={rows:.0} width={width:.0})");
    }
    if node.index_name.as_ref().is_some_and(|index| hypothetical.contains(index)) {
        out.push_str("  [hypothetical index]");
    }
    out.push('\n');
    let below = depth * 6 + 2;
    for property in LINES {
        if let Some(value) = node.more.get(property) {
            let _ = writeln!(out, "{:below$}{property}: {}", "", text_of(value));
        }
    }
    for child in &node.plans {
        write_node(out, child, depth + 1, hypothetical);
    }
}

/// `Hash Left Join`, `Index Scan Backward using i on t alias`.
fn title(node: &PlanNode) -> String {
    let mut title = match (node.node_type.as_str(), node.text("Strategy")) {
        ("Aggregate", Some("Hashed")) => "HashAggregate".to_owned(),
        ("Aggregate", Some("Sorted")) => "GroupAggregate".to_owned(),
        ("ModifyTable", _) => node.text("Operation").unwrap_or("ModifyTable").to_owned(),
        (name, _) => name.to_owned(),
    };
    match node.text("Join Type") {
        Some("Inner") | None => {}
        Some(kind) => title = joined_title(&title, kind),
    }
    if node.text("Scan Direction") == Some("Backward") {
        title.push_str(" Backward");
    }
    if let Some(index) = &node.index_name {
        let word = if node.node_type == "Bitmap Index Scan" { "on" } else { "using" };
        let _ = write!(title, " {word} {index}");
    }
    if let Some(table) = &node.relation_name {
        let _ = write!(title, " on {table}");
    }
    match &node.alias {
        Some(alias) if node.relation_name.as_ref() != Some(alias) => {
            let word = if node.relation_name.is_some() { "" } else { "on " };
            let _ = write!(title, " {word}{alias}");
        }
        _ => {}
    }
    title
}

/// `Hash Join` of kind Left is a `Hash Left Join`, `Nested Loop` a `Nested Loop Left Join`.
fn joined_title(title: &str, kind: &str) -> String {
    match title.strip_suffix(" Join") {
        Some(method) => format!("{method} {kind} Join"),
        None => format!("{title} {kind} Join"),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
