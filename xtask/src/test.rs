//! `cargo xtask test`: every check there is, the same here and wherever changes are tested.

use std::time::Instant;

use crate::step::{Outcome, cargo, root, run, show_duration};
use crate::{browser, dist, tools};

/// A check.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Outcome,
}

const WASM: [&str; 5] =
    ["--target", "wasm32-unknown-unknown", "--no-default-features", "--features", "ui"];

/// In the order of how soon they find something.
const STEPS: [Step; 7] = [
    Step { name: "format", what: "the formatting of the sources", run: check_format },
    Step { name: "clippy", what: "lints of the core, its tests and this tool", run: check_lints },
    Step { name: "clippy-ui", what: "lints of the page, for WebAssembly", run: check_ui_lints },
    Step { name: "native", what: "the tests of the core and the command", run: test_native },
    Step { name: "core", what: "the core without the page", run: check_core },
    Step { name: "dist", what: "the page as it is published", run: build_dist },
    Step { name: "browser", what: "the published page in a real browser", run: test_browser },
];

/// Runs all steps, or those named, and stops at the first that fails.
pub fn test(names: &[String]) -> Outcome {
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("there is no step {unknown:?}; there are: {}", known.join(", ")));
    }
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| names.is_empty() || names.iter().any(|name| name == step.name))
        .collect();
    let start = Instant::now();
    for (at, step) in chosen.iter().enumerate() {
        let label = format!("[{}/{}] {}", at + 1, chosen.len(), step.name);
        println!("\n{label}: {} ...", step.what);
        let step_start = Instant::now();
        (step.run)().map_err(|error| {
            let name = step.name;
            format!("step `{name}` failed: {error}\nRun it again with: cargo xtask test {name}")
        })?;
        println!("{label}: ok in {}", show_duration(step_start.elapsed()));
    }
    println!(
        "\nPassed, {} of {} steps, in {}.",
        chosen.len(),
        STEPS.len(),
        show_duration(start.elapsed())
    );
    Ok(())
}

fn check_format() -> Outcome {
    tools::ensure_component("fmt", "rustfmt")?;
    run(&mut cargo(&["fmt", "--all", "--check"]))
}

fn check_lints() -> Outcome {
    tools::ensure_component("clippy", "clippy")?;
    let scope = ["--workspace", "--all-targets", "--no-default-features"];
    run(cargo(&["clippy", "--quiet"]).args(scope).args(["--", "-D", "warnings"]))
}

fn check_ui_lints() -> Outcome {
    tools::ensure_component("clippy", "clippy")?;
    tools::ensure_wasm_target()?;
    run(cargo(&["clippy", "--quiet"]).args(WASM).args(["--", "-D", "warnings"]))
}

fn test_native() -> Outcome {
    run(&mut cargo(&["test", "--quiet", "--workspace", "--no-default-features"]))
}

fn check_core() -> Outcome {
    run(&mut cargo(&["check", "--quiet", "--no-default-features"]))
}

fn build_dist() -> Outcome {
    dist::dist(&[])
}

fn test_browser() -> Outcome {
    browser_tests(&["--quiet"], &[])
}

/// Runs the tests of the published page, or those with one of the names.
pub fn browser_tests(options: &[&str], names: &[&str]) -> Outcome {
    let page = root().join("dist");
    if !page.join("sargable.html").is_file() {
        return Err("dist/ is not there; `cargo xtask dist` makes it".to_owned());
    }
    let found = browser::ensure_browser()?;
    let mut tests = cargo(&["test", "--no-default-features", "--test", "browser"]);
    tests.args(options).arg("--").args(names);
    tests.env("SARGABLE_DIST", page);
    tests.env("SARGABLE_CHROME", found.browser).env("SARGABLE_CHROMEDRIVER", found.driver);
    if let Some(found) = browser::ensure_firefox()? {
        tests.env("SARGABLE_FIREFOX", found.browser).env("SARGABLE_GECKODRIVER", found.driver);
    }
    if let Some(axe) = tools::find_axe() {
        tests.env("SARGABLE_AXE", axe);
    }
    run(&mut tests)
}
