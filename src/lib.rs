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

pub mod understand;

pub mod estimate;
pub mod plan;

pub mod advise;
pub mod report;

pub mod redact;

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(feature = "ui")]
pub mod ui;

pub use input::Input;
pub use progress::Progress;
pub use report::Report;

/// Reviews an input. Total and deterministic: whatever cannot be read is a diagnostic in the report.
pub fn analyze(input: &Input, progress: &mut dyn Progress) -> Report {
    let understood = understand::understand(input, progress);
    let context = advise::Context {
        catalog: &understood.catalog,
        workload: &understood.workload,
        plans: &understood.plans,
        options: &input.options,
    };
    let advice = advise::advise(&context);
    report::assemble::assemble(understood, advice, input.options.calibrate, progress)
}
