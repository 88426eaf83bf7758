//! MySQL 8 and MariaDB, InnoDB: every statement but the actions of ALTER TABLE.

use super::mysql_alter;
use super::part::{Blocks, Lasts, Part};
use super::scene::Scene;
use super::words::{behind, has, quoted};
use crate::read::ddl::{Cursor, Unread};
use crate::sql::quote::quote_name;
use crate::sql::rewrite::{flat, online};
use crate::sql::schema::Name;

/// The actions of a statement; none where it locks nothing that others use, or is not known.
pub fn parts(at: Cursor<'_>, scene: &Scene<'_>) -> Vec<Part> {
    let mut parts = statement(at, scene).unwrap_or_default();
    if parts.iter().any(|part| part.lasts > Lasts::Moment) {
        // The statement runs as its slowest action; the others wait for nothing of their own.
        for part in parts.iter_mut().filter(|part| part.lasts == Lasts::Moment) {
            part.blocks = Blocks::Nothing;
            part.locks.clear();
            part.notes.clear();
        }
    }
    parts.into_iter().map(Part::committing).collect()
}

fn statement(mut at: Cursor<'_>, scene: &Scene<'_>) -> Result<Vec<Part>, Unread> {
    let whole = at;
    let first = at.word();
    at.bump();
    Ok(match first.as_str() {
        "create" => create(at, whole, scene)?.into_iter().collect(),
        "alter" => {
            while at.is_any(&["online", "ignore"]) {
                at.bump();
            }
            match at.is("table") {
                true => mysql_alter::parts(at, whole, scene)?,
                false => Vec::new(),
            }
        }
        "drop" => drop_statement(at, scene)?,
        "rename" if at.eat("table") => {
            let renamed = at.split_commas();
            let names = renamed.into_iter().map(|mut one| one.qualified_name());
            let names: Result<Vec<Name>, Unread> = names.collect();
            names?.iter().map(|name| moment(name, format!("renames {name}"))).collect()
        }
        "truncate" => {
            at.eat("table");
            let name = at.qualified_name()?;
            vec![moment(&name, format!("empties {name}"))]
        }
        "optimize" | "analyze" if at.eat("table") => {
            let name = at.qualified_name()?;
            let part = online_part(&name, format!("{first}s {name}"));
            vec![if first == "optimize" { part.lasting(Lasts::Rewrite) } else { part }]
        }
        "insert" | "update" | "delete" | "replace" => return rows(&first, at),
        _ => Vec::new(),
    })
}

/// Reads and writes go on; for a moment at the start and the end nobody may be inside.
pub fn online_part(table: &Name, does: impl Into<String>) -> Part {
    Part::on(table, does, "metadata lock, LOCK=NONE", Blocks::Nothing).note(
        "at the start and the end it waits for open transactions on the table, and all others \
             queue behind it: SET lock_wait_timeout before",
    )
}

/// Only the definition is changed.
pub fn moment(table: &Name, does: impl Into<String>) -> Part {
    Part::on(table, does, "exclusive metadata lock", Blocks::All).note(
        "it waits for open transactions on the table, and all others queue behind it: SET \
         lock_wait_timeout before",
    )
}

/// Writes wait until it is done.
pub fn shared(table: &Name, does: impl Into<String>, lasts: Lasts) -> Part {
    Part::on(table, does, "metadata lock, LOCK=SHARED", Blocks::Writes).lasting(lasts)
}

pub fn is_innodb(table: &Name, scene: &Scene<'_>) -> bool {
    let engine = scene.table(table).and_then(|table| table.engine.as_deref());
    engine.is_none_or(|engine| engine.eq_ignore_ascii_case("innodb"))
}

fn create(
    mut at: Cursor<'_>,
    whole: Cursor<'_>,
    scene: &Scene<'_>,
) -> Result<Option<Part>, Unread> {
    if at.eat("or") {
        at.bump();
    }
    let special = at.is_any(&["fulltext", "spatial"]);
    if special || at.is("unique") {
        at.bump();
    }
    if at.eat("index") {
        let name = at.name()?;
        let Some(mut rest) = behind(&at, "on") else { return Ok(None) };
        let table = rest.qualified_name()?;
        let mut part = index_part(&table, &name, special, scene);
        if part.blocks == Blocks::Nothing && part.safer.is_empty() {
            let sql = flat(whole.rest(), scene.catalog.dialect);
            part =
                part.safer(Some(online(sql.clone(), scene.catalog.dialect)).filter(|s| *s != sql));
        }
        return Ok(Some(part));
    }
    if at.eat("trigger") {
        let Some(mut rest) = behind(&at, "on") else { return Ok(None) };
        return Ok(Some(moment(&rest.qualified_name()?, "creates a trigger")));
    }
    if at.eat("table") {
        at.eat_all("if not exists");
        return Ok(Some(Part::free(format!("creates {}", at.qualified_name()?))));
    }
    Ok(None)
}

/// A new index.
pub fn index_part(table: &Name, name: &str, special: bool, scene: &Scene<'_>) -> Part {
    let does = format!("builds {name}");
    if !is_innodb(table, scene) {
        return shared(table, does, Lasts::Rewrite).note("the engine is not InnoDB: it copies");
    }
    if special {
        let note = "the first FULLTEXT index of a table rebuilds it";
        return shared(table, does, Lasts::Build).note(note);
    }
    online_part(table, does).lasting(Lasts::Build)
}

fn drop_statement(mut at: Cursor<'_>, scene: &Scene<'_>) -> Result<Vec<Part>, Unread> {
    if at.eat("index") {
        at.eat_all("if exists");
        let name = at.name()?;
        let Some(mut rest) = behind(&at, "on") else { return Ok(Vec::new()) };
        let table = rest.qualified_name()?;
        let part = match is_innodb(&table, scene) {
            true => online_part(&table, format!("drops {name}")),
            false => shared(&table, format!("drops {name}"), Lasts::Rewrite),
        };
        let dialect = scene.catalog.dialect;
        let (table, name) = (quoted(&table, dialect), quote_name(&name, dialect));
        let hidden =
            if dialect == crate::dialect::Dialect::Mysql { "INVISIBLE" } else { "IGNORED" };
        let first = format!("ALTER TABLE {table} ALTER INDEX {name} {hidden}");
        let note = format!("hide it first, and drop it when nothing got slower: {first}");
        return Ok(vec![part.note(note)]);
    }
    if at.eat("table") {
        at.eat_all("if exists");
        let mut out = Vec::new();
        for mut one in at.split_commas() {
            let name = one.qualified_name()?;
            out.push(moment(&name, format!("drops {name}")));
        }
        return Ok(out);
    }
    Ok(Vec::new())
}

fn rows(verb: &str, mut at: Cursor<'_>) -> Result<Vec<Part>, Unread> {
    while at.is_any(&["into", "from", "ignore", "low_priority", "quick", "delayed"]) {
        at.bump();
    }
    let table = at.qualified_name()?;
    if matches!(verb, "insert" | "replace") {
        let part = Part::on(&table, format!("inserts into {table}"), "row locks", Blocks::Nothing);
        return Ok(vec![part.lasting(Lasts::Rows)]);
    }
    let does = format!("changes rows of {table}");
    let part = Part::on(&table, does, "row and gap locks", Blocks::Rows).lasting(Lasts::Rows);
    let note = match has(&at, "where") {
        false => {
            "every row is changed at once, and stays locked to the end of the transaction: \
                  change them in batches"
        }
        true => {
            "rows it looks at stay locked to the end of the transaction: change them in batches"
        }
    };
    Ok(vec![part.note(note)])
}
