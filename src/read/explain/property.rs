//! The lines below a node of EXPLAIN's text format, as the properties that EXPLAIN (FORMAT JSON)
//! prints for them: `Sort Method: quicksort  Memory: 26kB` is three properties there.

use serde_json::{Map, Value};

use super::node::{read_numbers, set};
use crate::read::plan_node::PlanNode;
use crate::text::json;

/// Adds what `name: value` says.
pub fn add_property(node: &mut PlanNode, name: &str, value: &str) {
    match name {
        "Sort Key" if node.node_type == "Aggregate" => add_grouping_phase(node, value),
        "Sort Key"
        | "Presorted Key"
        | "Output"
        | "Conflict Arbiter Indexes"
        | "Params Evaluated" => {
            set(node, name, list(value));
        }
        "Tuples" => add_tuples(node, value),
        "Group Key" | "Hash Key" => add_grouping(node, name, value),
        "Sort Method" => add_sort(node, value),
        "Buffers" => add_buffers(node, value),
        "I/O Timings" => add_io_timings(node, value),
        "WAL" => add_wal(node, value),
        "Heap Blocks" => add_heap_blocks(node, value),
        "Sampling" => add_sampling(node, value),
        "Full-sort Groups" | "Pre-sorted Groups" => add_sort_groups(node, name, value),
        "Buckets" | "Batches" | "Planned Partitions" | "Hits" | "Storage" | "Memory Usage" => {
            add_memory(node, name, value);
        }
        _ => set(node, name, scalar(name, value)),
    }
}

