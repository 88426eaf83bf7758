//! `sequential-scan`: a pasted plan reads a table from end to end and throws most of it away.
//!
//! What: a sequential scan (MySQL: type ALL) whose filter keeps a small part of a table that is not
//! small. Why it is bad: the time grows with the table, not with the answer, and the scan pushes other
//! tables out of the cache. What to do: an index that begins with the columns the filter names; the
//! workload's `missing-index` finding, if there is one for this query, works out which. A scan that
//! keeps much of its table is right as it is, and is not reported.

use crate::advise::pasted::{Condition, Key, Kind, Merged, Place, count, places};
use crate::advise::{Confidence, Context, Finding, Importance};
use crate::catalog::{Index, Table};
use crate::sql::schema::KeyPart;

/// Rows read by all runs of the scan from which on it matters.
const READ_MIN: f64 = 5000.0;
/// Rows read by one run below which the table fits a few pages.
const ONE_RUN_MIN: f64 = 500.0;
/// Part of the rows kept up to which an index is likely to win.
const KEPT_MAX: f64 = 0.1;
/// Bytes of a page, and of a row beside its columns.
const PAGE_BYTES: f64 = 8192.0;
const ROW_OVERHEAD: f64 = 28.0;
/// Rows read from which on it matters much.
const READ_HIGH: f64 = 100_000.0;

/// One finding for each table, set of filter columns and query. `suggested` are the indexes that this
/// review suggests, by table.
pub fn find(context: &Context<'_>, suggested: &[(usize, Index)]) -> Vec<Finding> {
    let mut found = Merged::default();
    for place in places(context.plans) {
        let Some(scan) = Scan::of(&place, context) else { continue };
        let conditions = place.conditions("Filter", context.catalog.dialect);
        let queries = place.queries(context);
        let finding = finding(&place, &scan, &conditions, &queries);
        let finding =
            Finding { advice: advice(context, &place, &conditions, suggested), ..finding };
        let mut kind = vec![place.table_name(), queries.join(",")];
        kind.extend(conditions.iter().map(|part| part.key.text.clone()));
        found.add(kind, scan.read, finding);
    }
    found.findings()
}

/// What a scan read and kept, over all its runs.
struct Scan {
    read: f64,
    kept: f64,
    runs: f64,
    measured: bool,
}

impl Scan {
    /// None when the node is no wasteful scan.
    fn of(place: &Place<'_>, context: &Context<'_>) -> Option<Scan> {
        let node = place.node;
        let scan = match node.node_type.as_str() {
            "Seq Scan" => {
                node.text("Filter")?;
                measured(place).or_else(|| estimated(place, context))?
            }
            "Table scan" => table_scan(place)?,
            _ => return None,
        };
        let one_run = scan.read / scan.runs.max(1.0);
        let wasteful =
            scan.read >= READ_MIN && one_run >= ONE_RUN_MIN && scan.kept <= scan.read * KEPT_MAX;
        wasteful.then_some(scan)
    }
}

/// EXPLAIN ANALYZE of PostgreSQL: rows are means over the loops.
fn measured(place: &Place<'_>) -> Option<Scan> {
    let loops = place.loops();
    let rows = place.node.actual_rows.filter(|_| loops > 0.0)?;
    let removed = place.node.number("Rows Removed by Filter").unwrap_or(0.0);
    // The workers of a parallel scan read a part each: that is one run.
    let parallel = place.node.more.get("Parallel Aware").and_then(serde_json::Value::as_bool);
    let runs = if parallel == Some(true) { 1.0 } else { loops };
    Some(Scan { read: (rows + removed) * loops, kept: rows * loops, runs, measured: true })
}

/// Plain EXPLAIN: the size of the table is in the catalog, or follows from the cost: a page costs
/// `seq_page_cost`, a row `cpu_tuple_cost` and `cpu_operator_cost`. The width is that of the columns
/// asked for, so a wide table has fewer rows than this says; half of them is the safe side.
fn estimated(place: &Place<'_>, context: &Context<'_>) -> Option<Scan> {
    let node = place.node;
    let known = place.table(context).and_then(|table| table.statistics.reltuples);
    let from_cost = || {
        let settings = &context.catalog.settings;
        let row_bytes = node.plan_width.unwrap_or(0.0) + ROW_OVERHEAD;
        let row = settings.cpu_tuple_cost
            + settings.cpu_operator_cost
            + settings.seq_page_cost * row_bytes / PAGE_BYTES;
        Some(node.total_cost? / row / 2.0)
    };
    let read = known.filter(|rows| *rows > 0.0).or_else(from_cost)?;
    Some(Scan { read, kept: node.plan_rows?, runs: 1.0, measured: false })
}

/// MySQL and MariaDB: rows examined, and the percentage kept or the filter above.
fn table_scan(place: &Place<'_>) -> Option<Scan> {
    let node = place.node;
    let loops = place.loops();
    let measured = node.actual_rows.filter(|_| loops > 0.0);
    let one_run = measured.or(node.plan_rows)?;
    let runs = if measured.is_some() { loops } else { 1.0 };
    let filter = place.above.last().filter(|above| above.node_type == "Filter");
    let kept = match filter {
        Some(filter) if measured.is_some() => filter.actual_rows?,
        Some(filter) => filter.plan_rows?,
        None => {
            let name = if measured.is_some() { "Actual Filtered" } else { "Filtered" };
            one_run * node.number(name)? / 100.0
        }
    };
    let measured = measured.is_some();
    Some(Scan { read: one_run * runs, kept: kept * runs, runs, measured })
}

