//! `sort-spill`: a pasted plan sorted or hashed on disk.
//!
//! What: `Sort Method: external merge  Disk: ...`, a hash join or aggregate in more than one batch.
//! Why it is bad: `work_mem` did not hold the data, so it was written to temporary files and read
//! back, at every run of the query. What to do: for a sort, an index that delivers the order makes it
//! unnecessary; else `work_mem` for this query, with the figure it needs. Raising `work_mem` for the
//! whole server multiplies by connections and by sorts a query, so it is advised per role or query.

use crate::advise::pasted::{Merged, Place, places};
use crate::advise::{Confidence, Context, Finding, Importance};
use crate::read::plan_node::PlanNode;

/// Rows are larger in memory than in a temporary file: on PostgreSQL 15, 2.3 times for rows of 40
/// bytes, 3.6 times for rows of 12.
const MEMORY_PER_DISK: f64 = 4.0;
/// `hash_mem_multiplier` since PostgreSQL 15.
const HASH_MEMORY: f64 = 2.0;
/// Disk space from which on it matters much: 100 MB.
const HIGH_KB: f64 = 102_400.0;

/// One finding for each kind of spill, table and query.
pub fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Merged::default();
    for place in places(context.plans) {
        let Some(spill) = Spill::of(place.node) else { continue };
        let scan = source(place.node);
        let table = scan.and_then(|scan| scan.relation_name.clone()).unwrap_or_default();
        let queries = place.queries(context);
        let finding = finding(context, &place, &spill, scan, &queries);
        let kind = vec![spill.what.to_owned(), table, queries.join(",")];
        found.add(kind, spill.need_kb, finding);
    }
    found.findings()
}

/// What went to disk, and how much memory would have kept it.
struct Spill {
    /// `sort`, `hash join`, `hash aggregate`.
    what: &'static str,
    evidence: String,
    /// kB of `work_mem` needed.
    need_kb: f64,
    /// kB written, where the plan says.
    disk_kb: Option<f64>,
}

impl Spill {
    fn of(node: &PlanNode) -> Option<Spill> {
        match node.node_type.as_str() {
            "Sort" => sort(node),
            "Incremental Sort" => incremental_sort(node),
            "Hash" => hash(node),
            "Aggregate" => aggregate(node),
            _ => None,
        }
    }
}

/// A sort; workers of a parallel query have a `work_mem` each, so the largest counts.
fn sort(node: &PlanNode) -> Option<Spill> {
    let own = |space: Option<&str>, used: Option<f64>| used.filter(|_| space == Some("Disk"));
    let workers = node.more.get("Workers").and_then(serde_json::Value::as_array);
    let of_workers = workers.into_iter().flatten().filter_map(|worker| {
        let space = worker.get("Sort Space Type").and_then(serde_json::Value::as_str);
        own(space, worker.get("Sort Space Used").and_then(serde_json::Value::as_f64))
    });
    let disk_kb = own(node.text("Sort Space Type"), node.number("Sort Space Used"))
        .into_iter()
        .chain(of_workers)
        .fold(None, |most: Option<f64>, kb| Some(most.map_or(kb, |most| most.max(kb))))?;
    let method = node.text("Sort Method").unwrap_or("external merge");
    let evidence = format!("Sort Method: {method}, {} on disk", size(disk_kb));
    Some(Spill {
        what: "sort",
        evidence,
        need_kb: disk_kb * MEMORY_PER_DISK,
        disk_kb: Some(disk_kb),
    })
}

fn incremental_sort(node: &PlanNode) -> Option<Spill> {
    let groups = ["Full-sort Groups", "Pre-sorted Groups"].iter().filter_map(|name| {
        let space = node.more.get(*name)?.get("Sort Space Disk")?;
        space.get("Peak Sort Space Used")?.as_f64()
    });
    let disk_kb = groups.fold(0.0, f64::max);
    let evidence = format!("a group of the incremental sort took {} on disk", size(disk_kb));
    let need_kb = disk_kb * MEMORY_PER_DISK;
    (disk_kb > 0.0).then_some(Spill { what: "sort", evidence, need_kb, disk_kb: Some(disk_kb) })
}

fn hash(node: &PlanNode) -> Option<Spill> {
    let batches = node.number("Hash Batches").filter(|batches| *batches > 1.0)?;
    let peak_kb = node.number("Peak Memory Usage").unwrap_or(0.0);
    let original = node.number("Original Hash Batches").unwrap_or(batches);
    let grew = if original < batches {
        format!(" (planned {original}: more rows came than were estimated)")
    } else {
        String::new()
    };
    let evidence =
        format!("the hash table took {batches} batches{grew} of up to {}", size(peak_kb));
    let need_kb = peak_kb * batches / HASH_MEMORY;
    Some(Spill { what: "hash join", evidence, need_kb, disk_kb: None })
}

