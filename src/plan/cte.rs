//! Common table expressions: planned once, then part of their one reader or beside all of them.

use std::rc::Rc;

use super::Configuration;
use super::block::{Finished, plan_block};
use super::cost::Cost;
use crate::read::plan_node::PlanNode;
use crate::sql::query::{Command, Query, RelationSource};

/// The CTEs in scope, innermost query last.
#[derive(Clone, Default)]
pub struct Environment {
    /// By query.
    pub ctes: Vec<Rc<Vec<CtePlan>>>,
    /// Queries around this one.
    pub depth: usize,
}

/// A CTE once it is planned.
#[derive(Clone)]
pub struct CtePlan {
    /// Its name.
    pub name: String,
    /// Its plan.
    pub plan: Finished,
    /// Planned as part of the one query that uses it.
    pub is_inlined: bool,
}

/// Plans the CTEs of a query; returns those that run on their own.
pub fn plan_ctes(
    configuration: &Configuration<'_>,
    query: &Query,
    inside: &mut Environment,
) -> Result<Vec<Finished>, String> {
    let mut shared = Vec::new();
    for (at, cte) in query.ctes.iter().enumerate() {
        let plan = if cte.recursive {
            // While it is planned, its own name stands for the rows of one step.
            declare(inside, &cte.name, working_table(&cte.name), true);
            let plan = plan_block(configuration, &cte.query, inside)?;
            undeclare(inside);
            plan
        } else {
            plan_block(configuration, &cte.query, inside)?
        };
        let n_uses = count_uses(query, 0, at);
        let is_read_only = matches!(cte.query.command, Command::Select);
        let is_inlined =
            !cte.recursive && is_read_only && cte.materialized.map_or(n_uses == 1, |said| !said);
        if !is_inlined && (n_uses > 0 || !is_read_only) {
            shared.push(plan.clone());
        }
        declare(inside, &cte.name, plan, is_inlined);
    }
    Ok(shared)
}

fn declare(inside: &mut Environment, name: &str, plan: Finished, is_inlined: bool) {
    if let Some(last) = inside.ctes.last_mut() {
        Rc::make_mut(last).push(CtePlan { name: name.to_owned(), plan, is_inlined });
    }
}

fn undeclare(inside: &mut Environment) {
    if let Some(last) = inside.ctes.last_mut() {
        Rc::make_mut(last).pop();
    }
}

/// PostgreSQL assumes ten times the rows of the first term; they are not known yet when the second is
/// planned here, so a hundred stands for them.
fn working_table(name: &str) -> Finished {
    let mut node = PlanNode::new("WorkTable Scan");
    node.alias = Some(name.to_owned());
    node.plan_rows = Some(100.0);
    let cost = Cost { startup: 0.0, total: 2.0 };
    Finished { node: Rc::new(node), cost, rows: 100.0, width: 32.0, scans: Rc::default() }
}

/// How often a query reads its CTE number `cte`.
fn count_uses(query: &Query, level: u16, cte: usize) -> usize {
    let here = query.relations.iter().filter(|relation| {
        matches!(relation.source, RelationSource::Cte { level: l, cte: c } if l == level && c == cte)
    });
    let mut n = here.count();
    query.for_each_query(&mut |inner| n += count_uses(inner, level + 1, cte));
    n
}

impl Environment {
    /// A CTE by level and position.
    pub fn cte(&self, level: u16, cte: usize) -> Option<&CtePlan> {
        self.ctes.iter().rev().nth(usize::from(level))?.get(cte)
    }
}
