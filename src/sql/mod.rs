//! SQL as Sargable understands it: expressions and queries as plain data, read from statements of
//! any dialect. Names are as written (folded as the dialect folds them); `workload::bind` resolves
//! them against the catalog.

pub mod canonical;
pub mod cursor;
pub mod expr;
pub mod functions;
pub mod literals;
mod logic;
pub mod mutable;
pub mod normalize;
pub mod parse;
pub mod print;
pub mod query;
pub mod quote;
pub mod relids;
pub mod rewrite;
pub mod schema;
pub mod visit;

pub use logic::{and_all, conjuncts, negate, or_all};
