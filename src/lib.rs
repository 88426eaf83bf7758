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

pub use input::Input;
pub use progress::Progress;
pub use report::Report;

/// Reviews an input. Total and deterministic: whatever cannot be read is a diagnostic in the report.
pub fn analyze(input: &Input, progress: &mut dyn Progress) -> Report {
    progress.at(progress::Stage::Read, 0, input.pieces.len());
    Report { format: report::FORMAT.to_owned(), ..Report::default() }
}
