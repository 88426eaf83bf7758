//! Window functions (`select_active_windows` and `create_window_paths` in `planner.c`): one node for
//! each window, over input sorted by PARTITION BY and then ORDER BY.

use std::cmp::Ordering;
use std::rc::Rc;

use super::aggregates::call_cost;
use super::build::{incremental_sort_path, sort_path, window_path};
use super::group_clause::plain_key;
use super::targets::{TargetList, eval_cost};
use crate::estimate::sql_type::declared_type;
use crate::estimate::types::default_width;
use crate::order;
use crate::plan::add_path::{add_shared_path, set_cheapest};
use crate::plan::clause::QualCost;
use crate::plan::path::Path;
use crate::plan::pathkeys::{PathKeys, n_common, n_presorted, pathkeys_of_sort};
use crate::plan::relation::{Rel, Target};
use crate::plan::root::Root;
use crate::sql::expr::{Expr, Function};
use crate::sql::query::{SortKey, Target as SelectItem, Window};

/// A window and the functions that use it.
#[derive(Debug, Clone, PartialEq)]
pub struct ActiveWindow {
    /// PARTITION BY.
    pub partition_by: Vec<Expr>,
    /// ORDER BY.
    pub order_by: Vec<SortKey>,
    /// ROWS, RANGE or GROUPS.
    pub frame: String,
    /// The functions, each once.
    pub functions: Vec<Function>,
}

impl ActiveWindow {
    /// What the input must be sorted by.
    pub fn sort_keys(&self) -> Vec<SortKey> {
        let ordered = |expr: &Expr| {
            let key = self.order_by.iter().find(|key| key.expr == *expr);
            key.cloned().unwrap_or_else(|| plain_key(expr))
        };
        self.partition_by.iter().map(ordered).chain(self.order_by.iter().cloned()).collect()
    }
}

/// The windows of WINDOW and OVER, those first that are named.
pub fn all_windows(root: &Root<'_>) -> Vec<ActiveWindow> {
    let query = &root.query;
    let mut out: Vec<ActiveWindow> = Vec::new();
    for (_, window) in &query.windows {
        find_or_add(&mut out, resolve(root, window));
    }
    let items = query.targets.iter().filter_map(|target| match target {
        SelectItem::Expr(expr, _) => Some(expr),
        SelectItem::Star(_) => None,
    });
    for expr in items.chain(query.order_by.iter().map(|key| &key.expr)) {
        expr.walk(&mut |part| {
            let Expr::Function(call) = part else { return };
            let Some(window) = &call.over else { return };
            let at = find_or_add(&mut out, resolve(root, window));
            if let Some(window) = out.get_mut(at)
                && !window.functions.contains(call)
            {
                window.functions.push((**call).clone());
            }
        });
    }
    out
}

fn find_or_add(windows: &mut Vec<ActiveWindow>, window: ActiveWindow) -> usize {
    let is_same = |known: &ActiveWindow| {
        known.partition_by == window.partition_by
            && known.order_by == window.order_by
            && known.frame == window.frame
    };
    windows.iter().position(is_same).unwrap_or_else(|| {
        windows.push(window);
        windows.len() - 1
    })
}

/// A window with what it takes over from the window it names.
fn resolve(root: &Root<'_>, window: &Window) -> ActiveWindow {
    let named = window.name.as_ref().and_then(|name| {
        root.query.windows.iter().find(|(known, _)| known == name).map(|(_, window)| window)
    });
    let mut partition_by = window.partition_by.clone();
    let mut order_by = window.order_by.clone();
    let mut frame = window.frame.clone();
    if let Some(named) = named {
        if partition_by.is_empty() {
            partition_by.clone_from(&named.partition_by);
        }
        if order_by.is_empty() {
            order_by.clone_from(&named.order_by);
        }
        if frame.is_empty() {
            frame.clone_from(&named.frame);
        }
    }
    ActiveWindow { partition_by, order_by, frame, functions: Vec::new() }
}

/// `select_active_windows`: the windows in use, in the order of computing them: those that can share a
/// sort follow each other, the one that needs more of it first.
pub fn active_windows(root: &Root<'_>) -> Vec<ActiveWindow> {
    let all = all_windows(root);
    let numbers = reference_numbers(root, &all);
    let mut active: Vec<ActiveWindow> =
        all.into_iter().filter(|window| !window.functions.is_empty()).collect();
    order::sort_by(&mut active, |a, b| compare_windows(&numbers, a, b));
    active
}

