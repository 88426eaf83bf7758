//! Everything that the findings take for granted, each once, defaults first, with the query that would
//! replace it by a fact.

use super::findings::code;
use super::parts::{prose, write_part, write_section, write_table};
use crate::report::data::{Basis, Report};
use crate::report::words::{basis_name, sentence};

/// From what is only assumed to what is certain.
const ORDER: [Basis; 5] =
    [Basis::Default, Basis::Plan, Basis::Statistics, Basis::Measured, Basis::Constraint];

/// An assumption, and the findings that make it.
struct Line<'r> {
    basis: Basis,
    text: &'r str,
    ask: Option<&'r str>,
    findings: Vec<usize>,
}

/// The section.
pub fn write(out: &mut String, report: &Report) {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (at, finding) in report.findings.iter().enumerate() {
        for one in &finding.assumptions {
            let ask = one.replace_with.as_deref();
            let same = |line: &&mut Line<'_>| {
                line.text == one.text && line.basis == one.basis && line.ask == ask
            };
            match lines.iter_mut().find(same) {
                Some(line) => line.findings.push(at + 1),
                None => lines.push(Line {
                    basis: one.basis,
                    text: &one.text,
                    ask,
                    findings: vec![at + 1],
                }),
            }
        }
    }
    write_section(out, "Assumptions", |out| {
        for basis in ORDER {
            let of_it = lines.iter().filter(|line| line.basis == basis);
            write_part(out, &sentence(basis_name(basis)), |out| {
                write_table(out, &["assumed", "findings", "replace it by a fact"], of_it.map(row));
            });
        }
    });
}

fn row(line: &Line<'_>) -> Vec<String> {
    let link = |number: &usize| format!("<a href=\"#finding-{number}\">{number}</a>");
    let links: Vec<String> = line.findings.iter().map(link).collect();
    let ask = line.ask.map(code).unwrap_or_default();
    vec![prose(line.text), links.join(", "), ask]
}
