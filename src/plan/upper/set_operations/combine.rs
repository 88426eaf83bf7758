//! UNION, INTERSECT and EXCEPT of planned arms (`generate_union_paths`, `generate_nonunion_paths` and
//! `choose_hashed_setop` in `prepunion.c`).

use std::cmp::Ordering;
use std::rc::Rc;

use super::append::{append_path, append_workers, parallel_append_path};
use super::{Arm, arm, at_depth, columns, inner_operation};
use crate::estimate::sql_type::is_hashable;
use crate::plan::add_path::{add_path, add_shared_path, compare_fractional, set_cheapest};
use crate::plan::cost::agg::{AggCosts, Grouping, agg, group, setop_entry_bytes};
use crate::plan::cost::{Cost, Input, hash_memory_limit, setop, sort};
use crate::plan::path::{AggSplit, AggStrategy, Path, PathKind};
use crate::plan::pathkeys::{PathKeys, pathkeys_of_sort};
use crate::plan::relation::Rel;
use crate::plan::root::Root;
use crate::plan::upper::build::{AggStep, agg_path, gather_path, input_of, sort_path, unique_path};
use crate::plan::upper::part;
use crate::plan::upper::projection::apply;
use crate::plan::upper::targets::TargetList;
use crate::read::settings::Switch;
use crate::sql::expr::Expr;
use crate::sql::query::{Query, SetKind, SetOperation};

/// `generate_union_paths`
pub fn union_rel<'a>(root: &mut Root<'a>, operation: &SetOperation) -> Result<Arm<'a>, String> {
    let fraction = root.tuple_fraction;
    if !operation.all {
        root.tuple_fraction = 0.0;
    }
    let mut queries = Vec::new();
    flatten(&operation.left, operation, 0, &mut queries);
    flatten(&operation.right, operation, 0, &mut queries);
    let mut arms: Vec<Arm<'a>> = Vec::new();
    for (query, depth) in queries {
        arms.push(at_depth(root, depth, |root| arm(root, query, false))?);
    }
    let arm = union_of(root, operation.all, arms);
    root.tuple_fraction = fraction;
    Ok(arm)
}

/// The union of planned arms.
pub fn union_of<'a>(root: &mut Root<'a>, all: bool, arms: Vec<Arm<'a>>) -> Arm<'a> {
    let types = columns::common_types(&arms);
    let arms: Vec<Arm<'a>> = arms.into_iter().map(|arm| columns::cast(root, arm, &types)).collect();
    let mut rel = Rel::new(0);
    rel.consider_startup = root.tuple_fraction > 0.0;
    rel.consider_parallel = arms.iter().all(|arm| arm.rel.consider_parallel);
    rel.target = columns::target(&types, false);
    let cheapest = arms.iter().filter_map(|arm| arm.rel.cheapest_total.clone()).collect();
    let mut path = Rc::new(append_path(root, &rel, cheapest));
    if !all {
        path = make_unique(root, &rel, &path, &types);
    }
    rel.rows = path.rows;
    add_shared_path(&mut rel, path);
    let partial: Vec<Rc<Path>> =
        arms.iter().filter_map(|arm| arm.rel.partial_paths.first().cloned()).collect();
    let workers = append_workers(root, &partial, partial.len());
    if rel.consider_parallel && partial.len() == arms.len() && workers > 0 {
        let shared = parallel_append_path(root, &rel, Vec::new(), partial, workers);
        let mut path = Rc::new(gather_path(root, &Rc::new(shared), rel.target, rel.rows));
        if !all {
            path = make_unique(root, &rel, &path, &types);
        }
        add_shared_path(&mut rel, path);
    }
    set_cheapest(&mut rel);
    let groups = rel.rows;
    Arm { widths: columns::widths(&types), rel, types, groups }
}

/// `plan_union_children`: a UNION inside a UNION is one with it, unless only the outer one is ALL.
fn flatten<'q>(
    query: &'q Query,
    top: &SetOperation,
    depth: usize,
    out: &mut Vec<(&'q Query, usize)>,
) {
    match inner_operation(query) {
        Some(inner) if inner.kind == SetKind::Union && (inner.all || !top.all) => {
            flatten(&inner.left, top, depth + 1, out);
            flatten(&inner.right, top, depth + 1, out);
        }
        _ => out.push((query, depth)),
    }
}

/// `make_union_unique`: all rows are taken to be distinct, to be on the safe side.
fn make_unique<'a>(
    root: &mut Root<'a>,
    rel: &Rel<'a>,
    input: &Rc<Path>,
    types: &[String],
) -> Rc<Path> {
    let groups = input.rows;
    let chooser = Chooser { types, groups, rows: groups };
    if chooser.is_hashed(root, input) {
        let keys: Vec<Expr> = (0..types.len()).map(columns::column).collect();
        let step = AggStep {
            grouping: hashing(types.len(), groups),
            split: AggSplit::Simple,
            keys: &keys,
            having: &[],
            filter: None,
            costs: AggCosts::default(),
            target: rel.target,
        };
        return Rc::new(agg_path(root, rel, input, &step));
    }
    let pathkeys = pathkeys_of_sort(root, &columns::keys(types.len()));
    let sorted = Rc::new(sort_path(root, rel, input, &pathkeys, -1.0));
    Rc::new(unique_path(root, rel, &sorted, pathkeys.len(), groups))
}

