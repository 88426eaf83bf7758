//! Keeps the tree habitable: the direction of data, sizes, and what must not be left behind.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::path::{Path, PathBuf};

/// The modules in the order data flows. A module uses only itself and modules further up; modules on
/// one line do not use each other.
const ORDER: &[&[&str]] = &[
    &["dialect", "diagnostic", "input", "limits", "order", "progress", "sorted"],
    &["text"],
    &["sql"],
    &["read"],
    &["catalog"],
    &["workload"],
    &["understand"],
    &["estimate"],
    &["plan"],
    &["advise"],
    &["against"],
    &["report"],
    &["redact", "session"],
    &["cli", "embed", "ui"],
];

/// Edges inside one line of `ORDER`.
const ALLOWED: &[(&str, &str)] = &[("input", "dialect")];

/// Longest file, in lines.
const LINES_MAX: usize = 500;
/// Files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] =
    &[("src/workload/bind.rs", "one walk over all kinds of expressions and relations")];
/// Longest line, in characters: rustfmt keeps code within 100, prose may end a little later.
const COLUMNS_MAX: usize = 110;

/// Addresses that may stand in what the browser loads: names of namespaces, and links that a person
/// follows. None carries input.
const ADDRESSES: &[&str] = &["http://www.w3.org/2000/svg"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below `folder` whose name ends with one of `endings`: path from the root, text.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                let text = std::fs::read_to_string(&path).unwrap();
                out.push((from_root(&path), text));
            }
        }
    }
    out.sort();
    out
}

fn from_root(path: &Path) -> String {
    let path: PathBuf = path.strip_prefix(root()).unwrap().into();
    path.to_string_lossy().replace('\\', "/")
}

fn code_files() -> Vec<(String, String)> {
    ["src", "tests", "xtask/src"].iter().flat_map(|folder| files(folder, &[".rs"])).collect()
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// Numbered lines, from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n').enumerate().map(|(at, line)| (at + 1, line))
}

/// `src/plan/x.rs` and `src/plan.rs` are of the module `plan`.
fn module_of(path: &str) -> &str {
    let path = path.trim_start_matches("src/");
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

fn line_of(module: &str) -> Option<usize> {
    ORDER.iter().position(|line| line.contains(&module))
}

fn may_use(user: &str, used: &str) -> bool {
    match (line_of(user), line_of(used)) {
        _ if user == used || ALLOWED.contains(&(user, used)) => true,
        (Some(user), Some(used)) => used < user,
        _ => false,
    }
}

#[test]
fn data_flows_one_way() {
    let mut complaints = Vec::new();
    for (path, text) in files("src", &[".rs"]) {
        let user = module_of(&path);
        if matches!(user, "lib" | "main") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in lines(code).filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for rest in line.split("crate::").skip(1) {
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let used = rest.split(|c| !is_name(c)).next().unwrap();
                // `crate::Input` and the like are names of lib.rs; they stand for their modules.
                let is_module = used.starts_with(|c: char| c.is_ascii_lowercase());
                if is_module && used != "analyze" && !may_use(user, used) {
                    complaints.push(format!("{path}:{number}: {user} must not use {used}"));
                }
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_module_is_in_the_order() {
    let mut complaints = Vec::new();
    for (path, _) in files("src", &[".rs"]) {
        let module = module_of(&path);
        if !matches!(module, "lib" | "main") && line_of(module).is_none() {
            complaints.push(format!("{path}: where in ORDER is {module}?"));
        }
    }
    assert_none(&complaints);
}

#[test]
fn files_and_lines_are_short() {
    let mut complaints = Vec::new();
    for (path, text) in code_files() {
        let n_lines = lines(&text).count();
        let excused = LONG_FILES.iter().any(|(file, _)| *file == path);
        if n_lines > LINES_MAX && !excused {
            complaints.push(format!("{path}: {n_lines} lines, at most {LINES_MAX}"));
        }
        for (number, line) in lines(&text) {
            let n_columns = line.chars().count();
            if n_columns > COLUMNS_MAX {
                complaints.push(format!("{path}:{number}: {n_columns} columns"));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn nothing_is_left_to_do() {
    let marks = [["FIX", "ME"].concat(), ["TO", "DO"].concat(), ["XX", "X"].concat()];
    let mut complaints = Vec::new();
    for (path, text) in code_files().into_iter().chain(files("www", &[".js", ".css", ".html"])) {
        for (number, line) in lines(&text) {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric());
            if words.into_iter().any(|word| marks.iter().any(|mark| mark == word)) {
                complaints.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn the_page_names_no_other_site() {
    let mut complaints = Vec::new();
    let page = files("www", &[".js", ".css", ".html", ".svg"]);
    for (path, text) in page.into_iter().chain(files("src/ui", &[".rs"])) {
        for (number, line) in lines(&text) {
            let mut rest = line.to_owned();
            for address in ADDRESSES {
                rest = rest.replace(address, "");
            }
            if rest.contains("http://") || rest.contains("https://") {
                complaints.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut complaints = Vec::new();
    for (path, text) in code_files() {
        if !text.starts_with("//!") && !text.starts_with("#![doc") {
            complaints.push(format!("{path}: begins without `//!`"));
        }
    }
    assert_none(&complaints);
}

/// A finding is a file of `advise` or `against` that holds its own name as a code.
#[test]
fn every_finding_has_a_doc_and_a_case() {
    let cases: String = files("tests/cases", &[".md"]).into_iter().map(|(_, text)| text).collect();
    let mut n_findings = 0;
    let mut complaints = Vec::new();
    let findings = ["src/advise", "src/against"].iter().flat_map(|at| files(at, &[".rs"]));
    for (path, text) in findings {
        let name = path.rsplit('/').next().unwrap().trim_end_matches(".rs").replace('_', "-");
        if !text.contains(&format!("\"{name}\"")) {
            continue;
        }
        n_findings += 1;
        let doc = text.split('\n').take_while(|line| line.starts_with("//!")).count();
        if doc < 2 {
            complaints.push(format!("{path}: says too little of what it finds and leaves alone"));
        }
        if !cases.contains(&format!(". {name} (")) {
            complaints.push(format!("{path}: no case in tests/cases shows {name}"));
        }
    }
    assert!(n_findings >= 9, "{n_findings} findings");
    assert_none(&complaints);
}
