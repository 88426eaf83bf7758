//! The user's desk: what lies on it can be undone, saved, kept, shared and opened again.

pub mod history;
pub mod message;
mod update;
