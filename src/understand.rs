//! From input to what is known: the catalog, and the workload bound to it.

use crate::catalog::Catalog;
use crate::catalog::build::build_catalog;
use crate::catalog::build::sides::build_sides;
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::input::Input;
use crate::progress::Progress;
use crate::read::facts::{ProposedFact, TriggerFact};
use crate::read::intake::{InputReport, read_input};
use crate::read::{PastedPlan, StatementFact, Timing};
use crate::sql::parse::parse_query;
use crate::sql::query::{Command, RelationSource};
use crate::workload::Workload;
use crate::workload::bind_all::bind_all;
use crate::workload::fold::{entry_of_plan, fold_statements};
use crate::workload::timeline::{Timeline, timeline};

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
    /// When the queries ran, where a log says it.
    pub timeline: Option<Timeline>,
    /// What exists, where `catalog` and `workload` are of what is proposed.
    pub today: Option<Today>,
}

/// Today's side of a comparison.
pub struct Today {
    /// What exists.
    pub catalog: Catalog,
    /// The same entries, bound to it.
    pub workload: Workload,
    /// Tables that are in both: position today, position in what is proposed.
    pub same: Vec<(usize, usize)>,
    /// What is proposed is a whole schema, not statements that change today's.
    pub is_schema: bool,
    /// The statements that propose it.
    pub steps: Vec<ProposedFact>,
}

/// Reads an input, builds the catalog and binds the workload.
pub fn understand(input: &Input, progress: &mut dyn Progress) -> Understood {
    let intake = read_input(input, progress);
    let mut facts = intake.facts;
    let mut diagnostics = std::mem::take(&mut facts.diagnostics);
    let calibrate = input.options.calibrate;
    let (catalog, today) = match input.is_compared() {
        false => (build_catalog(&facts, intake.dialect, calibrate, &mut diagnostics), None),
        true => {
            if facts.proposed.iter().all(|statement| statement.ddl.is_empty()) {
                diagnostics.push(nothing_proposed());
            }
            let sides = build_sides(&facts, intake.dialect, calibrate, &mut diagnostics);
            (sides.proposed, Some((sides.today, sides.same, sides.is_schema)))
        }
    };
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
    let mut unknown_today = Vec::new();
    let today = today.map(|(catalog, same, is_schema)| {
        let mut workload = workload.clone();
        bind_all(&mut workload, &catalog, &mut unknown_today, progress);
        Today { catalog, workload, same, is_schema, steps: std::mem::take(&mut facts.proposed) }
    });
    let mut unknown = Vec::new();
    bind_all(&mut workload, &catalog, &mut unknown, progress);
    if today.is_some() {
        // What is unknown on one side alone is what the comparison tells.
        unknown.retain(|one| {
            unknown_today.iter().any(|old| (&old.code, &old.source) == (&one.code, &one.source))
        });
    }
    diagnostics.append(&mut unknown);
    Understood {
        timeline: timeline(&facts.calls, &workload.entry_of),
        dialect: intake.dialect,
        inputs: intake.inputs,
        diagnostics,
        catalog,
        workload,
        plans: facts.plans,
        today,
    }
}

fn nothing_proposed() -> Diagnostic {
    let message =
        "no schema statement is proposed: both sides of the comparison are today's schema";
    let help = "add the new schema, or the migration, beside today's";
    Diagnostic::new(Severity::Warning, "nothing-proposed", message).help(help)
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
