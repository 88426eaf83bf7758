//! What exists: tables, columns, indexes, constraints, statistics. Plain data; built from the facts
//! of `read` by `build`.

pub mod index;
pub mod table;

pub use index::Index;
pub use table::{Check, Column, ForeignKey, Table, View};

use crate::dialect::Dialect;
use crate::read::statistics::{ExtendedStatistics, Settings};

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
}
