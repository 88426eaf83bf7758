//! `cargo xtask dist`: the page as it is published.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Outcome, command, root, run, target_dir, timed};
use crate::{npm, pack, publish, tools};

/// What compilers for this target assume every browser has; wasm-opt has to be told.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What the compiler did not put into its only caller stays outside: it packs better.
const SMALLEST: [&str; 4] =
    ["-Oz", "--one-caller-inline-max-function-size=0", "--strip-debug", "--strip-producers"];

/// The most that a first visit may load, compressed. It is downloaded before anything can be seen: what
/// is added must be worth its bytes.
const FIRST_VISIT_KB: f64 = 900.0;

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
    publish::publish(&dist)?;
    npm::npm(&dist)?;
    show_sizes(&dist)
}

/// Shrinks the program of a directory, where wasm-opt can be had.
pub fn optimise(dist: &Path) -> Outcome {
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
        let mut wasm_opt = command(wasm_opt, &SMALLEST);
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

/// The name of a file.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Writes a file.
pub fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Prints what a host that compresses sends; fails when a first visit loads more than it may.
fn show_sizes(dist: &Path) -> Outcome {
    println!(
        "dist/ is for any static host, under any path; sargable.html alone is the same in one file:"
    );
    let mut first_visit = 0;
    for file in list(dist)? {
        let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = name_of(&file);
        // What is packed already is sent as it is.
        let sent = pack::gzip(&bytes)?.len().min(bytes.len());
        println!("  {:>8.1} KB  {:>8.1} KB sent  {name}", kilobytes(bytes.len()), kilobytes(sent));
        if name != "sargable.html" {
            first_visit += sent;
        }
    }
    println!(
        "A first visit loads {:.1} KB; the limit is {FIRST_VISIT_KB} KB.",
        kilobytes(first_visit)
    );
    if kilobytes(first_visit) > FIRST_VISIT_KB {
        return Err(format!(
            "a first visit loads {:.1} KB, more than {FIRST_VISIT_KB} KB: see FIRST_VISIT_KB",
            kilobytes(first_visit)
        ));
    }
    Ok(())
}

fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}
