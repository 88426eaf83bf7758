//! Rows of the table, and calls for each row written.

use super::trial::{Balance, Trial};
use super::words::{calls_text, rounded_up, rows_text};
use super::{BreakEven, Input};
use crate::advise::writes::{Writes, entry_cost};
use crate::catalog::Table;
use crate::estimate::Basis;
use crate::estimate::selectivity::predicate_selectivity;
use crate::estimate::size::table_rows;
use crate::sql::schema::TableKind;

/// How many rows the table must have.
pub(super) fn rows(trial: &mut Trial<'_>) -> Option<BreakEven> {
    let family = trial.family();
    let tables = family.iter().filter_map(|at| trial.context.catalog.tables.get(*at));
    let holding = tables.filter(|table| table.kind != TableKind::Partitioned).map(table_rows);
    let (mut current, mut basis) = (0.0, Basis::Measured);
    for rows in holding {
        current += rows.value;
        basis = basis.max(rows.basis);
    }
    if current <= 1.0 {
        return None;
    }
    let scale = |trial: &mut Trial<'_>, value: f64| {
        for at in trial.family() {
            if let Some(table) = trial.catalog.tables.get_mut(at) {
                scale_rows(table, value / current);
            }
        }
    };
    let low = trial.threshold(current, 1.0, &scale)?.map(rounded_up);
    let table = trial.original()?;
    let text = rows_text(&table.name.to_string(), low, current, basis);
    Some(BreakEven { input: Input::Rows, text, low, high: None, current: Some(current), basis })
}

/// More or fewer rows, each page as full as before.
fn scale_rows(table: &mut Table, factor: f64) {
    let rows = table_rows(table).value;
    let statistics = &mut table.statistics;
    statistics.reltuples = Some(libm::rint(rows * factor));
    let scale = |value: &mut Option<f64>| *value = value.map(|n| libm::ceil(n * factor));
    scale(&mut statistics.relpages);
    scale(&mut statistics.relallvisible);
    scale(&mut statistics.size_bytes);
    for index in &mut table.indexes {
        scale(&mut index.statistics.relpages);
        scale(&mut index.statistics.reltuples);
        scale(&mut index.statistics.size_bytes);
        index.statistics.tree_height = None;
    }
}

/// How often its queries must be called for each row written.
pub(super) fn calls(trial: &Trial<'_>, now: &Balance) -> Option<BreakEven> {
    let table = trial.original()?;
    let calls: f64 = trial.entries.iter().map(|entry| entry.calls).sum();
    if calls <= 0.0 || now.gain <= 0.0 {
        return None;
    }
    let written = rows_written(&trial.writes());
    let current = (written > 0.0).then(|| calls / written);
    let low = match current {
        Some(current) if now.bill > 0.0 => current * now.bill / now.gain,
        _ => {
            let kept = predicate_selectivity(table, &trial.index);
            calls * kept * entry_cost(&trial.catalog, table, &trial.index) / now.gain
        }
    };
    let is_measured = trial.entries.iter().any(|entry| entry.calls_measured);
    let basis = if is_measured && current.is_some() { Basis::Measured } else { Basis::Default };
    let text = calls_text(low, current);
    Some(BreakEven { input: Input::Calls, text, low: Some(low), high: None, current, basis })
}

fn rows_written(writes: &Writes) -> f64 {
    writes.inserted + writes.deleted + writes.updates.iter().map(|(_, _, rows)| rows).sum::<f64>()
}
