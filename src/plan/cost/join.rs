//! What joins cost (`costsize.c`): nested loop, merge and hash joins, and what keeps rows to be read
//! again. Units are the planner's; rows are estimates. Each method has a first, cheap part that is a
//! lower bound, by which most candidates are dropped, and a final part.

use super::{
    BLOCK_BYTES, Cost, Input, hash_memory_limit, max_align, relation_byte_size, work_mem_bytes,
};
use crate::read::statistics::Settings;

fn run_of(input: &Input) -> f64 {
    input.cost.total - input.cost.startup
}

fn page_size(rows: f64, width: f64) -> f64 {
    libm::ceil(relation_byte_size(rows, width) / BLOCK_BYTES)
}

/// What a semi, anti or unique join knows of matches.
#[derive(Debug, Clone, Copy, Default)]
pub struct SemiFactors {
    /// Part of the outer rows that have a partner.
    pub outer_match_frac: f64,
    /// Inner partners of an outer row that has some.
    pub match_count: f64,
}

/// The lower bound of a join, and what its final part goes on with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Initial {
    /// Before the first row.
    pub startup: f64,
    /// All rows.
    pub total: f64,
    /// Without the startup cost; a merge join's without its inner side.
    pub run: f64,
    /// Of the inner side, once.
    pub inner_run: f64,
    /// Of the inner side, each further time.
    pub inner_rescan_run: f64,
    /// Merge: rows read of the outer side.
    pub outer_rows: f64,
    /// Merge: rows read of the inner side.
    pub inner_rows: f64,
    /// Merge: outer rows before the first match.
    pub outer_skip_rows: f64,
    /// Merge: inner rows before the first match.
    pub inner_skip_rows: f64,
    /// Hash: buckets.
    pub buckets: f64,
    /// Hash: batches.
    pub batches: f64,
}

/// `initial_cost_nestloop`. `rescan` is the inner side read again; `stops_early`: semi, anti or unique.
pub fn initial_nestloop(outer: Input, inner: Input, rescan: Input, stops_early: bool) -> Initial {
    let startup = outer.cost.startup + inner.cost.startup;
    let mut run = run_of(&outer);
    let again = outer.rows - 1.0;
    if outer.rows > 1.0 {
        run += again * rescan.cost.startup;
    }
    let (inner_run, inner_rescan_run) = (run_of(&inner), run_of(&rescan));
    if !stops_early {
        run += inner_run;
        if outer.rows > 1.0 {
            run += again * inner_rescan_run;
        }
    }
    Initial {
        startup,
        total: startup + run,
        run,
        inner_run,
        inner_rescan_run,
        ..Initial::default()
    }
}

/// The final part of a nested loop: pairs that are checked, and the cost without checking them.
/// `is_indexed`: the join condition is wholly answered by the inner side's index, so that an outer row
/// without partner costs little.
pub fn nestloop_pairs(
    initial: &Initial,
    outer_rows: f64,
    inner_rows: f64,
    semi: Option<SemiFactors>,
    is_indexed: bool,
) -> (f64, f64) {
    let (outer_rows, inner_rows) = (positive(outer_rows), positive(inner_rows));
    let mut run = initial.run;
    let Some(semi) = semi else { return (outer_rows * inner_rows, run) };
    let mut matched = libm::rint(outer_rows * semi.outer_match_frac);
    let mut unmatched = outer_rows - matched;
    let scanned = 2.0 / (semi.match_count + 1.0);
    let mut pairs = matched * inner_rows * scanned;
    if is_indexed {
        run += initial.inner_run * scanned;
        if matched > 1.0 {
            run += (matched - 1.0) * initial.inner_rescan_run * scanned;
        }
        run += unmatched * initial.inner_rescan_run / inner_rows;
    } else {
        pairs += unmatched * inner_rows;
        run += initial.inner_run;
        if unmatched >= 1.0 {
            unmatched -= 1.0;
        } else {
            matched -= 1.0;
        }
        if matched > 0.0 {
            run += matched * initial.inner_rescan_run * scanned;
        }
        if unmatched > 0.0 {
            run += unmatched * initial.inner_rescan_run;
        }
    }
    (pairs, run)
}

