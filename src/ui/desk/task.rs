//! What the desk gives to a worker of its own, as it may take long or go wrong: reading and writing
//! sessions.

use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize};
use web_sys::Blob;

use crate::input::{Input, Side};
use crate::progress::Silent;
use crate::redact::check::compare;
use crate::redact::input::{Redacted, Wish, redact_input};
use crate::redact::key::{read_key, restore_input, write_key};
use crate::session;
use crate::session::link;
use crate::ui::body::{Body, describe};
use crate::ui::desk::share::Part;
use crate::ui::protocol::{Job, JobPiece};
use crate::ui::worker::read_job;

/// A task.
#[derive(Debug, Serialize, Deserialize)]
pub enum Task {
    /// Read a session.
    Read {
        /// Its text.
        body: Body,
        /// The text is what stands behind the `#` of a link.
        is_link: bool,
    },
    /// Write a session file.
    Write(Job),
    /// Count the bytes of each part.
    Size(Job),
    /// Make what is shared.
    Pack(Job, #[serde(with = "WishFields")] Wish),
    /// Turn names back with a key.
    Unlock(Job, String),
}

/// How a wish is told to the worker.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Wish")]
struct WishFields {
    schema: bool,
    queries: bool,
    plans: bool,
    statistics: bool,
    decisions: bool,
    literals: bool,
    names: bool,
}

/// How it went.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// What the session holds, or what is wrong with it.
    Read(Result<Input, String>),
    /// The file.
    Written(#[serde(with = "crate::ui::wire::held")] Blob),
    /// The bytes of each part that is there.
    Sizes(Vec<(Part, usize)>),
    /// What is shared.
    Packed(Box<Packed>),
}

/// What is shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Packed {
    /// The link; from the worker only what stands behind its `#`.
    pub link: String,
    /// The session file.
    #[serde(with = "crate::ui::wire::held")]
    pub file: Blob,
    /// What turns the names back, if they were replaced.
    pub key: Option<String>,
    /// What does not go in, in words.
    pub left_out: Vec<String>,
    /// Findings that only one of the two reviews has: its title, and whether it is the input's.
    pub differences: Vec<(String, bool)>,
}

impl Task {
    /// Does it; in the worker.
    pub fn perform(self) -> Result<Answer, String> {
        match self {
            Task::Read { body, is_link } => {
                let text = read_text(body)?;
                let read = if is_link { session::link::decode } else { session::read };
                Ok(Answer::Read(read(&text)))
            }
            Task::Size(job) => Ok(Answer::Sizes(sizes(&read_job(job)?))),
            Task::Pack(job, wish) => pack(&read_job(job)?, &wish),
            Task::Unlock(job, key) => Ok(Answer::Read(unlock(&read_job(job)?, &key))),
            Task::Write(job) => written(&session::write(&read_job(job)?)).map(Answer::Written),
        }
    }
}

fn read_text(body: Body) -> Result<String, String> {
    let piece = JobPiece { name: None, kind: None, side: Side::Today, body };
    let input = read_job(Job { pieces: vec![piece], ..Job::default() })?;
    Ok(input.pieces.into_iter().next().map(|piece| piece.text).unwrap_or_default())
}

fn written(text: &str) -> Result<Blob, String> {
    let parts = Array::of1(&Uint8Array::from(text.as_bytes()).into());
    Blob::new_with_u8_array_sequence(&parts).map_err(|error| describe(&error))
}

/// Bytes of each part that is there, without literals.
fn sizes(input: &Input) -> Vec<(Part, usize)> {
    let size = |part: Part| {
        let Input { pieces, options, .. } =
            redact_input(input, &part.alone(&Wish::default())).input;
        if part == Part::Decisions {
            let decided = &options.decisions;
            let words = decided.iter().map(|d| d.statement.len() + d.reason.len());
            return words.chain(options.trials.iter().map(String::len)).sum();
        }
        pieces.iter().map(|piece| piece.text.len()).sum::<usize>()
    };
    Part::ALL.into_iter().map(|part| (part, size(part))).filter(|(_, size)| *size > 0).collect()
}

fn pack(input: &Input, wish: &Wish) -> Result<Answer, String> {
    let Redacted { input: shared, key, left_out } = redact_input(input, wish);
    let report = |input: &Input| crate::analyze(input, &mut Silent);
    let differences = compare(&report(input), &report(&shared), &key);
    Ok(Answer::Packed(Box::new(Packed {
        link: link::encode(&shared),
        file: written(&session::write(&shared))?,
        key: (!key.is_empty()).then(|| write_key(&key)),
        left_out,
        differences: differences.into_iter().map(|one| (one.title, one.lost)).collect(),
    })))
}

fn unlock(input: &Input, key: &str) -> Result<Input, String> {
    Ok(restore_input(input, &read_key(key)?))
}
