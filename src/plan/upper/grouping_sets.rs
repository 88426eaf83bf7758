//! GROUPING SETS, ROLLUP and CUBE (`preprocess_grouping_sets`, `extract_rollup_sets`,
//! `consider_groupingsets_paths` in `planner.c`): sets that begin with each other share one sort (a
//! rollup), or each set is hashed.

use std::rc::Rc;

use super::build::{incremental_sort_path, input_of, sort_path};
use super::group_clause::plain_key;
use super::grouping::Groups;
use crate::estimate::sql_type::{declared_type, is_hashable};
use crate::order;
use crate::plan::add_path::add_path;
use crate::plan::cost::agg::{AggCosts, Grouping, agg, hash_table_bytes};
use crate::plan::cost::{Cost, Input, hash_memory_limit, sort};
use crate::plan::estimates::num_groups;
use crate::plan::path::{AggPath, AggSplit, AggStrategy, GroupingPass, Path, PathKind};
use crate::plan::pathkeys::{PathKeys, is_contained_in, n_presorted};
use crate::plan::relation::Rel;
use crate::plan::root::Root;
use crate::sql::expr::Expr;
use crate::sql::query::SortKey;

/// A grouping set.
#[derive(Debug, Clone, PartialEq)]
struct Set {
    exprs: Vec<Expr>,
    groups: f64,
}

/// Sets that are made in one pass: each begins with the next one.
#[derive(Debug, Clone, PartialEq)]
struct Rollup {
    sets: Vec<Set>,
    can_hash: bool,
    is_hashed: bool,
}

impl Rollup {
    fn groups(&self) -> f64 {
        self.sets.iter().map(|set| set.groups).sum()
    }

    fn columns(&self) -> usize {
        self.sets.first().map_or(0, |set| set.exprs.len())
    }

    fn hashed(set: &Set) -> Rollup {
        Rollup { sets: vec![set.clone()], can_hash: true, is_hashed: true }
    }
}

/// The order of the first rollup; `None` without grouping sets.
pub fn first_rollup_keys(root: &Root<'_>) -> Option<Vec<SortKey>> {
    if root.query.grouping_sets.is_empty() {
        return None;
    }
    let rollups = rollups(root);
    let first = rollups.first().and_then(|rollup| rollup.sets.first())?;
    let order_by = &root.query.order_by;
    // The NULLs of columns that a set leaves out come last, whatever ORDER BY says.
    let key = |expr: &Expr| {
        let key = order_by.iter().find(|key| key.expr == *expr);
        let key = key.cloned().unwrap_or_else(|| plain_key(expr));
        SortKey { nulls_first: Some(false), ..key }
    };
    Some(first.exprs.iter().map(key).collect())
}

/// The sets as rollups, without their sizes.
fn rollups(root: &Root<'_>) -> Vec<Rollup> {
    let query = &root.query;
    let set = |positions: &Vec<usize>| -> Vec<Expr> {
        positions.iter().filter_map(|at| query.group_by.get(*at).cloned()).collect()
    };
    let mut sets: Vec<Vec<Expr>> = query.grouping_sets.iter().map(set).collect();
    order::sort_by_key(&mut sets, Vec::len);
    let chains = chains(sets);
    let order_by: &[SortKey] = if chains.len() == 1 { &query.order_by } else { &[] };
    let rollup = |chain: Vec<Vec<Expr>>| {
        let sets = in_prefix_order(chain, order_by);
        let first = sets.first().map_or(&[] as &[Expr], |set| &set.exprs);
        let can_hash = !first.is_empty()
            && first.iter().all(|expr| is_hashable(&declared_type(&root.scope, expr)));
        Rollup { can_hash, sets, is_hashed: false }
    };
    chains.into_iter().map(rollup).collect()
}

