//! Scalar expressions.

use super::query::Query;

/// A scalar expression. After binding no `Name` is left but for those that resolve to nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column as written: `[column]`, `[table, column]` or `[schema, table, column]`.
    Name(Vec<String>),
    /// A column resolved to a relation of this query or, `level` queries up, of an outer one.
    Column(ColumnRef),
    /// A constant.
    Literal(Literal),
    /// An unknown value: `$1`, `?`, `:name`. Never NULL.
    Param(String),
    /// `left op right`.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// Conjunction; never nested directly in another.
    And(Vec<Expr>),
    /// Disjunction; never nested directly in another.
    Or(Vec<Expr>),
    /// `NOT x`.
    Not(Box<Expr>),
    /// `x IS [NOT] NULL`.
    IsNull {
        /// What is tested.
        expr: Box<Expr>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// `x IS [NOT] TRUE`, `FALSE` or, with `truth` absent, `UNKNOWN`.
    IsTruth {
        /// What is tested.
        expr: Box<Expr>,
        /// The truth value asked for.
        truth: Option<bool>,
        /// With NOT.
        negated: bool,
    },
    /// `x [NOT] IN (a, b, ...)`.
    InList {
        /// Left side.
        expr: Box<Expr>,
        /// The values.
        list: Vec<Expr>,
        /// With NOT.
        negated: bool,
    },
    /// `x op ANY (array)` or `x op ALL (array)`.
    AnyAll {
        /// The operator.
        op: CompareOp,
        /// Left side.
        left: Box<Expr>,
        /// The array: an `Array`, a `Param`, a text literal, a column ...
        right: Box<Expr>,
        /// `ALL` instead of `ANY`.
        all: bool,
    },
    /// `x op ANY (SELECT ...)`; `IN (SELECT ...)` is `= ANY`, `NOT IN` is `<> ALL`.
    AnyAllSubquery {
        /// The operator.
        op: CompareOp,
        /// Left side; a `Row` for several columns.
        left: Box<Expr>,
        /// The subquery.
        query: Box<Query>,
        /// `ALL` instead of `ANY`.
        all: bool,
    },
    /// `[NOT] EXISTS (SELECT ...)`.
    Exists {
        /// The subquery.
        query: Box<Query>,
        /// With NOT.
        negated: bool,
    },
    /// `(SELECT ...)` as a value.
    Subquery(Box<Query>),
    /// `x [NOT] LIKE y` and its kin.
    Like {
        /// Which kind of pattern.
        kind: LikeKind,
        /// Left side.
        expr: Box<Expr>,
        /// Pattern.
        pattern: Box<Expr>,
        /// With NOT, or `!~`.
        negated: bool,
    },
    /// Any other operator: `+ - * / || @> -> ->> && ...`; `left` is absent for a prefix operator.
    Operator {
        /// As written.
        op: String,
        /// Left side.
        left: Option<Box<Expr>>,
        /// Right side.
        right: Box<Expr>,
    },
    /// A function call, aggregate or window function.
    Function(Box<Function>),
    /// `x::type`, `CAST(x AS type)`, `date 'x'`.
    Cast {
        /// What is cast.
        expr: Box<Expr>,
        /// Type as written, lower case.
        to: String,
    },
    /// `CASE [operand] WHEN ... THEN ... ELSE ... END`.
    Case {
        /// `CASE x WHEN`.
        operand: Option<Box<Expr>>,
        /// `(condition, result)`.
        branches: Vec<(Expr, Expr)>,
        /// `ELSE`.
        otherwise: Option<Box<Expr>>,
    },
    /// `(a, b)` or `ROW(a, b)`.
    Row(Vec<Expr>),
    /// `ARRAY[a, b]`.
    Array(Vec<Expr>),
    /// `x COLLATE name`.
    Collate {
        /// What is collated.
        expr: Box<Expr>,
        /// Collation name, unquoted.
        collation: String,
    },
    /// A subquery that the planner has taken out and planned on its own.
    SubPlan(Box<SubPlanRef>),
    /// Something kept only as text; its columns are in `inputs`.
    Other {
        /// As printed by the parser.
        text: String,
        /// The expressions inside.
        inputs: Vec<Expr>,
    },
}

