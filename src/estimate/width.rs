//! How wide the values of an index key are, one by one: the rounding up of every entry to eight bytes
//! makes the average a poor guide. The values that statistics hold stand for the others.

use super::types::{alignment, canonical, default_width, is_fixed_width};
use crate::read::statistics::ColumnStatistics;

/// Widths of one column's values, with their part of the rows that are not NULL.
#[derive(Debug, Clone, Default)]
pub struct Widths {
    /// `(bytes, part)`, parts adding up to 1.
    pub parts: Vec<(u32, f64)>,
    /// Fraction of NULLs.
    pub null_frac: f64,
    /// What a value is aligned to in front.
    pub alignment: u32,
}

/// Values looked at.
const SAMPLE_MAX: usize = 400;

/// The widths of a column of a type as written.
pub fn widths(data_type: &str, statistics: Option<&ColumnStatistics>) -> Widths {
    let name = canonical(data_type);
    let null_frac = statistics.and_then(|s| s.null_frac).unwrap_or(0.0).clamp(0.0, 1.0);
    let average = statistics.and_then(|s| s.avg_width).filter(|width| *width > 0.0);
    let alignment = alignment(data_type) as u32;
    if is_fixed_width(data_type) {
        let parts = vec![(default_width(data_type) as u32, 1.0)];
        return Widths { parts, null_frac, alignment };
    }
    let parts = statistics.and_then(|statistics| sampled(&name, statistics));
    let parts = parts.unwrap_or_else(|| {
        // Spread over one step of the rounding, so that its average counts.
        let low = average.unwrap_or_else(|| default_width(data_type)).clamp(5.0, 2700.0) as u32 - 4;
        (low..low + 8).map(|bytes| (bytes, 0.125)).collect()
    });
    Widths { parts, null_frac, alignment: 1 }
}

/// Widths of the common values by their frequency, and of the histogram's bounds for the others;
/// `None` where too few are known, or the type's bytes cannot be told from its text.
fn sampled(name: &str, statistics: &ColumnStatistics) -> Option<Vec<(u32, f64)>> {
    let common: f64 = statistics.most_common_freqs.iter().sum();
    let present = 1.0 - statistics.null_frac.unwrap_or(0.0);
    let rest = (present - common).max(0.0);
    let bounds =
        statistics.histogram_bounds.get(..SAMPLE_MAX.min(statistics.histogram_bounds.len()))?;
    if present <= 0.0 || (rest > 0.02 * present && bounds.len() < 10) {
        return None;
    }
    let mut parts: Vec<(u32, f64)> = Vec::new();
    let mut add = |text: &str, part: f64| {
        let bytes = stored_bytes(name, text)?;
        match parts.iter_mut().find(|(known, _)| *known == bytes) {
            Some((_, sum)) => *sum += part,
            None => parts.push((bytes, part)),
        }
        Some(())
    };
    for (text, frequency) in statistics.most_common_vals.iter().zip(&statistics.most_common_freqs) {
        add(text, *frequency)?;
    }
    for text in bounds {
        add(text, rest / bounds.len() as f64)?;
    }
    let total: f64 = parts.iter().map(|(_, part)| part).sum();
    parts.iter_mut().for_each(|(_, part)| *part /= total);
    (total > 0.0).then_some(parts)
}

/// Bytes of a value as an entry holds it, with its header: one byte up to 126, else four.
fn stored_bytes(name: &str, text: &str) -> Option<u32> {
    let length = match name {
        "text" | "varchar" | "bpchar" | "citext" => text.len(),
        "numeric" => numeric_bytes(text),
        _ => return None,
    };
    let length = u32::try_from(length).ok()?;
    // Beyond 2 kB entries are refused or compressed.
    Some(if length < 126 { length + 1 } else { length.min(2000) + 4 })
}

/// Two bytes of header, and two for every four digits that are not all zeros at an end.
fn numeric_bytes(text: &str) -> usize {
    let text = text.trim_start_matches('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let pad = (4 - whole.len() % 4) % 4;
    let mut digits = "0".repeat(pad) + whole;
    digits.push_str(fraction);
    while digits.len() % 4 != 0 {
        digits.push('0');
    }
    let groups: Vec<&[u8]> = digits.as_bytes().chunks(4).collect();
    let is_zero = |group: &&&[u8]| group.iter().all(|digit| *digit == b'0');
    let leading = groups.iter().take_while(is_zero).count();
    let trailing = groups.iter().skip(leading).rev().take_while(is_zero).count();
    2 + 2 * groups.len().saturating_sub(leading + trailing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_values() {
        assert_eq!(stored_bytes("varchar", "abc"), Some(4));
        // 12345.67 is 1, 2345 and 6700; 10000 is one group.
        assert_eq!(stored_bytes("numeric", "12345.67"), Some(9));
        assert_eq!(stored_bytes("numeric", "10000"), Some(5));
        assert_eq!(stored_bytes("numeric", "0"), Some(3));
    }
}