/// `extract_rollup_sets`: as few chains of sets, each contained in the next, as possible, by a maximal
/// matching of sets to greater ones. Empty sets go to the first chain.
fn chains(sets: Vec<Vec<Expr>>) -> Vec<Vec<Vec<Expr>>> {
    let (empty, sets): (Vec<_>, Vec<_>) = sets.into_iter().partition(Vec::is_empty);
    if sets.is_empty() {
        return vec![empty];
    }
    let mut distinct: Vec<Vec<Expr>> = Vec::new();
    let mut copies: Vec<usize> = Vec::new();
    let is_subset = |a: &[Expr], b: &[Expr]| a.iter().all(|expr| b.contains(expr));
    for set in sets {
        let known =
            distinct.iter().position(|known| is_subset(known, &set) && is_subset(&set, known));
        match known.and_then(|at| copies.get_mut(at)) {
            Some(count) => *count += 1,
            None => {
                distinct.push(set);
                copies.push(1);
            }
        }
    }
    // The smaller sets that a set contains, the largest first.
    let below = |at: usize| -> Vec<usize> {
        let Some(set) = distinct.get(at) else { return Vec::new() };
        let smaller = |other: &usize| {
            distinct
                .get(*other)
                .is_some_and(|other| other.len() < set.len() && is_subset(other, set))
        };
        (0..at).rev().filter(smaller).collect()
    };
    let mut above: Vec<Option<usize>> = vec![None; distinct.len()];
    for at in 0..distinct.len() {
        let mut seen = vec![false; distinct.len()];
        augment(at, &below, &mut above, &mut seen);
    }
    let mut out: Vec<Vec<Vec<Expr>>> = Vec::new();
    let mut chain_of: Vec<usize> = Vec::new();
    for at in 0..distinct.len() {
        let lower = above.iter().position(|of| *of == Some(at));
        let chain = lower.and_then(|lower| chain_of.get(lower).copied()).unwrap_or(out.len());
        if chain == out.len() {
            out.push(if chain == 0 { empty.clone() } else { Vec::new() });
        }
        chain_of.push(chain);
        if let (Some(chain), Some(set), Some(count)) =
            (out.get_mut(chain), distinct.get(at), copies.get(at))
        {
            chain.extend(std::iter::repeat_n(set.clone(), *count));
        }
    }
    out
}

/// Finds a smaller set for set `at`, moving others if need be. `above`: the set that each is below of.
fn augment(
    at: usize,
    below: &dyn Fn(usize) -> Vec<usize>,
    above: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for lower in below(at) {
        if seen.get(lower).copied().unwrap_or(true) {
            continue;
        }
        if let Some(seen) = seen.get_mut(lower) {
            *seen = true;
        }
        let owner = above.get(lower).copied().flatten();
        if owner.is_none_or(|owner| augment(owner, below, above, seen)) {
            if let Some(place) = above.get_mut(lower) {
                *place = Some(at);
            }
            return true;
        }
    }
    false
}

/// `reorder_grouping_sets`: each set begins with the one before it, following ORDER BY as far as it goes;
/// the largest first.
fn in_prefix_order(chain: Vec<Vec<Expr>>, order_by: &[SortKey]) -> Vec<Set> {
    let mut order_by = order_by;
    let mut previous: Vec<Expr> = Vec::new();
    let mut out: Vec<Set> = Vec::new();
    for set in chain {
        let mut more: Vec<Expr> = set.into_iter().filter(|e| !previous.contains(e)).collect();
        while let Some(key) = order_by.get(previous.len()).filter(|_| !more.is_empty()) {
            match more.iter().position(|expr| *expr == key.expr) {
                Some(at) => previous.push(more.remove(at)),
                None => order_by = &[],
            }
        }
        previous.append(&mut more);
        out.insert(0, Set { exprs: previous.clone(), groups: 0.0 });
    }
    out
}

/// What all paths of one query share.
struct Context<'c> {
    rollups: Vec<Rollup>,
    groups: &'c Groups<'c>,
    costs: &'c AggCosts,
    memory: f64,
}

impl Context<'_> {
    fn table_bytes(&self, path: &Path, groups: f64) -> f64 {
        let n_states = self.groups.aggregates.states.len();
        hash_table_bytes(n_states, path.target.width, self.costs, groups)
    }
}

