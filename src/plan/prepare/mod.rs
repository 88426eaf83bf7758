//! From a bound query to what the planner works on.
