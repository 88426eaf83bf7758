//! All drops together, beside all suggested indexes: what each query would miss, in the planner's
//! units. A drop that would make a query dearer by more than noise is kept out, but for two: where a
//! wider index does the same search in larger entries, the finding says what that costs; where the
//! server's counters ask for the drop, which query the model sees suffer.

use super::finding::Grounds;
use super::plans::{Plans, tables_read};
use super::selection::is_loss;
use super::{Advice, Confidence, Context, Finding, Importance};
use crate::order;
use crate::plan::configuration::IndexPosition;
use crate::plan::parts::{existing_parts, with_indexes};
use crate::plan::{Configuration, Plan};

/// A cost this much higher is another plan, not rounding.
const DEARER: f64 = 1.001;

/// Reading the larger entries of a wider index costs up to so many times more; beyond, it is another
/// way to the rows.
const LARGER_ENTRIES_MAX: f64 = 2.0;

/// An existing index: table and position.
type Place = (usize, usize);

/// A drop and its finding.
struct Proposed {
    finding: usize,
    place: Place,
}

/// What one query loses with an index.
struct Loss {
    query: String,
    place: Place,
    /// Cost of a call before anything is changed.
    now: f64,
    /// With all adds and drops but this one.
    kept: f64,
    /// With all adds and drops.
    gone: f64,
    /// A suggested index takes its place.
    instead: Option<String>,
}

impl Loss {
    fn is_worse(&self) -> bool {
        is_loss(self.now, self.gone)
    }

    /// May the index go nevertheless?
    fn is_borne(&self, grounds: Option<Grounds>) -> bool {
        match grounds {
            Some(Grounds::Structure) => self.gone <= self.now * LARGER_ENTRIES_MAX,
            Some(Grounds::Counters) => true,
            _ => false,
        }
    }
}

/// Weighs the drops of all findings, and says of each what it costs.
pub fn weigh(context: &Context<'_>, advice: &mut Advice, plans: &mut Plans) {
    let mut proposed = proposed(context, &advice.findings);
    let suggested = advice.suggested.clone();
    let mut all = with_indexes(context.catalog, &suggested);
    loop {
        let places: Vec<Place> = proposed.iter().map(|drop| drop.place).collect();
        let parts = places.iter().flat_map(|place| existing_parts(context.catalog, *place));
        all.hidden = parts.collect();
        let losses = losses(context, &all, &places, plans);
        let needed = losses.iter().find(|loss| {
            loss.is_worse() && !loss.is_borne(grounds_of(advice, &proposed, loss.place))
        });
        let Some(needed) = needed else {
            return proposed.iter().for_each(|drop| describe(context, advice, drop, &losses));
        };
        let Some(at) = proposed.iter().position(|drop| drop.place == needed.place) else { return };
        let drop = proposed.remove(at);
        if let Some(finding) = advice.findings.get_mut(drop.finding) {
            keep(finding, needed);
        }
    }
}

fn proposed(context: &Context<'_>, findings: &[Finding]) -> Vec<Proposed> {
    let dropping = findings.iter().enumerate().filter(|(_, finding)| !finding.drop.is_empty());
    let place = |(at, finding): (usize, &Finding)| {
        let tables = &context.catalog.tables;
        let table = tables.iter().position(|t| finding.table == Some(t.name.to_string()))?;
        let indexes = &tables.get(table)?.indexes;
        let index = indexes.iter().position(|index| finding.indexes.contains(&index.name))?;
        Some(Proposed { finding: at, place: (table, index) })
    };
    dropping.filter_map(place).collect()
}

fn grounds_of(advice: &Advice, proposed: &[Proposed], place: Place) -> Option<Grounds> {
    let drop = proposed.iter().find(|drop| drop.place == place)?;
    advice.findings.get(drop.finding)?.grounds
}

