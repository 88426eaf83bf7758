//! Prisma: it sends a migration as one batch, which PostgreSQL runs as one transaction. A statement that
//! refuses a transaction is therefore alone in its migration.

use super::statement::{Statement, Transaction};
use super::steps::{Plan, Stage, Step};
use super::words::{comment, stage_line, statement_notes, write_notes};
use super::{File, file};

/// A folder a migration, with the way back in `down.sql`.
pub fn files(plan: &Plan, stamp: u64) -> Vec<File> {
    let mut out = Vec::new();
    let mut version = stamp;
    for stage in plan.stages() {
        let groups = groups(plan.of(stage));
        let several = groups.len() > 1;
        for (at, steps) in groups.iter().enumerate() {
            let number = if several { format!("_{}", at + 1) } else { String::new() };
            let folder = format!("prisma/migrations/{version}_{}{number}", stage.name());
            out.push(file(&format!("{folder}/migration.sql"), forward(stage, steps)));
            if steps.iter().any(|step| !step.reverse.is_empty()) {
                out.push(file(&format!("{folder}/down.sql"), down(steps)));
            }
            version += 1;
        }
    }
    out
}

/// What may be together in a batch.
fn groups(steps: Vec<&Step>) -> Vec<Vec<&Step>> {
    let alone = |step: &Step| step.forward.transaction == Transaction::Refused;
    let mut out: Vec<Vec<&Step>> = Vec::new();
    for step in steps {
        match out.last_mut() {
            Some(group) if !alone(step) && group.iter().all(|one| !alone(one)) => group.push(step),
            _ => out.push(vec![step]),
        }
    }
    out
}

fn forward(stage: Stage, steps: &[&Step]) -> String {
    let mut out = String::new();
    comment(&mut out, "--", &stage_line(stage));
    if steps.iter().any(|step| step.forward.transaction == Transaction::Refused) {
        out.push_str(
            "-- Prisma runs a migration as one batch: this statement must stay alone in its file.\n\
             -- After a failure: remove what is left (below), then\n\
             -- prisma migrate resolve --rolled-back NAME_OF_THIS_FOLDER, and deploy again.\n",
        );
    }
    if stage == Stage::Create {
        out.push_str(
            "-- INCLUDE, WHERE, expressions and NULLS order have no words in schema.prisma: look at what\n\
             -- prisma migrate dev --create-only writes next, and take out what would undo this.\n",
        );
    }
    for step in steps {
        out.push('\n');
        write_notes(&mut out, "--", step);
        write_model(&mut out, step);
        out.push_str(&step.forward.sql);
        out.push_str(";\n");
    }
    out
}

/// The line of the model, where schema.prisma can say all of the index.
fn write_model(out: &mut String, step: &Step) {
    use crate::advise::Action;
    let Some(change) = &step.change else { return };
    let plain = change.complete
        && !change.unique
        && change.method == "btree"
        && change.include.is_empty()
        && change.predicate.is_none()
        && super::words::has_plain_names(change);
    let key = |key: &crate::advise::change::ChangeKey| {
        let simple =
            key.opclass.is_none() && key.collation.is_none() && key.prefix_length.is_none();
        let column = key.column.as_ref().filter(|_| simple && key.nulls_first == key.desc)?;
        Some(if key.desc { format!("{column}(sort: Desc)") } else { column.clone() })
    };
    let keys: Option<Vec<String>> = change.keys.iter().map(key).collect();
    let Some(keys) = keys.filter(|_| plain) else { return };
    let verb = match change.action {
        Action::Create => "Add to",
        Action::Drop => "Remove from",
    };
    let line = format!("@@index([{}], map: \"{}\")", keys.join(", "), change.index);
    comment(out, "--", &format!("{verb} the model of {}: {line}", change.table));
}

fn down(steps: &[&Step]) -> String {
    let mut out = String::from(
        "-- Prisma does not run this file: prisma db execute --file THIS_FILE, statement by statement\n\
         -- where a transaction is refused, then prisma migrate resolve --rolled-back.\n",
    );
    let reversed: Vec<&Statement> = steps.iter().rev().flat_map(|step| &step.reverse).collect();
    for statement in reversed {
        out.push('\n');
        for note in statement_notes(statement) {
            comment(&mut out, "--", &note);
        }
        out.push_str(&statement.sql);
        out.push_str(";\n");
    }
    out
}
