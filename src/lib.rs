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
pub mod session;

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(feature = "ui")]
pub mod ui;

pub use input::{Input, Options};
pub use progress::Progress;
pub use report::Report;

/// Reviews an input. Total and deterministic: whatever cannot be read is a diagnostic in the report.
pub fn analyze(input: &Input, progress: &mut dyn Progress) -> Report {
    Analysis::open(input, progress).review(&input.options, progress)
}

/// An input that was read, to be reviewed with one set of wishes after another: what was found out for
/// one is not asked again for the next.
pub struct Analysis {
    understood: understand::Understood,
    calibrated: bool,
    max_width: Option<usize>,
    memory: advise::Memory,
}

impl Analysis {
    /// Reads an input. Of its options, only `calibrate` counts here, and it stays.
    pub fn open(input: &Input, progress: &mut dyn Progress) -> Analysis {
        let understood = understand::understand(input, progress);
        let memory = advise::Memory::default();
        Analysis { understood, calibrated: input.options.calibrate, max_width: None, memory }
    }

    /// The review under these options: the same as [`analyze`] of the input with them.
    pub fn review(&mut self, options: &Options, progress: &mut dyn Progress) -> Report {
        self.report(options, advise::advise, progress)
    }

    /// The review but for where its suggestions stop paying, which takes the longest.
    pub fn draft(&mut self, options: &Options, progress: &mut dyn Progress) -> Report {
        self.report(options, advise::draft, progress)
    }

    fn report(
        &mut self,
        options: &Options,
        advise: fn(&advise::Context<'_>, &mut advise::Memory) -> advise::Advice,
        progress: &mut dyn Progress,
    ) -> Report {
        if options.max_width != self.max_width {
            self.memory = advise::Memory::default();
            self.max_width = options.max_width;
        }
        let context = advise::Context {
            catalog: &self.understood.catalog,
            workload: &self.understood.workload,
            plans: &self.understood.plans,
            options,
        };
        let advice = advise(&context, &mut self.memory);
        report::assemble::assemble(
            &self.understood,
            advice,
            &mut self.memory.plans,
            self.calibrated,
            progress,
        )
    }
}
