//! Pages and height of a B-tree that CREATE INDEX builds (`nbtsort.c`, `nbtdedup.c`): entries are put
//! on leaves one after the other, each leaf is filled up to its fill factor, and equal keys share an
//! entry with the list of their rows. How many rows share a key follows from the statistics of the
//! single columns, taken for independent of each other, unless a unique index says that none do.

use crate::sorted::SortedMap;

use super::column::column_info;
use super::scope::Scope;
use super::sql_type::declared_type;
use super::types::canonical;
use super::variable::single;
use super::width::{Widths, widths};
use crate::catalog::{Index, Table};
use crate::read::statistics::ColumnStatistics;
use crate::sql::schema::{IndexKey, KeyPart};

/// What an empty page offers, after header, special space and the pointer of the high key; and what
/// another entry's pointer takes of it.
const PAGE_BYTES: u32 = 8148;
const POINTER: u32 = 4;
/// The largest entry with a list of rows: a tenth of a page, less a pointer, in steps of eight.
const LIST_BYTES: u32 = 808;
/// Bytes of a row in a list.
const ROW_BYTES: u32 = 6;
/// Common values of a column that are told apart.
const COMMON_MAX: usize = 25;
/// Entries and leaves that are laid out to learn how full leaves become.
const LAID_MAX: usize = 30_000;
const LEAVES_MAX: usize = 60;

/// Pages, meta page included, and levels above the leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TreeSize {
    /// Pages.
    pub pages: f64,
    /// Levels above the leaves.
    pub height: f64,
}

/// One key column.
struct Key {
    widths: Widths,
    distinct: f64,
    common: Vec<f64>,
    can_share: bool,
}

/// The size of an index of so many entries, computed once.
pub fn tree_size(table: &Table, index: &Index, tuples: f64) -> TreeSize {
    match index.computed.tree.get() {
        Some((known, pages, height)) if known == tuples => TreeSize { pages, height },
        _ => {
            let size = built(table, index, tuples);
            index.computed.tree.set(Some((tuples, size.pages, size.height)));
            size
        }
    }
}

fn built(table: &Table, index: &Index, tuples: f64) -> TreeSize {
    let keys: Vec<Key> =
        index.keys.iter().enumerate().map(|(at, key)| key_of(table, index, at, key)).collect();
    let mut columns: Vec<&Widths> = keys.iter().map(|key| &key.widths).collect();
    let included: Vec<Widths> = index
        .include
        .iter()
        .filter_map(|at| table.columns.get(*at))
        .map(|column| widths(&column.data_type, column.statistics.as_ref()))
        .collect();
    columns.extend(&included);
    let is_unique = index.unique || has_unique_part(table, index);
    let is_off = index.options.iter().any(|(name, value)| {
        name == "deduplicate_items" && matches!(value.as_str(), "off" | "false" | "0")
    });
    let shares =
        !is_unique && index.include.is_empty() && !is_off && keys.iter().all(|key| key.can_share);
    let mut entries = Entries::default();
    if shares {
        entries.add_groups(
            &keys,
            0,
            &Group { rows: tuples.max(0.0), times: 1.0, columns: Vec::new() },
        );
    } else {
        entries.add_single(&entry_sizes(&columns), tuples);
    }
    let leaves = leaves(&entries, fill_factor(index));
    let pivot = pivot_size(&keys, &entries, tuples, is_unique);
    above(leaves, pivot)
}

fn fill_factor(index: &Index) -> f64 {
    let given = index.options.iter().find(|(name, _)| name == "fillfactor");
    given.and_then(|(_, value)| value.parse().ok()).unwrap_or(90.0f64).clamp(10.0, 100.0)
}

fn key_of(table: &Table, index: &Index, at: usize, key: &IndexKey) -> Key {
    let scope = Scope::of(table);
    match &key.part {
        KeyPart::Column(column) => {
            let info = column_info(table, *column);
            key_with(info.data_type, info.statistics, info.n_distinct)
        }
        KeyPart::Expr(expr, _) => {
            let statistics = index.statistics.expressions.iter().find(|(known, _)| *known == at);
            let statistics = statistics.map(|(_, statistics)| statistics);
            let data_type = declared_type(&scope, expr);
            // Without statistics of its own an expression has the values of its columns.
            let distinct = super::groups::num_groups(&scope, &[expr], info_rows(&scope));
            key_with(&data_type, statistics, distinct)
        }
    }
}

