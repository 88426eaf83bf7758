//! What paths cost, in planner units. After PostgreSQL's `costsize.c` and `selfuncs.c`
//! (`genericcostestimate`, `btcostestimate`). Rows and pages are estimates, costs are sums of pages
//! read (`seq_page_cost`, `random_page_cost`) and work done (`cpu_*_cost`).

use crate::read::statistics::Settings;
use crate::sql::expr::Expr;

/// Cost before the first row, and of all rows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// Before the first row.
    pub startup: f64,
    /// All rows.
    pub total: f64,
}

/// `cost_qual_eval`: operators and functions in a condition, each `cpu_operator_cost`. A list counts
/// half its length, because a match ends the search.
pub fn qual_cost(settings: &Settings, condition: &Expr) -> f64 {
    let mut operators = 0.0;
    condition.walk(&mut |part| {
        operators += match part {
            Expr::Compare(..) | Expr::Like { .. } | Expr::Operator { .. } | Expr::Function(_) => {
                1.0
            }
            Expr::InList { list, .. } => {
                f64::from(u32::try_from(list.len()).unwrap_or(u32::MAX)) * 0.5
            }
            Expr::AnyAll { .. } => 5.0,
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::AnyAllSubquery { .. } => 1.0,
            _ => 0.0,
        };
    });
    operators * settings.cpu_operator_cost
}

/// `cost_seqscan`: every page, every row, every condition on every row.
pub fn seq_scan(settings: &Settings, pages: f64, rows: f64, quals: f64) -> Cost {
    let total = pages * settings.seq_page_cost + rows * (settings.cpu_tuple_cost + quals);
    Cost { startup: 0.0, total }
}

/// `index_pages_fetched`: distinct pages read when `tuples` random rows of a heap of `pages` pages are
/// fetched through a cache that this table shares with the rest of the query's (Mackert and Lohman,
/// "Index Scans Using a Finite LRU Buffer", 1989). `others` is the pages of everything else.
pub fn index_pages_fetched(settings: &Settings, tuples: f64, pages: f64, others: f64) -> f64 {
    let pages = pages.max(1.0);
    let cache = (settings.effective_cache_size * pages / (pages + others).max(1.0)).ceil().max(1.0);
    let twice = 2.0 * pages;
    if pages <= cache {
        return (twice * tuples / (twice + tuples)).min(pages).ceil();
    }
    let limit = twice * cache / (twice - cache);
    if tuples <= limit {
        (twice * tuples / (twice + tuples)).ceil()
    } else {
        (cache + (tuples - limit) * (pages - cache) / pages).ceil()
    }
}

/// What an index scan works on.
#[derive(Debug, Clone, Copy)]
pub struct IndexScan {
    /// Entries of the index.
    pub index_tuples: f64,
    /// Its pages.
    pub index_pages: f64,
    /// Levels above the leaves.
    pub tree_height: f64,
    /// Part of the rows that the boundary conditions keep.
    pub boundary_selectivity: f64,
    /// Part of the rows that all index conditions keep.
    pub selectivity: f64,
    /// Index conditions.
    pub n_conditions: f64,
    /// Descents for the values of IN lists.
    pub n_descents: f64,
    /// At most one row matches.
    pub is_unique_match: bool,
    /// Correlation of the heap with the index order, -1 to 1.
    pub correlation: f64,
    /// Rows of the table.
    pub rows: f64,
    /// Pages of the table.
    pub pages: f64,
    /// Part of the heap's pages that is all-visible.
    pub all_visible: f64,
    /// Pages of the other tables of the query.
    pub other_pages: f64,
    /// Times the scan runs, as the inner side of a nested loop.
    pub loops: f64,
}

/// Cost of reading the index alone, the entries and pages read.
#[derive(Debug, Clone, Copy)]
pub struct IndexAccess {
    /// Cost.
    pub cost: Cost,
    /// Entries read.
    pub tuples: f64,
}

/// `btcostestimate`: the entries between the boundaries are read. Their pages are random reads; each
/// descent compares `log2(entries)` times and passes `tree_height + 1` pages at 50 operators each.
pub fn index_access(settings: &Settings, scan: &IndexScan) -> IndexAccess {
    let descents = scan.n_descents.max(1.0);
    let mut tuples = (scan.boundary_selectivity * scan.index_tuples / descents).round().max(1.0);
    if scan.is_unique_match {
        tuples = 1.0;
    }
    tuples = tuples.min(scan.index_tuples.max(1.0));
    let pages = if scan.index_pages > 1.0 && scan.index_tuples > 1.0 {
        (tuples * scan.index_pages / scan.index_tuples).ceil()
    } else {
        1.0
    };
    let scans = descents * scan.loops;
    let io = if scans > 1.0 {
        let fetched =
            index_pages_fetched(settings, pages * scans, scan.index_pages, scan.other_pages);
        fetched * settings.random_page_cost / scan.loops
    } else {
        pages * settings.random_page_cost
    };
    let per_tuple = settings.cpu_index_tuple_cost + settings.cpu_operator_cost * scan.n_conditions;
    let mut descent = 50.0 * settings.cpu_operator_cost * (scan.tree_height + 1.0);
    if scan.index_tuples > 1.0 {
        descent += libm::log2(scan.index_tuples).ceil() * settings.cpu_operator_cost;
    }
    let total = io + tuples * descents * per_tuple + descents * descent;
    IndexAccess { cost: Cost { startup: descent, total }, tuples: tuples * descents }
}

