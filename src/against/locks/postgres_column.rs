//! PostgreSQL: columns that are added or changed by ALTER TABLE.

use super::part::{Blocks, Lasts, Part};
use super::postgres_alter::moment;
use super::postgres_types::{Change, type_change};
use super::scene::Scene;
use super::words::{SHARE_ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, behind, functions, has, quoted};
use crate::dialect::Dialect;
use crate::read::ddl::{Cursor, Unread, read_type};
use crate::sql::quote::quote_name;
use crate::sql::schema::{Name, is_text_type};
use crate::sql::visit::is_volatile;

/// Functions whose value stays for a statement or for ever: a default of them is stored once.
const STABLE: [&str; 14] = [
    "now",
    "current_timestamp",
    "current_date",
    "transaction_timestamp",
    "statement_timestamp",
    "localtimestamp",
    "timezone",
    "date_trunc",
    "lower",
    "upper",
    "concat",
    "jsonb_build_object",
    "array",
    "interval",
];

/// ADD COLUMN.
pub fn add(mut at: Cursor<'_>, table: &Name, scene: &Scene<'_>) -> Result<Part, Unread> {
    at.eat("column");
    at.eat_all("if not exists");
    let column = at.name()?;
    let data_type = read_type(&mut at);
    let part = moment(table, format!("adds the column {column}"));
    let serial = data_type.contains("serial") || has(&at, "as identity");
    let stored = has(&at, "stored");
    if serial || stored {
        let what = if stored { "a stored generated column" } else { "a sequence" };
        let note = format!("{what} gives every row that exists a value of its own");
        return Ok(part.lasting(Lasts::Rewrite).note(note));
    }
    let default = behind(&at, "default");
    let called = default.as_ref().map(functions).unwrap_or_default();
    if let Some(name) = called.iter().find(|name| is_volatile(name)) {
        return Ok(volatile_default(part, table, &column, &data_type, name, default));
    }
    if default.is_some() && scene.is_before(11) {
        let note = "before PostgreSQL 11 a default is written into every row";
        return Ok(part.lasting(Lasts::Rewrite).note(note));
    }
    let mut part = part;
    if let Some(name) = called.iter().find(|name| !STABLE.contains(&name.as_str())) {
        part = part.note(format!("if {name}() is VOLATILE, the whole table is rewritten"));
    }
    if has(&at, "not null") && default.is_none() {
        part = part.note("it fails if there is a row: NOT NULL needs a DEFAULT");
    }
    if has(&at, "unique") || has(&at, "primary key") {
        return Ok(part.lasting(Lasts::Build).note("its index is built under the same lock"));
    }
    if let Some(mut target) = behind(&at, "references") {
        part = part.locking(SHARE_ROW_EXCLUSIVE, &target.qualified_name()?.to_string());
        return Ok(if default.is_some() { part.lasting(Lasts::Scan) } else { part });
    }
    if has(&at, "check") {
        return Ok(part.lasting(Lasts::Scan).note("its CHECK is tried on every row"));
    }
    Ok(part)
}

/// First the column, then the default for rows to come, then those that exist.
fn volatile_default(
    part: Part,
    table: &Name,
    column: &str,
    data_type: &str,
    function: &str,
    default: Option<Cursor<'_>>,
) -> Part {
    let (table, column) = (quoted(table, Dialect::Postgres), quote_name(column, Dialect::Postgres));
    let expression = default.map(|mut default| {
        let start = default;
        while !default.is_done()
            && !default.is_any(&["not", "null", "unique", "primary", "references", "check"])
        {
            default.skip_one();
        }
        let n = start.tokens.len() - default.tokens.len();
        start.over(start.tokens.get(..n).unwrap_or(&[])).rest().to_owned()
    });
    let expression = expression.unwrap_or_default();
    part.lasting(Lasts::Rewrite)
        .note(format!("{function}() is volatile: every row that exists gets a value of its own"))
        .safer([
            format!("ALTER TABLE {table} ADD COLUMN {column} {data_type}"),
            format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {expression}"),
            format!(
                "UPDATE {table} SET {column} = {expression} WHERE {column} IS NULL -- in batches"
            ),
        ])
}

