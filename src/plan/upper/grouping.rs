//! GROUP BY and aggregates (`create_grouping_paths` and `add_paths_to_grouping_rel` in `planner.c`): of
//! every input that is sorted for it, of the cheapest one sorted, and by hashing; and the rest of what
//! workers grouped in part.

use std::rc::Rc;

use super::aggregates::Aggregates;
use super::build::{AggStep, agg_path, group_path, incremental_sort_path, sort_path};
use super::group_clause::group_exprs;
use super::partial_grouping::{gather_groups, partial_rel};
use super::targets::TargetList;
use super::{grouping_sets, having, minmax};
use crate::estimate::sql_type::{declared_type, is_hashable};
use crate::plan::add_path::{add_path, set_cheapest};
use crate::plan::cost::Filter;
use crate::plan::cost::agg::{AggCosts, Grouping};
use crate::plan::estimates::num_groups;
use crate::plan::path::{AggSplit, AggStrategy, Path, PathKind};
use crate::plan::pathkeys::n_presorted;
use crate::plan::relation::{Rel, Target};
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::functions::is_parallel_safe;

/// What is grouped and computed.
pub struct Groups<'s> {
    /// The aggregates.
    pub aggregates: &'s Aggregates,
    /// GROUP BY.
    pub keys: Vec<Expr>,
    /// Can a hash table hold the groups?
    pub can_hash: bool,
    /// HAVING.
    pub having: Vec<Expr>,
    /// Its cost and selectivity.
    pub filter: Option<Filter>,
}

impl Groups<'_> {
    /// Groups among so many rows; one without GROUP BY.
    pub fn count(&self, root: &Root<'_>, rows: f64) -> f64 {
        if self.keys.is_empty() {
            return 1.0;
        }
        let keys: Vec<&Expr> = self.keys.iter().collect();
        num_groups(root, &keys, rows)
    }

    /// A step that does all or part of the work; HAVING comes with the last.
    pub fn step(&self, strategy: AggStrategy, part: &Part) -> AggStep<'_> {
        let is_last = part.split != AggSplit::Initial;
        AggStep {
            grouping: Grouping {
                strategy,
                columns: self.keys.len(),
                groups: part.groups,
                n_states: self.aggregates.states.len(),
            },
            split: part.split,
            keys: &self.keys,
            having: if is_last { &self.having } else { &[] },
            filter: self.filter.filter(|_| is_last),
            costs: part.costs,
            target: part.target,
        }
    }

    /// Groups of a sorted input.
    pub fn sorted(&self, root: &Root<'_>, rel: &Rel<'_>, input: &Rc<Path>, part: &Part) -> Path {
        if self.aggregates.is_empty() {
            return group_path(root, rel, input, &self.step(AggStrategy::Sorted, part));
        }
        let strategy = if self.keys.is_empty() { AggStrategy::Plain } else { AggStrategy::Sorted };
        agg_path(root, rel, input, &self.step(strategy, part))
    }

    /// Groups in a hash table.
    pub fn hashed(&self, root: &Root<'_>, rel: &Rel<'_>, input: &Rc<Path>, part: &Part) -> Path {
        agg_path(root, rel, input, &self.step(AggStrategy::Hashed, part))
    }
}

/// Which part of the work, on how many groups, at which cost.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Which.
    pub split: AggSplit,
    /// Groups.
    pub groups: f64,
    /// Cost of the aggregates.
    pub costs: AggCosts,
    /// What it returns.
    pub target: Target,
}

/// The grouped rows.
pub fn grouping_rel<'a>(
    root: &mut Root<'a>,
    input: &Rel<'a>,
    target: &TargetList,
    aggregates: &Aggregates,
) -> Result<Rel<'a>, String> {
    let keys = group_exprs(root);
    let is_hashable = keys.iter().all(|key| is_hashable(&declared_type(&root.scope, key)));
    let groups = Groups {
        aggregates,
        can_hash: !keys.is_empty() && !aggregates.has_ordered() && is_hashable,
        keys,
        having: root.query.having.clone(),
        filter: having::filter(root),
    };
    let mut rel = super::upper_rel(root, input);
    rel.target = target.target;
    rel.consider_parallel = input.consider_parallel
        && target.is_parallel_safe
        && groups.having.iter().all(is_parallel_safe);
    if aggregates.is_empty() && groups.keys.is_empty() {
        let path = degenerate(root, &rel, &groups);
        add_path(&mut rel, path);
    } else {
        minmax::add_minmax_path(root, &mut rel, aggregates, target, &groups)?;
        add_ordinary(root, &mut rel, input, target, &groups);
    }
    if set_cheapest(&mut rel) { Ok(rel) } else { Err("no plan for GROUP BY".to_owned()) }
}

