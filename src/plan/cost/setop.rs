//! What INTERSECT, EXCEPT and dropping repeated rows of a sorted input cost (`create_setop_path` and
//! `create_upper_unique_path` in `pathnode.c`): comparing each row's columns.

use super::{Cost, Input};
use crate::read::statistics::Settings;

/// Comparing `columns` columns of each row with the row before, or with a hash table.
pub fn compare_rows(settings: &Settings, input: &Input, columns: usize) -> Cost {
    let work = settings.cpu_operator_cost * input.rows * columns as f64;
    Cost { startup: input.cost.startup, total: input.cost.total + work }
}
