//! What collecting the rows of workers costs (`cost_gather`, `cost_gather_merge` and
//! `get_parallel_divisor` in `costsize.c`).

use super::{Cost, log2};
use crate::read::settings::{Settings, Switch};

/// `get_parallel_divisor`: by how many the rows of a partial path are to be multiplied. The leader helps,
/// less the more workers it has to serve.
pub fn parallel_divisor(workers: u32) -> f64 {
    let workers = f64::from(workers);
    let leader = 1.0 - 0.3 * workers;
    if leader > 0.0 { workers + leader } else { workers }
}

/// `cost_gather`: starting the workers, and passing each row.
pub fn gather(settings: &Settings, input: Cost, rows: f64) -> Cost {
    let startup = input.startup + settings.parallel_setup_cost;
    let run = input.total - input.startup + settings.parallel_tuple_cost * rows;
    Cost { startup, total: startup + run }
}

/// `cost_gather_merge`: a heap of one row of each worker; waiting for workers costs 5 % more a row.
pub fn gather_merge(settings: &Settings, input: Cost, rows: f64, workers: u32) -> Cost {
    let n = f64::from(workers) + 1.0;
    let log_n = log2(n);
    let comparison_cost = 2.0 * settings.cpu_operator_cost;
    let penalty = settings.penalty(Switch::GatherMerge);
    let startup = penalty + comparison_cost * n * log_n + settings.parallel_setup_cost;
    let mut run = rows * comparison_cost * log_n;
    run += settings.cpu_operator_cost * rows;
    run += settings.parallel_tuple_cost * rows * 1.05;
    Cost { startup: startup + input.startup, total: startup + run + input.total }
}
