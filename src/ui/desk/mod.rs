//! The user's desk: what lies on it can be undone, saved, kept, shared and opened again.

pub mod clerk;
pub mod detect;
pub mod drag;
pub mod guard;
pub mod history;
pub mod keep;
pub mod message;
pub mod outside;
pub mod share;
pub mod storage;
pub mod task;
mod update;
