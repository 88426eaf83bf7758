//! Django: a migration for each stage, with model operations where these can say it and SQL where not.

use std::fmt::Write;

use super::statement::{Statement, Transaction};
use super::steps::{Plan, Stage, Step};
use super::words::{comment, has_plain_names, list, python, stage_line, write_notes};
use super::{File, django_condition, file};
use crate::advise::change::ChangeKey;
use crate::advise::{Action, Change};
use crate::dialect::Dialect;
use crate::order;

/// Longest name of an index that Django's checks allow.
const NAME_MAX: usize = 30;

/// One file a stage.
pub fn files(plan: &Plan) -> Vec<File> {
    let stages = plan.stages();
    let mut out = Vec::new();
    for (at, stage) in stages.iter().enumerate() {
        let below = at.checked_sub(1).and_then(|below| stages.get(below));
        let below = below.map(|stage| file_name(*stage));
        let name = format!("{}.py", file_name(*stage));
        out.push(file(&name, render(plan, *stage, below.as_deref())));
    }
    out
}

fn file_name(stage: Stage) -> String {
    format!("review_{}", stage.name())
}

fn render(plan: &Plan, stage: Stage, below: Option<&str>) -> String {
    let steps = plan.of(stage);
    let mut operations = String::new();
    for step in &steps {
        write_notes(&mut operations, "        #", step);
        for line in operation(plan.dialect, step).split('\n') {
            let _ = writeln!(operations, "        {line}");
        }
    }
    let mut out = String::new();
    comment(&mut out, "#", &stage_line(stage));
    comment(&mut out, "#", HEAD);
    write_imports(&mut out, &operations);
    out.push_str("\nAPP = \"your_app\"\n");
    let above = below.map_or("\"0001_initial\"".to_owned(), python);
    let _ = writeln!(out, "AFTER = {above}");
    write_models(&mut out, &steps, &operations);
    out.push_str("\n\nclass Migration(migrations.Migration):\n");
    let outside = |statement: &Statement| statement.transaction == Transaction::Refused;
    if steps.iter().any(|step| step.reverse.iter().chain([&step.forward]).any(outside)) {
        out.push_str("    # CONCURRENTLY is refused in a transaction.\n    atomic = False\n\n");
    }
    out.push_str("    dependencies = [(APP, AFTER)]\n\n    operations = [\n");
    out + &operations + "    ]\n"
}

const HEAD: &str = "\
Fill in: APP, the label of the app that has the models; AFTER, its latest migration; MODELS, the model
of each table. Fields are taken to be called like their columns. Add the models.Index(...) lines to
Meta.indexes of the models, or makemigrations will want to remove them.";

fn write_imports(out: &mut String, operations: &str) {
    for (word, from) in [
        ("AddIndexConcurrently", "django.contrib.postgres.operations"),
        ("GinIndex", "django.contrib.postgres.indexes"),
        ("GistIndex", "django.contrib.postgres.indexes"),
        ("BrinIndex", "django.contrib.postgres.indexes"),
        ("HashIndex", "django.contrib.postgres.indexes"),
        ("SpGistIndex", "django.contrib.postgres.indexes"),
    ] {
        if operations.contains(&format!("        {word}("))
            || operations.contains(&format!("={word}("))
        {
            let _ = writeln!(out, "from {from} import {word}");
        }
    }
    let models = if operations.contains("models.") { ", models" } else { "" };
    let _ = writeln!(out, "from django.db import migrations{models}");
}

fn write_models(out: &mut String, steps: &[&Step], operations: &str) {
    let mut tables: Vec<&str> = steps
        .iter()
        .filter_map(|step| step.change.as_ref())
        .map(|change| change.table.as_str())
        .filter(|table| operations.contains(&model_of(table)))
        .collect();
    order::sort(&mut tables);
    tables.dedup();
    if tables.is_empty() {
        return;
    }
    out.push_str("MODELS = {\n");
    for table in tables {
        let words = table.split('_').filter(|word| !word.is_empty());
        let model: String = words.map(capital).collect();
        let _ = writeln!(out, "    {}: {},", python(table), python(&model));
    }
    out.push_str("}\n");
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string())
        + letters.as_str()
}

fn model_of(table: &str) -> String {
    format!("MODELS[{}]", python(table))
}

fn operation(dialect: Dialect, step: &Step) -> String {
    match &step.change {
        Some(change) if change.action == Action::Create && step.reverse.len() == 1 => {
            let index = index(dialect, change);
            index.map_or_else(|| run_sql(step, NO_STATE), |index| add_index(change, &index))
        }
        Some(change) => run_sql(step, &drop_state(dialect, change)),
        None => run_sql(step, ""),
    }
}

const NO_STATE: &str = "models.Index cannot say it: it is not part of Django's state, and stays out of \
                        Meta.indexes.";

