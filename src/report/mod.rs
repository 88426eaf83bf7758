//! The result as plain data, and its renderers.

pub mod data;

pub use data::*;
