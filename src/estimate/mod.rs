//! Numbers with their basis: rows, widths, sizes, selectivities.

mod array;
pub mod basis;
mod btree;
pub mod collation;
pub mod column;
mod ctid;
pub mod datetime;
mod equality;
mod extended;
pub mod fold;
mod function_type;
pub mod groups;
pub mod hash;
mod inequality;
pub mod join;
mod json;
mod like;
pub mod merge;
pub mod observed;
mod operator;
mod pattern;
mod present;
mod regex;
mod restriction;
mod scalar;
pub mod scope;
pub mod selectivity;
pub mod size;
pub mod sql_type;
#[cfg(test)]
mod tests;
mod truth;
pub mod types;
pub mod value;
pub mod variable;
mod width;

pub use basis::{Basis, Estimate};
