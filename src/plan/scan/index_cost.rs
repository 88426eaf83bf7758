//! What a search of an index costs: gathers what the formulas of `cost::index` need
//! (`btcostestimate` and its kin in `selfuncs.c`).

use std::rc::Rc;

use super::candidate::Candidate;
use super::gin_lookups::gin_lookups;
use super::infos::implied;
use super::methods::is_clustered;
use super::operators::is_pattern_class;
use crate::estimate::column::column_info;
use crate::plan::clause::{Clause, Clauses};
use crate::plan::cost::gin::gin;
use crate::plan::cost::index::{
    PAGES_PER_RANGE, Search, Searched, brin, btree, generalized_tree, generic,
};
use crate::plan::cost::scan::Heap;
use crate::plan::estimates::clauselist_selectivity;
use crate::plan::path::{IndexClause, JoinType};
use crate::plan::relation::IndexInfo;
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::schema::{KeyPart, Method};

/// `amcostestimate`: cost, selectivity and correlation of a search by these clauses.
pub fn search_cost(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    heap: &Heap,
    clauses: &[IndexClause],
    (n_distances, distance_operands): (f64, f64),
    loop_count: f64,
) -> Searched {
    let base = root.base(candidate.relation);
    let Some(info) = base.and_then(|base| base.indexes.get(candidate.at)) else {
        return Searched::default();
    };
    let settings = root.settings();
    let quals: Clauses = clauses.iter().flat_map(IndexClause::conditions).cloned().collect();
    let operands: f64 = clauses.iter().map(|clause| clause.operand_cost).sum();
    let mut search = Search {
        pages: info.pages,
        tuples: info.tuples,
        tree_height: info.tree_height,
        selectivity: with_predicate(root, candidate, info, &quals),
        visited: 0.0,
        n_array_scans: array_scans(clauses),
        n_conditions: quals.len() as f64 + n_distances,
        operands: operands + distance_operands,
        loop_count,
        correlation: 0.0,
    };
    match candidate.index.method {
        Method::Btree => {
            search.visited = visited(root, candidate, info, heap, clauses);
            search.correlation = btree_correlation(candidate);
            btree(settings, heap, &search)
        }
        Method::Gist | Method::Spgist => generalized_tree(settings, heap, &search),
        Method::Gin => gin(settings, heap, &search, &gin_lookups(candidate, clauses)),
        Method::Brin => {
            search.selectivity = selectivity(root, candidate, &quals);
            search.correlation = best_correlation(candidate, clauses);
            brin(settings, heap, &search, pages_per_range(candidate))
        }
        _ => generic(settings, heap, &search),
    }
}

fn selectivity(root: &Root<'_>, candidate: &Candidate<'_>, quals: &[Rc<Clause>]) -> f64 {
    clauselist_selectivity(root, quals, Some(candidate.relation), JoinType::Inner, None)
}

/// `add_predicate_to_index_quals`: with what the predicate says beyond the conditions.
fn with_predicate(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    info: &IndexInfo<'_>,
    quals: &[Rc<Clause>],
) -> f64 {
    if info.predicate_clauses.is_empty() {
        return selectivity(root, candidate, quals);
    }
    let known: Vec<Expr> = quals.iter().map(|clause| clause.expr.clone()).collect();
    let is_new = |part: &&Rc<Clause>| !implied(&known, std::slice::from_ref(&part.expr));
    let mut all: Clauses = info.predicate_clauses.iter().filter(is_new).cloned().collect();
    all.extend_from_slice(quals);
    selectivity(root, candidate, &all)
}

/// Descents that arrays ask for.
fn array_scans(clauses: &[IndexClause]) -> f64 {
    let lengths = clauses.iter().filter(|c| c.is_array && c.n_values > 1.0).map(|c| c.n_values);
    lengths.product()
}

/// Entries that one descent of a B-tree visits: those that the boundary conditions leave, which are the
/// equalities on leading keys and whatever is asked of the key after them.
fn visited(
    root: &Root<'_>,
    candidate: &Candidate<'_>,
    info: &IndexInfo<'_>,
    heap: &Heap,
    clauses: &[IndexClause],
) -> f64 {
    let mut bounds: Vec<IndexClause> = Vec::new();
    let mut key = 0;
    let mut is_fixed = false;
    for clause in clauses {
        if clause.key != key {
            if !is_fixed {
                break;
            }
            is_fixed = false;
            key += 1;
            if clause.key != key {
                break;
            }
        }
        is_fixed |= clause.is_equality;
        bounds.push(clause.clone());
    }
    let is_single = !bounds.iter().any(|clause| clause.is_array || clause.is_null_test);
    if candidate.index.unique && is_fixed && is_single && key + 1 == candidate.keys.len() {
        return 1.0;
    }
    let quals: Clauses = bounds.iter().flat_map(IndexClause::conditions).cloned().collect();
    let found = with_predicate(root, candidate, info, &quals) * heap.tuples;
    libm::rint(found / array_scans(&bounds))
}

/// The first key's correlation; three quarters of it where there are more. Statistics know only the
/// type's own order.
fn btree_correlation(candidate: &Candidate<'_>) -> f64 {
    if is_clustered(candidate.dialect(), candidate.index) {
        return 1.0;
    }
    let Some(first) = candidate.keys.first().filter(|key| !is_pattern_class(key)) else {
        return 0.0;
    };
    let mut correlation = key_correlation(candidate, 0);
    if first.definition.desc {
        correlation = -correlation;
    }
    if candidate.keys.len() > 1 { correlation * 0.75 } else { correlation }
}

/// Of the keys that are searched by, the best correlated one's.
fn best_correlation(candidate: &Candidate<'_>, clauses: &[IndexClause]) -> f64 {
    let keys = clauses.iter().map(|clause| clause.key);
    keys.map(|key| libm::fabs(key_correlation(candidate, key))).fold(0.0, f64::max)
}

/// Correlation of the heap with the order of a key; 0 where it is not known.
fn key_correlation(candidate: &Candidate<'_>, at: usize) -> f64 {
    match candidate.keys.get(at).map(|key| &key.definition.part) {
        Some(KeyPart::Column(column)) => column_info(candidate.table, *column).correlation,
        Some(KeyPart::Expr(..)) => {
            let known = candidate.index.statistics.expressions.iter().find(|(key, _)| *key == at);
            known.and_then(|(_, statistics)| statistics.correlation).unwrap_or(0.0)
        }
        None => 0.0,
    }
}

fn pages_per_range(candidate: &Candidate<'_>) -> f64 {
    let options = candidate.index.options.iter();
    let given = options.filter(|(name, _)| name == "pages_per_range");
    given
        .filter_map(|(_, value)| value.trim_matches('\'').parse::<f64>().ok())
        .find(|pages| *pages >= 1.0)
        .unwrap_or(PAGES_PER_RANGE)
}
