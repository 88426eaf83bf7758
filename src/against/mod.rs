//! Before and after DDL: the question of a pull request. Which query gains, loses or breaks, which new
//! index is redundant or unused, what each statement of the migration locks, and what differs between
//! the schemas.
//!
//! Both sides are planned with the statistics of today. Left out: rows that a migration writes, and
//! queries that the application will send only once it is deployed, unless they are in the workload.

pub mod compare;
pub mod data;
pub mod derive;
pub mod differences;
pub mod indexes;
pub mod locks;
pub mod regression;
pub mod sides;
pub mod verdict;

pub use compare::compare;
pub use data::{
    Access, Against, ComparedIndex, ComparedQuery, Difference, Happens, Repair, Verdict,
};
pub use verdict::accesses;
