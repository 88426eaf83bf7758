//! What sorting costs (`cost_tuplesort`, `cost_sort` and `cost_incremental_sort` in `costsize.c`).
//!
//! A sort of `t` rows makes `t * log2(t)` comparisons of two operators each. If only `n` rows are
//! wanted, a heap of `2 n` rows suffices. What does not fit in `work_mem` is written as runs and merged:
//! three quarters of these pages count as sequential. Each row returned costs one operator.

use super::{BLOCK_BYTES, Cost, Input, log2, relation_byte_size, work_mem_bytes};
use crate::read::settings::{Settings, Switch};

/// Cost before the first row and from there to the end, without the input's.
struct Work {
    startup: f64,
    run: f64,
}

fn tuplesort(
    settings: &Settings,
    rows: f64,
    width: f64,
    comparison_cost: f64,
    limit_tuples: f64,
) -> Work {
    let input_bytes = relation_byte_size(rows, width);
    let memory = work_mem_bytes(settings);
    let tuples = if rows < 2.0 { 2.0 } else { rows };
    let comparison_cost = comparison_cost + 2.0 * settings.cpu_operator_cost;
    let (output_tuples, output_bytes) = if limit_tuples > 0.0 && limit_tuples < tuples {
        (limit_tuples, relation_byte_size(limit_tuples, width))
    } else {
        (tuples, input_bytes)
    };
    let startup = if output_bytes > memory {
        let pages = libm::ceil(input_bytes / BLOCK_BYTES);
        let runs = input_bytes / memory;
        let merge_order = merge_order(memory);
        let comparisons = comparison_cost * tuples * log2(tuples);
        let passes = if runs > merge_order {
            libm::ceil(libm::log(runs) / libm::log(merge_order))
        } else {
            1.0
        };
        let accesses = 2.0 * pages * passes;
        comparisons + accesses * (settings.seq_page_cost * 0.75 + settings.random_page_cost * 0.25)
    } else if tuples > 2.0 * output_tuples || input_bytes > memory {
        comparison_cost * tuples * log2(2.0 * output_tuples)
    } else {
        comparison_cost * tuples * log2(tuples)
    };
    Work { startup, run: settings.cpu_operator_cost * tuples }
}

/// `tuplesort_merge_order`: runs merged at once; each takes 34 pages of buffers.
fn merge_order(memory: f64) -> f64 {
    libm::trunc(memory / (34.0 * BLOCK_BYTES)).clamp(6.0, 500.0)
}

/// `cost_sort`. `limit_tuples`: rows wanted, -1 for all.
pub fn sort(
    settings: &Settings,
    input_total: f64,
    tuples: f64,
    width: f64,
    comparison_cost: f64,
    limit_tuples: f64,
) -> Cost {
    let work = tuplesort(settings, tuples, width, comparison_cost, limit_tuples);
    let startup = work.startup + settings.penalty(Switch::Sort) + input_total;
    Cost { startup, total: startup + work.run }
}

/// `cost_incremental_sort`: each of `groups` groups of equal leading keys is sorted on its own; the first
/// rows come when the first group is sorted. Groups are taken as half as large again, for they differ in
/// size.
pub fn incremental_sort(
    settings: &Settings,
    input: &Input,
    groups: f64,
    comparison_cost: f64,
    limit_tuples: f64,
) -> Cost {
    let tuples = if input.rows < 2.0 { 2.0 } else { input.rows };
    let group_tuples = tuples / groups;
    let input_run = input.cost.total - input.cost.startup;
    let group_input_run = input_run / groups;
    let group = tuplesort(settings, 1.5 * group_tuples, input.width, comparison_cost, limit_tuples);
    let startup = group.startup + input.cost.startup + group_input_run;
    let mut run =
        group.run + (group.run + group.startup) * (groups - 1.0) + group_input_run * (groups - 1.0);
    // Finding where a group ends, and starting the next sort.
    run += (settings.cpu_tuple_cost + comparison_cost) * tuples;
    run += 2.0 * settings.cpu_tuple_cost * groups;
    Cost { startup, total: startup + run }
}
