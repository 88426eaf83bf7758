//! `cargo xtask fidelity`: how near the modelled plans come to PostgreSQL's, over the databases beside
//! this checkout. The comparison itself is a test, `tests/outside/plans.rs`.

use crate::args;
use crate::step::{Outcome, cargo, run};

/// Builds the command as for a release, and compares.
pub fn fidelity(words: &[String]) -> Outcome {
    let options = args::read_fidelity(words)?;
    let mut test = cargo(&["test", "--quiet", "--release", "--no-default-features"]);
    test.args(["--test", "outside", "plans_are_those_of_postgres", "--", "--nocapture"]);
    test.env("SARGABLE_FIDELITY_DATABASES", options.databases.join(" "));
    test.env("SARGABLE_FIDELITY_WORST", options.worst.to_string());
    if options.update {
        test.env("UPDATE", "1");
    }
    run(&mut test)
}
