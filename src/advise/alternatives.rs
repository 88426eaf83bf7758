//! What else could have been: other orders of the same keys, the plainer index, the best other
//! candidate; each with its cost and why it lost.

use super::candidate::{Candidate, exists, same_but_direction, same_shape};
use super::ddl::{create_statement, existing_names, index_name};
use super::finding::Alternative;
use super::matrix::judge;
use super::whatif::{Set, WhatIf};
use crate::catalog::Index;
use crate::estimate::size::index_bytes;
use crate::order;
use crate::sql::schema::Method;

/// Alternatives shown.
const SHOWN_MAX: usize = 3;

/// Candidates of the first query that are tried.
const TRIED_MAX: usize = 12;

/// Costs this close are equal.
const NEARLY: f64 = 1.01;

/// The alternatives to a chosen candidate for the queries it serves.
pub fn alternatives(
    whatif: &mut WhatIf<'_>,
    set: &Set,
    at: usize,
    queries: &[usize],
) -> Vec<Alternative> {
    let Some(candidate) = whatif.candidates.get(at).cloned() else { return Vec::new() };
    let mut without = set.clone();
    without.remove(&at);
    let mut found: Vec<(f64, usize)> = Vec::new();
    for other in others(whatif, &candidate, set, queries) {
        let mut with = without.clone();
        with.insert(other);
        let cost = whatif.weighted_cost(queries.iter().copied(), &with);
        found.push((cost, other));
    }
    let permuted: Vec<usize> = found
        .iter()
        .map(|(_, other)| *other)
        .filter(|other| is_permutation(whatif, *other, &candidate.index))
        .collect();
    order::sort_by(&mut found, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    // The best other order of the same keys answers the first question of a review.
    let first = found.iter().find(|(_, other)| permuted.contains(other)).copied();
    // The plainer index answers the second.
    let plain =
        found.iter().find(|(_, other)| is_plainer(whatif, *other, &candidate.index)).copied();
    let rest = found.iter().filter(|known| {
        !permuted.contains(&known.1) && plain.is_none_or(|plain| plain.1 != known.1)
    });
    let chosen: Vec<(f64, usize)> =
        first.into_iter().chain(plain).chain(rest.copied()).take(SHOWN_MAX).collect();
    let own = whatif.weighted_cost(queries.iter().copied(), set);
    let nothing = whatif.weighted_cost(queries.iter().copied(), &without);
    let shown = chosen.into_iter().filter(|(cost, _)| *cost < nothing);
    shown
        .filter_map(|(cost, other)| describe(whatif, &candidate, other, cost, own, queries))
        .collect()
}

/// Other orders of the same keys, the plainer index, and what else serves the first query best.
fn others(
    whatif: &mut WhatIf<'_>,
    candidate: &Candidate,
    set: &Set,
    queries: &[usize],
) -> Vec<usize> {
    let index = &candidate.index;
    let mut variants = Vec::new();
    if index.method == Method::Btree && (2..=4).contains(&index.keys.len()) {
        let mut turned = index.clone();
        turned.keys.rotate_left(1);
        let mut swapped = index.clone();
        swapped.keys.reverse();
        variants.extend([turned, swapped]);
    }
    if !index.include.is_empty() {
        variants.push(Index { include: Vec::new(), ..index.clone() });
    }
    if index.predicate.is_some() {
        variants.push(Index { predicate: None, predicate_sql: None, ..index.clone() });
    }
    let mut out: Vec<usize> = Vec::new();
    for index in variants {
        out.push(whatif.add(Candidate { index, ..candidate.clone() }));
    }
    let first = queries.first().and_then(|query| whatif.queries.get(*query));
    let useful = first.map(|costed| costed.useful.clone()).unwrap_or_default();
    let designed = useful.into_iter().filter(|at| *at < whatif.n_designed);
    out.extend(designed.take(TRIED_MAX));
    out.retain(|at| {
        !set.contains(at)
            && whatif.candidates.get(*at).is_some_and(|other| {
                other.table == candidate.table
                    && !same_shape(&other.index, index)
                    && !same_but_direction(&other.index, index)
                    && !exists(whatif.catalog, other)
            })
    });
    order::sort(&mut out);
    out.dedup();
    out
}

fn is_permutation(whatif: &WhatIf<'_>, at: usize, index: &Index) -> bool {
    whatif.candidates.get(at).is_some_and(|other| {
        other.index.keys.len() == index.keys.len()
            && other.index.include == index.include
            && other.index.predicate == index.predicate
            && other.index.keys.first().map(|key| &key.part) != index.keys.first().map(|k| &k.part)
            && other.index.keys.iter().all(|key| index.keys.iter().any(|k| k.part == key.part))
    })
}

/// The same keys with less behind them.
fn is_plainer(whatif: &WhatIf<'_>, at: usize, index: &Index) -> bool {
    whatif.candidates.get(at).is_some_and(|other| {
        other.index.keys == index.keys
            && other.index.include.is_empty()
            && (other.index.predicate.is_none() || other.index.predicate == index.predicate)
    })
}

fn describe(
    whatif: &WhatIf<'_>,
    candidate: &Candidate,
    other: usize,
    cost: f64,
    own: f64,
    queries: &[usize],
) -> Option<Alternative> {
    let catalog = whatif.catalog;
    let other = whatif.candidates.get(other)?;
    let table = catalog.tables.get(other.table)?;
    let mut index = other.index.clone();
    index.name = index_name(table, &index, &existing_names(catalog));
    let create = create_statement(catalog, table, &index);
    let sizes = (index_bytes(table, &index).value, index_bytes(table, &candidate.index).value);
    let can = queries.iter().find_map(|query| {
        let costed = whatif.queries.get(*query)?;
        let shape = costed.shapes.iter().find(|shape| shape.table == other.table)?;
        Some(judge(catalog, table, shape, &index).reason)
    });
    let why_not = if cost > own * NEARLY {
        let factor = cost / own.max(0.01);
        let more = match factor {
            f if f >= 2.0 => format!("{f:.1} times the cost"),
            f => format!("{:.0} % more cost", (f - 1.0) * 100.0),
        };
        format!("{more}. {}", can.unwrap_or_default())
    } else if sizes.0 > sizes.1 * NEARLY {
        let larger = (sizes.0 / sizes.1.max(1.0) - 1.0) * 100.0;
        match (1.0 - cost / own.max(0.01)) * 100.0 {
            saved if saved >= 1.0 => {
                format!(
                    "{saved:.0} % less cost for {larger:.0} % more bytes: too little for its size"
                )
            }
            _ => format!("no cheaper, and {larger:.0} % larger"),
        }
    } else {
        "as cheap for these queries; fewer other queries can share it".to_owned()
    };
    Some(Alternative { create, cost_after: Some(cost), why_not })
}
