//! What a review says of its own suggestions must hold when it is tried.

use sargable::advise::break_even::Input;
use sargable::advise::{Advice, BreakEven, Context, Finding, Memory, advise};
use sargable::catalog::{Catalog, Index, Table};
use sargable::input::{Budget, Options};
use sargable::progress::Silent;
use sargable::read::statistics::ColumnStatistics;
use sargable::report::json::render_json;
use sargable::sql::parse::parse_query;
use sargable::sql::query::{Command, RelationSource};
use sargable::sql::schema::{KeyPart, TableKind};
use sargable::understand::{Understood, understand};
use sargable::workload::Entry;
use sargable::workload::bind::bind_query;
use sargable::{Analysis, analyze};

use crate::case::Case;

/// Differences below these are noise: a tenth, and a random page and its rows.
const NOISE: f64 = 1.1;
const NOISE_UNITS: f64 = 4.2;

fn read(case: &Case) -> Understood {
    understand(&case.input(), &mut Silent)
}

fn advice(case: &Case, understood: &Understood) -> Advice {
    let options = &case.input().options;
    let Understood { catalog, workload, plans, .. } = understood;
    advise(&Context { catalog, workload, plans, options }, &mut Memory::default())
}

/// A CREATE INDEX statement from its ON.
fn shape(finding: &Finding) -> String {
    let create = finding.create.first().cloned().unwrap_or_default();
    create.find(" ON ").map_or(create.clone(), |at| create[at..].to_owned())
}

/// An index is no longer suggested when an input goes beyond the threshold from which it is said to pay.
/// All other suggestions are there already.
pub fn break_even(case: &Case) -> Result<(), String> {
    let first = advice(case, &read(case));
    if !case.input().options.decisions.is_empty() {
        return Ok(());
    }
    for finding in &first.findings {
        let own = |(_, index): &&(usize, Index)| finding.create.contains(&index.definition);
        let Some((table, index)) = first.suggested.iter().find(own) else { continue };
        let is_equality =
            finding.reasons.iter().any(|r| r.starts_with("1. ") && r.contains(": equal"));
        for one in &finding.break_even {
            let mut changed = read(case);
            for (table, other) in first.suggested.iter().filter(|other| !own(other)) {
                let index = Index { hypothetical: false, ..other.clone() };
                changed.catalog.tables[*table].indexes.push(index);
            }
            let is_beyond = match one.input {
                Input::Rows => halve_rows(&mut changed, finding, one),
                Input::Matching => is_equality && match_more(&mut changed, *table, index, one),
                Input::Calls => write_more(&mut changed, *table, finding, one),
            };
            let after = advice(case, &changed).findings;
            let mut same = after.iter().filter(|other| other.code == finding.code);
            if is_beyond && same.any(|other| shape(other) == shape(finding)) {
                return Err(format!("still suggested beyond it: {}: {}", finding.title, one.text));
            }
        }
    }
    Ok(())
}

/// Half of the rows.
fn halve_rows(understood: &mut Understood, finding: &Finding, one: &BreakEven) -> bool {
    let (Some(low), Some(current)) = (one.low, one.current) else { return false };
    shrink(&mut understood.catalog, finding.table.as_deref().unwrap(), 0.5 * low / current);
    true
}

/// Each value in twice as many rows, where one column is all that is searched by.
fn match_more(understood: &mut Understood, table: usize, index: &Index, one: &BreakEven) -> bool {
    let table = &mut understood.catalog.tables[table];
    let (Some(high), [key], None) = (one.high, index.keys.as_slice(), &index.predicate) else {
        return false;
    };
    let KeyPart::Column(column) = key.part else { return false };
    let is_parent = table.kind == TableKind::Partitioned;
    let known = table.columns[column].statistics.take().unwrap_or_default();
    table.columns[column].statistics = Some(ColumnStatistics {
        n_distinct: Some((1.0 / (2.0 * high)).max(1.0)),
        null_frac: Some(0.0),
        most_common_vals: Vec::new(),
        most_common_freqs: Vec::new(),
        histogram_bounds: Vec::new(),
        ..known
    });
    !is_parent && table.observed.is_empty()
}

/// Twice as many rows written for each call.
fn write_more(
    understood: &mut Understood,
    table: usize,
    finding: &Finding,
    one: &BreakEven,
) -> bool {
    let Some(low) = one.low.filter(|low| *low > 0.0) else { return false };
    let entries = &mut understood.workload.entries;
    let asks = |entry: &Entry| finding.queries.contains(&entry.id);
    let calls: f64 = entries.iter().filter(|entry| asks(entry)).map(|entry| entry.calls).sum();
    let mut all_apart = true;
    for entry in entries.iter_mut() {
        let Some(query) = &entry.query else { continue };
        let target = query.relations.first().map(|relation| &relation.source);
        if query.command != Command::Select && target == Some(&RelationSource::Table(table)) {
            all_apart &= !asks(entry);
            entry.calls *= 2.0 * one.current.map_or(1.0, |current| current / low);
        }
    }
    if one.current.is_none() {
        let sql = format!("INSERT INTO {} DEFAULT VALUES", finding.table.as_deref().unwrap());
        let mut query = parse_query(&sql, understood.catalog.dialect).unwrap();
        bind_query(&mut query, &understood.catalog);
        let calls = 2.0 * calls / low;
        entries.push(Entry {
            id: "more".to_owned(),
            query: Some(query),
            calls,
            ..Entry::default()
        });
    }
    all_apart
}