fn info_rows(scope: &Scope<'_>) -> f64 {
    scope.relations.first().map_or(1.0, |relation| relation.tuples)
}

fn key_with(data_type: &str, statistics: Option<&ColumnStatistics>, distinct: f64) -> Key {
    let frequencies = statistics.map_or(&[][..], |statistics| &statistics.most_common_freqs);
    let name = canonical(data_type);
    let is_container = name.ends_with("[]") || name.ends_with("range");
    let can_share = !is_container
        && !matches!(
            name.as_ref(),
            "numeric" | "float4" | "float8" | "jsonb" | "interval" | "record" | "bpchar"
        );
    Key {
        widths: widths(data_type, statistics),
        distinct: distinct.max(1.0),
        common: frequencies.iter().take(COMMON_MAX).map(|f| single(*f)).collect(),
        can_share,
    }
}

/// Is there a unique index on some of the keys, so that no two entries are equal?
fn has_unique_part(table: &Table, index: &Index) -> bool {
    let has = |part: &KeyPart| index.keys.iter().any(|key| key.part == *part);
    let is_not_null = |part: &KeyPart| match part {
        KeyPart::Column(at) => table.columns.get(*at).is_some_and(|column| column.not_null),
        KeyPart::Expr(..) => false,
    };
    table.indexes.iter().any(|unique| {
        unique.unique
            && !unique.hypothetical
            && unique.predicate.is_none()
            && unique.keys.iter().all(|key| has(&key.part) && is_not_null(&key.part))
    })
}

/// Sizes of entries, rounded up, with their part: the columns one behind the other, each aligned. An
/// entry with a NULL has eight more bytes of header, and nothing for the NULL.
fn entry_sizes(columns: &[&Widths]) -> Vec<(u32, f64)> {
    let mut sizes: SortedMap<(bool, u32), f64> = SortedMap::from([((false, 0), 1.0)]);
    for column in columns {
        let mut next: SortedMap<(bool, u32), f64> = SortedMap::new();
        for ((has_null, offset), part) in sizes {
            if column.null_frac > 0.0 {
                *next.get_or_default((true, offset)) += part * column.null_frac;
            }
            for (width, share) in &column.parts {
                // What has a long header is aligned as its length is.
                let alignment =
                    if column.alignment == 1 && *width > 127 { 4 } else { column.alignment };
                let end = offset.next_multiple_of(alignment.max(1)).saturating_add(*width);
                let share = part * share * (1.0 - column.null_frac);
                *next.get_or_default((has_null, end)) += share;
            }
        }
        sizes = next;
    }
    let mut rounded: SortedMap<u32, f64> = SortedMap::new();
    for ((has_null, bytes), part) in sizes {
        let header = if has_null { 16 } else { 8 };
        *rounded.get_or_default((header + bytes).next_multiple_of(8).min(2704)) += part;
    }
    rounded.into_iter().filter(|(_, part)| *part > 0.0).collect()
}

/// The entries of the leaves: numbers by size and the bytes of the list in it.
#[derive(Default)]
struct Entries {
    items: SortedMap<(u32, u32), f64>,
}

/// Groups of rows whose first keys are equal.
struct Group {
    /// Rows of each.
    rows: f64,
    /// How many.
    times: f64,
    /// Widths of these keys: those of a NULL are none.
    columns: Vec<Widths>,
}

impl Group {
    /// The groups that one more key divides it into.
    fn divided(&self, rows: f64, times: f64, widths: &Widths, is_null: bool) -> Group {
        let mut columns = self.columns.clone();
        let null_frac = if is_null { 1.0 } else { 0.0 };
        columns.push(Widths { null_frac, ..widths.clone() });
        Group { rows, times, columns }
    }
}

impl Entries {
    fn add_single(&mut self, sizes: &[(u32, f64)], count: f64) {
        for (size, part) in sizes {
            *self.items.get_or_default((*size, 0)) += count * part;
        }
    }

