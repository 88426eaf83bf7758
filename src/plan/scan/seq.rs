//! Reading a table from start to end, and what all scans of it have in common.

use std::rc::Rc;

use crate::plan::clause::{QualCost, clauses_cost};
use crate::plan::cost::scan::{Heap, Work, parallel_workers, seq_scan};
use crate::plan::path::{Path, PathKind};
use crate::plan::pathkeys::PathKeys;
use crate::plan::relation::{Base, ParamInfo, Rel};
use crate::plan::root::Root;

/// The table as cost formulas see it.
pub fn heap_of(root: &Root<'_>, base: &Base<'_>) -> Heap {
    Heap {
        pages: base.pages,
        tuples: base.tuples,
        allvisfrac: base.allvisfrac,
        total_table_pages: root.total_table_pages,
    }
}

/// `get_restriction_qual_cost` and the rows: what a scan that checks every condition does.
pub fn work_of(rel: &Rel<'_>, base: &Base<'_>, param: Option<&ParamInfo>) -> Work {
    let own = base.restriction_cost;
    let quals = param.map_or(own, |param| {
        let pushed = clauses_cost(&param.clauses);
        QualCost {
            startup: pushed.startup + own.startup,
            per_tuple: pushed.per_tuple + own.per_tuple,
        }
    });
    Work { quals, target: rel.target.cost, rows: param.map_or(rel.rows, |param| param.rows) }
}

/// A path to a table without cost, rows or order.
pub fn blank_path(rel: &Rel<'_>, kind: PathKind, param: Option<Rc<ParamInfo>>) -> Path {
    Path {
        kind,
        relids: rel.relids,
        target: rel.target,
        startup: 0.0,
        total: 0.0,
        rows: 0.0,
        pathkeys: PathKeys::default(),
        param,
        parallel_safe: rel.consider_parallel,
        parallel_aware: false,
        parallel_workers: 0,
    }
}

/// `create_seqscan_path`
pub fn seq_scan_path(
    root: &Root<'_>,
    relation: usize,
    param: Option<Rc<ParamInfo>>,
    workers: u32,
) -> Option<Path> {
    let rel = root.rels.get(relation)?;
    let base = rel.base.as_ref()?;
    let work = work_of(rel, base, param.as_deref());
    let scanned = seq_scan(root.settings(), &heap_of(root, base), &work, workers);
    Some(Path {
        startup: scanned.cost.startup,
        total: scanned.cost.total,
        rows: scanned.rows,
        parallel_aware: workers > 0,
        parallel_workers: workers,
        ..blank_path(rel, PathKind::SeqScan, param)
    })
}

/// `create_plain_partial_paths`
pub fn partial_seq_scan_path(root: &Root<'_>, relation: usize) -> Option<Path> {
    let base = root.base(relation)?;
    let pages = Some(base.pages);
    let workers = parallel_workers(root.settings(), base.parallel_workers, pages, None);
    if workers == 0 { None } else { seq_scan_path(root, relation, None, workers) }
}
