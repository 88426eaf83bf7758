//! `sargable session`: the input as one file or one link, for other eyes.

use std::io::Write;

use super::Outcome;
use super::args::Args;
use crate::input::Input;
use crate::progress::Silent;
use crate::redact::check::compare;
use crate::redact::input::{Redacted, Wish, redact_input};
use crate::redact::key::write_key;
use crate::{limits, session};

pub(super) fn run(args: &Args, input: &Input) -> Result<Outcome, String> {
    let wish = Wish { names: args.key.is_none(), ..args.wish };
    let redacted = redact_input(input, &wish);
    if let Some(path) = &args.key {
        write(path, &write_key(&redacted.key))?;
    }
    let mut output = match args.link {
        true => session::link::encode(&redacted.input),
        false => session::write(&redacted.input),
    };
    remark(&remarks(input, &wish, &redacted, args.link.then_some(output.len())));
    output.push('\n');
    if let Some(path) = &args.output {
        write(path, &output)?;
        output = String::new();
    }
    Ok(Outcome { output, failed: false })
}

fn write(path: &str, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("cannot write the file: {error}: {path:?}"))
}

/// What whoever shares should know, line by line.
fn remarks(input: &Input, wish: &Wish, redacted: &Redacted, link: Option<usize>) -> Vec<String> {
    let mut out = Vec::new();
    for what in &redacted.left_out {
        out.push(format!("left out: {what}"));
    }
    let whole = wish.schema && wish.queries && wish.plans && wish.statistics && wish.decisions;
    if whole && redacted.input != *input {
        let original = crate::analyze(input, &mut Silent);
        let shared = crate::analyze(&redacted.input, &mut Silent);
        let differences = compare(&original, &shared, &redacted.key);
        if differences.is_empty() {
            out.push(match original.findings.len() {
                1 => "the shared review has the same finding".to_owned(),
                n => format!("the shared review has the same {n} findings"),
            });
        }
        let cause = match (wish.literals, wish.names) {
            (false, false) => "a literal or a name",
            (true, false) => "a name",
            _ => "a literal",
        };
        for difference in differences {
            let what = if difference.lost { "is lost" } else { "is new" };
            out.push(format!("depends on {cause}, {what}: {}", difference.title));
        }
    }
    match link {
        Some(n) if n > limits::LINK_CHARS_MAX => out.push(format!(
            "the link has {n} characters; no browser opens it: share the file instead"
        )),
        Some(n) if n > limits::LINK_CHARS_SAFE => out.push(format!(
            "the link has {n} characters; chats and mail programs cut such: share the file instead"
        )),
        Some(n) => out.push(format!("the link has {n} characters")),
        None => {}
    }
    out
}

/// To standard error: standard output is the session.
fn remark(lines: &[String]) {
    let mut out = std::io::stderr().lock();
    for line in lines {
        // Nobody listens: the session is what counts.
        let _ = writeln!(out, "sargable: {line}");
    }
}
