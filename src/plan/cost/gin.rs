//! What searching an inverted index costs (`gincostestimate` in `selfuncs.c`). The index's meta page,
//! which counts its entries and their pages, is in no export: the planner's own assumptions for an index
//! without one are used, nine pages in ten for entries, a hundred entries on each.

use super::Cost;
use super::index::{Search, Searched};
use super::scan::{Heap, index_pages_fetched};
use crate::read::statistics::Settings;

/// Rows on a data page: three bytes each.
const ITEMS_PER_DATA_PAGE: f64 = 2730.0;

/// What the conditions look up in the index (`GinQualCounts`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lookups {
    /// Entries found by a prefix: a hundred for each prefix.
    pub partial: f64,
    /// Entries found by their value.
    pub exact: f64,
    /// Descents of the entry tree.
    pub searches: f64,
    /// Values of arrays: all of it so many times.
    pub array_scans: f64,
    /// A condition says nothing about any entry: all of them are read.
    pub is_full_scan: bool,
}

impl Default for Lookups {
    fn default() -> Lookups {
        Lookups { partial: 0.0, exact: 0.0, searches: 0.0, array_scans: 1.0, is_full_scan: false }
    }
}

/// `gincostestimate`. `search.selectivity` includes the index's predicate.
pub fn gin(settings: &Settings, heap: &Heap, search: &Search, lookups: &Lookups) -> Searched {
    let index_pages = search.pages.max(10.0);
    let entry_pages = libm::floor(index_pages * 0.90);
    let data_pages = index_pages - entry_pages;
    let entries = libm::floor(entry_pages * 100.0).max(1.0);
    let mut counts = *lookups;
    if counts.is_full_scan || search.n_conditions == 0.0 {
        counts.partial = 0.0;
        counts.exact = entries;
        counts.searches = entries;
    }
    let outer = search.loop_count;
    let repeats = outer > 1.0 || counts.array_scans > 1.0;
    let repeated = |pages: f64, of: f64| {
        let total = heap.total_table_pages;
        let all = pages * (outer * counts.array_scans);
        index_pages_fetched(settings, all, of, of, total) / outer
    };
    let mut entry_fetched = libm::ceil(counts.searches * libm::rint(libm::pow(entry_pages, 0.15)));
    let partial_scale = (counts.partial / entries).min(1.0);
    entry_fetched += libm::ceil(entry_pages * partial_scale);
    let mut data_fetched = libm::ceil(data_pages * partial_scale);
    if repeats {
        entry_fetched = repeated(entry_fetched, entry_pages);
        data_fetched = repeated(data_fetched, data_pages);
    }
    let mut startup = (entry_fetched + data_fetched) * settings.random_page_cost;
    data_fetched = libm::ceil(data_pages * counts.exact / entries);
    let by_selectivity = libm::ceil(search.selectivity * (search.tuples / ITEMS_PER_DATA_PAGE));
    data_fetched = data_fetched.max(by_selectivity);
    if repeats {
        data_fetched = repeated(data_fetched, data_pages);
    }
    let mut total = startup + data_fetched * settings.random_page_cost;
    startup += search.operands;
    total += search.operands;
    let condition_cost = settings.cpu_operator_cost * search.n_conditions;
    total +=
        (search.tuples * search.selectivity) * (settings.cpu_index_tuple_cost + condition_cost);
    Searched {
        cost: Cost { startup, total },
        selectivity: search.selectivity,
        correlation: 0.0,
        pages: data_fetched,
    }
}
