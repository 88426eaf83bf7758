//! One query level while it is planned (PostgreSQL's `PlannerInfo`).

use std::cell::Cell;
use std::rc::Rc;

use super::class::Class;
use super::configuration::Configuration;
use super::path::{JoinType, Path};
use super::pathkeys::PathKeys;
use super::relation::{Base, Rel};
use crate::estimate::column::ColumnInfo;
use crate::estimate::scope::Scope;
use crate::read::statistics::Settings;
use crate::sql::expr::Expr;
use crate::sql::query::Query;
use crate::sql::relids::{Relids, bit, single};

/// One query level.
#[derive(Debug)]
pub struct Root<'a> {
    /// Tables, indexes and settings.
    pub configuration: &'a Configuration<'a>,
    /// What the levels around it provide.
    pub environment: Environment<'a>,
    /// The query, prepared: subqueries pulled up, subplans taken out, constants folded.
    pub query: Query,
    /// Its joins.
    pub jointree: JoinNode,
    /// What is known of its relations' columns, for estimates.
    pub scope: Scope<'a>,
    /// Relations: base relations at their position in `Query::relations`, then joins.
    pub rels: Vec<Rel<'a>>,
    /// Joins by their relations, for look-up.
    pub join_rels: crate::sorted::SortedMap<Relids, usize>,
    /// All base relations.
    pub all_baserels: Relids,
    /// Base relations that an outer join may make NULL.
    pub nullable_baserels: Relids,
    /// Classes of equal expressions.
    pub classes: Vec<Class>,
    /// Outer, semi and anti joins.
    pub special_joins: Vec<SpecialJoin>,
    /// Foreign keys that the query joins by.
    pub foreign_keys: Vec<super::foreign_keys::ForeignKeyInfo>,
    /// Joins of two paths tried so far.
    pub n_attempts: usize,
    /// Pages of all tables.
    pub total_table_pages: f64,
    /// The order that the rest of the query would like.
    pub query_pathkeys: PathKeys,
    /// GROUP BY as an order.
    pub group_pathkeys: PathKeys,
    /// The first window's order.
    pub window_pathkeys: PathKeys,
    /// DISTINCT as an order.
    pub distinct_pathkeys: PathKeys,
    /// ORDER BY as an order.
    pub sort_pathkeys: PathKeys,
    /// Part of the rows that will be read (0: all; above 1: so many rows).
    pub tuple_fraction: f64,
    /// LIMIT + OFFSET, where known and nothing is between it and the joins; -1 without.
    pub limit_tuples: f64,
    /// May this level use workers?
    pub may_parallel: bool,
    /// Queries that run beside or for each row of this one.
    pub subplans: Vec<SubPlan<'a>>,
    /// The queries that a set operation combines.
    pub arms: Vec<Box<Root<'a>>>,
    /// What the joined rows hold, if they are those of one subquery in FROM.
    pub scan_join: Vec<Expr>,
    /// Levels above the joins.
    pub upper: Option<Rel<'a>>,
    /// Of the smallest and largest values that are looked up by an index: the number of the first plan,
    /// from 1, and of the first parameter.
    pub minmax: Cell<(usize, usize)>,
}

/// A query that is planned on its own and run by an expression, or before its query.
#[derive(Debug)]
pub struct SubPlan<'a> {
    /// Its number in the statement, from 1.
    pub number: usize,
    /// `SubPlan 1`, `InitPlan 2 (returns $0)`, `CTE name`: EXPLAIN's heading.
    pub label: String,
    /// Runs once, before its query.
    pub is_init: bool,
    /// Its level.
    pub root: Box<Root<'a>>,
    /// Its plan.
    pub path: Rc<Path>,
    /// For one that runs once: what that costs the query.
    pub once_cost: f64,
}

/// What the levels around a query provide.
#[derive(Debug, Clone, Default)]
pub struct Environment<'a> {
    /// CTEs by level, this query's last.
    pub ctes: Vec<Rc<Vec<CteInfo<'a>>>>,
    /// Queries around this one.
    pub depth: usize,
    /// Subplans of the whole statement so far.
    pub n_subplans: Rc<Cell<usize>>,
    /// Parameters of the whole statement so far: values that one part of a plan hands to another.
    pub n_params: Rc<Cell<usize>>,
}

/// A CTE once it is planned.
#[derive(Debug, Clone)]
pub struct CteInfo<'a> {
    /// Its name.
    pub name: String,
    /// Rows.
    pub rows: f64,
    /// Types of its columns, with lengths.
    pub types: Vec<String>,
    /// What is known of its columns.
    pub columns: Vec<Option<ColumnInfo<'a>>>,
    /// Rows of the step before, while its recursive term is planned.
    pub is_work_table: bool,
}

/// A node of the join tree (PostgreSQL's `FromExpr` and `JoinExpr`).
#[derive(Debug, Clone, PartialEq)]
pub enum JoinNode {
    /// A relation.
    Relation(usize),
    /// Inner joins without a given order, and conditions on them.
    From(Vec<JoinNode>, Vec<Expr>),
    /// A written join.
    Join(JoinType, Box<JoinNode>, Box<JoinNode>, Vec<Expr>),
}

/// An outer, semi or anti join and what limits the order of joining (`SpecialJoinInfo`).
#[derive(Debug, Clone)]
pub struct SpecialJoin {
    /// Relations that must be on its left.
    pub min_left: Relids,
    /// Relations that must be on its right.
    pub min_right: Relids,
    /// Relations written on its left.
    pub syn_left: Relids,
    /// Relations written on its right.
    pub syn_right: Relids,
    /// Which.
    pub jointype: JoinType,
    /// Its condition is false for NULLs of its left side.
    pub lhs_strict: bool,
    /// Joins above may not be moved below.
    pub delay_upper_joins: bool,
    /// Semi: the right side can be made distinct by sorting.
    pub semi_can_btree: bool,
    /// Semi: or by hashing.
    pub semi_can_hash: bool,
    /// Semi: the expressions of the right side that are compared.
    pub semi_rhs_exprs: Vec<Rc<Expr>>,
}

impl Environment<'_> {
    /// The number of the next parameter; so many are in use after it.
    pub fn take_params(&self, n: usize) -> usize {
        let next = self.n_params.get();
        self.n_params.set(next + n);
        next
    }

    /// The number of the next plan that runs beside another, from 1; so many are in use after it.
    pub fn take_subplans(&self, n: usize) -> usize {
        let next = self.n_subplans.get() + 1;
        self.n_subplans.set(next + n - 1);
        next
    }
}

impl<'a> Root<'a> {
    /// Planner settings.
    pub fn settings(&self) -> &'a Settings {
        &self.configuration.catalog.settings
    }

    /// A base relation's own part.
    pub fn base(&self, relation: usize) -> Option<&Base<'a>> {
        self.rels.get(relation)?.base.as_ref()
    }

    /// The append relations that a relation is a part of (`find_childrel_parents`).
    pub fn parents(&self, relation: usize) -> Relids {
        let mut all = 0;
        let mut at = relation;
        while let Some(parent) = self.base(at).and_then(|base| base.parent) {
            all |= bit(parent);
            at = parent;
        }
        all
    }

    /// A set in which the relation of the query stands for a part of it.
    pub fn top_parents(&self, relids: Relids) -> Relids {
        let Some(mut at) = single(relids) else { return relids };
        while let Some(parent) = self.base(at).and_then(|base| base.parent) {
            at = parent;
        }
        bit(at)
    }
}
