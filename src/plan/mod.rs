//! The what-if planner: which path every query gets, and at which cost.

pub mod add_path;
pub mod append;
pub mod base;
pub mod class;
pub mod clause;
pub mod configuration;
pub mod cost;
pub mod dummy;
pub mod estimates;
pub mod explain;
pub mod foreign_keys;
pub mod implication;
pub mod implied;
pub mod index_match;
pub mod join;
pub mod operators;
pub mod params;
pub mod parts;
pub mod path;
pub mod pathkeys;
pub mod prepare;
pub mod relation;
pub mod root;
pub mod scan;
pub mod sizes;
pub mod upper;

pub use configuration::{Configuration, IndexRef};
pub use index_match::{IndexMatch, match_index};

use self::explain::explain;
use self::prepare::{best_path, plan_subquery};
use self::root::Environment;
use crate::read::plan_node::PlanNode;
use crate::sql::query::Query;

/// A modelled plan.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// As EXPLAIN would show it.
    pub root: PlanNode,
    /// Planner units.
    pub total_cost: f64,
    /// Rows returned.
    pub rows: f64,
    /// How every table is reached, subqueries included.
    pub scans: Vec<Scan>,
}

/// How a plan reaches a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Position in `Catalog::tables`.
    pub table: usize,
    /// Its alias.
    pub alias: String,
    /// Which path.
    pub path: AccessPath,
    /// Indexes used; several for a bitmap.
    pub indexes: Vec<IndexRef>,
}

/// Paths to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessPath {
    /// The whole heap.
    SeqScan,
    /// Index, then heap, in index order.
    IndexScan,
    /// Index alone.
    IndexOnlyScan,
    /// Index or several, then heap in physical order.
    BitmapScan,
    /// Rows or pages by their place.
    TidScan,
}

impl AccessPath {
    /// As the JSON names it.
    pub fn name(self) -> &'static str {
        match self {
            AccessPath::SeqScan => "seq-scan",
            AccessPath::IndexScan => "index-scan",
            AccessPath::IndexOnlyScan => "index-only-scan",
            AccessPath::BitmapScan => "bitmap-scan",
            AccessPath::TidScan => "tid-scan",
        }
    }
}

/// Plans a bound query with the indexes of a configuration. An error says in words what the planner
/// cannot plan.
pub fn plan_query(configuration: &Configuration<'_>, query: &Query) -> Result<Plan, String> {
    let root = plan_subquery(configuration, query, &Environment::default(), 0.0)?;
    let path = best_path(&root, 0.0).ok_or("the query has no plan")?;
    Ok(explain(&root, &path))
}