/// A value as JSON prints it for this property: conditions stay text, counts are numbers.
pub fn scalar(name: &str, value: &str) -> Value {
    let counted = name.starts_with("Rows Removed");
    let is_text = ["Filter", "Cond", "Key", "Call", "Order By", "SQL", "Name", "Alias", "Output"];
    if !counted && is_text.iter().any(|mark| name.contains(mark)) {
        return Value::String(value.to_owned());
    }
    match value {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    let figure = value.strip_suffix("kB").unwrap_or(value);
    json::number(figure).unwrap_or_else(|| Value::String(value.to_owned()))
}

/// Splits at commas outside of brackets and quotes.
pub fn list(value: &str) -> Value {
    let (mut depth, mut quote, mut from) = (0_usize, None, 0);
    let mut items = Vec::new();
    for (at, c) in value.char_indices() {
        match (quote, c) {
            (Some(open), c) => quote = (open != c).then_some(open),
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                items.push(value.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            _ => {}
        }
    }
    items.push(value.get(from..).unwrap_or(""));
    let texts = items.into_iter().map(|item| Value::String(item.trim().to_owned()));
    Value::Array(texts.collect())
}

/// The first `Group Key` is a list; with several, or with hash keys, they are grouping sets.
fn add_grouping(node: &mut PlanNode, name: &str, value: &str) {
    let keys = if value == "()" { Value::Array(Vec::new()) } else { list(value) };
    let plural = if name == "Hash Key" { "Hash Keys" } else { "Group Keys" };
    let set_of = |keys: Value| {
        let mut one = Map::new();
        one.insert(plural.to_owned(), Value::Array(vec![keys]));
        Value::Object(one)
    };
    if let Some(Value::Array(sets)) = node.more.get_mut("Grouping Sets") {
        let open = sets.last_mut().and_then(|last| last.get_mut("Group Keys"));
        match open.and_then(Value::as_array_mut) {
            Some(open) if name == "Group Key" => open.push(keys),
            _ => sets.push(set_of(keys)),
        }
    } else if name == "Hash Key" {
        set(node, "Grouping Sets", Value::Array(vec![set_of(keys)]));
    } else if let Some(first) = node.more.shift_remove("Group Key") {
        let mut one = set_of(first);
        if let Some(open) = one.get_mut(plural).and_then(Value::as_array_mut) {
            open.push(keys);
        }
        set(node, "Grouping Sets", Value::Array(vec![one]));
    } else if value == "()" {
        set(node, "Grouping Sets", Value::Array(vec![set_of(keys)]));
    } else {
        set(node, "Group Key", keys);
    }
}

/// A sort inside of an aggregate: the sets behind it are grouped in this order.
fn add_grouping_phase(node: &mut PlanNode, value: &str) {
    let mut phase = Map::new();
    phase.insert("Sort Key".to_owned(), list(value));
    phase.insert("Group Keys".to_owned(), Value::Array(Vec::new()));
    if let Some(first) = node.more.shift_remove("Group Key") {
        let mut one = Map::new();
        one.insert("Group Keys".to_owned(), Value::Array(vec![first]));
        set(node, "Grouping Sets", Value::Array(vec![Value::Object(one)]));
    }
    let sets = node.more.entry("Grouping Sets").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(sets) = sets.as_array_mut() {
        sets.push(Value::Object(phase));
    }
}

/// What MERGE did: `inserted=1 updated=3`; JSON prints all four.
fn add_tuples(node: &mut PlanNode, value: &str) {
    for (name, number) in pairs(value) {
        let property = match name {
            "inserted" => "Tuples Inserted",
            "updated" => "Tuples Updated",
            "deleted" => "Tuples Deleted",
            "skipped" => "Tuples Skipped",
            _ => continue,
        };
        set(node, property, number);
    }
}

/// `Name: value  Name: value`: fields are two spaces apart.
fn fields<'a>(first: &'a str, line: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    for (n, part) in line.split("  ").filter(|part| !part.trim().is_empty()).enumerate() {
        let part = part.trim();
        match part.split_once(':') {
            Some((name, value)) if n > 0 => found.push((name.trim(), value.trim())),
            _ => found.push((first, part)),
        }
    }
    found
}

/// The leading number of `1024 (originally 4096)`, `26kB`.
fn leading_number(value: &str) -> Option<Value> {
    let len = value.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(value.len());
    json::number(value.get(..len)?)
}

/// `quicksort  Memory: 26kB`, `external merge  Disk: 3384kB`.
fn add_sort(node: &mut PlanNode, value: &str) {
    for (name, value) in fields("Sort Method", value) {
        match (name, leading_number(value)) {
            ("Memory" | "Disk", Some(used)) => {
                set(node, "Sort Space Used", used);
                set(node, "Sort Space Type", Value::String(name.to_owned()));
            }
            _ => set(node, name, Value::String(value.to_owned())),
        }
    }
}

/// Hash tables: `Buckets: 1024  Batches: 1  Memory Usage: 9kB`, and those of aggregates and Memoize.
fn add_memory(node: &mut PlanNode, name: &str, value: &str) {
    for (name, value) in fields(name, value) {
        let number = leading_number(value);
        let property = match (name, node.node_type.as_str()) {
            ("Buckets", _) => "Hash Buckets",
            ("Batches", "Hash") => "Hash Batches",
            ("Batches", _) => "HashAgg Batches",
            ("Memory Usage", _) => "Peak Memory Usage",
            ("Hits", _) => "Cache Hits",
            ("Misses", _) => "Cache Misses",
            ("Evictions", _) => "Cache Evictions",
            ("Overflows", _) => "Cache Overflows",
            (other, _) => other,
        };
        let Some(number) = number else {
            set(node, property, Value::String(value.to_owned()));
            continue;
        };
        if matches!(property, "Hash Buckets" | "Hash Batches") {
            let before = value.split_once("(originally ").and_then(|(_, n)| leading_number(n));
            let original = format!("Original {property}");
            set(node, &original, before.unwrap_or_else(|| number.clone()));
        }
        set(node, property, number);
    }
}

/// `shared hit=9 read=5, temp read=1 written=1`: JSON prints all ten.
fn add_buffers(node: &mut PlanNode, value: &str) {
    for (kind, words) in kinds(value) {
        for (name, number) in words {
            let verb = match name {
                "hit" => "Hit",
                "read" => "Read",
                "dirtied" => "Dirtied",
                "written" => "Written",
                _ => continue,
            };
            let kind = match kind {
                "temp" => "Temp",
                "local" => "Local",
                _ => "Shared",
            };
            set(node, &format!("{kind} {verb} Blocks"), number);
        }
    }
}

/// `shared read=0.044, temp write=1.5`; before PostgreSQL 15 without a kind.
fn add_io_timings(node: &mut PlanNode, value: &str) {
    for (kind, words) in kinds(value) {
        for (name, number) in words {
            let verb = if name == "read" { "Read" } else { "Write" };
            let property = match kind {
                "shared" => format!("Shared I/O {verb} Time"),
                "local" => format!("Local I/O {verb} Time"),
                "temp" => format!("Temp I/O {verb} Time"),
                _ => format!("I/O {verb} Time"),
            };
            set(node, &property, number);
        }
    }
}

/// `kind name=1 name=2, kind name=3`, the kind being optional.
fn kinds(value: &str) -> Vec<(&str, Vec<(&str, Value)>)> {
    let parts = value.split(',').map(|part| {
        let part = part.trim();
        let kind = part.split(' ').next().filter(|word| !word.contains('=')).unwrap_or("");
        (kind, pairs(part))
    });
    parts.collect()
}

fn pairs(text: &str) -> Vec<(&str, Value)> {
    let words = text.split_whitespace().filter_map(|word| word.split_once('='));
    words.filter_map(|(name, value)| Some((name, leading_number(value)?))).collect()
}

fn add_wal(node: &mut PlanNode, value: &str) {
    for (name, number) in pairs(value) {
        let property = match name {
            "records" => "WAL Records",
            "fpi" => "WAL FPI",
            "bytes" => "WAL Bytes",
            _ => continue,
        };
        set(node, property, number);
    }
}

fn add_heap_blocks(node: &mut PlanNode, value: &str) {
    for (name, number) in pairs(value) {
        let kind = if name == "lossy" { "Lossy" } else { "Exact" };
        set(node, &format!("{kind} Heap Blocks"), number);
    }
}

/// `system ('50'::real) REPEATABLE ('0'::double precision)`
fn add_sampling(node: &mut PlanNode, value: &str) {
    let (sampling, seed) = match value.split_once(" REPEATABLE ") {
        Some((sampling, seed)) => (sampling, Some(seed)),
        None => (value, None),
    };
    let inside = |text: &str| {
        let text = text.trim();
        text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(text).to_owned()
    };
    let (method, parameters) = sampling.split_once(' ').unwrap_or((sampling, "()"));
    set(node, "Sampling Method", Value::String(method.to_owned()));
    set(node, "Sampling Parameters", list(&inside(parameters)));
    if let Some(seed) = seed {
        set(node, "Repeatable Seed", Value::String(inside(seed)));
    }
}

/// `Full-sort Groups: 2  Sort Method: quicksort  Average Memory: 28kB  Peak Memory: 28kB`
fn add_sort_groups(node: &mut PlanNode, name: &str, value: &str) {
    let mut group = Map::new();
    for (field, value) in fields("Group Count", value) {
        let number = leading_number(value).unwrap_or(Value::Null);
        match field.split_once(' ') {
            Some((kind @ ("Average" | "Peak"), space @ ("Memory" | "Disk"))) => {
                let entry = group
                    .entry(format!("Sort Space {space}"))
                    .or_insert_with(|| Value::Object(Map::new()));
                if let Some(space) = entry.as_object_mut() {
                    space.insert(format!("{kind} Sort Space Used"), number);
                }
            }
            Some(("Sort", _)) => {
                group.insert("Sort Methods Used".to_owned(), list(value));
            }
            _ => {
                group.insert(field.to_owned(), number);
            }
        }
    }
    set(node, name, Value::Object(group));
}

/// What `Worker 0:` says, as an entry of `Workers`.
pub fn add_worker(node: &mut PlanNode, worker: u64, what: &str) {
    let mut part = PlanNode::new(&node.node_type);
    let what = what.trim();
    if what.starts_with("actual ") || what.starts_with("(actual ") {
        read_numbers(what, &mut part);
    } else if let Some((name, value)) = what.split_once(':') {
        add_property(&mut part, name.trim(), value.trim());
    }
    let Ok(Value::Object(mut properties)) = serde_json::to_value(&part) else { return };
    properties.shift_remove("Node Type");
    let workers = node.more.entry("Workers").or_insert_with(|| Value::Array(Vec::new()));
    let Some(workers) = workers.as_array_mut() else { return };
    let number = Value::Number(worker.into());
    let same = |entry: &&mut Value| entry.get("Worker Number") == Some(&number);
    if let Some(entry) = workers.iter_mut().find(same).and_then(Value::as_object_mut) {
        entry.extend(properties);
        return;
    }
    let mut entry = Map::new();
    entry.insert("Worker Number".to_owned(), number);
    entry.extend(properties);
    workers.push(Value::Object(entry));
}
