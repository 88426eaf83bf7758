//! What LIMIT and OFFSET save (`adjust_limit_rows_costs` in `pathnode.c`): the part of the input's cost
//! that belongs to the rows read. Rows are taken to come evenly between the first and the last.

use super::Cost;
use crate::plan::relation::clamp_row_est;

/// LIMIT and OFFSET as far as they are known when planning: 0 without, -1 for an unknown value.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// OFFSET.
    pub offset: f64,
    /// LIMIT.
    pub count: f64,
}

impl Limits {
    /// LIMIT plus OFFSET, -1 unless both are known.
    pub fn tuples(&self) -> f64 {
        if self.count > 0.0 && self.offset >= 0.0 { self.count + self.offset } else { -1.0 }
    }
}

/// Cost and rows of the limited input. An unknown LIMIT or OFFSET is a tenth of the rows.
pub fn limit(input: Cost, input_rows: f64, limits: Limits) -> (Cost, f64) {
    let run = input.total - input.startup;
    let mut cost = input;
    let mut rows = input_rows;
    let known = |value: f64| if value > 0.0 { value } else { clamp_row_est(input_rows * 0.10) };
    if limits.offset != 0.0 {
        let offset = known(limits.offset).min(rows);
        if input_rows > 0.0 {
            cost.startup += run * offset / input_rows;
        }
        rows = (rows - offset).max(1.0);
    }
    if limits.count != 0.0 {
        let count = known(limits.count).min(rows);
        if input_rows > 0.0 {
            cost.total = cost.startup + run * count / input_rows;
        }
        rows = count.max(1.0);
    }
    (cost, rows)
}
