//! Tables, columns and the constraints that are no indexes.

use crate::catalog::{Index, ObservedSelectivity};
use crate::diagnostic::Place;
use crate::read::statistics::{ColumnStatistics, TableStatistics};
use crate::sql::expr::Expr;
use crate::sql::schema::{Name, TableKind};

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// What kind of relation it is.
    pub kind: TableKind,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// The columns its rows were written with, where a migration has changed them since.
    pub stored: Option<Vec<Column>>,
    /// Its indexes, those of constraints included.
    pub indexes: Vec<Index>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its CHECK constraints.
    pub checks: Vec<Check>,
    /// Position of the partitioned table or the parent it inherits from.
    pub parent: Option<usize>,
    /// PARTITION BY: strategy (`range`, `list`, `hash`) and key expressions over this table's columns.
    pub partition_by: Option<(String, Vec<Expr>)>,
    /// FOR VALUES ..., as written.
    pub partition_bound: Option<String>,
    /// SQLite's WITHOUT ROWID; InnoDB tables are always clustered and not marked.
    pub without_rowid: bool,
    /// SQLite's INTEGER PRIMARY KEY: the column that is the rowid and needs no index.
    pub rowid_column: Option<usize>,
    /// Storage engine (MySQL family).
    pub engine: Option<String>,
    /// Default collation (MySQL family).
    pub collation: Option<String>,
    /// Row and page counts, write counters.
    pub statistics: TableStatistics,
    /// What pasted plans measured, where the user takes it over; by key.
    pub observed: Vec<ObservedSelectivity>,
    /// Where it is defined; absent when known only from statistics or plans.
    pub source: Option<Place>,
    /// Created by a CREATE TABLE of this paste that is no dump of an existing database.
    pub is_new: bool,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// Its name, folded.
    pub name: String,
    /// Type as written, lower case, e.g. `character varying(64)`, `timestamptz`, `int unsigned`.
    pub data_type: String,
    /// NOT NULL, or part of a primary key.
    pub not_null: bool,
    /// DEFAULT, as written.
    pub default: Option<String>,
    /// GENERATED ALWAYS AS (expression).
    pub generated: Option<Expr>,
    /// COLLATE.
    pub collation: Option<String>,
    /// Statistics, where given.
    pub statistics: Option<ColumnStatistics>,
}

/// A foreign key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ForeignKey {
    /// Constraint name.
    pub name: Option<String>,
    /// Referencing columns (positions).
    pub columns: Vec<usize>,
    /// Referenced table.
    pub references: Name,
    /// Referenced columns by name; empty means the primary key.
    pub referenced_columns: Vec<String>,
    /// ON DELETE action, lower case (`cascade`, `set null`, ...).
    pub on_delete: Option<String>,
    /// ON UPDATE action, lower case.
    pub on_update: Option<String>,
    /// Where it is defined.
    pub source: Option<Place>,
}

/// A CHECK constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Constraint name.
    pub name: Option<String>,
    /// The condition over this table's columns (relation 0).
    pub condition: Expr,
}

/// A view: its text, expanded where queries use it.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its name.
    pub name: Name,
    /// Column aliases.
    pub columns: Vec<String>,
    /// The SELECT, as written.
    pub query: String,
    /// Where it is defined.
    pub source: Option<Place>,
}
