//! What would one index do, or its loss? For an index that the user typed, one that was decided
//! against, and an existing one that might go: every query that would change, before and after, by
//! itself and beside what is suggested.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::ddl::{create_statement, existing_names, index_name, shape_text};
use super::writes::entry_cost;
use crate::catalog::build::hypothetical::{IndexChange, read_change};
use crate::catalog::{Catalog, Index, Table};
use crate::input::{Options, Verdict};
use crate::plan::parts::whole_index_bytes;
use crate::plan::{Configuration, plan_query};
use crate::sql::query::Query;
use crate::workload::shape::blocks;
use crate::workload::{Entry, Workload};

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
    catalog: &Catalog,
    workload: &Workload,
    suggested: &[(usize, Index)],
    options: &Options,
) -> Vec<Trial> {
    let typed =
        options.trials.iter().map(|sql| Trial { statement: sql.clone(), ..Trial::default() });
    let refused = options.decisions.iter().filter(|one| one.verdict != Verdict::Accept);
    let refused = refused.map(|one| Trial {
        statement: one.statement.clone(),
        verdict: Some(one.verdict),
        reason: one.reason.clone(),
        ..Trial::default()
    });
    let trials = typed.chain(refused).map(|trial| match read_change(catalog, &trial.statement) {
        Err(error) => Trial { error: Some(error), ..trial },
        Ok(change) => tried(catalog, workload, suggested, trial, change),
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
    catalog: &Catalog,
    workload: &Workload,
    suggested: &[(usize, Index)],
    trial: Trial,
    change: IndexChange,
) -> Trial {
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
    let added = suggested.iter().map(|(table, index)| (*table, Cow::Borrowed(index)));
    let wished = Configuration { added: added.collect(), ..existing.clone() };
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
    for entry in &workload.entries {
        if let Some(query) = &entry.query {
            add_query(&mut trial, &four, entry, query, reads(catalog, query, at));
        }
    }
    trial
}

fn changed<'a>(base: &Configuration<'a>, change: &IndexChange) -> Configuration<'a> {
    let mut changed = base.clone();
    match change {
        IndexChange::Create(table, index) => {
            if let Some(on) = base.catalog.tables.get(*table) {
                changed.added.push((*table, Cow::Owned(named(base.catalog, on, index))));
            }
        }
        IndexChange::Drop(table, position) => drop(changed.hidden.insert((*table, *position))),
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

/// Does the query read the table, its parent or a partition of it?
fn reads(catalog: &Catalog, query: &Query, table: usize) -> bool {
    let parent = |at: usize| catalog.tables.get(at).and_then(|table| table.parent);
    let mut shapes = blocks(query).into_iter().flat_map(|block| block.shapes);
    shapes.any(|shape| {
        shape.table == table
            || parent(shape.table) == Some(table)
            || parent(table) == Some(shape.table)
    })
}

fn add_query(trial: &mut Trial, four: &Four<'_>, entry: &Entry, query: &Query, is_read: bool) {
    let cost = |configuration: &Configuration<'_>| {
        plan_query(configuration, query).ok().map(|plan| plan.total_cost)
    };
    let (Some(before), Some(wished)) = (cost(&four.existing), cost(&four.wished)) else { return };
    let (mut after, mut wished_after) = (before, wished);
    if is_read {
        after = cost(&four.changed).unwrap_or(before);
        wished_after = cost(&four.wished_changed).unwrap_or(wished);
    }
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
