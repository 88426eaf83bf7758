//! Paths: ways to produce the rows of a relation, a join or an upper level, with cost and order
//! (PostgreSQL's `Path` and its kin).

use std::rc::Rc;

use super::clause::{Clause, Clauses};
use super::cost::{Cost, Input};
use super::pathkeys::PathKeys;
use super::relation::{ParamInfo, Target};
use crate::sql::expr::Expr;
use crate::sql::query::SortKey;
use crate::sql::relids::Relids;

/// A way to produce rows.
#[derive(Debug, Clone)]
pub struct Path {
    /// What it does.
    pub kind: PathKind,
    /// Relations it reads at this query level.
    pub relids: Relids,
    /// Its row.
    pub target: Target,
    /// Cost before the first row, in planner units.
    pub startup: f64,
    /// Cost of all rows.
    pub total: f64,
    /// Rows, per call if it is parameterised, per worker if it is partial.
    pub rows: f64,
    /// Order of its rows.
    pub pathkeys: PathKeys,
    /// What it depends on, if it does.
    pub param: Option<Rc<ParamInfo>>,
    /// May a worker run it?
    pub parallel_safe: bool,
    /// Do workers share the work?
    pub parallel_aware: bool,
    /// Workers it is planned for.
    pub parallel_workers: u32,
}

