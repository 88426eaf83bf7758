//! Paths to base relations.

/// stub
pub fn gather_paths(_root: &mut crate::plan::root::Root<'_>, _at: usize) {}
