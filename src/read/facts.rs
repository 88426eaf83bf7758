//! What readers find, in source order, before anything is resolved.

use crate::sorted::SortedSet;

use super::histogram::Histogram;
use super::plan_node::PlanNode;
use super::statistics::{
    ColumnStatistics, ExtendedStatistics, IndexStatistics, Settings, TableStatistics,
};
use crate::diagnostic::{Diagnostic, Place};
use crate::input::Side;
use crate::limits::LOG_CALLS_MAX;
use crate::sql::expr::Expr;
use crate::sql::literals::Literals;
use crate::sql::schema::{IndexKey, Method, Name, TableKind};

/// All that one or more segments say.
#[derive(Debug, Default)]
pub struct Facts {
    /// Schema statements in source order.
    pub ddl: Vec<Ddl>,
    /// Statements of the proposed schema or migration, in source order; their DDL is not in `ddl`.
    pub proposed: Vec<ProposedFact>,
    /// Workload entries.
    pub statements: Vec<StatementFact>,
    /// Single calls, where a log says when each was.
    pub calls: Vec<CallFact>,
    /// Sessions that these are of.
    pub n_sessions: u32,
    /// Triggers with statements of their own.
    pub triggers: Vec<TriggerFact>,
    /// Pasted plans.
    pub plans: Vec<PastedPlan>,
    /// Statistics by table, as exported.
    pub tables: Vec<TableFacts>,
    /// CREATE STATISTICS with values.
    pub extended_statistics: Vec<ExtendedStatistics>,
    /// Planner settings, if any were given.
    pub settings: Option<Settings>,
    /// Settings that statements or a configuration file set; they go before exported ones.
    pub set: Vec<SettingFact>,
    /// Entries understood.
    pub entries: usize,
    /// Entries not understood; each has a diagnostic (or is counted in one).
    pub skipped: usize,
    /// Remarks.
    pub diagnostics: Vec<Diagnostic>,
    /// Pieces of input that are a dump of an existing database: their tables are not new.
    pub dumps: SortedSet<u32>,
}

impl Facts {
    /// Adds what was read after these.
    pub fn append(&mut self, mut more: Facts) {
        self.append_calls(std::mem::take(&mut more.calls), more.n_sessions);
        self.ddl.append(&mut more.ddl);
        self.proposed.append(&mut more.proposed);
        self.statements.append(&mut more.statements);
        self.triggers.append(&mut more.triggers);
        self.plans.append(&mut more.plans);
        self.tables.append(&mut more.tables);
        self.extended_statistics.append(&mut more.extended_statistics);
        self.settings = more.settings.or(self.settings.take());
        self.set.append(&mut more.set);
        self.entries += more.entries;
        self.skipped += more.skipped;
        self.diagnostics.append(&mut more.diagnostics);
        self.dumps.extend(&more.dumps);
    }

    /// Adds calls of statements that are added next, by sessions that are not those before.
    pub fn append_calls(&mut self, calls: Vec<CallFact>, n_sessions: u32) {
        let (n, first) = (self.statements.len(), self.n_sessions);
        let room = LOG_CALLS_MAX.saturating_sub(self.calls.len());
        self.calls.extend(calls.into_iter().take(room).map(|call| CallFact {
            statement: call.statement + n,
            session: call.session.saturating_add(first),
            ..call
        }));
        self.n_sessions = first.saturating_add(n_sessions);
    }
}

/// One call in a log.
#[derive(Debug, Clone, PartialEq)]
pub struct CallFact {
    /// The statement, by its position in [`Facts::statements`].
    pub statement: usize,
    /// Which session it is of; numbers mean nothing but that they differ.
    pub session: u32,
    /// When it was logged: milliseconds since 1970 by the log's clock.
    pub at_ms: i64,
    /// How long it took.
    pub ms: Option<f64>,
    /// Where it stands.
    pub source: Place,
}

/// One statement of the proposed side.
#[derive(Debug, Clone, Default)]
pub struct ProposedFact {
    /// As written, without its terminator; empty where it is no SQL, or no step of a migration.
    pub sql: String,
    /// What it does to the schema.
    pub ddl: Vec<Ddl>,
    /// As the user marked its piece.
    pub side: Side,
    /// Where it stands.
    pub source: Option<Place>,
}

