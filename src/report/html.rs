//! The review as one static page: no script, nothing loaded, everything from outside escaped.

use std::fmt::Write;

use super::against_html::write_against;
use super::data::{Cell, Finding, Report};
use super::units::{bytes, count, plural};
use super::words::{
    access_changes, basis_name, cell_uses, change, effect, importance_name, place, sentence,
    severity_name, terminated,
};

const STYLE: &str = include_str!("html.css");
/// The page may use its own style, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The whole review.
pub fn render_html(report: &Report) -> String {
    let mut out = String::new();
    let findings = plural(report.findings.len(), "finding", "findings");
    let _ = writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{findings}: index review</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>Index review: {findings}</h1>"
    );
    write_summary(&mut out, report);
    write_against(&mut out, report);
    write_section(&mut out, "Findings", |out| {
        for (at, finding) in report.findings.iter().enumerate() {
            write_finding(out, at + 1, finding);
        }
    });
    write_section(&mut out, "Queries", |out| write_queries(out, report));
    write_section(&mut out, "Queries by indexes", |out| write_matrix(out, report));
    write_section(&mut out, "Tables and indexes", |out| write_tables(out, report));
    write_section(&mut out, "What was read", |out| write_inputs(out, report));
    out.push_str("</body>\n</html>\n");
    out
}

fn write_summary(out: &mut String, report: &Report) {
    let summary = &report.summary;
    let _ = write!(out, "<p>{}", report.dialect.name());
    if summary.n_queries > 0 {
        let queries = plural(summary.n_queries, "query", "queries");
        let change = escape(&change(summary.cost_before, summary.cost_after));
        let _ = write!(out, "; {} of {queries} planned, {change}", summary.n_understood);
        let _ = write!(out, "; new indexes take {}", bytes(summary.size_bytes));
    }
    if let Some(budget) = summary.budget_bytes {
        let _ = write!(out, " of {}", bytes(budget));
    }
    out.push_str(".</p>\n");
}

fn write_finding(out: &mut String, number: usize, finding: &Finding) {
    let title = escape(&finding.title);
    let code = escape(&finding.code);
    let importance = importance_name(finding.severity);
    let _ = writeln!(out, "<article>\n<h3>{number}. {title}</h3>");
    let effect = escape(&effect(finding));
    let _ = writeln!(out, "<p class=\"effect\"><code>{code}</code>, {importance}; {effect}</p>");
    write_code(out, finding.create.iter().chain(&finding.drop));
    write_list(out, finding.break_even.iter().map(|limit| escape(&sentence(&limit.text))));
    write_list(out, finding.reasons.iter().chain(&finding.advice).map(|text| escape(text)));
    if !finding.queries.is_empty() {
        let link = |id: &String| format!("<a href=\"#{id}\">{id}</a>", id = escape(id));
        let links: Vec<String> = finding.queries.iter().map(link).collect();
        let _ = writeln!(out, "<p>Queries: {}</p>", links.join(", "));
    }
    write_details(out, "Assumptions", |out| {
        write_list(
            out,
            finding.assumptions.iter().map(|assumption| {
                let ask = assumption.replace_with.as_ref();
                let ask = ask.map(|query| format!("<br>Ask: <code>{}</code>", escape(query)));
                let basis = basis_name(assumption.basis);
                format!("{} ({basis}){}", escape(&assumption.text), ask.unwrap_or_default())
            }),
        );
    });
    write_details(out, "Alternatives", |out| {
        write_list(
            out,
            finding.alternatives.iter().map(|other| {
                let cost = other.cost_after.map(|cost| format!(", cost {}", count(cost)));
                let create = escape(&other.create);
                let why_not = escape(&other.why_not);
                format!("<code>{create}</code>{}: {why_not}", cost.unwrap_or_default())
            }),
        );
    });
    write_details(out, "Undo", |out| write_code(out, finding.reverse.iter()));
    write_details(out, "Places", |out| {
        write_list(out, finding.places.iter().map(|at| escape(&place(at))));
    });
    out.push_str("</article>\n");
}

fn write_queries(out: &mut String, report: &Report) {
    let head = ["query", "#calls", "#cost before", "#cost after", "access"];
    let rows = report.queries.iter().map(|query| {
        let cost = |cost: Option<f64>| cost.map(count).unwrap_or_default();
        let access = match &query.error {
            Some(error) => escape(error),
            None => escape_lines(&access_changes(query)),
        };
        let name = escape(query.name.as_deref().unwrap_or_default());
        let sql = escape(&query.sql);
        let query_cell = format!(
            "<details id=\"{id}\"><summary>{id} {name}</summary><pre>{sql}</pre></details>",
            id = escape(&query.id)
        );
        let (before, after) = (cost(query.cost_before), cost(query.cost_after));
        vec![query_cell, count(query.calls), before, after, access]
    });
    write_table(out, &head, rows);
}

