//! The part of the rows that the conditions of the scan find. Those with a constant or a parameter are
//! given another part of the rows, as a pasted plan would measure it; where only joins search the index,
//! the columns are given another number of distinct values.

use crate::sorted::{SortedMap, SortedSet};

use super::trial::Trial;
use super::words::{matching_text, rounded_down};
use super::{BreakEven, Input};
use crate::advise::arms::served_shape;
use crate::catalog::observed::{ObservedSelectivity, key};
use crate::catalog::{Index, Table};
use crate::estimate::Basis;
use crate::estimate::column::column_info;
use crate::estimate::join::JoinContext;
use crate::estimate::selectivity::{Scope, clauselist_selectivity};
use crate::plan::implication::strip;
use crate::plan::index_match::at_relation;
use crate::read::statistics::ColumnStatistics;
use crate::sql::canonical::canonical;
use crate::sql::expr::Expr;
use crate::workload::predicate::Predicate;
use crate::workload::shape::blocks;

/// What finds more than this finds all.
const MATCHING_MAX: f64 = 0.9;

/// How one query finds rows by the index.
struct Search {
    /// Conditions with constants and parameters, over relation 0, and the part of the rows that each
    /// finds; of a range the first stands for all of it.
    conditions: Vec<(Expr, f64)>,
    /// Columns that a join searches, where nothing else does, with their numbers of values.
    joined: Vec<(usize, f64)>,
    /// The part of the rows that all of them find.
    part: f64,
    basis: Basis,
}

/// Which part of the rows may match.
pub(super) fn matching(trial: &mut Trial<'_>) -> Option<BreakEven> {
    let searches = searches(trial);
    let first = searches.first()?;
    let (current, basis) = (first.part, first.basis);
    let is_narrow = |search: &Search| search.part > 0.0 && search.part < MATCHING_MAX;
    if !searches.iter().all(is_narrow) {
        return None;
    }
    let set = |trial: &mut Trial<'_>, part: f64| {
        for at in trial.family() {
            if let Some(table) = trial.catalog.tables.get_mut(at) {
                searches.iter().for_each(|search| set_part(table, search, part.max(search.part)));
            }
        }
    };
    let high = trial.threshold(current, 1.0, &set)?.map(rounded_down)?;
    let text = matching_text(&trial.original()?.name.to_string(), high, current, basis);
    let (low, high, current) = (None, Some(high), Some(current));
    Some(BreakEven { input: Input::Matching, text, low, high, current, basis })
}

/// Of every query that the index is searched for, how.
fn searches(trial: &Trial<'_>) -> Vec<Search> {
    let mut out = Vec::new();
    let catalog = &trial.context.catalog;
    let Some(table) = trial.original() else { return out };
    for query in trial.entries.iter().filter_map(|entry| entry.query.as_ref()) {
        let shapes = blocks(query).into_iter().flat_map(|block| block.shapes);
        for shape in shapes.filter(|shape| shape.table == trial.table) {
            let Some((seen, found)) = served_shape(catalog, table, &shape, &trial.index) else {
                continue;
            };
            let at: SortedSet<usize> = found.boundary.iter().map(|(_, at)| *at).collect();
            let bound: Vec<&Predicate> =
                at.iter().filter_map(|at| seen.predicates.get(*at)).collect();
            out.extend(search_of(table, &trial.index, &bound));
        }
    }
    out
}

fn search_of(table: &Table, index: &Index, bound: &[&Predicate]) -> Option<Search> {
    let columns: SortedSet<usize> = bound.iter().filter_map(|one| column_of(one)).collect();
    let infos = columns.iter().map(|column| (*column, column_info(table, *column)));
    let joined: Vec<_> = infos.map(|(column, info)| (column, info.n_distinct.max(1.0))).collect();
    let mut basis = columns.iter().map(|column| column_info(table, *column).basis).max();
    let conditions = conditions_of(table, index, bound);
    if conditions.is_empty() {
        let part = joined.iter().map(|(_, n_distinct)| 1.0 / n_distinct).product();
        let basis = basis.unwrap_or(Basis::Default);
        return (!joined.is_empty()).then_some(Search { conditions, joined, part, basis });
    }
    if bound.iter().any(|one| !one.is_equality() && has_parameter(&one.clause)) {
        basis = None;
    }
    let part = conditions.iter().map(|(_, part)| *part).product();
    let basis = basis.unwrap_or(Basis::Default);
    Some(Search { conditions, joined: Vec::new(), part, basis })
}

/// The conditions that need no other table.
fn conditions_of(table: &Table, index: &Index, bound: &[&Predicate]) -> Vec<(Expr, f64)> {
    let mut scope = Scope::of(table);
    scope.relations.iter_mut().for_each(|relation| relation.expressions = index.expressions());
    let constant: Vec<&&Predicate> = bound.iter().filter(|one| !one.is_join()).collect();
    let mut out: Vec<(Expr, f64)> = Vec::new();
    for (at, one) in constant.iter().enumerate() {
        let clause = at_relation(&one.clause, 0);
        if constant.iter().take(at).any(|before| before.key == one.key) {
            out.push((clause, 1.0));
            continue;
        }
        let same = constant.iter().filter(|other| other.key == one.key);
        let same: Vec<Expr> = same.map(|other| at_relation(&other.clause, 0)).collect();
        let same: Vec<&Expr> = same.iter().collect();
        let part = clauselist_selectivity(&scope, &same, &JoinContext::default());
        out.push((clause, part));
    }
    out
}

fn has_parameter(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| found |= matches!(part, Expr::Param(_)));
    found
}

fn column_of(predicate: &Predicate) -> Option<usize> {
    match strip(&predicate.key) {
        Expr::Column(column) => Some(usize::from(column.column)),
        _ => None,
    }
}

/// Lets a search find this part of the rows; each condition takes its share of the difference.
fn set_part(table: &mut Table, search: &Search, part: f64) {
    let share = libm::log(part) / libm::log(search.part);
    let mut observed: SortedMap<String, ObservedSelectivity> =
        std::mem::take(&mut table.observed).into_iter().map(|one| (one.key.clone(), one)).collect();
    for (condition, own) in &search.conditions {
        let condition = canonical(condition);
        let (key, selectivity) = (key(&condition), libm::pow(*own, share));
        let one = ObservedSelectivity { key, condition, selectivity, source: None };
        observed.insert(one.key.clone(), one);
    }
    table.observed = observed.into_values().collect();
    for (column, own) in &search.joined {
        let Some(column) = table.columns.get_mut(*column) else { continue };
        let known = column.statistics.take().unwrap_or_default();
        column.statistics = Some(ColumnStatistics {
            n_distinct: Some(libm::pow(*own, share)),
            most_common_vals: Vec::new(),
            most_common_freqs: Vec::new(),
            ..known
        });
    }
}