/// Expressions in the order in which the parser numbers them: ORDER BY, GROUP BY, DISTINCT, windows.
fn reference_numbers(root: &Root<'_>, windows: &[ActiveWindow]) -> Vec<Expr> {
    let query = &root.query;
    let mut out: Vec<Expr> = query.order_by.iter().map(|key| key.expr.clone()).collect();
    out.extend(query.group_by.iter().cloned());
    out.extend(super::group_clause::distinct_clause(root).into_iter().map(|key| key.expr));
    for window in windows {
        out.extend(window.order_by.iter().map(|key| key.expr.clone()));
        out.extend(window.partition_by.iter().cloned());
    }
    out
}

/// `common_prefix_cmp`
fn compare_windows(numbers: &[Expr], a: &ActiveWindow, b: &ActiveWindow) -> Ordering {
    let unique = |window: &ActiveWindow| {
        let mut keys: Vec<SortKey> = Vec::new();
        for key in window.sort_keys() {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    };
    let number = |key: &SortKey| numbers.iter().position(|expr| *expr == key.expr);
    let (a, b) = (unique(a), unique(b));
    for (x, y) in a.iter().zip(&b) {
        // The greater number first, then descending, then NULLs first.
        let order = number(y)
            .cmp(&number(x))
            .then(y.desc.cmp(&x.desc))
            .then(nulls_first(y).cmp(&nulls_first(x)));
        if order != Ordering::Equal {
            return order;
        }
    }
    b.len().cmp(&a.len())
}

fn nulls_first(key: &SortKey) -> bool {
    key.nulls_first.unwrap_or(key.desc)
}

/// `create_window_paths`: over the cheapest input, and every one that is sorted for the first window at
/// least in part.
pub fn window_rel<'a>(
    root: &mut Root<'a>,
    input: &Rel<'a>,
    windows: &[ActiveWindow],
    input_target: Target,
    output: &TargetList,
) -> Rel<'a> {
    let mut rel = super::upper_rel(root, input);
    rel.consider_parallel = input.consider_parallel && output.is_parallel_safe;
    rel.target = output.target;
    let keys: Vec<PathKeys> =
        windows.iter().map(|window| pathkeys_of_sort(root, &window.sort_keys())).collect();
    for path in &input.paths {
        let is_cheapest = input.cheapest_total.as_ref().is_some_and(|best| Rc::ptr_eq(best, path));
        let common = n_common(&root.window_pathkeys, &path.pathkeys);
        if is_cheapest || common > 0 || common == root.window_pathkeys.len() {
            let steps = Steps { windows, keys: &keys, input_target, output: output.target };
            let path = one_window_path(root, &rel, path, &steps);
            add_shared_path(&mut rel, path);
        }
    }
    set_cheapest(&mut rel);
    rel
}

struct Steps<'s> {
    windows: &'s [ActiveWindow],
    keys: &'s [PathKeys],
    input_target: Target,
    output: Target,
}

/// `create_one_window_path`
fn one_window_path(
    root: &Root<'_>,
    rel: &Rel<'_>,
    input: &Rc<Path>,
    steps: &Steps<'_>,
) -> Rc<Path> {
    let mut path = input.clone();
    let mut target = steps.input_target;
    for (at, (window, keys)) in steps.windows.iter().zip(steps.keys).enumerate() {
        let common = n_presorted(root, keys, &path.pathkeys);
        if common < keys.len() {
            path = Rc::new(if common == 0 {
                sort_path(root, rel, &path, keys, -1.0)
            } else {
                incremental_sort_path(root, rel, &path, keys, common, -1.0)
            });
        }
        if at + 1 < steps.windows.len() {
            for call in &window.functions {
                let value = Expr::Function(Box::new(call.clone()));
                target.width += default_width(&declared_type(&root.scope, &value));
            }
        } else {
            target = steps.output;
        }
        let costs: Vec<QualCost> =
            window.functions.iter().map(|call| function_cost(root, call)).collect();
        let columns = window.partition_by.len() + window.order_by.len();
        path = Rc::new(window_path(root, rel, &path, &costs, columns, target));
    }
    path
}

/// The function, its arguments and its FILTER.
fn function_cost(root: &Root<'_>, call: &Function) -> QualCost {
    let mut cost = call_cost(root);
    for argument in call.args.iter().chain(&call.filter) {
        cost += eval_cost(root, argument);
    }
    cost
}
