//! Every query on both sides, and what else a reader of the change asks.

use super::data::{Against, ComparedQuery, Repair, Verdict};
use super::derive::derived_steps;
use super::differences::differences;
use super::indexes::compared_indexes;
use super::locks;
use super::sides::{Place, Sides};
use super::verdict::{accesses, judge};
use crate::catalog::Catalog;
use crate::order;
use crate::plan::configuration::IndexPosition;
use crate::plan::parts::parts_of_index;
use crate::plan::{Configuration, Plan, plan_query};
use crate::progress::{Progress, Stage};
use crate::sql::query::{Command, Query, RelationSource};
use crate::understand::Today;
use crate::workload::{Entry, Workload};

/// Dearer than today by so much, an index that stays is not what brings the cost back.
const AS_TODAY: f64 = 1.05;

/// Today against what is proposed: `catalog`, and `workload` bound to it.
pub fn compare(
    today: &Today,
    catalog: &Catalog,
    workload: &Workload,
    progress: &mut dyn Progress,
) -> Against {
    let sides = Sides::new(today, catalog);
    let equal = sides.equal_indexes();
    let dropped = dropped_indexes(&sides, &equal);
    let comparison = Comparison {
        before: Configuration::existing(&today.catalog),
        after: Configuration::existing(catalog),
        dropped,
        sides,
    };
    let mut out = Against { is_schema: today.is_schema, ..Against::default() };
    let total = workload.entries.len();
    for (done, (old, new)) in today.workload.entries.iter().zip(&workload.entries).enumerate() {
        progress.at(Stage::Plan, done, total);
        let query = comparison.query(old, new);
        if let (Some(before), Some(after)) = (query.cost_before, query.cost_after) {
            out.cost_before += query.calls * before;
            out.cost_after += query.calls * after;
        }
        out.queries.push(query);
    }
    out.indexes = compared_indexes(&comparison.sides, &equal, &out.queries);
    let sum = |added: bool| {
        let own = out.indexes.iter().filter(|one| (one.happens == super::Happens::Added) == added);
        own.map(|one| one.size_bytes).sum()
    };
    (out.added_bytes, out.freed_bytes) = (sum(true), sum(false));
    out.differences = differences(&comparison.sides, &equal);
    let derived = today.is_schema.then(|| derived_steps(&comparison.sides, &equal));
    out.statements = locks::statements(&today.catalog, derived.as_ref().unwrap_or(&today.steps));
    order::sort_by(&mut out.queries, |a, b| {
        a.verdict.cmp(&b.verdict).then(weight(b).total_cmp(&weight(a)))
    });
    out
}

/// What a change costs or saves in all.
fn weight(query: &ComparedQuery) -> f64 {
    match (query.cost_before, query.cost_after) {
        (Some(before), Some(after)) => query.calls * (after - before).abs(),
        _ => query.calls,
    }
}

/// Indexes of today that have no equal in the proposed schema.
fn dropped_indexes(sides: &Sides<'_>, equal: &[(Place, Place)]) -> Vec<Place> {
    let tables = sides.today.tables.iter().enumerate();
    let all = tables.flat_map(|(at, table)| (0..table.indexes.len()).map(move |n| (at, n)));
    all.filter(|place| !equal.iter().any(|(old, _)| old == place)).collect()
}

struct Comparison<'a> {
    sides: Sides<'a>,
    before: Configuration<'a>,
    after: Configuration<'a>,
    dropped: Vec<Place>,
}

