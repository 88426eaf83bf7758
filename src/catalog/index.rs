//! Indexes, real or proposed.

use std::cell::Cell;

use crate::diagnostic::Place;
use crate::read::statistics::IndexStatistics;
use crate::sql::expr::Expr;
use crate::sql::schema::{IndexKey, KeyPart, Method};

/// An index. Positions refer to the columns of its table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    /// Its name; generated as the server would where none is written.
    pub name: String,
    /// Schema, where it was written.
    pub schema: Option<String>,
    /// Access method.
    pub method: Method,
    /// Key columns or expressions in order.
    pub keys: Vec<IndexKey>,
    /// INCLUDE columns.
    pub include: Vec<usize>,
    /// WHERE, over the table's columns (relation 0).
    pub predicate: Option<Expr>,
    /// The predicate as written.
    pub predicate_sql: Option<String>,
    /// UNIQUE, PRIMARY KEY.
    pub unique: bool,
    /// PRIMARY KEY.
    pub primary: bool,
    /// Made by a PRIMARY KEY, UNIQUE or exclusion constraint: it cannot be dropped as an index.
    pub constraint: bool,
    /// NULLS NOT DISTINCT.
    pub nulls_not_distinct: bool,
    /// `false`: INVALID (a failed CONCURRENTLY), INVISIBLE (MySQL) or IGNORED (MariaDB): no plan uses it.
    pub usable: bool,
    /// On a partitioned table ON ONLY: partitions have none until one is attached.
    pub on_only: bool,
    /// On a partition: the partitioned table's index that this one is part of.
    pub parent: Option<String>,
    /// Made by the server for a foreign key (MySQL family); it goes when another index can serve.
    pub for_foreign_key: bool,
    /// Storage parameters as written, lower case names: `fillfactor`, `fastupdate`, ...
    pub options: Vec<(String, String)>,
    /// Size and usage.
    pub statistics: IndexStatistics,
    /// The whole definition as written, or as `pg_get_indexdef` would print it.
    pub definition: String,
    /// Where it is defined.
    pub source: Option<Place>,
    /// Proposed by the advisor or `--with`, not existing.
    pub hypothetical: bool,
    /// What was computed of it once.
    pub computed: Computed,
}

impl Index {
    /// The keys that are expressions, over relation 0.
    pub fn expressions(&self) -> Vec<&Expr> {
        let expressions = self.keys.iter().filter_map(|key| match &key.part {
            KeyPart::Expr(expr, _) => Some(&**expr),
            KeyPart::Column(_) => None,
        });
        expressions.collect()
    }
}

/// What estimates compute of an index and its table, kept because every plan asks for it. A copy of
/// the index starts without it: it may be changed, or belong to a changed table.
#[derive(Debug, Default)]
pub struct Computed {
    /// The part of the table's rows that the predicate keeps.
    pub kept: Cell<Option<f64>>,
    /// For so many entries of a B-tree, its pages and the levels above its leaves.
    pub tree: Cell<Option<(f64, f64, f64)>>,
}

impl Clone for Computed {
    fn clone(&self) -> Computed {
        Computed::default()
    }
}

impl PartialEq for Computed {
    fn eq(&self, _: &Computed) -> bool {
        true
    }
}
