//! What was read as what, and what was not understood.

use super::parts::{escape, prose, write_part, write_section, write_table};
use crate::diagnostic::Diagnostic;
use crate::read::intake::InputReport;
use crate::report::data::Report;
use crate::report::words::{place, severity_name};

/// The section.
pub fn write(out: &mut String, report: &Report) {
    write_section(out, "What was read, and what was not", |out| {
        let row = |input: &InputReport| {
            let at = format!("{}:{}", escape(&input.name), input.line);
            let understood = match input.skipped {
                0 => "all".to_owned(),
                skipped => format!("{} of {}", input.entries, input.entries + skipped),
            };
            vec![at, escape(&input.title), prose(&input.found), understood]
        };
        let head = ["where", "what", "found", "#understood"];
        write_table(out, &head, report.inputs.iter().map(row));
        write_part(out, "Skipped, and other remarks", |out| {
            let row = |remark: &Diagnostic| {
                let at = remark.source.as_ref().map(place).unwrap_or_default();
                let severity = severity_name(remark.severity).to_owned();
                let help = remark.help.as_deref().unwrap_or_default();
                vec![escape(&at), severity, prose(&remark.message), prose(help)]
            };
            let head = ["where", "", "remark", "what to do"];
            write_table(out, &head, report.diagnostics.iter().map(row));
        });
    });
}
