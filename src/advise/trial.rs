//! What would one index do, or its loss? For an index that the user typed, one that was decided
//! against, and an existing one that might go: every query that would change, before and after, by
//! itself and beside what is suggested.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Context;
use super::ddl::{create_statement, existing_names, index_name, shape_text};
use super::plans::Plans;
use super::writes::entry_cost;
use crate::catalog::build::hypothetical::{IndexChange, read_change};
use crate::catalog::{Catalog, Index, Table};
use crate::input::Verdict;
use crate::plan::Configuration;
use crate::plan::parts::{existing_parts, parts_of_index, whole_index_bytes, with_indexes};
use crate::workload::Entry;

/// A cost that differs by less than this part is the same.
const SAME: f64 = 1e-6;

/// One index that was tried.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The statement, as it was given.
    pub statement: String,
    /// What was decided about it.
    pub verdict: Option<Verdict>,
    /// Why.
    pub reason: String,
    /// Why it cannot be tried.
    pub error: Option<String>,
    /// It drops an index.
    pub is_drop: bool,
    /// Its table.
    pub table: Option<String>,
    /// The `CREATE INDEX` as the review would write it.
    #[serde(default)]
    pub create: Option<String>,
    /// `(a, b DESC) INCLUDE (c)`.
    pub shape: Option<String>,
    /// Bytes it adds or frees.
    pub size_bytes: Option<f64>,
    /// Cost of keeping it up to date, per 1000 rows written, in planner units.
    pub write_cost: Option<f64>,
    /// By itself: what exists, then with this change alone.
    pub alone: TrialCost,
    /// What exists and what is suggested, then with this change too.
    pub beside: TrialCost,
    /// The queries whose cost it changes.
    pub queries: Vec<TrialQuery>,
}

/// Costs of the whole workload, weighted by calls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrialCost {
    /// Without the change.
    pub before: f64,
    /// With it.
    pub after: f64,
}

/// A query that the change touches; costs of one call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrialQuery {
    /// Its id.
    pub id: String,
    /// Calls.
    pub calls: f64,
    /// By itself.
    pub alone: TrialCost,
    /// Beside what is suggested.
    pub beside: TrialCost,
}

/// All that is to be tried: what the user typed, and what was decided against.
pub fn trials(
    context: &Context<'_>,
    suggested: &[(usize, Index)],
    plans: &mut Plans,
) -> Vec<Trial> {
    let options = context.options;
    let typed =
        options.trials.iter().map(|sql| Trial { statement: sql.clone(), ..Trial::default() });
    let refused = options.decisions.iter().filter(|one| one.verdict != Verdict::Accept);
    let refused = refused.map(|one| Trial {
        statement: one.statement.clone(),
        verdict: Some(one.verdict),
        reason: one.reason.clone(),
        ..Trial::default()
    });
    let trials =
        typed.chain(refused).map(|trial| match read_change(context.catalog, &trial.statement) {
            Err(error) => Trial { error: Some(error), ..trial },
            Ok(change) => tried(context, suggested, plans, trial, change),
        });
    trials.collect()
}

/// The configurations that are compared.
struct Four<'a> {
    existing: Configuration<'a>,
    changed: Configuration<'a>,
    wished: Configuration<'a>,
    wished_changed: Configuration<'a>,
}

fn tried(
    context: &Context<'_>,
    suggested: &[(usize, Index)],
    plans: &mut Plans,
    trial: Trial,
    change: IndexChange,
) -> Trial {
    let catalog = context.catalog;
    let (at, is_drop) = match &change {
        IndexChange::Create(table, _) => (*table, false),
        IndexChange::Drop(table, _) => (*table, true),
    };
    let Some(table) = catalog.tables.get(at) else { return trial };
    let index = match &change {
        IndexChange::Create(_, index) => Some(&**index),
        IndexChange::Drop(_, position) => table.indexes.get(*position),
    };
    let Some(index) = index else { return trial };
    let existing = Configuration::existing(catalog);
    let wished = with_indexes(catalog, suggested);
    let four = Four {
        changed: changed(&existing, &change),
        wished_changed: changed(&wished, &change),
        existing,
        wished,
    };
    let mut trial = Trial {
        is_drop,
        table: Some(table.name.to_string()),
        create: (!is_drop).then(|| create_statement(catalog, table, &named(catalog, table, index))),
        shape: Some(shape_text(catalog, table, index)),
        size_bytes: Some(whole_index_bytes(catalog, at, index)),
        write_cost: Some(1000.0 * entry_cost(catalog, table, index)),
        ..trial
    };
    for (position, entry) in context.workload.entries.iter().enumerate() {
        if entry.query.is_some() {
            let mut cost = |configuration: &Configuration<'_>| {
                plans.plan(configuration, position, entry).ok().map(|plan| plan.total_cost)
            };
            add_query(&mut trial, &four, entry, &mut cost);
        }
    }
    trial
}

/// The configuration with the change.
pub(super) fn changed<'a>(base: &Configuration<'a>, change: &IndexChange) -> Configuration<'a> {
    let mut changed = base.clone();
    match change {
        IndexChange::Create(table, index) => {
            if let Some(on) = base.catalog.tables.get(*table) {
                let named = named(base.catalog, on, index);
                let parts = parts_of_index(base.catalog, *table, &named).into_iter();
                let owned = parts.map(|(of, part)| (of, Cow::Owned(part.into_owned())));
                changed.added.extend(owned);
            }
        }
        IndexChange::Drop(table, position) => {
            changed.hidden.extend(existing_parts(base.catalog, (*table, *position)));
        }
    }
    changed
}

/// The index with a name, if it has none yet.
fn named(catalog: &Catalog, table: &Table, index: &Index) -> Index {
    let name = match index.name.is_empty() {
        false => index.name.clone(),
        true => index_name(table, index, &existing_names(catalog)),
    };
    Index { name, ..index.clone() }
}

fn add_query(
    trial: &mut Trial,
    four: &Four<'_>,
    entry: &Entry,
    cost: &mut dyn FnMut(&Configuration<'_>) -> Option<f64>,
) {
    let (Some(before), Some(wished)) = (cost(&four.existing), cost(&four.wished)) else { return };
    let after = cost(&four.changed).unwrap_or(before);
    let wished_after = cost(&four.wished_changed).unwrap_or(wished);
    let own = |before, after| TrialCost { before, after };
    let calls = entry.calls;
    for (total, before, after) in
        [(&mut trial.alone, before, after), (&mut trial.beside, wished, wished_after)]
    {
        total.before += calls * before;
        total.after += calls * after;
    }
    let differs = |before: f64, after: f64| (before - after).abs() > SAME * before.max(after);
    if differs(before, after) || differs(wished, wished_after) {
        let (alone, beside) = (own(before, after), own(wished, wished_after));
        trial.queries.push(TrialQuery { id: entry.id.clone(), calls, alone, beside });
    }
}
