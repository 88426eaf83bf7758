//! `sargable inspect`: what was read, as plain data and as text.

use std::fmt::Write;

use serde::Serialize;

use super::Outcome;
use super::args::{Args, Format};
use crate::catalog::{self, Catalog};
use crate::diagnostic::{Diagnostic, Place};
use crate::dialect::Dialect;
use crate::input::Input;
use crate::progress::Silent;
use crate::read::intake::{self, InputReport};
use crate::read::plan_node::PlanNode;
use crate::report;
use crate::report::units::plural;
use crate::sql::schema::TableKind;

/// Version of the JSON.
const FORMAT: &str = "sargable-inspect/1";

/// What `inspect --format json` prints.
#[derive(Serialize)]
struct Inspection {
    format: &'static str,
    dialect: Dialect,
    inputs: Vec<InputReport>,
    diagnostics: Vec<Diagnostic>,
    /// Tables and partitions, as the server counts them.
    tables: Vec<InspectedTable>,
    /// Apart, because a server does not count them as tables.
    materialized_views: Vec<InspectedTable>,
    statements: usize,
    plans: Vec<InspectedPlan>,
}

#[derive(Serialize)]
struct InspectedTable {
    name: String,
    columns: Vec<InspectedColumn>,
    indexes: Vec<InspectedIndex>,
    foreign_keys: Vec<InspectedForeignKey>,
}

#[derive(Serialize)]
struct InspectedColumn {
    name: String,
    #[serde(rename = "type")]
    data_type: String,
}

#[derive(Serialize)]
struct InspectedIndex {
    name: String,
    definition: String,
    unique: bool,
    primary: bool,
}

#[derive(Serialize)]
struct InspectedForeignKey {
    name: Option<String>,
    columns: Vec<String>,
    references: String,
    referenced_columns: Vec<String>,
}

#[derive(Serialize)]
struct InspectedPlan {
    source: Option<Place>,
    analyze: bool,
    plan: PlanNode,
}

pub(super) fn inspect(args: &Args, input: &Input) -> Outcome {
    let inspection = inspect_input(input);
    let output = match args.format {
        Format::Json => report::json::render_json(&inspection),
        _ => render_text(&inspection),
    };
    Outcome { output, failed: false }
}

fn inspect_input(input: &Input) -> Inspection {
    let intake = intake::read_input(input, &mut Silent);
    let mut facts = intake.facts;
    let mut diagnostics = std::mem::take(&mut facts.diagnostics);
    let catalog = catalog::build::build_catalog(&facts, intake.dialect, &mut diagnostics);
    let (materialized_views, tables) = inspect_tables(&catalog);
    let plans = facts.plans.into_iter();
    Inspection {
        format: FORMAT,
        dialect: intake.dialect,
        inputs: intake.inputs,
        diagnostics,
        tables,
        materialized_views,
        statements: facts.statements.len(),
        plans: plans
            .map(|p| InspectedPlan { source: p.source, analyze: p.analyze, plan: p.root })
            .collect(),
    }
}

/// Materialised views, then tables.
fn inspect_tables(catalog: &Catalog) -> (Vec<InspectedTable>, Vec<InspectedTable>) {
    let is_view = |table: &&catalog::Table| table.kind == TableKind::MaterializedView;
    let (views, tables): (Vec<_>, Vec<_>) = catalog.tables.iter().partition(is_view);
    (
        views.into_iter().map(inspect_table).collect(),
        tables.into_iter().map(inspect_table).collect(),
    )
}

fn inspect_table(table: &catalog::Table) -> InspectedTable {
    let column_name = |at: &usize| table.columns.get(*at).map(|c| c.name.clone());
    let columns = table.columns.iter();
    let indexes = table.indexes.iter();
    let foreign_keys = table.foreign_keys.iter();
    InspectedTable {
        name: table.name.to_string(),
        columns: columns
            .map(|c| InspectedColumn { name: c.name.clone(), data_type: c.data_type.clone() })
            .collect(),
        indexes: indexes
            .map(|i| InspectedIndex {
                name: i.name.clone(),
                definition: i.definition.clone(),
                unique: i.unique,
                primary: i.primary,
            })
            .collect(),
        foreign_keys: foreign_keys
            .map(|key| InspectedForeignKey {
                name: key.name.clone(),
                columns: key.columns.iter().filter_map(column_name).collect(),
                references: key.references.to_string(),
                referenced_columns: key.referenced_columns.clone(),
            })
            .collect(),
    }
}

fn render_text(inspection: &Inspection) -> String {
    let mut out = String::new();
    report::text::write_inputs(&mut out, inspection.dialect, &inspection.inputs);
    report::text::write_diagnostics(&mut out, &inspection.diagnostics);
    write_tables(&mut out, "tables", &inspection.tables);
    write_tables(&mut out, "materialized views", &inspection.materialized_views);
    let _ = writeln!(out, "\n{}", plural(inspection.statements, "statement", "statements"));
    let _ = writeln!(out, "{}", plural(inspection.plans.len(), "plan", "plans"));
    for plan in &inspection.plans {
        let mut nodes = 0;
        plan.plan.walk(&mut |_| nodes += 1);
        let place = plan.source.as_ref().map(report::words::place).unwrap_or_default();
        let nodes = plural(nodes, "node", "nodes");
        let _ = writeln!(out, "  {place}  {} ({nodes})", plan.plan.node_type);
    }
    out
}

fn write_tables(out: &mut String, title: &str, tables: &[InspectedTable]) {
    if tables.is_empty() {
        return;
    }
    let n_indexes = tables.iter().map(|table| table.indexes.len()).sum();
    let indexes = plural(n_indexes, "index", "indexes");
    let _ = writeln!(out, "\n{} {title}, {indexes}", tables.len());
    for table in tables {
        let columns = plural(table.columns.len(), "column", "columns");
        let _ = writeln!(out, "  {}  {columns}", table.name);
        for index in &table.indexes {
            let _ = writeln!(out, "    {}  {}", index.name, index.definition);
        }
        for key in &table.foreign_keys {
            let columns = key.columns.join(", ");
            let _ = writeln!(out, "    foreign key ({columns}) references {}", key.references);
        }
    }
}
