//! Numbers with their basis: rows, widths, sizes, selectivities.

pub mod basis;
pub mod size;

pub use basis::{Basis, Estimate};
