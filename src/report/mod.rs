//! The result as plain data, and its renderers.

pub mod data;
pub mod json;
pub mod text;
pub mod units;

pub use data::*;