/// What a path does.
#[derive(Debug, Clone)]
pub enum PathKind {
    /// Reads a table from start to end.
    SeqScan,
    /// Reads a table through an index, or an index alone.
    Index(IndexPath),
    /// Reads the heap pages that indexes name, in physical order.
    BitmapHeap(Rc<BitmapQual>),
    /// Reads rows by `ctid`: places, any of which the row has.
    TidScan(Clauses),
    /// Reads a range of pages by `ctid`: its bounds.
    TidRangeScan(Clauses),
    /// Rows of a subquery in FROM: its path.
    SubqueryScan(Rc<Path>),
    /// Rows of a set-returning function.
    FunctionScan,
    /// Rows of VALUES.
    ValuesScan,
    /// Rows of a CTE that is computed once.
    CteScan,
    /// Rows of the last step of a recursive query.
    WorkTableScan,
    /// One row, or none, with conditions that are decided once.
    Result(Vec<Expr>),
    /// Joins two paths.
    Join(Box<JoinPath>),
    /// Sorts.
    Sort(Rc<Path>),
    /// Sorts within groups of equal leading keys (how many).
    IncrementalSort(Rc<Path>, usize),
    /// Keeps rows to be read again.
    Material(Rc<Path>),
    /// Keeps rows by parameter.
    Memoize(Box<MemoizePath>),
    /// Makes rows distinct by expressions, for a semi join.
    Unique(Box<UniquePath>),
    /// Drops repeated rows of a sorted input.
    UpperUnique(Rc<Path>),
    /// Groups, aggregates.
    Agg(Box<AggPath>),
    /// Groups a sorted input, without aggregates.
    Group(Rc<Path>, Vec<Expr>),
    /// Computes window functions.
    WindowAgg(Rc<Path>),
    /// Filters rows by conditions (HAVING without groups), or computes expressions: no node of its
    /// own where the input can do it.
    Projection(Rc<Path>),
    /// Expands set-returning functions of the select list.
    ProjectSet(Rc<Path>),
    /// First rows.
    Limit(Rc<Path>),
    /// Locks rows.
    LockRows(Rc<Path>),
    /// Inputs one after the other.
    Append(Vec<Rc<Path>>),
    /// Sorted inputs merged.
    MergeAppend(Vec<Rc<Path>>),
    /// INTERSECT and EXCEPT: command as EXPLAIN prints it, and whether it hashes.
    SetOp(Rc<Path>, &'static str, bool),
    /// UNION of a recursive query: the first term and the repeated one.
    RecursiveUnion(Rc<Path>, Rc<Path>),
    /// Collects rows of workers.
    Gather(Rc<Path>),
    /// Collects sorted rows of workers.
    GatherMerge(Rc<Path>),
    /// Smallest or largest value by an index: one query (`Arm`) each.
    MinMax(Vec<Rc<Path>>),
    /// A query of its own below this one: its position in `Root::arms`, and its path.
    Arm {
        /// Position.
        root: usize,
        /// Its path.
        path: Rc<Path>,
        /// A Subquery Scan node of its own is shown.
        is_shown: bool,
    },
    /// INSERT, UPDATE, DELETE.
    ModifyTable(Rc<Path>, &'static str),
}

/// A scan of an index.
#[derive(Debug, Clone)]
pub struct IndexPath {
    /// Position in `Base::indexes`.
    pub index: usize,
    /// Conditions that the index answers, by key.
    pub clauses: Vec<IndexClause>,
    /// ORDER BY expressions that the index orders by distance.
    pub order_by: Vec<SortKey>,
    /// Read from its end.
    pub is_backward: bool,
    /// Without visiting all-visible heap pages.
    pub is_index_only: bool,
    /// Cost of the index alone.
    pub index_total: f64,
    /// Part of the table's rows that it finds.
    pub selectivity: f64,
}

/// A condition that an index answers.
#[derive(Debug, Clone)]
pub struct IndexClause {
    /// The query's clause.
    pub clause: Rc<Clause>,
    /// What the index is searched with where it is not the clause itself: `LIKE 'a%'` as a range.
    pub derived: Vec<Rc<Clause>>,
    /// The clause must be checked on each row that is found.
    pub is_lossy: bool,
    /// Position of the key.
    pub key: usize,
    /// An equality on the key: the next key bounds the scan too.
    pub is_equality: bool,
    /// `IS NULL`.
    pub is_null_test: bool,
    /// Values of an IN list or array; 1 without.
    pub n_values: f64,
    /// An IN list or array.
    pub is_array: bool,
    /// Cost of the values that are compared with, once.
    pub operand_cost: f64,
}

/// The rows of a bitmap.
#[derive(Debug, Clone)]
pub enum BitmapQual {
    /// Of one index: its path (always `PathKind::Index`).
    Index(Rc<Path>),
    /// In all.
    And(BitmapSet),
    /// In any.
    Or(BitmapSet),
}

/// Several bitmaps as one.
#[derive(Debug, Clone)]
pub struct BitmapSet {
    /// The bitmaps.
    pub parts: Vec<Rc<BitmapQual>>,
    /// Cost of all of them.
    pub total: f64,
    /// Part of the table's rows.
    pub selectivity: f64,
    /// Rows.
    pub rows: f64,
}

/// Which rows a join returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JoinType {
    /// Matching pairs.
    Inner,
    /// And outer rows without a partner.
    Left,
    /// And rows of either side without a partner.
    Full,
    /// And inner rows without a partner.
    Right,
    /// Outer rows with a partner.
    Semi,
    /// Outer rows without.
    Anti,
    /// A semi join whose outer side was made distinct: only while joining.
    UniqueOuter,
    /// The same for the inner side.
    UniqueInner,
}

impl JoinType {
    /// `IS_OUTER_JOIN`: may a clause of it let rows through that do not satisfy it?
    pub fn is_outer(self) -> bool {
        matches!(self, JoinType::Left | JoinType::Full | JoinType::Right | JoinType::Anti)
    }
}

/// How two inputs are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinMethod {
    /// The inner side once for every outer row.
    NestedLoop,
    /// A hash table of the inner side.
    Hash,
    /// Two sorted inputs.
    Merge,
}

