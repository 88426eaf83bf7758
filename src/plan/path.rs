//! Paths: ways to produce the rows of one or more relations, with their cost and order.

use std::rc::Rc;

use super::cost::Cost;
use super::{AccessPath, IndexRef, Scan};
use crate::read::plan_node::PlanNode;
use crate::sql::expr::Expr;
use crate::sql::query::{JoinKind, SortKey};

/// A set of relations of one query, as bits.
pub type Relations = u64;

/// Sort keys, shared by all paths that keep an order.
pub type Order = Rc<[SortKey]>;

/// A way to produce rows.
#[derive(Debug, Clone)]
pub struct Path {
    /// What it does.
    pub kind: PathKind,
    /// Its cost, per loop if it is parameterised.
    pub cost: Cost,
    /// Rows it produces, per loop if it is parameterised.
    pub rows: f64,
    /// Bytes of a row.
    pub width: f64,
    /// The order of its rows; keys with one value throughout are left out.
    pub order: Order,
    /// Relations whose current row it needs, as the inner side of a nested loop.
    pub needs: Relations,
}

/// What a path does.
#[derive(Debug, Clone)]
pub enum PathKind {
    /// Reads a table.
    Scan {
        /// Position in `Query::relations`.
        relation: usize,
        /// How.
        scan: Scan,
        /// Backward through the index.
        is_backward: bool,
        /// Conditions the index answers.
        index_conditions: Vec<Expr>,
        /// Conditions checked on each row.
        filter: Vec<Expr>,
        /// For a bitmap: its tree.
        bitmap: Option<Bitmap>,
    },
    /// A query planned on its own, a function, VALUES, a CTE: its finished plan.
    Finished {
        /// Position in `Query::relations`.
        relation: usize,
        /// The node.
        node: Rc<PlanNode>,
        /// Tables it reads.
        scans: Rc<Vec<Scan>>,
        /// Conditions checked on each row.
        filter: Vec<Expr>,
    },
    /// No relation at all: `SELECT 1`.
    Result,
    /// Joins two paths.
    Join {
        /// How.
        method: JoinMethod,
        /// Which rows.
        kind: RowKind,
        /// Outer side.
        outer: Rc<Path>,
        /// Inner side.
        inner: Rc<Path>,
        /// Join conditions.
        conditions: Rc<[Expr]>,
    },
    /// Sorts.
    Sort(Rc<Path>, Order),
    /// Keeps rows to be read again.
    Materialize(Rc<Path>),
    /// Filters rows by conditions that need several relations.
    Filter(Rc<Path>, Vec<Expr>),
    /// Any other node over one input: its name and its properties.
    Over {
        /// `Aggregate`, `Limit`, `Unique`, `WindowAgg`, `ModifyTable`.
        name: &'static str,
        /// `Strategy`, `Group Key`, ... as EXPLAIN prints them.
        properties: Vec<(&'static str, serde_json::Value)>,
        /// Input.
        input: Rc<Path>,
    },
}

/// Which rows a join returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// An SQL join.
    Join(JoinKind),
    /// Outer rows that have a partner.
    Semi,
    /// Outer rows that have none.
    Anti,
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

/// A bitmap's tree.
#[derive(Debug, Clone)]
pub enum Bitmap {
    /// One index.
    Index {
        /// The index.
        index: IndexRef,
        /// Conditions it answers.
        conditions: Vec<Expr>,
        /// Cost of the index.
        cost: f64,
        /// Rows.
        rows: f64,
    },
    /// Rows in all.
    And(Vec<Bitmap>),
    /// Rows in any.
    Or(Vec<Bitmap>),
}

impl Bitmap {
    /// Every index in the tree.
    pub fn indexes(&self, out: &mut Vec<IndexRef>) {
        match self {
            Bitmap::Index { index, .. } => out.push(*index),
            Bitmap::And(parts) | Bitmap::Or(parts) => {
                parts.iter().for_each(|part| part.indexes(out));
            }
        }
    }
}

impl Path {
    /// How the tables below are reached.
    pub fn scans(&self, out: &mut Vec<Scan>) {
        match &self.kind {
            PathKind::Scan { scan, .. } => out.push(scan.clone()),
            PathKind::Finished { scans, .. } => out.extend(scans.iter().cloned()),
            PathKind::Result => {}
            PathKind::Join { outer, inner, .. } => {
                outer.scans(out);
                inner.scans(out);
            }
            PathKind::Sort(input, _)
            | PathKind::Materialize(input)
            | PathKind::Filter(input, _)
            | PathKind::Over { input, .. } => input.scans(out),
        }
    }

    /// Is it a plain scan of the whole heap?
    pub fn is_seq_scan(&self) -> bool {
        matches!(&self.kind, PathKind::Scan { scan, .. } if scan.path == AccessPath::SeqScan)
    }
}

/// Costs within 1 % are equal, as in `add_path`'s STD_FUZZ_FACTOR.
const FUZZ: f64 = 1.01;

/// Is there a path that is as cheap (to start and in all), as ordered and as independent? Asked before
/// a path is built (PostgreSQL's `add_path_precheck`).
pub fn is_beaten(
    paths: &[Rc<Path>],
    cost: Cost,
    rows: f64,
    order: &[SortKey],
    needs: Relations,
) -> bool {
    paths.iter().any(|old| {
        old.cost.total <= cost.total * FUZZ
            && old.cost.startup <= cost.startup * FUZZ
            && old.needs & !needs == 0
            && old.rows <= rows * FUZZ
            && old.order.starts_with(order)
            && !(cost.total < old.cost.total
                && cost.startup <= old.cost.startup * FUZZ
                && needs & !old.needs == 0
                && rows <= old.rows * FUZZ
                && order.starts_with(&old.order))
    })
}

/// Adds a path unless another is as good in every respect; drops those it beats.
pub fn add_path(paths: &mut Vec<Rc<Path>>, new: Path) {
    if is_beaten(paths, new.cost, new.rows, &new.order, new.needs) {
        return;
    }
    paths.retain(|old| {
        !(new.cost.total <= old.cost.total * FUZZ
            && new.cost.startup <= old.cost.startup * FUZZ
            && new.needs & !old.needs == 0
            && new.rows <= old.rows * FUZZ
            && new.order.starts_with(&old.order))
    });
    paths.push(Rc::new(new));
}