fn shrink(catalog: &mut Catalog, table: &str, factor: f64) {
    let first = catalog.tables.iter().position(|one| one.name.to_string() == table).unwrap();
    for at in 0..catalog.tables.len() {
        let mut ancestor = Some(at);
        while ancestor.is_some_and(|ancestor| ancestor != first) {
            ancestor = catalog.tables[ancestor.unwrap()].parent;
        }
        if ancestor.is_some() {
            shrink_table(&mut catalog.tables[at], factor);
        }
    }
}

fn shrink_table(table: &mut Table, factor: f64) {
    let rows = sargable::estimate::size::table_rows(table).value;
    table.statistics.reltuples = Some((rows * factor).round());
    let scale = |value: &mut Option<f64>| *value = value.map(|n| (n * factor).ceil());
    scale(&mut table.statistics.relpages);
    scale(&mut table.statistics.relallvisible);
    scale(&mut table.statistics.size_bytes);
    for index in &mut table.indexes {
        scale(&mut index.statistics.relpages);
        scale(&mut index.statistics.reltuples);
        scale(&mut index.statistics.size_bytes);
        index.statistics.tree_height = None;
    }
}

/// With all that is to be created created and all that is to be dropped dropped no query is dearer by
/// more than noise, or a finding names it.
pub fn nothing_suffers(case: &Case) -> Result<(), String> {
    let before = crate::laws::as_is(case);
    let create = before.findings.iter().flat_map(|finding| &finding.create);
    let drop = before.findings.iter().flat_map(|finding| &finding.drop);
    let after = crate::laws::with_migration(case, &create.chain(drop).collect::<Vec<_>>());
    for (query, then) in before.queries.iter().zip(&after.queries) {
        let (Some(now), Some(then)) = (query.cost_before, then.cost_before) else { continue };
        let name = query.name.as_ref().unwrap_or(&query.id);
        let is_named = before.findings.iter().any(|finding| {
            !finding.drop.is_empty() && finding.reasons.iter().any(|reason| reason.contains(name))
        });
        if then > now * NOISE && then > now + NOISE_UNITS && !is_named {
            return Err(format!("{name} costs {then} instead of {now}"));
        }
    }
    Ok(())
}

/// Nothing takes a constraint away.
pub fn constraints_stay(case: &Case) -> Result<(), String> {
    let report = crate::laws::as_is(case);
    let mut drops = report.findings.iter().flat_map(|finding| &finding.drop);
    match drops.find(|drop| drop.contains("DROP CONSTRAINT") || drop.contains("DROP PRIMARY KEY")) {
        Some(drop) => Err(drop.clone()),
        None => Ok(()),
    }
}

/// A session that reviewed other wishes in between reviews as if it had not.
pub fn session(case: &Case) -> Result<(), String> {
    let input = case.input();
    let mut session = Analysis::open(&input, &mut Silent);
    let first = session.review(&input.options, &mut Silent);
    for percent in [1.0, 40.0] {
        let budget = Some(Budget::Percent(percent));
        let report = session.review(&Options { budget, ..input.options.clone() }, &mut Silent);
        let (size, most) = (report.summary.size_bytes, report.summary.budget_bytes.unwrap());
        if size > most && input.options.decisions.is_empty() {
            return Err(format!("{size} bytes for a budget of {most}"));
        }
    }
    let again = session.review(&input.options, &mut Silent);
    let alone = analyze(&input, &mut Silent);
    match render_json(&again) == render_json(&alone) && render_json(&first) == render_json(&alone) {
        true => Ok(()),
        false => Err("another review after reviews with budgets".to_owned()),
    }
}

/// The front goes from small and dear to large and cheap, and nothing is better than its bound.
pub fn front(case: &Case) -> Result<(), String> {
    let front = advice(case, &read(case)).front;
    let is_sorted = front.points.is_sorted_by(|a, b| a.size_bytes <= b.size_bytes);
    if !is_sorted || front.points.iter().any(|point| point.size_bytes < 0.0) {
        return Err("the points are not in order of size".to_owned());
    }
    match front.gap_percent {
        Some(gap) if gap < -0.01 => Err(format!("better than the bound by {gap} %")),
        _ => Ok(()),
    }
}
