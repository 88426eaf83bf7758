//! A finished plan as the node tree that EXPLAIN prints.

mod beside;
mod columns;
mod constant;
mod joins;
mod names;
mod nodes;
mod scans;
mod text;
mod trivial;
mod upper;

use std::rc::Rc;

use self::names::Aliases;
use self::nodes::Printer;
pub use self::nodes::children;
use super::path::Path;
use super::prepare::exec_params::number_params;
use super::root::Root;
use super::{Plan, Scan};

/// The plan that EXPLAIN would show for a path of the outermost query, and how it reaches each table.
pub fn explain(root: &Root<'_>, path: &Rc<Path>) -> Plan {
    number_params(root, path);
    let aliases = Aliases::of(root, path);
    let mut scans: Vec<Scan> = Vec::new();
    let node = Printer::new(root, &aliases).plan(path, &mut scans);
    Plan { root: node, total_cost: path.total, rows: path.rows, scans }
}
