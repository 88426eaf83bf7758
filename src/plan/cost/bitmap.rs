//! What bitmaps cost (`cost_bitmap_tree_node`, `cost_bitmap_and_node`, `cost_bitmap_or_node`,
//! `compute_bitmap_pages` and `cost_bitmap_heap_scan` in `costsize.c`).

use super::Cost;
use super::gather::parallel_divisor;
use super::scan::{Heap, Scanned, Work, index_pages_fetched};
use crate::plan::relation::clamp_row_est;
use crate::read::settings::{Settings, Switch};

/// Bytes that a page takes in a bitmap (`tbm_calculate_entries`).
const ENTRY_BYTES: f64 = 64.0;

/// A bitmap.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bitmap {
    /// Cost of making it.
    pub total: f64,
    /// Part of the table's rows that it names.
    pub selectivity: f64,
    /// It is of one index, not combined of several.
    pub is_of_index: bool,
}

/// Of one index: a tenth of an operator for each of the scan's `rows`, on top of the search.
pub fn of_index(settings: &Settings, index_total: f64, selectivity: f64, rows: f64) -> Bitmap {
    let total = index_total + 0.1 * settings.cpu_operator_cost * rows;
    Bitmap { total, selectivity, is_of_index: true }
}

/// `cost_bitmap_and_node`: parts are taken to be independent.
pub fn all_of(settings: &Settings, parts: &[Bitmap]) -> Bitmap {
    let (mut total, mut selectivity) = (0.0, 1.0);
    for (at, part) in parts.iter().enumerate() {
        selectivity *= part.selectivity;
        total += part.total;
        if at > 0 {
            total += 100.0 * settings.cpu_operator_cost;
        }
    }
    Bitmap { total, selectivity, is_of_index: false }
}

/// `cost_bitmap_or_node`: parts are taken not to overlap. An index writes straight into the result.
pub fn any_of(settings: &Settings, parts: &[Bitmap]) -> Bitmap {
    let (mut total, mut selectivity) = (0.0, 0.0);
    for (at, part) in parts.iter().enumerate() {
        selectivity += part.selectivity;
        total += part.total;
        if at > 0 && !part.is_of_index {
            total += 100.0 * settings.cpu_operator_cost;
        }
    }
    Bitmap { total, selectivity: selectivity.min(1.0), is_of_index: false }
}

/// Heap pages and rows that a bitmap makes a scan read.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BitmapPages {
    /// Pages.
    pub pages: f64,
    /// Rows that are checked.
    pub tuples: f64,
}

/// `compute_bitmap_pages`. Where `work_mem` does not hold the bitmap, all rows of some pages are checked.
pub fn bitmap_pages(
    settings: &Settings,
    heap: &Heap,
    bitmap: &Bitmap,
    index_pages: f64,
    loop_count: f64,
) -> BitmapPages {
    let mut tuples = clamp_row_est(bitmap.selectivity * heap.tuples);
    let of_table = if heap.pages > 1.0 { heap.pages } else { 1.0 };
    let mut pages = (2.0 * of_table * tuples) / (2.0 * of_table + tuples);
    let heap_pages = pages.min(heap.pages);
    let most_entries = libm::trunc(settings.work_mem_kb * 1024.0 / ENTRY_BYTES);
    let most_entries = most_entries.clamp(16.0, f64::from(i32::MAX - 1));
    if loop_count > 1.0 {
        let all = tuples * loop_count;
        pages = index_pages_fetched(settings, all, heap.pages, index_pages, heap.total_table_pages);
        pages /= loop_count;
    }
    pages = if pages >= of_table { of_table } else { libm::ceil(pages) };
    if most_entries < heap_pages {
        let lossy = (heap_pages - libm::trunc(most_entries / 2.0)).max(0.0);
        let exact = heap_pages - lossy;
        if lossy > 0.0 {
            tuples = clamp_row_est(
                bitmap.selectivity * (exact / heap_pages) * heap.tuples
                    + (lossy / heap_pages) * heap.tuples,
            );
        }
    }
    BitmapPages { pages, tuples }
}

