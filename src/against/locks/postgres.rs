//! PostgreSQL: every statement but ALTER TABLE.

use super::part::{Blocks, Lasts, Part};
use super::postgres_alter;
use super::scene::Scene;
use super::words::{
    ACCESS_EXCLUSIVE, ACCESS_SHARE, EXCLUSIVE, ROW_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE, behind, has, quoted,
};
use crate::dialect::Dialect;
use crate::read::ddl::{Cursor, Unread};
use crate::sql::rewrite::{concurrently, flat};
use crate::sql::schema::Name;

/// The actions of a statement; none where it locks nothing that others use, or is not known.
pub fn parts(at: Cursor<'_>, scene: &Scene<'_>) -> Vec<Part> {
    statement(at, scene).unwrap_or_default()
}

fn statement(mut at: Cursor<'_>, scene: &Scene<'_>) -> Result<Vec<Part>, Unread> {
    let whole = at;
    let first = at.word();
    at.bump();
    Ok(match first.as_str() {
        "create" => create(at, whole, scene)?.into_iter().collect(),
        "alter" => match at.word().as_str() {
            "table" => postgres_alter::parts(at, scene)?,
            "index" => vec![alter_index(at)?],
            _ => Vec::new(),
        },
        "drop" => drop_statement(at, scene)?,
        "reindex" => reindex(at)?.into_iter().collect(),
        "vacuum" | "analyze" | "cluster" | "refresh" | "truncate" | "lock" => {
            maintain(&first, at)?.into_iter().collect()
        }
        "insert" | "update" | "delete" | "merge" => vec![rows(&first, at)?],
        _ => Vec::new(),
    })
}

fn create(
    mut at: Cursor<'_>,
    whole: Cursor<'_>,
    scene: &Scene<'_>,
) -> Result<Option<Part>, Unread> {
    while at.is_any(&["or", "replace", "unique", "unlogged", "constraint", "event"]) {
        at.bump();
    }
    if at.eat("index") {
        return create_index(at, whole, scene).map(Some);
    }
    if at.eat("table") {
        return create_table(at).map(Some);
    }
    if at.eat("trigger") || at.eat("rule") || at.eat("policy") {
        let name = at.name()?;
        let Some(mut table) = behind(&at, "on").or_else(|| behind(&at, "to")) else {
            return Ok(None);
        };
        let trigger = has(&whole, "trigger");
        let mode = if trigger { SHARE_ROW_EXCLUSIVE } else { ACCESS_EXCLUSIVE };
        let blocks = if trigger { Blocks::Writes } else { Blocks::All };
        return Ok(Some(Part::on(
            &table.qualified_name()?,
            format!("creates {name}"),
            mode,
            blocks,
        )));
    }
    if at.eat("statistics") {
        let Some(mut table) = behind(&at, "from") else { return Ok(None) };
        let part = Part::on(
            &table.qualified_name()?,
            "creates statistics",
            SHARE_UPDATE_EXCLUSIVE,
            Blocks::Nothing,
        );
        return Ok(Some(part.note("they are empty until the next ANALYZE")));
    }
    if at.eat_all("materialized view") {
        at.eat_all("if not exists");
        let name = at.qualified_name()?;
        let part = Part::free(format!("creates the materialized view {name}"));
        return Ok(Some(part.locking(ACCESS_SHARE, "the tables it reads")));
    }
    Ok(None)
}

fn create_index(mut at: Cursor<'_>, whole: Cursor<'_>, scene: &Scene<'_>) -> Result<Part, Unread> {
    let online = at.eat("concurrently");
    at.eat_all("if not exists");
    let name = if at.is("on") { "an index".to_owned() } else { at.name()? };
    at.eat("on");
    let only = at.eat("only");
    let table = at.qualified_name()?;
    let does = format!("builds {name}");
    let partitioned = scene.is_partitioned(&table) && !only;
    if online && partitioned {
        let refused = "PostgreSQL refuses CONCURRENTLY on a partitioned table";
        return Ok(Part::free(does).note(refused));
    }
    if online {
        let note = "it reads the table twice and waits for transactions that are older; if it fails \
                    it leaves an INVALID index behind";
        let part = Part::on(&table, does, SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing);
        return Ok(part.lasting(Lasts::Build).outside().note(note));
    }
    if only {
        let part = Part::on(&table, does, SHARE, Blocks::Writes);
        return Ok(part.note("nothing is built on the partitioned table itself"));
    }
    let part = Part::on(&table, does, SHARE, Blocks::Writes).lasting(Lasts::Build);
    if partitioned {
        let note = "every partition is locked until all are built: build it ON ONLY the partitioned \
                    table, CONCURRENTLY on each partition, then ATTACH PARTITION";
        return Ok(part.note(note));
    }
    Ok(part.safer(concurrently(&flat(whole.rest(), Dialect::Postgres))))
}

