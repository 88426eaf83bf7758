//! Taking an index away: the statement, its reverse, and how to do it in stages.

use super::ddl::{create_statement, is_concurrent, table_name};
use super::finding::Assumption;
use super::print::{quote_name, quote_text};
use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::estimate::Basis;

/// The statement that drops an index or the constraint behind it. None where there is none: SQLite
/// cannot drop a constraint, a partition's part of an index goes with the whole.
pub fn drop_statement(catalog: &Catalog, table: &Table, index: &Index) -> Option<String> {
    let dialect = catalog.dialect;
    let on = table_name(table, dialect);
    let name = quote_name(&index.name, dialect);
    match dialect {
        _ if index.parent.is_some() => None,
        Dialect::Mysql | Dialect::Mariadb if index.primary => {
            Some(format!("ALTER TABLE {on} DROP PRIMARY KEY"))
        }
        Dialect::Mysql | Dialect::Mariadb => Some(format!("ALTER TABLE {on} DROP INDEX {name}")),
        Dialect::Sqlite if index.constraint => None,
        Dialect::Postgres if index.constraint => {
            Some(format!("ALTER TABLE {on} DROP CONSTRAINT {name}"))
        }
        _ => {
            let concurrently = if is_concurrent(catalog, table) { "CONCURRENTLY " } else { "" };
            // An index is in the schema of its table.
            let schema = table.name.schema.as_deref();
            let schema = schema.map(|s| format!("{}.", quote_name(s, dialect))).unwrap_or_default();
            Some(format!("DROP INDEX {concurrently}{schema}{name}"))
        }
    }
}

/// The statement that brings it back: the definition as it was written, where it was.
pub fn restore_statement(catalog: &Catalog, table: &Table, index: &Index) -> String {
    let on = table_name(table, catalog.dialect);
    let written = index.definition.trim().trim_end_matches(';').trim_end();
    let is_create = written.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("create"));
    if is_create {
        return written.to_owned();
    }
    if !written.is_empty() {
        return format!("ALTER TABLE {on} ADD {written}");
    }
    if index.constraint || index.primary {
        let keys: Vec<String> = index
            .keys
            .iter()
            .map(|key| super::ddl::key_text(table, key, catalog.dialect))
            .collect();
        let kind = if index.primary { "PRIMARY KEY" } else { "UNIQUE" };
        let name = quote_name(&index.name, catalog.dialect);
        return format!("ALTER TABLE {on} ADD CONSTRAINT {name} {kind} ({})", keys.join(", "));
    }
    let made = create_statement(catalog, table, index);
    if index.unique { made.replacen("CREATE INDEX", "CREATE UNIQUE INDEX", 1) } else { made }
}

/// How to find out without risk before it is gone.
pub fn staged_advice(catalog: &Catalog, table: &Table, index: &Index) -> Vec<String> {
    let on = table_name(table, catalog.dialect);
    let name = quote_name(&index.name, catalog.dialect);
    match catalog.dialect {
        Dialect::Mysql => vec![format!(
            "Hide it first and watch: ALTER TABLE {on} ALTER INDEX {name} INVISIBLE; it is kept up \
             to date and comes back at once with VISIBLE. Drop it when nothing got slower."
        )],
        Dialect::Mariadb => vec![format!(
            "Hide it first and watch: ALTER TABLE {on} ALTER INDEX {name} IGNORED; it is kept up to \
             date and comes back at once with NOT IGNORED. Drop it when nothing got slower."
        )],
        Dialect::Postgres if index.constraint => vec![format!(
            "A foreign key that depends on this constraint makes the server refuse; recreate that \
             key first. Dropping takes a short exclusive lock on {on}."
        )],
        Dialect::Postgres => vec![format!(
            "Watch idx_scan of {name} over a full business cycle, on every replica too, before \
             dropping it."
        )],
        Dialect::Sqlite if index.constraint => vec![
            "SQLite cannot drop a constraint: create the table anew without it, copy the rows, \
             rename it."
                .to_owned(),
        ],
        Dialect::Sqlite => Vec::new(),
    }
}

/// That nothing outside of the paste needs it, and the query that shows it.
pub fn usage_assumption(catalog: &Catalog, index: &Index) -> Assumption {
    let name = quote_text(&index.name, catalog.dialect);
    let replace_with = match catalog.dialect {
        Dialect::Postgres => Some(format!(
            "SELECT idx_scan, stats_reset FROM pg_stat_user_indexes, pg_stat_database WHERE \
             indexrelname = {name} AND datname = current_database()"
        )),
        Dialect::Mysql => Some(format!(
            "SELECT COUNT_READ FROM performance_schema.table_io_waits_summary_by_index_usage WHERE \
             INDEX_NAME = {name}"
        )),
        Dialect::Mariadb => Some(format!(
            "SELECT ROWS_READ FROM information_schema.INDEX_STATISTICS WHERE INDEX_NAME = {name}"
        )),
        Dialect::Sqlite => None,
    };
    let (text, basis) = match index.statistics.idx_scan {
        Some(scans) => (format!("the server counted {scans:.0} scans of it"), Basis::Measured),
        None => (
            "no query outside of what was pasted needs exactly this index".to_owned(),
            Basis::Default,
        ),
    };
    Assumption { text, basis, replace_with }
}
