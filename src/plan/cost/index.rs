//! What searching an index costs (`genericcostestimate` and the access methods' `*costestimate` in
//! `selfuncs.c`) and what fetching the rows it finds costs (`cost_index` in `costsize.c`).

use super::Cost;
use super::gather::parallel_divisor;
use super::scan::{Heap, Scanned, Work, index_pages_fetched, parallel_workers};
use crate::plan::relation::clamp_row_est;
use crate::read::settings::{Settings, Switch};

/// An index and one search of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Search {
    /// Pages of the index.
    pub pages: f64,
    /// Its entries.
    pub tuples: f64,
    /// Levels above the leaves.
    pub tree_height: f64,
    /// Part of the table's rows that all conditions together find, the index's predicate included.
    pub selectivity: f64,
    /// Entries that one descent visits; 0: to be computed from `selectivity`.
    pub visited: f64,
    /// Descents that IN lists and arrays ask for: the product of their lengths.
    pub n_array_scans: f64,
    /// Conditions and distances that every entry is checked with.
    pub n_conditions: f64,
    /// Cost of computing the values that are searched for, once.
    pub operands: f64,
    /// Times that the search is repeated with other values.
    pub loop_count: f64,
    /// Correlation of the first key with the heap.
    pub correlation: f64,
}

/// What a search costs and finds (the results of `amcostestimate`).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Searched {
    /// Cost of the index alone.
    pub cost: Cost,
    /// Part of the table's rows that it finds.
    pub selectivity: f64,
    /// Correlation of their order with the heap, -1 to 1.
    pub correlation: f64,
    /// Pages of the index that are read.
    pub pages: f64,
}

/// `genericcostestimate`: leaf pages at random, and every condition on every entry visited.
pub fn generic(settings: &Settings, heap: &Heap, search: &Search) -> Searched {
    let Search { n_array_scans, loop_count, .. } = *search;
    let mut visited = search.visited;
    if visited <= 0.0 {
        visited = search.selectivity * heap.tuples;
        visited = libm::rint(visited / n_array_scans);
    }
    if visited > search.tuples {
        visited = search.tuples;
    }
    if visited < 1.0 {
        visited = 1.0;
    }
    let pages = if search.pages > 1.0 && search.tuples > 1.0 {
        libm::ceil(visited * search.pages / search.tuples)
    } else {
        1.0
    };
    let n_scans = n_array_scans * loop_count;
    let mut total = if n_scans > 1.0 {
        let fetched = index_pages_fetched(
            settings,
            pages * n_scans,
            search.pages,
            search.pages,
            heap.total_table_pages,
        );
        (fetched * settings.random_page_cost) / loop_count
    } else {
        pages * settings.random_page_cost
    };
    let condition_cost = settings.cpu_operator_cost * search.n_conditions;
    total += search.operands;
    total += visited * n_array_scans * (settings.cpu_index_tuple_cost + condition_cost);
    Searched {
        cost: Cost { startup: search.operands, total },
        selectivity: search.selectivity,
        correlation: 0.0,
        pages,
    }
}

/// `btcostestimate`: and the comparisons and upper pages of every descent.
pub fn btree(settings: &Settings, heap: &Heap, search: &Search) -> Searched {
    let mut out = generic(settings, heap, search);
    if search.tuples > 1.0 {
        let comparisons = libm::ceil(libm::log(search.tuples) / libm::log(2.0));
        descend(&mut out, comparisons * settings.cpu_operator_cost, search.n_array_scans);
    }
    let upper_pages = (search.tree_height + 1.0) * 50.0 * settings.cpu_operator_cost;
    descend(&mut out, upper_pages, search.n_array_scans);
    out.correlation = search.correlation;
    out
}

/// `gistcostestimate` and `spgcostestimate`: the same with a fan-out guessed at 100.
pub fn generalized_tree(settings: &Settings, heap: &Heap, search: &Search) -> Searched {
    let mut out = generic(settings, heap, search);
    let height = if search.pages > 1.0 {
        libm::trunc(libm::log(search.pages) / libm::log(100.0))
    } else {
        0.0
    };
    if search.tuples > 1.0 {
        let comparisons = libm::ceil(libm::log(search.tuples));
        descend(&mut out, comparisons * settings.cpu_operator_cost, search.n_array_scans);
    }
    let upper_pages = (height + 1.0) * 50.0 * settings.cpu_operator_cost;
    descend(&mut out, upper_pages, search.n_array_scans);
    out
}

fn descend(out: &mut Searched, cost: f64, n_array_scans: f64) {
    out.cost.startup += cost;
    out.cost.total += n_array_scans * cost;
}

/// Block ranges of a BRIN index unless it says otherwise (`BRIN_DEFAULT_PAGES_PER_RANGE`).
pub const PAGES_PER_RANGE: f64 = 128.0;

/// Ranges that one page of the range map holds (`REVMAP_PAGE_MAXITEMS`).
const RANGES_PER_MAP_PAGE: f64 = 1360.0;