/// What a trigger does for each row written.
#[derive(Debug, Clone, PartialEq)]
pub struct TriggerFact {
    /// Its name.
    pub name: String,
    /// The table it waits on.
    pub table: Name,
    /// What it waits for: `insert`, `update`, `delete`.
    pub event: String,
    /// What it runs; the row is in parameters.
    pub statements: Vec<String>,
    /// Where it stands.
    pub source: Place,
}

/// A setting of the planner that is set, or reset.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingFact {
    /// Its name; `all` where all are reset.
    pub name: String,
    /// Its value, none to reset it.
    pub value: Option<String>,
}

/// One statement, or one normalised statement with its counters.
#[derive(Debug, Clone, Default)]
pub struct StatementFact {
    /// `-- name: q01`, or a prepared statement's name.
    pub name: Option<String>,
    /// The statement without its terminator.
    pub sql: String,
    /// How often it ran; absent means it was written once, without a count.
    pub calls: Option<f64>,
    /// Timings, where the source has them.
    pub timing: Timing,
    /// Parameters in order, as SQL text (`'x'`, `NULL`, `42`), where the source has them.
    pub parameters: Vec<(String, String)>,
    /// Rows returned per call.
    pub rows: Option<f64>,
    /// How many statements of this shape the reader has folded into this one; 0 means 1.
    pub n_folded: usize,
    /// The values that the folded statements carried, by position; empty when none were folded.
    pub literals: Literals,
    /// Where it stands.
    pub source: Option<Place>,
}

/// Times in milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timing {
    /// Calls that were timed: those that `total_ms` sums up.
    pub n_timed: f64,
    /// Sum over all calls.
    pub total_ms: Option<f64>,
    /// Fastest call.
    pub min_ms: Option<f64>,
    /// Slowest call.
    pub max_ms: Option<f64>,
    /// Standard deviation.
    pub stddev_ms: Option<f64>,
    /// The times of those calls that were logged one by one.
    pub histogram: Histogram,
}

impl Timing {
    /// The timing of a single call.
    pub fn of_call(ms: f64) -> Timing {
        Timing {
            n_timed: 1.0,
            total_ms: Some(ms),
            min_ms: Some(ms),
            max_ms: Some(ms),
            stddev_ms: None,
            histogram: Histogram::of_call(ms),
        }
    }

    /// Adds other calls. A standard deviation cannot be added without the means: it stays where only
    /// one side has times.
    pub fn add(&mut self, other: &Timing) {
        let both = |a: Option<f64>, b: Option<f64>, join: fn(f64, f64) -> f64| match (a, b) {
            (Some(a), Some(b)) => Some(join(a, b)),
            (a, b) => a.or(b),
        };
        self.stddev_ms = match (self.total_ms, other.total_ms) {
            (Some(_), Some(_)) => None,
            _ => self.stddev_ms.or(other.stddev_ms),
        };
        self.n_timed += other.n_timed;
        self.total_ms = both(self.total_ms, other.total_ms, |a, b| a + b);
        self.min_ms = both(self.min_ms, other.min_ms, f64::min);
        self.max_ms = both(self.max_ms, other.max_ms, f64::max);
        self.histogram.add(&other.histogram);
    }

    /// The time that this part of the calls do not exceed, where each was logged.
    pub fn percentile(&self, part: f64) -> Option<f64> {
        let all = self.histogram.n_calls() >= self.n_timed && self.n_timed > 0.0;
        let ms = self.histogram.percentile(part).filter(|_| all)?;
        Some(ms.clamp(self.min_ms.unwrap_or(0.0), self.max_ms.unwrap_or(f64::MAX)))
    }
}

/// A plan as pasted.
#[derive(Debug, Clone)]
pub struct PastedPlan {
    /// The plan, in the shape of EXPLAIN (FORMAT JSON).
    pub root: PlanNode,
    /// Has actual times or rows.
    pub analyze: bool,
    /// The query, where it stands beside the plan.
    pub query: Option<String>,
    /// `Planning Time`.
    pub planning_ms: Option<f64>,
    /// `Execution Time`.
    pub execution_ms: Option<f64>,
    /// Whole statement duration, from auto_explain.
    pub duration_ms: Option<f64>,
    /// `Settings:` line.
    pub settings: Vec<(String, String)>,
    /// Where it stands.
    pub source: Option<Place>,
}