/// `cost_index`: the index, then the heap pages of the matching rows: between all at random
/// (correlation 0) and side by side (correlation 1), by the square of the correlation. An index-only
/// scan visits only pages that are not all-visible. `quals` is the cost of the conditions left to check
/// on a row.
pub fn index_scan(settings: &Settings, scan: &IndexScan, index_only: bool, quals: f64) -> Cost {
    let access = index_access(settings, scan);
    let fetched = (scan.selectivity * scan.rows).round().max(1.0);
    let visited = if index_only { 1.0 - scan.all_visible } else { 1.0 };
    let others = scan.other_pages + scan.index_pages;
    let (max_io, min_io) = if scan.loops > 1.0 {
        let apart = index_pages_fetched(settings, fetched * scan.loops, scan.pages, others);
        let side_by_side = (scan.selectivity * scan.pages).ceil();
        let together = index_pages_fetched(settings, side_by_side * scan.loops, scan.pages, others);
        (
            (apart * visited).ceil() * settings.random_page_cost / scan.loops,
            (together * visited).ceil() * settings.random_page_cost / scan.loops,
        )
    } else {
        let apart = index_pages_fetched(settings, fetched, scan.pages, others);
        let together = ((scan.selectivity * scan.pages).ceil() * visited).ceil();
        let min = match together > 0.0 {
            true => settings.random_page_cost + (together - 1.0) * settings.seq_page_cost,
            false => 0.0,
        };
        ((apart * visited).ceil() * settings.random_page_cost, min)
    };
    let squared = scan.correlation * scan.correlation;
    let io = max_io + squared * (min_io - max_io);
    let cpu = fetched * (settings.cpu_tuple_cost + quals);
    Cost { startup: access.cost.startup, total: access.cost.total + io + cpu }
}

/// `cost_bitmap_heap_scan` over a bitmap that cost `bitmap` and keeps `selectivity` of the rows: its
/// pages are read in order, each between a sequential and a random read by the part of the heap that is
/// read. When the bitmap does not fit `work_mem` it remembers pages only, whose rows are all checked.
pub fn bitmap_heap_scan(
    settings: &Settings,
    bitmap: f64,
    selectivity: f64,
    scan: &IndexScan,
    quals: f64,
) -> Cost {
    let heap_pages = scan.pages.max(1.0);
    let mut tuples = (selectivity * scan.rows).round().max(1.0);
    let twice = 2.0 * heap_pages;
    let fetched = if scan.loops > 1.0 {
        let all = index_pages_fetched(
            settings,
            tuples * scan.loops,
            heap_pages,
            scan.other_pages + scan.index_pages,
        );
        all / scan.loops
    } else {
        (twice * tuples) / (twice + tuples)
    };
    // tbm_calculate_entries: a page of the bitmap's hash table takes about 56 bytes.
    let max_entries = (settings.work_mem_kb * 1024.0 / 56.0).max(16.0);
    let pages_once = ((twice * tuples) / (twice + tuples)).min(heap_pages);
    if max_entries < pages_once {
        let lossy = (heap_pages - max_entries / 2.0).max(0.0);
        let exact = heap_pages - lossy;
        if lossy > 0.0 {
            let exact_part = (exact / heap_pages) * selectivity;
            tuples = (exact_part * scan.rows + lossy / heap_pages * scan.rows).round().max(1.0);
        }
    }
    let fetched = if fetched >= heap_pages { heap_pages } else { fetched.ceil() };
    let per_page = if fetched >= 2.0 {
        settings.random_page_cost
            - (settings.random_page_cost - settings.seq_page_cost)
                * libm::sqrt(fetched / heap_pages)
    } else {
        settings.random_page_cost
    };
    let total = bitmap + fetched * per_page + tuples * (settings.cpu_tuple_cost + quals);
    Cost { startup: bitmap, total }
}

/// `cost_tuplesort`: `N log2 N` comparisons of two operators each, or a heap of the `limit` best rows;
/// beyond `work_mem` the rows are also written and read once for every merge pass.
pub fn sort(settings: &Settings, input: Cost, rows: f64, width: f64, limit: Option<f64>) -> Cost {
    let rows = rows.max(2.0);
    let compare = 2.0 * settings.cpu_operator_cost;
    let row_bytes = (width / 8.0).ceil() * 8.0 + 24.0;
    let input_bytes = rows * row_bytes;
    let (output, output_bytes) = match limit {
        Some(limit) if limit > 0.0 && limit < rows => (limit, limit * row_bytes),
        _ => (rows, input_bytes),
    };
    let memory = settings.work_mem_kb * 1024.0;
    let mut startup = input.total;
    if output_bytes > memory {
        let pages = (input_bytes / 8192.0).ceil();
        let runs = input_bytes / memory;
        // tuplesort_merge_order: tapes of 32 pages plus a page each.
        let order = (memory / (33.0 * 8192.0)).floor().clamp(6.0, 500.0);
        let passes = if runs > order { (libm::log(runs) / libm::log(order)).ceil() } else { 1.0 };
        startup += compare * rows * libm::log2(rows);
        startup += 2.0
            * pages
            * passes
            * (settings.seq_page_cost * 0.75 + settings.random_page_cost * 0.25);
    } else if rows > 2.0 * output || input_bytes > memory {
        startup += compare * rows * libm::log2(2.0 * output);
    } else {
        startup += compare * rows * libm::log2(rows);
    }
    Cost { startup, total: startup + settings.cpu_operator_cost * rows }
}

/// `adjust_limit_rows_costs`: the first `count` of `rows` cost their part of what follows the start.
pub fn limit(input: Cost, rows: f64, offset: f64, count: Option<f64>) -> (Cost, f64) {
    let rows = rows.max(1.0);
    let run = input.total - input.startup;
    let skipped = offset.min(rows);
    let left = (rows - skipped).max(1.0);
    let taken = count.map_or(left, |count| count.clamp(1.0, left));
    let startup = input.startup + run * skipped / rows;
    (Cost { startup, total: startup + run * taken / rows }, taken)
}