/// Adds the paths of grouping sets: `add_paths_to_grouping_rel` for them.
pub fn add_paths(
    root: &Root<'_>,
    rel: &mut Rel<'_>,
    input: &Rel<'_>,
    groups: &Groups<'_>,
    costs: &AggCosts,
) {
    let Some(cheapest) = &input.cheapest_total else { return };
    let mut rollups = rollups(root);
    for set in rollups.iter_mut().flat_map(|rollup| &mut rollup.sets) {
        let exprs: Vec<&Expr> = set.exprs.iter().collect();
        set.groups = if exprs.is_empty() { 1.0 } else { num_groups(root, &exprs, cheapest.rows) };
    }
    let memory = hash_memory_limit(root.settings());
    let context = Context { rollups, groups, costs, memory };
    let keys = &root.group_pathkeys;
    for path in &input.paths {
        let common = n_presorted(root, keys, &path.pathkeys);
        if common == keys.len() {
            add_sorted(root, rel, path, &context);
            continue;
        }
        if Rc::ptr_eq(path, cheapest) {
            let sorted = Rc::new(sort_path(root, rel, path, keys, -1.0));
            add_sorted(root, rel, &sorted, &context);
        }
        if common > 0 {
            let sorted = incremental_sort_path(root, rel, path, keys, common, -1.0);
            add_sorted(root, rel, &Rc::new(sorted), &context);
        }
    }
    if groups.can_hash || hashable_at_all(groups, &context) {
        add_hashed(root, rel, cheapest, &context);
    }
}

fn hashable_at_all(groups: &Groups<'_>, context: &Context<'_>) -> bool {
    !groups.keys.is_empty()
        && !groups.aggregates.has_ordered()
        && context.rollups.iter().any(|rollup| rollup.can_hash)
}

/// All sets by hashing, but for the first rollup where the input is sorted for it, and empty sets.
fn add_hashed(root: &Root<'_>, rel: &mut Rel<'_>, path: &Rc<Path>, context: &Context<'_>) {
    let is_sorted = is_contained_in(&root.group_pathkeys, &path.pathkeys);
    let n_sorted = usize::from(is_sorted);
    let total: f64 = context.rollups.iter().skip(n_sorted).map(Rollup::groups).sum();
    if context.table_bytes(path, total) > context.memory {
        return;
    }
    let rest = context.rollups.iter().skip(n_sorted);
    if rest.clone().any(|rollup| !rollup.can_hash) {
        return;
    }
    let sets = rest.flat_map(|rollup| &rollup.sets);
    let (empty, full): (Vec<&Set>, Vec<&Set>) = sets.partition(|set| set.exprs.is_empty());
    let mut rollups: Vec<Rollup> = full.into_iter().map(Rollup::hashed).collect();
    if rollups.is_empty() {
        return;
    }
    let mut strategy = AggStrategy::Hashed;
    if let Some(first) = context.rollups.first().filter(|_| is_sorted) {
        rollups.push(first.clone());
        strategy = AggStrategy::Mixed;
    } else if !empty.is_empty() {
        let sets = empty.into_iter().cloned().collect();
        rollups.push(Rollup { sets, can_hash: false, is_hashed: false });
        strategy = AggStrategy::Mixed;
    }
    let path = sets_path(root, rel, path, strategy, &rollups, context);
    add_path(rel, path);
}

/// The first rollup of the sorted input, others after sorting again, or hashed as far as they fit.
fn add_sorted(root: &Root<'_>, rel: &mut Rel<'_>, path: &Rc<Path>, context: &Context<'_>) {
    if hashable_at_all(context.groups, context) && context.rollups.len() > 1 {
        let hashed = rollups_to_hash(path, context);
        if !hashed.is_empty() {
            let is_hashed = |at: &usize| hashed.contains(at);
            let mut rollups: Vec<Rollup> = Vec::new();
            for (at, rollup) in context.rollups.iter().enumerate() {
                if is_hashed(&at) {
                    for set in &rollup.sets {
                        rollups.insert(0, Rollup::hashed(set));
                    }
                } else {
                    rollups.push(rollup.clone());
                }
            }
            let path = sets_path(root, rel, path, AggStrategy::Mixed, &rollups, context);
            add_path(rel, path);
        }
    }
    let path = sets_path(root, rel, path, AggStrategy::Sorted, &context.rollups, context);
    add_path(rel, path);
}

