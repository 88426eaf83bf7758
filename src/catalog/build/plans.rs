//! Sizes of tables that pasted plans tell: what their sequential scans read.
//!
//! Rows, measured: rows returned and rows removed, per loop (of every worker, when the scan is shared
//! among them), unless something above stopped it early. Rows, not measured: the estimate of a scan
//! without a condition, which is the server's own row count.
//!
//! Pages: the cost of a sequential scan is `seq_page_cost` a page, `cpu_tuple_cost` a row and
//! `cpu_operator_cost` a row for each operator of its condition, the latter two shared among workers
//! (`cost_seqscan` of `costsize.c`); the pages are what is left of the total. The planner knows the
//! true size of the file even where its statistics are old, and expects rows as dense as they were
//! (`estimate_rel_size` of `plancat.c`); where no statistics say how dense, the measured rows stand for
//! the expected ones.
//!
//! Pasted statistics stay unless the user takes over what was measured.

use std::collections::BTreeMap;

use super::seen::{Seen, scans};
use crate::catalog::{Catalog, Table};
use crate::dialect::Dialect;
use crate::read::PastedPlan;
use crate::read::plan_node::PlanNode;
use crate::read::statistics::{Origin, Settings};
use crate::sql::expr::Expr;
use crate::sql::parse::parse_expr;

/// What a scan tells of its table.
#[derive(Clone, Copy)]
struct Size {
    rows: f64,
    pages: Option<f64>,
    measured: bool,
}

/// Fills in the sizes of tables that nothing else tells; with `calibrate` also of those that plans
/// measured otherwise. Of several scans the largest counts, a measured one before an estimate.
pub(super) fn add_sizes_of_plans(catalog: &mut Catalog, plans: &[PastedPlan], calibrate: bool) {
    let mut sizes: BTreeMap<usize, Size> = BTreeMap::new();
    for plan in plans {
        let settings = settings_of(plan, &catalog.settings);
        for seen in scans(plan) {
            let Some(at) = seen.table(catalog) else { continue };
            let Some(size) = size_of(&seen, &settings, catalog) else { continue };
            let known = sizes.entry(at).or_insert(size);
            let order = |size: &Size| (size.measured, size.rows, size.pages.unwrap_or(0.0));
            if order(&size) > order(known) {
                *known = size;
            }
        }
    }
    for (at, size) in sizes {
        if let Some(table) = catalog.tables.get_mut(at) {
            take_over(table, size, calibrate && size.measured);
        }
    }
}

fn take_over(table: &mut Table, size: Size, replace: bool) {
    let statistics = &mut table.statistics;
    let nothing = statistics.reltuples.is_none() && statistics.origin.is_none();
    if !(nothing || replace) {
        return;
    }
    statistics.reltuples = Some(size.rows);
    statistics.origin = Some(Origin::Plan);
    let has_pages = statistics.relpages.is_some() || statistics.size_bytes.is_some();
    let Some(pages) = size.pages.filter(|_| replace || !has_pages) else { return };
    // The share of pages that are all-visible stays.
    if let (Some(visible), Some(old)) = (statistics.relallvisible, statistics.relpages) {
        statistics.relallvisible = Some((visible * pages / old.max(1.0)).min(pages).floor());
    }
    statistics.relpages = Some(pages);
    statistics.size_bytes = None;
}

fn size_of(seen: &Seen<'_>, settings: &Settings, catalog: &Catalog) -> Option<Size> {
    let node = seen.node;
    if node.node_type != "Seq Scan" {
        return None;
    }
    let counted = seen.measured().map(|measured| measured.kept + measured.removed);
    let estimated = node.plan_rows.filter(|_| !node.more.contains_key("Filter"));
    let workers =
        if node.is_parallel_aware() { PlanNode::parallel_divisor(seen.workers) } else { 1.0 };
    let rows = counted.or(estimated.map(|rows| (rows * workers).round()))?;
    let statistics =
        seen.table(catalog).and_then(|at| catalog.tables.get(at)).map(|t| &t.statistics);
    let density = statistics.and_then(|known| {
        let pages = known.relpages.filter(|pages| *pages > 0.0)?;
        Some(known.reltuples? / pages)
    });
    let read = match (estimated, density) {
        (Some(rows), _) => Read::Rows(rows),
        (None, Some(density)) => Read::OfPage(density / workers),
        (None, None) => Read::Rows(rows / workers),
    };
    let pages = pages_of(node, read, settings, catalog.dialect);
    Some(Size { rows, pages, measured: counted.is_some() })
}

/// Rows that the planner expected each process to read.
enum Read {
    Rows(f64),
    OfPage(f64),
}

fn pages_of(node: &PlanNode, read: Read, settings: &Settings, dialect: Dialect) -> Option<f64> {
    // The plans of a condition, and what enable_seqscan = off adds, are in the cost as well.
    let total = node.total_cost.filter(|cost| node.plans.is_empty() && *cost < 1.0e9)?;
    let startup = node.startup_cost.unwrap_or(0.0);
    let operators = match node.text("Filter") {
        Some(filter) => operators(&parse_expr(filter, dialect).ok()?),
        None => 0.0,
    };
    let per_row = settings.cpu_tuple_cost + operators * settings.cpu_operator_cost;
    let run = total - startup;
    let pages = match read {
        Read::Rows(rows) => (run - rows * per_row) / settings.seq_page_cost,
        Read::OfPage(rows) => run / (settings.seq_page_cost + rows * per_row),
    };
    let pages = pages.round();
    (pages.is_finite() && pages >= 1.0).then_some(pages)
}

/// Operators and functions that a condition calls for a row: half of a list, as it stops at a match.
fn operators(condition: &Expr) -> f64 {
    let mut count = 0.0;
    condition.walk(&mut |part| {
        count += match part {
            Expr::Compare(..) | Expr::Like { .. } | Expr::Operator { .. } | Expr::Function(_) => {
                1.0
            }
            Expr::InList { list, .. } => 0.5 * list.len() as f64,
            Expr::AnyAll { right, .. } => 0.5 * elements(right),
            _ => 0.0,
        };
    });
    count
}

/// Elements of an array; ten when that is not known.
fn elements(array: &Expr) -> f64 {
    match array {
        Expr::Cast { expr, .. } => elements(expr),
        Expr::Array(items) => items.len() as f64,
        Expr::Literal(crate::sql::expr::Literal::Text(text)) => {
            text.split(',').count().max(1) as f64
        }
        _ => 10.0,
    }
}

/// The settings that the plan was made with.
fn settings_of(plan: &PastedPlan, known: &Settings) -> Settings {
    let mut settings = known.clone();
    for (name, value) in &plan.settings {
        settings.set(name, value, "");
    }
    settings
}
