//! What a bitmap heap scan costs (`cost_bitmap_heap_scan`, `compute_bitmap_pages` in `costsize.c`).

use super::index::index_pages_fetched;
use crate::plan::relation::clamp_row_est;
use crate::read::statistics::Settings;

/// The heap pages of a bitmap.
#[derive(Debug, Clone, Copy)]
pub struct BitmapHeap {
    /// Pages of the heap.
    pub pages: f64,
    /// Rows of the table.
    pub tuples: f64,
    /// Part of them in the bitmap.
    pub selectivity: f64,
    /// Pages of the indexes.
    pub index_pages: f64,
    /// Times the scan runs.
    pub loops: f64,
    /// Pages of all tables of the query.
    pub total_table_pages: f64,
}

/// Entries of a bitmap that fit in `work_mem` (`tbm_calculate_entries`): 48 bytes each, of which 40 are
/// the bits of up to 291 rows, and two pointers.
fn max_entries(settings: &Settings) -> f64 {
    libm::floor(settings.work_mem_kb * 1024.0 / (48.0 + 8.0 + 8.0)).max(16.0)
}

/// `compute_bitmap_pages`: pages and rows fetched. What does not fit in memory is kept by page, and all
/// rows of such a page are checked.
pub fn pages_and_tuples(settings: &Settings, heap: &BitmapHeap) -> (f64, f64) {
    let mut tuples = clamp_row_est(heap.selectivity * heap.tuples);
    let t = if heap.pages > 1.0 { heap.pages } else { 1.0 };
    let mut fetched = (2.0 * t * tuples) / (2.0 * t + tuples);
    let heap_pages = fetched.min(heap.pages);
    if heap.loops > 1.0 {
        let total = heap.total_table_pages + heap.index_pages;
        fetched = index_pages_fetched(settings, tuples * heap.loops, heap.pages, total);
        fetched /= heap.loops;
    }
    let fetched = if fetched >= t { t } else { libm::ceil(fetched) };
    let entries = max_entries(settings);
    if entries < heap_pages {
        let lossy = (heap_pages - libm::trunc(entries / 2.0)).max(0.0);
        let exact = heap_pages - lossy;
        if lossy > 0.0 {
            tuples = clamp_row_est(
                heap.selectivity * (exact / heap_pages) * heap.tuples
                    + (lossy / heap_pages) * heap.tuples,
            );
        }
    }
    (fetched, tuples)
}

/// Cost of the pages: the more of the heap, the more they are read in sequence.
pub fn page_cost(settings: &Settings, fetched: f64, pages: f64) -> f64 {
    let t = if pages > 1.0 { pages } else { 1.0 };
    let (random, seq) = (settings.random_page_cost, settings.seq_page_cost);
    let each =
        if fetched >= 2.0 { random - (random - seq) * libm::sqrt(fetched / t) } else { random };
    fetched * each
}
