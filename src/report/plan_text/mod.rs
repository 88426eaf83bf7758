//! A plan as PostgreSQL's EXPLAIN prints it in text: `ExplainNode` of `explain.c`, for modelled plans
//! and for those pasted in any format, measured or not.
//!
//! Indentation counts in steps of two blanks. A node below another stands behind an arrow, its own
//! lines one step behind its name, its inputs in the same place; a plan that is run on its own
//! (`InitPlan 1 (returns $0)`, `SubPlan 2`, `CTE x`) has its name on a line above its arrow.
//!
//! What the server knows and the JSON does not say is left out: `Rows Removed by Filter: 0` where the
//! mean of the loops is below a half.

mod heading;
mod lines;
mod usage;

use std::fmt::Write;

use crate::order;
use crate::read::plan_node::PlanNode;

pub use heading::heading;

/// The tree; `hypothetical` indexes are marked.
pub fn render_plan(root: &PlanNode, hypothetical: &[String]) -> String {
    let mut out = String::new();
    write_node(&mut out, root, 0, hypothetical);
    out
}

/// `indent` is in steps of two blanks.
fn write_node(out: &mut String, node: &PlanNode, mut indent: usize, hypothetical: &[String]) {
    if let Some(name) = node.text("Subplan Name") {
        write_line(out, indent, name);
        indent += 1;
    }
    let mut first = heading(node);
    first.push_str(&figures(node));
    if node.index_name.as_ref().is_some_and(|index| hypothetical.contains(index)) {
        first.push_str("  [hypothetical index]");
    }
    if indent == 0 {
        write_line(out, 0, &first);
    } else {
        write_line(out, indent, &format!("->  {first}"));
        indent += 2;
    }
    indent += 1;
    for line in lines::lines(node) {
        write_line(out, indent, &line);
    }
    for child in in_order(&node.plans) {
        write_node(out, child, indent, hypothetical);
    }
}

fn write_line(out: &mut String, indent: usize, text: &str) {
    let _ = writeln!(out, "{:width$}{text}", "", width = 2 * indent);
}

/// What is run before comes first, what its conditions ask for last.
fn in_order(plans: &[PlanNode]) -> Vec<&PlanNode> {
    let mut ordered: Vec<&PlanNode> = plans.iter().collect();
    order::sort_by_key(&mut ordered, |plan| match plan.parent_relationship.as_deref() {
        Some("InitPlan") => 0,
        Some("SubPlan") => 2,
        _ => 1,
    });
    ordered
}

/// `  (cost=0.29..8.31 rows=1 width=8) (actual time=0.010..0.012 rows=1 loops=1)`.
fn figures(node: &PlanNode) -> String {
    let mut out = String::new();
    if let (Some(startup), Some(total)) = (node.startup_cost, node.total_cost) {
        let rows = node.plan_rows.unwrap_or(0.0);
        let width = node.plan_width.unwrap_or(0.0);
        let _ = write!(out, "  (cost={startup:.2}..{total:.2} rows={rows:.0} width={width:.0})");
    }
    match node.actual_loops {
        Some(0.0) => out.push_str(" (never executed)"),
        _ => out.extend(measured(node).map(|measured| format!(" ({measured})"))),
    }
    out
}

/// `actual time=0.010..0.012 rows=1 loops=1`; without times when they were not taken.
fn measured(node: &PlanNode) -> Option<String> {
    let (rows, loops) = (node.actual_rows?, node.actual_loops.unwrap_or(1.0));
    // PostgreSQL 18 prints the mean of the loops with two digits.
    let digits = if rows.fract() == 0.0 { 0 } else { 2 };
    let counted = format!("rows={rows:.digits$} loops={loops:.0}");
    Some(match (node.actual_startup_ms, node.actual_total_ms) {
        (Some(first), Some(last)) => format!("actual time={first:.3}..{last:.3} {counted}"),
        _ => format!("actual {counted}"),
    })
}