fn write_matrix(out: &mut String, report: &Report) {
    let head = ["query", "index", "use", "why"];
    let row = |cell: &Cell| {
        let uses = escape(&cell_uses(cell));
        let uses = match cell.chosen {
            true => format!("<span class=\"chosen\">{uses}</span>"),
            false => uses,
        };
        vec![escape(&cell.query), escape(&cell.index), uses, escape(&cell.reason)]
    };
    write_table(out, &head, report.matrix.cells.iter().map(row));
}

fn write_tables(out: &mut String, report: &Report) {
    let rows = report.tables.iter().map(|table| {
        let rows = format!("{} ({})", count(table.rows), basis_name(table.rows_basis));
        let size = format!("{} ({})", bytes(table.size_bytes), basis_name(table.size_basis));
        vec![escape(&table.name), rows, size]
    });
    write_table(out, &["table", "#rows", "#size"], rows);
    let rows = report.indexes.iter().map(|index| {
        let size = format!("{} ({})", bytes(index.size_bytes), basis_name(index.size_basis));
        let suggested = if index.suggested { " (suggested)" } else { "" };
        let name = format!("{}{suggested}", escape(&index.name));
        let scans = index.idx_scan.map(count).unwrap_or_default();
        let used_by = escape(&index.used_by.join(", "));
        vec![escape(&index.table), name, escape(&index.shape), size, scans, used_by]
    });
    write_table(out, &["table", "index", "keys", "#size", "#scans", "used by"], rows);
}

fn write_inputs(out: &mut String, report: &Report) {
    write_list(
        out,
        report.inputs.iter().map(|input| {
            let (name, title) = (escape(&input.name), escape(&input.title));
            format!("{name}, line {}: {title}: {}", input.line, escape(&input.found))
        }),
    );
    write_list(
        out,
        report.diagnostics.iter().map(|remark| {
            let at =
                remark.source.as_ref().map(|at| format!("{}: ", place(at))).unwrap_or_default();
            let help = remark.help.as_ref().map(|help| format!(". {help}")).unwrap_or_default();
            let severity = severity_name(remark.severity);
            escape(&format!("{severity}: {at}{}{help}", remark.message))
        }),
    );
}

pub(super) fn write_section(out: &mut String, title: &str, write: impl FnOnce(&mut String)) {
    write_unless_empty(out, &format!("<section>\n<h2>{title}</h2>"), "</section>", write);
}

fn write_details(out: &mut String, title: &str, write: impl FnOnce(&mut String)) {
    let head = format!("<details><summary>{title}</summary>");
    write_unless_empty(out, &head, "</details>", write);
}

fn write_unless_empty(out: &mut String, head: &str, foot: &str, write: impl FnOnce(&mut String)) {
    let mut body = String::new();
    write(&mut body);
    if !body.is_empty() {
        let _ = writeln!(out, "{head}\n{body}{foot}");
    }
}

/// A table; a column whose title starts with `#` holds numbers. Cells are HTML already.
pub(super) fn write_table(
    out: &mut String,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let class = |title: &str| if title.starts_with('#') { " class=\"number\"" } else { "" };
    out.push_str("<div class=\"scroll\"><table>\n<thead><tr>");
    for title in head {
        let name = title.trim_start_matches('#');
        let _ = write!(out, "<th scope=\"col\"{}>{name}</th>", class(title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (title, cell) in head.iter().zip(row) {
            let _ = write!(out, "<td{}>{cell}</td>", class(title));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

/// A list of HTML items.
pub(super) fn write_list(out: &mut String, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.map(|item| format!("<li>{item}</li>\n")).collect();
    if !items.is_empty() {
        let _ = writeln!(out, "<ul>\n{}</ul>", items.concat());
    }
}

pub(super) fn write_code<'a>(out: &mut String, statements: impl Iterator<Item = &'a String>) {
    let statements: Vec<String> = statements.map(|s| escape(&terminated(s))).collect();
    if !statements.is_empty() {
        let _ = writeln!(out, "<pre><code>{}</code></pre>", statements.join("\n"));
    }
}

fn escape_lines(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br>")
}

/// Text as it is, in an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
