#![doc = include_str!("README.md")]

pub mod diagnostic;
pub mod dialect;
pub mod input;
pub mod limits;
pub mod progress;

pub mod text;

pub mod sql;

pub mod read;

pub mod catalog;
pub mod workload;

pub mod estimate;
pub mod plan;

pub mod advise;
pub mod report;

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(feature = "ui")]
pub mod ui;

pub use input::Input;
pub use progress::Progress;
pub use report::Report;

/// Reviews an input. Total and deterministic: whatever cannot be read is a diagnostic in the report.
pub fn analyze(input: &Input, progress: &mut dyn Progress) -> Report {
    let mut intake = read::intake::read_input(input, progress);
    let mut diagnostics = std::mem::take(&mut intake.facts.diagnostics);
    let catalog = catalog::build::build_catalog(&intake.facts, intake.dialect, &mut diagnostics);
    let workload = workload::fold::fold_statements(&intake.facts.statements, intake.dialect);
    let context = advise::Context {
        catalog: &catalog,
        workload: &workload,
        plans: &intake.facts.plans,
        options: &input.options,
    };
    let findings = advise::findings(&context);
    Report {
        format: report::FORMAT.to_owned(),
        dialect: intake.dialect,
        inputs: intake.inputs,
        diagnostics,
        findings,
        ..Report::default()
    }
}
