//! PostgreSQL's EXPLAIN in its text format, as psql, pgAdmin, logs and chats show it.

use super::lines::plan_lines;
use super::node::is_node;
use super::start::{Start, find_start};
use super::tree::{Built, build_plan};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::read::facts::PastedPlan;
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
    let text = segment.text();
    let mut next = 0;
    for (at, _) in lines(text) {
        if at < next {
            continue;
        }
        let Some((start, built, end)) = locate(text, at) else { continue };
        next = end;
        let place = segment.source.place(segment.span.start + start.body);
        let mut plan = built.plan;
        plan.query = start.query.map(|query| query.into_owned()).filter(|query| !query.is_empty());
        plan.source = Some(place.clone());
        if built.dropped > 0 {
            let message = format!("{} nodes of the plan are nested too deep", built.dropped);
            let remark = Diagnostic::new(Severity::Warning, "plan-too-deep", message);
            facts.diagnostics.push(remark.at(place.clone()));
        }
        if built.uncertain {
            let message = "a node has more inputs than its kind takes, so the tree may be wrong";
            let remark = Diagnostic::new(Severity::Warning, "plan-tree-uncertain", message)
                .help("paste the plan with its indentation, or use EXPLAIN (FORMAT JSON)");
            facts.diagnostics.push(remark.at(place));
        }
        facts.plans.push(plan);
        facts.entries += 1;
    }
}

/// The plans in `text`, for readers of other formats that find one inside theirs (auto_explain).
pub fn read_plans(text: &str) -> Vec<PastedPlan> {
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
