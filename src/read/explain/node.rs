//! The line of one node of EXPLAIN's text format, split as EXPLAIN (FORMAT JSON) splits it:
//! `Parallel Index Scan Backward using i on s.t x  (cost=...)` has a node type, a scan direction, an
//! index, a schema, a table and an alias.

use serde_json::Value;

use crate::read::plan_node::PlanNode;

/// First words of every node type of PostgreSQL, to tell a node from prose without its `(cost=`.
const FIRST_WORDS: [&str; 44] = [
    "Aggregate",
    "Append",
    "Async",
    "Bitmap",
    "BitmapAnd",
    "BitmapOr",
    "CTE",
    "Custom",
    "Delete",
    "Finalize",
    "Foreign",
    "Function",
    "Gather",
    "Group",
    "GroupAggregate",
    "Hash",
    "HashAggregate",
    "HashSetOp",
    "Incremental",
    "Index",
    "Insert",
    "Limit",
    "LockRows",
    "Materialize",
    "Memoize",
    "Merge",
    "MixedAggregate",
    "Named",
    "Nested",
    "Parallel",
    "Partial",
    "ProjectSet",
    "Recursive",
    "Result",
    "Sample",
    "Seq",
    "SetOp",
    "Sort",
    "Subquery",
    "Table",
    "Tid",
    "Unique",
    "Update",
    "Values",
];

/// Nodes of one word (others need their second to be told from prose).
const ONE_WORD: [&str; 19] = [
    "Gather",
    "Aggregate",
    "Append",
    "BitmapAnd",
    "BitmapOr",
    "Group",
    "GroupAggregate",
    "Hash",
    "HashAggregate",
    "Limit",
    "LockRows",
    "Materialize",
    "Memoize",
    "MixedAggregate",
    "ProjectSet",
    "Result",
    "Sort",
    "Unique",
    "WindowAgg",
];

/// Does a node begin here, to judge by its first words?
pub fn is_node(text: &str) -> bool {
    let text = text.strip_prefix("XN ").unwrap_or(text);
    let first = text.split([' ', '(']).next().unwrap_or("");
    if !(FIRST_WORDS.contains(&first) || matches!(first, "WindowAgg" | "WorkTable")) {
        return false;
    }
    let name = head(text).trim();
    let words: Vec<&str> = name.split(' ').take(4).collect();
    match words.as_slice() {
        [one] => ONE_WORD.contains(one),
        ["Insert" | "Update" | "Delete" | "Merge", second, _, ..] => {
            matches!(*second, "on" | "Join" | "Left" | "Right" | "Full" | "Semi" | "Anti")
        }
        ["Merge", second] => matches!(*second, "Append" | "Join"),
        [_, second, ..] => {
            let known = [
                "Scan",
                "Seq",
                "Index",
                "Bitmap",
                "Append",
                "Hash",
                "Merge",
                "Join",
                "Left",
                "Right",
                "Full",
                "Semi",
                "Anti",
                "Loop",
                "Only",
                "Heap",
                "Range",
                "Sort",
                "Union",
                "Aggregate",
                "GroupAggregate",
                "HashAggregate",
                "MixedAggregate",
                "Function",
                "Tuplestore",
                "Foreign",
                "Custom",
                "Insert",
                "Update",
                "Delete",
                "Motion",
                "Except",
                "Intersect",
                "Sample",
                "Tid",
            ];
            known.contains(second)
        }
        [] => false,
    }
}

