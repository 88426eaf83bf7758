//! Joins: order and methods.
