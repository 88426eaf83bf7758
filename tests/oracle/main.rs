//! What a real PostgreSQL answered for small databases of our own, and what the model says to the same.
//! The cases are in `cases/`; `cargo xtask record` asks the server again. `compared.txt` of each case
//! says of every query what agrees and what does not: whatever changes the model shows there, and
//! `UPDATE=1 cargo test --test oracle` writes it. What no server is needed for is
//! in `laws`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod case;
#[path = "../fidelity/mod.rs"]
mod fidelity;
#[path = "../laws/mod.rs"]
mod laws;
mod render;

use std::collections::BTreeMap;
use std::path::Path;

use case::{Case, cases};
use fidelity::Compared;
use fidelity::figures::figures;
use serde_json::Value;

/// Every query of a case that PostgreSQL planned, with the model's plan.
fn compare_case(case: &Case) -> Vec<Compared> {
    let model: BTreeMap<String, Result<Value, String>> = case.explain().into_iter().collect();
    let compare_one = |(name, truth): (String, Value)| {
        let plan = match model.get(&name) {
            Some(Ok(plan)) => Ok(plan),
            Some(Err(problem)) => Err(problem.clone()),
            None => Err("absent".to_owned()),
        };
        fidelity::compare(&name, &truth, plan)
    };
    case.recorded_plans().into_iter().map(compare_one).collect()
}

#[test]
fn the_model_compares_as_recorded() {
    let mut changed = Vec::new();
    for case in cases() {
        let text = render::render(&case.name, &compare_case(&case));
        if !case.is_recorded("compared.txt", &text) {
            changed.push(case.name);
        }
    }
    assert!(
        changed.is_empty(),
        "the model compares otherwise than recorded in tests/oracle/cases: {}.\n\
         UPDATE=1 cargo test --no-default-features --test oracle writes it; the difference is for the \
         review.",
        changed.join(", ")
    );
}

/// `least_scans.txt` holds the share of scans over all cases, in percent, for which the model had
/// PostgreSQL's access path and index at its best. `UPDATE=1` raises it and never lowers it.
#[test]
fn the_share_of_right_scans_only_rises() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/least_scans.txt");
    let least: f64 = std::fs::read_to_string(&path).unwrap().trim().parse().unwrap();
    let compared: Vec<Compared> = cases().iter().flat_map(compare_case).collect();
    let percent = (1000.0 * figures(&compared).scans).floor() / 10.0;
    if std::env::var_os("UPDATE").is_some() && percent > least {
        return std::fs::write(&path, format!("{percent:.1}\n")).unwrap();
    }
    assert!(percent >= least, "{percent} % of the scans are right, at least {least} % must be");
}

#[test]
fn laws_hold_but_for_those_listed() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/broken_laws.txt");
    laws::hold(cases().into_iter().map(|case| (case.name.clone(), case.understood())), &list);
}
