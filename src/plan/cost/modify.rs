//! What writing and locking cost (`create_modifytable_path` and `create_lockrows_path` in `pathnode.c`).
//! PostgreSQL charges nothing for INSERT, UPDATE and DELETE themselves: all plans would pay the same.

use super::{Cost, Input};
use crate::read::statistics::Settings;

/// Cost and rows of a write: those of its input; no rows without RETURNING.
pub fn modify(input: &Input, has_returning: bool) -> (Cost, f64) {
    (input.cost, if has_returning { input.rows } else { 0.0 })
}

/// Locking each row costs as much as passing it.
pub fn lock_rows(settings: &Settings, input: &Input) -> Cost {
    let total = input.cost.total + settings.cpu_tuple_cost * input.rows;
    Cost { startup: input.cost.startup, total }
}
