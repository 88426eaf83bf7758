//! What reading an index costs (`genericcostestimate`, `btcostestimate`, `gincostestimate` and kin in
//! `selfuncs.c`) and the heap behind it (`cost_index` in `costsize.c`).

use super::Cost;
use crate::read::statistics::Settings;

/// `index_pages_fetched`: distinct pages read when `tuples` random rows of `pages` pages are fetched
/// through a cache that this relation shares with all others (Mackert and Lohman, "Index Scans Using a
/// Finite LRU Buffer", 1989). `total_pages`: of all tables of the query and this index.
pub fn index_pages_fetched(settings: &Settings, tuples: f64, pages: f64, total_pages: f64) -> f64 {
    let t = if pages > 1.0 { pages } else { 1.0 };
    let total = total_pages.max(1.0);
    let b = settings.effective_cache_size * t / total;
    let b = if b <= 1.0 { 1.0 } else { libm::ceil(b) };
    if t <= b {
        let fetched = (2.0 * t * tuples) / (2.0 * t + tuples);
        return if fetched >= t { t } else { libm::ceil(fetched) };
    }
    let limit = (2.0 * t * b) / (2.0 * t - b);
    let fetched = if tuples <= limit {
        (2.0 * t * tuples) / (2.0 * t + tuples)
    } else {
        b + (tuples - limit) * (t - b) / t
    };
    libm::ceil(fetched)
}

/// A scan of an index.
#[derive(Debug, Clone, Copy)]
pub struct IndexScan {
    /// Entries of the index.
    pub tuples: f64,
    /// Its pages.
    pub pages: f64,
    /// Levels above the leaves.
    pub tree_height: f64,
    /// Rows of the table.
    pub heap_tuples: f64,
    /// Part of the table's rows that all conditions keep.
    pub selectivity: f64,
    /// Entries read for each descent; absent: those that the conditions keep.
    pub index_tuples: Option<f64>,
    /// Conditions.
    pub n_quals: f64,
    /// Descents for the values of IN lists.
    pub n_descents: f64,
    /// Cost of the values that are compared with.
    pub operand_cost: f64,
    /// Times the scan runs.
    pub loops: f64,
    /// Pages of all tables of the query.
    pub total_table_pages: f64,
}

/// What a scan of an index costs, without the heap.
#[derive(Debug, Clone, Copy, Default)]
pub struct IndexCost {
    /// Its cost.
    pub cost: Cost,
    /// Pages read.
    pub pages: f64,
}

/// `genericcostestimate`: pages of entries at random, and work on each entry.
pub fn generic(settings: &Settings, scan: &IndexScan) -> IndexCost {
    let mut entries = match scan.index_tuples {
        Some(entries) if entries > 0.0 => entries,
        _ => libm::rint(scan.selectivity * scan.heap_tuples / scan.n_descents),
    };
    if entries > scan.tuples {
        entries = scan.tuples;
    }
    if entries < 1.0 {
        entries = 1.0;
    }
    let pages = match scan.pages > 1.0 && scan.tuples > 1.0 {
        true => libm::ceil(entries * scan.pages / scan.tuples),
        false => 1.0,
    };
    let n_scans = scan.n_descents * scan.loops;
    let mut total = if n_scans > 1.0 {
        let all = scan.total_table_pages + scan.pages;
        let fetched = index_pages_fetched(settings, pages * n_scans, scan.pages, all);
        (fetched * settings.random_page_cost) / scan.loops
    } else {
        pages * settings.random_page_cost
    };
    let operators = settings.cpu_operator_cost * scan.n_quals;
    total += scan.operand_cost;
    total += entries * scan.n_descents * (settings.cpu_index_tuple_cost + operators);
    IndexCost { cost: Cost { startup: scan.operand_cost, total }, pages }
}

/// `btcostestimate`: each descent compares `log2(entries)` times, and touches a page a level at 50
/// operators each.
pub fn btree(settings: &Settings, scan: &IndexScan) -> IndexCost {
    let mut out = generic(settings, scan);
    if scan.tuples > 1.0 {
        let steps = libm::ceil(libm::log(scan.tuples) / libm::log(2.0));
        descend(&mut out, scan, steps * settings.cpu_operator_cost);
    }
    descend(&mut out, scan, (scan.tree_height + 1.0) * 50.0 * settings.cpu_operator_cost);
    out
}

/// `gistcostestimate`, `spgcostestimate`
pub fn search_tree(settings: &Settings, scan: &IndexScan) -> IndexCost {
    let height = match scan.pages > 1.0 {
        true => libm::trunc(libm::log(scan.pages) / libm::log(100.0)),
        false => 0.0,
    };
    let mut out = generic(settings, scan);
    if scan.tuples > 1.0 {
        descend(&mut out, scan, libm::ceil(libm::log(scan.tuples)) * settings.cpu_operator_cost);
    }
    descend(&mut out, scan, (height + 1.0) * 50.0 * settings.cpu_operator_cost);
    out
}

