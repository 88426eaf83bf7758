//! Paths to one table: sequential, by index, index-only, by bitmap, alone or with the current rows of
//! other relations (`set_plain_rel_pathlist` in `allpaths.c`, `indxpath.c`).

mod bitmap;
mod index_path;
mod index_paths;
mod infos;
mod matching;
mod workers;

pub use infos::{build_index_infos, check_index_predicates};

use std::rc::Rc;

use super::add_path::{add_partial_path, add_path};
use super::clause::clauses_cost;
use super::cost::gather::parallel_divisor;
use super::params::baserel_param_info;
use super::path::{Path, PathKind};
use super::relation::clamp_row_est;
use super::root::Root;

/// Adds all paths to a table.
pub fn set_plain_rel_paths(root: &mut Root<'_>, relation: usize) {
    let needs = root.rels.get(relation).map_or(0, |rel| rel.lateral_relids);
    let param = baserel_param_info(root, relation, needs);
    if let Some(path) = seq_scan(root, relation, param, 0)
        && let Some(rel) = root.rels.get_mut(relation)
    {
        add_path(rel, path);
    }
    let may_share = root.rels.get(relation).is_some_and(|rel| rel.consider_parallel);
    if may_share && needs == 0 {
        let pages = root.base(relation).map_or(0.0, |base| base.pages);
        let n = workers::parallel_workers(root, relation, Some(pages), None);
        if n > 0
            && let Some(path) = seq_scan(root, relation, None, n)
            && let Some(rel) = root.rels.get_mut(relation)
        {
            add_partial_path(rel, path);
        }
    }
    index_paths::create_index_paths(root, relation);
}

/// `cost_seqscan`: every page, every row, every condition on every row.
fn seq_scan(
    root: &Root<'_>,
    relation: usize,
    param: Option<Rc<super::relation::ParamInfo>>,
    workers: u32,
) -> Option<Path> {
    let settings = root.settings();
    let rel = root.rels.get(relation)?;
    let base = rel.base.as_ref()?;
    let mut quals = base.restriction_cost;
    let mut rows = rel.rows;
    if let Some(param) = &param {
        quals += clauses_cost(&param.clauses);
        rows = param.rows;
    }
    let startup = quals.startup + rel.target.cost.startup;
    let mut cpu = (settings.cpu_tuple_cost + quals.per_tuple) * base.tuples;
    cpu += rel.target.cost.per_tuple * rows;
    if workers > 0 {
        cpu /= parallel_divisor(workers);
        rows = clamp_row_est(rows / parallel_divisor(workers));
    }
    let disk = settings.seq_page_cost * base.pages;
    Some(Path {
        kind: PathKind::SeqScan,
        relids: rel.relids,
        target: rel.target,
        startup,
        total: startup + cpu + disk,
        rows,
        pathkeys: Rc::default(),
        param,
        parallel_safe: rel.consider_parallel,
        parallel_aware: workers > 0,
        parallel_workers: workers,
    })
}
