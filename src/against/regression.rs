//! `regression`: queries that are worse off with what is proposed than today: those that name something
//! that is gone, and those whose modelled cost rises by more than noise. One finding for each index
//! that goes and is missed, else one a query. What would repair it is tried, not guessed: the index
//! staying, one index in place of it and a new one, and what the review suggests anyway.
//!
//! Left alone: what is dearer by noise, writes of rows that new indexes make dearer (those are with the
//! indexes), and queries that were planned on neither side.

use std::borrow::Cow;

use super::data::{Against, ComparedQuery, Happens, Verdict};
use super::sides::Sides;
use crate::advise::ddl::{shape_text, table_name};
use crate::advise::selection::is_loss;
use crate::advise::{Confidence, Finding, Importance};
use crate::catalog::{Catalog, Index};
use crate::plan::configuration::IndexPosition;
use crate::plan::parts::parts_of_index;
use crate::plan::{Configuration, plan_query};
use crate::sql::schema::{KeyPart, Method};
use crate::understand::Today;
use crate::workload::Workload;

/// Queries that are described one by one.
const QUERIES_SHOWN_MAX: usize = 8;
/// Dearer by so much is another plan, not larger entries.
const SERVED: f64 = 1.1;
/// From so many times the cost on, or so much of the cost of the whole workload, it matters most.
const HIGH: (f64, f64) = (10.0, 0.1);
const MEDIUM: (f64, f64) = (2.0, 0.01);

/// What the findings are made of.
pub struct Proposal<'a> {
    /// Both sides.
    pub today: &'a Today,
    /// What is proposed.
    pub catalog: &'a Catalog,
    /// Its workload.
    pub workload: &'a Workload,
    /// What the review suggests beside it.
    pub suggested: &'a [(usize, Index)],
}

/// The index that is missed: its table and its name.
type Cause = (String, String);

/// All findings of this kind, the worst first.
pub fn find(proposal: &Proposal<'_>, against: &Against) -> Vec<Finding> {
    let mut groups: Vec<(Option<Cause>, Vec<&ComparedQuery>)> = Vec::new();
    for query in against.queries.iter().filter(|query| is_regression(query)) {
        let cause =
            query.repair.as_ref().map(|repair| (repair.table.clone(), repair.index.clone()));
        let gone = missing_name(query);
        let belongs = |group: &&mut (Option<Cause>, Vec<&ComparedQuery>)| {
            let first = group.1.first().and_then(|first| missing_name(first));
            (cause.is_some() && group.0 == cause) || (gone.is_some() && first == gone)
        };
        match groups.iter_mut().find(belongs) {
            Some((_, queries)) => queries.push(query),
            None => groups.push((cause, vec![query])),
        }
    }
    groups
        .iter()
        .map(|(cause, queries)| finding(proposal, against, cause.as_ref(), queries))
        .collect()
}

/// The name that a query breaks for.
fn missing_name(query: &ComparedQuery) -> Option<&str> {
    let error = query.error.as_deref().filter(|_| query.verdict == Verdict::Breaks)?;
    error.split('"').nth(1)
}

/// Worse off by more than noise?
pub fn is_regression(query: &ComparedQuery) -> bool {
    match (query.verdict, query.cost_before, query.cost_after) {
        (Verdict::Breaks, ..) => true,
        (verdict, Some(before), Some(after)) => verdict.is_loss() && is_loss(before, after),
        _ => false,
    }
}

fn finding(
    proposal: &Proposal<'_>,
    against: &Against,
    cause: Option<&Cause>,
    queries: &[&ComparedQuery],
) -> Finding {
    let breaks = queries.iter().any(|query| query.verdict == Verdict::Breaks);
    let sum = |cost: fn(&ComparedQuery) -> Option<f64>| -> f64 {
        queries.iter().map(|query| query.calls * cost(query).unwrap_or(0.0)).sum()
    };
    let (before, after) = (sum(|query| query.cost_before), sum(|query| query.cost_after));
    let mut found = Finding {
        code: "regression".to_owned(),
        severity: severity(breaks, queries, against.cost_before),
        title: title(cause, queries),
        table: table_of(cause, queries),
        indexes: cause.map(|(_, index)| index.clone()).into_iter().collect(),
        queries: queries.iter().map(|query| query.id.clone()).collect(),
        cost_before: Some(before).filter(|_| !breaks),
        cost_after: Some(after).filter(|_| !breaks),
        confidence: if breaks { Confidence::High } else { Confidence::Medium },
        reasons: queries.iter().take(QUERIES_SHOWN_MAX).map(|query| reason(query)).collect(),
        ..Finding::default()
    };
    let more = queries.len().saturating_sub(QUERIES_SHOWN_MAX);
    if more > 0 {
        found.reasons.push(format!("and {more} more queries"));
    }
    let entries = proposal.workload.entries.iter();
    let places = entries.filter(|entry| found.queries.contains(&entry.id));
    found.places =
        places.filter_map(|entry| entry.source.clone()).take(QUERIES_SHOWN_MAX).collect();
    if breaks {
        found.advice.push(
            "Deploy a version that does not name it any more first, or keep it until then"
                .to_owned(),
        );
        return found;
    }
    found.advice = repairs(proposal, against, cause, queries);
    found
}