/// What queries lose by the indexes at these places, which are hidden; the most missed first.
fn losses(
    context: &Context<'_>,
    all: &Configuration<'_>,
    places: &[Place],
    plans: &mut Plans,
) -> Vec<Loss> {
    let existing = Configuration::existing(context.catalog);
    let mut out = Vec::new();
    for (at, entry) in context.workload.entries.iter().enumerate() {
        let Some(query) = &entry.query else { continue };
        let read = tables_read(context.catalog, query);
        let missing: Vec<Place> =
            places.iter().copied().filter(|(table, _)| read.contains(table)).collect();
        if missing.is_empty() {
            continue;
        }
        let mut plan = |configuration: &Configuration<'_>| plans.plan(configuration, at, entry);
        let (Ok(now), Ok(gone)) = (plan(&existing), plan(all)) else { continue };
        for place in missing {
            let mut one_kept = all.clone();
            let parts = existing_parts(context.catalog, place);
            one_kept.hidden.retain(|hidden| !parts.contains(hidden));
            let Ok(kept) = plan(&one_kept) else { continue };
            let instead = uses(&now, &parts).then(|| added_on(all, &gone, &parts)).flatten();
            if gone.total_cost > kept.total_cost * DEARER || instead.is_some() {
                out.push(Loss {
                    query: entry.name.clone().unwrap_or_else(|| entry.id.clone()),
                    place,
                    now: now.total_cost,
                    kept: kept.total_cost,
                    gone: gone.total_cost,
                    instead,
                });
            }
        }
    }
    order::sort_by(&mut out, |a, b| (b.gone / b.kept).total_cmp(&(a.gone / a.kept)));
    out
}

fn uses(plan: &Plan, parts: &[Place]) -> bool {
    let mut used = plan.scans.iter().flat_map(|scan| &scan.indexes);
    used.any(|used| match used.index {
        IndexPosition::Existing(at) => parts.contains(&(used.table, at)),
        IndexPosition::Added(_) => false,
    })
}

/// The suggested index that a plan uses on one of the tables of the parts.
fn added_on(all: &Configuration<'_>, plan: &Plan, parts: &[Place]) -> Option<String> {
    let mut used = plan.scans.iter().flat_map(|scan| &scan.indexes);
    let is_there = |table: usize| parts.iter().any(|(of, _)| *of == table);
    let added =
        used.find(|index| is_there(index.table) && matches!(index.index, IndexPosition::Added(_)))?;
    all.index(*added).map(|index| index.name.clone())
}

/// The index stays, and the finding says for what.
fn keep(finding: &mut Finding, needed: &Loss) {
    finding.title = format!("{}, but {} needs it", finding.title, needed.query);
    finding.severity = Importance::Low;
    finding.confidence = Confidence::Medium;
    finding.drop.clear();
    finding.reverse.clear();
    finding.reasons.push(cost_text(needed));
    let name = finding.indexes.first().cloned().unwrap_or_default();
    finding.advice = vec![format!("Keep {name} unless {} is rare", needed.query)];
}

/// What is missed by whom, and what goes over to a suggested index.
fn describe(context: &Context<'_>, advice: &mut Advice, drop: &Proposed, losses: &[Loss]) {
    let Some(finding) = advice.findings.get_mut(drop.finding) else { return };
    let own: Vec<&Loss> = losses.iter().filter(|loss| loss.place == drop.place).collect();
    if let Some(moved) = own.iter().find(|loss| loss.instead.is_some() && !loss.is_worse()) {
        let instead = moved.instead.clone().unwrap_or_default();
        let create = format!("Create {instead} first: {} goes over to it", moved.query);
        finding.advice.insert(0, create);
    }
    let missed = own.iter().find(|loss| loss.gone > loss.kept * DEARER);
    match missed {
        Some(worse) if worse.is_worse() && finding.grounds == Some(Grounds::Structure) => {
            finding.confidence = finding.confidence.max(Confidence::Medium);
            finding.reasons.push(format!(
                "{}: the entries of the wider index are larger. Its size and every write of it are saved",
                cost_text(worse)
            ));
        }
        Some(worse) if worse.is_worse() => {
            finding.confidence = Confidence::Low;
            finding.reasons.push(format!(
                "{}; the server has not used it for that: make sure of it before dropping",
                cost_text(worse)
            ));
        }
        Some(missed) => finding.reasons.push(cost_text(missed)),
        None => {
            let readers = context.workload.entries.iter().filter_map(|entry| entry.query.as_ref());
            let n = readers
                .filter(|query| tables_read(context.catalog, query).contains(&drop.place.0))
                .count();
            finding.reasons.extend(match n {
                0 => None,
                1 => {
                    Some("With all suggestions the one query on its table is no dearer".to_owned())
                }
                n => Some(format!(
                    "With all suggestions none of the {n} queries on its table is dearer"
                )),
            });
        }
    }
}

fn cost_text(loss: &Loss) -> String {
    format!(
        "{} would miss it most: cost {:.1} without it, {:.1} with it",
        loss.query, loss.gone, loss.kept
    )
}
