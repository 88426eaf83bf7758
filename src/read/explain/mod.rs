//! PostgreSQL's EXPLAIN in all its formats. Every format becomes the tree that EXPLAIN (FORMAT JSON)
//! prints: the same node types, property names and values.

pub mod json;
pub mod lines;
pub mod node;
pub mod property;
pub mod start;
pub mod text;
pub mod tree;
pub mod xml;
pub mod yaml;
