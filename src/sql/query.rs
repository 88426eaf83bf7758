//! One query: what it reads, how it joins, filters, groups, orders and limits.

use super::expr::Expr;

/// A statement of the workload, one SELECT block a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// What is done with the rows.
    pub command: Command,
    /// The common table expressions in front of it.
    pub ctes: Vec<Cte>,
    /// The relations in scope, in the order of FROM. For UPDATE, DELETE and INSERT the first is the target.
    pub relations: Vec<Relation>,
    /// How they are joined; a comma is an inner join without condition.
    pub from: Vec<JoinTree>,
    /// WHERE as a conjunction.
    pub conditions: Vec<Expr>,
    /// GROUP BY; grouping sets are flattened to their columns.
    pub group_by: Vec<Expr>,
    /// Its grouping sets, as positions in `group_by`; none for a plain GROUP BY.
    pub grouping_sets: Vec<Vec<usize>>,
    /// HAVING as a conjunction.
    pub having: Vec<Expr>,
    /// SELECT DISTINCT, or DISTINCT ON (expressions).
    pub distinct: Option<Vec<Expr>>,
    /// The select list; for INSERT/UPDATE/DELETE the RETURNING list.
    pub targets: Vec<Target>,
    /// ORDER BY.
    pub order_by: Vec<SortKey>,
    /// LIMIT / FETCH FIRST.
    pub limit: Option<Expr>,
    /// OFFSET.
    pub offset: Option<Expr>,
    /// Named windows.
    pub windows: Vec<(String, Window)>,
    /// UNION, INTERSECT, EXCEPT: the arms; this value then holds only ORDER BY, LIMIT and CTEs.
    pub set_operation: Option<SetOperation>,
    /// SELECT ... FOR UPDATE and kin.
    pub for_update: bool,
    /// A plain SELECT that the UNION ALL around it reads in place, also when conditions of outer queries
    /// are moved into it.
    pub is_in_place: bool,
    /// The query of a view.
    pub is_view: bool,
    /// So many conditions, the first ones, are of views and not in the text.
    pub n_of_views: usize,
}

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Command {
    /// SELECT, VALUES, TABLE.
    #[default]
    Select,
    /// INSERT; rows come from `source`.
    Insert {
        /// Columns written; empty means all.
        columns: Vec<String>,
        /// INSERT ... SELECT; absent for VALUES.
        source: Option<Box<Query>>,
        /// Rows in VALUES.
        n_values: usize,
        /// ON CONFLICT (columns); ON DUPLICATE KEY UPDATE is an empty list.
        conflict: Option<Vec<Expr>>,
        /// SET of the conflict action.
        set: Vec<(String, Expr)>,
    },
    /// UPDATE of relation 0.
    Update {
        /// Columns written and their new values.
        set: Vec<(String, Expr)>,
    },
    /// DELETE from relation 0.
    Delete,
}

/// WITH name AS (query).
#[derive(Debug, Clone, PartialEq)]
pub struct Cte {
    /// Its name.
    pub name: String,
    /// Column aliases.
    pub columns: Vec<String>,
    /// The query.
    pub query: Query,
    /// WITH RECURSIVE and it refers to itself.
    pub recursive: bool,
    /// `MATERIALIZED`, `NOT MATERIALIZED`, or nothing said.
    pub materialized: Option<bool>,
}

/// An entry of FROM.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// The name it goes by in this query.
    pub alias: String,
    /// Column aliases, `AS t(a, b)`.
    pub column_aliases: Vec<String>,
    /// What it is.
    pub source: RelationSource,
    /// May refer to relations before it.
    pub lateral: bool,
    /// `ONLY`: without the tables that inherit from it.
    pub only: bool,
}

/// What an entry of FROM is.
#[derive(Debug, Clone, PartialEq)]
pub enum RelationSource {
    /// A name as written: table, view, or not (yet) known; `[schema, name]` or `[name]`.
    Name(Vec<String>),
    /// A table of the catalog: its position in `Catalog::tables`.
    Table(usize),
    /// A common table expression: `level` queries up, position in its `ctes`.
    Cte {
        /// How many queries up.
        level: u16,
        /// Position.
        cte: usize,
    },
    /// A subquery in FROM.
    Subquery(Box<Query>),
    /// A set-returning function.
    Function(Expr),
    /// `VALUES` in FROM.
    Values(Vec<Vec<Expr>>),
}

/// A tree of joins over positions in `Query::relations`.
#[derive(Debug, Clone, PartialEq)]
pub enum JoinTree {
    /// A single relation.
    Relation(usize),
    /// A join.
    Join {
        /// Inner, left, ...
        kind: JoinKind,
        /// Left side.
        left: Box<JoinTree>,
        /// Right side.
        right: Box<JoinTree>,
        /// ON as a conjunction; USING and NATURAL become equalities when bound.
        on: Vec<Expr>,
        /// USING columns as written.
        using: Vec<String>,
        /// NATURAL.
        natural: bool,
    },
}

/// Kinds of joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// INNER, CROSS or a comma.
    Inner,
    /// LEFT.
    Left,
    /// RIGHT.
    Right,
    /// FULL.
    Full,
}

/// An entry of the select list.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// An expression with its alias.
    Expr(Expr, Option<String>),
    /// `*` or `t.*`.
    Star(Option<String>),
}

/// An ORDER BY key.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// What is sorted by.
    pub expr: Expr,
    /// Descending.
    pub desc: bool,
    /// NULLS FIRST (`true`) or LAST, if said.
    pub nulls_first: Option<bool>,
}

/// UNION and kin.
#[derive(Debug, Clone, PartialEq)]
pub struct SetOperation {
    /// Which.
    pub kind: SetKind,
    /// ALL.
    pub all: bool,
    /// Left arm.
    pub left: Box<Query>,
    /// Right arm.
    pub right: Box<Query>,
}

/// Kinds of set operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetKind {
    /// UNION
    Union,
    /// INTERSECT
    Intersect,
    /// EXCEPT, MINUS
    Except,
}

/// OVER (...).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Window {
    /// Name of a window it refers to.
    pub name: Option<String>,
    /// PARTITION BY.
    pub partition_by: Vec<Expr>,
    /// ORDER BY.
    pub order_by: Vec<SortKey>,
    /// ROWS, RANGE or GROUPS as printed by the parser; empty without.
    pub frame: String,
}
