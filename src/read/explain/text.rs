//! PostgreSQL's EXPLAIN in its text format, as psql, pgAdmin, logs and chats show it.

use super::lines::plan_lines;
use super::node::is_node;
use super::start::{Start, find_start};
use super::tree::{Built, build_plan};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::read::facts::PastedPlan;
use crate::read::plans::{Found, read_plans};
use crate::read::{Claim, Facts, Format, Segment};
use crate::text::lines;

/// EXPLAIN, text format.
pub const FORMAT: Format =
    Format { name: "postgres-explain", title: "PostgreSQL EXPLAIN (text)", claim, read };

fn claim(text: &str, at: usize) -> Option<Claim> {
    let (start, _, end) = locate(text, at)?;
    let reason = if start.first.contains("(cost=") || start.first.contains("(actual ") {
        "a plan node with its cost"
    } else {
        "a plan node with its properties"
    };
    Some(Claim { end, reason: reason.to_owned(), dialect: Some(Dialect::Postgres) })
}

fn locate(text: &str, at: usize) -> Option<(Start<'_>, Built, usize)> {
    let start = find_start(text, at)?;
    let first = start.first.trim_start().trim_start_matches("-> ").trim_start();
    let upper = first.starts_with(|c: char| c.is_ascii_uppercase());
    let plain = is_node(first) || first.contains("(cost=") || start.titled;
    if !upper || !plain {
        return None;
    }
    let (lines, end) = plan_lines(text, start.body)?;
    Some((start, build_plan(&lines), end))
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    read_plans(segment, facts, find);
}

fn find(text: &str, at: usize) -> Option<Found> {
    let (start, built, end) = locate(text, at)?;
    let mut remarks = Vec::new();
    if built.dropped > 0 {
        let message = format!("{} nodes of the plan are nested too deep", built.dropped);
        remarks.push(Diagnostic::new(Severity::Warning, "plan-too-deep", message));
    }
    if built.uncertain {
        let message = "a node has more inputs than its kind takes, so the tree may be wrong";
        let remark = Diagnostic::new(Severity::Warning, "plan-tree-uncertain", message);
        let help = "paste the plan with its indentation, or use EXPLAIN (FORMAT JSON)";
        remarks.push(remark.help(help));
    }
    let query = start.query.map(|query| query.into_owned());
    Some(Found { plans: vec![built.plan], query, remarks, body: start.body, end })
}

/// The plans in `text`, for readers of other formats that find one inside theirs (auto_explain).
pub fn plans_in(text: &str) -> Vec<PastedPlan> {
    let mut plans = Vec::new();
    let mut next = 0;
    for (at, _) in lines(text) {
        if at < next {
            continue;
        }
        let Some((start, built, end)) = locate(text, at) else { continue };
        next = end;
        let query = start.query.map(|query| query.into_owned());
        plans.push(PastedPlan { query, ..built.plan });
    }
    plans
}
