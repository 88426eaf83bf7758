//! What is known at one statement of a migration: today's tables, and what the statements before did.

use crate::sorted::{SortedMap, SortedSet};

use super::part::{Blocks, Lasts, StatementReport, Transaction};
use crate::advise::writes::indexed_columns;
use crate::catalog::{Catalog, Column, Table};
use crate::dialect::Dialect;
use crate::read::ddl::Cursor;
use crate::read::facts::{AlterAction, Ddl};
use crate::sql::expr::Expr;
use crate::sql::schema::Name;

/// A moment of a migration.
pub struct Scene<'a> {
    pub catalog: &'a Catalog,
    /// Tables that the migration has created.
    created: SortedSet<String>,
    /// New names of today's tables: today's name.
    renamed: SortedMap<String, Name>,
    /// Columns that a valid CHECK of the migration holds to be NOT NULL: table and column.
    not_null: SortedSet<(String, String)>,
    /// Constraints not valid yet that would: table, constraint, column.
    pending: Vec<(String, String, String)>,
    has_timeout: bool,
    in_transaction: bool,
}

impl<'a> Scene<'a> {
    pub fn new(catalog: &'a Catalog) -> Scene<'a> {
        Scene {
            catalog,
            created: SortedSet::new(),
            renamed: SortedMap::new(),
            not_null: SortedSet::new(),
            pending: Vec::new(),
            has_timeout: false,
            in_transaction: false,
        }
    }

    /// Notes BEGIN, COMMIT and SET; they are no statements of their own.
    pub fn note_session(&mut self, mut at: Cursor<'_>) -> bool {
        let first = at.word();
        at.bump();
        match first.as_str() {
            "begin" | "start" => self.in_transaction = true,
            "commit" | "end" | "rollback" => self.in_transaction = false,
            "set" => {
                at.eat("local");
                at.eat("session");
                self.has_timeout |= at.is("lock_timeout") || at.is("lock_wait_timeout");
            }
            _ => return false,
        }
        true
    }

    /// Is it a PostgreSQL before this version? Where no export tells the version it is not.
    pub fn is_before(&self, major: u32) -> bool {
        self.catalog.settings.server_version_num.is_some_and(|own| own / 10_000 < major)
    }

    /// Today's table of that name, or of what became of it.
    pub fn table(&self, name: &Name) -> Option<&'a Table> {
        let at = self.catalog.find_table(self.original(name))?;
        self.catalog.tables.get(at)
    }

    pub fn original<'n>(&'n self, name: &'n Name) -> &'n Name {
        self.renamed.get(&key(name)).unwrap_or(name)
    }

    pub fn is_new(&self, name: &Name) -> bool {
        self.created.contains(&key(name))
    }

    pub fn column(&self, table: &Name, column: &str) -> Option<&'a Column> {
        self.table(table)?.columns.iter().find(|one| one.name.eq_ignore_ascii_case(column))
    }

    /// Is the column part of an index?
    pub fn is_indexed(&self, table: &Name, column: &str) -> bool {
        let Some(table) = self.table(table) else { return false };
        let at = table.columns.iter().position(|one| one.name.eq_ignore_ascii_case(column));
        at.is_some_and(|at| table.indexes.iter().any(|one| indexed_columns(one).contains(&at)))
    }

    /// Is the table partitioned?
    pub fn is_partitioned(&self, name: &Name) -> bool {
        self.table(name).is_some_and(|table| table.partition_by.is_some())
    }

    /// Does a valid constraint say that the column has no NULLs?
    pub fn is_proven_not_null(&self, table: &Name, column: &str) -> bool {
        let checks = self.table(table).into_iter().flat_map(|table| &table.checks);
        let columns = self.table(table).map(|table| table.columns.as_slice()).unwrap_or_default();
        let of_today = checks.into_iter().any(|check| match &check.condition {
            Expr::IsNull { expr, negated: true } => match expr.as_ref() {
                Expr::Column(one) => columns
                    .get(usize::from(one.column))
                    .is_some_and(|one| one.name.eq_ignore_ascii_case(column)),
                _ => false,
            },
            _ => false,
        });
        let known = self.column(table, column).is_some_and(|column| column.not_null);
        of_today || known || self.not_null.contains(&(key(table), column.to_lowercase()))
    }

    /// What this statement changes for the next ones.
    pub fn apply(&mut self, ddl: &[Ddl], at: Cursor<'_>) {
        for one in ddl {
            match one {
                Ddl::CreateTable(table) => {
                    let exists = table.if_not_exists && self.table(&table.name).is_some();
                    if !exists {
                        self.created.insert(key(&table.name));
                    }
                }
                Ddl::AlterTable { table, action: AlterAction::RenameTable(new), .. } => {
                    let original = self.original(table).clone();
                    match self.created.remove(&key(table)) {
                        true => drop(self.created.insert(key(new))),
                        false => drop(self.renamed.insert(key(new), original)),
                    }
                }
                _ => {}
            }
        }
        self.note_check(at);
    }

    /// `ADD CONSTRAINT c CHECK (a IS NOT NULL) [NOT VALID]`, `VALIDATE CONSTRAINT c`.
    fn note_check(&mut self, mut at: Cursor<'_>) {
        if !at.eat_all("alter table") {
            return;
        }
        at.eat_all("if exists");
        at.eat("only");
        let Ok(table) = at.qualified_name().map(|name| key(&name)) else { return };
        for mut part in at.split_commas() {
            if part.eat_all("validate constraint") {
                let Ok(name) = part.name() else { continue };
                let valid = self.pending.iter().filter(|one| one.0 == table && one.1 == name);
                self.not_null.extend(valid.map(|one| (one.0.clone(), one.2.clone())));
            } else if part.eat_all("add constraint") {
                let Ok(name) = part.name() else { continue };
                let column = part.eat("check").then(|| part.group()).flatten();
                let Some(mut column) = column else { continue };
                let Ok(column_name) = column.name() else { continue };
                if column.is_all("is not null") && column.tokens.len() == 3 {
                    match part.is_all("not valid") {
                        true => self.pending.push((table.clone(), name, column_name)),
                        false => drop(self.not_null.insert((table.clone(), column_name))),
                    }
                }
            }
        }
    }

    /// What holds for a statement because of what stands around it.
    pub fn notes(&self, statement: &StatementReport) -> Vec<String> {
        let mut out = Vec::new();
        let postgres = self.catalog.dialect == Dialect::Postgres;
        let is_short = statement.blocks != Blocks::Nothing && statement.lasts == Lasts::Moment;
        if postgres && is_short && !self.has_timeout {
            out.push(
                "while it waits for its lock everything queues behind it: SET lock_timeout before, \
                 and try again"
                    .to_owned(),
            );
        }
        if postgres && self.in_transaction {
            if statement.safer.iter().any(|sql| sql.contains("CONCURRENTLY")) {
                out.push(
                    "take it out of the transaction: CONCURRENTLY is refused inside".to_owned(),
                );
            }
            if statement.transaction == Transaction::Refused {
                out.push("it stands in a transaction block: the server refuses it".to_owned());
            } else if statement.blocks >= Blocks::Writes {
                out.push(
                    "its locks are held to the COMMIT of the transaction around it".to_owned(),
                );
            }
        }
        out
    }
}

fn key(name: &Name) -> String {
    let schema = name.schema.as_deref().filter(|schema| !matches!(*schema, "public" | "main"));
    match schema {
        Some(schema) => format!("{schema}.{}", name.name).to_lowercase(),
        None => name.name.to_lowercase(),
    }
}
