//! Real inputs that are too large, or not ours, to keep here: schemas, plans and peers' own test
//! cases, beside this checkout (`../shared`, or what `SARGABLE_OUTSIDE` names). Their own script
//! compares; the share that is right must not fall below `thresholds.txt`. Not part of `cargo test`:
//!
//!     cargo test --release --no-default-features --test outside -- --nocapture

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

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
    classes.retain(|class| class != "fidelity");
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

/// Plans of a real PostgreSQL for these workloads under several sets of indexes: the share of scans
/// for which the model chooses the same path and the same index.
#[test]
fn fidelity() {
    let Some(folder) = outside("oracle") else { return };
    let mut complaints = Vec::new();
    for (name, least_percent) in databases() {
        let (mut n_scans, mut n_right, mut n_unplanned) = (0.0, 0.0, 0.0);
        for truth in configurations(&folder.join("truth").join(&name)) {
            let result = compare(&folder, &name, &truth);
            let figure = |key: &str| result.get(key).and_then(Value::as_f64).unwrap();
            n_scans += figure("n_scans");
            n_right += figure("n_scans") * figure("scans");
            n_unplanned += figure("without_plan");
        }
        let percent = 100.0 * n_right / n_scans;
        println!("fidelity {name}: {percent:.1} % of {n_scans} scans, {n_unplanned} not planned");
        if percent < least_percent || n_unplanned > 0.0 {
            complaints.push(format!("{name}: {percent:.1} % of scans, at least {least_percent} %"));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// The lines `fidelity NAME` of the thresholds.
fn databases() -> Vec<(String, f64)> {
    let of = |t: &Threshold| Some((t.suite.strip_prefix("fidelity ")?.to_owned(), t.least_percent));
    thresholds().iter().filter_map(of).collect()
}

/// The configurations of one database without parallel workers, which are not modelled.
fn configurations(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> =
        entries.filter(|path| !path.to_string_lossy().contains("parallel")).collect();
    folders.sort();
    folders
}

fn compare(oracle: &Path, name: &str, truth: &Path) -> Value {
    let database = oracle.join("db").join(name);
    let files = ["schema.sql", "stats.json", "queries.sql"].map(|file| database.join(file));
    let model = Command::new(env!("CARGO_BIN_EXE_sargable"))
        .arg("explain")
        .args(files)
        .args(["--format", "json", "--with"])
        .arg(truth.join("indexes.sql"))
        .output()
        .unwrap();
    let file = std::env::temp_dir().join(format!("sargable-model-{}.jsonl", std::process::id()));
    std::fs::write(&file, model.stdout).unwrap();
    let output = Command::new("python3")
        .arg(oracle.join("fidelity.py"))
        .args([&truth.join("plans.jsonl"), &file])
        .arg("--json")
        .output()
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn first_word(text: &str) -> String {
    text.split(' ').next().unwrap_or_default().to_owned()
}
