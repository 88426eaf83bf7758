//! `sargable review`.

use super::Outcome;
use super::args::{Args, Format};
use crate::input::Input;
use crate::progress::Silent;
use crate::report::{self, Importance, Report};

pub(super) fn run(args: &Args, input: &Input) -> Outcome {
    let report = crate::analyze(input, &mut Silent);
    let output = match args.format {
        Format::Text => report::text::render_text(&report),
        Format::Json => report::json::render_json(&report),
        Format::Markdown => report::markdown::render_markdown(&report),
        Format::Sql => report::sql::render_sql(&report),
        Format::Html => report::html::render_html(&report),
    };
    Outcome { output, failed: args.fail_on.iter().any(|what| matches(&report, what)) }
}

/// Is there a finding or a diagnostic of this code, or at least this severe?
fn matches(report: &Report, what: &str) -> bool {
    use crate::diagnostic::Severity;
    let finding = |least: Importance| report.findings.iter().any(|f| f.severity <= least);
    let diagnostic = |least: Severity| report.diagnostics.iter().any(|d| d.severity <= least);
    match what {
        "high" => finding(Importance::High),
        "medium" => finding(Importance::Medium),
        "low" => finding(Importance::Low),
        "error" => diagnostic(Severity::Error),
        "warning" => diagnostic(Severity::Warning),
        "info" => diagnostic(Severity::Info),
        code => {
            report.findings.iter().any(|f| f.code == code)
                || report.diagnostics.iter().any(|d| d.code == code)
        }
    }
}
