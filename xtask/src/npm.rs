//! `dist/npm`: the core as an npm package, for other programs that run JavaScript.

use std::fs;
use std::path::Path;

use crate::dist::{optimise, write};
use crate::step::{Outcome, cargo, command, output, root, run, target_dir, timed};
use crate::{tools, types};

const LIBRARY: [&str; 11] = [
    "rustc",
    "--quiet",
    "--lib",
    "--crate-type",
    "cdylib",
    "--profile",
    "wasm",
    "--target",
    "wasm32-unknown-unknown",
    "--no-default-features",
    "--features=embed",
];

/// Writes `dist/npm`.
pub fn npm(dist: &Path) -> Outcome {
    let package = dist.join("npm");
    timed("Building the npm package", || run(&mut cargo(&LIBRARY)))?;
    let program = target_dir().join("wasm32-unknown-unknown/wasm/sargable.wasm");
    let mut bind = command(tools::wasm_bindgen()?, &["--target", "web", "--no-typescript"]);
    run(bind.arg("--out-dir").arg(&package).arg(&program))?;
    optimise(&package)?;

    let from = root().join("npm");
    for name in ["index.js", "node.js", "example.html", "README.md"] {
        write(&package.join(name), read(&from.join(name))?.as_bytes())?;
    }
    let manifest = read(&from.join("package.json"))?.replace("@version@", &version()?);
    write(&package.join("package.json"), manifest.as_bytes())?;
    let types = format!("{}{}", types::typescript()?, read(&from.join("functions.d.ts"))?);
    write(&package.join("index.d.ts"), types.as_bytes())
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The version of the package `sargable`.
fn version() -> Outcome<String> {
    output(&mut cargo(&["pkgid", "--package", "sargable"]))
        .and_then(|id| Some(id.trim().rsplit_once(['#', '@'])?.1.to_owned()))
        .ok_or_else(|| "cargo does not know the version of sargable".to_owned())
}
