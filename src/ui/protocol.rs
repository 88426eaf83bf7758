//! What the page and the worker say to each other.

use js_sys::{Array, Uint8Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

use crate::dialect::Dialect;
use crate::input::{Options, Side};
use crate::progress::Stage;
use crate::report::Report;
use crate::ui::body::Body;
use crate::ui::desk::task::{Answer, Task};
use crate::ui::portion::Portion;
use crate::ui::wire::held::{gather, hand_out};
use crate::ui::wire::{from_bytes, to_bytes};

/// Both sides must have the same number; a message with another one is refused.
pub const PROTOCOL: u32 = 6;

/// Numbers the runs of one page from 1, so that what comes late is known to be late.
pub type RunId = u32;

/// A message with what is needed to know whether it is meant.
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// The run it belongs to.
    pub run: RunId,
    /// What is said.
    pub body: T,
}

/// What the page asks.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Review this.
    Analyze(Job),
    /// Review what was reviewed last, with other options.
    Revise(Options),
    /// Something for the desk; see [`crate::ui::desk`].
    Task(Box<Task>),
    /// Panic. Only tests ask this, see [`crate::ui::test_hooks`].
    Crash,
    /// Try to fetch this address. Only tests ask this.
    Fetch(String),
}

/// What the worker answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Event {
    /// It is working.
    Progress {
        /// Where it is.
        stage: Stage,
        /// Units done.
        done: usize,
        /// Units in all.
        total: usize,
    },
    /// Some rows of the draft or the report that comes next.
    Portion(Box<Portion>),
    /// It is ready but for where the suggestions stop paying; that follows.
    Draft(Box<Report>),
    /// It is ready.
    Report(Box<Report>),
    /// How a task went.
    Task(Box<Answer>),
    /// It has a bug and is dead.
    Panicked {
        /// What the panic says; may quote the input.
        message: String,
        /// File and line of the program.
        place: String,
    },
    /// It could not take the request; it lives on.
    Refused(String),
    /// How a fetch went.
    Fetched(String),
}

/// What is to be reviewed: an [`crate::Input`] whose texts may still be files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The pasted or opened texts.
    pub pieces: Vec<JobPiece>,
    /// The dialect, if the user set it.
    pub dialect: Option<Dialect>,
    /// What the user asked of the advisor.
    pub options: Options,
}

/// One paste or one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobPiece {
    /// A file name, where there is one.
    pub name: Option<String>,
    /// The kind, if the user set it.
    pub kind: Option<String>,
    /// Which schema it speaks of.
    pub side: Side,
    /// The text.
    pub body: Body,
}

/// Writes a message: the protocol, the bytes, and what goes beside them.
pub fn encode<T: Serialize>(run: RunId, body: T) -> Result<JsValue, String> {
    let (bytes, held) = gather(|| to_bytes(&Envelope { run, body }));
    let bytes = bytes.map_err(|error| error.to_string())?;
    let held: Array = held.into_iter().collect();
    Ok(Array::of3(&PROTOCOL.into(), &Uint8Array::from(bytes.as_slice()), &held).into())
}

/// Reads a message of the same protocol.
pub fn decode<T: DeserializeOwned>(message: JsValue) -> Result<Envelope<T>, String> {
    let message = Array::from(&message);
    if message.get(0).as_f64() != Some(f64::from(PROTOCOL)) {
        return Err("the page and its worker are of different versions; reload the page".into());
    }
    let bytes = Uint8Array::new(&message.get(1)).to_vec();
    let held = Array::from(&message.get(2)).iter().map(JsCast::unchecked_into).collect();
    hand_out(held, || from_bytes(&bytes)).map_err(|error| error.to_string())
}
