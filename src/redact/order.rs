//! Other values in the same order: what stands in for numbers, moments and texts, so that a histogram stays
//! a histogram and a value stays between the same bounds.
//!
//! Numbers and moments keep roughly their distances: every gap becomes a little smaller, each by another
//! factor. The factors come from the whole input, so that nobody who has not got it can compute them back.
//! Texts keep their order and their length, UUIDs and what lies between two whole numbers below 100 only the
//! order.

use std::collections::{BTreeMap, BTreeSet};

use super::content::{DIGITS, KEPT_NUMBER_MAX, ONE};
use crate::estimate::collation::Collation;
use crate::estimate::datetime::DAY;

const SECOND: i64 = 1_000_000;

/// Moments further from 2000 stay: `9999-12-31` is a sign, not a date.
const DAYS_MAX: i64 = 150 * 365;

/// Longer patterns are no prefix of anything else.
const PREFIX_CHARS_MAX: usize = 200;

/// Numbers that follow from a seed.
pub struct Factors(pub u64);

impl Factors {
    /// The next one in thousandths, between the two.
    fn next(&mut self, from: u64, to: u64) -> i128 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i128::from(from + (z ^ (z >> 31)) % (to - from + 1))
    }
}

/// Stand-ins for magnitudes of numbers, each given with the digits behind its point.
pub fn numbers(known: &BTreeMap<i128, usize>, factors: &mut Factors) -> BTreeMap<i128, i128> {
    let mut out = BTreeMap::new();
    let least = KEPT_NUMBER_MAX + ONE;
    let mut small: BTreeMap<i128, Vec<i128>> = BTreeMap::new();
    for (value, scale) in known.iter().filter(|(value, _)| **value < least) {
        if *scale > 0 {
            small.entry(value / ONE).or_default().push(*value);
        }
    }
    for (whole, values) in small {
        fractions(whole, &values, known, &mut out);
    }
    let (mut last, mut stand_in) = (KEPT_NUMBER_MAX, KEPT_NUMBER_MAX);
    for (value, scale) in known.range(least..) {
        let unit = unit_of(*scale);
        let gap = (value - last).saturating_mul(factors.next(700, 980)) / 1000;
        let mut next = ceil_to(stand_in.saturating_add(gap.max(1)), unit);
        while known.contains_key(&next) || next <= stand_in {
            next = next.saturating_add(unit);
        }
        (last, stand_in) = (*value, next);
        out.insert(*value, next);
    }
    out
}

/// Values between a whole number and the next one: evenly spread.
fn fractions(
    whole: i128,
    values: &[i128],
    known: &BTreeMap<i128, usize>,
    out: &mut BTreeMap<i128, i128>,
) {
    let scale = values.iter().filter_map(|value| known.get(value)).max().copied().unwrap_or(1);
    let room = |digits: usize| 10i128.pow(u32::try_from(digits).unwrap_or(0));
    let n = i128::try_from(values.len()).unwrap_or(i128::MAX / 4);
    let mut digits = scale.min(DIGITS);
    while digits < DIGITS && room(digits) < 4 * (n + 1) {
        digits += 1;
    }
    let unit = unit_of(digits);
    let mut last = whole * ONE;
    for (value, place) in values.iter().zip(1i128..) {
        let mut next = ceil_to((whole * ONE + ONE * place / (n + 1)).max(last + unit), unit);
        while known.contains_key(&next) {
            next += unit;
        }
        last = next;
        out.insert(*value, next);
    }
}

fn unit_of(scale: usize) -> i128 {
    let behind = DIGITS.saturating_sub(scale);
    10i128.pow(u32::try_from(behind).unwrap_or(0))
}

fn ceil_to(value: i128, unit: i128) -> i128 {
    value.saturating_add(unit - 1) / unit * unit
}

/// Stand-ins for moments in microseconds: as many years before all of them as they span, and more.
pub fn moments(known: &BTreeSet<i64>, factors: &mut Factors) -> BTreeMap<i64, i64> {
    let is_plain = |micros: &&i64| (-DAYS_MAX * DAY..DAYS_MAX * DAY).contains(*micros);
    let plain: Vec<i64> = known.iter().filter(is_plain).copied().collect();
    let (Some(first), Some(end)) = (plain.first(), plain.last()) else { return BTreeMap::new() };
    let days = i64::try_from(factors.next(100, 999)).unwrap_or(100);
    let back = (end - first).div_euclid(DAY) * 5 / 4 + days;
    let (mut last, mut stand_in) = (*first, (first.div_euclid(DAY) - back) * DAY);
    let mut out = BTreeMap::new();
    for micros in plain {
        let unit = if micros.rem_euclid(DAY) == 0 { DAY } else { SECOND };
        let factor = i64::try_from(factors.next(800, 1200)).unwrap_or(1000);
        let gap = (micros - last) / 1000 * factor;
        let least = if out.is_empty() { stand_in } else { stand_in + 1 };
        let wanted = (stand_in + gap).max(least);
        let mut next = (wanted + unit - 1).div_euclid(unit) * unit;
        // What has a time of day keeps one: it is printed so.
        if unit == SECOND && next.rem_euclid(DAY) == 0 {
            next += SECOND;
        }
        (last, stand_in) = (micros, next);
        out.insert(micros, next);
    }
    out
}

