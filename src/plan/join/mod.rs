//! Joins: which pairs may be joined, in which order, by which method.

pub mod attempt;
mod hash_join;
mod kept;
pub mod legal;
mod merge_join;
mod merge_paths;
pub mod nested_loop;
mod partial;
pub mod paths;
pub mod rel;
pub mod search;
pub mod unique;
