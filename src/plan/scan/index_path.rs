//! One path through an index, with its cost (`create_index_path`, `cost_index`, and the access methods'
//! estimates in `selfuncs.c`).

use std::rc::Rc;

use super::workers::parallel_workers;
use crate::estimate::column::column_info;
use crate::plan::clause::{Clause, Clauses, clauses_cost};
use crate::plan::cost::gather::parallel_divisor;
use crate::plan::cost::index::{
    HeapFetch, IndexCost, IndexScan, brin, btree, generic, gin, heap_fetch, search_tree,
};
use crate::plan::estimates::clauselist_selectivity;
use crate::plan::implication::implies;
use crate::plan::join::nested_loop::is_answered;
use crate::plan::params::baserel_param_info;
use crate::plan::path::{IndexClause, IndexPath, JoinType, Path, PathKind};
use crate::plan::pathkeys::PathKeys;
use crate::plan::relation::{Base, BaseKind, IndexInfo, clamp_row_est};
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::relids::Relids;
use crate::sql::schema::{KeyPart, Method};

/// What an index path is made of.
pub struct Ask<'c> {
    /// The relation.
    pub relation: usize,
    /// Position in `Base::indexes`.
    pub index: usize,
    /// Conditions, by key.
    pub clauses: &'c [IndexClause],
    /// Its order.
    pub pathkeys: PathKeys,
    /// Read from its end.
    pub is_backward: bool,
    /// Without visiting all-visible pages.
    pub is_index_only: bool,
    /// Relations it depends on.
    pub required_outer: Relids,
    /// Times it runs.
    pub loops: f64,
}

/// A path through an index; `partial`: shared by workers, `None` if it is too small for that.
pub fn index_path(root: &mut Root<'_>, ask: &Ask<'_>, partial: bool) -> Option<Path> {
    let param = baserel_param_info(root, ask.relation, ask.required_outer);
    let rel = root.rels.get(ask.relation)?;
    let base = rel.base.as_ref()?;
    let info = base.indexes.get(ask.index)?;
    let settings = root.settings();
    let mut rows = param.as_ref().map_or(rel.rows, |param| param.rows);
    let quals: Clauses = ask.clauses.iter().flat_map(IndexClause::conditions).cloned().collect();
    let all = with_predicate(info, &quals);
    let relation = ask.relation;
    let selectivity = clauselist_selectivity(root, &all, Some(relation), JoinType::Inner, None);
    let index = access_cost(root, base, info, ask, quals.len(), selectivity);
    let (cost, selectivity) = index;
    let mut startup = cost.cost.startup;
    let mut run = cost.cost.total - cost.cost.startup;
    let tuples = clamp_row_est(selectivity * base.tuples);
    let fetch = HeapFetch {
        pages: base.pages,
        index_pages: info.pages,
        tuples,
        selectivity,
        correlation: correlation(base, info),
        all_visible: ask.is_index_only.then_some(base.allvisfrac),
        loops: ask.loops,
        total_table_pages: root.total_table_pages,
    };
    let (heap, anywhere) = heap_fetch(settings, &fetch);
    let mut workers = 0;
    if partial {
        let heap_pages = (!ask.is_index_only).then_some(anywhere);
        workers = parallel_workers(root, ask.relation, heap_pages, Some(cost.pages));
        if workers == 0 {
            return None;
        }
    }
    run += heap;
    let mut checked = unanswered(&info.restrictions, ask.clauses);
    if let Some(param) = &param {
        checked.extend(unanswered(&param.clauses, ask.clauses));
    }
    let quals = clauses_cost(&checked);
    startup += quals.startup + rel.target.cost.startup;
    let mut cpu = (settings.cpu_tuple_cost + quals.per_tuple) * tuples;
    cpu += rel.target.cost.per_tuple * rows;
    if workers > 0 {
        rows = clamp_row_est(rows / parallel_divisor(workers));
        cpu /= parallel_divisor(workers);
    }
    run += cpu;
    Some(Path {
        kind: PathKind::Index(IndexPath {
            index: ask.index,
            clauses: ask.clauses.to_vec(),
            order_by: Vec::new(),
            is_backward: ask.is_backward,
            is_index_only: ask.is_index_only,
            index_total: cost.cost.total,
            selectivity,
        }),
        relids: rel.relids,
        target: rel.target,
        startup,
        total: startup + run,
        rows,
        pathkeys: ask.pathkeys.clone(),
        param,
        parallel_safe: rel.consider_parallel,
        parallel_aware: workers > 0,
        parallel_workers: workers,
    })
}

/// `extract_nonindex_conditions`
fn unanswered(clauses: &[Rc<Clause>], answered: &[IndexClause]) -> Clauses {
    let left = |clause: &&Rc<Clause>| !clause.is_pseudoconstant && !is_answered(clause, answered);
    clauses.iter().filter(left).cloned().collect()
}

