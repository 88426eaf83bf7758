//! Formulas against what EXPLAIN of PostgreSQL 15.18 says on TPC-H of scale 1, work_mem 4 MB.

use super::agg::{AggCosts, Grouping, agg, group};
use super::gather::{gather, gather_merge};
use super::limit::{Limits, limit};
use super::sort::{incremental_sort, sort};
use super::window::window_agg;
use super::{Cost, Filter, Input};
use crate::plan::clause::QualCost;
use crate::plan::path::AggStrategy::{self, Hashed, Plain, Sorted};
use crate::read::statistics::Settings;

/// Rows of `lineitem` by a sequential scan.
fn lineitem(width: f64) -> Input {
    Input { cost: Cost { startup: 0.0, total: 172_515.15 }, rows: 6_001_215.0, width }
}

fn shown(cost: Cost) -> String {
    format!("{:.2}..{:.2}", cost.startup, cost.total)
}

fn operators(n: f64) -> QualCost {
    QualCost { startup: 0.0, per_tuple: 0.0025 * n }
}

fn grouping(strategy: AggStrategy, columns: usize, groups: f64, n_states: usize) -> Grouping {
    Grouping { strategy, columns, groups, n_states }
}

#[test]
fn sorts_on_disk_bounded_and_incremental() {
    let settings = Settings::default();
    let read = lineitem(117.0);
    let on_disk = sort(&settings, read.cost.total, read.rows, read.width, 0.0, -1.0);
    assert_eq!(shown(on_disk), "1586593.64..1601596.67");
    let bounded = sort(&settings, read.cost.total, read.rows, read.width, 0.0, 10.0);
    assert_eq!(shown(bounded), "302199.25..317202.29");
    let (limited, rows) = limit(bounded, read.rows, Limits { offset: 0.0, count: 10.0 });
    assert_eq!((shown(limited).as_str(), rows), ("302199.25..302199.27", 10.0));
    let index = Input { cost: Cost { startup: 0.43, total: 416_011.666 }, ..read };
    let in_order = incremental_sort(&settings, &index, 402_355.0, 0.0, -1.0);
    assert_eq!(shown(in_order), "1.97..708381.76");
}

#[test]
fn groups_hashed_spilled_sorted_and_plain() {
    let settings = Settings::default();
    // sum(numeric), avg(numeric) and count(*): three states, two final functions.
    let costs =
        AggCosts { transition: operators(3.0), finish: operators(2.0), transition_space: 256.0 };
    let grouped = agg(&settings, &grouping(Hashed, 1, 10_009.0, 3), &costs, None, &lineitem(13.0));
    assert_eq!((shown(grouped.0).as_str(), grouped.1), ("232527.30..232677.43", 10_009.0));
    let count = AggCosts { transition: operators(1.0), ..AggCosts::default() };
    let spilled = agg(&settings, &grouping(Hashed, 3, 922_853.0, 1), &count, None, &lineitem(35.0));
    assert_eq!(shown(spilled.0), "727627.54..830625.05");
    let sorted = Cost { startup: 1_012_257.638_4, total: 1_027_260.675_9 };
    let sorted = Input { cost: sorted, ..lineitem(4.0) };
    assert_eq!(shown(group(&settings, 1, 10_009.0, None, &sorted).0), "1012257.64..1042263.71");
    let filter = Filter { cost: operators(1.0), selectivity: 1.0 / 3.0 };
    let max = AggCosts { transition: operators(3.0), ..AggCosts::default() };
    let sorted = Cost { startup: 1_053_277.638, total: 1_068_280.675 };
    let sorted = Input { cost: sorted, ..lineitem(12.0) };
    let having = agg(&settings, &grouping(Sorted, 1, 10_009.0, 2), &max, Some(filter), &sorted);
    assert_eq!((shown(having.0).as_str(), having.1), ("1053277.64..1128417.94", 3336.0));
    let two = AggCosts { transition: operators(3.0), finish: operators(1.0), ..costs };
    let one = agg(&settings, &grouping(Plain, 0, 1.0, 2), &two, None, &lineitem(39.0));
    assert_eq!(shown(one.0), "217524.26..217524.27");
}

#[test]
fn windows_and_workers() {
    let settings = Settings::default();
    let sorted = Cost { startup: 256_498.98, total: 260_248.98 };
    let sorted = Input { cost: sorted, rows: 1_500_000.0, width: 20.0 };
    let first = window_agg(&settings, &[operators(1.0)], 2, &sorted);
    assert_eq!(shown(first), "256498.98..286498.98");
    let partial = Cost { startup: 163_328.31, total: 163_353.33 };
    assert_eq!(shown(gather_merge(&settings, partial, 20_018.0, 2)), "164328.33..166663.93");
    let hashed = Cost { startup: 143_759.33, total: 143_759.40 };
    assert_eq!(shown(gather(&settings, hashed, 14.0)), "144759.33..144760.80");
}
