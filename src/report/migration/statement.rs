//! The statements of a migration with what each locks and whether a transaction may hold it.

use crate::advise::{Action, Change};
pub use crate::against::locks::Transaction;
use crate::dialect::Dialect;
use crate::sql::quote::quote_name;
use crate::sql::rewrite::{concurrently, flat, online};

/// A statement, without its semicolon.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// On one line, unless a name holds a line break.
    pub sql: String,
    /// What it locks, for how long, and who waits.
    pub lock: Lock,
    /// May a transaction hold it?
    pub transaction: Transaction,
}

/// A lock in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Lock {
    /// As the server calls it.
    pub mode: &'static str,
    /// What is locked.
    pub on: String,
    /// Who waits, and for how long.
    pub effect: &'static str,
}

impl Statement {
    fn new(sql: String, mode: &'static str, on: &str, effect: &'static str) -> Statement {
        let lock = Lock { mode, on: on.to_owned(), effect };
        Statement { sql, lock, transaction: Transaction::Allowed }
    }

    fn outside(self) -> Statement {
        Statement { transaction: Transaction::Refused, ..self }
    }

    fn committing(self) -> Statement {
        Statement { transaction: Transaction::Commits, ..self }
    }

    /// ANALYZE of a table.
    pub fn analyze(table: &str, dialect: Dialect) -> Statement {
        let sql = format!("ANALYZE {table}");
        match dialect {
            Dialect::Postgres => Statement::new(
                sql,
                "SHARE UPDATE EXCLUSIVE",
                table,
                "reads and writes go on; it reads a sample",
            ),
            _ => Statement::new(sql, "write lock", "the whole database", SQLITE_EFFECT),
        }
    }

    /// `CREATE INDEX ... ON ONLY`.
    pub fn create_on_only(sql: String, table: &str) -> Statement {
        let effect = "writes wait for a moment: nothing is built yet";
        Statement::new(sql, "SHARE", table, effect)
    }

    /// `ALTER INDEX ... ATTACH PARTITION`.
    pub fn attach(sql: String, index: &str) -> Statement {
        let effect = "queries on this partition wait for a moment; SHARE UPDATE EXCLUSIVE on the \
                      index it becomes part of";
        Statement::new(sql, "ACCESS EXCLUSIVE", index, effect)
    }

    /// `CREATE INDEX CONCURRENTLY`.
    pub fn create_concurrently(sql: String, table: &str) -> Statement {
        let effect = "reads and writes go on; VACUUM, ANALYZE and changes of the table wait until \
                      the end; it reads the table twice and waits for older transactions";
        Statement::new(sql, "SHARE UPDATE EXCLUSIVE", table, effect).outside()
    }
}

const SQLITE_EFFECT: &str = "other writers wait until the end; readers go on in WAL mode, else they \
                             wait while it commits";

const INNODB_EFFECT: &str = "reads and writes go on; at the start and the end an exclusive metadata \
                             lock for a moment, which waits for open transactions on the table";

/// A name of the change with its schema, quoted.
pub fn qualified(change: &Change, name: &str, dialect: Dialect) -> String {
    qualified_in(change.schema.as_deref(), name, dialect)
}

/// A name with a schema, quoted.
pub fn qualified_in(schema: Option<&str>, name: &str, dialect: Dialect) -> String {
    let name = quote_name(name, dialect);
    schema.map_or(name.clone(), |schema| format!("{}.{name}", quote_name(schema, dialect)))
}

/// CREATE INDEX, or the ALTER TABLE that brings an index back, so that as few as possible wait.
pub fn create_statement(change: &Change, sql: &str, dialect: Dialect) -> Statement {
    let table = qualified(change, &change.table, dialect);
    let sql = flat(sql, dialect);
    match dialect {
        Dialect::Postgres if change.concurrent => {
            let concurrent = concurrently(&sql);
            match concurrent {
                Some(sql) => Statement::create_concurrently(sql, &table),
                None => create_locking(change, sql, &table),
            }
        }
        Dialect::Postgres => create_locking(change, sql, &table),
        Dialect::Sqlite => Statement::new(sql, "write lock", "the whole database", SQLITE_EFFECT),
        Dialect::Mysql | Dialect::Mariadb => create_in_place(change, sql, &table, dialect),
    }
}

