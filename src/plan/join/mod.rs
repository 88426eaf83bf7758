//! Joins: which pairs may be joined, in which order, by which method.

pub mod attempt;
pub mod legal;
pub mod paths;
pub mod rel;
pub mod search;
pub mod unique;
