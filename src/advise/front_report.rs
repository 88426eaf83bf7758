//! The front as the report shows it: sizes, costs and statements.

use serde::{Deserialize, Serialize};

use super::ddl::{create_statement, existing_names, index_name};
use super::front::Point;
use super::selection::Selection;
use super::whatif::{Set, WhatIf};
use crate::catalog::Index;

/// What every budget buys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FrontReport {
    /// From nothing to the most.
    pub points: Vec<FrontPoint>,
    /// Position of what this review suggests.
    pub chosen: Option<usize>,
    /// The suggestion is at most so many percent above the best that these candidates can give within
    /// the budget, or without one in the same size: under this model, risk and writes included.
    pub gap_percent: Option<f64>,
}

/// A set of indexes that no other set beats in both size and cost.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FrontPoint {
    /// Bytes of its indexes.
    pub size_bytes: f64,
    /// Cost of the workload with them, weighted by calls.
    pub cost_after: f64,
    /// The statements, with the names that they would get.
    pub create: Vec<String>,
}

/// The front behind a selection.
pub fn front_report(whatif: &mut WhatIf<'_>, selection: &Selection) -> FrontReport {
    let front = &selection.front;
    let own = front.points.iter().position(|point| point.set == selection.chosen);
    let gap = (selection.bound > 0.0).then(|| gap_percent(selection.objective / selection.bound));
    let queries = 0..whatif.queries.len();
    let mut points = Vec::new();
    for Point { set, size_bytes, .. } in &front.points {
        if !whatif.ledger.points.contains_key(set) {
            let point = FrontPoint {
                // The sum of nothing is -0.
                size_bytes: size_bytes + 0.0,
                cost_after: whatif.weighted_cost(queries.clone(), set),
                create: statements(whatif, set),
            };
            whatif.ledger.points.insert(set.clone(), point);
        }
        points.extend(whatif.ledger.points.get(set).cloned());
    }
    FrontReport { points, chosen: own, gap_percent: gap }
}

/// What sums of other orders differ by is no gap.
fn gap_percent(ratio: f64) -> f64 {
    if ratio < 1.0 + 1e-9 { 0.0 } else { (ratio - 1.0) * 100.0 }
}

fn statements(whatif: &WhatIf<'_>, set: &Set) -> Vec<String> {
    let catalog = whatif.catalog;
    let mut taken = existing_names(catalog);
    let members = set.iter().filter_map(|at| whatif.candidates.get(*at));
    let named = members.filter_map(|candidate| {
        let table = catalog.tables.get(candidate.table)?;
        let name = index_name(table, &candidate.index, &taken);
        taken.insert(name.to_ascii_lowercase());
        let index = Index { name, ..candidate.index.clone() };
        Some(create_statement(catalog, table, &index))
    });
    named.collect()
}
