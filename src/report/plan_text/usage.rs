//! Lines that hold several properties: memory, disk, buffers, what was counted while a plan ran.

use serde_json::Value;

use super::lines::text_of;
use crate::read::plan_node::PlanNode;

pub(super) const HASH: &[&str] = &[
    "Hash Buckets",
    "Original Hash Buckets",
    "Hash Batches",
    "Original Hash Batches",
    "Peak Memory Usage",
];

pub(super) const CACHE: &[&str] =
    &["Cache Hits", "Cache Misses", "Cache Evictions", "Cache Overflows"];

pub(super) const TUPLES: &[&str] = &[
    "Tuples Inserted",
    "Tuples Updated",
    "Tuples Deleted",
    "Tuples Skipped",
    "Conflicting Tuples",
];

pub(super) const BUFFERS: &[&str] = &[
    "Shared Hit Blocks",
    "Shared Read Blocks",
    "Shared Dirtied Blocks",
    "Shared Written Blocks",
    "Local Hit Blocks",
    "Local Read Blocks",
    "Local Dirtied Blocks",
    "Local Written Blocks",
    "Temp Read Blocks",
    "Temp Written Blocks",
];

pub(super) const TIMINGS: &[&str] = &[
    "I/O Read Time",
    "I/O Write Time",
    "Shared I/O Read Time",
    "Shared I/O Write Time",
    "Local I/O Read Time",
    "Local I/O Write Time",
    "Temp I/O Read Time",
    "Temp I/O Write Time",
];

pub(super) const WAL: &[&str] = &["WAL Records", "WAL FPI", "WAL Bytes"];

fn whole(node: &PlanNode, name: &str) -> Option<String> {
    node.number(name).map(|number| format!("{number:.0}"))
}

fn positive(node: &PlanNode, name: &str) -> Option<f64> {
    node.number(name).filter(|number| *number > 0.0)
}

/// `Memory Usage: 25kB`, or what the node has of it.
fn memory(node: &PlanNode) -> Option<String> {
    whole(node, "Peak Memory Usage").map(|kb| format!("Memory Usage: {kb}kB"))
}

fn joined(parts: Vec<Option<String>>) -> Vec<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { Vec::new() } else { vec![parts.join("  ")] }
}

/// `Planned Partitions: 4  Batches: 5  Memory Usage: 4145kB  Disk Usage: 5424kB`.
pub(super) fn hash_aggregate(node: &PlanNode) -> Vec<String> {
    let batches = node.number("HashAgg Batches");
    let partitions = positive(node, "Planned Partitions");
    let disk = whole(node, "Disk Usage").filter(|_| batches.is_some_and(|n| n > 1.0));
    joined(vec![
        partitions.map(|n| format!("Planned Partitions: {n:.0}")),
        batches.map(|n| format!("Batches: {n:.0}")),
        memory(node).filter(|_| batches.is_some()),
        disk.map(|kb| format!("Disk Usage: {kb}kB")),
    ])
}

/// `Buckets: 1024  Batches: 1  Memory Usage: 9kB`; what was planned is named where either changed.
pub(super) fn hash(node: &PlanNode) -> Vec<String> {
    let changed = ["Buckets", "Batches"].iter().any(|name| {
        let now = node.number(&format!("Hash {name}"));
        node.number(&format!("Original Hash {name}")).is_some_and(|first| Some(first) != now)
    });
    let part = |name: &str| {
        let now = whole(node, &format!("Hash {name}"))?;
        let first = whole(node, &format!("Original Hash {name}")).filter(|_| changed);
        let first = first.map(|first| format!(" (originally {first})")).unwrap_or_default();
        Some(format!("{name}: {now}{first}"))
    };
    let buckets = part("Buckets");
    let memory = memory(node).filter(|_| buckets.is_some());
    joined(vec![buckets, part("Batches"), memory])
}

/// `Hits: 100  Misses: 5  Evictions: 0  Overflows: 0  Memory Usage: 2kB`.
pub(super) fn cache(node: &PlanNode) -> Vec<String> {
    if positive(node, "Cache Misses").is_none() {
        return Vec::new();
    }
    let part = |name: &&str| {
        let short = name.trim_start_matches("Cache ");
        whole(node, name).map(|n| format!("{short}: {n}"))
    };
    joined(CACHE.iter().map(part).chain([memory(node)]).collect())
}

/// `Sort Method: quicksort  Memory: 25kB`.
pub(super) fn sort(node: &PlanNode) -> Vec<String> {
    let space = whole(node, "Sort Space Used");
    let kind = node.text("Sort Space Type").unwrap_or("Memory");
    joined(vec![
        node.text("Sort Method").map(|method| format!("Sort Method: {method}")),
        space.map(|kb| format!("{kind}: {kb}kB")),
    ])
}