/// `brincostestimate`: the whole index is read, and all block ranges that may hold a row. The less the
/// rows are correlated with the heap, the more ranges. `search.selectivity`: of the conditions alone.
pub fn brin(settings: &Settings, heap: &Heap, search: &Search, pages_per_range: f64) -> Searched {
    let ranges = libm::ceil(heap.pages / pages_per_range).max(1.0);
    // The server counts the map's pages from the last one's number and misses one.
    let map_pages = libm::ceil(ranges / RANGES_PER_MAP_PAGE) - 1.0;
    let fewest = libm::ceil(ranges * search.selectivity);
    let read = if search.correlation < 1.0e-10 {
        ranges
    } else {
        (fewest / search.correlation).min(ranges)
    };
    let mut startup = settings.seq_page_cost * map_pages * search.loop_count;
    startup += search.operands;
    let regular_pages = search.pages - map_pages;
    let mut total = startup + settings.random_page_cost * regular_pages * search.loop_count;
    total += 0.1 * settings.cpu_operator_cost * read * pages_per_range;
    Searched {
        cost: Cost { startup, total },
        selectivity: (read / ranges).clamp(0.0, 1.0),
        correlation: search.correlation,
        pages: search.pages,
    }
}

/// How rows are fetched through an index.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fetch {
    /// Only rows on pages that are not all-visible are fetched from the heap.
    pub is_index_only: bool,
    /// Times that the scan is repeated.
    pub loop_count: f64,
    /// Pages of the index.
    pub index_pages: f64,
    /// Workers share it: as many as `parallel_workers` says, of which this is the table's own wish.
    pub share: Option<Option<u32>>,
}

/// An index scan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct IndexScan {
    /// Cost and rows.
    pub scanned: Scanned,
    /// Workers that share it.
    pub workers: u32,
}

/// `cost_index`: the search, the heap pages between all at random and all in sequence by the square of
/// the correlation, and the conditions that the index does not answer. `None`: it was to be shared, but
/// is not worth a worker.
pub fn index_scan(
    settings: &Settings,
    heap: &Heap,
    searched: &Searched,
    fetch: &Fetch,
    work: &Work,
) -> Option<IndexScan> {
    let mut startup = settings.penalty(Switch::IndexScan) + searched.cost.startup;
    let mut run = searched.cost.total - searched.cost.startup;
    let tuples_fetched = clamp_row_est(searched.selectivity * heap.tuples);
    let pages = heap_pages(settings, heap, searched, fetch, tuples_fetched);
    let workers = match fetch.share {
        Some(asked) => {
            let heap_pages = (!fetch.is_index_only).then_some(pages.at_random);
            match parallel_workers(settings, asked, heap_pages, Some(searched.pages)) {
                0 => return None,
                workers => workers,
            }
        }
        None => 0,
    };
    let squared = searched.correlation * searched.correlation;
    run += pages.max_cost + squared * (pages.min_cost - pages.max_cost);
    startup += work.quals.startup;
    let mut cpu = (settings.cpu_tuple_cost + work.quals.per_tuple) * tuples_fetched;
    startup += work.target.startup;
    cpu += work.target.per_tuple * work.rows;
    let mut rows = work.rows;
    if workers > 0 {
        let divisor = parallel_divisor(workers);
        rows = clamp_row_est(rows / divisor);
        cpu /= divisor;
    }
    run += cpu;
    let cost = Cost { startup, total: startup + run };
    Some(IndexScan { scanned: Scanned { cost, rows }, workers })
}

/// Heap pages of an index scan.
struct HeapPages {
    /// Cost if the index is in the order of the heap.
    min_cost: f64,
    /// Cost if it is in no such order.
    max_cost: f64,
    /// Pages in the second case.
    at_random: f64,
}

fn heap_pages(
    settings: &Settings,
    heap: &Heap,
    searched: &Searched,
    fetch: &Fetch,
    tuples_fetched: f64,
) -> HeapPages {
    let random = settings.random_page_cost;
    let fetched = |tuples: f64| {
        let total = heap.total_table_pages;
        index_pages_fetched(settings, tuples, heap.pages, fetch.index_pages, total)
    };
    let visible = |pages: f64| match fetch.is_index_only {
        true => libm::ceil(pages * (1.0 - heap.allvisfrac)),
        false => pages,
    };
    let in_sequence = libm::ceil(searched.selectivity * heap.pages);
    if fetch.loop_count > 1.0 {
        // Cached pages are shared by all repetitions; all are taken to be read at random.
        let at_random = visible(fetched(tuples_fetched * fetch.loop_count));
        let least = visible(fetched(in_sequence * fetch.loop_count));
        return HeapPages {
            max_cost: (at_random * random) / fetch.loop_count,
            min_cost: (least * random) / fetch.loop_count,
            at_random,
        };
    }
    let at_random = visible(fetched(tuples_fetched));
    let least = visible(in_sequence);
    let mut min_cost = 0.0;
    if least > 0.0 {
        min_cost = random;
        if least > 1.0 {
            min_cost += (least - 1.0) * settings.seq_page_cost;
        }
    }
    HeapPages { min_cost, max_cost: at_random * random, at_random }
}
