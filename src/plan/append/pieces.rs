//! The values that a partition can hold, and whether a comparison leaves any of them.

use std::cmp::Ordering;

use super::bounds::{Bound, Edge};
use crate::estimate::value::{TextOrder, Value};
use crate::estimate::variable::Variable;
use crate::order;
use crate::sql::expr::CompareOp;

/// One end of a range.
#[derive(Debug, Clone)]
pub enum Limit<'v> {
    /// Below all values.
    Min,
    /// At a value.
    At(Value<'v>),
    /// Above all values.
    Max,
}

/// A part of the values of the partition key.
#[derive(Debug, Clone)]
pub enum Piece<'v> {
    /// Not NULL, from the first on, below the second, key after key.
    Range(Vec<Limit<'v>>, Vec<Limit<'v>>),
    /// These, and NULL.
    List(Vec<Value<'v>>, bool),
    /// All but these, and but NULL.
    Others(Vec<Value<'v>>, bool),
    /// A key that is NULL.
    Null,
    /// Whatever: hashes are not computed here.
    Any,
}

/// What the partitions hold, in the order in which the server keeps them: by their values, the default
/// partition last. Each with its position in `bounds`.
pub fn pieces<'v>(
    bounds: &'v [Option<Bound>],
    keys: &[Variable<'v>],
) -> Vec<(usize, Vec<Piece<'v>>)> {
    let mut out: Vec<(usize, Vec<Piece<'v>>)> = Vec::new();
    for (at, bound) in bounds.iter().enumerate() {
        let piece = match bound {
            Some(Bound::Range(lower, upper)) => {
                Piece::Range(limits(lower, keys), limits(upper, keys))
            }
            Some(Bound::List(values)) => {
                let (values, has_null) = list(values, keys);
                Piece::List(values, has_null)
            }
            Some(Bound::Hash(..)) | None => Piece::Any,
            Some(Bound::Default) => continue,
        };
        out.push((at, vec![piece]));
    }
    order::sort_by(&mut out, |(a, x), (b, y)| {
        let hash = |at: &usize| match bounds.get(*at) {
            Some(Some(Bound::Hash(modulus, remainder))) => (*modulus, *remainder),
            _ => (0, 0),
        };
        hash(a).cmp(&hash(b)).then_with(|| compare_pieces(x, y, keys))
    });
    if let Some(at) = bounds.iter().position(|bound| *bound == Some(Bound::Default)) {
        let rest = remaining(&out, keys);
        out.push((at, rest));
    }
    out
}

fn limits<'v>(edges: &'v [Edge], keys: &[Variable<'v>]) -> Vec<Limit<'v>> {
    let limit = |(edge, key): (&'v Edge, &Variable<'v>)| match edge {
        Edge::Min => Limit::Min,
        Edge::At(text) => Limit::At(key.parse(text)),
        Edge::Max => Limit::Max,
    };
    edges.iter().zip(keys).map(limit).collect()
}

fn list<'v>(values: &'v [Option<String>], keys: &[Variable<'v>]) -> (Vec<Value<'v>>, bool) {
    let Some(key) = keys.first() else { return (Vec::new(), true) };
    let known = values.iter().flatten().map(|text| key.parse(text)).collect();
    (known, values.iter().any(Option::is_none))
}

fn compare_pieces(a: &[Piece<'_>], b: &[Piece<'_>], keys: &[Variable<'_>]) -> Ordering {
    match (a.first(), b.first()) {
        (Some(Piece::Range(a, _)), Some(Piece::Range(b, _))) => compare_limits(a, b, keys),
        (Some(Piece::List(a, _)), Some(Piece::List(b, _))) => {
            let order = keys.first().map_or(TextOrder::default(), Variable::order);
            match (smallest(a, order), smallest(b, order)) {
                (Some(a), Some(b)) => a.compare(b, order).unwrap_or(Ordering::Equal),
                (a, b) => a.is_none().cmp(&b.is_none()),
            }
        }
        _ => Ordering::Equal,
    }
}

fn smallest<'p, 'v>(values: &'p [Value<'v>], order: TextOrder) -> Option<&'p Value<'v>> {
    values.iter().min_by(|a, b| a.compare(b, order).unwrap_or(Ordering::Equal))
}

fn compare_limits(a: &[Limit<'_>], b: &[Limit<'_>], keys: &[Variable<'_>]) -> Ordering {
    let pairs = a.iter().zip(b).zip(keys);
    let orders = pairs.map(|((a, b), key)| match (a, b) {
        (Limit::At(a), Limit::At(b)) => a.compare(b, key.order()).unwrap_or(Ordering::Equal),
        (Limit::Min, Limit::Min) | (Limit::Max, Limit::Max) => Ordering::Equal,
        (Limit::Min, _) | (_, Limit::Max) => Ordering::Less,
        (Limit::Max, _) | (_, Limit::Min) => Ordering::Greater,
    });
    orders.fold(Ordering::Equal, Ordering::then)
}

/// What the default partition holds: the gaps between ranges, the values that are in no list.
fn remaining<'v>(taken: &[(usize, Vec<Piece<'v>>)], keys: &[Variable<'v>]) -> Vec<Piece<'v>> {
    let mut listed: Vec<Value<'v>> = Vec::new();
    let mut is_null_listed = false;
    let mut is_list = false;
    let mut gaps = vec![Piece::Null];
    let mut from: Vec<Limit<'v>> = keys.iter().map(|_| Limit::Min).collect();
    for piece in taken.iter().flat_map(|(_, pieces)| pieces) {
        match piece {
            Piece::Range(lower, upper) => {
                if compare_limits(&from, lower, keys) == Ordering::Less {
                    gaps.push(Piece::Range(from, lower.clone()));
                }
                from = upper.clone();
            }
            Piece::List(values, has_null) => {
                is_list = true;
                listed.extend(values.iter().cloned());
                is_null_listed |= has_null;
            }
            _ => return vec![Piece::Any],
        }
    }
    if is_list {
        return vec![Piece::Others(listed, is_null_listed)];
    }
    let end: Vec<Limit<'v>> = keys.iter().map(|_| Limit::Max).collect();
    if compare_limits(&from, &end, keys) == Ordering::Less {
        gaps.push(Piece::Range(from, end));
    }
    gaps
}

impl Piece<'_> {
    /// Could it hold a row whose key `at` compares so with the value?
    pub fn may_hold(
        &self,
        at: usize,
        op: CompareOp,
        value: &Value<'_>,
        keys: &[Variable<'_>],
    ) -> bool {
        let order = keys.get(at).map_or(TextOrder::default(), Variable::order);
        match self {
            Piece::Range(lower, upper) => {
                // Later keys are bounded only where those before them have one value.
                if !lower.iter().zip(upper).take(at).all(|(a, b)| is_one_value(a, b, order)) {
                    return true;
                }
                let is_closed = at + 1 < keys.len();
                match (lower.get(at), upper.get(at)) {
                    (Some(lower), Some(upper)) => {
                        reaches(lower, (upper, is_closed), op, value, order)
                    }
                    _ => true,
                }
            }
            Piece::List(values, _) => values.iter().any(|own| satisfies(own, op, value, order)),
            Piece::Others(listed, _) => {
                op != CompareOp::Eq || !listed.iter().any(|own| own.is_equal(value, order))
            }
            Piece::Null => false,
            Piece::Any => true,
        }
    }

    /// Could it hold a row whose key is NULL, or is not?
    pub fn may_be_null(&self, is_null: bool) -> bool {
        match self {
            Piece::Range(..) => !is_null,
            Piece::List(values, has_null) => {
                if is_null {
                    *has_null
                } else {
                    !values.is_empty()
                }
            }
            Piece::Others(_, null_listed) => !(is_null && *null_listed),
            Piece::Null => is_null,
            Piece::Any => true,
        }
    }
}

fn satisfies(own: &Value<'_>, op: CompareOp, value: &Value<'_>, order: TextOrder) -> bool {
    own.compare(value, order).is_none_or(|found| match op {
        CompareOp::Eq => found.is_eq(),
        CompareOp::Lt => found.is_lt(),
        CompareOp::Le => found.is_le(),
        CompareOp::Gt => found.is_gt(),
        CompareOp::Ge => found.is_ge(),
        _ => true,
    })
}

fn is_one_value(lower: &Limit<'_>, upper: &Limit<'_>, order: TextOrder) -> bool {
    match (lower, upper) {
        (Limit::At(lower), Limit::At(upper)) => lower.is_equal(upper, order),
        _ => false,
    }
}

/// Does a range hold a value that compares so?
fn reaches(
    lower: &Limit<'_>,
    (upper, is_closed): (&Limit<'_>, bool),
    op: CompareOp,
    value: &Value<'_>,
    order: TextOrder,
) -> bool {
    let compared = |limit: &Limit<'_>| match limit {
        Limit::Min => Some(Ordering::Less),
        Limit::At(at) => at.compare(value, order),
        Limit::Max => Some(Ordering::Greater),
    };
    let (Some(lower), Some(upper)) = (compared(lower), compared(upper)) else { return true };
    let above = upper.is_gt() || (is_closed && upper.is_eq());
    match op {
        CompareOp::Eq => lower.is_le() && above,
        CompareOp::Lt => lower.is_lt(),
        CompareOp::Le => lower.is_le(),
        CompareOp::Gt => upper.is_gt(),
        CompareOp::Ge => above,
        _ => true,
    }
}