fn hashing(columns: usize, groups: f64) -> Grouping {
    Grouping { strategy: AggStrategy::Hashed, columns, groups, n_states: 0 }
}

/// `generate_nonunion_paths`
pub fn other_rel<'a>(root: &mut Root<'a>, operation: &SetOperation) -> Result<Arm<'a>, String> {
    let fraction = root.tuple_fraction;
    root.tuple_fraction = 0.0;
    let arms = vec![arm(root, &operation.left, true)?, arm(root, &operation.right, true)?];
    root.tuple_fraction = fraction;
    let types = columns::common_types(&arms);
    let mut arms = arms.into_iter().map(|arm| columns::cast(root, arm, &types));
    let (Some(left), Some(right)) = (arms.next(), arms.next()) else {
        return Err("an arm is missing".to_owned());
    };
    let (Some(left_path), Some(right_path)) = (&left.rel.cheapest_total, &right.rel.cheapest_total)
    else {
        return Err("an arm without a plan".to_owned());
    };
    let is_except = operation.kind == SetKind::Except;
    let mut rel = Rel::new(0);
    rel.consider_startup = root.tuple_fraction > 0.0;
    rel.target = columns::target(&types, true);
    // The smaller side first, where the order is free: only its rows enter the hash table.
    let inputs = if is_except || left.groups <= right.groups {
        vec![left_path.clone(), right_path.clone()]
    } else {
        vec![right_path.clone(), left_path.clone()]
    };
    let (groups, all_rows) = if is_except {
        (left.groups, left_path.rows)
    } else {
        (left.groups.min(right.groups), left_path.rows.min(right_path.rows))
    };
    let rows = if operation.all { all_rows } else { groups };
    let mut path = Rc::new(append_path(root, &rel, inputs));
    let is_hashed = Chooser { types: &types, groups, rows }.is_hashed(root, &path);
    if !is_hashed {
        let pathkeys = pathkeys_of_sort(root, &columns::keys(types.len()));
        path = Rc::new(sort_path(root, &rel, &path, &pathkeys, -1.0));
    }
    let command = match (is_except, operation.all) {
        (true, false) => "Except",
        (true, true) => "Except All",
        (false, false) => "Intersect",
        (false, true) => "Intersect All",
    };
    let cost = setop::compare_rows(root.settings(), &input_of(&path), types.len());
    let pathkeys = if is_hashed { PathKeys::default() } else { path.pathkeys.clone() };
    let kind = PathKind::SetOp(path.clone(), command, is_hashed);
    let (startup, total) = (cost.startup, cost.total);
    let path = Path { kind, startup, total, rows, pathkeys, ..(*path).clone() };
    rel.rows = rows;
    add_path(&mut rel, path);
    set_cheapest(&mut rel);
    Ok(Arm { widths: columns::widths(&types), rel, types, groups: rows })
}

/// The arm with a column that tells the arms apart.
pub fn with_flag<'a>(root: &Root<'a>, mut arm: Arm<'a>) -> Arm<'a> {
    let target = columns::target(&arm.types, true);
    let list = TargetList { exprs: Vec::new(), target, is_parallel_safe: true };
    arm.rel.target = target;
    arm.rel.paths = arm.rel.paths.iter().map(|path| apply(root, &arm.rel, path, &list)).collect();
    set_cheapest(&mut arm.rel);
    arm
}

/// What hashing or sorting is chosen by.
struct Chooser<'c> {
    types: &'c [String],
    groups: f64,
    rows: f64,
}

impl Chooser<'_> {
    /// `choose_hashed_setop`
    fn is_hashed(&self, root: &Root<'_>, input: &Rc<Path>) -> bool {
        if !self.types.iter().all(|data_type| is_hashable(data_type)) {
            return false;
        }
        let settings = root.settings();
        if settings.is_off(Switch::HashAgg) {
            return false;
        }
        let entry = setop_entry_bytes(input.target.width);
        if entry * self.groups > hash_memory_limit(settings) {
            return false;
        }
        let read = input_of(input);
        let columns = self.types.len();
        let grouping = hashing(columns, self.groups);
        let (hashed, _) = agg(settings, &grouping, &AggCosts::default(), None, &read);
        let sorted = sort::sort(settings, read.cost.total, read.rows, read.width, 0.0, -1.0);
        let sorted = Input { cost: sorted, ..read };
        let (sorted, _) = group(settings, columns, self.groups, None, &sorted);
        let fraction = part(root.tuple_fraction, self.rows);
        let path =
            |cost: Cost| Path { startup: cost.startup, total: cost.total, ..(**input).clone() };
        compare_fractional(&path(hashed), &path(sorted), fraction) == Ordering::Less
    }
}
