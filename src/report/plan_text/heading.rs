//! The name of a node as the text format has it: `Parallel Index Only Scan Backward using i on t x`
//! is made of a node type, four properties, an index, a table and an alias.

use crate::read::plan_node::PlanNode;

/// Properties that the heading says.
pub(super) const SAID: [&str; 15] = [
    "Strategy",
    "Partial Mode",
    "Operation",
    "Command",
    "Subplan Name",
    "Custom Plan Provider",
    "Parallel Aware",
    "Async Capable",
    "Scan Direction",
    "Join Type",
    "Function Name",
    "Table Function Name",
    "CTE Name",
    "Tuplestore Name",
    "Hypothetical",
];

/// The heading of a node, without its figures.
pub fn heading(node: &PlanNode) -> String {
    let mut out = String::new();
    for (property, word) in [("Parallel Aware", "Parallel "), ("Async Capable", "Async ")] {
        if node.more.get(property) == Some(&true.into()) {
            out.push_str(word);
        }
    }
    out.push_str(&kind(node));
    if node.text("Scan Direction") == Some("Backward") {
        out.push_str(" Backward");
    }
    if let Some(index) = &node.index_name {
        let word = if node.node_type == "Bitmap Index Scan" { "on" } else { "using" };
        out.push_str(&format!(" {word} {}", quoted(index)));
    }
    out.push_str(&target(node));
    out
}

/// The node type with what the text format draws into it.
fn kind(node: &PlanNode) -> String {
    let strategy = node.text("Strategy");
    match node.node_type.as_str() {
        "Aggregate" => {
            let name = match strategy {
                Some("Sorted") => "GroupAggregate",
                Some("Hashed") => "HashAggregate",
                Some("Mixed") => "MixedAggregate",
                _ => "Aggregate",
            };
            match node.text("Partial Mode") {
                Some(mode @ ("Partial" | "Finalize")) => format!("{mode} {name}"),
                _ => name.to_owned(),
            }
        }
        "SetOp" => {
            let name = if strategy == Some("Hashed") { "HashSetOp" } else { "SetOp" };
            format!("{name} {}", node.text("Command").unwrap_or("")).trim_end().to_owned()
        }
        "ModifyTable" => node.text("Operation").unwrap_or("ModifyTable").to_owned(),
        "Foreign Scan" => match node.text("Operation") {
            Some(operation @ ("Insert" | "Update" | "Delete")) => format!("Foreign {operation}"),
            _ => "Foreign Scan".to_owned(),
        },
        "Custom Scan" => match node.text("Custom Plan Provider") {
            Some(provider) => format!("Custom Scan ({provider})"),
            None => "Custom Scan".to_owned(),
        },
        name => joined(name, node.text("Join Type")),
    }
}

/// A `Hash Join` of kind Left is a `Hash Left Join`, a `Nested Loop` a `Nested Loop Left Join`.
fn joined(name: &str, kind: Option<&str>) -> String {
    match (kind, name.strip_suffix(" Join")) {
        (None | Some("Inner"), _) => name.to_owned(),
        (Some(kind), Some(method)) => format!("{method} {kind} Join"),
        (Some(kind), None) => format!("{name} {kind} Join"),
    }
}

/// ` on schema.table alias`, the alias where it is another name.
fn target(node: &PlanNode) -> String {
    let named = ["Function Name", "Table Function Name", "CTE Name", "Tuplestore Name"];
    let name = node.relation_name.as_deref();
    let name = name.or_else(|| named.iter().find_map(|property| node.text(property)));
    let alias = node.alias.as_deref().filter(|alias| Some(*alias) != name);
    let mut parts = Vec::new();
    if let Some(name) = name {
        parts.push(match node.schema.as_deref() {
            Some(schema) => format!("{}.{}", quoted(schema), quoted(name)),
            None => quoted(name),
        });
    }
    parts.extend(alias.map(quoted));
    if parts.is_empty() { String::new() } else { format!(" on {}", parts.join(" ")) }
}

/// A table in a list of properties: `t_1 t`.
pub(super) fn target_of(properties: &serde_json::Value) -> String {
    let text = |name: &str| properties.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    target(&PlanNode {
        relation_name: text("Relation Name"),
        schema: text("Schema"),
        alias: text("Alias"),
        ..PlanNode::default()
    })
}

/// A name as `quote_identifier` of PostgreSQL prints it: in quotes unless it is lower case and no
/// keyword of a kind that the grammar needs.
fn quoted(name: &str) -> String {
    let start = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if start && name.chars().all(plain) && !is_keyword(name) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Keywords of PostgreSQL 15 that are not UNRESERVED.
fn is_keyword(name: &str) -> bool {
    const WORDS: &str = " all analyse analyze and any array as asc asymmetric authorization between \
        bigint binary bit boolean both case cast char character check coalesce collate collation \
        column concurrently constraint create cross current_catalog current_date current_role \
        current_schema current_time current_timestamp current_user dec decimal default deferrable \
        desc distinct do else end except exists extract false fetch float for foreign freeze from \
        full grant greatest group grouping having ilike in initially inner inout int integer \
        intersect interval into is isnull join lateral leading least left like limit localtime \
        localtimestamp national natural nchar none normalize not notnull null nullif numeric offset \
        on only or order out outer overlaps overlay placing position precision primary real \
        references returning right row select session_user setof similar smallint some substring \
        symmetric table tablesample then time timestamp to trailing treat trim true union unique \
        user using values varchar variadic verbose when where window with xmlattributes xmlconcat \
        xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable ";
    WORDS.contains(&format!(" {name} "))
}
