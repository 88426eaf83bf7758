//! Appends in order (`generate_orderedappend_paths` in `allpaths.c`): children that are sorted alike are
//! merged; partitions whose keys lie one behind the other are read so.

use std::rc::Rc;

use super::paths::{accumulate, append_path, keep};
use crate::plan::add_path::{Criterion, cheapest_for_pathkeys, cheapest_fractional_for_pathkeys};
use crate::plan::class::class_for_sort_expr;
use crate::plan::cost::append;
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::{PathKey, PathKeys, is_contained_in, is_redundant};
use crate::plan::root::Root;
use crate::plan::upper::build::sort_path;

/// The order of the partitions, and whether it names all keys.
type PartitionOrder = (Vec<PathKey>, bool);

/// How the children follow each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Forward,
    Backward,
    Merged,
}

/// Adds an append or a merge for each order that a path of a child has.
pub fn add_ordered_paths(root: &mut Root<'_>, relation: usize, children: &[usize]) {
    let mut orders: Vec<PathKeys> = Vec::new();
    for path in children.iter().filter_map(|child| root.rels.get(*child)).flat_map(|r| &r.paths) {
        if !path.pathkeys.is_empty() && !orders.contains(&path.pathkeys) {
            orders.push(path.pathkeys.clone());
        }
    }
    if orders.is_empty() {
        return;
    }
    let is_ordered = root
        .base(relation)
        .and_then(|base| base.children.as_ref())
        .is_some_and(|children| children.is_ordered);
    let (mut forward, mut backward) = ((Vec::new(), false), (Vec::new(), false));
    if is_ordered {
        forward = partition_order(root, relation, false);
        backward = partition_order(root, relation, true);
    }
    for order in orders {
        let way = if follows(&order, &forward) {
            Way::Forward
        } else if follows(&order, &backward) {
            Way::Backward
        } else {
            Way::Merged
        };
        let fraction = root.tuple_fraction;
        let startup = sorted_inputs(root, children, &order, way, Pick::By(Criterion::Startup));
        let total = sorted_inputs(root, children, &order, way, Pick::By(Criterion::Total));
        let is_same = startup.iter().zip(&total).all(|(a, b)| Rc::ptr_eq(a, b));
        add(root, relation, startup, &order, way);
        if !is_same {
            add(root, relation, total, &order, way);
        }
        if fraction > 0.0 {
            let pick = Pick::Fraction(1.0 / fraction);
            let inputs = sorted_inputs(root, children, &order, way, pick);
            add(root, relation, inputs, &order, way);
        }
    }
}

/// `build_partition_pathkeys`
fn partition_order(root: &mut Root<'_>, relation: usize, is_backward: bool) -> PartitionOrder {
    let children = root.base(relation).and_then(|base| base.children.as_ref());
    let keys = children.map(|children| children.keys.clone()).unwrap_or_default();
    let mut out = Vec::new();
    for key in keys {
        let Some(class) = class_for_sort_expr(root, &Rc::new(key), 0, false) else {
            return (out, false);
        };
        let key = PathKey { class, desc: is_backward, nulls_first: is_backward };
        if !is_redundant(root, &key, &out) {
            out.push(key);
        }
    }
    (out, true)
}

/// Is the order that of the partitions, or of the partitions and then of more keys?
fn follows(order: &[PathKey], (partitions, is_complete): &PartitionOrder) -> bool {
    is_contained_in(order, partitions) || (*is_complete && is_contained_in(partitions, order))
}

/// Which path of a child.
#[derive(Clone, Copy)]
enum Pick {
    By(Criterion),
    Fraction(f64),
}

/// One path of each child, in this order if it has one.
fn sorted_inputs(
    root: &Root<'_>,
    children: &[usize],
    order: &PathKeys,
    way: Way,
    pick: Pick,
) -> Vec<Rc<Path>> {
    let mut out = Vec::new();
    for rel in children.iter().filter_map(|child| root.rels.get(*child)) {
        let found = match pick {
            Pick::By(by) => cheapest_for_pathkeys(&rel.paths, order, 0, by, false),
            Pick::Fraction(fraction) => {
                cheapest_fractional_for_pathkeys(&rel.paths, order, 0, fraction)
            }
        };
        let Some(path) = found.or(rel.cheapest_total.as_ref()).cloned() else { continue };
        match way {
            Way::Merged => accumulate(path, &mut out),
            Way::Forward => out.push(singleton(path)),
            Way::Backward => out.insert(0, singleton(path)),
        }
    }
    out
}

/// `get_singleton_append_subpath`
fn singleton(path: Rc<Path>) -> Rc<Path> {
    match &path.kind {
        PathKind::Append(inputs) | PathKind::MergeAppend(inputs) if !path.parallel_aware => {
            match inputs.as_slice() {
                [only] => only.clone(),
                _ => path,
            }
        }
        _ => path,
    }
}

fn add(root: &mut Root<'_>, relation: usize, inputs: Vec<Rc<Path>>, order: &PathKeys, way: Way) {
    let Some(rel) = root.rels.get(relation) else { return };
    let limit = if rel.relids == root.all_baserels { root.limit_tuples } else { -1.0 };
    let sorted = |input: Rc<Path>| match is_contained_in(order, &input.pathkeys) {
        true => input,
        false => Rc::new(sort_path(root, rel, &input, order, limit)),
    };
    let inputs: Vec<Rc<Path>> = inputs.into_iter().map(sorted).collect();
    let path = match way {
        Way::Merged => merge_append_path(root, relation, inputs, order),
        _ => append_path(root, relation, inputs, order, None),
    };
    keep(root, relation, path);
}

/// `create_merge_append_path` of sorted inputs.
fn merge_append_path(
    root: &Root<'_>,
    relation: usize,
    inputs: Vec<Rc<Path>>,
    order: &PathKeys,
) -> Option<Path> {
    let rel = root.rels.get(relation)?;
    let (cost, rows) = append::merge_append(root.settings(), &inputs);
    Some(Path {
        relids: rel.relids,
        target: rel.target,
        startup: cost.startup,
        total: cost.total,
        rows,
        pathkeys: order.clone(),
        param: None,
        parallel_safe: rel.consider_parallel && inputs.iter().all(|path| path.parallel_safe),
        parallel_aware: false,
        parallel_workers: 0,
        kind: PathKind::MergeAppend(inputs),
    })
}
