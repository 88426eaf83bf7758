//! Which statement it is: CREATE, ALTER, DROP and the rest.

use super::index::read_create_index;
use super::misc;
use super::table::{read_create_table, without_data};
use super::trigger::read_trigger;
use super::{alter, column};
use crate::dialect::Dialect;
use crate::read::facts::{ColumnDef, Ddl, Facts};
use crate::sql::cursor::{Cursor, Unread, closed};
use crate::sql::schema::{Name, TableKind};
use crate::text::Source;

/// Reads the statement under the cursor. `false`: it is none of ours.
pub fn read_statement(
    at: &mut Cursor<'_>,
    source: &Source,
    facts: &mut Facts,
) -> Result<bool, Unread> {
    let (first, start) = (at.word(), at.offset());
    at.bump();
    match first.as_str() {
        "create" => read_create(at, start, source, facts)?,
        "alter" => alter::read_alter(at, source, facts)?,
        "drop" => read_drop(at, facts)?,
        "rename" => read_rename(at, source, facts)?,
        "use" => {
            let name = at.name()?;
            facts.ddl.push(Ddl::DefaultSchema(Some(name)));
        }
        "set" => misc::read_set(at, facts),
        "select" => return Ok(misc::read_select(at, facts)),
        "do" => misc::read_do(at, source, facts),
        // ANALYZE FORMAT=JSON SELECT, DESC SELECT, DECLARE c CURSOR FOR SELECT: queries after all.
        "analyze" | "desc" | "describe" | "declare" => {
            let verbs = ["select", "update", "delete", "insert"];
            return Ok(!(0..at.tokens.len()).any(|n| verbs.iter().any(|verb| at.is_at(n, verb))));
        }
        _ => {}
    }
    Ok(true)
}

/// Behind CREATE, which stands at `start`.
fn read_create(
    at: &mut Cursor<'_>,
    start: usize,
    source: &Source,
    facts: &mut Facts,
) -> Result<(), Unread> {
    let mut kind = TableKind::Ordinary;
    let mut materialized = false;
    while !at.is_done() {
        match at.word().as_str() {
            "temp" | "temporary" => kind = TableKind::Temporary,
            "foreign" => kind = TableKind::Foreign,
            "virtual" => kind = TableKind::Virtual,
            "materialized" => materialized = true,
            "or" | "replace" | "global" | "local" | "unlogged" | "recursive" | "external"
            | "transient" => {}
            "algorithm" | "definer" => {
                skip_view_option(at);
                continue;
            }
            "sql" => {
                at.eat_all("sql security");
            }
            _ => break,
        }
        at.bump();
    }
    match at.word().as_str() {
        "table" => {
            at.bump();
            let table = if kind == TableKind::Virtual {
                read_virtual(at, source)?
            } else {
                read_create_table(at, kind, source, facts)?
            };
            facts.ddl.push(Ddl::CreateTable(Box::new(table)));
        }
        "index" | "unique" | "fulltext" | "spatial" | "clustered" | "nonclustered" => {
            read_index(at, start, source, facts)?;
        }
        "view" => {
            at.bump();
            read_view(at, materialized, source, facts)?;
        }
        "type" => read_type(at, facts)?,
        "domain" => {
            at.bump();
            let name = at.qualified_name()?;
            at.eat("as");
            let base = column::read_type(at);
            facts.ddl.push(Ddl::CreateDomain(name, base));
        }
        "extension" => {
            at.bump();
            at.eat_all("if not exists");
            facts.ddl.push(Ddl::CreateExtension(at.name()?));
        }
        "schema" => read_schema(at, source, facts)?,
        "trigger" => read_trigger(at, source, facts)?,
        _ => {}
    }
    Ok(())
}

/// `ALGORITHM = x`, `DEFINER = user@host`
fn skip_view_option(at: &mut Cursor<'_>) {
    at.bump();
    at.eat_mark("=");
    let stops =
        ["sql", "view", "trigger", "function", "procedure", "event", "definer", "algorithm"];
    while !at.is_done() && !at.is_any(&stops) {
        at.skip_one();
    }
}

fn read_index(
    at: &mut Cursor<'_>,
    start: usize,
    source: &Source,
    facts: &mut Facts,
) -> Result<(), Unread> {
    let end = at.tokens.last().map_or(start, |token| token.span.end);
    let written = at.text.get(start..end).unwrap_or("");
    let mut index = read_create_index(at, Some(source))?;
    index.spec.definition = closed(written);
    if at.dialect == Dialect::Sqlite
        && let Some(schema) = index.name.as_ref().and_then(|name| name.schema.clone())
    {
        // In SQLite the schema stands before the index, not before the table.
        index.table.schema = Some(schema);
    }
    facts.ddl.push(Ddl::CreateIndex(Box::new(index)));
    Ok(())
}