/// Statistics of one table; names are as exported.
#[derive(Debug, Clone, Default)]
pub struct TableFacts {
    /// Its name.
    pub name: Name,
    /// `relkind`, where given: `r`, `p`, `m`.
    pub kind: Option<String>,
    /// Counts.
    pub statistics: TableStatistics,
    /// Columns: name, type (may be empty), NOT NULL if known, statistics.
    pub columns: Vec<(String, String, Option<bool>, ColumnStatistics)>,
    /// Indexes with their definition (may be empty), statistics, and whether a constraint made it.
    pub indexes: Vec<IndexFacts>,
    /// Foreign keys as `pg_get_constraintdef` prints them: name, definition.
    pub foreign_keys: Vec<(String, String)>,
}

/// Statistics of one index.
#[derive(Debug, Clone, Default)]
pub struct IndexFacts {
    /// Its name.
    pub name: String,
    /// `CREATE INDEX ...`, may be empty.
    pub definition: String,
    /// Made by a constraint, if known.
    pub is_constraint: Option<bool>,
    /// PRIMARY KEY, if known.
    pub primary: Option<bool>,
    /// Valid, if known.
    pub valid: Option<bool>,
    /// Counts.
    pub statistics: IndexStatistics,
}

/// A schema statement. Column names in keys and constraints are not yet resolved.
#[derive(Debug, Clone)]
pub enum Ddl {
    /// CREATE TABLE, also from `\d`.
    CreateTable(Box<CreateTable>),
    /// CREATE INDEX.
    CreateIndex(Box<CreateIndex>),
    /// CREATE VIEW / MATERIALIZED VIEW.
    CreateView {
        /// Its name.
        name: Name,
        /// Column aliases.
        columns: Vec<String>,
        /// The SELECT as written.
        query: String,
        /// Materialised.
        materialized: bool,
        /// Where.
        source: Place,
    },
    /// ALTER TABLE: one action each.
    AlterTable {
        /// The table.
        table: Name,
        /// What is changed.
        action: AlterAction,
        /// ALTER TABLE ONLY: partitions and children are left alone.
        only: bool,
        /// Where.
        source: Place,
    },
    /// DROP TABLE / VIEW / MATERIALIZED VIEW.
    DropTable(Name),
    /// DROP INDEX; the table where the dialect names it.
    DropIndex {
        /// The index.
        name: Name,
        /// MySQL's ON table.
        table: Option<Name>,
    },
    /// ALTER INDEX ... RENAME TO.
    RenameIndex(Name, String),
    /// ALTER INDEX parent ATTACH PARTITION child.
    AttachIndex {
        /// The index of the partitioned table.
        parent: Name,
        /// The index of the partition.
        child: Name,
    },
    /// CREATE TYPE ... AS ENUM.
    CreateEnum(Name),
    /// CREATE DOMAIN name AS type.
    CreateDomain(Name, String),
    /// CREATE EXTENSION.
    CreateExtension(String),
    /// Rows counted in COPY (`true`) or INSERT: table, rows, bytes.
    Rows(Name, f64, f64, bool),
    /// `SET search_path`, `USE`: the schema that names without one are in from here on.
    DefaultSchema(Option<String>),
}

/// A column as defined.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnDef {
    /// Its name, folded.
    pub name: String,
    /// Type as written, lower case, e.g. `character varying(64)`, `timestamptz`, `int unsigned`.
    pub data_type: String,
    /// NOT NULL, or PRIMARY KEY behind it.
    pub not_null: bool,
    /// DEFAULT, as written.
    pub default: Option<String>,
    /// GENERATED ALWAYS AS (expression).
    pub generated: Option<Expr>,
    /// COLLATE.
    pub collation: Option<String>,
}

/// CREATE TABLE.
#[derive(Debug, Clone, Default)]
pub struct CreateTable {
    /// Its name.
    pub name: Name,
    /// Ordinary, partitioned, partition ...
    pub kind: TableKind,
    /// Columns.
    pub columns: Vec<ColumnDef>,
    /// Constraints and keys, those written behind a column included.
    pub constraints: Vec<Constraint>,
    /// IF NOT EXISTS.
    pub if_not_exists: bool,
    /// PARTITION OF or INHERITS.
    pub parents: Vec<Name>,
    /// FOR VALUES ..., as written.
    pub partition_bound: Option<String>,
    /// PARTITION BY: strategy and keys.
    pub partition_by: Option<(String, Vec<Expr>)>,
    /// LIKE other [INCLUDING ...]: the other, and whether indexes are included.
    pub like: Vec<(Name, bool)>,
    /// CREATE TABLE ... AS SELECT.
    pub as_query: Option<String>,
    /// SQLite.
    pub without_rowid: bool,
    /// ENGINE, default COLLATE, FILLFACTOR and other options, lower case names.
    pub options: Vec<(String, String)>,
    /// Where.
    pub source: Option<Place>,
}

