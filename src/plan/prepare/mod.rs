//! From a bound query to what the planner works on.

pub mod distribute;
pub mod jointree;
pub mod strict;
pub mod sublinks;