fn severity(breaks: bool, queries: &[&ComparedQuery], workload_cost: f64) -> Importance {
    let (mut times, mut rise) = (1.0_f64, 0.0);
    for query in queries {
        if let (Some(before), Some(after)) = (query.cost_before, query.cost_after) {
            times = times.max(after / before.max(f64::MIN_POSITIVE));
            rise += query.calls * (after - before);
        }
    }
    let matters = |(least, part): (f64, f64)| times >= least || rise >= part * workload_cost;
    match () {
        () if breaks || matters(HIGH) => Importance::High,
        () if matters(MEDIUM) => Importance::Medium,
        () => Importance::Low,
    }
}

fn label(query: &ComparedQuery) -> String {
    query.name.clone().unwrap_or_else(|| query.id.clone())
}

fn title(cause: Option<&Cause>, queries: &[&ComparedQuery]) -> String {
    let first = queries.first().map(|query| label(query)).unwrap_or_default();
    let who = match queries.len() {
        1 => format!("{first} "),
        n => format!("{first} and {} more ", n - 1),
    };
    let verdict = queries.iter().map(|query| query.verdict).min().unwrap_or_default();
    let one = queries.len() == 1;
    let what = match verdict {
        Verdict::Breaks => match one {
            true => "breaks",
            false => "break",
        },
        Verdict::LosesSort => "has to sort",
        Verdict::LosesIndexOnly => "has to visit the table",
        _ => match one {
            true => "gets dearer",
            false => "get dearer",
        },
    };
    let gone = queries.first().and_then(|query| missing_name(query));
    match cause.map(|(_, index)| index.as_str()).or(gone) {
        Some(missed) => format!("{who}{what} without {missed}"),
        None => format!("{who}{what}"),
    }
}

fn table_of(cause: Option<&Cause>, queries: &[&ComparedQuery]) -> Option<String> {
    let by_access = || {
        let query = queries.first()?;
        let changed = query.access_before.iter().find(|old| {
            !query.access_after.iter().any(|new| new.path == old.path && new.indexes == old.indexes)
        });
        changed.or(query.access_before.first()).map(|access| access.table.clone())
    };
    cause.map(|(table, _)| table.clone()).or_else(by_access)
}

fn reason(query: &ComparedQuery) -> String {
    let name = label(query);
    if let Some(error) = &query.error {
        return format!("{name}: {error}");
    }
    let (before, after) = (query.cost_before.unwrap_or(0.0), query.cost_after.unwrap_or(0.0));
    let lost = match query.lost.as_slice() {
        [] => String::new(),
        lost => format!("; it loses {}", lost.join(", ")),
    };
    format!("{name} ({} calls): cost {before:.1} today, {after:.1} proposed{lost}", query.calls)
}

/// What was tried and works, the surest first.
fn repairs(
    proposal: &Proposal<'_>,
    against: &Against,
    cause: Option<&Cause>,
    queries: &[&ComparedQuery],
) -> Vec<String> {
    let mut out = Vec::new();
    let mut kept = None;
    if let Some((table, index)) = cause {
        out.push(format!("Keep {index}: with it these queries cost what they cost today"));
        kept = kept_index(proposal, table, index);
    }
    if let Some((at, index)) = &kept {
        out.extend(both_in_one(proposal, against, *at, index, queries));
    }
    let suggested = Configuration {
        added: proposal.suggested.iter().map(|(at, one)| (*at, Cow::Borrowed(one))).collect(),
        ..Configuration::existing(proposal.catalog)
    };
    let is_kept = |one: &&Index| match &kept {
        Some((at, index)) => same_shape(proposal.catalog, *at, index, one),
        None => false,
    };
    let mut used = used_suggestions(proposal, &suggested, queries);
    // The same index under another name is no other way.
    used.retain(|name| {
        !proposal.suggested.iter().map(|(_, one)| one).filter(is_kept).any(|one| one.name == *name)
    });
    if !used.is_empty() {
        let or = if out.is_empty() { "Create" } else { "Or create" };
        let used = used.join(", ");
        out.push(format!("{or} what this review suggests for the proposed schema: {used}"));
    }
    if out.is_empty() {
        out.push("No index that goes or that was thought of brings the cost back".to_owned());
    }
    out
}

