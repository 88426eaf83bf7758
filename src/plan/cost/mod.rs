//! What paths cost, in planner units: formulas over plain numbers.

pub mod qual;
