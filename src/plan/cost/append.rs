//! What reading several inputs costs (`cost_append`, `append_nonpartial_cost`, `cost_merge_append` and
//! `cost_recursive_union` in `costsize.c`).

use std::rc::Rc;

use super::gather::parallel_divisor;
use super::{Cost, log2};
use crate::plan::path::Path;
use crate::plan::relation::clamp_row_est;
use crate::read::statistics::Settings;

/// Half the cost of a row is charged for passing it on (`APPEND_CPU_COST_MULTIPLIER`).
const PASSING: f64 = 0.5;

/// `cost_append` of inputs without a common order: cost and rows.
pub fn append(settings: &Settings, inputs: &[&Path]) -> (Cost, f64) {
    let Some(first) = inputs.first() else { return (Cost::default(), 0.0) };
    let mut total = 0.0;
    let mut rows = 0.0;
    for input in inputs {
        rows += input.rows;
        total += input.total;
    }
    total += settings.cpu_tuple_cost * PASSING * rows;
    (Cost { startup: first.startup, total }, rows)
}

/// The same for inputs that are sorted alike and follow each other in that order, each with its cost
/// and rows, sorting included.
pub fn ordered_append(settings: &Settings, inputs: &[(Cost, f64)]) -> (Cost, f64) {
    let mut cost = Cost::default();
    let mut rows = 0.0;
    for (input, input_rows) in inputs {
        rows += input_rows;
        cost.startup += input.startup;
        cost.total += input.total;
    }
    cost.total += settings.cpu_tuple_cost * PASSING * rows;
    (cost, rows)
}

/// The same when workers share the inputs: the first `n_whole` of them are run by one worker each, the
/// others by all. Those run by one are expected dearest first, the others cheapest to start first.
pub fn parallel_append(
    settings: &Settings,
    inputs: &[&Path],
    n_whole: usize,
    workers: u32,
) -> (Cost, f64) {
    let divisor = parallel_divisor(workers);
    let mut cost = Cost::default();
    let mut rows = 0.0;
    for (at, input) in inputs.iter().enumerate() {
        if at == 0 {
            cost.startup = input.startup;
        } else if at < workers as usize {
            cost.startup = cost.startup.min(input.startup);
        }
        if at < n_whole {
            rows += input.rows / divisor;
        } else {
            rows += input.rows * (parallel_divisor(input.parallel_workers) / divisor);
            cost.total += input.total;
        }
        rows = clamp_row_est(rows);
    }
    let whole = inputs.get(..n_whole).unwrap_or(inputs);
    cost.total += longest_worker(whole, workers as usize);
    cost.total += settings.cpu_tuple_cost * PASSING * rows;
    (cost, rows)
}

/// `append_nonpartial_cost`: each worker takes the next input when it is done; the cost of the one that
/// is busy longest.
fn longest_worker(inputs: &[&Path], workers: usize) -> f64 {
    let n = workers.min(inputs.len());
    let mut busy: Vec<f64> = inputs.iter().take(n).map(|input| input.total).collect();
    // The inputs come dearest first, so the last worker is free first.
    let mut free = n.saturating_sub(1);
    for input in inputs.iter().skip(n) {
        if let Some(cost) = busy.get_mut(free) {
            *cost += input.total;
        }
        free = 0;
        for (at, cost) in busy.iter().enumerate() {
            if busy.get(free).is_some_and(|least| cost < least) {
                free = at;
            }
        }
    }
    busy.into_iter().fold(0.0, f64::max)
}

/// `cost_merge_append` of inputs that are sorted alike, a heap of one row of each: cost and rows. A single
/// input is passed on as it is, as in `create_merge_append_path`.
pub fn merge_append(settings: &Settings, inputs: &[Rc<Path>]) -> (Cost, f64) {
    let mut input = Cost::default();
    let mut rows = 0.0;
    for path in inputs {
        input.startup += path.startup;
        input.total += path.total;
        rows += path.rows;
    }
    if inputs.len() < 2 {
        return (input, rows);
    }
    let n = inputs.len() as f64;
    let log_n = log2(n);
    let comparison_cost = 2.0 * settings.cpu_operator_cost;
    let startup = comparison_cost * n * log_n;
    let mut run = rows * comparison_cost * log_n;
    run += settings.cpu_tuple_cost * PASSING * rows;
    let (startup, total) = (startup + input.startup, startup + run + input.total);
    (Cost { startup, total }, rows)
}

/// `cost_recursive_union`: ten steps are assumed. Cost and rows.
pub fn recursive_union(settings: &Settings, first: &Path, step: &Path) -> (Cost, f64) {
    let rows = first.rows + 10.0 * step.rows;
    let mut total = first.total + 10.0 * step.total;
    total += settings.cpu_tuple_cost * rows;
    (Cost { startup: first.startup, total }, rows)
}