    /// Adds groups, divided by the keys from `at` on. The common values of the first two keys are told
    /// apart; of later keys all values are alike.
    fn add_groups(&mut self, keys: &[Key], at: usize, group: &Group) {
        let Some(key) = keys.get(at) else {
            let columns: Vec<&Widths> = group.columns.iter().collect();
            return self.add_lists(&entry_sizes(&columns), group.rows, group.times);
        };
        let common = if at < 2 { key.common.as_slice() } else { &[] };
        let null_frac = key.widths.null_frac;
        let mut rest = 1.0 - null_frac;
        for frequency in common {
            let part = group.divided(group.rows * frequency, group.times, &key.widths, false);
            self.add_groups(keys, at + 1, &part);
            rest -= frequency;
        }
        if null_frac > 0.0 {
            let part = group.divided(group.rows * null_frac, group.times, &key.widths, true);
            self.add_groups(keys, at + 1, &part);
        }
        let others = (key.distinct - common.len() as f64).max(0.0);
        if rest <= 1e-9 || others < 0.5 {
            return;
        }
        let rows = group.rows * rest;
        // All of the first key's values exist: the mean of the distribution that has that many.
        let mean = if at == 0 { mean_of_existing(rows / others) } else { rows / others };
        if at == 0 && mean < 1e-3 {
            let mut columns: Vec<&Widths> = keys.iter().map(|key| &key.widths).collect();
            let present = Widths { null_frac: 0.0, ..key.widths.clone() };
            if let Some(first) = columns.first_mut() {
                *first = &present;
            }
            return self.add_single(&entry_sizes(&columns), rows * group.times);
        }
        let times = if at == 0 { group.times * rows / mean } else { group.times * others };
        self.add_groups(keys, at + 1, &group.divided(mean, times, &key.widths, false));
    }

    /// Entries of groups of equal keys whose number of rows varies around a mean by chance (Poisson).
    fn add_lists(&mut self, sizes: &[(u32, f64)], mean: f64, times: f64) {
        if mean > 60.0 {
            return self.add_list(sizes, mean, times);
        }
        let mut probability = libm::exp(-mean);
        for rows in 1..120u32 {
            probability *= mean / f64::from(rows);
            if rows == 1 {
                self.add_single(sizes, times * probability);
            } else if probability > 1e-9 {
                self.add_list(sizes, f64::from(rows), times * probability);
            }
        }
    }

    fn add_list(&mut self, sizes: &[(u32, f64)], rows: f64, times: f64) {
        for (base, part) in sizes {
            self.add_list_of(*base, rows, times * part);
        }
        // What is left of a row counts as one.
        let most = most_rows(sizes.first().map_or(16, |(size, _)| *size));
        let left = rows - (rows / most).floor() * most;
        if (0.5..1.5).contains(&left) {
            self.add_single(sizes, times);
        }
    }

    fn add_list_of(&mut self, base: u32, rows: f64, times: f64) {
        let most = most_rows(base);
        let full = (rows / most).floor();
        let mut add = |rows: f64, times: f64| {
            let list = libm::rint(rows) as u32 * ROW_BYTES;
            let size = (base + list).next_multiple_of(8);
            *self.items.get_or_default((size, size - base)) += times;
        };
        if full > 0.0 {
            add(most, times * full);
        }
        let left = rows - full * most;
        if left >= 1.5 {
            add(left, times);
        }
    }
}

/// Rows of the longest list behind keys of so many bytes.
fn most_rows(base: u32) -> f64 {
    f64::from((LIST_BYTES.saturating_sub(base) / ROW_BYTES).max(1))
}

/// The mean of a Poisson distribution whose values above zero have the given average.
fn mean_of_existing(average: f64) -> f64 {
    if average <= 1.0 {
        return 0.0;
    }
    let mut mean = average;
    for _ in 0..60 {
        mean = average * (1.0 - libm::exp(-mean));
    }
    mean
}

