//! Cuts every piece of input into segments of one format each, and reads them.

use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;
use crate::input::Input;
use crate::progress::Progress;
use crate::read::Facts;

/// What was read.
#[derive(Debug, Default)]
pub struct Intake {
    /// Everything the segments say.
    pub facts: Facts,
    /// What was read as what.
    pub inputs: Vec<InputReport>,
    /// The dialect set or detected.
    pub dialect: Dialect,
}

/// Reads all pieces.
pub fn read_input(_input: &Input, _progress: &mut dyn Progress) -> Intake {
    Intake::default()
}

/// One segment of the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputReport {
    /// File name, or `input 2`.
    pub name: String,
    /// Position in `Input::pieces`.
    pub piece: u32,
    /// Format name, e.g. `sql`, `postgres-log`.
    pub kind: String,
    /// What a person calls it.
    pub title: String,
    /// Why it was recognised as that.
    pub kind_reason: String,
    /// The dialect it was read in.
    pub dialect: Dialect,
    /// First line, from 1.
    pub line: u32,
    /// Entries understood.
    pub entries: usize,
    /// Entries not understood.
    pub skipped: usize,
    /// What was found, in words: "12 tables, 40 indexes".
    pub found: String,
}
