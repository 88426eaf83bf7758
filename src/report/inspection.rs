//! What was read, without judging it: what `sargable inspect` prints.

use std::fmt::Write;

use serde::Serialize;

use super::units::plural;
use super::{text, words};
use crate::catalog::{self, Catalog};
use crate::diagnostic::{Diagnostic, Place};
use crate::dialect::Dialect;
use crate::input::Input;
use crate::progress::Silent;
use crate::read::intake::{self, InputReport};
use crate::read::plan_node::PlanNode;
use crate::sql::schema::TableKind;

/// Version of the JSON.
pub const INSPECT_FORMAT: &str = "sargable-inspect/1";

/// What `inspect --format json` prints.
#[derive(Serialize)]
pub struct Inspection {
    /// [`INSPECT_FORMAT`].
    pub format: &'static str,
    /// The dialect set or detected.
    pub dialect: Dialect,
    /// What was read as what.
    pub inputs: Vec<InputReport>,
    /// Remarks on the input.
    pub diagnostics: Vec<Diagnostic>,
    /// Tables and partitions, as the server counts them.
    pub tables: Vec<InspectedTable>,
    /// Apart, because a server does not count them as tables.
    pub materialized_views: Vec<InspectedTable>,
    /// Statements of the workload.
    pub statements: usize,
    /// Pasted plans.
    pub plans: Vec<InspectedPlan>,
}

/// A table or a materialised view.
#[derive(Serialize)]
pub struct InspectedTable {
    /// Its name, with schema where written.
    pub name: String,
    /// Columns in order.
    pub columns: Vec<InspectedColumn>,
    /// Indexes, those of constraints included.
    pub indexes: Vec<InspectedIndex>,
    /// Foreign keys.
    pub foreign_keys: Vec<InspectedForeignKey>,
}

/// A column.
#[derive(Serialize)]
pub struct InspectedColumn {
    /// Its name.
    pub name: String,
    /// Its type as written.
    #[serde(rename = "type")]
    pub data_type: String,
}

/// An index.
#[derive(Serialize)]
pub struct InspectedIndex {
    /// Its name, generated as the server would where none is written.
    pub name: String,
    /// As written, or as the server would print it.
    pub definition: String,
    /// UNIQUE or PRIMARY KEY.
    pub unique: bool,
    /// PRIMARY KEY.
    pub primary: bool,
}

/// A foreign key.
#[derive(Serialize)]
pub struct InspectedForeignKey {
    /// Constraint name.
    pub name: Option<String>,
    /// Referencing columns.
    pub columns: Vec<String>,
    /// Referenced table.
    pub references: String,
    /// Referenced columns; none means its primary key.
    pub referenced_columns: Vec<String>,
}

/// A pasted plan.
#[derive(Serialize)]
pub struct InspectedPlan {
    /// Where it stands.
    pub source: Option<Place>,
    /// Has actual times or rows.
    pub analyze: bool,
    /// The tree, in the shape of EXPLAIN (FORMAT JSON).
    pub plan: PlanNode,
}

/// Reads an input. Total, like [`crate::analyze`].
pub fn inspect(input: &Input) -> Inspection {
    let intake = intake::read_input(input, &mut Silent);
    let mut facts = intake.facts;
    let mut diagnostics = std::mem::take(&mut facts.diagnostics);
    let catalog = catalog::build::build_catalog(&facts, intake.dialect, false, &mut diagnostics);
    let (materialized_views, tables) = inspect_tables(&catalog);
    let plans = facts.plans.into_iter();
    Inspection {
        format: INSPECT_FORMAT,
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

/// For a terminal.
pub fn render_inspection(inspection: &Inspection) -> String {
    let mut out = String::new();
    text::write_inputs(&mut out, inspection.dialect, &inspection.inputs);
    text::write_diagnostics(&mut out, &inspection.diagnostics);
    write_tables(&mut out, ("table", "tables"), &inspection.tables);
    let views = ("materialized view", "materialized views");
    write_tables(&mut out, views, &inspection.materialized_views);
    let _ = writeln!(out, "\n{}", plural(inspection.statements, "statement", "statements"));
    let _ = writeln!(out, "{}", plural(inspection.plans.len(), "plan", "plans"));
    for plan in &inspection.plans {
        let mut nodes = 0;
        plan.plan.walk(&mut |_| nodes += 1);
        let place = plan.source.as_ref().map(words::place).unwrap_or_default();
        let nodes = plural(nodes, "node", "nodes");
        let _ = writeln!(out, "  {place}  {} ({nodes})", plan.plan.node_type);
    }
    out
}

fn write_tables(out: &mut String, (one, many): (&str, &str), tables: &[InspectedTable]) {
    if tables.is_empty() {
        return;
    }
    let n_indexes = tables.iter().map(|table| table.indexes.len()).sum();
    let indexes = plural(n_indexes, "index", "indexes");
    let _ = writeln!(out, "\n{}, {indexes}", plural(tables.len(), one, many));
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
