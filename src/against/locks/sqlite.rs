//! SQLite: one writer at a time, and the lock is of the whole database. Readers go on in WAL mode; else
//! they wait while the transaction commits.

use super::part::{Blocks, Lasts, Part};
use super::scene::Scene;
use super::words::has;
use crate::read::ddl::{Cursor, Unread};
use crate::sql::schema::Name;

/// The actions of a statement; none where it is not known.
pub fn parts(at: Cursor<'_>, scene: &Scene<'_>) -> Vec<Part> {
    statement(at, scene).unwrap_or_default()
}

fn write(table: Option<Name>, does: String, lasts: Lasts) -> Part {
    let part = Part { does, table, blocks: Blocks::Writes, lasts, ..Part::default() };
    let note =
        "readers go on in WAL mode (PRAGMA journal_mode = WAL), else they wait while it commits";
    part.locking("RESERVED, then EXCLUSIVE", "the whole database").note(note)
}

fn statement(mut at: Cursor<'_>, scene: &Scene<'_>) -> Result<Vec<Part>, Unread> {
    let first = at.word();
    at.bump();
    let part = match first.as_str() {
        "create" => {
            let unique = at.eat("unique");
            if unique || at.is("index") {
                at.eat("index");
                at.eat_all("if not exists");
                let name = at.qualified_name()?;
                at.eat("on");
                let does = format!("builds {}", name.name);
                write(Some(at.qualified_name()?), does, Lasts::Build)
            } else {
                while at.is_any(&["temp", "temporary", "virtual"]) {
                    at.bump();
                }
                let what = at.word();
                at.bump();
                at.eat_all("if not exists");
                let name = at.qualified_name()?;
                // `table` stays out: nothing of it is read.
                write(None, format!("creates the {what} {name}"), Lasts::Moment)
            }
        }
        "alter" => return Ok(alter(at, scene)?.into_iter().collect()),
        "drop" => {
            let what = at.word();
            at.bump();
            at.eat_all("if exists");
            let name = at.qualified_name()?;
            let part = write(None, format!("drops {name}"), Lasts::Moment);
            match what.as_str() {
                "table" | "index" => part.note("its pages are put on the list of free ones"),
                _ => part,
            }
        }
        "insert" | "update" | "delete" | "replace" => {
            while at.is_any(&["into", "from", "or", "replace", "ignore", "abort", "fail"]) {
                at.bump();
            }
            let table = at.qualified_name()?;
            let does = format!("writes rows of {table}");
            let part = write(Some(table), does, Lasts::Rows);
            part.note("other writers wait to the end of the transaction: keep it short")
        }
        "reindex" => write(None, "rebuilds indexes".to_owned(), Lasts::Build),
        "vacuum" => write(None, "rewrites the database file".to_owned(), Lasts::Rewrite).outside(),
        _ => return Ok(Vec::new()),
    };
    Ok(vec![part])
}

fn alter(mut at: Cursor<'_>, scene: &Scene<'_>) -> Result<Option<Part>, Unread> {
    if !at.eat("table") {
        return Ok(None);
    }
    let table = at.qualified_name()?;
    let on = Some(table.clone());
    let first = at.word();
    at.bump();
    at.eat("column");
    Ok(Some(match first.as_str() {
        "rename" => {
            let note = "statements that use the old name fail from then on";
            write(on, format!("renames in {table}"), Lasts::Moment).note(note)
        }
        "add" => {
            let does = format!("adds the column {}", at.name()?);
            let tried = has(&at, "check") || (has(&at, "generated") && has(&at, "not null"));
            match tried {
                true => write(on, does, Lasts::Scan).note("its condition is tried on every row"),
                false => write(on, does, Lasts::Moment),
            }
        }
        "drop" => {
            let column = at.name()?;
            let part = write(on, format!("drops the column {column}"), Lasts::Rewrite);
            match is_held(&table, &column, scene) {
                true => part.note("SQLite refuses it while an index or a key is on the column"),
                false => part,
            }
        }
        _ => write(on, format!("changes {table}"), Lasts::Moment).note(
            "SQLite has no such ALTER TABLE: create the table anew under another name, copy the \
             rows, drop the old one, rename",
        ),
    }))
}

/// Is the column indexed, or part of a key?
fn is_held(table: &Name, column: &str, scene: &Scene<'_>) -> bool {
    let Some(table) = scene.table(table) else { return false };
    let at = table.columns.iter().position(|one| one.name.eq_ignore_ascii_case(column));
    let Some(at) = at else { return false };
    let holds = |index: &crate::catalog::Index| {
        index.keys.iter().any(|key| key.part == crate::sql::schema::KeyPart::Column(at))
    };
    table.rowid_column == Some(at)
        || table.indexes.iter().any(holds)
        || table.foreign_keys.iter().any(|key| key.columns.contains(&at))
}