/// Stand-ins for texts, sorted as the collation sorts. What begins with one of `prefixes` begins with its
/// stand-in.
pub fn texts(
    known: &BTreeSet<String>,
    prefixes: &BTreeSet<String>,
    collation: Collation,
) -> BTreeMap<String, String> {
    let lead = lead_of(known);
    let mut groups: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for text in known {
        groups.entry(parent(text, prefixes)).or_default().push(text);
    }
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    // A prefix sorts before what begins with it, so that it has its stand-in already.
    for (parent, mut members) in groups {
        crate::order::sort_by(&mut members, |a, b| collation.compare(a, b));
        let lead = parent.and_then(|parent| out.get(parent)).cloned().unwrap_or(lead.clone());
        let width = members.len().to_string().len();
        for (text, rank) in members.iter().zip(1..) {
            let bare = format!("{lead}{rank:0width$}");
            // What begins with a prefix goes on where its stand-in ends.
            let len = if prefixes.contains(*text) { 0 } else { text.len() };
            out.insert((*text).to_owned(), format!("{bare:x<len$}"));
        }
    }
    out
}

/// The longest prefix that a text begins with.
fn parent<'a>(text: &str, prefixes: &'a BTreeSet<String>) -> Option<&'a str> {
    let ends = text.char_indices().map(|(at, _)| at).take(PREFIX_CHARS_MAX);
    let ends: Vec<usize> = ends.collect();
    let known = |end: &usize| prefixes.get(text.get(..*end)?).map(String::as_str);
    ends.iter().rev().find_map(known)
}

/// A word that no text begins with, followed by a digit.
fn lead_of(known: &BTreeSet<String>) -> String {
    let mut lead = "t".to_owned();
    let taken = |lead: &str| {
        let digits = (0..10).map(|digit| format!("{lead}{digit}"));
        let mut next = digits.map(|from| (known.range(from.clone()..).next(), from));
        next.any(|(text, from)| text.is_some_and(|text| text.starts_with(&from)))
    };
    while taken(&lead) {
        lead.push('t');
    }
    lead
}

/// Stand-ins for UUIDs, evenly spread.
pub fn uuids(known: &BTreeSet<String>) -> BTreeMap<String, String> {
    let step = (1u64 << 32) / (known.len() as u64 + 1);
    let stand_in = |n: u64| format!("{:08x}-0000-4000-8000-{n:012}", n.saturating_mul(step));
    known.iter().zip(1u64..).map(|(uuid, n)| (uuid.clone(), stand_in(n))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sorted<K, V: Ord>(map: &BTreeMap<K, V>) -> bool {
        map.values().zip(map.values().skip(1)).all(|(a, b)| a < b)
    }

    #[test]
    fn numbers_keep_their_order_and_no_value() {
        let whole = (100..400).chain([5000, 5001, 1_000_000]).map(|n| (n * ONE, 0));
        let parts = (1..50).map(|n| (n * ONE / 50 + 7 * ONE, 2)).chain([(123 * ONE + ONE / 4, 2)]);
        let known: BTreeMap<i128, usize> = whole.chain(parts).collect();
        let got = numbers(&known, &mut Factors(7));
        assert_eq!(got.len(), known.len());
        assert!(is_sorted(&got));
        assert!(got.values().all(|value| !known.contains_key(value)));
        assert!(got.iter().filter(|(value, _)| **value % ONE == 0).all(|(_, new)| new % ONE == 0));
    }

    #[test]
    fn moments_keep_their_order_and_about_their_distances() {
        let known: BTreeSet<i64> = (0..1000).map(|n| n * DAY + n % 3 * 5 * SECOND).collect();
        let got = moments(&known, &mut Factors(3));
        assert!(is_sorted(&got) && got.values().all(|new| *new < 0));
        let span = |a: i64, b: i64| got[&(b * DAY)] - got[&(a * DAY)];
        let months = (span(0, 300), span(300, 600));
        assert!((250 * DAY..360 * DAY).contains(&months.0), "{months:?}");
        assert!((250 * DAY..360 * DAY).contains(&months.1), "{months:?}");
    }

    #[test]
    fn texts_keep_their_order_and_their_prefixes() {
        let known: BTreeSet<String> =
            ["Bob", "alice", "order-", "order-7", "order-9", "zoe", "t1000"]
                .map(str::to_owned)
                .into();
        let prefixes = BTreeSet::from(["order-".to_owned()]);
        let got = texts(&known, &prefixes, Collation::Language);
        assert_eq!(got["alice"], "tt1xx");
        assert_eq!(got["order-7"], format!("{}1xxx", got["order-"]));
        assert!(got["Bob"] < got["order-"] && got["order-9"] < got["zoe"]);
    }
}
