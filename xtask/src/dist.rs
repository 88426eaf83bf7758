//! `cargo xtask dist`: the page as it is published.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Outcome, command, root, run, target_dir, timed};
use crate::{pack, tools};

/// What compilers for this target assume every browser has; wasm-opt has to be told.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Writes `dist/`.
pub fn dist(words: &[String]) -> Outcome {
    if let Some(word) = words.first() {
        return Err(format!("dist takes no options, so not {word:?} either"));
    }
    tools::ensure_all()?;
    let page = target_dir().join("page-release");
    let page_word = page.to_string_lossy().into_owned();
    timed("Building the page, optimised", || {
        run(&mut tools::trunk(&["build", "--release", "--dist", &page_word])?)
    })?;
    // Not in place: Trunk would build upon the changed files.
    let dist = root().join("dist");
    copy_files(&page, &dist)?;
    optimise(&dist)?;
    let single = pack::pack(&dist)?;
    write(&dist.join("sargable.html"), single.as_bytes())?;
    show_sizes(&dist)
}

/// Shrinks the program, where wasm-opt can be had.
fn optimise(dist: &Path) -> Outcome {
    let program = pack::find_one(dist, ".wasm")?;
    let Some(wasm_opt) = tools::find_wasm_opt() else {
        println!(
            "The program is NOT optimised by wasm-opt: it is larger than it could be. Install \
             binaryen, or npm, and run this again."
        );
        return Ok(());
    };
    let smaller = program.with_extension("smaller");
    timed("Optimising the program", || {
        let mut wasm_opt = command(wasm_opt, &["-Os", "--strip-debug", "--strip-producers"]);
        run(wasm_opt.args(FEATURES).arg(&program).arg("-o").arg(&smaller))?;
        fs::rename(&smaller, &program).map_err(|error| format!("{}: {error}", program.display()))
    })
}

fn copy_files(from: &Path, to: &Path) -> Outcome {
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", to.display());
    if to.exists() {
        fs::remove_dir_all(to).map_err(failed)?;
    }
    fs::create_dir_all(to).map_err(failed)?;
    for file in list(from)? {
        fs::copy(&file, to.join(file.file_name().unwrap_or_default())).map_err(failed)?;
    }
    Ok(())
}

/// The files of a directory, by name. The page has no directories.
pub fn list(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", directory.display());
    let entries = fs::read_dir(directory).map_err(failed)?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_file()))
        .collect();
    files.sort();
    Ok(files)
}

/// Writes a file.
fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn show_sizes(dist: &Path) -> Outcome {
    println!(
        "dist/ is for any static host, under any path; sargable.html alone is the same in one file:"
    );
    for file in list(dist)? {
        let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let packed = pack::gzip(&bytes)?.len();
        println!(
            "  {:>8.1} KB  {:>8.1} KB gzip  {name}",
            kilobytes(bytes.len()),
            kilobytes(packed)
        );
    }
    Ok(())
}

fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}
