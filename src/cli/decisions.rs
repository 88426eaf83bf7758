//! The file that decisions are kept in, from one review to the next: `--decisions FILE`. It is written
//! when the review has something new to keep, so that the numbers a decision was taken on are there when
//! the next one asks whether they have changed. A team commits it beside its schema.

use std::io::ErrorKind;

use serde::{Deserialize, Serialize};

use super::args::Args;
use crate::input::{Decision, Input, Options, is_date};
use crate::limits::DECISIONS_BYTES_MAX;
use crate::report::Report;
use crate::report::decisions::remember;
use crate::report::json::render_json;

/// Version of the file.
const FORMAT: &str = "sargable-decisions/1";

/// What the file holds.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// [`FORMAT`].
    format: String,
    decisions: Vec<Decision>,
}

/// The options with the decisions of the file before those of the command line.
pub(super) fn with_kept(args: &Args) -> Result<Options, String> {
    let mut options = args.options.clone();
    let Some(path) = &args.decisions else { return Ok(options) };
    options.decisions = read(path)?;
    for decision in &args.options.decisions {
        options.decide(decision.clone());
    }
    Ok(options)
}

/// Writes what is new: decisions of the command line, and the numbers of those that have none yet.
pub(super) fn keep(args: &Args, input: &Input, report: &Report) -> Result<(), String> {
    let Some(path) = &args.decisions else { return Ok(()) };
    let mut decisions = input.options.decisions.clone();
    remember(&mut decisions, report);
    if decisions == read(path)? {
        return Ok(());
    }
    let text = render_json(&Kept { format: FORMAT.to_owned(), decisions });
    std::fs::write(path, text).map_err(|error| format!("cannot write the file: {error}: {path:?}"))
}

/// The decisions of a file; none if there is no such file yet.
fn read(path: &str) -> Result<Vec<Decision>, String> {
    let complain = |what: String| format!("cannot read the decisions: {what}: {path:?}");
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(complain(error.to_string())),
    };
    if bytes.len() > DECISIONS_BYTES_MAX {
        return Err(complain(format!("larger than {DECISIONS_BYTES_MAX} bytes")));
    }
    let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| complain(error.to_string()))?;
    if kept.format != FORMAT {
        return Err(complain(format!("its format is not {FORMAT} but {:?}", kept.format)));
    }
    let wrong = kept.decisions.iter().find(|one| !one.date.is_empty() && !is_date(&one.date));
    match wrong {
        Some(one) => Err(complain(format!("not a day like 2026-03-02: {:?}", one.date))),
        None => Ok(kept.decisions),
    }
}
