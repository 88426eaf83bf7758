//! Flyway: for each stage a versioned script, its undo and, where a transaction is refused, the
//! configuration of both.

use super::statement::{Statement, Transaction};
use super::steps::{Plan, Stage, Step};
use super::words::{comment, stage_line, statement_notes, write_notes};
use super::{File, file};
use crate::dialect::Dialect;

/// Up to four files a stage.
pub fn files(plan: &Plan, stamp: u64) -> Vec<File> {
    let mut out = Vec::new();
    for (version, stage) in (stamp..).zip(plan.stages()) {
        let steps = plan.of(stage);
        let name = |letter: &str| format!("{letter}{version}__{}.sql", stage.name());
        let undo: Vec<&Statement> = steps.iter().rev().flat_map(|step| &step.reverse).collect();
        let forward: Vec<&Statement> = steps.iter().map(|step| &step.forward).collect();
        out.push(file(&name("V"), forward_text(plan, stage, &steps)));
        out.extend(configuration(&name("V"), &forward));
        if !undo.is_empty() {
            out.push(file(&name("U"), undo_text(stage, &steps)));
            out.extend(configuration(&name("U"), &undo));
        }
    }
    out
}

/// Names may look like placeholders, `${x}`: nothing is replaced.
fn configuration(script: &str, statements: &[&Statement]) -> Option<File> {
    let outside = statements.iter().any(|one| one.transaction == Transaction::Refused);
    let placeholder = statements.iter().any(|one| one.sql.contains("${"));
    let mut text = String::new();
    if outside {
        text.push_str("executeInTransaction=false\n");
    }
    if placeholder {
        text.push_str("placeholderReplacement=false\n");
    }
    (!text.is_empty()).then(|| file(&format!("{script}.conf"), text))
}

fn forward_text(plan: &Plan, stage: Stage, steps: &[&Step]) -> String {
    let mut out = String::new();
    comment(&mut out, "--", &stage_line(stage));
    let outside = |step: &&&Step| step.forward.transaction == Transaction::Refused;
    if plan.dialect == Dialect::Postgres && steps.iter().any(|step| outside(&step)) {
        out.push_str(
            "-- The .conf file beside this one belongs to it. Set flyway.postgresql.transactional.lock\n\
             -- to false: else CONCURRENTLY waits for the transaction that Flyway itself holds open.\n",
        );
    }
    for step in steps {
        out.push('\n');
        write_notes(&mut out, "--", step);
        out.push_str(&step.forward.sql);
        out.push_str(";\n");
    }
    out
}

fn undo_text(stage: Stage, steps: &[&Step]) -> String {
    let mut out = String::new();
    comment(&mut out, "--", &format!("Takes back {}.", stage.name()));
    for step in steps.iter().rev().filter(|step| !step.reverse.is_empty()) {
        out.push('\n');
        comment(&mut out, "--", &step.title);
        for statement in &step.reverse {
            for note in statement_notes(statement) {
                comment(&mut out, "--", &note);
            }
            out.push_str(&statement.sql);
            out.push_str(";\n");
        }
    }
    out
}
