//! PostgreSQL: ALTER TABLE, action by action. What is not named here takes ACCESS EXCLUSIVE for a
//! moment: it changes the catalog alone.

use super::part::{Blocks, Lasts, Part};
use super::postgres_column;
use super::scene::Scene;
use super::words::{
    ACCESS_EXCLUSIVE, SHARE_ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, behind, has, made_up, quoted,
};
use crate::dialect::Dialect;
use crate::read::ddl::{Cursor, Unread};
use crate::sql::quote::quote_name;
use crate::sql::schema::Name;

/// Behind ALTER.
pub fn parts(mut at: Cursor<'_>, scene: &Scene<'_>) -> Result<Vec<Part>, Unread> {
    at.eat("table");
    at.eat_all("if exists");
    at.eat("only");
    let table = at.qualified_name()?;
    at.eat_mark("*");
    at.split_commas().into_iter().map(|action| part(action, &table, scene)).collect()
}

/// For a moment, and everything waits.
pub fn moment(table: &Name, does: impl Into<String>) -> Part {
    Part::on(table, does, ACCESS_EXCLUSIVE, Blocks::All)
}

fn part(mut at: Cursor<'_>, table: &Name, scene: &Scene<'_>) -> Result<Part, Unread> {
    let first = at.word();
    at.bump();
    Ok(match first.as_str() {
        "add" if is_constraint(&at) => add_constraint(at, table, scene)?,
        "add" => postgres_column::add(at, table, scene)?,
        "drop" => drop_part(at, table, scene)?,
        "alter" => postgres_column::alter(at, table, scene)?,
        "validate" => {
            at.eat("constraint");
            let does = format!("validates {}", at.name()?);
            Part::on(table, does, SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing).lasting(Lasts::Scan)
        }
        "rename" => rename(at, table),
        "attach" => attach(at, table)?,
        "detach" => detach(at, table, scene)?,
        "set" | "reset" => set(at, table),
        "cluster" => Part::on(table, "marks an index", SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing),
        "enable" | "disable" if !has(&at, "row level security") && !has(&at, "rule") => {
            Part::on(table, format!("{first}s a trigger"), SHARE_ROW_EXCLUSIVE, Blocks::Writes)
        }
        _ => moment(table, format!("changes {table}")),
    })
}

fn is_constraint(at: &Cursor<'_>) -> bool {
    at.is_any(&["constraint", "primary", "unique", "foreign", "check", "exclude"])
}

fn add_constraint(mut at: Cursor<'_>, table: &Name, scene: &Scene<'_>) -> Result<Part, Unread> {
    let name = if at.eat("constraint") { Some(at.name()?) } else { None };
    let what = name.clone().unwrap_or_else(|| "a constraint".to_owned());
    let late = has(&at, "not valid");
    let quoted_table = quoted(table, Dialect::Postgres);
    let later = |definition: &str, suffix: &str| {
        let name = name.clone().unwrap_or_else(|| made_up(table, "new", suffix));
        let name = quote_name(&name, Dialect::Postgres);
        [
            format!("ALTER TABLE {quoted_table} ADD CONSTRAINT {name} {definition} NOT VALID"),
            format!("ALTER TABLE {quoted_table} VALIDATE CONSTRAINT {name}"),
        ]
    };
    let definition = at.rest().to_owned();
    match at.word().as_str() {
        "foreign" => {
            let mut part = Part::on(
                table,
                format!("adds the foreign key {what}"),
                SHARE_ROW_EXCLUSIVE,
                Blocks::Writes,
            );
            if let Some(mut target) = behind(&at, "references") {
                part = part.locking(SHARE_ROW_EXCLUSIVE, &target.qualified_name()?.to_string());
            }
            if late {
                return Ok(part.note("rows that exist are not checked until VALIDATE CONSTRAINT"));
            }
            if scene.is_partitioned(table) {
                let note = "NOT VALID is refused on a partitioned table";
                return Ok(part.lasting(Lasts::Scan).note(note));
            }
            Ok(part.lasting(Lasts::Scan).safer(later(&definition, "fkey")))
        }
        "check" if late => {
            let note = "rows that exist are not checked until VALIDATE CONSTRAINT";
            Ok(moment(table, format!("adds {what}")).note(note))
        }
        "check" => {
            let part = moment(table, format!("adds {what}")).lasting(Lasts::Scan);
            Ok(part.safer(later(&definition, "check")))
        }
        "exclude" => {
            let part = moment(table, format!("adds {what}")).lasting(Lasts::Build);
            Ok(part.note("its index cannot be built CONCURRENTLY"))
        }
        _ => add_key(at, table, name.as_deref(), scene),
    }
}