/// Whether Django knows the index is not known here.
fn drop_state(dialect: Dialect, change: &Change) -> String {
    let concurrently = dialect == Dialect::Postgres && change.concurrent;
    let operation = if concurrently { "RemoveIndexConcurrently" } else { "migrations.RemoveIndex" };
    let model = if has_plain_names(change) { model_of(&change.table) } else { "...".to_owned() };
    let name = python(&change.index);
    format!(
        "If a field has it by db_index=True (a ForeignKey does unless told not to), set that to False \
         and keep this migration apart from Django's own for it.\n\
         If Meta.indexes of the model has it, remove it there and write instead:\n\
         {operation}(model_name={model}, name={name})"
    )
}

fn add_index(change: &Change, index: &str) -> String {
    let operation = if change.concurrent { "AddIndexConcurrently" } else { "migrations.AddIndex" };
    let mut out = String::new();
    if short_name(&change.index) != change.index {
        comment(
            &mut out,
            "#",
            &format!(
                "Django allows 30 characters; in the review and its verification: {}",
                change.index
            ),
        );
    }
    let model = model_of(&change.table);
    out + &format!("{operation}(\n    model_name={model},\n    index={index},\n),")
}

fn run_sql(step: &Step, note: &str) -> String {
    let statements = |list: &[&Statement]| {
        let texts: Vec<String> = list.iter().map(|statement| statement.sql.clone()).collect();
        texts.iter().map(|sql| format!("        {},\n", python(sql))).collect::<String>()
    };
    let mut out = String::new();
    comment(&mut out, "#", note);
    let forward = statements(&[&step.forward]);
    let reverse = statements(&step.reverse.iter().collect::<Vec<_>>());
    let reverse = match reverse.is_empty() {
        true => "    reverse_sql=migrations.RunSQL.noop,\n".to_owned(),
        false => format!("    reverse_sql=[\n{reverse}    ],\n"),
    };
    out + &format!("migrations.RunSQL(\n    sql=[\n{forward}    ],\n{reverse}),")
}

/// At most thirty characters: cut, with a sum over the whole name.
fn short_name(name: &str) -> String {
    if name.len() <= NAME_MAX {
        return name.to_owned();
    }
    let sum = name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let head: String = name.chars().take(NAME_MAX - "_0000_idx".len()).collect();
    format!("{}_{:04x}_idx", head.trim_end_matches('_'), sum & 0xffff)
}

/// The index as `models.Index(...)`, where that can say it.
fn index(dialect: Dialect, change: &Change) -> Option<String> {
    let is_default_schema = matches!(change.schema.as_deref(), None | Some("public"));
    let plain = change.complete
        && !change.unique
        && is_default_schema
        && has_plain_names(change)
        && !change.index.starts_with('_');
    let class = class_of(dialect, change)?;
    if !plain || !change.keys.iter().all(|key| is_field(dialect, key)) {
        return None;
    }
    let fields: Vec<String> = change.keys.iter().filter_map(field).collect();
    let mut args = vec![
        format!("fields={}", list(&fields, python)),
        format!("name={}", python(&short_name(&change.index))),
    ];
    let classes: Vec<String> = change.keys.iter().filter_map(|key| key.opclass.clone()).collect();
    match (classes.len(), change.keys.len()) {
        (0, _) => {}
        (n, all) if n == all => args.push(format!("opclasses={}", list(&classes, python))),
        _ => return None,
    }
    if !change.include.is_empty() {
        args.push(format!("include={}", list(&change.include, python)));
    }
    if change.predicate.is_some() {
        args.push(format!("condition={}", django_condition::write(change.condition.as_ref()?)?));
    }
    Some(format!("{class}(\n        {},\n    )", args.join(",\n        ")))
}

fn class_of(dialect: Dialect, change: &Change) -> Option<&'static str> {
    match (dialect, change.method.as_str()) {
        (_, "btree") => Some("models.Index"),
        (Dialect::Postgres, "gin") => Some("GinIndex"),
        (Dialect::Postgres, "gist") => Some("GistIndex"),
        (Dialect::Postgres, "brin") => Some("BrinIndex"),
        (Dialect::Postgres, "hash") => Some("HashIndex"),
        (Dialect::Postgres, "spgist") => Some("SpGistIndex"),
        _ => None,
    }
}

/// A column, perhaps descending, with NULLs where they are by default.
fn is_field(dialect: Dialect, key: &ChangeKey) -> bool {
    let plain = key.collation.is_none() && key.prefix_length.is_none();
    let nulls_default = dialect != Dialect::Postgres || key.nulls_first == key.desc;
    key.column.is_some() && plain && nulls_default
}

fn field(key: &ChangeKey) -> Option<String> {
    let sign = if key.desc { "-" } else { "" };
    key.column.as_ref().map(|column| format!("{sign}{column}"))
}
