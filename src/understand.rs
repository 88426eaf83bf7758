//! From input to what is known: the catalog, and the workload bound to it.

use crate::catalog::Catalog;
use crate::catalog::build::build_catalog;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::input::Input;
use crate::progress::Progress;
use crate::read::facts::TriggerFact;
use crate::read::intake::{InputReport, read_input};
use crate::read::{PastedPlan, StatementFact, Timing};
use crate::sql::parse::parse_query;
use crate::sql::query::{Command, RelationSource};
use crate::workload::Workload;
use crate::workload::bind_all::bind_all;
use crate::workload::fold::{entry_of_plan, fold_statements};

/// Everything that was read, before it is judged.
pub struct Understood {
    /// The dialect set or detected.
    pub dialect: Dialect,
    /// What was read as what.
    pub inputs: Vec<InputReport>,
    /// Remarks.
    pub diagnostics: Vec<Diagnostic>,
    /// What exists.
    pub catalog: Catalog,
    /// What is asked.
    pub workload: Workload,
    /// Pasted plans.
    pub plans: Vec<PastedPlan>,
}

/// Reads an input, builds the catalog and binds the workload.
pub fn understand(input: &Input, progress: &mut dyn Progress) -> Understood {
    let intake = read_input(input, progress);
    let mut facts = intake.facts;
    let mut diagnostics = std::mem::take(&mut facts.diagnostics);
    let catalog = build_catalog(&facts, intake.dialect, input.options.calibrate, &mut diagnostics);
    let mut workload = fold_statements(&facts.statements, intake.dialect);
    let only_in_plans = queries_of_plans(&workload, &facts.plans, intake.dialect);
    if !only_in_plans.is_empty() {
        facts.statements.extend(only_in_plans);
        workload = fold_statements(&facts.statements, intake.dialect);
    }
    let by_triggers = run_by_triggers(&workload, &facts.triggers, intake.dialect);
    if !by_triggers.is_empty() {
        facts.statements.extend(by_triggers);
        workload = fold_statements(&facts.statements, intake.dialect);
    }
    bind_all(&mut workload, &catalog, &mut diagnostics, progress);
    Understood {
        dialect: intake.dialect,
        inputs: intake.inputs,
        diagnostics,
        catalog,
        workload,
        plans: facts.plans,
    }
}

/// What triggers run for the rows that the workload writes: once a call.
fn run_by_triggers(
    workload: &Workload,
    triggers: &[TriggerFact],
    dialect: Dialect,
) -> Vec<StatementFact> {
    if triggers.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for entry in &workload.entries {
        let Ok(query) = parse_query(&entry.sql, dialect) else { continue };
        let event = match query.command {
            Command::Select => continue,
            Command::Insert { .. } => "insert",
            Command::Update { .. } => "update",
            Command::Delete => "delete",
        };
        let written = query.relations.first().map(|relation| &relation.source);
        let fired = triggers.iter().filter(|trigger| {
            trigger.event == event
                && matches!(written, Some(RelationSource::Name(parts))
                    if parts.last().is_some_and(|name| name.eq_ignore_ascii_case(&trigger.table.name)))
        });
        for (trigger, sql) in fired.flat_map(|one| one.statements.iter().map(move |sql| (one, sql)))
        {
            out.push(StatementFact {
                name: Some(format!("trigger {}", trigger.name)),
                sql: sql.clone(),
                calls: entry.calls_measured.then_some(entry.calls),
                source: Some(trigger.source.clone()),
                ..StatementFact::default()
            });
        }
    }
    out
}

/// A query that stands beside a pasted plan and nowhere else is part of the workload, once.
fn queries_of_plans(
    workload: &Workload,
    plans: &[PastedPlan],
    dialect: Dialect,
) -> Vec<StatementFact> {
    let is_new = |plan: &&PastedPlan| entry_of_plan(workload, plan, dialect).is_none();
    let fact = |plan: &PastedPlan| {
        let sql = plan.query.clone()?;
        parse_query(&sql, dialect).ok()?;
        let timing = plan.execution_ms.or(plan.duration_ms).map(Timing::of_call);
        Some(StatementFact {
            sql,
            timing: timing.unwrap_or_default(),
            source: plan.source.clone(),
            ..StatementFact::default()
        })
    };
    plans.iter().filter(is_new).filter_map(fact).collect()
}
