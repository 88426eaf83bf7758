//! Numbers with their basis: rows, widths, sizes, selectivities.

pub mod basis;
pub mod column;
pub mod fold;
pub mod groups;
pub mod hash;
pub mod inequality;
pub mod join;
pub mod merge;
pub mod pattern;
pub mod scalar;
pub mod scope;
pub mod selectivity;
pub mod size;
pub mod sql_type;
pub mod types;

pub use basis::{Basis, Estimate};
