//! MySQL 8.0.29 and later, MariaDB 10.4 and later, InnoDB: ALTER TABLE, action by action. A statement of
//! several actions runs as its slowest one allows.

use super::mysql::{index_part, is_innodb, moment, online_part, shared};
use super::part::{Blocks, Lasts, Part};
use super::scene::Scene;
use super::words::has;
use crate::dialect::Dialect;
use crate::read::ddl::{Cursor, Unread, read_type};
use crate::sql::rewrite::flat;
use crate::sql::schema::Name;

/// Behind ALTER; `whole` is the statement.
pub fn parts(
    mut at: Cursor<'_>,
    whole: Cursor<'_>,
    scene: &Scene<'_>,
) -> Result<Vec<Part>, Unread> {
    at.eat("table");
    at.eat_all("if exists");
    let table = at.qualified_name()?;
    let actions = at.split_commas();
    let forced_copy = actions.iter().any(|action| {
        action.is("algorithm") && (action.is_at(1, "copy") || action.is_at(2, "copy"))
    });
    let says = actions.iter().any(|action| action.is("algorithm") || action.is("lock"));
    let mut out = Vec::new();
    for action in actions.iter().filter(|one| !one.is_any(&["algorithm", "lock"])) {
        let part = part(*action, &table, &actions, scene)?;
        out.push(if forced_copy { copy(&table, part.does) } else { part });
    }
    if !is_innodb(&table, scene) {
        let copied = out.into_iter().map(|part| copy(&table, part.does));
        return Ok(copied.map(|part| part.note("the engine is not InnoDB: it copies")).collect());
    }
    Ok(pin(out, &whole, says, scene))
}

/// Adds the clause that makes the server refuse rather than take a stronger lock.
fn pin(mut parts: Vec<Part>, whole: &Cursor<'_>, says: bool, scene: &Scene<'_>) -> Vec<Part> {
    let copies = parts.iter().any(|part| part.blocks == Blocks::Writes);
    let long = parts.iter().any(|part| part.lasts > Lasts::Moment);
    let sql = flat(whole.rest(), scene.catalog.dialect);
    let Some(last) = parts.last_mut() else { return parts };
    match (says, copies, long) {
        (_, true, _) => last.notes.push(
            "gh-ost or pt-online-schema-change copies the table while others write".to_owned(),
        ),
        (false, false, true) => last.safer.push(format!("{sql}, ALGORITHM=INPLACE, LOCK=NONE")),
        _ => {}
    }
    parts
}

/// The server copies the table, and writes wait.
fn copy(table: &Name, does: String) -> Part {
    shared(table, does, Lasts::Rewrite).note("ALGORITHM=COPY: the table is copied row by row")
}

/// Written anew in place, and writes go on.
fn rebuild(table: &Name, does: String) -> Part {
    online_part(table, does).lasting(Lasts::Rewrite).note("INPLACE, but the table is rebuilt")
}

fn part(
    mut at: Cursor<'_>,
    table: &Name,
    all: &[Cursor<'_>],
    scene: &Scene<'_>,
) -> Result<Part, Unread> {
    let first = at.word();
    at.bump();
    Ok(match first.as_str() {
        "add" => add(at, table, scene)?,
        "drop" => drop_part(at, table, all)?,
        "modify" | "change" => change(at, table, first == "change", scene)?,
        "alter" => moment(table, format!("changes {}", alter_target(at))),
        "rename" if at.is_any(&["column", "index", "key"]) => {
            at.bump();
            let part = moment(table, format!("renames {}", at.name()?));
            part.note("statements that use the old name fail from then on")
        }
        "rename" => moment(table, format!("renames {table}"))
            .note("statements that use the old name fail from then on"),
        "convert" => copy(table, "changes the character set".to_owned()),
        "engine"
            if at.word().trim_start_matches('=').trim() != "innodb" && !at.is_at(1, "innodb") =>
        {
            copy(table, "changes the engine".to_owned())
        }
        "engine" | "force" | "row_format" | "key_block_size" => {
            rebuild(table, format!("rebuilds {table}"))
        }
        "partition" | "reorganize" | "coalesce" | "remove" | "exchange" | "rebuild" => {
            copy(table, format!("partitions {table} anew"))
        }
        _ => moment(table, format!("changes {table}")),
    })
}

fn alter_target(mut at: Cursor<'_>) -> String {
    while at.is_any(&["column", "index", "constraint", "check"]) {
        at.bump();
    }
    at.name().unwrap_or_default()
}

fn add(mut at: Cursor<'_>, table: &Name, scene: &Scene<'_>) -> Result<Part, Unread> {
    if at.eat("partition") {
        return Ok(moment(table, "adds a partition"));
    }
    let name = if at.eat("constraint") && !at.is_any(&["primary", "unique", "foreign", "check"]) {
        at.name().ok()
    } else {
        None
    };
    let named = |kind: &str| name.clone().unwrap_or_else(|| kind.to_owned());
    let special = at.is_any(&["fulltext", "spatial"]);
    if special || at.is("unique") {
        at.bump();
        at.eat("index");
        at.eat("key");
        let name = at.name().unwrap_or_else(|_| named("an index"));
        return Ok(index_part(table, &name, special, scene));
    }
    match at.word().as_str() {
        "index" | "key" => {
            at.bump();
            at.eat_all("if not exists");
            let name = at.name().unwrap_or_else(|_| "an index".to_owned());
            Ok(index_part(table, &name, false, scene))
        }
        "primary" => Ok(rebuild(table, "adds the primary key".to_owned())),
        "foreign" => {
            let note = "with SET foreign_key_checks = 0 it is done in place and writes go on, but rows \
                        that exist are not checked";
            Ok(copy(table, format!("adds {}", named("a foreign key"))).note(note))
        }
        "check" => Ok(copy(table, format!("adds {}", named("a CHECK")))),
        _ => add_column(at, table),
    }
}

fn add_column(mut at: Cursor<'_>, table: &Name) -> Result<Part, Unread> {
    at.eat("column");
    at.eat_all("if not exists");
    if at.is_mark("(") {
        return Ok(moment(table, "adds columns").note("INSTANT: only the definition is changed"));
    }
    let does = format!("adds the column {}", at.name()?);
    if has(&at, "auto_increment") {
        let note = "INPLACE, but the table is rebuilt and writes wait";
        return Ok(shared(table, does, Lasts::Rewrite).note(note));
    }
    if has(&at, "stored") || has(&at, "persistent") {
        return Ok(copy(table, does));
    }
    if has(&at, "unique") {
        return Ok(online_part(table, does).lasting(Lasts::Build));
    }
    let note = "INSTANT: only the definition is changed (MySQL 8.0.29, MariaDB 10.4; before, only as \
                the last column)";
    Ok(moment(table, does).note(note))
}

fn drop_part(mut at: Cursor<'_>, table: &Name, all: &[Cursor<'_>]) -> Result<Part, Unread> {
    if at.is_all("primary key") {
        let replaced = all.iter().any(|action| action.is_all("add primary key"));
        let does = "drops the primary key".to_owned();
        return Ok(if replaced { rebuild(table, does) } else { copy(table, does) });
    }
    if at.eat("index") || at.eat("key") {
        return Ok(online_part(table, format!("drops {}", at.name()?)));
    }
    if at.eat("partition") {
        return Ok(moment(table, "drops partitions and their rows"));
    }
    if at.eat_all("foreign key") || at.eat("constraint") || at.eat("check") {
        at.eat_all("if exists");
        return Ok(moment(table, format!("drops {}", at.name()?)));
    }
    at.eat("column");
    at.eat_all("if exists");
    let note = "INSTANT since MySQL 8.0.29 and MariaDB 10.4; before, the table is rebuilt";
    Ok(moment(table, format!("drops the column {}", at.name()?)).note(note))
}