/// Leaves for the entries. A leaf is closed when an entry arrives after it is full, and its last entry
/// moves on to the next one; the rows' list of that last entry does not count as filling.
fn leaves(entries: &Entries, fill_factor: f64) -> f64 {
    let spare = (8192.0 * (100.0 - fill_factor) / 100.0).floor() as u32;
    let items: Vec<(u32, u32, f64)> =
        entries.items.iter().map(|((size, list), n)| (*size, *list, *n)).collect();
    let count: f64 = items.iter().map(|item| item.2).sum();
    if let [(size, 0, count)] = items.as_slice() {
        let per_leaf = f64::from((PAGE_BYTES - POINTER - spare) / (size + POINTER)).max(1.0);
        return ((count - 1.0) / per_leaf).ceil().max(1.0);
    }
    let bytes: f64 = items.iter().map(|(size, _, n)| f64::from(size + POINTER) * n).sum();
    let mut page = Leaf::default();
    let (mut closed, mut closed_bytes) = (0usize, 0.0);
    for at in 0..LAID_MAX.min(count.max(1.0) as usize + 1) {
        if closed >= LEAVES_MAX {
            break;
        }
        let (size, list) = draw(&items, count, at);
        if page.is_full(size, spare) {
            closed += 1;
            closed_bytes += f64::from(page.bytes - page.last.0 - POINTER);
            page = Leaf { bytes: page.last.0 + POINTER, last: (page.last.0, 0), n: 1 };
        }
        page.bytes += size + POINTER;
        page.last = (size, list);
        page.n += 1;
    }
    if closed == 0 { 1.0 } else { (bytes / (closed_bytes / closed as f64)).ceil().max(1.0) }
}

#[derive(Default)]
struct Leaf {
    bytes: u32,
    last: (u32, u32),
    n: usize,
}

impl Leaf {
    fn is_full(&self, next: u32, spare: u32) -> bool {
        let free = PAGE_BYTES.saturating_sub(self.bytes + POINTER);
        self.n > 1 && (free < next + 8 || free + self.last.1 < spare)
    }
}

/// The entry at a place of an even spread over all entries.
fn draw(items: &[(u32, u32, f64)], count: f64, at: usize) -> (u32, u32) {
    // The golden ratio spreads any number of draws evenly.
    let place = (at as f64 * 0.618_033_988_749_894_9).fract() * count;
    let mut sum = 0.0;
    for (size, list, n) in items {
        sum += n;
        if place < sum {
            return (*size, *list);
        }
    }
    items.last().map_or((16, 0), |(size, list, _)| (*size, *list))
}

/// The size of an entry that leads to a leaf: the keys that tell it from the one before, and the row
/// where all keys are equal.
fn pivot_size(keys: &[Key], entries: &Entries, tuples: f64, is_unique: bool) -> f64 {
    let count: f64 = entries.items.values().sum::<f64>().max(1.0);
    let (mut bytes, mut distinct, mut reached) = (8.0, 1.0, 1.0);
    for key in keys {
        let width: f64 = key.widths.parts.iter().map(|(w, part)| f64::from(*w) * part).sum();
        bytes += reached * width * (1.0 - key.widths.null_frac);
        distinct = (distinct * key.distinct).min(tuples.max(1.0));
        reached = (1.0 - distinct / count).clamp(0.0, 1.0);
    }
    let row = if is_unique { 0.0 } else { reached * 8.0 };
    (bytes / 8.0).ceil() * 8.0 + row
}

/// The levels above the leaves, filled to 70 %, up to the root.
fn above(leaves: f64, pivot: f64) -> TreeSize {
    // 8144 bytes less the 2457 that stay free, less the first entry, which has no key.
    let per_page = (5675.0 / (pivot + f64::from(POINTER))).floor() + 1.0;
    let (mut pages, mut level, mut height) = (leaves + 1.0, leaves, 0.0);
    while level > 1.0 {
        level = ((level - 1.0) / per_page.max(2.0)).ceil().max(1.0);
        pages += level;
        height += 1.0;
    }
    TreeSize { pages, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_one_size_fill_leaves_exactly() {
        // 16 bytes and a pointer: 366 to a leaf, 284 leaves to a page above.
        let entries = Entries { items: SortedMap::from([((16, 0), 150_000.0)]) };
        assert_eq!(leaves(&entries, 90.0), 410.0);
        assert_eq!(above(410.0, 16.0), TreeSize { pages: 414.0, height: 2.0 });
    }

    #[test]
    fn equal_keys_share_entries() {
        let mut entries = Entries::default();
        entries.add_list(&[(16, 1.0)], 264.0, 10.0);
        // 132 rows to a list: 16 bytes and 792.
        assert_eq!(entries.items, SortedMap::from([((808, 792), 20.0)]));
        assert!((mean_of_existing(1.0 / (1.0 - libm::exp(-1.0))) - 1.0).abs() < 1e-6);
    }
}
