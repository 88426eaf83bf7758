//! How many workers a scan is worth (`compute_parallel_worker` in `allpaths.c`): one from the minimum
//! size on, one more each time the size triples.

use crate::plan::root::Root;

/// Workers for a scan of so many pages of the heap and of an index; absent: not counted.
pub fn parallel_workers(
    root: &Root<'_>,
    relation: usize,
    heap_pages: Option<f64>,
    index_pages: Option<f64>,
) -> u32 {
    let settings = root.settings();
    let most = settings.max_parallel_workers_per_gather;
    if let Some(asked) = root.base(relation).and_then(|base| base.parallel_workers) {
        return asked.min(most);
    }
    let table_min = settings.min_parallel_table_scan_size;
    let index_min = settings.min_parallel_index_scan_size;
    if heap_pages.is_some_and(|pages| pages < table_min)
        || index_pages.is_some_and(|pages| pages < index_min)
    {
        return 0;
    }
    let by_heap = heap_pages.map(|pages| tripled(pages, table_min));
    let by_index = index_pages.map(|pages| tripled(pages, index_min));
    match (by_heap, by_index) {
        (Some(a), Some(b)) => a.min(b).min(most),
        (Some(n), None) | (None, Some(n)) => n.min(most),
        (None, None) => 0,
    }
}

fn tripled(pages: f64, min: f64) -> u32 {
    let mut threshold = min.max(1.0);
    let mut n = 1;
    while pages >= threshold * 3.0 {
        n += 1;
        threshold *= 3.0;
    }
    n
}
