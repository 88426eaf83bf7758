//! What the desk gives to a worker of its own, as it may take long or go wrong: reading and writing
//! sessions.

use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize};
use web_sys::Blob;

use crate::input::{Input, Side};
use crate::session;
use crate::ui::body::{Body, describe};
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
}

/// How it went.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// What the session holds, or what is wrong with it.
    Read(Result<Input, String>),
    /// The file.
    Written(#[serde(with = "serde_wasm_bindgen::preserve")] Blob),
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
