//! What is seen: one view per file, made of the state alone. Nothing here changes the state or looks
//! at the page; what the user does goes to `send`.
//!
//! Pasted text is hostile: it is always text of an element, never markup. Style attributes are
//! refused by the page's policy, so lengths are attributes of SVG elements.

pub mod against;
pub mod against_parts;
pub mod budget;
pub mod budget_curve;
pub mod compare;
pub mod decide;
pub mod dialogs;
pub mod finding;
pub mod finding_parts;
pub mod findings;
pub mod guide;
pub mod header;
pub mod help;
pub mod indexes;
pub mod input_tab;
pub mod intake;
pub mod keep;
pub mod latency;
pub mod long;
pub mod matrix;
pub mod matrix_block;
pub mod matrix_cell;
pub mod matrix_grid;
pub mod matrix_row;
pub mod outcome;
pub mod page;
pub mod parts;
pub mod piece;
pub mod plan_tree;
pub mod plans;
pub mod queries;
pub mod query;
pub mod report_dialog;
pub mod save;
pub mod segments;
pub mod share;
pub mod sql;
pub mod summary;
pub mod tables;
pub mod tabs;
pub mod timeline;
pub mod what_if;
pub mod writes;
