//! CREATE TABLE.

use super::column::read_column;
use super::constraint::{begins_constraint, read_constraint};
use super::misc::{read_option, read_options};
use crate::diagnostic::{Diagnostic, Severity};
use crate::read::facts::{CreateTable, Facts};
use crate::sql::cursor::{Cursor, Unread};
use crate::sql::schema::TableKind;
use crate::text::Source;

/// Behind `CREATE ... TABLE`.
pub fn read_create_table(
    at: &mut Cursor<'_>,
    kind: TableKind,
    source: &Source,
    facts: &mut Facts,
) -> Result<CreateTable, Unread> {
    let mut table = CreateTable { kind, ..CreateTable::default() };
    table.if_not_exists = at.eat_all("if not exists");
    table.source = Some(source.place(at.offset()));
    table.name = at.qualified_name()?;
    if at.eat_all("partition of") {
        table.parents.push(at.qualified_name()?);
        table.kind = TableKind::Partition;
    } else if at.eat("of") {
        at.qualified_name()?;
    } else if at.eat("clone") || at.eat("like") {
        table.like.push((at.qualified_name()?, true));
    }
    if at.is_mark("(") && !(at.is_mark_at(1, "(") || at.is_at(1, "select") || at.is_at(1, "with")) {
        let elements = at.expect_group()?;
        read_elements(elements, &mut table, source, facts)?;
    }
    read_tail(at, &mut table)?;
    if !table.parents.is_empty() || !table.like.is_empty() || table.as_query.is_some() {
        return Ok(table);
    }
    Ok(table)
}

/// Columns and constraints; one that cannot be read loses only itself.
fn read_elements(
    elements: Cursor<'_>,
    table: &mut CreateTable,
    source: &Source,
    facts: &mut Facts,
) -> Result<(), Unread> {
    let parts = elements.split_commas();
    let mut failed = Vec::new();
    for part in &parts {
        let before = table.constraints.len();
        if let Err(unread) = read_element(*part, table, source, facts) {
            table.constraints.truncate(before);
            failed.push(unread);
        }
    }
    if failed.len() == parts.len() && !parts.is_empty() {
        return failed.into_iter().next().map_or(Ok(()), Err);
    }
    for unread in failed {
        let message = format!("in table {:?}: {}", table.name.to_string(), unread.message);
        facts.diagnostics.push(
            Diagnostic::new(Severity::Error, "column-not-understood", message)
                .help("Only this column or constraint is left out of the review.")
                .at(source.place(unread.at)),
        );
    }
    Ok(())
}

fn read_element(
    mut at: Cursor<'_>,
    table: &mut CreateTable,
    source: &Source,
    facts: &mut Facts,
) -> Result<(), Unread> {
    if at.eat("like") {
        let name = at.qualified_name()?;
        let mut indexes = false;
        while at.is_any(&["including", "excluding"]) {
            let including = at.is("including");
            at.bump();
            if at.is_any(&["indexes", "all"]) {
                indexes = including;
            }
            at.bump();
        }
        table.like.push((name, indexes));
        return Ok(());
    }
    if begins_constraint(&at) {
        // SQLite lets the comma between constraints be left out.
        while !at.is_done() {
            let before = at.tokens.len();
            if begins_constraint(&at) {
                table.constraints.extend(read_constraint(&mut at)?);
            }
            if at.tokens.len() == before {
                at.skip_one();
            }
        }
        return Ok(());
    }
    let (column, unknown) = read_column(at, &mut table.constraints)?;
    if let Some(unknown) = unknown {
        let message = format!("column {:?}: {}", column.name, unknown.unread("an option").message);
        facts.diagnostics.push(
            Diagnostic::new(Severity::Warning, "column-option-not-understood", message)
                .help("The column is kept, what follows its type is ignored. Is a comma missing?")
                .at(source.place(unknown.offset())),
        );
    }
    table.columns.push(column);
    Ok(())
}

/// What stands behind the columns.
fn read_tail(at: &mut Cursor<'_>, table: &mut CreateTable) -> Result<(), Unread> {
    while !at.is_done() {
        if at.eat_all("partition by") {
            read_partition_by(at, table);
        } else if at.eat_all("for values")
            || (table.kind == TableKind::Partition && at.is("default"))
        {
            table.partition_bound = Some(read_bound(at));
        } else if at.eat("inherits") {
            for part in at.expect_group()?.split_commas() {
                table.parents.push({ part }.qualified_name()?);
            }
        } else if at.eat_all("without rowid") {
            table.without_rowid = true;
        } else if at.is("as") || at.is_any(&["select", "with", "values"]) && !at.is_mark_at(1, "(")
        {
            at.eat("as");
            table.as_query = Some(without_data(at.rest()).to_owned());
            at.tokens = &[];
        } else if at.is_mark("(") && (at.is_at(1, "select") || at.is_mark_at(1, "(")) {
            table.as_query = Some(at.rest().to_owned());
            at.tokens = &[];
        } else if at.eat("with") {
            if let Some(options) = at.group() {
                table.options.extend(read_options(options));
            }
        } else if at.eat("like") {
            table.like.push((at.qualified_name()?, true));
        } else if let Some(option) = read_option(at) {
            table.options.push(option);
        } else {
            at.skip_one();
        }
    }
    Ok(())
}

/// `RANGE (a, lower(b))`; MySQL's `LINEAR HASH (x) PARTITIONS 4 (PARTITION ...)`.
fn read_partition_by(at: &mut Cursor<'_>, table: &mut CreateTable) {
    at.eat("linear");
    let strategy = at.word();
    at.bump();
    at.eat("columns");
    if at.eat("algorithm") {
        at.eat_mark("=");
        at.bump();
    }
    let keys = at.group().map_or(Vec::new(), |group| {
        let keys = group.split_commas();
        keys.into_iter().map(partition_key).collect()
    });
    table.partition_by = Some((strategy, keys));
    if at.dialect.is_mysql_family() {
        // PARTITIONS n and the list of partitions: storage, no relations of their own.
        at.tokens = &[];
    } else if table.kind != TableKind::Foreign {
        table.kind = TableKind::Partitioned;
    }
}

/// A key of PARTITION BY: a column or an expression, behind which a collation or an operator class
/// may stand.
fn partition_key(at: Cursor<'_>) -> crate::sql::expr::Expr {
    let mut name = at;
    match name.name() {
        Ok(column) if !name.is_mark("(") && !name.is_mark(".") => {
            crate::sql::expr::Expr::Name(vec![column])
        }
        _ => at.expr(),
    }
}

/// `FROM (...) TO (...)`, `IN (...)`, `WITH (...)`, `DEFAULT`.
pub fn read_bound(at: &mut Cursor<'_>) -> String {
    let start = at.tokens;
    while !at.is_done()
        && !at.is_all("partition by")
        && !at.is_any(&["using", "tablespace", "server"])
    {
        let ends = at.is("default");
        at.skip_one();
        if ends {
            break;
        }
    }
    let taken = start.get(..start.len() - at.tokens.len()).unwrap_or(&[]);
    crate::sql::cursor::span_of(taken).of(at.text).to_owned()
}

/// A query without `WITH [NO] DATA` behind it.
pub fn without_data(query: &str) -> &str {
    let lower = query.to_ascii_lowercase();
    for end in ["with no data", "with data"] {
        if lower.trim_end().ends_with(end) {
            return query.get(..lower.trim_end().len() - end.len()).unwrap_or(query).trim_end();
        }
    }
    query
}
