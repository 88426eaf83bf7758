//! The cases in `*.md` beside this file: what goes in, and the text a person sees. A case is
//!
//! - a title, `## Composite index already covers the prefix`, unique over all files;
//! - a line `Why: ...`;
//! - if needed a line `Options: --dialect mysql --budget 25%`;
//! - fenced blocks of input. The info string names language and kind: `sql schema`, `sql queries`,
//!   `sql indexes`, `text plan`, `json plan`, `json statistics`, `csv statistics`, `text log`,
//!   `text psql`, ... Each is one piece of input, named after its kind;
//! - `sql try`, `sql accept`, `sql reject`, `sql defer`: a statement each, as the options of the
//!   command; `json decisions`: what a file of decisions holds;
//! - one or more fenced blocks of output: `report` (what `sargable review` prints), `inspect`
//!   (`sargable inspect`), `explain` (`sargable explain`), `migration sql`, `migration django`, ...
//!   (`sargable review --format`), `markdown`, `html` (without its style).
//!
//! `UPDATE=1 cargo test --test cases` writes the output blocks anew; a case without any gets a
//! `report`. Every law of `laws.rs` holds for every case; a case for which one cannot hold says so in
//! a line `Not law(permuted): <the reason>`.

#![allow(clippy::disallowed_methods, reason = "tests measure time")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod canonical;
mod case;
mod evidence;
mod laws;
mod locks;
mod markup;
mod renderings;
mod sharing;
mod sides;
mod variants;

use std::fmt::Write;

use case::{Case, Output, load_cases, load_files};

/// Prints `text` with a marker before the first line that differs.
fn difference(want: &str, got: &str) -> String {
    let mut out = String::new();
    let mut wanted = want.split('\n');
    let mut same = true;
    for line in got.split('\n') {
        let expected = wanted.next();
        if expected == Some(line) {
            continue;
        }
        if same {
            let _ = writeln!(out, "    want: {}", expected.unwrap_or("(nothing more)"));
            let _ = writeln!(out, "    got:  {line}");
        }
        same = false;
    }
    if same && let Some(missing) = wanted.next() {
        let _ = writeln!(out, "    want: {missing}\n    got:  (nothing more)");
    }
    out
}

/// Fails with all complaints at once, so that one run shows everything.
fn assert_none(complaints: &[String], help: &str) {
    assert!(
        complaints.is_empty(),
        "\n{}\n{} failed. {help}",
        complaints.join("\n"),
        complaints.len()
    );
}

#[test]
fn golden() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut complaints = Vec::new();
    for file in load_files() {
        let mut text = file.text.clone();
        // From the last to the first, so that the positions before stay right.
        for case in file.cases.iter().rev() {
            for (output, wanted) in case.outputs.iter().rev() {
                let got = output.render(case);
                if got == wanted.text {
                    continue;
                }
                complaints.push(format!(
                    "{}: {}: {}:\n{}",
                    file.name,
                    case.title,
                    output.name(),
                    difference(&wanted.text, &got)
                ));
                text.replace_range(wanted.start..wanted.end, &got);
            }
            if case.outputs.is_empty() {
                complaints.push(format!("{}: {}: no output block", file.name, case.title));
                let block = format!("\n```report\n{}```\n", Output::Report.render(case));
                text.insert_str(case.end, &block);
            }
        }
        if update && text != file.text {
            std::fs::write(&file.path, text).unwrap();
        }
    }
    if !update {
        complaints.reverse();
        assert_none(&complaints, "`UPDATE=1 cargo test --test cases` accepts what came out.");
    }
}

#[test]
fn titles_are_unique() {
    let mut seen = std::collections::BTreeMap::new();
    for case in load_cases() {
        if let Some(other) = seen.insert(case.title.clone(), case.file.clone()) {
            panic!("two cases have the title {:?}: in {other} and {}", case.title, case.file);
        }
    }
}

#[test]
fn renderings_show_no_markup_from_outside() {
    let complaints: Vec<String> =
        load_cases().iter().filter_map(|case| renderings::check(case).err()).collect();
    assert_none(&complaints, "");
}

/// One test per law, so that they run side by side and fail by name.
macro_rules! laws {
    ($($name:ident)*) => {
        $(#[test] fn $name() { laws::check(stringify!($name), laws::$name); })*
        /// The names that `Not law(...)` may use.
        pub(crate) const LAWS: &[&str] = &[$(stringify!($name)),*];
    };
}

laws! {
    one_paste
    encoding
    permuted
    damaged
    redacted
    applied
    undone
    break_even
    nothing_suffers
    front
    session
    constraints_stay
    no_change
    way_back
    carried
    shared
    without_literals
    renamed
}

/// Runs `check` on every case.
pub(crate) fn for_every_case(law: &str, check: impl Fn(&Case) -> Result<(), String>) {
    let mut complaints = Vec::new();
    for case in load_cases() {
        if case.exceptions.iter().any(|(name, _)| name == law) {
            continue;
        }
        if let Err(why) = check(&case) {
            complaints.push(format!("{}: {}: law {law:?}: {why}", case.file, case.title));
        }
    }
    assert_none(
        &complaints,
        "A case for which a law cannot hold needs a line `Not law(name): why`.",
    );
}
