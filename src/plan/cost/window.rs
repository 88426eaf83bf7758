//! What window functions cost (`cost_windowagg` in `costsize.c`): each function once a row, each
//! partition and order column one comparison a row, and passing the row.

use super::{Cost, Input};
use crate::plan::clause::QualCost;
use crate::read::statistics::Settings;

/// Cost of a window node. `functions`: what each function and its arguments cost; `columns`: those of
/// PARTITION BY and ORDER BY.
pub fn window_agg(
    settings: &Settings,
    functions: &[QualCost],
    columns: usize,
    input: &Input,
) -> Cost {
    let mut cost = input.cost;
    for function in functions {
        cost.startup += function.startup;
        cost.total += function.per_tuple * input.rows;
    }
    cost.total += settings.cpu_operator_cost * columns as f64 * input.rows;
    cost.total += settings.cpu_tuple_cost * input.rows;
    cost
}
