//! `sargable review`.

use std::path::Path;

use super::Outcome;
use super::args::{Args, Format};
use super::decisions;
use super::stamp;
use crate::input::Input;
use crate::progress::Silent;
use crate::report::{self, Importance, Report, migration};

pub(super) fn run(args: &Args, input: &Input) -> Result<Outcome, String> {
    let report = crate::analyze(input, &mut Silent);
    decisions::keep(args, input, &report)?;
    let output = match args.format {
        Format::Text => report::text::render_text(&report),
        Format::Json => report::json::render_json(&report),
        Format::Markdown => report::markdown::render_markdown(&report),
        Format::Html => report::html::render_html(&report),
        Format::Migration(format) => migrate(&report, format, args.output.as_deref())?,
    };
    let output = match (&args.output, args.format) {
        (Some(path), Format::Text | Format::Json | Format::Markdown | Format::Html) => {
            write(Path::new(path), &output)?;
            format!("{path}\n")
        }
        _ => output,
    };
    let failed = args.fail_on.iter().any(|what| matches(&report, what));
    Ok(Outcome { output, failed })
}

/// The migration as one text, or its files in a folder and their names as text.
fn migrate(
    report: &Report,
    format: migration::Format,
    folder: Option<&str>,
) -> Result<String, String> {
    let files = migration::files(report, format, stamp::now());
    let Some(folder) = folder else { return Ok(migration::joined(&files)) };
    let mut names = String::new();
    for file in &files {
        let path = Path::new(folder).join(&file.name);
        write(&path, &file.text)?;
        names.push_str(&format!("{}\n", path.display()));
    }
    Ok(names)
}

/// Writes a file, and the folders above it.
fn write(path: &Path, text: &str) -> Result<(), String> {
    let parent = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = parent.and_then(|()| std::fs::write(path, text));
    written.map_err(|error| format!("cannot write the file: {error}: {:?}", path.display()))
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
