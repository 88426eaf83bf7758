//! Numbers with their basis: rows, widths, sizes, selectivities.

pub mod basis;
pub mod column;
pub mod groups;
pub mod inequality;
pub mod join;
pub mod observed;
pub mod pattern;
pub mod scalar;
pub mod selectivity;
pub mod size;
pub mod types;

pub use basis::{Basis, Estimate};