/// SQLite's `CREATE VIRTUAL TABLE t USING fts5(a, b)`: its arguments are not columns in general, only
/// those of the full-text and R-tree modules.
fn read_virtual(
    at: &mut Cursor<'_>,
    source: &Source,
) -> Result<crate::read::facts::CreateTable, Unread> {
    let if_not_exists = at.eat_all("if not exists");
    let place = source.place(at.offset());
    let name = at.qualified_name()?;
    at.eat("using");
    let module = at.word();
    at.bump();
    Ok(crate::read::facts::CreateTable {
        name,
        kind: TableKind::Virtual,
        columns: virtual_columns(&module, at.rest()),
        if_not_exists,
        options: vec![("module".to_owned(), module)],
        source: Some(place),
        ..Default::default()
    })
}

/// `(title, body UNINDEXED, tokenize = 'porter')`: what has no `=` is a column.
fn virtual_columns(module: &str, arguments: &str) -> Vec<ColumnDef> {
    if !module.starts_with("fts") && !module.starts_with("rtree") {
        return Vec::new();
    }
    let inside = arguments.trim().trim_start_matches('(').trim_end_matches([')', ';']);
    let names =
        inside.split(',').filter(|argument| !argument.contains('=')).filter_map(|argument| {
            let word = argument.split_whitespace().next()?;
            let name = word.trim_matches(['"', '`', '[', ']', '\'']);
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            is_name.then(|| name.to_owned())
        });
    names.map(|name| ColumnDef { name, ..ColumnDef::default() }).collect()
}

fn read_view(
    at: &mut Cursor<'_>,
    materialized: bool,
    source: &Source,
    facts: &mut Facts,
) -> Result<(), Unread> {
    at.eat_all("if not exists");
    let place = source.place(at.offset());
    let name = at.qualified_name()?;
    let columns = if at.is_mark("(") { at.names_in_group()? } else { Vec::new() };
    while !at.is_done() && !at.eat("as") {
        at.skip_one();
    }
    let query = without_data(at.rest()).to_owned();
    if query.is_empty() {
        return Err(at.unread("the query of the view"));
    }
    facts.ddl.push(Ddl::CreateView { name, columns, query, materialized, source: place });
    Ok(())
}

fn read_type(at: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), Unread> {
    at.bump();
    let name = at.qualified_name()?;
    if at.eat_all("as enum") {
        facts.ddl.push(Ddl::CreateEnum(name));
    }
    Ok(())
}

/// `CREATE SCHEMA x CREATE TABLE ... CREATE VIEW ...`
fn read_schema(at: &mut Cursor<'_>, source: &Source, facts: &mut Facts) -> Result<(), Unread> {
    at.bump();
    at.eat_all("if not exists");
    let schema = if at.is("authorization") { None } else { Some(at.name()?) };
    while !at.is_done() && !at.is("create") {
        at.skip_one();
    }
    if at.is_done() || at.dialect != Dialect::Postgres {
        return Ok(());
    }
    let starts: Vec<usize> = (0..at.tokens.len()).filter(|n| at.is_at(*n, "create")).collect();
    let before = facts.ddl.len();
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(at.tokens.len());
        let mut part = at.over(at.tokens.get(*start..end).unwrap_or(&[]));
        let offset = part.offset();
        part.bump();
        read_create(&mut part, offset, source, facts)?;
    }
    for ddl in facts.ddl.iter_mut().skip(before) {
        let name = match ddl {
            Ddl::CreateTable(table) => &mut table.name,
            Ddl::CreateIndex(index) => &mut index.table,
            Ddl::CreateView { name, .. } => name,
            _ => continue,
        };
        if name.schema.is_none() {
            name.schema.clone_from(&schema);
        }
    }
    Ok(())
}

fn read_drop(at: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), Unread> {
    at.eat("temporary");
    at.eat("foreign");
    at.eat("materialized");
    let what = at.word();
    if !matches!(what.as_str(), "table" | "tables" | "view" | "index") {
        return Ok(());
    }
    at.bump();
    at.eat("concurrently");
    at.eat_all("if exists");
    let names = drop_names(at)?;
    if what != "index" {
        facts.ddl.extend(names.into_iter().map(Ddl::DropTable));
        return Ok(());
    }
    let table = if at.eat("on") { Some(at.qualified_name()?) } else { None };
    let drops = names.into_iter().map(|name| Ddl::DropIndex { name, table: table.clone() });
    facts.ddl.extend(drops);
    Ok(())
}

fn drop_names(at: &mut Cursor<'_>) -> Result<Vec<Name>, Unread> {
    let mut names = vec![at.qualified_name()?];
    while at.eat_mark(",") {
        names.push(at.qualified_name()?);
    }
    Ok(names)
}

/// MySQL's `RENAME TABLE a TO b, c TO d`.
fn read_rename(at: &mut Cursor<'_>, source: &Source, facts: &mut Facts) -> Result<(), Unread> {
    if !at.eat("table") && !at.eat("tables") {
        return Ok(());
    }
    for mut part in at.split_commas() {
        let place = source.place(part.offset());
        let table = part.qualified_name()?;
        part.eat("to");
        let action = crate::read::facts::AlterAction::RenameTable(part.qualified_name()?);
        facts.ddl.push(Ddl::AlterTable { table, action, only: false, source: place });
    }
    Ok(())
}
