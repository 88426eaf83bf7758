//! What a review says of its own suggestions must hold when it is tried.

use sargable::advise::{Advice, Context, Finding, Memory, advise};
use sargable::catalog::{Catalog, Table};
use sargable::input::{Budget, Options};
use sargable::progress::Silent;
use sargable::report::json::render_json;
use sargable::understand::{Understood, understand};
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

/// With the others created, an index is no longer suggested when its table has half of the rows from
/// which it is said to pay.
pub fn break_even(case: &Case) -> Result<(), String> {
    let first = advice(case, &read(case));
    for finding in &first.findings {
        let rows = finding.break_even.iter().find(|one| format!("{:?}", one.input) == "Rows");
        let Some((rows, low)) = rows.and_then(|rows| Some((rows, rows.low?))) else { continue };
        let factor = 0.5 * low / rows.current.unwrap();
        let mut changed = read(case);
        for (table, index) in &first.suggested {
            if !finding.create.contains(&index.definition) {
                let mut index = index.clone();
                index.hypothetical = false;
                changed.catalog.tables[*table].indexes.push(index);
            }
        }
        shrink(&mut changed.catalog, finding.table.as_deref().unwrap(), factor);
        let after = advice(case, &changed);
        if after.findings.iter().any(|other| shape(other) == shape(finding)) {
            return Err(format!("still suggested at half: {}: {}", finding.title, rows.text));
        }
    }
    Ok(())
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
