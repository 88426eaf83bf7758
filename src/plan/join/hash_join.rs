//! Hash joins (`try_hashjoin_path` in `joinpath.c`, `final_cost_hashjoin` in `costsize.c`).

use std::rc::Rc;

use super::attempt::{
    Extra, Kind, is_worth, keep, matching_pairs, non_nestloop_required, path_rows, with_params,
    without,
};
use crate::estimate::hash;
use crate::plan::clause::{Clause, clauses_cost};
use crate::plan::cost::gather::parallel_divisor;
use crate::plan::cost::join::{Initial, initial_hashjoin};
use crate::plan::cost::{hash_memory_limit, relation_byte_size};
use crate::plan::path::{JoinMethod, JoinPath, JoinType, Path, PathKind};
use crate::plan::relation::clamp_row_est;
use crate::plan::root::Root;
use crate::read::settings::{DISABLE_COST, Switch};
use crate::sql::relids::{Relids, is_subset, overlaps};

/// `try_hashjoin_path`, `try_partial_hashjoin_path`. `is_shared`: all workers build one hash table.
pub fn try_hashjoin(
    root: &mut Root<'_>,
    extra: &Extra,
    jointype: JoinType,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    clauses: &[Rc<Clause>],
    kind: Kind,
    is_shared: bool,
) {
    let required = non_nestloop_required(outer, inner);
    match kind {
        Kind::Whole if required != 0 && !overlaps(required, extra.param_source) => return,
        Kind::Partial if inner.required_outer() != 0 => return,
        _ => {}
    }
    let shared = is_shared.then_some(outer.parallel_workers);
    let all_inner = match is_shared {
        true => inner.rows * parallel_divisor(inner.parallel_workers),
        false => inner.rows,
    };
    let n = clauses.len() as f64;
    let settings = root.settings();
    let initial =
        initial_hashjoin(settings, outer.as_input(), inner.as_input(), n, all_inner, shared);
    let needed = if kind == Kind::Whole { required } else { 0 };
    if !is_worth(root, extra, &initial, &[], needed, kind) {
        return;
    }
    let sides = (outer, inner);
    if let Some(mut path) = hashjoin_path(root, extra, jointype, sides, needed, clauses, &initial) {
        path.parallel_aware = is_shared;
        keep(root, extra, path, kind);
    }
}

/// `final_cost_hashjoin`'s bucket size and most common frequency of the inner side.
fn bucket_stats(root: &Root<'_>, inner: &Path, clauses: &[Rc<Clause>], n: f64) -> (f64, f64) {
    if matches!(inner.kind, PathKind::Unique(_)) {
        return (0.0, 1.0 / n);
    }
    let (mut mcv, mut size) = (1.0_f64, 1.0_f64);
    for clause in clauses {
        let Some(sides) = &clause.compare else { continue };
        let (expr, cache) = match is_subset(sides.right_relids, inner.relids) {
            true => (&sides.right, &clause.right_bucket),
            false => (&sides.left, &clause.left_bucket),
        };
        let (this_mcv, this_size) = match cache.get() {
            Some(known) => known,
            None => {
                let known = hash::bucket_stats(&root.scope, expr, n);
                cache.set(Some(known));
                known
            }
        };
        mcv = mcv.min(this_mcv);
        size = size.min(this_size);
    }
    (mcv, size)
}

fn hashjoin_path(
    root: &mut Root<'_>,
    extra: &Extra,
    jointype: JoinType,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    required: Relids,
    hash_clauses: &[Rc<Clause>],
    initial: &Initial,
) -> Option<Path> {
    let (param, clauses) = with_params(root, extra, (outer, inner), required);
    let rows = path_rows(root, extra, param.as_ref().map(|p| p.rows), outer.parallel_workers);
    let rel = root.rels.get(extra.join)?;
    let settings = root.settings();
    let buckets = initial.buckets * initial.batches;
    let (mcv, bucket) = bucket_stats(root, inner, hash_clauses, buckets);
    let mut startup = initial.startup + settings.penalty(Switch::HashJoin);
    let mut run = initial.run;
    let common = relation_byte_size(clamp_row_est(inner.rows * mcv), inner.target.width);
    if common > hash_memory_limit(settings) {
        // The most common value alone does not fit.
        startup += DISABLE_COST;
    }
    let hash_cost = clauses_cost(hash_clauses);
    let other_cost = without(clauses_cost(&clauses), hash_cost);
    startup += hash_cost.startup;
    let pairs = match extra.semi_for(jointype) {
        Some(semi) => {
            let matched = libm::rint(outer.rows * semi.outer_match_frac);
            let scanned = 2.0 / (semi.match_count + 1.0);
            run +=
                hash_cost.per_tuple * matched * clamp_row_est(inner.rows * bucket * scanned) * 0.5;
            run += hash_cost.per_tuple
                * (outer.rows - matched)
                * clamp_row_est(inner.rows / buckets)
                * 0.05;
            if jointype == JoinType::Anti { outer.rows - matched } else { matched }
        }
        None => {
            run += hash_cost.per_tuple * outer.rows * clamp_row_est(inner.rows * bucket) * 0.5;
            matching_pairs(root, outer, inner, hash_clauses)
        }
    };
    startup += other_cost.startup;
    run += (settings.cpu_tuple_cost + other_cost.per_tuple) * pairs;
    startup += rel.target.cost.startup;
    run += rel.target.cost.per_tuple * rows;
    Some(Path {
        kind: PathKind::Join(Box::new(JoinPath {
            method: JoinMethod::Hash,
            jointype,
            inner_unique: extra.inner_unique,
            outer: outer.clone(),
            inner: inner.clone(),
            clauses,
            method_clauses: hash_clauses.into(),
            outer_sort: None,
            inner_sort: None,
            materialize_inner: false,
            batches: initial.batches,
        })),
        relids: extra.relids,
        target: rel.target,
        startup,
        total: startup + run,
        rows,
        pathkeys: Rc::default(),
        param,
        parallel_safe: rel.consider_parallel && outer.parallel_safe && inner.parallel_safe,
        parallel_aware: false,
        parallel_workers: outer.parallel_workers,
    })
}
