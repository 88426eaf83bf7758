//! The lines below a node. A plan in JSON has one property for each figure, the text format one line
//! for what belongs together; most lines stand in the same order below every kind of node, so that
//! one list of them does for all.
//!
//! Zeros and `false` say nothing and are not printed but where the server prints them; what is not
//! known here (a foreign data wrapper's words, another database's) is printed as it is.

use serde_json::{Map, Value};

use super::heading::{SAID, target_of};
use super::{measured, usage};
use crate::read::plan_node::PlanNode;

/// Makes the lines of one kind.
type Lines = fn(&PlanNode) -> Vec<String>;

/// A property that is printed by its own name, or several that are printed together.
enum Slot {
    One(&'static str),
    Some(&'static [&'static str], Lines),
}

/// In the order of `ExplainNode`.
const SLOTS: &[Slot] = &[
    Slot::One("Output"),
    Slot::Some(&["Inner Unique"], |_| Vec::new()),
    Slot::Some(&["Sampling Method", "Sampling Parameters", "Repeatable Seed"], usage::sampling),
    Slot::One("Function Call"),
    Slot::One("Table Function Call"),
    Slot::One("TID Cond"),
    Slot::One("Sort Key"),
    Slot::One("Presorted Key"),
    Slot::One("Group Key"),
    Slot::Some(&["Grouping Sets"], grouping_sets),
    Slot::One("One-Time Filter"),
    Slot::One("Index Cond"),
    Slot::One("Recheck Cond"),
    Slot::One("Rows Removed by Index Recheck"),
    Slot::One("Order By"),
    Slot::One("Hash Cond"),
    Slot::One("Merge Cond"),
    Slot::One("Join Filter"),
    Slot::One("Rows Removed by Join Filter"),
    Slot::One("Filter"),
    Slot::Some(&["Planned Partitions", "HashAgg Batches", "Disk Usage"], usage::hash_aggregate),
    Slot::One("Rows Removed by Filter"),
    Slot::One("Run Condition"),
    Slot::Some(&["Heap Fetches"], |node| counted(node, "Heap Fetches")),
    Slot::Some(&["Exact Heap Blocks", "Lossy Heap Blocks"], usage::heap_blocks),
    Slot::One("Workers Planned"),
    Slot::One("Params Evaluated"),
    Slot::Some(&["Workers Launched"], |node| counted(node, "Workers Launched")),
    Slot::One("Single Copy"),
    Slot::Some(&["Sort Method", "Sort Space Used", "Sort Space Type"], usage::sort),
    Slot::Some(&["Full-sort Groups", "Pre-sorted Groups"], usage::incremental_sort),
    Slot::Some(&["Cache Key"], |node| counted(node, "Cache Key")),
    Slot::One("Cache Mode"),
    Slot::Some(usage::HASH, usage::hash),
    Slot::Some(usage::CACHE, usage::cache),
    Slot::Some(&["Target Tables"], targets),
    Slot::One("Conflict Resolution"),
    Slot::One("Conflict Arbiter Indexes"),
    Slot::One("Conflict Filter"),
    Slot::One("Rows Removed by Conflict Filter"),
    Slot::Some(usage::TUPLES, usage::tuples),
];

/// Behind everything else.
const LAST: &[Slot] = &[
    Slot::Some(usage::BUFFERS, usage::buffers),
    Slot::Some(usage::TIMINGS, usage::timings),
    Slot::Some(usage::WAL, usage::wal),
    Slot::Some(&["Workers"], workers),
    Slot::One("Subplans Removed"),
];

/// The lines below a node, without the indentation that they share.
pub(super) fn lines(node: &PlanNode) -> Vec<String> {
    let mut out: Vec<String> = SLOTS.iter().flat_map(|slot| slot.lines(node)).collect();
    out.extend(unknown(node));
    out.extend(LAST.iter().flat_map(|slot| slot.lines(node)));
    out
}

