//! Paths: ways to produce the rows of one or more relations, with their cost and order.

use std::rc::Rc;

use super::cost::Cost;
use super::{AccessPath, IndexRef, Scan};
use crate::read::plan_node::PlanNode;
use crate::sql::expr::Expr;
use crate::sql::query::{JoinKind, SortKey};

/// A set of relations of one query, as bits.
pub type Relations = u64;

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
    pub order: Vec<SortKey>,
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
        conditions: Vec<Expr>,
    },
    /// Sorts.
    Sort(Rc<Path>, Vec<SortKey>),
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

/// Adds a path unless another is as good in every respect; drops those it beats. Costs within 1 % are
/// equal, as in `add_path`'s STD_FUZZ_FACTOR.
pub fn add_path(paths: &mut Vec<Rc<Path>>, new: Path) {
    const FUZZ: f64 = 1.01;
    let beats = |a: &Path, b: &Path| {
        a.cost.total <= b.cost.total * FUZZ
            && a.cost.startup <= b.cost.startup * FUZZ
            && a.needs & !b.needs == 0
            && a.rows <= b.rows * FUZZ
            && b.order.len() <= a.order.len()
            && a.order.starts_with(&b.order)
    };
    if paths
        .iter()
        .any(|old| beats(old, &new) && !(beats(&new, old) && new.cost.total < old.cost.total))
    {
        return;
    }
    paths.retain(|old| !beats(&new, old));
    paths.push(Rc::new(new));
}