impl Comparison<'_> {
    fn query(&self, old: &Entry, new: &Entry) -> ComparedQuery {
        let before = planned(&self.before, old);
        let after = planned(&self.after, new);
        let mut out = ComparedQuery {
            id: new.id.clone(),
            name: new.name.clone(),
            calls: new.calls,
            cost_before: before.as_ref().ok().map(|plan| plan.total_cost),
            cost_after: after.as_ref().ok().map(|plan| plan.total_cost),
            access_before: accesses(&self.before, before.as_ref().ok()),
            access_after: accesses(&self.after, after.as_ref().ok()),
            ..ComparedQuery::default()
        };
        let gone = self.is_gone(old, new);
        if let Some(problem) = gone {
            out.verdict = Verdict::Breaks;
            out.error = Some(problem);
            out.cost_after = None;
            out.access_after.clear();
            return out;
        }
        match (before, after) {
            (Ok(before), Ok(after)) if old.problem.is_none() || new.problem.is_some() => {
                let name = |at: usize| {
                    self.before
                        .catalog
                        .tables
                        .get(at)
                        .map(|t| t.name.to_string())
                        .unwrap_or_default()
                };
                let same = |old: usize, new: usize| self.sides.proposed_of(old) == Some(new);
                (out.verdict, out.lost) = judge(&before, &after, &name, &same);
                if let (true, Some(query)) = (out.verdict.is_loss(), &new.query) {
                    out.repair = self.repair(&before, query);
                }
                if out.verdict != Verdict::Same {
                    out.plan_before = Some(before.root);
                    out.plan_after = Some(after.root);
                }
            }
            (_, Ok(_)) => {
                out.verdict = Verdict::New;
                out.cost_before = None;
                out.access_before.clear();
            }
            (_, Err(error)) => {
                out.verdict = Verdict::Unknown;
                out.error = Some(error);
            }
        }
        out
    }

    /// What the query names that is there today and not in what is proposed.
    fn is_gone(&self, old: &Entry, new: &Entry) -> Option<String> {
        if let (None, Some(problem)) = (&old.problem, &new.problem) {
            return Some(problem.clone());
        }
        let was = written_unknown(self.before.catalog, old.query.as_ref()?);
        let is = written_unknown(self.after.catalog, new.query.as_ref()?);
        let column = is.into_iter().find(|column| !was.contains(column))?;
        Some(format!("it writes a column that is gone: {column:?}"))
    }

    /// The dropped index that today's plan uses and that would bring its cost back.
    fn repair(&self, before: &Plan, query: &Query) -> Option<Repair> {
        let used = before.scans.iter().flat_map(|scan| &scan.indexes);
        let mut best: Option<Repair> = None;
        for reference in used {
            let IndexPosition::Existing(at) = reference.index else { continue };
            let place = (reference.table, at);
            if !self.dropped.contains(&place) {
                continue;
            }
            let Some((table, index)) = self.sides.kept(place) else { continue };
            let mut kept = self.after.clone();
            kept.added = parts_of_index(self.after.catalog, table, &index);
            let Ok(plan) = plan_query(&kept, query) else { continue };
            let is_best = best.as_ref().is_none_or(|known| plan.total_cost < known.cost);
            if plan.total_cost <= before.total_cost * AS_TODAY && is_best {
                let name = self.sides.today.tables.get(place.0).map(|t| t.name.to_string());
                best = Some(Repair {
                    index: index.name.clone(),
                    table: name.unwrap_or_default(),
                    cost: plan.total_cost,
                });
            }
        }
        best
    }
}

fn planned(configuration: &Configuration<'_>, entry: &Entry) -> Result<Plan, String> {
    match &entry.query {
        Some(query) => plan_query(configuration, query),
        None => Err(entry.problem.clone().unwrap_or_default()),
    }
}

/// Columns that an INSERT or UPDATE writes and its table lacks.
fn written_unknown(catalog: &Catalog, query: &Query) -> Vec<String> {
    let Some(RelationSource::Table(at)) = query.relations.first().map(|one| &one.source) else {
        return Vec::new();
    };
    let Some(table) = catalog.tables.get(*at).filter(|table| !table.columns.is_empty()) else {
        return Vec::new();
    };
    let written: Vec<&String> = match &query.command {
        Command::Insert { columns, set, .. } => {
            columns.iter().chain(set.iter().map(|(name, _)| name)).collect()
        }
        Command::Update { set } => set.iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    };
    let is_known =
        |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    written.into_iter().filter(|name| !is_known(name)).cloned().collect()
}
