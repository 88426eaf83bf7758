//! Source text: places, lines, SQL tokens, statements. Knows nothing of what the text means.

pub mod lex;
pub mod source;
pub mod split;

pub use source::{Source, Span, lines};