fn positive(rows: f64) -> f64 {
    if rows <= 0.0 { 1.0 } else { rows }
}

/// Parts of both sides that a merge join reads: from the first match to the last.
#[derive(Debug, Clone, Copy)]
pub struct MergeRange {
    /// Outer rows before the first match, as a part.
    pub outer_start: f64,
    /// Outer rows up to the last match.
    pub outer_end: f64,
    /// The same of the inner side.
    pub inner_start: f64,
    /// See `outer_end`.
    pub inner_end: f64,
}

/// `initial_cost_mergejoin`; the sides are those after sorting where they are sorted.
pub fn initial_mergejoin(
    (outer_rows, inner_rows): (f64, f64),
    outer: Input,
    inner: Input,
    range: MergeRange,
) -> Initial {
    let (outer_path_rows, inner_path_rows) = (positive(outer_rows), positive(inner_rows));
    let outer_skip_rows = libm::rint(outer_path_rows * range.outer_start);
    let inner_skip_rows = libm::rint(inner_path_rows * range.inner_start);
    let outer_rows = clamp(outer_path_rows * range.outer_end);
    let inner_rows = clamp(inner_path_rows * range.inner_end);
    let outer_start = outer_skip_rows / outer_path_rows;
    let inner_start = inner_skip_rows / inner_path_rows;
    let outer_end = outer_rows / outer_path_rows;
    let inner_end = inner_rows / inner_path_rows;
    let mut startup = outer.cost.startup + run_of(&outer) * outer_start;
    let run = run_of(&outer) * (outer_end - outer_start);
    startup += inner.cost.startup + run_of(&inner) * inner_start;
    let inner_run = run_of(&inner) * (inner_end - inner_start);
    Initial {
        startup,
        total: startup + run + inner_run,
        run,
        inner_run,
        outer_rows,
        inner_rows,
        outer_skip_rows,
        inner_skip_rows,
        ..Initial::default()
    }
}

fn clamp(rows: f64) -> f64 {
    crate::plan::relation::clamp_row_est(rows)
}

/// `ExecChooseHashTableSize` (`nodeHash.c`): buckets and batches of a hash table of so many rows.
pub fn hash_table_size(
    settings: &Settings,
    rows: f64,
    width: f64,
    shared_workers: Option<u32>,
) -> (f64, f64) {
    let rows = if rows <= 0.0 { 1000.0 } else { rows };
    // HJTUPLE_OVERHEAD, SizeofMinimalTupleHeader.
    let tuple = 16.0 + 16.0 + max_align(width);
    let inner_bytes = rows * tuple;
    let mut memory = hash_memory_limit(settings);
    if let Some(workers) = shared_workers {
        memory *= f64::from(workers) + 1.0;
    }
    // Two percent are kept for the most common outer values.
    let per_mcv = tuple + 8.0 * 8.0 + 4.0 + 16.0;
    let skew = libm::floor(libm::floor(memory / per_mcv) * 2.0 / 100.0);
    memory -= skew * per_mcv;
    let max_pointers = power_below((memory / 8.0).min(134_217_727.0)).min(1_073_741_824.0);
    let wanted = libm::ceil(rows).min(max_pointers).max(1024.0);
    let buckets = power_above(wanted);
    if inner_bytes + 8.0 * buckets <= memory {
        return (buckets, 1.0);
    }
    if shared_workers.is_some() {
        return hash_table_size(settings, rows, width, None);
    }
    let bucket = tuple + 8.0;
    let buckets = if memory <= bucket { 1.0 } else { power_above(libm::floor(memory / bucket)) };
    let buckets = power_above(buckets.min(max_pointers));
    let batches = libm::ceil(inner_bytes / (memory - buckets * 8.0)).min(max_pointers);
    (buckets, power_above(batches.max(2.0)))
}

