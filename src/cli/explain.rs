//! `sargable explain`: the modelled plan of every query.

use serde_json::json;

use super::Outcome;
use super::args::{Args, Format};
use crate::catalog::Index;
use crate::input::Input;
use crate::plan::{Configuration, plan_query};
use crate::progress::Silent;
use crate::report::plan_text::render_plan;
use crate::understand::{Understood, understand};
use crate::workload::Entry;

/// `base` is what exists; `with` is the same with the hypothetical indexes behind it, if any were given.
pub(super) fn run(args: &Args, base: &Input, with: Option<&Input>) -> Outcome {
    let existing = understand(base, &mut Silent);
    let mut configuration = Configuration::existing(&existing.catalog);
    if let Some(with) = with {
        configuration.added = new_indexes(&existing, &understand(with, &mut Silent));
    }
    let print = match args.format {
        Format::Json => json_line,
        _ => text_block,
    };
    let entries = existing.workload.entries.iter();
    let output = entries.map(|entry| print(&configuration, entry)).collect();
    Outcome { output, failed: false }
}

/// The indexes that the second reading has and the first has not, as hypothetical ones.
fn new_indexes(existing: &Understood, with: &Understood) -> Vec<(usize, Index)> {
    let mut added = Vec::new();
    for table in &with.catalog.tables {
        let Some(at) = existing.catalog.find_table(&table.name) else { continue };
        let known = existing.catalog.tables.get(at).map_or(&[][..], |table| &table.indexes);
        for index in &table.indexes {
            if !known.iter().any(|old| old.name == index.name) {
                added.push((at, Index { hypothetical: true, ..index.clone() }));
            }
        }
    }
    added
}

fn name_of(entry: &Entry) -> String {
    entry.name.clone().unwrap_or_else(|| entry.id.clone())
}

fn plan_of(configuration: &Configuration<'_>, entry: &Entry) -> Result<crate::plan::Plan, String> {
    match &entry.query {
        Some(query) => plan_query(configuration, query),
        None => Err(entry.problem.clone().unwrap_or_else(|| "not understood".to_owned())),
    }
}

fn json_line(configuration: &Configuration<'_>, entry: &Entry) -> String {
    let line = match plan_of(configuration, entry) {
        Ok(plan) => json!({"name": name_of(entry), "calls": entry.calls, "plan": plan.root}),
        Err(error) => json!({"name": name_of(entry), "calls": entry.calls, "error": error}),
    };
    format!("{line}\n")
}

fn text_block(configuration: &Configuration<'_>, entry: &Entry) -> String {
    let body = match plan_of(configuration, entry) {
        Ok(plan) => render_plan(&plan.root, &hypothetical_names(configuration)),
        Err(error) => format!("  not planned: {error}\n"),
    };
    format!("-- {}\n{body}\n", name_of(entry))
}

fn hypothetical_names(configuration: &Configuration<'_>) -> Vec<String> {
    configuration.added.iter().map(|(_, index)| index.name.clone()).collect()
}
