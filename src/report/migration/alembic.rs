//! Alembic: a revision for each stage, each on top of the one before.

use std::fmt::Write;

use super::statement::{Statement, Transaction};
use super::steps::{Plan, Stage, Step};
use super::words::{
    comment, has_plain_names, key_sql, list, python, stage_line, statement_notes, write_notes,
};
use super::{File, file};
use crate::advise::change::ChangeKey;
use crate::advise::{Action, Change};
use crate::dialect::Dialect;

/// One file a stage.
pub fn files(plan: &Plan) -> Vec<File> {
    let mut out = Vec::new();
    let mut below: Option<String> = None;
    for stage in plan.stages() {
        let revision = revision(plan, stage);
        let name = format!("{revision}_{}.py", stage.name());
        out.push(file(&name, render(plan, stage, &revision, below.as_deref())));
        below = Some(revision);
    }
    out
}

/// Twelve digits of a sum over the statements: another migration has another one.
fn revision(plan: &Plan, stage: Stage) -> String {
    let statements = plan.of(stage).into_iter().flat_map(|step| step.forward.sql.bytes());
    let fnv = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let sum = statements.chain(stage.name().bytes()).fold(0xcbf2_9ce4_8422_2325, fnv);
    format!("{:012x}", sum >> 16)
}

fn render(plan: &Plan, stage: Stage, revision: &str, below: Option<&str>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "\"\"\"{}\"\"\"", stage_line(stage));
    match below {
        None => out.push_str("# Fill in down_revision: the revision that is your head now.\n"),
        Some(_) => out.push_str("# Deploy it apart from the revision below.\n"),
    }
    out.push_str(
        "# Change __table_args__ of the models likewise, or --autogenerate wants it undone.\n",
    );
    if plan.of(stage).iter().any(|step| is_outside(&step.forward)) {
        out.push_str(
            "# env.py should have transaction_per_migration=True in context.configure(): an autocommit\n\
             # block commits whatever came before it.\n",
        );
    }
    out.push_str("import sqlalchemy as sa  # noqa: F401\nfrom alembic import op\n\n");
    let below = below.map_or("None".to_owned(), python);
    let _ = writeln!(out, "revision = {}\ndown_revision = {below}", python(revision));
    out.push_str("branch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n");
    for step in plan.of(stage) {
        write_notes(&mut out, "    #", step);
        write_run(&mut out, &step.forward, &forward_call(plan.dialect, step));
    }
    out.push_str("\n\ndef downgrade() -> None:\n");
    let steps = plan.of(stage);
    if steps.iter().all(|step| step.reverse.is_empty()) {
        out.push_str("    pass\n");
    }
    for step in steps.into_iter().rev().filter(|step| !step.reverse.is_empty()) {
        comment(&mut out, "    #", &step.title);
        let call = reverse_call(plan.dialect, step);
        for statement in &step.reverse {
            for note in statement_notes(statement) {
                comment(&mut out, "    #", &note);
            }
            write_run(
                &mut out,
                statement,
                &call.clone().unwrap_or_else(|| execute(&statement.sql)),
            );
        }
    }
    out
}

fn is_outside(statement: &Statement) -> bool {
    statement.transaction == Transaction::Refused
}

fn write_run(out: &mut String, statement: &Statement, call: &str) {
    let mut indent = "    ";
    if is_outside(statement) {
        out.push_str("    with op.get_context().autocommit_block():\n");
        indent = "        ";
    }
    // Literals are on one line, so that every line of a call may be moved.
    for line in call.split('\n') {
        let _ = writeln!(out, "{indent}{line}");
    }
}

/// `text()` takes `:name` for a parameter, so colons are escaped.
fn text(sql: &str) -> String {
    python(&sql.replace(':', "\\:"))
}

fn execute(sql: &str) -> String {
    format!("op.execute(sa.text({}))", text(sql))
}

fn forward_call(dialect: Dialect, step: &Step) -> String {
    let call = step.change.as_ref().and_then(|change| match change.action {
        Action::Create => create_index(dialect, change),
        Action::Drop => drop_index(dialect, change),
    });
    call.unwrap_or_else(|| execute(&step.forward.sql))
}

fn reverse_call(dialect: Dialect, step: &Step) -> Option<String> {
    let change = step.change.as_ref().filter(|_| step.reverse.len() == 1)?;
    match change.action {
        Action::Create => drop_index(dialect, change),
        Action::Drop => create_index(dialect, change),
    }
}

fn is_sayable(change: &Change) -> bool {
    change.complete && has_plain_names(change)
}

fn drop_index(dialect: Dialect, change: &Change) -> Option<String> {
    is_sayable(change).then(|| {
        let mut out = format!(
            "op.drop_index({}, table_name={}",
            python(&change.index),
            python(&change.table)
        );
        if let Some(schema) = &change.schema {
            let _ = write!(out, ", schema={}", python(schema));
        }
        if dialect == Dialect::Postgres && change.concurrent {
            out.push_str(", postgresql_concurrently=True");
        }
        out + ")"
    })
}

fn create_index(dialect: Dialect, change: &Change) -> Option<String> {
    if !is_sayable(change) {
        return None;
    }
    let keys: Vec<String> = change.keys.iter().map(|key| key_text(dialect, key)).collect();
    let mut args =
        vec![python(&change.index), python(&change.table), format!("[{}]", keys.join(", "))];
    args.extend(change.schema.as_ref().map(|schema| format!("schema={}", python(schema))));
    args.extend(change.unique.then(|| "unique=True".to_owned()));
    match dialect {
        Dialect::Postgres => args.extend(postgres_options(change)),
        Dialect::Sqlite => {
            let predicate = change.predicate.as_ref();
            args.extend(predicate.map(|sql| format!("sqlite_where=sa.text({})", text(sql))));
        }
        Dialect::Mysql | Dialect::Mariadb if change.method != "btree" => return None,
        Dialect::Mysql | Dialect::Mariadb => {}
    }
    Some(format!("op.create_index(\n    {},\n)", args.join(",\n    ")))
}

fn postgres_options(change: &Change) -> Vec<String> {
    let mut out = Vec::new();
    if change.concurrent {
        out.push("postgresql_concurrently=True".to_owned());
    }
    if change.method != "btree" {
        out.push(format!("postgresql_using={}", python(&change.method)));
    }
    let is_simple = |key: &&ChangeKey| key.column.is_some() && !has_suffix(key);
    let classes: Vec<String> = change
        .keys
        .iter()
        .filter(is_simple)
        .filter_map(|key| Some((key.column.as_ref()?, key.opclass.as_ref()?)))
        .map(|(column, class)| format!("{}: {}", python(column), python(class)))
        .collect();
    if !classes.is_empty() {
        out.push(format!("postgresql_ops={{{}}}", classes.join(", ")));
    }
    if !change.include.is_empty() {
        out.push(format!("postgresql_include={}", list(&change.include, python)));
    }
    if let Some(predicate) = &change.predicate {
        out.push(format!("postgresql_where=sa.text({})", text(predicate)));
    }
    out
}

/// Is there more to the key than a column and an operator class?
fn has_suffix(key: &ChangeKey) -> bool {
    key.desc || key.nulls_first || key.collation.is_some() || key.prefix_length.is_some()
}

fn key_text(dialect: Dialect, key: &ChangeKey) -> String {
    match &key.column {
        Some(column) if !has_suffix(key) => python(column),
        _ => format!("sa.text({})", text(&key_sql(key, dialect))),
    }
}