fn create_table(mut at: Cursor<'_>) -> Result<Part, Unread> {
    at.eat_all("if not exists");
    let name = at.qualified_name()?;
    let mut part = Part::free(format!("creates {name}"));
    if let Some(mut parent) = behind(&at, "partition of") {
        let parent = parent.qualified_name()?;
        part = Part::on(
            &parent,
            format!("creates {name}, a partition"),
            ACCESS_EXCLUSIVE,
            Blocks::All,
        );
        let parent = quoted(&parent, Dialect::Postgres);
        let bound = behind(&at, "for values").map(|bound| bound.rest().to_owned());
        let bound = bound.map_or("DEFAULT".to_owned(), |bound| format!("FOR VALUES {bound}"));
        let name = quoted(&name, Dialect::Postgres);
        return Ok(part.safer([
            format!("CREATE TABLE {name} (LIKE {parent} INCLUDING ALL)"),
            format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bound}"),
        ]));
    }
    // REFERENCES stands in the parenthesis of the columns.
    let mut referenced: Vec<Name> = Vec::new();
    for start in 0..at.tokens.len() {
        if at.is_at(start, "references") {
            let mut target = at.over(at.tokens.get(start + 1..).unwrap_or(&[]));
            referenced.extend(target.qualified_name().ok().filter(|target| *target != name));
        }
    }
    for target in &referenced {
        part = part.locking(SHARE_ROW_EXCLUSIVE, &target.to_string());
    }
    if !referenced.is_empty() {
        part.blocks = Blocks::Writes;
        part = part.note("writes to the referenced tables wait while the keys are noted");
    }
    Ok(part)
}

fn alter_index(mut at: Cursor<'_>) -> Result<Part, Unread> {
    at.eat("index");
    at.eat_all("if exists");
    let name = at.qualified_name()?;
    let on = format!("the index {name}");
    let part = Part::free(format!("changes {name}"));
    Ok(if at.is_all("attach partition") {
        Part { blocks: Blocks::All, ..part.locking(ACCESS_EXCLUSIVE, "the index that is attached") }
    } else if at.is("set") && at.is_at(1, "tablespace") {
        let part = part.locking(ACCESS_EXCLUSIVE, &on).lasting(Lasts::Build);
        Part { blocks: Blocks::All, ..part }
    } else {
        part.locking(SHARE_UPDATE_EXCLUSIVE, &on)
    })
}

fn drop_statement(mut at: Cursor<'_>, scene: &Scene<'_>) -> Result<Vec<Part>, Unread> {
    let what = at.word();
    at.bump();
    if what == "materialized" {
        at.bump();
    }
    let online = at.eat("concurrently");
    at.eat_all("if exists");
    let mut out = Vec::new();
    for mut one in at.split_commas() {
        let name = one.qualified_name()?;
        out.extend(match what.as_str() {
            "index" => Some(drop_index(&name, online, scene)),
            "table" | "view" | "materialized" => {
                let part = Part::on(&name, format!("drops {name}"), ACCESS_EXCLUSIVE, Blocks::All);
                let keys = scene.table(&name).map(|table| table.foreign_keys.as_slice());
                let keys = keys.unwrap_or_default().iter();
                let referenced = keys.map(|key| key.references.to_string());
                Some(referenced.fold(part, |part, on| part.locking(ACCESS_EXCLUSIVE, &on)))
            }
            "trigger" | "rule" | "policy" => {
                let Some(mut table) = behind(&one, "on") else { continue };
                let table = table.qualified_name()?;
                Some(Part::on(&table, format!("drops {name}"), ACCESS_EXCLUSIVE, Blocks::All))
            }
            _ => None,
        });
    }
    Ok(out)
}

fn drop_index(name: &Name, online: bool, scene: &Scene<'_>) -> Part {
    let has_it = |table: &&crate::catalog::Table| table.indexes.iter().any(|i| i.name == name.name);
    let table = scene.catalog.tables.iter().find(has_it);
    let on =
        table.map_or_else(|| Name { schema: None, name: "its table".into() }, |t| t.name.clone());
    let partitioned = table.is_some_and(|table| table.partition_by.is_some());
    let does = format!("drops {name}");
    let mut part = match online {
        true => Part::on(&on, does, SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing)
            .outside()
            .note("it waits for transactions that use the table"),
        false => Part::on(&on, does, ACCESS_EXCLUSIVE, Blocks::All),
    };
    if table.is_none() {
        part.table = None;
    }
    if partitioned && online {
        return part.note("PostgreSQL refuses CONCURRENTLY on the index of a partitioned table");
    }
    if online || partitioned {
        return part;
    }
    part.safer([format!("DROP INDEX CONCURRENTLY {}", quoted(name, Dialect::Postgres))])
}

