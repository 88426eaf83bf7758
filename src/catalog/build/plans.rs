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

use crate::sorted::SortedMap;

use super::seen::{Seen, scans};
use crate::catalog::{Catalog, Table};
use crate::dialect::Dialect;
use crate::read::PastedPlan;
use crate::read::plan_node::PlanNode;
use crate::read::statistics::{Origin, Settings};
use crate::sql::expr::Expr;
use crate::sql::parse::parse_expr;
use crate::sql::schema::is_text_type;

/// What a scan tells of its table.
#[derive(Clone, Copy)]
struct Size {
    rows: f64,
    measured: bool,
    pages: Option<Pages>,
}

/// Pages, and how many operators of a row had to be guessed to know them: the fewer the surer.
#[derive(Clone, Copy)]
struct Pages {
    number: f64,
    operators: f64,
}

impl Size {
    /// Of several scans the largest counts, a measured one before an estimate; its pages are the surest
    /// of all.
    fn add(&mut self, other: Size) {
        let pages = [self.pages, other.pages].into_iter().flatten();
        let surest = pages
            .min_by(|a, b| a.operators.total_cmp(&b.operators).then(b.number.total_cmp(&a.number)));
        if (other.measured, other.rows) > (self.measured, self.rows) {
            *self = other;
        }
        self.pages = surest;
    }
}

/// Fills in the sizes of tables that nothing else tells; with `calibrate` also of those that plans
/// measured otherwise.
pub(super) fn add_sizes_of_plans(catalog: &mut Catalog, plans: &[PastedPlan], calibrate: bool) {
    let mut sizes: SortedMap<usize, Size> = SortedMap::new();
    for plan in plans {
        let settings = settings_of(plan, &catalog.settings);
        for seen in scans(plan) {
            let Some(at) = seen.table(catalog) else { continue };
            let Some(size) = size_of(&seen, &settings, catalog) else { continue };
            match sizes.get_mut(&at) {
                Some(known) => known.add(size),
                None => _ = sizes.insert(at, size),
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
    let pages = size.pages.map(|pages| pages.number);
    let Some(pages) = pages.filter(|_| replace || !has_pages) else { return };
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
    let table = seen.table(catalog).and_then(|at| catalog.tables.get(at))?;
    let pages = table.statistics.relpages.filter(|pages| *pages > 0.0);
    let density = pages.and_then(|pages| Some(table.statistics.reltuples? / pages));
    let read = match (estimated, density) {
        (Some(rows), _) => Read::Rows(rows),
        (None, Some(density)) => Read::OfPage(density / workers),
        (None, None) => Read::Rows(rows / workers),
    };
    let pages = pages_of(node, read, settings, (table, catalog.dialect));
    Some(Size { rows, pages, measured: counted.is_some() })
}

/// Rows that the planner expected each process to read.
enum Read {
    Rows(f64),
    OfPage(f64),
}

fn pages_of(
    node: &PlanNode,
    read: Read,
    settings: &Settings,
    (table, dialect): (&Table, Dialect),
) -> Option<Pages> {
    // The plans of a condition, and what enable_seqscan = off adds, are in the cost as well.
    let total = node.total_cost.filter(|cost| node.plans.is_empty() && *cost < 1.0e9)?;
    let startup = node.startup_cost.unwrap_or(0.0);
    let operators = match node.text("Filter") {
        Some(filter) => operators(&parse_expr(filter, dialect).ok()?, table),
        None => 0.0,
    };
    let per_row = settings.cpu_tuple_cost + operators * settings.cpu_operator_cost;
    let run = total - startup;
    let number = match read {
        Read::Rows(rows) => (run - rows * per_row) / settings.seq_page_cost,
        Read::OfPage(rows) => run / (settings.seq_page_cost + rows * per_row),
    };
    let number = number.round();
    (number.is_finite() && number >= 1.0).then_some(Pages { number, operators })
}

/// Operators and functions that a condition calls for a row (`cost_qual_eval`): half of a list, as it
/// stops at a match; a value becomes text by way of its output and the input of text.
fn operators(condition: &Expr, table: &Table) -> f64 {
    let mut count = 0.0;
    condition.walk(&mut |part| {
        count += match part {
            Expr::Compare(..) | Expr::Like { .. } | Expr::Operator { .. } | Expr::Function(_) => {
                1.0
            }
            Expr::InList { list, .. } => 0.5 * list.len() as f64,
            Expr::AnyAll { right, .. } => 0.5 * elements(right),
            Expr::Cast { expr, to } => cast(expr, to, table),
            _ => 0.0,
        };
    });
    count
}

/// Functions that a cast calls: none for a constant, which was cast once, and between text types.
fn cast(expr: &Expr, to: &str, table: &Table) -> f64 {
    let from = match expr {
        Expr::Literal(_) | Expr::Array(_) => return 0.0,
        Expr::Name(parts) => {
            let column = table.columns.iter().find(|column| Some(&column.name) == parts.last());
            column.map_or("", |column| column.data_type.as_str())
        }
        _ => "",
    };
    match (is_text_type(to), is_text_type(from)) {
        (true, true) => 0.0,
        (true, false) => 2.0,
        _ => 1.0,
    }
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
