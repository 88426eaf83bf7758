//! The vocabulary of schema statements.

use std::fmt;

use super::expr::Expr;

/// The name of a table, view or index, folded as its dialect folds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// Schema (PostgreSQL), database (MySQL) or attached database (SQLite), where it was written.
    pub schema: Option<String>,
    /// The name proper.
    pub name: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// Kinds of relations with storage or partitions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TableKind {
    /// An ordinary table.
    #[default]
    Ordinary,
    /// A partitioned parent, without storage.
    Partitioned,
    /// A partition (which may itself be partitioned: then it is `Partitioned` with a parent).
    Partition,
    /// A materialised view.
    MaterializedView,
    /// A foreign table.
    Foreign,
    /// SQLite's virtual table.
    Virtual,
    /// A temporary table.
    Temporary,
}

/// Access methods.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// B-tree.
    #[default]
    Btree,
    /// Hash.
    Hash,
    /// GIN.
    Gin,
    /// GiST.
    Gist,
    /// SP-GiST.
    Spgist,
    /// BRIN.
    Brin,
    /// MySQL's FULLTEXT.
    Fulltext,
    /// MySQL's SPATIAL.
    Spatial,
    /// Anything else, lower case: `bloom`, `hnsw`, `ivfflat`, `rum`.
    Other(String),
}

impl Method {
    /// As written behind USING.
    pub fn name(&self) -> &str {
        match self {
            Method::Btree => "btree",
            Method::Hash => "hash",
            Method::Gin => "gin",
            Method::Gist => "gist",
            Method::Spgist => "spgist",
            Method::Brin => "brin",
            Method::Fulltext => "fulltext",
            Method::Spatial => "spatial",
            Method::Other(name) => name,
        }
    }
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexKey {
    /// What is indexed.
    pub part: KeyPart,
    /// DESC.
    pub desc: bool,
    /// NULLS FIRST; DESC implies it unless NULLS LAST is written.
    pub nulls_first: bool,
    /// Operator class, where it is written: `text_pattern_ops`, `gin_trgm_ops`.
    pub opclass: Option<String>,
    /// COLLATE, unquoted.
    pub collation: Option<String>,
    /// MySQL's prefix length, `name(10)`.
    pub prefix_length: Option<u32>,
}

impl IndexKey {
    /// A column, ascending, with the defaults for everything else.
    pub fn of_column(column: usize) -> IndexKey {
        IndexKey {
            part: KeyPart::Column(column),
            desc: false,
            nulls_first: false,
            opclass: None,
            collation: None,
            prefix_length: None,
        }
    }
}

/// A column or an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyPart {
    /// Position of a column of the table.
    Column(usize),
    /// An expression over the table's columns (relation 0), with its text as written.
    Expr(Box<Expr>, String),
}

/// `text`, `varchar(n)`, `char(n)` and their long names.
pub fn is_text_type(name: &str) -> bool {
    [
        "text",
        "varchar",
        "character",
        "char",
        "bpchar",
        "citext",
        "tinytext",
        "mediumtext",
        "longtext",
    ]
    .iter()
    .any(|known| name.starts_with(known))
}
