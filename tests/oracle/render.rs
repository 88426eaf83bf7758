//! A comparison as a text that a person reads.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::fidelity::figures::figures;
use crate::fidelity::{Compared, ComparedJoin, ComparedScan, Relation, Scan};

/// All queries of a case.
pub fn render(case: &str, queries: &[Compared]) -> String {
    let total = figures(queries);
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let mut out = format!(
        "# {case}: the model beside PostgreSQL. Written by UPDATE=1 cargo test --test oracle.\n\
         # Of {} scans {} are right; of {} joins {}, by the same method {}; cost within 10 %: {}.\n\
         # x: model / PostgreSQL. A line that is wrong: PostgreSQL's choice <> the model's.\n",
        total.n_scans,
        percent(total.scans),
        total.n_joins,
        percent(total.joins),
        percent(total.methods),
        percent(total.cost_within10),
    );
    for query in queries {
        render_query(&mut out, query);
    }
    out
}

fn render_query(out: &mut String, query: &Compared) {
    let summary = match (&query.problem, query.cost_ratio, query.top_q) {
        (None, Some(ratio), Some(top)) => format!("cost x{ratio:.2}{}", show_rows(top)),
        (problem, ..) => format!("NOT PLANNED: {}", problem.as_deref().unwrap_or_default()),
    };
    let _ = writeln!(out, "\n{}: {summary}", query.name);
    for scan in &query.scans {
        let _ = writeln!(out, "{}", show_scan(scan));
    }
    for join in &query.joins {
        let _ = writeln!(out, "{}", show_join(join));
    }
}

fn show_scan(scan: &ComparedScan) -> String {
    let model: Vec<String> = scan.model.iter().map(show_path).collect();
    let (mark, model) = match (scan.right, model.is_empty()) {
        (true, _) => ("ok   ", String::new()),
        (false, true) => ("WRONG", " <> not scanned".to_owned()),
        (false, false) => ("WRONG", format!(" <> {}", model.join(", "))),
    };
    let rows = scan.rows_q.map_or(String::new(), show_rows);
    format!("  {mark} {}: {}{model}{rows}", scan.truth.relation.1, show_path(&scan.truth))
}

fn show_path(scan: &Scan) -> String {
    let words = [&[scan.path.to_owned()], scan.indexes.as_slice()].concat();
    words.join(" ")
}

/// Nothing where the rows agree to two digits.
fn show_rows(q: f64) -> String {
    let q = format!("{q:.2}");
    if q == "1.00" { String::new() } else { format!(", rows q {q}") }
}

fn show_join(join: &ComparedJoin) -> String {
    let [left, right] = join.truth.sides.each_ref().map(show_side);
    let (mark, note) = match (join.same_sides, join.same_method) {
        (true, true) => ("ok   ", ""),
        (true, false) => ("WRONG", " <> another method"),
        (false, _) => ("WRONG", " <> not these sides"),
    };
    format!("  {mark} {left} with {right}: {}{note}", join.truth.method)
}

fn show_side(side: &BTreeSet<Relation>) -> String {
    let aliases: Vec<&str> = side.iter().map(|(_, alias)| alias.as_str()).collect();
    if aliases.is_empty() { "(no table)".to_owned() } else { aliases.join("+") }
}