/// PRIMARY KEY and UNIQUE.
fn add_key(
    mut at: Cursor<'_>,
    table: &Name,
    name: Option<&str>,
    scene: &Scene<'_>,
) -> Result<Part, Unread> {
    let primary = at.eat("primary");
    let kind = if primary { "PRIMARY KEY" } else { "UNIQUE" };
    at.bump();
    let what = name.unwrap_or(kind);
    if let Some(mut index) = behind(&at, "using index") {
        let part = moment(table, format!("makes {} a {kind}", index.name()?));
        let note = "a column that is not NOT NULL yet is read for NULLs";
        return Ok(if primary { part.note(note) } else { part });
    }
    at.eat_all("nulls not distinct");
    at.eat_all("nulls distinct");
    let columns = at.names_in_group().unwrap_or_default();
    let part = moment(table, format!("adds {what} and builds its index")).lasting(Lasts::Build);
    if columns.is_empty() || scene.is_partitioned(table) {
        return Ok(part);
    }
    let name = name.map(str::to_owned).unwrap_or_else(|| match primary {
        true => format!("{}_pkey", table.name),
        false => made_up(table, &columns.join("_"), "key"),
    });
    let quote = |name: &String| quote_name(name, Dialect::Postgres);
    let list: Vec<String> = columns.iter().map(quote).collect();
    let (name, table) = (quote(&name), quoted(table, Dialect::Postgres));
    Ok(part.safer([
        format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({})", list.join(", ")),
        format!("ALTER TABLE {table} ADD CONSTRAINT {name} {kind} USING INDEX {name}"),
    ]))
}

fn drop_part(mut at: Cursor<'_>, table: &Name, scene: &Scene<'_>) -> Result<Part, Unread> {
    if at.eat("constraint") {
        at.eat_all("if exists");
        let name = at.name()?;
        let part = moment(table, format!("drops {name}"));
        let keys = scene.table(table).map(|table| table.foreign_keys.as_slice());
        let key = keys.unwrap_or_default().iter().find(|key| key.name.as_ref() == Some(&name));
        return Ok(match key {
            Some(key) => part.locking(ACCESS_EXCLUSIVE, &key.references.to_string()),
            None => part,
        });
    }
    at.eat("column");
    at.eat_all("if exists");
    let name = at.name()?;
    let note = "indexes and constraints on it go too; its space comes back as rows are rewritten";
    Ok(moment(table, format!("drops the column {name}")).note(note))
}

fn rename(mut at: Cursor<'_>, table: &Name) -> Part {
    let note = "statements that use the old name fail from then on: deploy both at once, or keep a \
                view of the old shape";
    if at.is_any(&["constraint"]) {
        return moment(table, "renames a constraint");
    }
    if at.eat("to") {
        return moment(table, format!("renames {table}")).note(note);
    }
    at.eat("column");
    moment(table, format!("renames the column {}", at.word())).note(note)
}

fn attach(mut at: Cursor<'_>, table: &Name) -> Result<Part, Unread> {
    at.eat("partition");
    let child = at.qualified_name()?;
    let note = format!(
        "{child} is read to check its bound, unless a CHECK constraint already proves it; nobody can \
         use it meanwhile, nor a default partition"
    );
    let part =
        Part::on(table, format!("attaches {child}"), SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing);
    let part = part.locking(ACCESS_EXCLUSIVE, &child.to_string()).note(note);
    Ok(Part { table: Some(child), ..part }.lasting(Lasts::Scan))
}

fn detach(mut at: Cursor<'_>, table: &Name, scene: &Scene<'_>) -> Result<Part, Unread> {
    at.eat("partition");
    let child = at.qualified_name()?;
    let does = format!("detaches {child}");
    if at.is("concurrently") {
        let part = Part::on(table, does, SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing).outside();
        return Ok(part
            .locking(ACCESS_EXCLUSIVE, &child.to_string())
            .note("PostgreSQL 14 and later"));
    }
    let (own, child) = (quoted(table, Dialect::Postgres), quoted(&child, Dialect::Postgres));
    let statement = format!("ALTER TABLE {own} DETACH PARTITION {child} CONCURRENTLY");
    let part = moment(table, does).locking(ACCESS_EXCLUSIVE, &child);
    Ok(if scene.is_before(14) { part } else { part.safer([statement]) })
}

fn set(at: Cursor<'_>, table: &Name) -> Part {
    let rewrites = at.is_any(&["logged", "unlogged", "tablespace"]) || at.is_all("access method");
    if rewrites {
        let what = at.rest();
        return moment(table, format!("sets {what}")).lasting(Lasts::Rewrite);
    }
    if at.is_mark("(") {
        let does = "changes storage parameters";
        return Part::on(table, does, SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing);
    }
    if at.is_all("without cluster") {
        return Part::on(table, "marks no index", SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing);
    }
    moment(table, format!("changes {table}"))
}
