//! What every query costs before and after; and at the end of the page its text and its plans.

use std::fmt::Write;

use super::decisions::change;
use super::findings::query_link;
use super::parts::{
    escape, escape_lines, figure, prose, write_details, write_part, write_section, write_table,
    write_text,
};
use crate::report::data::{QueryReport, Report};
use crate::report::plan_text::render_plan;
use crate::report::units::count;
use crate::report::words::access_changes;

/// A cost that differs by less than this part is the same.
const SAME: f64 = 1e-6;

/// What becomes of a query.
#[derive(PartialEq)]
enum Fate {
    Cheaper,
    Dearer,
    Same,
    Unknown,
}

fn fate(query: &QueryReport) -> Fate {
    match query.cost_before.zip(query.cost_after) {
        None => Fate::Unknown,
        Some((before, after)) if after < before * (1.0 - SAME) => Fate::Cheaper,
        Some((before, after)) if after > before * (1.0 + SAME) => Fate::Dearer,
        Some(_) => Fate::Same,
    }
}

/// Units saved over all calls.
fn saved(query: &QueryReport) -> f64 {
    let costs = query.cost_before.zip(query.cost_after);
    costs.map_or(0.0, |(before, after)| query.calls * (before - after))
}

/// The section: dearer first, then what saves most.
pub fn write(out: &mut String, report: &Report) {
    let total = report.summary.cost_before;
    write_section(out, "Queries before and after", |out| {
        for (fate_wanted, title) in [
            (Fate::Dearer, "Dearer"),
            (Fate::Cheaper, "Cheaper"),
            (Fate::Same, "Unchanged"),
            (Fate::Unknown, "Not planned"),
        ] {
            let mut found: Vec<&QueryReport> =
                report.queries.iter().filter(|query| fate(query) == fate_wanted).collect();
            crate::order::sort_by(&mut found, |a, b| saved(b).total_cmp(&saved(a)));
            let title = format!("{title} ({})", found.len());
            write_part(out, &title, |out| match fate_wanted {
                Fate::Unknown => write_unplanned(out, &found),
                _ => write_costs(out, &found, total),
            });
        }
    });
}

fn write_costs(out: &mut String, queries: &[&QueryReport], total: f64) {
    let row = |query: &&QueryReport| {
        let costs = query.cost_before.zip(query.cost_after);
        let changed = costs.map(|(before, after)| change(before, after)).unwrap_or_default();
        let part = query.cost_before.filter(|_| total > 0.0);
        let part = part.map(|cost| percent(query.calls * cost / total)).unwrap_or_default();
        let access = escape_lines(&access_changes(query));
        vec![query_link(query), figure(&count(query.calls)), part, changed, access]
    };
    let head =
        ["query", "#calls", "#part of the cost now", "#cost of a call", "how tables are read"];
    write_table(out, &head, queries.iter().map(row));
}

fn percent(part: f64) -> String {
    match 100.0 * part {
        percent if percent >= 9.95 => format!("{percent:.0}&nbsp;%"),
        percent if percent >= 0.05 => format!("{percent:.1}&nbsp;%"),
        percent if percent > 0.0 => "&lt;&nbsp;0.1&nbsp;%".to_owned(),
        _ => "0&nbsp;%".to_owned(),
    }
}

fn write_unplanned(out: &mut String, queries: &[&QueryReport]) {
    let row = |query: &&QueryReport| {
        let error = query.error.as_deref().unwrap_or_default();
        vec![query_link(query), figure(&count(query.calls)), prose(error)]
    };
    write_table(out, &["query", "#calls", "why"], queries.iter().map(row));
}

/// The section at the end: statements, and the plans of what changes.
pub fn write_texts(out: &mut String, report: &Report) {
    let suggested = report.indexes.iter().filter(|index| index.suggested);
    let hypothetical: Vec<String> = suggested.map(|index| index.name.clone()).collect();
    write_section(out, "Texts and plans of the queries", |out| {
        for query in &report.queries {
            let (id, name) = (escape(&query.id), query.name.as_deref().unwrap_or_default());
            let _ = writeln!(out, "<article class=\"text\" id=\"text-{id}\">");
            let _ = writeln!(out, "<h3>{id} {}</h3>", escape(name));
            write_text(out, &query.sql);
            if matches!(fate(query), Fate::Cheaper | Fate::Dearer) {
                write_plans(out, query, &hypothetical);
            }
            out.push_str("</article>\n");
        }
    });
}

fn write_plans(out: &mut String, query: &QueryReport, hypothetical: &[String]) {
    let Some((before, after)) = query.plan_before.as_ref().zip(query.plan_after.as_ref()) else {
        return;
    };
    out.push_str("<div class=\"plans\">\n");
    for (title, plan) in [("Plan now", before), ("Plan with all suggestions", after)] {
        write_details(out, title, |out| write_text(out, &render_plan(plan, hypothetical)));
    }
    out.push_str("</div>\n");
}
