//! Source text: places, lines, SQL tokens, statements. Knows nothing of what the text means.

pub mod decode;
pub mod export;
pub mod json;
pub mod lex;
mod operator;
pub mod prompt;
pub mod source;
pub mod split;
mod split_data;
mod split_line;
mod split_state;
pub mod table;
pub mod unframe;

pub use decode::decode;
pub use source::{Source, Span, lines};