/// CREATE INDEX.
#[derive(Debug, Clone, Default)]
pub struct CreateIndex {
    /// Its name, where written.
    pub name: Option<Name>,
    /// The table.
    pub table: Name,
    /// IF NOT EXISTS.
    pub if_not_exists: bool,
    /// ON ONLY.
    pub on_only: bool,
    /// The index itself.
    pub spec: IndexSpec,
    /// Where.
    pub source: Option<Place>,
}

/// What is indexed and how; columns by name.
#[derive(Debug, Clone, Default)]
pub struct IndexSpec {
    /// UNIQUE.
    pub unique: bool,
    /// Access method.
    pub method: Method,
    /// Keys; a plain column is `Expr::Name` with one part inside `KeyPart::Expr`. `nulls_first` is as
    /// written, else the same as `desc`.
    pub keys: Vec<IndexKey>,
    /// INCLUDE columns.
    pub include: Vec<String>,
    /// WHERE.
    pub predicate: Option<Expr>,
    /// WHERE as written.
    pub predicate_sql: Option<String>,
    /// NULLS NOT DISTINCT.
    pub nulls_not_distinct: bool,
    /// INVISIBLE, IGNORED, INVALID.
    pub unusable: bool,
    /// WITH (...).
    pub options: Vec<(String, String)>,
    /// The definition as written.
    pub definition: String,
}

/// A table constraint or a MySQL key.
#[derive(Debug, Clone)]
pub enum Constraint {
    /// PRIMARY KEY.
    PrimaryKey(Option<String>, IndexSpec),
    /// UNIQUE.
    Unique(Option<String>, IndexSpec),
    /// PRIMARY KEY / UNIQUE USING INDEX name.
    UsingIndex {
        /// Constraint name.
        name: Option<String>,
        /// The index.
        index: String,
        /// PRIMARY KEY.
        primary: bool,
    },
    /// EXCLUDE.
    Exclude(Option<String>, IndexSpec),
    /// KEY / INDEX / FULLTEXT KEY / SPATIAL KEY (MySQL).
    Key(Option<String>, IndexSpec),
    /// FOREIGN KEY.
    ForeignKey {
        /// Constraint name.
        name: Option<String>,
        /// Referencing columns.
        columns: Vec<String>,
        /// Referenced table.
        references: Name,
        /// Referenced columns; empty means its primary key.
        referenced_columns: Vec<String>,
        /// Lower case.
        on_delete: Option<String>,
        /// Lower case.
        on_update: Option<String>,
    },
    /// CHECK.
    Check(Option<String>, Expr),
}

/// One action of ALTER TABLE.
#[derive(Debug, Clone)]
pub enum AlterAction {
    /// ADD COLUMN, with the constraints written behind it.
    AddColumn(ColumnDef, Vec<Constraint>),
    /// DROP COLUMN.
    DropColumn(String),
    /// ADD CONSTRAINT / KEY / INDEX.
    AddConstraint(Constraint),
    /// DROP CONSTRAINT, DROP INDEX, DROP FOREIGN KEY, DROP PRIMARY KEY (`PRIMARY`).
    DropConstraint(String),
    /// RENAME TO.
    RenameTable(Name),
    /// RENAME COLUMN.
    RenameColumn(String, String),
    /// RENAME CONSTRAINT / INDEX.
    RenameConstraint(String, String),
    /// DROP FOREIGN KEY, which leaves the index of that name alone.
    DropForeignKey(String),
    /// MODIFY, CHANGE: the old name and the new definition.
    ChangeColumn(String, ColumnDef),
    /// ALTER COLUMN ... TYPE.
    SetType(String, String),
    /// ALTER COLUMN SET / DROP NOT NULL.
    SetNotNull(String, bool),
    /// ATTACH PARTITION child FOR VALUES bound.
    AttachPartition(Name, String),
    /// DETACH PARTITION.
    DetachPartition(Name),
    /// INHERIT parent.
    Inherit(Name),
    /// SET SCHEMA.
    SetSchema(String),
    /// ALTER INDEX x INVISIBLE / VISIBLE (MySQL).
    SetIndexUsable(String, bool),
}
