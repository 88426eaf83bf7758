//! Append relations: a relation that is read as several, one after the other (PostgreSQL's
//! `inherit.c`, `appendinfo.c`, and `set_append_rel_size`, `set_append_rel_pathlist` in `allpaths.c`).
//!
//! The partitions of a table, a table and those that inherit from it, or the arms of a UNION ALL in FROM
//! become relations of their own behind those of the query: each with its own bit, conditions,
//! statistics and paths. Joins know only the parent. A query with more of them than there are bits keeps
//! the parent as if it was one table, or one subquery.

pub mod bounds;
pub mod expand;
pub mod ordered;
pub mod paths;
pub mod pieces;
pub mod prune;
pub mod size;
pub mod translate;
pub mod union_all;

use crate::sql::expr::Expr;

/// The relations that an append relation is read as.
#[derive(Debug, Default)]
pub struct Children {
    /// Their positions in `Query::relations`.
    pub relations: Vec<usize>,
    /// What the parent is partitioned by.
    pub keys: Vec<Expr>,
    /// Each holds only keys that are greater than those of the ones before.
    pub is_ordered: bool,
}