fn reindex(mut at: Cursor<'_>) -> Result<Option<Part>, Unread> {
    at.group();
    let what = at.word();
    at.bump();
    let online = at.eat("concurrently");
    if !matches!(what.as_str(), "index" | "table") {
        return Ok(None);
    }
    let name = at.qualified_name()?;
    let does = format!("rebuilds {name}");
    let mut part = match online {
        true => Part::on(&name, does, SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing).outside(),
        false => Part::on(&name, does, SHARE, Blocks::All)
            .locking(ACCESS_EXCLUSIVE, "each index that is rebuilt")
            .note("queries wait too: planning looks at every index of the table")
            .safer([format!(
                "REINDEX {} CONCURRENTLY {}",
                what.to_uppercase(),
                quoted(&name, Dialect::Postgres)
            )]),
    };
    if what == "index" {
        part.table = None;
    }
    Ok(Some(part.lasting(Lasts::Build)))
}

fn maintain(verb: &str, mut at: Cursor<'_>) -> Result<Option<Part>, Unread> {
    let options = at.group();
    let is_full = at.eat("full") || options.is_some_and(|inside| has(&inside, "full"));
    while at.is_any(&["verbose", "freeze", "analyze", "materialized", "view", "table", "only"]) {
        at.bump();
    }
    let online = at.eat("concurrently");
    if at.is_done() {
        return Ok(None);
    }
    let table = at.qualified_name()?;
    let on = |does: &str, mode, blocks| Part::on(&table, format!("{does} {table}"), mode, blocks);
    Ok(Some(match verb {
        "vacuum" if is_full => on("rewrites", ACCESS_EXCLUSIVE, Blocks::All)
            .lasting(Lasts::Rewrite)
            .outside()
            .note("pg_repack does the same while others work"),
        "vacuum" => on("vacuums", SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing).outside(),
        "analyze" => on("samples", SHARE_UPDATE_EXCLUSIVE, Blocks::Nothing),
        "cluster" => {
            on("rewrites", ACCESS_EXCLUSIVE, Blocks::All).lasting(Lasts::Rewrite).outside()
        }
        "refresh" if online => on("refreshes", EXCLUSIVE, Blocks::Writes).lasting(Lasts::Scan),
        "refresh" => {
            on("refreshes", ACCESS_EXCLUSIVE, Blocks::All).lasting(Lasts::Rewrite).safer([format!(
                "REFRESH MATERIALIZED VIEW CONCURRENTLY {}",
                quoted(&table, Dialect::Postgres)
            )])
        }
        "truncate" => on("empties", ACCESS_EXCLUSIVE, Blocks::All),
        _ => {
            let mode = lock_mode(&at);
            on("locks", &mode, blocked_by(&mode)).note("held to the end of the transaction")
        }
    }))
}

/// Who waits for a lock that is held.
fn blocked_by(mode: &str) -> Blocks {
    match mode {
        ACCESS_EXCLUSIVE => Blocks::All,
        SHARE | SHARE_ROW_EXCLUSIVE | EXCLUSIVE => Blocks::Writes,
        _ => Blocks::Nothing,
    }
}

/// `LOCK TABLE t IN SHARE MODE`
fn lock_mode(at: &Cursor<'_>) -> String {
    let Some(mode) = behind(at, "in") else { return ACCESS_EXCLUSIVE.to_owned() };
    let mode = mode.rest().to_uppercase();
    mode.split(" MODE").next().unwrap_or(&mode).to_owned()
}

fn rows(verb: &str, mut at: Cursor<'_>) -> Result<Part, Unread> {
    while at.is_any(&["into", "from", "only"]) {
        at.bump();
    }
    let table = at.qualified_name()?;
    let is_insert = verb == "insert";
    let does = if is_insert { "inserts into" } else { "changes rows of" };
    let blocks = if is_insert { Blocks::Nothing } else { Blocks::Rows };
    let part = Part::on(&table, format!("{does} {table}"), ROW_EXCLUSIVE, blocks);
    if is_insert {
        return Ok(part.lasting(Lasts::Rows));
    }
    let note = match has(&at, "where") {
        true => "the rows stay locked to the end of the transaction: change them in batches",
        false => {
            "every row is changed at once, and stays locked to the end of the transaction: \
                  change them in batches"
        }
    };
    Ok(part.lasting(Lasts::Rows).note(note))
}
