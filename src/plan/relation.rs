//! A relation or a join of several while it is planned (PostgreSQL's `RelOptInfo`).

use crate::sorted::SortedMap;
use std::rc::Rc;

use super::append::Children;
use super::append::translate::Translation;
use super::clause::{Clause, Clauses, QualCost};
use super::configuration::IndexRef;
use super::path::Path;
use super::root::Root;
use crate::catalog::{Index, Table};
use crate::sql::expr::Expr;
use crate::sql::relids::Relids;

/// What a row costs to compute and how wide it is (PostgreSQL's `PathTarget`).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Target {
    /// Cost of the expressions.
    pub cost: QualCost,
    /// Average bytes.
    pub width: f64,
}

/// What a path that depends on other relations' current row returns (`ParamPathInfo`).
#[derive(Debug)]
pub struct ParamInfo {
    /// The relations it depends on.
    pub required_outer: Relids,
    /// Rows per call.
    pub rows: f64,
    /// Join clauses that are checked inside.
    pub clauses: Clauses,
}

/// A base relation, or a join.
#[derive(Debug)]
pub struct Rel<'a> {
    /// Its base relations; 0 for the levels above the joins.
    pub relids: Relids,
    /// Rows.
    pub rows: f64,
    /// Its row.
    pub target: Target,
    /// Paths to it; the good ones.
    pub paths: Vec<Rc<Path>>,
    /// Paths of which every worker runs a part.
    pub partial_paths: Vec<Rc<Path>>,
    /// Cheapest to start, if unparameterised.
    pub cheapest_startup: Option<Rc<Path>>,
    /// Cheapest in all.
    pub cheapest_total: Option<Rc<Path>>,
    /// The cheapest paths of each parameterisation, and the cheapest in all.
    pub cheapest_parameterized: Vec<Rc<Path>>,
    /// The cheapest way to make its rows distinct for a semi join, once asked: `Some(None)` if there
    /// is none.
    pub cheapest_unique: Option<Option<Rc<Path>>>,
    /// What parameterisations return, by required relations.
    pub params: Vec<Rc<ParamInfo>>,
    /// It has no rows for certain.
    pub is_dummy: bool,
    /// Keep paths that start cheaply?
    pub consider_startup: bool,
    /// The same for parameterised ones (inner sides of semi and anti joins).
    pub consider_param_startup: bool,
    /// May workers do it?
    pub consider_parallel: bool,
    /// Relations that it refers to laterally, in all.
    pub lateral_relids: Relids,
    /// Join clauses that read it and others.
    pub join_clauses: Clauses,
    /// Are there classes that join it to others?
    pub has_class_joins: bool,
    /// Outer relations for which it is known to have at most one matching row.
    pub unique_for: Vec<Relids>,
    /// What only a base relation has.
    pub base: Option<Base<'a>>,
}

/// What only a base relation has.
#[derive(Debug)]
pub struct Base<'a> {
    /// Position in `Query::relations`.
    pub relid: usize,
    /// What it is.
    pub kind: BaseKind<'a>,
    /// Heap pages.
    pub pages: f64,
    /// Rows before its restrictions.
    pub tuples: f64,
    /// Part of the heap that is all-visible, 0 to 1.
    pub allvisfrac: f64,
    /// Conditions on it alone.
    pub restrictions: Clauses,
    /// Their cost.
    pub restriction_cost: QualCost,
    /// Which relations (or the output, `TOP`) need a column, by column; `WHOLE_ROW` for the row.
    pub attr_needed: SortedMap<u16, Relids>,
    /// The same columns in the order in which the query came to need them (`reltarget`).
    pub needed_order: Vec<u16>,
    /// Who needs a column, and its average bytes; filled when `attr_needed` is complete.
    pub column_widths: Vec<(Relids, f64)>,
    /// Its indexes that a plan may use, in the order PostgreSQL visits them.
    pub indexes: Vec<IndexInfo<'a>>,
    /// A subquery of UNION ALL only, whose arms are read in place.
    pub is_append: bool,
    /// The relations that it is read as, for an append relation.
    pub children: Option<Children>,
    /// The append relation that it is a part of.
    pub parent: Option<usize>,
    /// Its columns for those of the parent.
    pub translation: Option<Rc<Translation>>,
    /// Workers that `parallel_workers` of the table asks for.
    pub parallel_workers: Option<u32>,
}

/// What a base relation is.
#[derive(Debug)]
pub enum BaseKind<'a> {
    /// A table.
    Table(&'a Table, usize),
    /// A query planned on its own.
    Subquery(Box<Root<'a>>),
    /// A common table expression that is computed once: its name.
    Cte(String),
    /// The rows of the last step of a recursive query: its name.
    WorkTable(String),
    /// A set-returning function.
    Function(Expr),
    /// VALUES: rows.
    Values(usize),
    /// A query of UNION ALL only, read as its arms.
    UnionAll,
    /// No relation at all.
    Result,
}

/// One key of an index's order.
#[derive(Debug, Clone)]
pub struct OrderKey {
    /// The expression.
    pub expr: Rc<Expr>,
    /// Descending.
    pub desc: bool,
    /// NULLs come first.
    pub nulls_first: bool,
}

/// An index a plan may use (`IndexOptInfo`).
#[derive(Debug)]
pub struct IndexInfo<'a> {
    /// Which.
    pub reference: IndexRef,
    /// Its definition.
    pub index: &'a Index,
    /// Its pages.
    pub pages: f64,
    /// Its entries.
    pub tuples: f64,
    /// Levels above the leaves.
    pub tree_height: f64,
    /// Its keys as expressions over this relation of the query.
    pub keys: Vec<Rc<Expr>>,
    /// What its rows are ordered by: the keys, and those that the engine adds.
    pub order: Vec<OrderKey>,
    /// Its predicate's conjuncts over this relation; empty without one.
    pub predicate: Vec<Expr>,
    /// The query implies the predicate.
    pub predicate_ok: bool,
    /// The predicate's conjuncts as clauses.
    pub predicate_clauses: Vec<Rc<Clause>>,
    /// Restrictions that the predicate does not already guarantee.
    pub restrictions: Vec<Rc<Clause>>,
}

impl<'a> Rel<'a> {
    /// A relation without paths.
    pub fn new(relids: Relids) -> Rel<'a> {
        Rel {
            relids,
            rows: 0.0,
            target: Target::default(),
            paths: Vec::new(),
            partial_paths: Vec::new(),
            cheapest_startup: None,
            cheapest_total: None,
            cheapest_parameterized: Vec::new(),
            cheapest_unique: None,
            params: Vec::new(),
            is_dummy: false,
            consider_startup: false,
            consider_param_startup: false,
            consider_parallel: false,
            lateral_relids: 0,
            join_clauses: Vec::new(),
            has_class_joins: false,
            unique_for: Vec::new(),
            base: None,
        }
    }
}

impl Base<'_> {
    /// Notes that these relations need a column.
    pub fn need(&mut self, column: u16, needed_at: Relids) {
        let known = self.attr_needed.get_or_insert_with(column, || {
            self.needed_order.push(column);
            0
        });
        *known |= needed_at;
    }
}

/// `clamp_row_est`: a whole number of rows, at least one.
pub fn clamp_row_est(rows: f64) -> f64 {
    if rows > 1e100 || rows.is_nan() {
        1e100
    } else if rows <= 1.0 {
        1.0
    } else {
        libm::rint(rows)
    }
}
