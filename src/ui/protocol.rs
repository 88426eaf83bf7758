//! What the page and the worker say to each other.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::dialect::Dialect;
use crate::input::{Options, Side};
use crate::progress::Stage;
use crate::report::Report;
use crate::ui::body::Body;
use crate::ui::desk::task::{Answer, Task};
use crate::ui::portion::Portion;

/// Both sides must have the same number; a message with another one is refused.
pub const PROTOCOL: u32 = 5;

/// Numbers the runs of one page from 1, so that what comes late is known to be late.
pub type RunId = u32;

/// A message with what is needed to know whether it is meant.
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// [`PROTOCOL`] of the sender.
    pub protocol: u32,
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
    Portion(#[serde(with = "as_bytes")] Box<Portion>),
    /// It is ready but for where the suggestions stop paying; that follows.
    Draft(#[serde(with = "as_bytes")] Box<Report>),
    /// It is ready.
    Report(#[serde(with = "as_bytes")] Box<Report>),
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

/// A report is large, and each of its fields would be handed to JavaScript and taken back.
mod as_bytes {
    use js_sys::Uint8Array;
    use serde::de::{DeserializeOwned, Error};
    use serde::{Deserializer, Serialize, Serializer, ser};
    use serde_wasm_bindgen::preserve;

    use crate::ui::wire::{from_bytes, to_bytes};

    pub fn serialize<T: Serialize, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        let bytes = to_bytes(value).map_err(ser::Error::custom)?;
        preserve::serialize(&Uint8Array::from(bytes.as_slice()), to)
    }

    pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: DeserializeOwned,
        D: Deserializer<'de>,
    {
        let bytes: Uint8Array = preserve::deserialize(from)?;
        from_bytes(&bytes.to_vec()).map_err(Error::custom)
    }
}

/// Writes a message.
pub fn encode<T: Serialize>(run: RunId, body: T) -> Result<JsValue, String> {
    let envelope = Envelope { protocol: PROTOCOL, run, body };
    serde_wasm_bindgen::to_value(&envelope).map_err(|error| error.to_string())
}

/// Reads a message of the same protocol.
pub fn decode<T: DeserializeOwned>(message: JsValue) -> Result<Envelope<T>, String> {
    let protocol = js_sys::Reflect::get(&message, &"protocol".into()).ok();
    if protocol.and_then(|number| number.as_f64()) != Some(f64::from(PROTOCOL)) {
        return Err("the page and its worker are of different versions; reload the page".into());
    }
    serde_wasm_bindgen::from_value(message).map_err(|error| error.to_string())
}