/// The place of a subquery that is planned on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct SubPlanRef {
    /// Its number in the statement, from 1.
    pub number: usize,
    /// The number of the parameter that it returns, if it runs once.
    pub param: usize,
    /// It reads nothing of this query: it runs once, before it.
    pub is_init: bool,
    /// Its rows are kept in a hash table.
    pub is_hashed: bool,
    /// For `x op ANY (...)`: `x`.
    pub test: Option<Expr>,
    /// The columns of this query that it reads.
    pub args: Vec<Expr>,
    /// Cost once, in planner units.
    pub startup_cost: f64,
    /// Cost for every row.
    pub per_call_cost: f64,
    /// A worker may run it.
    pub is_parallel_safe: bool,
    /// Type of its value.
    pub data_type: String,
    /// Bytes of its value.
    pub width: f64,
}

/// A column of a relation in scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnRef {
    /// How many queries up; 0 is this one.
    pub level: u16,
    /// Position in `Query::relations`.
    pub relation: u16,
    /// Position in the relation's columns; [`ColumnRef::WHOLE_ROW`] for the row itself,
    /// [`ColumnRef::CTID`] for its place.
    pub column: u16,
}

impl ColumnRef {
    /// `column` of a whole-row reference.
    pub const WHOLE_ROW: u16 = u16::MAX;
    /// `column` of a row's place in a table of PostgreSQL, `ctid`.
    pub const CTID: u16 = u16::MAX - 1;

    /// Does every row have it, whatever the columns of its relation: the row itself, or its place?
    pub fn is_of_any_row(column: u16) -> bool {
        column >= ColumnRef::CTID
    }
}

/// A constant, as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// `TRUE`, `FALSE`.
    Bool(bool),
    /// Digits as written.
    Number(String),
    /// Text without its quotes and escapes.
    Text(String),
}

/// Comparison operators that a B-tree knows, and `<>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `IS NOT DISTINCT FROM`, MySQL's `<=>`.
    NotDistinct,
    /// `IS DISTINCT FROM`.
    Distinct,
}

impl CompareOp {
    /// As written in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            CompareOp::Eq => "=",
            CompareOp::Ne => "<>",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
            CompareOp::NotDistinct => "IS NOT DISTINCT FROM",
            CompareOp::Distinct => "IS DISTINCT FROM",
        }
    }

    /// The operator with its sides exchanged: `a < b` is `b > a`.
    #[must_use]
    pub fn commuted(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            same => same,
        }
    }

    /// The operator under NOT.
    #[must_use]
    pub fn negated(self) -> CompareOp {
        match self {
            CompareOp::Eq => CompareOp::Ne,
            CompareOp::Ne => CompareOp::Eq,
            CompareOp::Lt => CompareOp::Ge,
            CompareOp::Le => CompareOp::Gt,
            CompareOp::Gt => CompareOp::Le,
            CompareOp::Ge => CompareOp::Lt,
            CompareOp::NotDistinct => CompareOp::Distinct,
            CompareOp::Distinct => CompareOp::NotDistinct,
        }
    }
}

/// Kinds of pattern matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LikeKind {
    /// `LIKE`
    Like,
    /// `ILIKE`
    ILike,
    /// `~`, `REGEXP`
    Regex,
    /// `~*`
    IRegex,
    /// `SIMILAR TO`
    SimilarTo,
    /// SQLite's `GLOB`
    Glob,
}

/// A function call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Function {
    /// Name, lower case, without its schema.
    pub name: String,
    /// Arguments; none for `count(*)`.
    pub args: Vec<Expr>,
    /// `count(*)`.
    pub star: bool,
    /// `count(DISTINCT x)`.
    pub distinct: bool,
    /// `FILTER (WHERE ...)`.
    pub filter: Option<Expr>,
    /// `array_agg(x ORDER BY y)` and `WITHIN GROUP (ORDER BY y)`.
    pub order_by: Vec<super::query::SortKey>,
    /// `OVER (...)`.
    pub over: Option<super::query::Window>,
}
