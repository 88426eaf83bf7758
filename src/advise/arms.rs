//! The arms of ORs, each seen as a query of its own: an index serves an OR by serving its arms.

use super::candidate::Candidate;
use crate::catalog::{Catalog, Index, Table};
use crate::plan::index_match::{IndexMatch, match_index};
use crate::plan::parts::parts_of_index;
use crate::workload::predicate::Ask;
use crate::workload::shape::Shape;

/// Of every OR, every arm with what the query asks besides.
pub fn arms_of(shape: &Shape) -> Vec<Shape> {
    let mut out = Vec::new();
    for (at, predicate) in shape.predicates.iter().enumerate() {
        let Ask::Or(arms) = &predicate.ask else { continue };
        for arm in arms {
            let mut predicates = shape.predicates.clone();
            predicates.remove(at);
            predicates.extend(arm.iter().cloned());
            // What a bitmap of arms reads is neither in order nor from the index alone.
            let mut seen = Shape { predicates, ..shape.clone() };
            seen.order_by.clear();
            seen.group_by.clear();
            seen.distinct.clear();
            seen.min_max.clear();
            seen.needed.insert(crate::sql::expr::ColumnRef::WHOLE_ROW);
            seen.output.insert(crate::sql::expr::ColumnRef::WHOLE_ROW);
            out.push(seen);
        }
    }
    out
}

/// The shape that an index serves: the whole one, else the first arm of an OR that it can be searched
/// with.
pub fn served_shape(
    catalog: &Catalog,
    table: &Table,
    shape: &Shape,
    index: &Index,
) -> Option<(Shape, IndexMatch)> {
    if let Ok(found) = match_index(catalog, table, shape, index) {
        return Some((shape.clone(), found));
    }
    arms_of(shape).into_iter().find_map(|arm| {
        let found = match_index(catalog, table, &arm, index).ok()?;
        (!found.boundary.is_empty()).then_some((arm, found))
    })
}

/// What a candidate does for each of the shapes over its table, or over a partition of that.
pub fn served_by(
    catalog: &Catalog,
    shapes: &[Shape],
    candidate: &Candidate,
) -> Vec<Option<(Shape, IndexMatch)>> {
    let parts = parts_of_index(catalog, candidate.table, &candidate.index);
    let served = |shape: &Shape| {
        let (at, index) = parts.iter().find(|(at, _)| *at == shape.table)?;
        let table = catalog.tables.get(*at)?;
        Some(served_shape(catalog, table, shape, index))
    };
    shapes.iter().filter_map(served).collect()
}