/// As many of the rollups behind the first as fit in memory together (a knapsack of equal values).
fn rollups_to_hash(path: &Path, context: &Context<'_>) -> Vec<usize> {
    let scale = (context.memory / (20.0 * context.rollups.len() as f64)).max(1.0);
    let capacity = libm::floor(context.memory / scale) as usize;
    let mut items: Vec<(usize, usize)> = Vec::new();
    for (at, rollup) in context.rollups.iter().enumerate().skip(1) {
        if rollup.can_hash {
            let size = libm::floor(context.table_bytes(path, rollup.groups()) / scale);
            items.push((at, size.min(capacity as f64 + 1.0) as usize));
        }
    }
    // Of equal values the smallest go in first.
    order::sort_by_key(&mut items, |(at, size)| (*size, *at));
    let mut left = capacity;
    let mut chosen = Vec::new();
    for (at, size) in items {
        if size <= left {
            left -= size;
            chosen.push(at);
        }
    }
    chosen
}

/// `create_groupingsets_path`
fn sets_path(
    root: &Root<'_>,
    rel: &Rel<'_>,
    input: &Rc<Path>,
    strategy: AggStrategy,
    rollups: &[Rollup],
    context: &Context<'_>,
) -> Path {
    let only = rollups.len() == 1;
    let strategy = match strategy {
        AggStrategy::Sorted if only && rollups.iter().all(|r| r.columns() == 0) => {
            AggStrategy::Plain
        }
        AggStrategy::Mixed if only => AggStrategy::Hashed,
        other => other,
    };
    let (cost, rows) = sets_cost(root, input, strategy, rollups, context);
    let target = rel.target;
    let is_sorted = strategy == AggStrategy::Sorted && only;
    let groups = context.groups;
    Path {
        kind: PathKind::Agg(Box::new(AggPath {
            input: input.clone(),
            strategy,
            split: AggSplit::Simple,
            keys: groups.keys.clone(),
            having: groups.having.clone(),
            grouping_sets: passes(rollups),
        })),
        relids: input.relids,
        target,
        startup: cost.startup + target.cost.startup,
        total: cost.total + target.cost.startup + target.cost.per_tuple * rows,
        rows,
        pathkeys: if is_sorted { root.group_pathkeys.clone() } else { PathKeys::default() },
        param: None,
        parallel_safe: rel.consider_parallel && input.parallel_safe,
        parallel_aware: false,
        parallel_workers: input.parallel_workers,
    }
}

/// The first that sorts takes the input as it comes.
fn passes(rollups: &[Rollup]) -> Vec<GroupingPass> {
    let first_sorted = rollups.iter().position(|rollup| !rollup.is_hashed);
    let pass = |(at, rollup): (usize, &Rollup)| GroupingPass {
        is_hashed: rollup.is_hashed,
        is_sorted_again: !rollup.is_hashed && first_sorted.is_some_and(|first| first < at),
        sets: rollup.sets.iter().map(|set| set.exprs.clone()).collect(),
    };
    rollups.iter().enumerate().map(pass).collect()
}

/// The first rollup reads the input; the others read it again from memory or disk, sorted if need be.
fn sets_cost(
    root: &Root<'_>,
    input: &Path,
    strategy: AggStrategy,
    rollups: &[Rollup],
    context: &Context<'_>,
) -> (Cost, f64) {
    let settings = root.settings();
    let read = input_of(input);
    let again = Input { cost: Cost::default(), ..read };
    let mut cost = Cost::default();
    let mut rows = 0.0;
    let mut is_first_sort = true;
    for (at, rollup) in rollups.iter().enumerate() {
        let (strategy, read) = if at == 0 {
            (strategy, read)
        } else if rollup.is_hashed {
            (AggStrategy::Hashed, again)
        } else if is_first_sort {
            (AggStrategy::Sorted, again)
        } else {
            let sorted = sort::sort(settings, 0.0, read.rows, read.width, 0.0, -1.0);
            (AggStrategy::Sorted, Input { cost: sorted, ..read })
        };
        if !rollup.is_hashed {
            is_first_sort = false;
        }
        let grouping = Grouping {
            strategy,
            columns: rollup.columns(),
            groups: rollup.groups(),
            n_states: context.groups.aggregates.states.len(),
        };
        let (own, own_rows) = agg(settings, &grouping, context.costs, context.groups.filter, &read);
        if at == 0 {
            cost.startup = own.startup;
        }
        cost.total += own.total;
        rows += own_rows;
    }
    (cost, rows)
}
