//! What each statement of a migration locks, what waits for it, for how long in kind, and which form
//! of it is safe. Facts of the servers, one file for each family:
//!
//! - PostgreSQL 12 to 17: "Explicit Locking" and the pages of ALTER TABLE, CREATE INDEX, DROP INDEX and
//!   REINDEX of its manual, and `AlterTableGetLockLevel` of `tablecmds.c`;
//! - MySQL 8: "Online DDL Operations" of its manual; MariaDB: "InnoDB Online DDL Overview" of its
//!   knowledge base;
//! - SQLite: "ALTER TABLE", "File Locking And Concurrency" and "Write-Ahead Logging" of its manual.
//!
//! Left out: how long in seconds. That depends on the disk; the bytes that are read or written are said
//! instead, by the sizes of today's tables.

mod mysql;
mod mysql_alter;
mod part;
mod postgres;
mod postgres_alter;
mod postgres_column;
mod postgres_types;
mod scene;
mod sqlite;
mod words;

pub use part::{Blocks, Lasts, Lock, StatementReport, Transaction};

use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::estimate::size::{table_bytes, table_rows};
use crate::read::ddl::Cursor;
use crate::read::facts::ProposedFact;
use crate::sql::rewrite::flat;
use crate::text::lex::{Token, TokenKind, tokens};
use part::{Part, Scanned};
use scene::Scene;

/// Do two ways of writing a type mean the same?
pub fn same_type(old: &str, new: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres => postgres_types::same_type(old, new),
        Dialect::Mysql | Dialect::Mariadb => mysql_alter::same_type(old, new),
        Dialect::Sqlite => old.eq_ignore_ascii_case(new),
    }
}

/// Every statement with its locks, in order. `catalog` is what exists before the first.
pub fn statements(catalog: &Catalog, steps: &[ProposedFact]) -> Vec<StatementReport> {
    let mut scene = Scene::new(catalog);
    let mut out = Vec::new();
    for step in steps.iter().filter(|step| !step.sql.is_empty()) {
        let code = |token: &Token| token.kind != TokenKind::Comment;
        let own: Vec<Token> = tokens(&step.sql, 0, catalog.dialect).filter(code).collect();
        let at = Cursor::new(&step.sql, &own, catalog.dialect);
        if scene.note_session(at) {
            continue;
        }
        let parts = match catalog.dialect {
            Dialect::Postgres => postgres::parts(at, &scene),
            Dialect::Mysql | Dialect::Mariadb => mysql::parts(at, &scene),
            Dialect::Sqlite => sqlite::parts(at, &scene),
        };
        if !parts.is_empty() {
            let mut report = report(parts, &scene);
            report.sql = flat(&step.sql, catalog.dialect);
            report.source.clone_from(&step.source);
            out.push(report);
        }
        scene.apply(&step.ddl, at);
    }
    out
}

/// The parts of a statement together: it holds all their locks until the last is done.
fn report(parts: Vec<Part>, scene: &Scene<'_>) -> StatementReport {
    let mut out = StatementReport::default();
    for mut part in parts {
        if part.table.as_ref().is_some_and(|table| scene.is_new(table)) {
            part.blocks = Blocks::Nothing;
            part.lasts = Lasts::Moment;
            part.safer.clear();
            part.notes = vec!["the migration creates the table itself: nobody uses it".to_owned()];
        }
        out.blocks = out.blocks.max(part.blocks);
        out.lasts = out.lasts.max(part.lasts);
        out.transaction = out.transaction.max(part.transaction);
        if out.table.is_none() {
            out.table = part.table.as_ref().map(|table| scene.original(table).to_string());
        }
        add_scan(&mut out, &part, scene);
        add_new(&mut out.does, [part.does]);
        add_new(&mut out.locks, part.locks);
        add_new(&mut out.notes, part.notes);
        add_new(&mut out.safer, part.safer);
    }
    let notes = scene.notes(&out);
    add_new(&mut out.notes, notes);
    out
}

/// What it reads or writes from end to end.
fn add_scan(out: &mut StatementReport, part: &Part, scene: &Scene<'_>) {
    let is_long = matches!(part.lasts, Lasts::Scan | Lasts::Build | Lasts::Rewrite);
    let Some(table) = part.table.as_ref().filter(|_| is_long).and_then(|name| scene.table(name))
    else {
        return;
    };
    let (rows, bytes) = (table_rows(table), table_bytes(table));
    if out.scanned.as_ref().is_none_or(|known| known.bytes < bytes.value) {
        let basis = bytes.basis.max(rows.basis);
        out.scanned = Some(Scanned { rows: rows.value, bytes: bytes.value, basis });
    }
}

fn add_new<T: PartialEq>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}