/// `add_predicate_to_index_quals`: the predicate restricts too, where the conditions do not imply it.
fn with_predicate(info: &IndexInfo<'_>, quals: &[Rc<Clause>]) -> Clauses {
    let asked: Vec<&Expr> = quals.iter().map(|clause| &clause.expr).collect();
    let extra = info.predicate_clauses.iter().filter(|part| !implies(&asked, &part.expr));
    extra.chain(quals).cloned().collect()
}

/// Cost of the index alone, and the part of the table's rows that it returns.
fn access_cost(
    root: &Root<'_>,
    base: &Base<'_>,
    info: &IndexInfo<'_>,
    ask: &Ask<'_>,
    n_quals: usize,
    selectivity: f64,
) -> (IndexCost, f64) {
    let settings = root.settings();
    let arrays = ask.clauses.iter().filter(|clause| clause.is_array && clause.n_values > 1.0);
    let scan = IndexScan {
        tuples: info.tuples,
        pages: info.pages,
        tree_height: info.tree_height,
        heap_tuples: base.tuples,
        selectivity,
        index_tuples: None,
        n_quals: n_quals as f64,
        n_descents: arrays.map(|clause| clause.n_values).product(),
        operand_cost: ask.clauses.iter().map(|clause| clause.operand_cost).sum(),
        loops: ask.loops,
        total_table_pages: root.total_table_pages,
    };
    match info.index.method {
        Method::Btree => {
            let index_tuples = Some(entries_read(root, base, info, ask));
            (btree(settings, &IndexScan { index_tuples, ..scan }), selectivity)
        }
        Method::Gin | Method::Fulltext => {
            let searches: f64 = ask.clauses.iter().map(entries_searched).sum();
            (gin(settings, &scan, searches), selectivity)
        }
        Method::Brin => {
            let (cost, read) =
                brin(settings, &scan, base.pages, pages_per_range(info), correlation(base, info));
            (cost, selectivity.max(read))
        }
        Method::Gist | Method::Spgist => (search_tree(settings, &scan), selectivity),
        _ => (generic(settings, &scan), selectivity),
    }
}

/// Entries of a GIN index that a condition looks up: one a trigram, key or array element. What they are
/// is not worked out here; the literal's length is a stand-in.
fn entries_searched(clause: &IndexClause) -> f64 {
    let mut length = 0;
    clause.clause.expr.walk(&mut |part| {
        if let Expr::Literal(crate::sql::expr::Literal::Text(text)) = part {
            length += text.split([',', ' ', '%']).filter(|part| !part.is_empty()).count();
        }
    });
    (length as f64).max(1.0)
}

fn pages_per_range(info: &IndexInfo<'_>) -> f64 {
    let given = info.index.options.iter().find(|(name, _)| name == "pages_per_range");
    given.and_then(|(_, value)| value.parse().ok()).unwrap_or(128.0)
}

/// Entries between the boundaries, for each descent: equalities on leading keys and the conditions on
/// the first key without one. One for a unique index whose keys are all fixed.
fn entries_read(root: &Root<'_>, base: &Base<'_>, info: &IndexInfo<'_>, ask: &Ask<'_>) -> f64 {
    let mut bounds: Clauses = Vec::new();
    let (mut key, mut has_equality, mut has_array, mut has_null) = (0, false, false, false);
    let mut descents = 1.0;
    for clause in ask.clauses {
        if clause.key != key {
            if !has_equality {
                break;
            }
            has_equality = false;
            key += 1;
            if clause.key != key {
                break;
            }
        }
        has_array |= clause.is_array;
        if clause.is_array && clause.n_values > 1.0 {
            descents *= clause.n_values;
        }
        has_null |= clause.is_null_test;
        has_equality |= clause.is_equality;
        bounds.extend(clause.conditions().cloned());
    }
    let is_unique = info.index.unique && !info.index.hypothetical;
    if is_unique && key + 1 == info.keys.len() && has_equality && !has_array && !has_null {
        return 1.0;
    }
    let all = with_predicate(info, &bounds);
    let kept = clauselist_selectivity(root, &all, Some(ask.relation), JoinType::Inner, None);
    libm::rint(kept * base.tuples / descents)
}

/// Correlation of the first key; three quarters of it when more keys follow.
fn correlation(base: &Base<'_>, info: &IndexInfo<'_>) -> f64 {
    if !matches!(info.index.method, Method::Btree | Method::Brin) {
        return 0.0;
    }
    let BaseKind::Table(table, _) = base.kind else { return 0.0 };
    let Some(key) = info.index.keys.first() else { return 0.0 };
    let known = match key.part {
        KeyPart::Column(column) => column_info(table, column).correlation,
        KeyPart::Expr(..) => {
            let statistics = info.index.statistics.expressions.iter().find(|(at, _)| *at == 0);
            statistics.and_then(|(_, statistics)| statistics.correlation).unwrap_or(0.0)
        }
    };
    let known = if key.desc { -known } else { known };
    if info.keys.len() > 1 && info.index.method == Method::Btree { known * 0.75 } else { known }
}
