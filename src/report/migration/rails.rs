//! Rails: a migration for each stage, with add_index and remove_index where these can say it.

use std::fmt::Write;

use super::statement::{Statement, Transaction};
use super::steps::{Plan, Stage, Step};
use super::words::{
    comment, has_plain_names, is_plain, list, ruby, stage_line, statement_notes, write_notes,
};
use super::{File, file};
use crate::advise::{Action, Change};
use crate::catalog::definition::order;
use crate::dialect::Dialect;

/// One file a stage.
pub fn files(plan: &Plan, stamp: u64) -> Vec<File> {
    let one = |(version, stage): (u64, Stage)| {
        file(&format!("db/migrate/{version}_{}_of_review.rb", stage.name()), render(plan, stage))
    };
    (stamp..).zip(plan.stages()).map(one).collect()
}

fn render(plan: &Plan, stage: Stage) -> String {
    let steps = plan.of(stage);
    let has_include =
        |step: &&Step| step.change.as_ref().is_some_and(|change| !change.include.is_empty());
    let version = if steps.iter().any(has_include) { "7.1" } else { "6.1" };
    let class = match stage {
        Stage::Create => "CreateIndexesOfReview",
        Stage::Hide => "HideIndexesOfReview",
        Stage::Drop => "DropIndexesOfReview",
    };
    let mut out = String::from("# frozen_string_literal: true\n\n");
    comment(&mut out, "#", &stage_line(stage));
    if version == "7.1" {
        out.push_str("# include: needs Rails 7.1.\n");
    }
    if stage == Stage::Create && plan.dialect == Dialect::Postgres {
        out.push_str(
            "# if_not_exists also passes over an invalid index of a failed run: remove that first.\n",
        );
    }
    let _ = writeln!(out, "class {class} < ActiveRecord::Migration[{version}]");
    let outside = |statement: &Statement| statement.transaction == Transaction::Refused;
    if steps.iter().any(|step| step.reverse.iter().chain([&step.forward]).any(outside)) {
        out.push_str("  disable_ddl_transaction!\n\n");
    }
    out.push_str("  def up\n");
    for step in &steps {
        write_notes(&mut out, "    #", step);
        let _ = writeln!(out, "    {}", forward_call(plan.dialect, step));
    }
    out.push_str("  end\n\n  def down\n");
    for step in steps.iter().rev().filter(|step| !step.reverse.is_empty()) {
        comment(&mut out, "    #", &step.title);
        let call = reverse_call(plan.dialect, step);
        for statement in &step.reverse {
            for note in statement_notes(statement) {
                comment(&mut out, "    #", &note);
            }
            let call = call.clone().unwrap_or_else(|| execute(&statement.sql));
            let _ = writeln!(out, "    {call}");
        }
    }
    out + "  end\nend\n"
}

fn execute(sql: &str) -> String {
    format!("execute {}", ruby(sql))
}

fn forward_call(dialect: Dialect, step: &Step) -> String {
    let call = step.change.as_ref().and_then(|change| match change.action {
        Action::Create => add_index(dialect, change),
        Action::Drop => remove_index(dialect, change),
    });
    call.unwrap_or_else(|| execute(&step.forward.sql))
}

fn reverse_call(dialect: Dialect, step: &Step) -> Option<String> {
    let change = step.change.as_ref().filter(|_| step.reverse.len() == 1)?;
    match change.action {
        Action::Create => remove_index(dialect, change),
        Action::Drop => add_index(dialect, change),
    }
}

/// Columns alone: an expression would have to be the whole of the index as one string.
fn is_sayable(change: &Change) -> bool {
    let plain =
        |key: &crate::advise::change::ChangeKey| key.column.is_some() && key.collation.is_none();
    change.complete && has_plain_names(change) && change.keys.iter().all(plain)
}

fn table(change: &Change) -> String {
    match &change.schema {
        Some(schema) => ruby(&format!("{schema}.{}", change.table)),
        None => format!(":{}", change.table),
    }
}

fn columns(change: &Change) -> String {
    let columns: Vec<String> = change.keys.iter().filter_map(|key| key.column.clone()).collect();
    list(&columns, symbol)
}

/// Only of plain names.
fn symbol(name: &str) -> String {
    format!(":{name}")
}

fn direction(order: &str) -> String {
    if order == "DESC" { ":desc".to_owned() } else { ruby(order) }
}

fn class(name: &str) -> String {
    if is_plain(name) { symbol(name) } else { ruby(name) }
}

/// How the server is asked to let others work meanwhile.
fn algorithm(dialect: Dialect, change: &Change) -> Option<String> {
    let plain = matches!(change.method.as_str(), "btree" | "hash");
    match dialect {
        Dialect::Postgres if change.concurrent => Some("algorithm: :concurrently".to_owned()),
        Dialect::Mysql | Dialect::Mariadb if plain => Some("algorithm: :inplace".to_owned()),
        _ => None,
    }
}

fn remove_index(dialect: Dialect, change: &Change) -> Option<String> {
    // With MySQL, remove_index takes no algorithm.
    let algorithm = algorithm(dialect, change).filter(|_| dialect == Dialect::Postgres);
    let algorithm = algorithm.map_or(String::new(), |algorithm| format!(", {algorithm}"));
    // Rails before 7.1 takes INCLUDE columns for keys: there the name alone is the safe way.
    let columns = match change.include.is_empty() {
        true => format!("column: {}, ", columns(change)),
        false => String::new(),
    };
    is_sayable(change).then(|| {
        let (table, name) = (table(change), ruby(&change.index));
        format!("remove_index {table}, {columns}name: {name}{algorithm}")
    })
}

fn add_index(dialect: Dialect, change: &Change) -> Option<String> {
    if !is_sayable(change) {
        return None;
    }
    let mut args = vec![table(change), columns(change), format!("name: {}", ruby(&change.index))];
    args.extend(change.unique.then(|| "unique: true".to_owned()));
    if change.method != "btree" {
        let word = match change.method.as_str() {
            "fulltext" | "spatial" => "type",
            _ => "using",
        };
        args.push(format!("{word}: :{}", change.method));
    }
    let by_column = |value: &dyn Fn(&crate::advise::change::ChangeKey) -> Option<String>| {
        let pairs = change.keys.iter().filter_map(|key| Some((key.column.as_ref()?, value(key)?)));
        let pairs: Vec<String> =
            pairs.map(|(column, value)| format!("{column}: {value}")).collect();
        (!pairs.is_empty()).then(|| format!("{{ {} }}", pairs.join(", ")))
    };
    let orders = by_column(&|key| order(key.desc, key.nulls_first, dialect).map(direction));
    args.extend(orders.map(|orders| format!("order: {orders}")));
    let classes = by_column(&|key| key.opclass.as_deref().map(class));
    args.extend(classes.map(|classes| format!("opclass: {classes}")));
    let lengths = by_column(&|key| key.prefix_length.map(|length| length.to_string()));
    args.extend(lengths.map(|lengths| format!("length: {lengths}")));
    if !change.include.is_empty() {
        args.push(format!("include: {}", list(&change.include, symbol)));
    }
    args.extend(change.predicate.as_ref().map(|sql| format!("where: {}", ruby(sql))));
    args.extend(algorithm(dialect, change));
    args.push("if_not_exists: true".to_owned());
    Some(format!("add_index {}", args.join(",\n              ")))
}