/// The part of the line before its numbers.
pub fn head(text: &str) -> &str {
    let marks = ["(cost=", "(actual ", "(never executed)", "(cost\u{2026}"];
    let end = marks.iter().filter_map(|mark| text.find(mark)).min();
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

/// Reads a node line (without its arrow).
pub fn read_node(text: &str) -> PlanNode {
    let head = head(text);
    let mut node = PlanNode::default();
    read_numbers(text.get(head.len()..).unwrap_or(""), &mut node);
    let name = head.trim();
    let mut name = name.strip_prefix("XN ").unwrap_or(name);
    for (prefix, property) in [("Async ", "Async Capable"), ("Parallel ", "Parallel Aware")] {
        if let Some(rest) = name.strip_prefix(prefix) {
            set(&mut node, property, Value::Bool(true));
            name = rest;
        }
    }
    if !(read_modify(name, &mut node)
        || read_join(name, &mut node)
        || read_aggregate(name, &mut node)
        || read_set_operation(name, &mut node)
        || read_scan(name, &mut node))
    {
        node.node_type = name.to_owned();
    }
    node
}

/// `cost=0.00..8.27 rows=1 width=4`, `actual time=0.1..0.2 rows=1 loops=1`, also inside `Worker 0:`.
pub fn read_numbers(text: &str, node: &mut PlanNode) {
    let actual_at = text.find("actual ").unwrap_or(text.len());
    let (estimated, actual) = text.split_at_checked(actual_at).unwrap_or((text, ""));
    if let Some((from, to)) = range(estimated, "cost=") {
        (node.startup_cost, node.total_cost) = (from, to);
        node.plan_rows = figure(estimated, "rows=");
        node.plan_width = figure(estimated, "width=");
    }
    if !actual.is_empty() {
        if let Some((from, to)) = range(actual, "time=") {
            (node.actual_startup_ms, node.actual_total_ms) = (from, to);
        }
        node.actual_rows = figure(actual, "rows=");
        node.actual_loops = figure(actual, "loops=");
    } else if text.contains("(never executed)") {
        // EXPLAIN (FORMAT JSON) prints zeros.
        node.actual_rows = Some(0.0);
        node.actual_loops = Some(0.0);
    }
}

fn range(text: &str, name: &str) -> Option<(Option<f64>, Option<f64>)> {
    let rest = text.get(text.find(name)? + name.len()..)?;
    let end = rest.find([' ', ')']).unwrap_or(rest.len());
    let (from, to) = rest.get(..end)?.split_once("..")?;
    Some((finite(from), finite(to)))
}

fn figure(text: &str, name: &str) -> Option<f64> {
    let rest = text.get(text.find(name)? + name.len()..)?;
    let end = rest.find([' ', ')']).unwrap_or(rest.len());
    finite(rest.get(..end)?)
}

fn finite(word: &str) -> Option<f64> {
    word.trim().parse::<f64>().ok().filter(|n| n.is_finite())
}

pub(super) fn set(node: &mut PlanNode, property: &str, value: Value) {
    node.more.insert(property.to_owned(), value);
}

fn set_text(node: &mut PlanNode, property: &str, value: &str) {
    set(node, property, Value::String(value.to_owned()));
}

/// `Insert on t`, `Foreign Update on t`.
fn read_modify(name: &str, node: &mut PlanNode) -> bool {
    let (kind, rest) = match name.strip_prefix("Foreign ") {
        Some(rest) => ("Foreign Scan", rest),
        None => ("ModifyTable", name),
    };
    let Some((operation, target)) = rest.split_once(" on ") else { return false };
    if !matches!(operation, "Insert" | "Update" | "Delete" | "Merge") {
        return false;
    }
    node.node_type = kind.to_owned();
    set_text(node, "Operation", operation);
    read_relation(target, node);
    true
}

/// `Hash Left Join`, `Nested Loop Anti Join`, `Merge Join`.
fn read_join(name: &str, node: &mut PlanNode) -> bool {
    for (lead, node_type) in
        [("Nested Loop", "Nested Loop"), ("Hash", "Hash Join"), ("Merge", "Merge Join")]
    {
        let Some(rest) = name.strip_prefix(lead) else { continue };
        let kind = match rest.strip_suffix(" Join") {
            Some(kind) => kind.trim(),
            None if lead == "Nested Loop" && rest.is_empty() => "",
            None => continue,
        };
        let known = ["", "Left", "Right", "Full", "Semi", "Anti", "Right Semi", "Right Anti"];
        if known.contains(&kind) || kind == "Unique Inner" || kind == "Unique Outer" {
            node.node_type = node_type.to_owned();
            set_text(node, "Join Type", if kind.is_empty() { "Inner" } else { kind });
            return true;
        }
    }
    false
}

/// `Finalize GroupAggregate`.
fn read_aggregate(name: &str, node: &mut PlanNode) -> bool {
    let (mode, kind) = match name.split_once(' ') {
        Some(("Partial", kind)) => ("Partial", kind),
        Some(("Finalize", kind)) => ("Finalize", kind),
        _ => ("Simple", name),
    };
    let strategy = match kind {
        "Aggregate" => "Plain",
        "GroupAggregate" => "Sorted",
        "HashAggregate" => "Hashed",
        "MixedAggregate" => "Mixed",
        _ => return false,
    };
    node.node_type = "Aggregate".to_owned();
    set_text(node, "Strategy", strategy);
    set_text(node, "Partial Mode", mode);
    true
}

/// `HashSetOp Except All`.
fn read_set_operation(name: &str, node: &mut PlanNode) -> bool {
    let (strategy, command) = if let Some(command) = name.strip_prefix("HashSetOp") {
        ("Hashed", command)
    } else if let Some(command) = name.strip_prefix("SetOp") {
        ("Sorted", command)
    } else {
        return false;
    };
    node.node_type = "SetOp".to_owned();
    set_text(node, "Strategy", strategy);
    set_text(node, "Command", command.trim());
    true
}

/// `Index Scan Backward using i on s.t x`, `CTE Scan on x`, `Custom Scan (Citus Adaptive)`.
fn read_scan(name: &str, node: &mut PlanNode) -> bool {
    let (lead, target) = match find_outside_quotes(name, " on ") {
        Some(at) => (name.get(..at).unwrap_or(name), name.get(at + 4..)),
        None => (name, None),
    };
    let (lead, index) = match find_outside_quotes(lead, " using ") {
        Some(at) => (lead.get(..at).unwrap_or(lead), lead.get(at + 7..)),
        None => (lead, None),
    };
    let (lead, provider) = match lead.split_once('(') {
        Some((lead, rest)) if lead.starts_with("Custom Scan") => {
            (lead.trim_end(), Some(rest.trim_end_matches(')')))
        }
        _ => (lead, None),
    };
    let (lead, backward) = match lead.strip_suffix(" Backward") {
        Some(lead) => (lead, true),
        None => (lead, false),
    };
    // Before PostgreSQL 8.4 a subquery's alias stood behind it without "on".
    let (lead, target) = match lead.strip_prefix("Subquery Scan ") {
        Some(alias) if target.is_none() => ("Subquery Scan", Some(alias)),
        _ => (lead, target),
    };
    if !lead.ends_with(" Scan") {
        return false;
    }
    node.node_type = lead.to_owned();
    if matches!(lead, "Index Scan" | "Index Only Scan") {
        set_text(node, "Scan Direction", if backward { "Backward" } else { "Forward" });
    }
    if let Some(provider) = provider {
        set_text(node, "Custom Plan Provider", provider);
    }
    if let Some(index) = index {
        node.index_name = Some(unquote(index.trim()));
    }
    let Some(target) = target else { return true };
    match lead {
        "Bitmap Index Scan" => node.index_name = Some(unquote(target.trim())),
        "Values Scan" | "Subquery Scan" => node.alias = Some(unquote(target.trim())),
        "CTE Scan" | "WorkTable Scan" => read_named(target, "CTE Name", node),
        "Function Scan" => read_named(target, "Function Name", node),
        "Table Function Scan" => read_named(target, "Table Function Name", node),
        "Named Tuplestore Scan" => read_named(target, "Tuplestore Name", node),
        _ => read_relation(target, node),
    }
    true
}

/// `schema.table alias`; the alias is the table's name where none is printed.
pub fn read_relation(target: &str, node: &mut PlanNode) {
    let (schema, name, alias) = split_target(target);
    node.schema = schema;
    node.alias = alias.or_else(|| Some(name.clone()));
    node.relation_name = Some(name);
}

fn read_named(target: &str, property: &str, node: &mut PlanNode) {
    let (schema, name, alias) = split_target(target);
    node.schema = schema;
    node.alias = alias.or_else(|| Some(name.clone()));
    set_text(node, property, &name);
}

fn split_target(target: &str) -> (Option<String>, String, Option<String>) {
    let target = target.trim();
    let (name, alias) = match find_outside_quotes(target, " ") {
        Some(at) => target.split_at_checked(at).unwrap_or((target, "")),
        None => (target, ""),
    };
    let alias = Some(alias.trim()).filter(|alias| !alias.is_empty()).map(unquote);
    match find_outside_quotes(name, ".") {
        Some(dot) => {
            let schema = name.get(..dot).unwrap_or("");
            (Some(unquote(schema)), unquote(name.get(dot + 1..).unwrap_or("")), alias)
        }
        None => (None, unquote(name), alias),
    }
}

/// A name without its quotes.
fn unquote(name: &str) -> String {
    match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}

fn find_outside_quotes(text: &str, needle: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        if c == '"' {
            quoted = !quoted;
        }
        (!quoted && text.get(at..).is_some_and(|rest| rest.starts_with(needle))).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The properties of a node line, as JSON would print them.
    fn properties(line: &str) -> String {
        let node = serde_json::to_value(read_node(line)).unwrap();
        let node = node.as_object().unwrap();
        node.values()
            .map(|v| v.as_str().map_or(v.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn splits_a_node_line_as_json_does() {
        for (line, want) in [
            ("Seq Scan on t", "Seq Scan|t|t"),
            (
                "Index Scan Backward using \"my idx\" on s.\"T on u\" x",
                "Index Scan|T on u|s|x|my idx|Backward",
            ),
            ("Parallel Bitmap Heap Scan on t", "Bitmap Heap Scan|t|t|true"),
            ("Bitmap Index Scan on i", "Bitmap Index Scan|i"),
            ("Hash Right Anti Join", "Hash Join|Right Anti"),
            ("Nested Loop", "Nested Loop|Inner"),
            ("Merge Append", "Merge Append"),
            ("Merge on t", "ModifyTable|t|t|Merge"),
            ("Finalize GroupAggregate", "Aggregate|Sorted|Finalize"),
            ("HashSetOp Except All", "SetOp|Hashed|Except All"),
            ("Custom Scan (Citus Adaptive)", "Custom Scan|Citus Adaptive"),
            ("Function Scan on pg_catalog.f x", "Function Scan|pg_catalog|x|f"),
            ("Values Scan on \"*VALUES*\"", "Values Scan|*VALUES*"),
            ("Foreign Delete on f", "Foreign Scan|f|f|Delete"),
        ] {
            assert_eq!(properties(line), want, "{line}");
        }
    }

    #[test]
    fn reads_the_numbers() {
        let node = read_node(
            "Limit  (cost=0.28..0.31 rows=1 width=4) (actual time=1..2.5 rows=1.50 loops=3)",
        );
        assert_eq!((node.total_cost, node.plan_width), (Some(0.31), Some(4.0)));
        assert_eq!(
            (node.actual_total_ms, node.actual_rows, node.actual_loops),
            (Some(2.5), Some(1.5), Some(3.0))
        );
        let never = read_node("Limit  (cost=0.28..0.31 rows=1 width=4) (never executed)");
        assert_eq!((never.actual_rows, never.actual_loops), (Some(0.0), Some(0.0)));
    }
}
