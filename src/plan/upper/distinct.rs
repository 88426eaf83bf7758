//! DISTINCT (`create_distinct_paths` and its parts in `planner.c`): dropping repeated rows of a sorted
//! input, or by hashing; workers may drop theirs first.

use std::rc::Rc;

use super::build::{AggStep, agg_path, sort_path, unique_path};
use super::gather::gather_paths;
use super::group_clause::{distinct_clause, is_distinct_on};
use crate::estimate::sql_type::{declared_type, is_hashable};
use crate::plan::add_path::{add_partial_path, add_path, set_cheapest};
use crate::plan::cost::agg::{AggCosts, Grouping};
use crate::plan::estimates::num_groups;
use crate::plan::path::{AggSplit, AggStrategy, Path};
use crate::plan::pathkeys::is_contained_in;
use crate::plan::relation::Rel;
use crate::plan::root::Root;
use crate::read::settings::Switch;
use crate::sql::expr::Expr;

/// What is made distinct.
struct Distinct {
    exprs: Vec<Expr>,
    is_on: bool,
    can_hash: bool,
    /// States of the query's aggregates; they count for any hash table of the query.
    n_states: usize,
}

impl Distinct {
    fn groups(&self, root: &Root<'_>, rows: f64) -> f64 {
        let exprs: Vec<&Expr> = self.exprs.iter().collect();
        num_groups(root, &exprs, rows)
    }

    fn hashed(&self, root: &Root<'_>, rel: &Rel<'_>, input: &Rc<Path>, groups: f64) -> Path {
        let grouping = Grouping {
            strategy: AggStrategy::Hashed,
            columns: self.exprs.len(),
            groups,
            n_states: self.n_states,
        };
        let step = AggStep {
            grouping,
            split: AggSplit::Simple,
            keys: &self.exprs,
            having: &[],
            filter: None,
            costs: AggCosts::default(),
            target: input.target,
        };
        agg_path(root, rel, input, &step)
    }
}

/// The distinct rows.
pub fn distinct_rel<'a>(root: &Root<'a>, input: &Rel<'a>, has_grouping: bool) -> Rel<'a> {
    let exprs: Vec<Expr> = distinct_clause(root).into_iter().map(|key| key.expr).collect();
    let distinct = Distinct {
        can_hash: !root.settings().is_off(Switch::HashAgg)
            && exprs.iter().all(|expr| is_hashable(&declared_type(&root.scope, expr))),
        exprs,
        is_on: is_distinct_on(root),
        n_states: super::aggregates::collect(root).states.len(),
    };
    let mut rel = super::upper_rel(root, input);
    rel.consider_parallel = input.consider_parallel;
    add_final(root, &mut rel, input, &distinct, has_grouping);
    add_partial(root, &mut rel, input, &distinct, has_grouping);
    set_cheapest(&mut rel);
    rel
}

/// `create_final_distinct_paths`
fn add_final(
    root: &Root<'_>,
    rel: &mut Rel<'_>,
    input: &Rel<'_>,
    distinct: &Distinct,
    has_grouping: bool,
) {
    let Some(cheapest) = &input.cheapest_total else { return };
    // Groups are taken to be distinct already.
    let groups = if has_grouping { cheapest.rows } else { distinct.groups(root, cheapest.rows) };
    let columns = root.distinct_pathkeys.len();
    let sorts_more = columns < root.sort_pathkeys.len();
    let wanted =
        if distinct.is_on && sorts_more { &root.sort_pathkeys } else { &root.distinct_pathkeys };
    for path in input.paths.iter().filter(|path| is_contained_in(wanted, &path.pathkeys)) {
        add_path(rel, unique_path(root, rel, path, columns, groups));
    }
    let wanted = if sorts_more { &root.sort_pathkeys } else { &root.distinct_pathkeys };
    let sorted = if is_contained_in(wanted, &cheapest.pathkeys) {
        cheapest.clone()
    } else {
        Rc::new(sort_path(root, rel, cheapest, wanted, -1.0))
    };
    add_path(rel, unique_path(root, rel, &sorted, columns, groups));
    if !distinct.is_on && distinct.can_hash {
        add_path(rel, distinct.hashed(root, rel, cheapest, groups));
    }
}

/// `create_partial_distinct_paths`
fn add_partial(
    root: &Root<'_>,
    rel: &mut Rel<'_>,
    input: &Rel<'_>,
    distinct: &Distinct,
    has_grouping: bool,
) {
    let Some(cheapest) = input.partial_paths.first() else { return };
    if !input.consider_parallel || distinct.is_on {
        return;
    }
    let mut partial = super::upper_rel(root, input);
    partial.consider_parallel = true;
    let groups = distinct.groups(root, cheapest.rows);
    let keys = &root.distinct_pathkeys;
    for path in input.partial_paths.iter().filter(|path| is_contained_in(keys, &path.pathkeys)) {
        let path = unique_path(root, &partial, path, keys.len(), groups);
        add_partial_path(&mut partial, path);
    }
    if distinct.can_hash {
        let path = distinct.hashed(root, &partial, cheapest, groups);
        add_partial_path(&mut partial, path);
    }
    if !partial.partial_paths.is_empty() {
        gather_paths(root, &mut partial, true);
        set_cheapest(&mut partial);
        add_final(root, rel, &partial, distinct, has_grouping);
    }
}