/// MODIFY and CHANGE say the whole definition again: what differs decides.
fn change(
    mut at: Cursor<'_>,
    table: &Name,
    renames: bool,
    scene: &Scene<'_>,
) -> Result<Part, Unread> {
    at.eat("column");
    at.eat_all("if exists");
    let old = at.name()?;
    let new = if renames { at.name()? } else { old.clone() };
    let data_type = read_type(&mut at);
    let moved = has(&at, "first") || has(&at, "after");
    let not_null = has(&at, "not null");
    let Some(known) = scene.column(table, &old).filter(|column| !column.data_type.is_empty())
    else {
        let note = "what it was is not known here: a change of type copies the table";
        return Ok(copy(table, format!("changes {old}")).note(note));
    };
    let does = format!("changes {old} from {} to {data_type}", known.data_type);
    if !same_type(&known.data_type, &data_type) {
        if grows_in_place(&known.data_type, &data_type) {
            return Ok(moment(table, does).note("INPLACE: the length bytes of values stay"));
        }
        if appends_to_enum(&known.data_type, &data_type) {
            return Ok(moment(table, does).note("INSTANT: values are added at the end"));
        }
        return Ok(copy(table, does));
    }
    if not_null != known.not_null {
        let mariadb_instant = scene.catalog.dialect == Dialect::Mariadb && !not_null;
        let word = if not_null { "forbids" } else { "allows" };
        let does = format!("{word} NULL in {old}");
        return Ok(if mariadb_instant { moment(table, does) } else { rebuild(table, does) });
    }
    if moved && scene.catalog.dialect == Dialect::Mariadb {
        return Ok(moment(table, format!("moves {old}")).note("INSTANT since MariaDB 10.4"));
    }
    if moved {
        return Ok(rebuild(table, format!("moves {old}")));
    }
    if !old.eq_ignore_ascii_case(&new) {
        let part = moment(table, format!("renames {old} to {new}"));
        return Ok(part.note("statements that use the old name fail from then on"));
    }
    Ok(moment(table, format!("changes the default or comment of {old}")))
}

/// Do two ways of writing a type mean the same?
pub fn same_type(old: &str, new: &str) -> bool {
    // The display width of integers means nothing.
    let bare = |text: &str| {
        let name = text.split('(').next().unwrap_or(text).trim().to_ascii_lowercase();
        let width_is_shown_only = name.ends_with("int") || name == "integer";
        let unsigned = if text.contains("unsigned") { " unsigned" } else { "" };
        match width_is_shown_only {
            true => format!("{}{unsigned}", if name == "integer" { "int" } else { &name }),
            false => text.to_ascii_lowercase().replace(' ', ""),
        }
    };
    bare(old) == bare(new)
}

/// VARCHAR may grow while its length still takes one byte, or took two already. Lengths are of
/// characters of up to four bytes.
fn grows_in_place(old: &str, new: &str) -> bool {
    let length = |text: &str| -> Option<u32> {
        let inside = text.trim().strip_prefix("varchar")?.trim().strip_prefix('(')?;
        inside.split(')').next()?.trim().parse().ok()
    };
    let (Some(old), Some(new)) = (length(old), length(new)) else { return false };
    let is_long = |length: u32| length.saturating_mul(4) > 255;
    new >= old && is_long(old) == is_long(new)
}

fn appends_to_enum(old: &str, new: &str) -> bool {
    let is_list = old.starts_with("enum") || old.starts_with("set");
    let squeezed = |text: &str| text.replace(", ", ",");
    let (old, new) = (squeezed(old), squeezed(new));
    is_list
        && old.strip_suffix(')').is_some_and(|head| new.starts_with(head) && new.len() > old.len())
}
