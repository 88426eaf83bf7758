//! What the user gave: any number of pieces of text, of any kind, in any order.

use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;

/// Everything `analyze` knows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The pasted or opened texts.
    pub pieces: Vec<Piece>,
    /// The dialect, if the user set it; detected otherwise.
    pub dialect: Option<Dialect>,
    /// What the user asked of the advisor.
    pub options: Options,
}

/// One paste or one file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// A file name, where there is one.
    pub name: Option<String>,
    /// The text. Bytes that are no UTF-8 have become U+FFFD before.
    pub text: String,
    /// The kind, if the user overrode the detection: the name of a format of `read::FORMATS`.
    pub kind: Option<String>,
}

/// What the user asked of the advisor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Cap on the total size of the suggested indexes.
    pub budget: Option<Budget>,
    /// At most so many new indexes.
    pub max_indexes: Option<usize>,
    /// At most so many key columns in a new index.
    pub max_width: Option<usize>,
}

/// A storage budget.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Budget {
    /// Bytes.
    Bytes(f64),
    /// Percent of the total heap size of the tables in the catalog.
    Percent(f64),
}
