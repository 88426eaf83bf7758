//! What grouping and aggregates cost (`cost_agg` and `cost_group` in `costsize.c`, memory of hash
//! tables from `nodeAgg.c`).
//!
//! Each row costs its aggregates' transition functions and one operator per grouping column; each group
//! its aggregates' final functions and passing a row. A hash table that does not fit in memory is
//! written in partitions and read again, which counts twice as much as a sort's files.

use super::{BLOCK_BYTES, Cost, Filter, Input, hash_memory_limit, max_align, relation_byte_size};
use crate::plan::clause::QualCost;
use crate::plan::path::AggStrategy;
use crate::plan::relation::clamp_row_est;
use crate::read::settings::{Settings, Switch};

/// What a query's aggregates cost (`AggClauseCosts`).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AggCosts {
    /// For each input row.
    pub transition: QualCost,
    /// For each group.
    pub finish: QualCost,
    /// Bytes that the states of one group take beside the group's row.
    pub transition_space: f64,
}

/// How groups are made, and of what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grouping {
    /// How.
    pub strategy: AggStrategy,
    /// Columns.
    pub columns: usize,
    /// Groups expected.
    pub groups: f64,
    /// Aggregate states kept for each group.
    pub n_states: usize,
}

/// `cost_agg`: cost and rows.
pub fn agg(
    settings: &Settings,
    grouping: &Grouping,
    costs: &AggCosts,
    having: Option<Filter>,
    input: &Input,
) -> (Cost, f64) {
    let columns = grouping.columns as f64;
    let groups = grouping.groups;
    let (mut cost, rows) = match grouping.strategy {
        AggStrategy::Plain => {
            let mut startup = input.cost.total;
            startup += costs.transition.startup;
            startup += costs.transition.per_tuple * input.rows;
            startup += costs.finish.startup;
            startup += costs.finish.per_tuple;
            (Cost { startup, total: startup + settings.cpu_tuple_cost }, 1.0)
        }
        AggStrategy::Sorted | AggStrategy::Mixed => {
            let mut total = input.cost.total;
            total += costs.transition.startup;
            total += costs.transition.per_tuple * input.rows;
            total += (settings.cpu_operator_cost * columns) * input.rows;
            total += costs.finish.startup;
            total += costs.finish.per_tuple * groups;
            total += settings.cpu_tuple_cost * groups;
            let penalty = match grouping.strategy {
                AggStrategy::Mixed => settings.penalty(Switch::HashAgg),
                _ => 0.0,
            };
            (Cost { startup: input.cost.startup + penalty, total: total + penalty }, groups)
        }
        AggStrategy::Hashed => {
            let mut startup = input.cost.total + settings.penalty(Switch::HashAgg);
            startup += costs.transition.startup;
            startup += costs.transition.per_tuple * input.rows;
            startup += (settings.cpu_operator_cost * columns) * input.rows;
            startup += costs.finish.startup;
            let mut total = startup;
            total += costs.finish.per_tuple * groups;
            total += settings.cpu_tuple_cost * groups;
            (Cost { startup, total }, groups)
        }
    };
    if matches!(grouping.strategy, AggStrategy::Hashed | AggStrategy::Mixed) {
        add_spill(settings, grouping, costs, input, &mut cost);
    }
    filtered(cost, rows, having)
}

/// `cost_group`: cost and rows of groups without aggregates, of a sorted input.
pub fn group(
    settings: &Settings,
    columns: usize,
    groups: f64,
    having: Option<Filter>,
    input: &Input,
) -> (Cost, f64) {
    let mut cost = input.cost;
    cost.total += settings.cpu_operator_cost * input.rows * columns as f64;
    filtered(cost, groups, having)
}

fn filtered(mut cost: Cost, rows: f64, having: Option<Filter>) -> (Cost, f64) {
    let Some(having) = having else { return (cost, rows) };
    cost.startup += having.cost.startup;
    cost.total += having.cost.startup + rows * having.cost.per_tuple;
    (cost, clamp_row_est(rows * having.selectivity))
}

/// Writing and reading what does not fit in memory.
fn add_spill(
    settings: &Settings,
    grouping: &Grouping,
    costs: &AggCosts,
    input: &Input,
    cost: &mut Cost,
) {
    let entry = hash_entry_bytes(grouping.n_states, input.width, costs.transition_space);
    let limits = hash_limits(settings, entry, grouping.groups);
    let batches = ((grouping.groups * entry) / limits.memory).max(grouping.groups / limits.groups);
    let batches = libm::ceil(batches).max(1.0);
    let partitions = limits.partitions.max(2.0);
    let depth = libm::ceil(libm::log(batches) / libm::log(partitions));
    let pages = relation_byte_size(input.rows, input.width) / BLOCK_BYTES;
    let written = pages * depth * 2.0;
    let read = pages * depth * 2.0;
    cost.startup += written * settings.random_page_cost;
    cost.total += written * settings.random_page_cost;
    cost.total += read * settings.seq_page_cost;
    let spill = depth * input.rows * 2.0 * settings.cpu_tuple_cost;
    cost.startup += spill;
    cost.total += spill;
}

/// `hash_agg_entry_size`: bytes of one group in the hash table: its entry (24), its row (headers of 16
/// and 16), and where needed its states (16 each) and what they point to, with a header each.
pub fn hash_entry_bytes(n_states: usize, width: f64, transition_space: f64) -> f64 {
    let states = if n_states > 0 { 16.0 + n_states as f64 * 16.0 } else { 0.0 };
    let space = if transition_space > 0.0 { 16.0 + transition_space } else { 0.0 };
    24.0 + (16.0 + (16.0 + libm::trunc(width))) + states + space
}

/// `estimate_hashagg_tablesize`: bytes of the whole table.
pub fn hash_table_bytes(n_states: usize, width: f64, costs: &AggCosts, groups: f64) -> f64 {
    hash_entry_bytes(n_states, width, costs.transition_space) * groups
}

/// What a hash table may hold.
struct HashLimits {
    memory: f64,
    groups: f64,
    partitions: f64,
}

/// `hash_agg_set_limits`
fn hash_limits(settings: &Settings, entry: f64, groups: f64) -> HashLimits {
    let limit = hash_memory_limit(settings);
    if groups * entry <= limit {
        return HashLimits { memory: limit, groups: libm::trunc(limit / entry), partitions: 0.0 };
    }
    let partitions = hash_partitions(limit, entry, groups);
    let buffers = BLOCK_BYTES + BLOCK_BYTES * partitions;
    let memory = if limit > 4.0 * buffers { limit - buffers } else { libm::trunc(limit * 0.75) };
    let groups = if memory > entry { libm::trunc(memory / entry) } else { 1.0 };
    HashLimits { memory, groups, partitions }
}

/// `hash_choose_num_partitions`: a power of two from 4 to 1024, whose buffers take at most a quarter of
/// the memory.
fn hash_partitions(limit: f64, entry: f64, groups: f64) -> f64 {
    let most = (limit * 0.25 - BLOCK_BYTES) / BLOCK_BYTES;
    let wanted = 1.0 + 1.5 * groups * entry / limit;
    let partitions = libm::trunc(wanted.min(most).clamp(4.0, 1024.0));
    let mut power = 1.0;
    while power < partitions {
        power *= 2.0;
    }
    power
}

/// `choose_hashed_setop`'s size of an entry: the row and its header.
pub fn setop_entry_bytes(width: f64) -> f64 {
    max_align(width) + 16.0
}
