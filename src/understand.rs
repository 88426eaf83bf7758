//! From input to what is known: the catalog, and the workload bound to it.

use crate::catalog::Catalog;
use crate::catalog::build::build_catalog;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::input::Input;
use crate::progress::Progress;
use crate::read::PastedPlan;
use crate::read::intake::{InputReport, read_input};
use crate::workload::Workload;
use crate::workload::bind_all::bind_all;
use crate::workload::fold::fold_statements;

/// Everything that was read, before it is judged.
pub struct Understood {
    /// The dialect set or detected.
    pub dialect: Dialect,
    /// What was read as what.
    pub inputs: Vec<InputReport>,
    /// Remarks.
    pub diagnostics: Vec<Diagnostic>,
    /// What exists.
    pub catalog: Catalog,
    /// What is asked.
    pub workload: Workload,
    /// Pasted plans.
    pub plans: Vec<PastedPlan>,
}

/// Reads an input, builds the catalog and binds the workload.
pub fn understand(input: &Input, progress: &mut dyn Progress) -> Understood {
    let intake = read_input(input, progress);
    let mut facts = intake.facts;
    let mut diagnostics = std::mem::take(&mut facts.diagnostics);
    let catalog = build_catalog(&facts, intake.dialect, &mut diagnostics);
    let mut workload = fold_statements(&facts.statements, intake.dialect);
    bind_all(&mut workload, &catalog, &mut diagnostics, progress);
    Understood {
        dialect: intake.dialect,
        inputs: intake.inputs,
        diagnostics,
        catalog,
        workload,
        plans: facts.plans,
    }
}