fn finding(
    place: &Place<'_>,
    scan: &Scan,
    conditions: &[Condition],
    queries: &[String],
) -> Finding {
    let table = place.table_name();
    let verb = if scan.measured { "reads" } else { "will read about" };
    let title = format!(
        "A sequential scan of {table} {verb} {} rows to keep {}",
        count(if scan.measured { scan.read } else { rounded(scan.read) }),
        count(scan.kept)
    );
    let severity = match scan.read >= READ_HIGH {
        true => Importance::High,
        false => Importance::Medium,
    };
    Finding {
        code: "sequential-scan".to_owned(),
        severity,
        title,
        table: Some(table),
        queries: queries.to_vec(),
        confidence: if scan.measured { Confidence::High } else { Confidence::Medium },
        reasons: reasons(place, scan, conditions),
        places: place.plan.source.iter().cloned().collect(),
        ..Finding::default()
    }
}

/// Two digits: more would feign precision.
fn rounded(rows: f64) -> f64 {
    let mut unit = 1.0;
    while rows / unit >= 100.0 {
        unit *= 10.0;
    }
    (rows / unit).round() * unit
}

fn reasons(place: &Place<'_>, scan: &Scan, conditions: &[Condition]) -> Vec<String> {
    let mut reasons = Vec::new();
    let kept = 100.0 * scan.kept / scan.read.max(1.0);
    let basis =
        if scan.measured { "the pasted plan measured" } else { "the pasted plan estimates" };
    reasons.push(format!("{basis} that {kept:.2} % of the rows read are kept"));
    if scan.runs > 1.0 {
        reasons.push(format!(
            "the scan ran {} times, {} rows each time",
            count(scan.runs),
            count(scan.read / scan.runs)
        ));
    }
    if let Some(filter) = place.node.text("Filter") {
        reasons.push(format!("its filter is {filter}"));
    }
    // The time of a node includes that of its subplans.
    if let Some(ms) = place.node.actual_total_ms.filter(|_| place.node.plans.is_empty()) {
        let whole = place.plan.execution_ms.or(place.plan.root.actual_total_ms);
        let all = ms * scan.runs;
        let share = whole.filter(|whole| *whole > 0.0).map(|whole| 100.0 * all / whole);
        let share =
            share.map_or(String::new(), |part| format!(", {:.0} % of the whole", part.min(100.0)));
        reasons.push(format!("it took {all:.1} ms{share}"));
    }
    if !conditions.is_empty() {
        let mut names: Vec<&str> = conditions.iter().map(|part| part.key.text.as_str()).collect();
        names.dedup();
        reasons.push(format!("an index could find the rows by {}", names.join(", ")));
    }
    reasons
}

fn advice(
    context: &Context<'_>,
    place: &Place<'_>,
    conditions: &[Condition],
    suggested: &[(usize, Index)],
) -> Vec<String> {
    let table = place.table(context);
    let name = table.map(|table| &table.name);
    let of_table = suggested.iter().filter(|(at, _)| {
        let owner = context.catalog.tables.get(*at);
        name.is_some() && owner.map(|owner| &owner.name) == name
    });
    let mut of_table = of_table.map(|(_, index)| index);
    if let Some(index) = table.and_then(|table| of_table.find(|i| serves(i, table, conditions))) {
        return vec![format!("the suggested index {} replaces this scan", index.name)];
    }
    let existing =
        table.and_then(|table| table.indexes.iter().find(|index| serves(index, table, conditions)));
    if let Some(index) = existing {
        return vec![format!(
            "the index {} begins with a column of the filter and was not used: check that the \
             types of both sides agree, run ANALYZE, and compare the plan with enable_seqscan = off",
            index.name
        )];
    }
    let keys = key_order(conditions);
    if keys.is_empty() {
        let text = "the filter has no condition that a B-tree index can serve as it is written";
        return vec![text.to_owned()];
    }
    vec![
        format!("try CREATE INDEX ON {} ({});", place.table_name(), keys.join(", ")),
        "with the schema and the query pasted too, the index is worked out and weighed".to_owned(),
    ]
}

/// Equalities first, then one range.
fn key_order(conditions: &[Condition]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for kind in [Kind::Equal, Kind::Range] {
        let of_kind = conditions.iter().filter(|part| part.kind == kind);
        let most = if kind == Kind::Range { 1 } else { usize::MAX };
        for condition in of_kind.take(most) {
            let Key { text, is_column } = &condition.key;
            let bare = *is_column || text.starts_with('(');
            let key = if bare { text.clone() } else { format!("({text})") };
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// Does an index begin with a column that the filter restricts?
fn serves(index: &Index, table: &Table, conditions: &[Condition]) -> bool {
    let column = match index.keys.first().map(|key| &key.part) {
        Some(KeyPart::Column(at)) => table.columns.get(*at),
        _ => None,
    };
    let restricted = |name: &str| {
        conditions.iter().any(|part| part.kind != Kind::Pattern && part.key.text == name)
    };
    let whole = index.predicate.is_none() || index.hypothetical;
    index.usable && whole && column.is_some_and(|column| restricted(&column.name))
}