/// `Full-sort Groups: 2  Sort Method: quicksort  Average Memory: 28kB  Peak Memory: 28kB`.
pub(super) fn incremental_sort(node: &PlanNode) -> Vec<String> {
    let group = |name: &&str| {
        let group = node.more.get(*name)?;
        let mut parts = vec![format!("{name}: {}", text_of(group.get("Group Count")?))];
        if let Some(Value::Array(methods)) = group.get("Sort Methods Used") {
            let plural = if methods.len() > 1 { "s" } else { "" };
            parts.push(format!("Sort Method{plural}: {}", text_of(&methods.clone().into())));
        }
        for kind in ["Memory", "Disk"] {
            let Some(space) = group.get(format!("Sort Space {kind}")) else { continue };
            for which in ["Average", "Peak"] {
                let used = space.get(format!("{which} Sort Space Used"))?;
                parts.push(format!("{which} {kind}: {}kB", text_of(used)));
            }
        }
        Some(parts.join("  "))
    };
    ["Full-sort Groups", "Pre-sorted Groups"].iter().filter_map(group).collect()
}

/// `Heap Blocks: exact=25 lossy=3`.
pub(super) fn heap_blocks(node: &PlanNode) -> Vec<String> {
    let part = |name: &str, word: &str| {
        positive(node, name).map(|n| format!(" {word}={n:.0}")).unwrap_or_default()
    };
    let blocks = part("Exact Heap Blocks", "exact") + &part("Lossy Heap Blocks", "lossy");
    if blocks.is_empty() { Vec::new() } else { vec![format!("Heap Blocks:{blocks}")] }
}

/// `Sampling: bernoulli ('10'::real) REPEATABLE ('7'::double precision)`.
pub(super) fn sampling(node: &PlanNode) -> Vec<String> {
    let Some(method) = node.text("Sampling Method") else { return Vec::new() };
    let parameters = node.more.get("Sampling Parameters").map(text_of).unwrap_or_default();
    let seed = node.text("Repeatable Seed").map(|seed| format!(" REPEATABLE ({seed})"));
    vec![format!("Sampling: {method} ({parameters}){}", seed.unwrap_or_default())]
}

/// Of MERGE in one line, of ON CONFLICT in two.
pub(super) fn tuples(node: &PlanNode) -> Vec<String> {
    if node.text("Operation") == Some("Merge") {
        let part = |name: &&str| {
            let word = name.trim_start_matches("Tuples ").to_lowercase();
            positive(node, name).map(|n| format!(" {word}={n:.0}"))
        };
        let parts: String = TUPLES.iter().filter_map(part).collect();
        return if parts.is_empty() { Vec::new() } else { vec![format!("Tuples:{parts}")] };
    }
    let part = |name: &&str| whole(node, name).map(|n| format!("{name}: {n}"));
    TUPLES.iter().filter_map(part).collect()
}

/// `Buffers: shared hit=9 read=5, temp read=1 written=1`.
pub(super) fn buffers(node: &PlanNode) -> Vec<String> {
    let of = |kind: &str| {
        let part = |verb: &str| {
            let blocks = positive(node, &format!("{kind} {verb} Blocks"))?;
            Some(format!(" {}={blocks:.0}", verb.to_lowercase()))
        };
        ["Hit", "Read", "Dirtied", "Written"].into_iter().filter_map(part).collect::<String>()
    };
    grouped("Buffers", [of("Shared"), of("Local"), of("Temp")])
}

/// `I/O Timings: shared read=0.044 write=1.500`; before PostgreSQL 17 what is not temporary is one.
pub(super) fn timings(node: &PlanNode) -> Vec<String> {
    let of = |kind: &str| {
        let part = |verb: &str| {
            let ms = positive(node, &format!("{kind}I/O {verb} Time"))?;
            Some(format!(" {}={ms:.3}", verb.to_lowercase()))
        };
        ["Read", "Write"].into_iter().filter_map(part).collect::<String>()
    };
    grouped("I/O Timings", [of("") + &of("Shared "), of("Local "), of("Temp ")])
}

/// `Name: shared ..., local ..., temp ...`, those that are not empty.
fn grouped(name: &str, parts: [String; 3]) -> Vec<String> {
    let kinds = ["shared", "local", "temp"].into_iter().zip(parts);
    let said: Vec<String> = kinds
        .filter(|(_, part)| !part.is_empty())
        .map(|(kind, part)| format!("{kind}{part}"))
        .collect();
    if said.is_empty() { Vec::new() } else { vec![format!("{name}: {}", said.join(", "))] }
}

/// `WAL: records=60 fpi=1 bytes=6000`.
pub(super) fn wal(node: &PlanNode) -> Vec<String> {
    let part = |name: &&str| {
        let word = name.trim_start_matches("WAL ").to_lowercase();
        positive(node, name).map(|n| format!(" {word}={n:.0}"))
    };
    let parts: String = WAL.iter().filter_map(part).collect();
    if parts.is_empty() { Vec::new() } else { vec![format!("WAL:{parts}")] }
}
