//! The what-if planner: which path every query gets, and at which cost.