fn create_locking(change: &Change, sql: String, table: &str) -> Statement {
    let effect = match (change.is_new, change.partitioned) {
        (true, _) => "nobody waits: the table is new",
        (_, true) => "and on each partition: reads go on, writes wait until all are built",
        _ => "reads go on, writes wait until it is built",
    };
    Statement::new(sql, "SHARE", table, effect)
}

/// InnoDB builds B-trees over columns while others write; the clause makes the server refuse if not.
fn create_in_place(change: &Change, sql: String, table: &str, dialect: Dialect) -> Statement {
    if !is_innodb(change) {
        let effect = "reads go on, writes wait until it is built (the engine is not InnoDB)";
        return Statement::new(sql, "metadata lock, LOCK=SHARED", table, effect).committing();
    }
    if matches!(change.method.as_str(), "fulltext" | "spatial") {
        let effect = "reads go on, writes wait until it is built; the first FULLTEXT index rebuilds \
                      the table";
        return Statement::new(sql, "metadata lock, LOCK=SHARED", table, effect).committing();
    }
    if change.keys.iter().any(|key| key.expression.is_some()) {
        let effect = "whatever the server allows for an expression: it picks the least";
        return Statement::new(sql, "metadata lock", table, effect).committing();
    }
    let sql = online(sql, dialect);
    Statement::new(sql, "metadata lock, LOCK=NONE", table, INNODB_EFFECT).committing()
}

fn is_innodb(change: &Change) -> bool {
    change.engine.as_deref().is_none_or(|engine| engine.eq_ignore_ascii_case("innodb"))
}

/// DROP INDEX so that as few as possible wait.
pub fn drop_statement(change: &Change, dialect: Dialect) -> Statement {
    let table = qualified(change, &change.table, dialect);
    let sql = match change.action {
        Action::Drop => flat(&change.statement, dialect),
        // MariaDB's DROP INDEX takes no ALGORITHM.
        Action::Create if dialect.is_mysql_family() => {
            format!("ALTER TABLE {table} DROP INDEX {}", quote_name(&change.index, dialect))
        }
        Action::Create => flat(change.reverse.last().map_or("", String::as_str), dialect),
    };
    match dialect {
        Dialect::Postgres if change.concurrent => {
            let effect = "reads and writes go on; it waits for transactions that use the table";
            Statement::new(sql, "SHARE UPDATE EXCLUSIVE", &table, effect).outside()
        }
        Dialect::Postgres => {
            let effect = match change.partitioned {
                true => {
                    "and on each partition, for a moment; but while it waits everything queues \
                     behind it: SET lock_timeout before, and try again"
                }
                false => {
                    "for a moment; but while it waits everything queues behind it: SET \
                     lock_timeout before, and try again"
                }
            };
            Statement::new(sql, "ACCESS EXCLUSIVE", &table, effect)
        }
        Dialect::Sqlite => Statement::new(sql, "write lock", "the whole database", SQLITE_EFFECT),
        Dialect::Mysql | Dialect::Mariadb if is_innodb(change) => {
            let sql = online(sql, dialect);
            Statement::new(sql, "metadata lock, LOCK=NONE", &table, INNODB_EFFECT).committing()
        }
        Dialect::Mysql | Dialect::Mariadb => {
            let effect = "writes wait until the table is copied (the engine is not InnoDB)";
            Statement::new(sql, "metadata lock, LOCK=SHARED", &table, effect).committing()
        }
    }
}

/// Hiding an index from the planner, and showing it again.
pub fn hide_statements(change: &Change, dialect: Dialect) -> Option<(Statement, Statement)> {
    let (hidden, shown) = match dialect {
        Dialect::Mysql => ("INVISIBLE", "VISIBLE"),
        Dialect::Mariadb => ("IGNORED", "NOT IGNORED"),
        _ => return None,
    };
    let table = qualified(change, &change.table, dialect);
    let index = quote_name(&change.index, dialect);
    let statement = |word: &str| {
        let sql = format!("ALTER TABLE {table} ALTER INDEX {index} {word}");
        let effect =
            "for a moment: nothing is built, but it waits for open transactions on the table";
        Statement::new(sql, "exclusive metadata lock", &table, effect).committing()
    };
    Some((statement(hidden), statement(shown)))
}
