//! What access methods can do (`IndexAmRoutine`), and where the engines of other dialects differ from
//! PostgreSQL: all of that is in this file.

use crate::catalog::{Index, Table};
use crate::dialect::Dialect;
use crate::sql::schema::{KeyPart, Method};

/// What an access method can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Abilities {
    /// `amcanorder`: returns rows in the order of its keys.
    pub is_ordered: bool,
    /// `amcanorderbyop`: returns rows by their distance from a value.
    pub orders_by_distance: bool,
    /// `amoptionalkey`: can be read without a condition on its first key.
    pub optional_key: bool,
    /// `amsearcharray`: answers an IN list by itself.
    pub searches_arrays: bool,
    /// `amsearchnulls`: answers IS NULL and IS NOT NULL.
    pub searches_nulls: bool,
    /// `amcanparallel`: workers can share a scan.
    pub can_parallel: bool,
    /// `amhasgettuple`: returns rows one by one.
    pub has_tuples: bool,
    /// `amhasgetbitmap`: returns a bitmap.
    pub has_bitmap: bool,
}

/// What the method of an index can do; of an unknown method nothing is known.
pub fn abilities(method: &Method) -> Abilities {
    let tree = Abilities {
        optional_key: true,
        searches_nulls: true,
        has_tuples: true,
        has_bitmap: true,
        ..Abilities::default()
    };
    match method {
        Method::Btree => {
            Abilities { is_ordered: true, searches_arrays: true, can_parallel: true, ..tree }
        }
        Method::Hash => Abilities { optional_key: false, searches_nulls: false, ..tree },
        Method::Gist | Method::Spgist => Abilities { orders_by_distance: true, ..tree },
        Method::Brin => Abilities { has_tuples: false, ..tree },
        Method::Gin => Abilities { has_tuples: false, searches_nulls: false, ..tree },
        Method::Fulltext | Method::Spatial | Method::Other(_) => Abilities::default(),
    }
}

/// May a bitmap of a single index, or of several by AND, be made? Other engines only answer an OR from
/// several indexes.
pub fn combines_by_and(dialect: Dialect) -> bool {
    dialect == Dialect::Postgres
}

/// Is the index the table itself? InnoDB's primary key: it covers everything, rows lie in its order,
/// and reading all of it is no better than reading the table.
pub fn is_clustered(dialect: Dialect, index: &Index) -> bool {
    index.primary && dialect.is_mysql_family()
}

/// Columns that the engine appends to every index: InnoDB its primary key, SQLite its rowid.
pub fn appended_columns(dialect: Dialect, table: &Table) -> Vec<usize> {
    match dialect {
        Dialect::Postgres => Vec::new(),
        Dialect::Sqlite if !table.without_rowid => table.rowid_column.into_iter().collect(),
        _ => {
            let primary = table.indexes.iter().filter(|index| index.primary);
            let keys = primary.flat_map(|index| &index.keys);
            keys.filter_map(|key| match key.part {
                KeyPart::Column(column) => Some(column),
                KeyPart::Expr(..) => None,
            })
            .collect()
        }
    }
}
