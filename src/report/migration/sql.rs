//! Plain SQL, forward and reverse: each a file that can be run as it is.

use std::fmt::Write;

use super::statement::{Statement, Transaction};
use super::steps::{Plan, Step, plan};
use super::words::{comment, stage_line, statement_notes, write_notes};
use crate::dialect::Dialect;
use crate::report::Report;
use crate::report::units::{bytes, plural};

/// The forward migration, with the statements that undo it as comments at its end.
pub fn render_sql(report: &Report) -> String {
    forward(&plan(report))
}

/// The steps in order.
pub fn forward(plan: &Plan) -> String {
    let mut out = String::new();
    write_head(&mut out, plan);
    for stage in plan.stages() {
        out.push('\n');
        comment(&mut out, "-- ====", &stage_line(stage));
        for step in plan.of(stage) {
            out.push('\n');
            write_notes(&mut out, "--", step);
            let _ = writeln!(out, "{};", step.forward.sql);
        }
    }
    let undo: Vec<&Statement> =
        reversed(plan).into_iter().map(|(_, statement)| statement).collect();
    if !undo.is_empty() {
        out.push_str("\n-- To undo:\n");
    }
    for statement in undo {
        comment(&mut out, "--", &format!("{};", statement.sql));
    }
    out
}

/// What takes it back, the last step first.
pub fn reverse(plan: &Plan) -> String {
    let mut out = String::new();
    let n = plural(plan.n_findings, "finding", "findings");
    let _ = writeln!(out, "-- Takes back an index review for {}: {n}.", plan.dialect.name());
    out.push_str("-- What was not applied is not to be taken back: leave those statements out.\n");
    write_how(&mut out, plan);
    for (step, statement) in reversed(plan) {
        out.push('\n');
        comment(&mut out, "--", &step.title);
        for note in statement_notes(statement) {
            comment(&mut out, "--", &note);
        }
        let _ = writeln!(out, "{};", statement.sql);
    }
    out
}

/// Every reverse statement with its step, in the order they are run.
pub fn reversed(plan: &Plan) -> Vec<(&Step, &Statement)> {
    let steps = plan.steps.iter().rev();
    steps.flat_map(|step| step.reverse.iter().map(move |statement| (step, statement))).collect()
}

fn write_head(out: &mut String, plan: &Plan) {
    let n = plural(plan.n_findings, "finding", "findings");
    let _ = writeln!(out, "-- Index review for {}: {n} to apply,", plan.dialect.name());
    let _ = writeln!(out, "-- new indexes take about {}.", bytes(plan.size_bytes));
    if plan.stages().len() > 1 {
        out.push_str("-- In stages: run each, look at it, then run the next.\n");
    }
    write_how(out, plan);
}

fn write_how(out: &mut String, plan: &Plan) {
    let refused = |statement: &Statement| statement.transaction == Transaction::Refused;
    let all = plan.steps.iter().flat_map(|step| step.reverse.iter().chain([&step.forward]));
    if plan.dialect == Dialect::Postgres && all.into_iter().any(refused) {
        out.push_str(
            "-- Statements with CONCURRENTLY run outside a transaction block, one by one:\n\
             -- psql -v ON_ERROR_STOP=1 -f FILE, without --single-transaction.\n\
             -- Where a role has a statement_timeout: SET statement_timeout = 0 before a long build.\n",
        );
    }
}