fn descend(out: &mut IndexCost, scan: &IndexScan, cost: f64) {
    out.cost.startup += cost;
    out.cost.total += scan.n_descents * cost;
}

/// `gincostestimate`. How many entries the index has stands on its meta page, which is not known here:
/// as the server does then, nine tenths of the pages are taken for entries, a hundred each. `searches`:
/// entries looked up.
pub fn gin(settings: &Settings, scan: &IndexScan, searches: f64) -> IndexCost {
    let pages = scan.pages.max(10.0);
    let entry_pages = libm::floor(pages * 0.90);
    let data_pages = pages - entry_pages;
    let entries = (entry_pages * 100.0).max(1.0);
    let searches = if searches <= 0.0 { entries } else { searches };
    let repeated = |pages: f64, of: f64| {
        if scan.loops * scan.n_descents <= 1.0 {
            return pages;
        }
        let all = scan.total_table_pages + of;
        index_pages_fetched(settings, pages * scan.loops * scan.n_descents, of, all) / scan.loops
    };
    let read = libm::ceil(searches * libm::rint(libm::pow(entry_pages, 0.15)));
    let startup = repeated(read, entry_pages) * settings.random_page_cost;
    let by_entries = libm::ceil(data_pages * searches / entries);
    let by_rows = libm::ceil(scan.selectivity * (scan.tuples / (8192.0 / 3.0)));
    let data = repeated(by_entries.max(by_rows), data_pages);
    let mut total = startup + data * settings.random_page_cost;
    let operators = settings.cpu_operator_cost * scan.n_quals;
    total += scan.operand_cost;
    total += scan.tuples * scan.selectivity * (settings.cpu_index_tuple_cost + operators);
    IndexCost { cost: Cost { startup: startup + scan.operand_cost, total }, pages: data }
}

/// `brincostestimate`: the whole index is read; of the table's block ranges those that may match, more
/// of them the less the rows are in order. Returns the part of the table that is read too.
pub fn brin(
    settings: &Settings,
    scan: &IndexScan,
    heap_pages: f64,
    pages_per_range: f64,
    correlation: f64,
) -> (IndexCost, f64) {
    let ranges = libm::ceil(heap_pages / pages_per_range).max(1.0);
    let minimal = libm::ceil(ranges * scan.selectivity);
    let estimated = match correlation.abs() < 1.0e-10 {
        true => ranges,
        false => (minimal / correlation.abs()).min(ranges),
    };
    let read = (estimated / ranges).clamp(0.0, 1.0);
    let revmap = libm::ceil(ranges / 1360.0);
    let startup = settings.seq_page_cost * revmap + scan.operand_cost;
    let regular = (scan.pages - revmap).max(1.0);
    let mut total = startup + settings.random_page_cost * regular * scan.loops;
    total += 0.1 * settings.cpu_operator_cost * estimated * pages_per_range;
    (IndexCost { cost: Cost { startup, total }, pages: regular }, read)
}

/// Rows fetched from the heap through an index.
#[derive(Debug, Clone, Copy)]
pub struct HeapFetch {
    /// Pages of the heap.
    pub pages: f64,
    /// Pages of the index.
    pub index_pages: f64,
    /// Rows fetched, a whole number.
    pub tuples: f64,
    /// Part of the table's rows.
    pub selectivity: f64,
    /// Correlation of the heap with the index order, -1 to 1.
    pub correlation: f64,
    /// For an index-only scan: part of the heap that is all-visible.
    pub all_visible: Option<f64>,
    /// Times the scan runs.
    pub loops: f64,
    /// Pages of all tables of the query.
    pub total_table_pages: f64,
}

/// Cost of the pages, between that of rows in index order and that of rows anywhere; and the pages if
/// they are anywhere.
pub fn heap_fetch(settings: &Settings, fetch: &HeapFetch) -> (f64, f64) {
    let total = fetch.total_table_pages + fetch.index_pages;
    let visited = |pages: f64| match fetch.all_visible {
        Some(visible) => libm::ceil(pages * (1.0 - visible)),
        None => pages,
    };
    let fetched = |tuples: f64| index_pages_fetched(settings, tuples, fetch.pages, total);
    let in_order = libm::ceil(fetch.selectivity * fetch.pages);
    let random = settings.random_page_cost;
    let (anywhere, most, least);
    if fetch.loops > 1.0 {
        anywhere = visited(fetched(fetch.tuples * fetch.loops));
        most = (anywhere * random) / fetch.loops;
        least = (visited(fetched(in_order * fetch.loops)) * random) / fetch.loops;
    } else {
        anywhere = visited(fetched(fetch.tuples));
        most = anywhere * random;
        let pages = visited(in_order);
        least = match pages > 0.0 {
            true if pages > 1.0 => random + (pages - 1.0) * settings.seq_page_cost,
            true => random,
            false => 0.0,
        };
    }
    let squared = fetch.correlation * fetch.correlation;
    (most + squared * (least - most), anywhere)
}
