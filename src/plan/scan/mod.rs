//! Paths to base relations.
