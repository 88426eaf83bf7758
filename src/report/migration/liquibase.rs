//! Liquibase: one changelog of formatted SQL, a changeset for each statement. Lines that begin with
//! `--` and a word are commands there, even inside of a name: comments begin with `-- |`, and what holds
//! a line break is left to plain SQL.

use std::fmt::Write;

use super::statement::Transaction;
use super::steps::{Plan, Step};
use super::words::{comment, stage_line, write_notes};
use super::{File, file};

/// The changelog.
pub fn files(plan: &Plan) -> Vec<File> {
    let mut out = String::from("--liquibase formatted sql\n");
    for stage in plan.stages() {
        out.push('\n');
        comment(&mut out, "-- |", &stage_line(stage));
        for (at, step) in plan.of(stage).into_iter().enumerate() {
            out.push('\n');
            write_changeset(&mut out, &format!("{}_{}", stage.name(), at + 1), step);
        }
    }
    vec![file("review.changelog.sql", out)]
}

fn write_changeset(out: &mut String, id: &str, step: &Step) {
    let statements = || step.reverse.iter().chain([&step.forward]);
    if statements().any(|statement| statement.sql.contains(['\n', '\r'])) {
        write_notes(out, "-- |", step);
        comment(
            out,
            "-- |",
            "Left out: a name or text holds a line break, which Liquibase would take apart. Run \
             it as plain SQL.",
        );
        return;
    }
    let outside = statements().any(|statement| statement.transaction == Transaction::Refused);
    let outside = if outside { " runInTransaction:false" } else { "" };
    let _ = writeln!(out, "--changeset sargable:{id} splitStatements:false{outside}");
    write_notes(out, "-- |", step);
    let _ = writeln!(out, "{};", step.forward.sql);
    if step.reverse.is_empty() {
        out.push_str("--rollback empty\n");
    }
    for statement in &step.reverse {
        let _ = writeln!(out, "--rollback {};", statement.sql);
    }
}