/// `create_degenerate_grouping_paths`: HAVING without groups or aggregates: one row or none for each
/// (empty) grouping set, whatever FROM says.
fn degenerate(root: &Root<'_>, rel: &Rel<'_>, groups: &Groups<'_>) -> Path {
    let target = rel.target;
    let qual = groups.filter.map_or_else(Default::default, |filter| filter.cost);
    // HAVING is decided once.
    let startup = target.cost.startup + (qual.startup + qual.per_tuple);
    let per_tuple = root.settings().cpu_tuple_cost + target.cost.per_tuple;
    Path {
        kind: PathKind::Result(groups.having.clone()),
        relids: 0,
        target,
        startup,
        total: startup + per_tuple,
        rows: root.query.grouping_sets.len().max(1) as f64,
        pathkeys: Default::default(),
        param: None,
        parallel_safe: rel.consider_parallel,
        parallel_aware: false,
        parallel_workers: 0,
    }
}

/// `create_ordinary_grouping_paths`
fn add_ordinary<'a>(
    root: &Root<'a>,
    rel: &mut Rel<'a>,
    input: &Rel<'a>,
    target: &TargetList,
    groups: &Groups<'_>,
) {
    let Some(cheapest) = &input.cheapest_total else { return };
    let costs = groups.aggregates.costs(root, AggSplit::Simple);
    if !root.query.grouping_sets.is_empty() {
        grouping_sets::add_paths(root, rel, input, groups, &costs);
        return;
    }
    let partial = partial_rel(root, rel, input, target, groups);
    let whole = Part {
        split: AggSplit::Simple,
        groups: groups.count(root, cheapest.rows),
        costs,
        target: target.target,
    };
    let rest = Part {
        split: AggSplit::Final,
        costs: groups.aggregates.costs(root, AggSplit::Final),
        ..whole
    };
    add_sorted(root, rel, input, groups, &whole);
    if let Some(partial) = &partial {
        add_sorted(root, rel, partial, groups, &rest);
    }
    if groups.can_hash {
        add_path(rel, groups.hashed(root, rel, cheapest, &whole));
        if let Some(cheapest) = partial.as_ref().and_then(|partial| partial.cheapest_total.clone())
        {
            add_path(rel, groups.hashed(root, rel, &cheapest, &rest));
        }
    }
    if !rel.partial_paths.is_empty() {
        gather_groups(root, rel);
    }
}

/// Groups of the inputs that are sorted for it, and of the others sorted.
fn add_sorted(
    root: &Root<'_>,
    rel: &mut Rel<'_>,
    input: &Rel<'_>,
    groups: &Groups<'_>,
    part: &Part,
) {
    let keys = &root.group_pathkeys;
    for path in &input.paths {
        let is_cheapest = input.cheapest_total.as_ref().is_some_and(|best| Rc::ptr_eq(best, path));
        let common = n_presorted(root, keys, &path.pathkeys);
        let is_partial = part.split == AggSplit::Final;
        if common == keys.len() {
            add_path(rel, groups.sorted(root, rel, path, part));
            continue;
        }
        if is_cheapest {
            let sorted = Rc::new(sort_path(root, rel, path, keys, -1.0));
            add_path(rel, groups.sorted(root, rel, &sorted, part));
        }
        // Of what workers grouped, only the cheapest is sorted again.
        if common > 0 && (is_cheapest || !is_partial) {
            let sorted = incremental_sort_path(root, rel, path, keys, common, -1.0);
            add_path(rel, groups.sorted(root, rel, &Rc::new(sorted), part));
        }
    }
}
