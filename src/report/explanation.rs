//! The modelled plan of every query and what its numbers rest on: what `sargable explain` prints.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::json;

use super::basis::{TableBasis, missing, query_basis, sentence};
use super::plan_text::render_plan;
use crate::catalog::Index;
use crate::dialect::Dialect;
use crate::input::Input;
use crate::plan::{Configuration, plan_query};
use crate::progress::Silent;
use crate::read::plan_node::PlanNode;
use crate::understand::{Understood, understand};
use crate::workload::Entry;

/// Every query with its plan.
#[derive(Debug, Clone, Default)]
pub struct Explanation {
    /// In the order of the input.
    pub queries: Vec<Explained>,
    /// Names of the indexes that do not exist.
    pub hypothetical: Vec<String>,
    /// Whether planner settings were given.
    pub has_settings: bool,
    /// What plans measured was taken over.
    pub calibrated: bool,
    /// The dialect set or detected.
    pub dialect: Dialect,
}

/// A query with its plan.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Its name, else its id.
    pub name: String,
    /// Calls.
    pub calls: f64,
    /// The plan, or why there is none.
    pub plan: Result<PlanNode, String>,
    /// What the numbers rest on.
    pub basis: Vec<TableBasis>,
}

/// Plans every query of `base`; `with` is the same input with hypothetical indexes and settings behind it.
pub fn explain(base: &Input, with: Option<&Input>) -> Explanation {
    let mut existing = understand(base, &mut Silent);
    let with = with.map(|with| understand(with, &mut Silent));
    let added = with.as_ref().map(|with| new_indexes(&existing, with));
    if let Some(with) = with {
        existing.catalog.settings = with.catalog.settings;
    }
    let mut configuration = Configuration::existing(&existing.catalog);
    configuration.added = added.unwrap_or_default();
    let entries = existing.workload.entries.iter();
    Explanation {
        queries: entries.map(|entry| explain_entry(&configuration, entry)).collect(),
        hypothetical: configuration.added.iter().map(|(_, index)| index.name.clone()).collect(),
        calibrated: base.options.calibrate,
        has_settings: existing.catalog.settings.pasted,
        dialect: existing.dialect,
    }
}

/// The indexes that the second reading has and the first has not, as hypothetical ones.
fn new_indexes(existing: &Understood, with: &Understood) -> Vec<(usize, Cow<'static, Index>)> {
    let mut added = Vec::new();
    for table in &with.catalog.tables {
        let Some(at) = existing.catalog.find_table(&table.name) else { continue };
        let known = existing.catalog.tables.get(at).map_or(&[][..], |table| &table.indexes);
        for index in &table.indexes {
            if !known.iter().any(|old| old.name == index.name) {
                let index = Index { hypothetical: true, ..index.clone() };
                added.push((at, Cow::Owned(index)));
            }
        }
    }
    added
}

fn explain_entry(configuration: &Configuration<'_>, entry: &Entry) -> Explained {
    let plan = match &entry.query {
        Some(query) => plan_query(configuration, query).map(|plan| plan.root),
        None => Err(entry.problem.clone().unwrap_or_else(|| "not understood".to_owned())),
    };
    let basis = entry.query.as_ref().map(|query| query_basis(configuration.catalog, query));
    Explained {
        name: entry.name.clone().unwrap_or_else(|| entry.id.clone()),
        calls: entry.calls,
        basis: basis.filter(|_| plan.is_ok()).unwrap_or_default(),
        plan,
    }
}

/// One line a query: `{"name", "calls", "plan"}` or `{"name", "calls", "error"}`.
pub fn render_json(explanation: &Explanation) -> String {
    let line = |query: &Explained| {
        let line = match &query.plan {
            Ok(plan) => json!({"name": query.name, "calls": query.calls, "plan": plan}),
            Err(error) => json!({"name": query.name, "calls": query.calls, "error": error}),
        };
        format!("{line}\n")
    };
    explanation.queries.iter().map(line).collect()
}

/// The plans as EXPLAIN prints them, each with its basis; what is missing comes last.
pub fn render_text(explanation: &Explanation) -> String {
    let mut out = String::new();
    for query in &explanation.queries {
        let _ = writeln!(out, "-- {}", query.name);
        match &query.plan {
            Ok(plan) => out.push_str(&render_plan(plan, &explanation.hypothetical)),
            Err(error) => {
                let _ = writeln!(out, "  not planned: {error}");
            }
        }
        if !query.basis.is_empty() {
            out.push_str("Basis:\n");
        }
        for table in &query.basis {
            let _ = writeln!(out, "  {}", sentence(table, explanation.calibrated));
        }
        out.push('\n');
    }
    write_missing(&mut out, explanation);
    out
}

/// What was assumed, each once, and what to run for it.
fn write_missing(out: &mut String, explanation: &Explanation) {
    let bases: Vec<&TableBasis> =
        explanation.queries.iter().flat_map(|query| &query.basis).collect();
    let missing = missing(&bases, explanation.has_settings, explanation.dialect);
    if missing.facts.is_empty() {
        return;
    }
    out.push_str("-- Not given, and assumed (\"by default\" above):\n");
    for fact in &missing.facts {
        let _ = writeln!(out, "--   {fact}");
    }
    if !missing.ask.is_empty() {
        out.push_str("-- Add the output of this to the input to replace the assumptions:\n");
    }
    for ask in &missing.ask {
        let _ = writeln!(out, "{ask}");
    }
}
