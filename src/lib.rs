#![doc = include_str!("README.md")]

pub mod diagnostic;
pub mod dialect;
pub mod input;
pub mod limits;
pub mod order;
pub mod progress;
pub mod sorted;

pub mod text;

pub mod sql;

pub mod read;

pub mod catalog;
pub mod workload;

pub mod understand;

pub mod estimate;
pub mod plan;

pub mod advise;
pub mod against;
pub mod report;

pub mod redact;
pub mod session;

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(feature = "embed")]
pub mod embed;
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
    unargued: advise::Unargued,
    against: Option<against::Against>,
}

impl Analysis {
    /// Reads an input. Of its options, only `calibrate` counts here, and it stays.
    pub fn open(input: &Input, progress: &mut dyn Progress) -> Analysis {
        let understood = understand::understand(input, progress);
        let compare =
            |today| against::compare(today, &understood.catalog, &understood.workload, progress);
        let against = understood.today.as_ref().map(compare);
        Analysis {
            understood,
            calibrated: input.options.calibrate,
            max_width: None,
            memory: advise::Memory::default(),
            unargued: advise::Unargued::default(),
            against,
        }
    }

    /// The review under these options: the same as [`analyze`] of the input with them.
    pub fn review(&mut self, options: &Options, progress: &mut dyn Progress) -> Report {
        let mut report = self.draft(options, progress);
        while self.argue(options, &mut report) {}
        report
    }

    /// The review but for where its suggestions stop paying, which takes the longest.
    pub fn draft(&mut self, options: &Options, progress: &mut dyn Progress) -> Report {
        if options.max_width != self.max_width {
            self.memory = advise::Memory::default();
            self.max_width = options.max_width;
        }
        let mut advice = advise::draft(&context(&self.understood, options), &mut self.memory);
        self.unargued = advise::Unargued::all(&advice.suggested);
        self.add_regressions(&mut advice);
        let report = report::assemble::assemble(
            &self.understood,
            advice,
            &mut self.memory.plans,
            self.calibrated,
            progress,
        );
        Report { against: self.against.clone(), ..report }
    }

    /// What loses by what is proposed stands before everything else.
    fn add_regressions(&self, advice: &mut advise::Advice) {
        let (Some(today), Some(against)) = (&self.understood.today, &self.against) else { return };
        let proposal = against::regression::Proposal {
            today,
            catalog: &self.understood.catalog,
            workload: &self.understood.workload,
            suggested: &advice.suggested,
        };
        let regressions = against::regression::find(&proposal, against);
        advice.findings.splice(0..0, regressions);
    }

    /// Adds to the last draft where one more of its suggestions stops paying. `false`: none was left, it
    /// is the review.
    pub fn argue(&mut self, options: &Options, draft: &mut Report) -> bool {
        self.unargued.argue(&context(&self.understood, options), &mut draft.findings)
    }
}

fn context<'a>(
    understood: &'a understand::Understood,
    options: &'a Options,
) -> advise::Context<'a> {
    advise::Context {
        catalog: &understood.catalog,
        workload: &understood.workload,
        plans: &understood.plans,
        options,
    }
}
