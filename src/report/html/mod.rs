//! The review as one page to hand around: no script, nothing loaded, everything from outside escaped.
//! It reads from the top: what is to be decided, why, what it changes, what it rests on, how it is done
//! and checked; then everything else that a question in a review may need.

mod assumptions;
mod decisions;
mod findings;
mod inputs;
mod matrix;
mod migration;
mod parts;
mod queries;
mod summary;
mod tables;

use std::fmt::Write;

pub(super) use parts::{escape, write_list, write_section, write_table};

use super::against_html::write_against;
use super::data::Report;

const STYLE: &str = include_str!("style.css");
/// The page may use its own style, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The whole review.
pub fn render_html(report: &Report) -> String {
    let mut body = String::new();
    decisions::write(&mut body, report);
    write_against(&mut body, report);
    findings::write(&mut body, report);
    queries::write(&mut body, report);
    matrix::write(&mut body, report);
    assumptions::write(&mut body, report);
    migration::write(&mut body, report);
    findings::write_other_sizes(&mut body, report);
    tables::write(&mut body, report);
    inputs::write(&mut body, report);
    queries::write_texts(&mut body, report);

    let mut out = String::with_capacity(body.len() + STYLE.len() + 4096);
    let _ = writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>",
        summary::title(report)
    );
    summary::write(&mut out, report);
    write_contents(&mut out, &body);
    let _ = writeln!(out, "<main>\n{body}</main>\n</body>\n</html>");
    out
}

/// The sections that follow, with their addresses; what is from outside is escaped and opens none.
fn write_contents(out: &mut String, body: &str) {
    out.push_str("<nav aria-label=\"Contents\">\n<ul>\n");
    for section in body.split("<section id=\"").skip(1) {
        let Some((id, rest)) = section.split_once('"') else { continue };
        let title = rest.split_once("<h2>").and_then(|(_, rest)| rest.split_once("</h2>"));
        if let Some((title, _)) = title {
            let _ = writeln!(out, "<li><a href=\"#{id}\">{title}</a></li>");
        }
    }
    out.push_str("</ul>\n</nav>\n");
}
