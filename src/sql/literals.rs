//! The values that statements of one shape carry, counted by position: what a partial index can be
//! reasoned from.

use super::normalize::Shape;

/// Values by position, each with the calls that carried it, in order of first appearance.
pub type Literals = Vec<Vec<(String, f64)>>;

/// Distinct values kept by position. A value that most calls carry is among the first ones.
const VALUES_MAX: usize = 32;

/// Longer values are no flags or states and are not kept.
const VALUE_BYTES_MAX: usize = 64;

/// Counts what a statement carries. `parameters` are the values of its placeholders, where known;
/// unknown ones and lists are not counted.
pub fn count_values(
    literals: &mut Literals,
    shape: &Shape,
    parameters: &[(String, String)],
    calls: f64,
) {
    if literals.len() < shape.values.len() {
        literals.resize(shape.values.len(), Vec::new());
    }
    for (counts, value) in literals.iter_mut().zip(values(shape, parameters)) {
        if let Some(value) = value.filter(|v| !v.is_empty() && v.len() <= VALUE_BYTES_MAX) {
            count(counts, value, calls);
        }
    }
}

/// Is there a value for every placeholder?
pub fn is_concrete(shape: &Shape, parameters: &[(String, String)]) -> bool {
    values(shape, parameters).all(|value| value.is_some())
}

/// What stands at each position: the literal as written (empty for a list), the value of the
/// placeholder, or nothing.
fn values<'a>(
    shape: &'a Shape,
    parameters: &'a [(String, String)],
) -> impl Iterator<Item = Option<&'a str>> {
    let mut n_unnamed = 0;
    shape.values.iter().map(move |written| {
        let value = match written.as_bytes() {
            [b'?'] | b"%s" => {
                n_unnamed += 1;
                parameters.get(n_unnamed - 1)
            }
            [b'$', b'0'..=b'9', ..] | [b':' | b'@' | b'?', ..] | [b'%', b'(', ..] | b"..." => {
                parameters.iter().find(|(name, _)| name == written)
            }
            _ => return Some(written.as_str()),
        };
        value.map(|(_, value)| value.as_str())
    })
}

/// Adds counts made elsewhere for the same shape.
pub fn add_counts(literals: &mut Literals, more: &Literals) {
    if literals.len() < more.len() {
        literals.resize(more.len(), Vec::new());
    }
    for (counts, more) in literals.iter_mut().zip(more) {
        for (value, calls) in more {
            count(counts, value, *calls);
        }
    }
}

fn count(counts: &mut Vec<(String, f64)>, value: &str, calls: f64) {
    if let Some((_, sum)) = counts.iter_mut().find(|(known, _)| known == value) {
        *sum += calls;
    } else if counts.len() < VALUES_MAX {
        counts.push((value.to_owned(), calls));
    }
}
