//! What exists: tables, columns, indexes, constraints, statistics. Plain data; built from the facts
//! of `read` by `build`.

pub mod build;
pub mod definition;
pub mod index;
pub mod observed;
pub mod table;

pub use index::Index;
pub use observed::ObservedSelectivity;
pub use table::{Check, Column, ForeignKey, Table, View};

use crate::dialect::Dialect;
use crate::read::statistics::{ExtendedStatistics, Settings};
use crate::sql::schema::Name;

/// All that is known of a database.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The database family.
    pub dialect: Dialect,
    /// Tables and materialised views, in source order; other stages refer to them by position.
    pub tables: Vec<Table>,
    /// Views, kept for expansion.
    pub views: Vec<View>,
    /// Planner settings.
    pub settings: Settings,
    /// CREATE STATISTICS.
    pub extended_statistics: Vec<ExtendedStatistics>,
    /// Names of enum types (they sort by position, are 4 bytes wide).
    pub enum_types: Vec<String>,
    /// Installed extensions, e.g. `pg_trgm`.
    pub extensions: Vec<String>,
    /// The database (MySQL) that names without one are in, where `USE` says so.
    pub home_schema: Option<String>,
}

impl Catalog {
    /// The table a name means, as the dialect compares names; without a schema any schema will do,
    /// `public` and `main` first.
    pub fn find_table(&self, name: &Name) -> Option<usize> {
        let same = |a: &str, b: &str| match self.dialect {
            Dialect::Postgres => a == b,
            _ => a.eq_ignore_ascii_case(b),
        };
        let hits = self.tables.iter().enumerate().filter(|(_, table)| {
            same(&table.name.name, &name.name)
                && match (&table.name.schema, &name.schema) {
                    (Some(a), Some(b)) => same(a, b),
                    (None, Some(b)) => {
                        matches!(b.as_str(), "public" | "main")
                            || self.home_schema.as_deref() == Some(b)
                            || (self.dialect.is_mysql_family() && self.home_schema.is_none())
                    }
                    (_, None) => true,
                }
        });
        hits.min_by_key(|(_, table)| match table.name.schema.as_deref() {
            None => 0,
            Some("public" | "main") => 1,
            Some(_) => 2,
        })
        .map(|(at, _)| at)
    }
}
