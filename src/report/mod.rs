//! The result as plain data, and its renderers.

pub mod against_html;
pub mod against_markdown;
pub mod against_text;
pub mod assemble;
pub mod basis;
pub mod compare;
pub mod data;
pub mod decisions;
pub mod explanation;
pub mod html;
pub mod inspection;
pub mod json;
pub mod markdown;
pub mod migration;
pub mod plan_text;
pub mod sizes;
pub mod text;
pub mod timeline;
pub mod trials;
pub mod units;
pub mod which_query;
pub mod words;
pub mod writes;

pub use data::*;
