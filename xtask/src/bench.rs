//! `cargo xtask bench`: how long planning takes, beside what it should stay below.

use serde_json::Value;

use crate::step::{Outcome, cargo, run, target_dir};
use crate::{dist, test};

/// The workloads of `benches/planner.rs` and the most milliseconds each should take.
const WORKLOADS: [(&str, f64); 4] =
    [("one_table", 0.02), ("join_of_12", 20.0), ("trade_22", 30.0), ("tpch_22", 30.0)];

/// Runs the benchmarks; words are passed on to criterion: a filter, `--save-baseline NAME`. With
/// `--browser` instead, how much longer the published page takes than the command.
pub fn bench(words: &[String]) -> Outcome {
    if words.iter().any(|word| word == "--browser") {
        dist::dist(&[])?;
        return test::browser_tests(&["--quiet", "--release"], &["plans as the command"]);
    }
    let mut benches =
        cargo(&["bench", "--quiet", "--no-default-features", "--bench", "planner", "--"]);
    run(benches.args(words))?;
    println!("\n{:<12}{:>12}{:>12}{:>10}{:>16}", "", "ms", "at most", "used", "x one_table");
    let unit = median_ms("one_table").unwrap_or(f64::NAN);
    for (name, at_most) in WORKLOADS {
        let Some(ms) = median_ms(name) else { continue };
        let (used, ratio) = (100.0 * ms / at_most, ms / unit);
        println!("{name:<12}{ms:>12.4}{at_most:>12.2}{used:>8.0} %{ratio:>16.1}");
    }
    println!("Times depend on the machine and on what else it does; the last column much less.");
    Ok(())
}

/// What criterion found.
fn median_ms(workload: &str) -> Option<f64> {
    let path = target_dir().join("criterion").join(workload).join("new/estimates.json");
    let estimates: Value = serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
    Some(estimates["median"]["point_estimate"].as_f64()? / 1e6)
}