/// A join of two paths.
#[derive(Debug, Clone)]
pub struct JoinPath {
    /// How.
    pub method: JoinMethod,
    /// Which rows.
    pub jointype: JoinType,
    /// At most one inner row matches an outer one.
    pub inner_unique: bool,
    /// Outer side.
    pub outer: Rc<Path>,
    /// Inner side.
    pub inner: Rc<Path>,
    /// All conditions of the join.
    pub clauses: Rc<[Rc<Clause>]>,
    /// Those that the method uses (hash or merge clauses).
    pub method_clauses: Rc<[Rc<Clause>]>,
    /// Merge: the outer side is sorted by these first.
    pub outer_sort: Option<PathKeys>,
    /// Merge: the inner side is sorted by these first.
    pub inner_sort: Option<PathKeys>,
    /// Merge: the inner side is materialised.
    pub materialize_inner: bool,
    /// Hash: batches.
    pub batches: f64,
}

/// Keeps the rows of a parameterised inner side by parameter value.
#[derive(Debug, Clone)]
pub struct MemoizePath {
    /// The inner side.
    pub input: Rc<Path>,
    /// The parameters.
    pub keys: Vec<Expr>,
    /// Several parameters by their bytes (`binary_mode`).
    pub is_binary: bool,
    /// Calls expected.
    pub calls: f64,
    /// One row a call.
    pub is_single_row: bool,
}

/// Makes rows distinct.
#[derive(Debug, Clone)]
pub struct UniquePath {
    /// Input.
    pub input: Rc<Path>,
    /// By these.
    pub exprs: Vec<Rc<Expr>>,
    /// How.
    pub method: UniqueMethod,
}

/// How rows are made distinct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UniqueMethod {
    /// They are already.
    Noop,
    /// By hashing.
    Hash,
    /// By sorting.
    Sort,
}

/// Groups and aggregates.
#[derive(Debug, Clone)]
pub struct AggPath {
    /// Input.
    pub input: Rc<Path>,
    /// How.
    pub strategy: AggStrategy,
    /// Which part of the work, when workers share it.
    pub split: AggSplit,
    /// What it groups by.
    pub keys: Vec<Expr>,
    /// HAVING.
    pub having: Vec<Expr>,
    /// Grouping sets, if there are any, pass by pass.
    pub grouping_sets: Vec<GroupingPass>,
}

/// Grouping sets that are made in one pass over the input.
#[derive(Debug, Clone)]
pub struct GroupingPass {
    /// By hashing.
    pub is_hashed: bool,
    /// The input is sorted for it once more.
    pub is_sorted_again: bool,
    /// The sets.
    pub sets: Vec<Vec<Expr>>,
}

/// How groups are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggStrategy {
    /// One group.
    Plain,
    /// Of a sorted input.
    Sorted,
    /// In a hash table.
    Hashed,
    /// Both, for grouping sets.
    Mixed,
}

/// Which part of an aggregate's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggSplit {
    /// All.
    Simple,
    /// A worker's.
    Initial,
    /// Combining what workers did.
    Final,
}

impl IndexClause {
    /// What the index is searched with.
    pub fn conditions(&self) -> impl Iterator<Item = &Rc<Clause>> {
        let own = self.derived.is_empty().then_some(&self.clause);
        own.into_iter().chain(&self.derived)
    }
}

impl Path {
    /// Its cost.
    pub fn cost(&self) -> Cost {
        Cost { startup: self.startup, total: self.total }
    }

    /// As what another path reads.
    pub fn as_input(&self) -> Input {
        Input { cost: self.cost(), rows: self.rows, width: self.target.width }
    }

    /// `ExecMaterializesOutput`: its rows can be read again at little cost.
    pub fn keeps_rows(&self) -> bool {
        matches!(
            self.kind,
            PathKind::Material(_)
                | PathKind::Sort(_)
                | PathKind::FunctionScan
                | PathKind::CteScan
                | PathKind::WorkTableScan
        )
    }

    /// `ExecSupportsMarkRestore`: a merge join can go back to a marked row.
    pub fn supports_mark(&self) -> bool {
        matches!(self.kind, PathKind::Index(_) | PathKind::Material(_) | PathKind::Sort(_))
    }

    /// Relations whose current row it needs.
    pub fn required_outer(&self) -> Relids {
        self.param.as_ref().map_or(0, |param| param.required_outer)
    }
}
