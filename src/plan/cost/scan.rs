//! What reading a table costs (`cost_seqscan`, `index_pages_fetched` in `costsize.c`,
//! `compute_parallel_worker` in `allpaths.c`). Pages are of 8 kB, costs in planner units.

use super::Cost;
use super::gather::parallel_divisor;
use crate::plan::clause::QualCost;
use crate::plan::relation::clamp_row_est;
use crate::read::settings::{Settings, Switch};

/// A table as a scan sees it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Heap {
    /// Its pages.
    pub pages: f64,
    /// Its rows, before any condition.
    pub tuples: f64,
    /// Part of it that is all-visible, 0 to 1.
    pub allvisfrac: f64,
    /// Pages of all tables of the query.
    pub total_table_pages: f64,
}

/// What a scan does with the rows that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Work {
    /// Conditions that are checked on every row that is read.
    pub quals: QualCost,
    /// Expressions that are computed for every row that is returned.
    pub target: QualCost,
    /// Rows that are returned.
    pub rows: f64,
}

/// Cost and rows of a scan; of one worker's part where workers share it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scanned {
    /// Cost.
    pub cost: Cost,
    /// Rows.
    pub rows: f64,
}

/// `cost_seqscan`. Workers share the processor's work, not the disk's.
pub fn seq_scan(settings: &Settings, heap: &Heap, work: &Work, workers: u32) -> Scanned {
    let disk = settings.seq_page_cost * heap.pages;
    let mut startup = settings.penalty(Switch::SeqScan) + work.quals.startup;
    let per_tuple = settings.cpu_tuple_cost + work.quals.per_tuple;
    let mut cpu = per_tuple * heap.tuples;
    startup += work.target.startup;
    cpu += work.target.per_tuple * work.rows;
    let mut rows = work.rows;
    if workers > 0 {
        let divisor = parallel_divisor(workers);
        cpu /= divisor;
        rows = clamp_row_est(rows / divisor);
    }
    Scanned { cost: Cost { startup, total: startup + cpu + disk }, rows }
}

/// `cost_tidscan`: so many rows, each on a page of its own. `searched`: the conditions on the place, which
/// are computed once.
pub fn tid_scan(settings: &Settings, work: &Work, searched: QualCost, places: f64) -> Scanned {
    tid_work(settings, work, searched, places, settings.random_page_cost * places)
}

/// `cost_tidrangescan`: a range of pages; only the first is out of sequence.
pub fn tid_range_scan(
    settings: &Settings,
    heap: &Heap,
    work: &Work,
    searched: QualCost,
    selectivity: f64,
) -> Scanned {
    let pages = libm::ceil(selectivity * heap.pages);
    let pages = if pages <= 0.0 { 1.0 } else { pages };
    let disk = settings.random_page_cost + settings.seq_page_cost * (pages - 1.0);
    tid_work(settings, work, searched, selectivity * heap.tuples, disk)
}

fn tid_work(
    settings: &Settings,
    work: &Work,
    searched: QualCost,
    tuples: f64,
    disk: f64,
) -> Scanned {
    let mut startup = settings.penalty(Switch::TidScan);
    startup += work.quals.startup + searched.per_tuple;
    let per_tuple = settings.cpu_tuple_cost + work.quals.per_tuple - searched.per_tuple;
    let mut run = disk + per_tuple * tuples;
    startup += work.target.startup;
    run += work.target.per_tuple * work.rows;
    Scanned { cost: Cost { startup, total: startup + run }, rows: work.rows }
}

/// `index_pages_fetched`: distinct pages read for so many rows picked at random, after Mackert and
/// Lohman, with the object's share of `effective_cache_size`. `index_pages` compete for the cache.
pub fn index_pages_fetched(
    settings: &Settings,
    tuples_fetched: f64,
    pages: f64,
    index_pages: f64,
    total_table_pages: f64,
) -> f64 {
    let pages = if pages > 1.0 { pages } else { 1.0 };
    let total = (total_table_pages + index_pages).max(1.0);
    let cache = settings.effective_cache_size * pages / total;
    let cache = if cache <= 1.0 { 1.0 } else { libm::ceil(cache) };
    let uncached = || (2.0 * pages * tuples_fetched) / (2.0 * pages + tuples_fetched);
    if pages <= cache {
        let fetched = uncached();
        return if fetched >= pages { pages } else { libm::ceil(fetched) };
    }
    let limit = (2.0 * pages * cache) / (2.0 * pages - cache);
    let fetched = if tuples_fetched <= limit {
        uncached()
    } else {
        cache + (tuples_fetched - limit) * (pages - cache) / pages
    };
    libm::ceil(fetched)
}

/// `compute_parallel_worker`: one worker from the smallest size on, one more each time the size
/// triples. An absent size does not count. `asked`: the table's own `parallel_workers`.
pub fn parallel_workers(
    settings: &Settings,
    asked: Option<u32>,
    heap_pages: Option<f64>,
    index_pages: Option<f64>,
) -> u32 {
    let most = settings.max_parallel_workers_per_gather;
    if let Some(asked) = asked {
        return asked.min(most);
    }
    let (heap_min, index_min) =
        (settings.min_parallel_table_scan_size, settings.min_parallel_index_scan_size);
    if heap_pages.is_some_and(|pages| pages < heap_min)
        || index_pages.is_some_and(|pages| pages < index_min)
    {
        return 0;
    }
    let of_heap = heap_pages.map(|pages| times_tripled(pages, heap_min));
    let of_index = index_pages.map(|pages| times_tripled(pages, index_min));
    let workers = match (of_heap, of_index) {
        (Some(heap), Some(index)) => heap.min(index),
        (heap, index) => heap.or(index).unwrap_or(0),
    };
    workers.min(most)
}

fn times_tripled(pages: f64, smallest: f64) -> u32 {
    let mut threshold = smallest.max(1.0);
    let mut workers = 1;
    while pages >= threshold * 3.0 {
        workers += 1;
        threshold *= 3.0;
        if threshold > f64::from(i32::MAX / 3) {
            break;
        }
    }
    workers
}