/// ALTER COLUMN.
pub fn alter(mut at: Cursor<'_>, table: &Name, scene: &Scene<'_>) -> Result<Part, Unread> {
    if at.eat("constraint") {
        return Ok(moment(table, format!("changes {}", at.name()?)));
    }
    at.eat("column");
    let column = at.name()?;
    if at.eat_all("set data type") || at.eat("type") {
        return Ok(set_type(at, table, &column, scene));
    }
    if at.is_all("set not null") {
        return Ok(set_not_null(table, &column, scene));
    }
    if at.is_all("set statistics") || (at.is("set") && at.is_mark_at(1, "(")) || at.is("reset") {
        let does = format!("changes how {column} is sampled");
        return Ok(Part::on(table, does, SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing));
    }
    if at.is_all("set expression") {
        return Ok(moment(table, format!("computes {column} anew")).lasting(Lasts::Rewrite));
    }
    let does = match at.word().as_str() {
        "drop" if at.is_at(1, "not") => format!("lets {column} be NULL"),
        "drop" => format!("drops the default of {column}"),
        "set" if at.is_at(1, "default") => format!("sets the default of {column}"),
        _ => format!("changes {column}"),
    };
    Ok(moment(table, does))
}

fn set_not_null(table: &Name, column: &str, scene: &Scene<'_>) -> Part {
    let part = moment(table, format!("forbids NULL in {column}"));
    if scene.is_proven_not_null(table, column) && !scene.is_before(12) {
        return part.note("a valid constraint proves it: the table is not read");
    }
    let (own, quoted_column) =
        (quoted(table, Dialect::Postgres), quote_name(column, Dialect::Postgres));
    let name = quote_name(&format!("{}_{column}_not_null", table.name), Dialect::Postgres);
    part.lasting(Lasts::Scan).safer([
        format!(
            "ALTER TABLE {own} ADD CONSTRAINT {name} CHECK ({quoted_column} IS NOT NULL) NOT VALID"
        ),
        format!("ALTER TABLE {own} VALIDATE CONSTRAINT {name}"),
        format!("ALTER TABLE {own} ALTER COLUMN {quoted_column} SET NOT NULL"),
        format!("ALTER TABLE {own} DROP CONSTRAINT {name}"),
    ])
}

fn set_type(mut at: Cursor<'_>, table: &Name, column: &str, scene: &Scene<'_>) -> Part {
    let new = read_type(&mut at);
    let old = scene.column(table, column).map(|column| column.data_type.clone());
    let known = old.clone().unwrap_or_default();
    let from = if known.is_empty() { String::new() } else { format!(" from {known}") };
    let part = moment(table, format!("changes {column}{from} to {new}"));
    let computed = behind(&at, "using").is_some_and(|using| !is_plain(using, column));
    let part = match types_are_alike(&known, &new) {
        true => part,
        false => part.note(
            "queries that compare it with values of the old type may fail or lose their index: they \
             are planned here as they stand",
        ),
    };
    let change = if computed { Change::Rewrite } else { type_change(&known, &new) };
    match change {
        Change::Catalog => part.note("the bytes of the values stay as they are"),
        Change::TimeZone => {
            let note = "no rewrite while the session's TimeZone is UTC, else the whole table";
            part.lasting(Lasts::Rewrite).note(note).safer(["SET timezone = 'UTC'".to_owned()])
        }
        Change::Indexes if !scene.is_indexed(table, column) => part,
        Change::Indexes => {
            let note = "the table stays, indexes on the column are built anew";
            part.lasting(Lasts::Build).note(note)
        }
        Change::Rewrite => part.lasting(Lasts::Rewrite).note(
            "the table and all its indexes are written anew: add a column of the new type, keep it \
             in step by a trigger, fill it in batches, then swap the names",
        ),
    }
}

/// May values of one type stand for the other in comparisons?
fn types_are_alike(old: &str, new: &str) -> bool {
    let family = |name: &str| match () {
        () if is_text_type(name) => 0,
        () if [
            "int",
            "bigint",
            "smallint",
            "serial",
            "bigserial",
            "numeric",
            "decimal",
            "real",
        ]
        .iter()
        .chain(&["double", "float"])
        .any(|known| name.starts_with(known)) =>
        {
            1
        }
        () if name.starts_with("timestamp") || name.starts_with("date") => 2,
        () => 3,
    };
    old.is_empty() || family(old) == family(new)
}

/// `USING a` and `USING a::type` compute nothing that the server would not do itself.
fn is_plain(mut using: Cursor<'_>, column: &str) -> bool {
    let named = using.name().is_ok_and(|name| name.eq_ignore_ascii_case(column));
    named && (using.is_done() || using.is_mark("::"))
}
