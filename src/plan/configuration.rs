//! Which indexes a plan may use: the existing ones, less some hidden, plus some that are only thought of.

use crate::sorted::SortedSet;
use std::borrow::Cow;

use crate::catalog::{Catalog, Index};

/// An index of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexRef {
    /// Position in `Catalog::tables`.
    pub table: usize,
    /// Existing index of the table, or one that was added.
    pub index: IndexPosition,
}

/// Where an index stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexPosition {
    /// Position in `Table::indexes`.
    Existing(usize),
    /// Position in `Configuration::added`.
    Added(usize),
}

/// A catalog with what-if indexes.
#[derive(Debug, Clone)]
pub struct Configuration<'a> {
    /// What exists.
    pub catalog: &'a Catalog,
    /// What-if indexes: table and index. Borrowed where many configurations share one.
    pub added: Vec<(usize, Cow<'a, Index>)>,
    /// Existing indexes that are not to be used: table and position.
    pub hidden: SortedSet<(usize, usize)>,
}

impl<'a> Configuration<'a> {
    /// What exists, unchanged.
    pub fn existing(catalog: &'a Catalog) -> Configuration<'a> {
        Configuration { catalog, added: Vec::new(), hidden: SortedSet::new() }
    }

    /// The same with one more index.
    #[must_use]
    pub fn with(mut self, table: usize, index: Index) -> Configuration<'a> {
        self.added.push((table, Cow::Owned(index)));
        self
    }

    /// The indexes of a table that a plan may use, existing ones first.
    pub fn indexes(&self, table: usize) -> impl Iterator<Item = (IndexRef, &Index)> {
        let existing = self.catalog.tables.get(table).into_iter().flat_map(|t| &t.indexes);
        let existing = existing
            .enumerate()
            .filter(move |(at, index)| index.usable && !self.hidden.contains(&(table, *at)))
            .map(move |(at, index)| (IndexPosition::Existing(at), index));
        let added = self.added.iter().enumerate();
        let added = added
            .filter(move |(_, (of, _))| *of == table)
            .map(|(at, (_, index))| (IndexPosition::Added(at), &**index));
        existing
            .chain(added)
            .map(move |(index_at, index)| (IndexRef { table, index: index_at }, index))
    }

    /// The index itself.
    pub fn index(&self, index: IndexRef) -> Option<&Index> {
        match index.index {
            IndexPosition::Existing(at) => self.catalog.tables.get(index.table)?.indexes.get(at),
            IndexPosition::Added(at) => self.added.get(at).map(|(_, index)| &**index),
        }
    }
}