fn aggregate(node: &PlanNode) -> Option<Spill> {
    let batches = node.number("HashAgg Batches").filter(|batches| *batches > 1.0)?;
    let disk_kb = node.number("Disk Usage").filter(|kb| *kb > 0.0);
    let peak_kb = node.number("Peak Memory Usage").unwrap_or(0.0);
    let on_disk = disk_kb.map_or(String::new(), |kb| format!(", {} on disk", size(kb)));
    let evidence = format!("the hash aggregate took {batches} batches{on_disk}");
    let need_kb = (peak_kb + disk_kb.unwrap_or(0.0) * MEMORY_PER_DISK) / HASH_MEMORY;
    Some(Spill { what: "hash aggregate", evidence, need_kb, disk_kb })
}

/// The scan whose rows reach the node unchanged: one input all the way down.
fn source(node: &PlanNode) -> Option<&PlanNode> {
    let mut at = node.plans.first()?;
    loop {
        if at.relation_name.is_some() {
            return Some(at);
        }
        match at.plans.as_slice() {
            [only] => at = only,
            _ => return None,
        }
    }
}

fn finding(
    context: &Context<'_>,
    place: &Place<'_>,
    spill: &Spill,
    scan: Option<&PlanNode>,
    queries: &[String],
) -> Finding {
    let table = scan.and_then(|scan| scan.relation_name.clone());
    let of_table = table.as_ref().map_or(String::new(), |table| format!(" of {table}"));
    let mut reasons = vec![spill.evidence.clone()];
    if let Some(keys) = sort_keys(place.node) {
        reasons.push(format!("it sorts by {}", keys.join(", ")));
    }
    let mut advice = Vec::new();
    if spill.what == "sort" {
        advice.extend(index_for_order(place, scan));
    }
    advice.push(work_mem(context, place, spill.need_kb));
    Finding {
        code: "sort-spill".to_owned(),
        severity: match spill.disk_kb.unwrap_or(spill.need_kb) >= HIGH_KB {
            true => Importance::High,
            false => Importance::Medium,
        },
        title: format!("A {}{of_table} did not fit into work_mem and went to disk", spill.what),
        table,
        queries: queries.to_vec(),
        confidence: Confidence::High,
        reasons,
        advice,
        places: place.plan.source.iter().cloned().collect(),
        ..Finding::default()
    }
}

fn sort_keys(node: &PlanNode) -> Option<Vec<String>> {
    let keys = node.more.get("Sort Key")?.as_array()?;
    Some(keys.iter().filter_map(|key| key.as_str().map(str::to_owned)).collect())
}

/// An index delivers the order only when the rows come from one table and every key is a column of it.
fn index_for_order(place: &Place<'_>, scan: Option<&PlanNode>) -> Option<String> {
    let scan = scan?;
    let table = scan.relation_name.as_deref()?;
    let names = [scan.alias.as_deref(), Some(table)];
    let column = |key: &String| {
        let (name, direction) = key.split_once(' ').unwrap_or((key, ""));
        let name = match name.split_once('.') {
            Some((relation, name)) => names.contains(&Some(relation)).then_some(name)?,
            None => name,
        };
        let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '"'));
        plain.then(|| format!("{name} {direction}").trim_end().to_owned())
    };
    let keys: Option<Vec<String>> = sort_keys(place.node)?.iter().map(column).collect();
    let keys = keys?.join(", ");
    Some(format!(
        "an index on {table} ({keys}), behind the columns that the query compares with =, delivers \
         the rows in this order: no sort at all, and a LIMIT can stop early"
    ))
}

fn work_mem(context: &Context<'_>, place: &Place<'_>, need_kb: f64) -> String {
    let mb = (need_kb / 1024.0).ceil().max(1.0);
    // The next power of two, as people set it.
    let mut figure = 1.0;
    while figure < mb {
        figure *= 2.0;
    }
    let set = place.plan.settings.iter().find(|(name, _)| name == "work_mem");
    let now = match set {
        Some((_, value)) => format!(" (it ran with {value})"),
        None if context.catalog.settings.pasted => {
            format!(" (the server has {})", size(context.catalog.settings.work_mem_kb))
        }
        None => String::new(),
    };
    format!(
        "SET LOCAL work_mem = '{figure:.0}MB' in the transaction of this query, or for its role, keeps \
         it in memory{now}; not for the whole server: every sort and hash of every connection may \
         take as much"
    )
}

/// kB as people read it.
fn size(kb: f64) -> String {
    if kb >= 10_240.0 { format!("{:.0} MB", kb / 1024.0) } else { format!("{kb:.0} kB") }
}
