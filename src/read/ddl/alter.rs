//! ALTER TABLE and ALTER INDEX.

use super::column::{read_column, read_type};
use super::constraint::{begins_constraint, read_constraint};
use super::table::read_bound;
use crate::read::facts::{AlterAction, Ddl, Facts};
use crate::sql::cursor::{Cursor, Unread};
use crate::sql::schema::Name;
use crate::text::Source;

/// Behind ALTER.
pub fn read_alter(at: &mut Cursor<'_>, source: &Source, facts: &mut Facts) -> Result<(), Unread> {
    let place = source.place(at.offset());
    while at.is_any(&["ignore", "online", "offline", "foreign", "materialized"]) {
        at.bump();
    }
    if at.eat("index") {
        return read_alter_index(at, facts);
    }
    if !(at.eat("table") || at.eat("view")) || at.is_all("all in") {
        return Ok(());
    }
    at.eat_all("if exists");
    let only = at.eat("only");
    let table = at.qualified_name()?;
    at.eat_mark("*");
    for part in at.split_commas() {
        let mut actions = Vec::new();
        if only || is_owner(part) {
            // Both are written by pg_dump, hardly by people.
            facts.dumps.insert(source.piece);
        }
        read_action(part, &table, facts, &mut actions)?;
        facts.ddl.extend(actions.into_iter().map(|action| Ddl::AlterTable {
            table: table.clone(),
            action,
            only,
            source: place.clone(),
        }));
    }
    Ok(())
}

fn is_owner(at: Cursor<'_>) -> bool {
    at.is_all("owner to")
}

fn read_alter_index(at: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), Unread> {
    at.eat_all("if exists");
    let name = at.qualified_name()?;
    if at.eat_all("rename to") {
        facts.ddl.push(Ddl::RenameIndex(name, at.name()?));
    } else if at.eat_all("attach partition") {
        facts.ddl.push(Ddl::AttachIndex { parent: name, child: at.qualified_name()? });
    }
    Ok(())
}

fn read_action(
    mut at: Cursor<'_>,
    table: &Name,
    facts: &mut Facts,
    actions: &mut Vec<AlterAction>,
) -> Result<(), Unread> {
    let first = at.word();
    at.bump();
    match first.as_str() {
        "add" => read_add(at, actions)?,
        "drop" => read_drop(at, table, facts, actions)?,
        "rename" => read_rename(at, actions)?,
        "alter" => read_alter_column(at, actions)?,
        "modify" | "change" => {
            at.eat("column");
            at.eat_all("if exists");
            let old = if first == "change" { Some(at.name()?) } else { None };
            let mut constraints = Vec::new();
            let (column, _) = read_column(at, &mut constraints)?;
            let old = old.unwrap_or_else(|| column.name.clone());
            actions.push(AlterAction::ChangeColumn(old, column));
            actions.extend(constraints.into_iter().map(AlterAction::AddConstraint));
        }
        "attach" if at.eat("partition") => {
            let child = at.qualified_name()?;
            at.eat_all("for values");
            actions.push(AlterAction::AttachPartition(child, read_bound(&mut at)));
        }
        "detach" if at.eat("partition") => {
            actions.push(AlterAction::DetachPartition(at.qualified_name()?));
        }
        "inherit" => actions.push(AlterAction::Inherit(at.qualified_name()?)),
        "set" if at.eat("schema") => actions.push(AlterAction::SetSchema(at.name()?)),
        // OWNER, SET, ENABLE, VALIDATE, REPLICA IDENTITY, ENGINE ...: neither tables nor indexes.
        _ => {}
    }
    Ok(())
}

fn read_add(mut at: Cursor<'_>, actions: &mut Vec<AlterAction>) -> Result<(), Unread> {
    if at.is_any(&["partition", "system", "generated", "period"]) {
        return Ok(());
    }
    if begins_constraint(&at) {
        let constraint = read_constraint(&mut at)?;
        actions.extend(constraint.map(AlterAction::AddConstraint));
        return Ok(());
    }
    at.eat("column");
    at.eat_all("if not exists");
    let parts = match at.group() {
        Some(group) => group.split_commas(),
        None => vec![at],
    };
    for mut part in parts {
        if begins_constraint(&part) {
            let constraint = read_constraint(&mut part)?;
            actions.extend(constraint.map(AlterAction::AddConstraint));
        } else {
            let mut constraints = Vec::new();
            let (column, _) = read_column(part, &mut constraints)?;
            actions.push(AlterAction::AddColumn(column, constraints));
        }
    }
    Ok(())
}

fn read_drop(
    mut at: Cursor<'_>,
    table: &Name,
    facts: &mut Facts,
    actions: &mut Vec<AlterAction>,
) -> Result<(), Unread> {
    if at.eat_all("primary key") {
        actions.push(AlterAction::DropConstraint("PRIMARY".to_owned()));
    } else if at.eat_all("foreign key") {
        at.eat_all("if exists");
        actions.push(AlterAction::DropForeignKey(at.name()?));
    } else if at.eat("constraint") || at.eat("check") {
        at.eat_all("if exists");
        actions.push(AlterAction::DropConstraint(at.name()?));
    } else if at.dialect.is_mysql_family() && (at.eat("index") || at.eat("key")) {
        at.eat_all("if exists");
        let name = Name { schema: None, name: at.name()? };
        facts.ddl.push(Ddl::DropIndex { name, table: Some(table.clone()) });
    } else if !at.is_any(&["partition", "system", "expression"]) {
        at.eat("column");
        at.eat_all("if exists");
        actions.push(AlterAction::DropColumn(at.name()?));
    }
    Ok(())
}

fn read_rename(mut at: Cursor<'_>, actions: &mut Vec<AlterAction>) -> Result<(), Unread> {
    if at.eat("to") || at.eat("as") {
        actions.push(AlterAction::RenameTable(at.qualified_name()?));
        return Ok(());
    }
    let is_key = at.is_any(&["constraint", "index", "key"]) && !at.is_at(1, "to");
    if is_key {
        at.bump();
        let old = at.name()?;
        at.eat("to");
        actions.push(AlterAction::RenameConstraint(old, at.name()?));
        return Ok(());
    }
    if at.is("column") && !at.is_at(1, "to") {
        at.bump();
    }
    at.eat_all("if exists");
    let old = at.name()?;
    if at.eat("to") {
        actions.push(AlterAction::RenameColumn(old, at.name()?));
    } else {
        // MySQL's RENAME without TO.
        actions.push(AlterAction::RenameTable(Name { schema: None, name: old }));
    }
    Ok(())
}

fn read_alter_column(mut at: Cursor<'_>, actions: &mut Vec<AlterAction>) -> Result<(), Unread> {
    if at.dialect.is_mysql_family() && at.eat("index") {
        let name = at.name()?;
        let usable = at.is("visible") || at.is_all("not ignored");
        actions.push(AlterAction::SetIndexUsable(name, usable));
        return Ok(());
    }
    if at.is_any(&["constraint", "check"]) {
        return Ok(());
    }
    at.eat("column");
    at.eat_all("if exists");
    let column = at.name()?;
    if at.eat_all("set not null") || at.eat_all("add generated") {
        actions.push(AlterAction::SetNotNull(column, true));
    } else if at.eat_all("drop not null") {
        actions.push(AlterAction::SetNotNull(column, false));
    } else if at.eat_all("set data type") || at.eat("type") {
        actions.push(AlterAction::SetType(column, read_type(&mut at)));
    }
    Ok(())
}