/// `cost_bitmap_heap_scan`: a page costs the less, the more of the table is read. All conditions are
/// checked again on every row.
pub fn heap_scan(
    settings: &Settings,
    heap: &Heap,
    bitmap: &Bitmap,
    read: &BitmapPages,
    work: &Work,
    workers: u32,
) -> Scanned {
    let (random, sequential) = (settings.random_page_cost, settings.seq_page_cost);
    let mut startup = settings.penalty(Switch::BitmapScan) + bitmap.total;
    let of_table = if heap.pages > 1.0 { heap.pages } else { 1.0 };
    let per_page = if read.pages >= 2.0 {
        random - (random - sequential) * libm::sqrt(read.pages / of_table)
    } else {
        random
    };
    let mut run = read.pages * per_page;
    startup += work.quals.startup;
    let mut cpu = (settings.cpu_tuple_cost + work.quals.per_tuple) * read.tuples;
    let mut rows = work.rows;
    if workers > 0 {
        let divisor = parallel_divisor(workers);
        cpu /= divisor;
        rows = clamp_row_est(rows / divisor);
    }
    run += cpu;
    startup += work.target.startup;
    run += work.target.per_tuple * rows;
    Scanned { cost: Cost { startup, total: startup + run }, rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::clause::QualCost;
    use crate::plan::cost::index::{Fetch, Search, btree, index_scan};
    use crate::plan::cost::scan::seq_scan;

    /// A table of 300 000 rows on 11 142 pages, as a server of version 15 has it.
    const HEAP: Heap =
        Heap { pages: 11142.0, tuples: 300_000.0, allvisfrac: 0.0, total_table_pages: 11142.0 };

    fn cents(cost: Cost) -> (f64, f64) {
        (libm::rint(cost.startup * 100.0) / 100.0, libm::rint(cost.total * 100.0) / 100.0)
    }

    fn search(pages: f64, rows: f64, n_array_scans: f64) -> Search {
        Search {
            pages,
            tuples: HEAP.tuples,
            tree_height: 2.0,
            selectivity: rows / HEAP.tuples,
            visited: libm::rint(rows / n_array_scans),
            n_array_scans,
            n_conditions: 1.0,
            loop_count: 1.0,
            ..Search::default()
        }
    }

    fn work(rows: f64, operators: f64) -> Work {
        let quals = QualCost { startup: 0.0, per_tuple: 0.0025 * operators };
        Work { quals, rows, ..Work::default() }
    }

    #[test]
    fn whole_table() {
        let settings = Settings::default();
        let cost = |workers| seq_scan(&settings, &HEAP, &work(300_000.0, 0.0), workers);
        assert_eq!(cents(cost(0).cost), (0.0, 14142.0));
        assert_eq!((cents(cost(2).cost), cost(2).rows), ((0.0, 12392.0), 125_000.0));
    }

    #[test]
    fn one_row_by_its_key() {
        let settings = Settings::default();
        let found = btree(&settings, &HEAP, &search(825.0, 1.0, 1.0));
        let fetch = Fetch { loop_count: 1.0, index_pages: 825.0, ..Fetch::default() };
        let scan = index_scan(&settings, &HEAP, &found, &fetch, &work(1.0, 0.0)).unwrap();
        assert_eq!(cents(scan.scanned.cost), (0.42, 8.44));
    }

    /// `a = 5`, and `a IN (1, 2, 3)`, of which three descents are made.
    #[test]
    fn rows_by_bitmap() {
        let settings = Settings::default();
        for (rows, n_values, operators, of_index, of_heap) in
            [(149.0, 1.0, 1.0, 5.54, (5.58, 551.75)), (447.0, 3.0, 1.5, 16.62, (16.73, 1517.46))]
        {
            let found = btree(&settings, &HEAP, &search(606.0, rows, n_values));
            assert_eq!(cents(found.cost).1, of_index);
            let bitmap = super::of_index(&settings, found.cost.total, found.selectivity, rows);
            let read = bitmap_pages(&settings, &HEAP, &bitmap, 606.0, 1.0);
            let scan = heap_scan(&settings, &HEAP, &bitmap, &read, &work(rows, operators), 0);
            assert_eq!(cents(scan.cost), of_heap);
        }
    }
}