/// The suggested indexes that bring all of the queries back to today's cost.
fn used_suggestions(
    proposal: &Proposal<'_>,
    suggested: &Configuration<'_>,
    queries: &[&ComparedQuery],
) -> Vec<String> {
    let mut used: Vec<String> = Vec::new();
    for query in queries {
        let entry = proposal.workload.entries.iter().find(|entry| entry.id == query.id);
        let planned = entry.and_then(|entry| plan_query(suggested, entry.query.as_ref()?).ok());
        let Some(plan) = planned else { return Vec::new() };
        if plan.total_cost > query.cost_before.unwrap_or(0.0) * SERVED {
            return Vec::new();
        }
        for reference in plan.scans.iter().flat_map(|scan| &scan.indexes) {
            let index = suggested.index(*reference);
            let is_new = matches!(reference.index, IndexPosition::Added(_));
            if let Some(index) = index.filter(|index| is_new && !used.contains(&index.name)) {
                used.push(index.name.clone());
            }
        }
    }
    used
}

/// The index that goes, on the proposed table.
fn kept_index(proposal: &Proposal<'_>, table: &str, name: &str) -> Option<(usize, Index)> {
    let sides = Sides::new(proposal.today, proposal.catalog);
    let mut tables = sides.today.tables.iter();
    let at = tables.position(|one| one.name.to_string() == table)?;
    let n = sides.today.tables.get(at)?.indexes.iter().position(|index| index.name == name)?;
    sides.kept((at, n))
}

fn same_shape(catalog: &Catalog, at: usize, a: &Index, b: &Index) -> bool {
    let Some(table) = catalog.tables.get(at) else { return false };
    a.unique == b.unique && shape_text(catalog, table, a) == shape_text(catalog, table, b)
}

/// One index in place of the one that goes and a new one of the same table: it serves those that need
/// either.
fn both_in_one(
    proposal: &Proposal<'_>,
    against: &Against,
    table_at: usize,
    kept: &Index,
    queries: &[&ComparedQuery],
) -> Option<String> {
    let table = proposal.catalog.tables.get(table_at)?;
    let added = against.indexes.iter().filter(|one| {
        let is_used = !one.used_by.is_empty() && !one.constraint;
        one.happens == Happens::Added && one.table == table.name.to_string() && is_used
    });
    for new in added {
        let n = table.indexes.iter().position(|index| index.name == new.name)?;
        let index = table.indexes.get(n)?;
        for merged in [merged(kept, index), merged(index, kept)].into_iter().flatten() {
            if !serves(proposal, against, (table_at, n), &merged, queries, &new.used_by) {
                continue;
            }
            let (old, new) = (&kept.name, &index.name);
            if same_shape(proposal.catalog, table_at, &merged, kept) {
                return Some(format!("{new} is not needed then: {old} serves its queries too"));
            }
            if same_shape(proposal.catalog, table_at, &merged, index) {
                continue;
            }
            return Some(format!(
                "Or one index in place of {new} and {old}: {} {}",
                table_name(table, proposal.catalog.dialect),
                shape_text(proposal.catalog, table, &merged)
            ));
        }
    }
    None
}

/// The keys of the first, then those of the second that it lacks.
fn merged(first: &Index, second: &Index) -> Option<Index> {
    let plain =
        |index: &Index| index.method == Method::Btree && !index.unique && index.predicate.is_none();
    if !plain(first) || !plain(second) {
        return None;
    }
    let has = |part: &KeyPart, index: &Index| index.keys.iter().any(|key| key.part == *part);
    let mut out = Index { hypothetical: true, name: String::new(), ..first.clone() };
    out.keys.extend(second.keys.iter().filter(|key| !has(&key.part, first)).cloned());
    for column in &second.include {
        if !out.include.contains(column) {
            out.include.push(*column);
        }
    }
    let keys = out.keys.clone();
    out.include.retain(|column| !keys.iter().any(|key| key.part == KeyPart::Column(*column)));
    Some(out)
}

/// Do those that lose get today's cost back, and those that gain keep what they gained?
fn serves(
    proposal: &Proposal<'_>,
    against: &Against,
    new: (usize, usize),
    merged: &Index,
    losing: &[&ComparedQuery],
    gaining: &[String],
) -> bool {
    let mut configuration = Configuration::existing(proposal.catalog);
    configuration.hidden.insert(new);
    configuration.added = parts_of_index(proposal.catalog, new.0, merged);
    let cost = |id: &str| {
        let entry = proposal.workload.entries.iter().find(|entry| entry.id == id)?;
        plan_query(&configuration, entry.query.as_ref()?).ok().map(|plan| plan.total_cost)
    };
    let within = |id: &str, limit: Option<f64>| match (cost(id), limit) {
        (Some(cost), Some(limit)) => !is_loss(limit, cost),
        _ => false,
    };
    let after = |id: &String| {
        against.queries.iter().find(|query| query.id == *id).and_then(|query| query.cost_after)
    };
    losing.iter().all(|query| within(&query.id, query.cost_before))
        && gaining.iter().all(|id| within(id, after(id)))
}
