//! SQL as Sargable understands it: expressions and queries as plain data, read from statements of
//! any dialect. Names are as written (folded as the dialect folds them); `workload::bind` resolves
//! them against the catalog.

pub mod canonical;
mod convert_expr;
mod convert_group;
mod convert_query;
pub mod expr;
pub mod functions;
pub mod literals;
pub mod mutable;
pub mod normalize;
pub mod parse;
pub mod print;
pub mod query;
pub mod quote;
pub mod relids;
pub mod rewrite;
pub mod schema;
mod statement;
pub mod visit;

pub use convert_expr::{and_all, conjuncts, negate, or_all};