/// The smallest power of two that is at least `x`.
fn power_above(x: f64) -> f64 {
    let mut power = 1.0;
    while power < x {
        power *= 2.0;
    }
    power
}

/// The largest power of two that is at most `x`.
fn power_below(x: f64) -> f64 {
    let power = power_above(x);
    if power > x { power / 2.0 } else { power }
}

/// `initial_cost_hashjoin`: the inner side is read and hashed before the first row comes out; what does
/// not fit into memory is written and read in batches.
pub fn initial_hashjoin(
    settings: &Settings,
    outer: Input,
    inner: Input,
    n_clauses: f64,
    inner_rows_total: f64,
    shared_workers: Option<u32>,
) -> Initial {
    let per_row = settings.cpu_operator_cost * n_clauses;
    let mut startup = outer.cost.startup + inner.cost.total;
    let mut run = run_of(&outer);
    startup += (per_row + settings.cpu_tuple_cost) * inner.rows;
    run += per_row * outer.rows;
    let (buckets, batches) =
        hash_table_size(settings, inner_rows_total, inner.width, shared_workers);
    if batches > 1.0 {
        let outer_pages = page_size(outer.rows, outer.width);
        let inner_pages = page_size(inner.rows, inner.width);
        startup += settings.seq_page_cost * inner_pages;
        run += settings.seq_page_cost * (inner_pages + 2.0 * outer_pages);
    }
    Initial { startup, total: startup + run, run, buckets, batches, ..Initial::default() }
}

/// `cost_material`: rows are kept; beyond `work_mem` on disk.
pub fn material(settings: &Settings, input: Input) -> Cost {
    let mut run = run_of(&input) + 2.0 * settings.cpu_operator_cost * input.rows;
    let bytes = relation_byte_size(input.rows, input.width);
    if bytes > work_mem_bytes(settings) {
        run += settings.seq_page_cost * libm::ceil(bytes / BLOCK_BYTES);
    }
    Cost { startup: input.cost.startup, total: input.cost.startup + run }
}

/// `cost_rescan` of rows that are kept (Material, Sort, CTE): `per_row` and the disk.
pub fn rescan_kept(settings: &Settings, rows: f64, width: f64, per_row: f64) -> f64 {
    let bytes = relation_byte_size(rows, width);
    let disk = match bytes > work_mem_bytes(settings) {
        true => settings.seq_page_cost * libm::ceil(bytes / BLOCK_BYTES),
        false => 0.0,
    };
    per_row * rows + disk
}

/// `cost_memoize_rescan`: the average cost of a call, some of which find their rows kept.
pub fn memoize_rescan(
    settings: &Settings,
    input: Input,
    calls: f64,
    n_distinct: f64,
) -> (Cost, f64) {
    // sizeof(MemoizeEntry), MemoizeKey, MemoizeTuple.
    let overhead = 24.0 + 24.0 + 16.0 * input.rows;
    let entry = relation_byte_size(input.rows, input.width) + overhead;
    let capacity = libm::floor(hash_memory_limit(settings) / entry);
    let entries = n_distinct.min(capacity);
    let evicted = 1.0 - capacity.min(n_distinct) / n_distinct;
    let hit = (1.0 / n_distinct * capacity.min(n_distinct) - n_distinct / calls).max(0.0);
    let mut total = input.cost.total * (1.0 - hit) + settings.cpu_operator_cost;
    total += settings.cpu_tuple_cost * evicted;
    total += settings.cpu_operator_cost / 10.0 * evicted * input.rows;
    total += settings.cpu_tuple_cost + settings.cpu_operator_cost * input.rows;
    let startup = input.cost.startup * (1.0 - hit) + settings.cpu_tuple_cost;
    (Cost { startup, total }, entries)
}
