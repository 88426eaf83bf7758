//! Real inputs that are too large, or not ours, to keep here: schemas, plans and peers' own test
//! cases, beside this checkout (`../shared`, or what `SARGABLE_OUTSIDE` names). The corpus is compared
//! by its own script, and the share that is right must not fall below `thresholds.txt`; plans are
//! compared by `plans`, and must not fall below `fidelity.txt`. Not part of `cargo test`:
//!
//!     cargo test --release --no-default-features --test outside -- --nocapture

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

#[path = "../fidelity/mod.rs"]
mod fidelity;
#[path = "../laws/mod.rs"]
mod laws;
mod plans;
mod table;

use std::path::{Path, PathBuf};
use std::process::Command;

const THRESHOLDS: &str = include_str!("thresholds.txt");

/// A line of `thresholds.txt`: the suite, the least share in percent, and how many may break.
struct Threshold {
    suite: String,
    least_percent: f64,
    broken_max: usize,
}

fn thresholds() -> Vec<Threshold> {
    let lines = THRESHOLDS.split('\n').filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(read_threshold).collect()
}

fn read_threshold(line: &str) -> Threshold {
    let words: Vec<&str> = line.rsplitn(3, ' ').collect();
    let [broken_max, least, suite] = words.as_slice() else { panic!("not a threshold: {line:?}") };
    Threshold {
        suite: (*suite).to_owned(),
        least_percent: least.parse().unwrap(),
        broken_max: broken_max.parse().unwrap(),
    }
}

/// What the outside has, or `None` with a loud line.
fn outside(part: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("SARGABLE_OUTSIDE").map_or(beside, PathBuf::from);
    let path = folder.join(part);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: there is no {}; set SARGABLE_OUTSIDE to the folder", path.display());
    None
}

/// `schemas: 90 of 100 right (90.0%), 2 broken`: percent and broken.
fn read_result(line: &str) -> Option<(f64, usize)> {
    let (_, rest) = line.split_once(" right (")?;
    let (percent, rest) = rest.split_once("%), ")?;
    let (broken, _) = rest.split_once(" broken")?;
    Some((percent.parse().ok()?, broken.parse().ok()?))
}

#[test]
fn corpus() {
    let Some(script) = outside("corpus/check.py") else { return };
    let mut complaints = Vec::new();
    let mut classes: Vec<String> = thresholds().iter().map(|t| first_word(&t.suite)).collect();
    classes.dedup();
    for class in classes {
        let output = Command::new("python3")
            .arg(&script)
            .args([&class, "--sargable", env!("CARGO_BIN_EXE_sargable"), "--worst", "5"])
            .output()
            .unwrap_or_else(|error| panic!("python3 is needed: {error}"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        print!("{text}");
        for threshold in thresholds().iter().filter(|t| first_word(&t.suite) == class) {
            let head = format!("{}: ", threshold.suite);
            let line = text.split('\n').find(|line| line.starts_with(&head));
            match line.and_then(read_result) {
                None => complaints.push(format!("{}: no result", threshold.suite)),
                Some((percent, broken)) => {
                    if percent < threshold.least_percent || broken > threshold.broken_max {
                        complaints.push(format!(
                            "{}: {percent} % right and {broken} broken; at least {} % and at most {}",
                            threshold.suite, threshold.least_percent, threshold.broken_max
                        ));
                    }
                }
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn first_word(text: &str) -> String {
    text.split(' ').next().unwrap_or_default().to_owned()
}