impl Slot {
    fn lines(&self, node: &PlanNode) -> Vec<String> {
        match self {
            Slot::One(name) => {
                node.more.get(*name).and_then(|v| line(name, v)).into_iter().collect()
            }
            Slot::Some(_, lines) => lines(node),
        }
    }

    fn knows(&self, property: &str) -> bool {
        match self {
            Slot::One(name) => *name == property,
            Slot::Some(names, _) => names.contains(&property),
        }
    }
}

/// `Name: value`, unless the value says nothing.
fn line(name: &str, value: &Value) -> Option<String> {
    let says_nothing = match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    (!says_nothing).then(|| format!("{name}: {}", text_of(value)))
}

/// `Name: value`, zero or not.
fn counted(node: &PlanNode, name: &str) -> Vec<String> {
    let value = node.more.get(name);
    value.map(|value| format!("{name}: {}", text_of(value))).into_iter().collect()
}

/// What no slot knows.
fn unknown(node: &PlanNode) -> Vec<String> {
    let known = |name: &str| {
        let slots = || SLOTS.iter().chain(LAST);
        SAID.contains(&name) || slots().any(|slot| slot.knows(name))
    };
    let rest = node.more.iter().filter(|(name, value)| !known(name) && !value.is_object());
    rest.filter_map(|(name, value)| line(name, value)).collect()
}

pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 => format!("{whole:.0}"),
            _ => number.to_string(),
        },
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// `Update on t_1 t`: the tables that are written, where they are not the one named.
fn targets(node: &PlanNode) -> Vec<String> {
    let Some(Value::Array(targets)) = node.more.get("Target Tables") else { return Vec::new() };
    let operation = node.text("Operation").unwrap_or("Write");
    targets.iter().map(|target| format!("{operation}{}", target_of(target))).collect()
}

/// One `Group Key` or `Hash Key` for each set, below the sort that it needs.
fn grouping_sets(node: &PlanNode) -> Vec<String> {
    let Some(Value::Array(phases)) = node.more.get("Grouping Sets") else { return Vec::new() };
    let mut out = Vec::new();
    for phase in phases {
        let sort = phase.get("Sort Key");
        out.extend(sort.and_then(|keys| line("Sort Key", keys)));
        let deeper = if sort.is_some() { "  " } else { "" };
        for (property, name) in [("Hash Keys", "Hash Key"), ("Group Keys", "Group Key")] {
            let Some(Value::Array(sets)) = phase.get(property) else { continue };
            out.extend(sets.iter().map(|keys| match keys {
                Value::Array(keys) if keys.is_empty() => format!("{deeper}{name}: ()"),
                keys => format!("{deeper}{name}: {}", text_of(keys)),
            }));
        }
    }
    out
}

/// `Worker 0:  ` and the lines of this worker, those behind the first one step deeper.
fn workers(node: &PlanNode) -> Vec<String> {
    let Some(Value::Array(workers)) = node.more.get("Workers") else { return Vec::new() };
    workers.iter().filter_map(Value::as_object).flat_map(|of| worker(node, of)).collect()
}

fn worker(node: &PlanNode, properties: &Map<String, Value>) -> Vec<String> {
    let Some(number) = properties.get("Worker Number") else { return Vec::new() };
    let mut properties = properties.clone();
    properties.insert("Node Type".to_owned(), Value::String(node.node_type.clone()));
    let Ok(mut part) = serde_json::from_value::<PlanNode>(Value::Object(properties)) else {
        return Vec::new();
    };
    part.more.shift_remove("Worker Number");
    part.more.shift_remove("Workers");
    let said = measured(&part).into_iter().chain(lines(&part));
    let numbered = said.enumerate().map(|(at, line)| match at {
        0 => format!("Worker {}:  {line}", text_of(number)),
        _ => format!("  {line}"),
    });
    numbered.collect()
}
