//! What is known of the relations of one query level, for estimates.

use super::column::ColumnInfo;
use crate::catalog::{Catalog, Table};

/// The relations of one query level, by position in `Query::relations`.
#[derive(Debug, Clone, Default)]
pub struct Scope<'a> {
    /// Types, extended statistics; absent where only one table counts.
    pub catalog: Option<&'a Catalog>,
    /// The relations.
    pub relations: Vec<ScopeRelation<'a>>,
}

/// One relation.
#[derive(Debug, Clone, Default)]
pub struct ScopeRelation<'a> {
    /// The table, if it is one.
    pub table: Option<&'a Table>,
    /// Rows before the query's conditions on it (`RelOptInfo.tuples`).
    pub tuples: f64,
    /// Rows after them (`RelOptInfo.rows`).
    pub rows: f64,
    /// What is known of the columns of what is no table: a subquery, a CTE, VALUES.
    pub columns: Vec<Option<ColumnInfo<'a>>>,
}

impl<'a> Scope<'a> {
    /// A single table as relation 0, as in index predicates.
    pub fn of(table: &'a Table) -> Scope<'a> {
        let rows = super::size::table_rows(table).value;
        let relation =
            ScopeRelation { table: Some(table), tuples: rows, rows, columns: Vec::new() };
        Scope { catalog: None, relations: vec![relation] }
    }
}
