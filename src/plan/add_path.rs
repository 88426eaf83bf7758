//! Which of a relation's paths are kept (PostgreSQL's `pathnode.c`): those that no other one matches in
//! cost to start, cost in all, order, independence, rows and use of workers.

use std::cmp::Ordering;
use std::rc::Rc;

use super::path::Path;
use super::pathkeys::{OrderComparison, PathKey, compare_pathkeys};
use super::relation::Rel;
use crate::sql::relids::{Relids, is_subset};

/// Costs within 1 % count as equal (`STD_FUZZ_FACTOR`).
const STD_FUZZ_FACTOR: f64 = 1.01;

/// `compare_path_costs_fuzzily`
#[derive(Clone, Copy, PartialEq, Eq)]
enum CostComparison {
    Equal,
    Better1,
    Better2,
    Different,
}

fn considers_startup(rel: &Rel<'_>, path: &Path) -> bool {
    if path.param.is_none() { rel.consider_startup } else { rel.consider_param_startup }
}

fn compare_costs(rel: &Rel<'_>, a: &Path, b: &Path, fuzz: f64) -> CostComparison {
    if a.total > b.total * fuzz {
        if considers_startup(rel, a) && b.startup > a.startup * fuzz {
            return CostComparison::Different;
        }
        return CostComparison::Better2;
    }
    if b.total > a.total * fuzz {
        if considers_startup(rel, b) && a.startup > b.startup * fuzz {
            return CostComparison::Different;
        }
        return CostComparison::Better1;
    }
    if a.startup > b.startup * fuzz {
        return CostComparison::Better2;
    }
    if b.startup > a.startup * fuzz {
        return CostComparison::Better1;
    }
    CostComparison::Equal
}

/// What becomes of an old path when a new one comes.
#[derive(PartialEq, Eq)]
enum Verdict {
    KeepBoth,
    DropOld,
    DropNew,
}

/// The order that counts: a parameterised path's is never used.
fn order_of(path: &Path) -> &[PathKey] {
    if path.param.is_some() { &[] } else { &path.pathkeys }
}

fn judge(rel: &Rel<'_>, new: &Path, old: &Path) -> Verdict {
    let costs = compare_costs(rel, new, old, STD_FUZZ_FACTOR);
    if costs == CostComparison::Different {
        return Verdict::KeepBoth;
    }
    let orders = compare_pathkeys(order_of(new), order_of(old));
    if orders == OrderComparison::Different {
        return Verdict::KeepBoth;
    }
    let (new_needs, old_needs) = (new.required_outer(), old.required_outer());
    let new_wins = is_subset(new_needs, old_needs)
        && new.rows <= old.rows
        && new.parallel_safe >= old.parallel_safe;
    let old_wins = is_subset(old_needs, new_needs)
        && new.rows >= old.rows
        && new.parallel_safe <= old.parallel_safe;
    match costs {
        CostComparison::Equal => match orders {
            OrderComparison::Better1 if new_wins => Verdict::DropOld,
            OrderComparison::Better2 if old_wins => Verdict::DropNew,
            OrderComparison::Equal => judge_alike(rel, new, old),
            _ => Verdict::KeepBoth,
        },
        CostComparison::Better1 if orders != OrderComparison::Better2 && new_wins => {
            Verdict::DropOld
        }
        CostComparison::Better2 if orders != OrderComparison::Better1 && old_wins => {
            Verdict::DropNew
        }
        _ => Verdict::KeepBoth,
    }
}

/// Equal cost and order: independence decides, then use of workers, then rows, then the exact cost.
fn judge_alike(rel: &Rel<'_>, new: &Path, old: &Path) -> Verdict {
    let (new_needs, old_needs) = (new.required_outer(), old.required_outer());
    if new_needs == old_needs {
        return if new.parallel_safe != old.parallel_safe {
            if new.parallel_safe { Verdict::DropOld } else { Verdict::DropNew }
        } else if new.rows < old.rows {
            Verdict::DropOld
        } else if new.rows > old.rows {
            Verdict::DropNew
        } else if compare_costs(rel, new, old, 1.000_000_000_1) == CostComparison::Better1 {
            Verdict::DropOld
        } else {
            Verdict::DropNew
        };
    }
    if is_subset(new_needs, old_needs)
        && new.rows <= old.rows
        && new.parallel_safe >= old.parallel_safe
    {
        Verdict::DropOld
    } else if is_subset(old_needs, new_needs)
        && new.rows >= old.rows
        && new.parallel_safe <= old.parallel_safe
    {
        Verdict::DropNew
    } else {
        Verdict::KeepBoth
    }
}

/// `add_path`: keeps the new path unless an old one is as good in every respect; drops the old ones it
/// beats. The list stays sorted by total cost.
pub fn add_path(rel: &mut Rel<'_>, new: Path) {
    add_shared_path(rel, Rc::new(new));
}

/// The same for a path that is shared already.
pub fn add_shared_path(rel: &mut Rel<'_>, new: Rc<Path>) {
    let mut paths = std::mem::take(&mut rel.paths);
    let mut is_accepted = true;
    let mut insert_at = 0;
    let mut at = 0;
    while let Some(old) = paths.get(at) {
        match judge(rel, &new, old) {
            Verdict::DropOld => {
                paths.remove(at);
                continue;
            }
            Verdict::DropNew => {
                is_accepted = false;
                break;
            }
            Verdict::KeepBoth => {
                if new.total >= old.total {
                    insert_at = at + 1;
                }
            }
        }
        at += 1;
    }
    if is_accepted {
        paths.insert(insert_at, new);
    }
    rel.paths = paths;
}

/// `add_path_precheck`: could a path of at least this cost be kept? Asked before it is built.
pub fn is_worth_building(
    rel: &Rel<'_>,
    startup: f64,
    total: f64,
    pathkeys: &[PathKey],
    required_outer: Relids,
) -> bool {
    let wanted: &[PathKey] = if required_outer == 0 { pathkeys } else { &[] };
    let consider_startup =
        if required_outer == 0 { rel.consider_startup } else { rel.consider_param_startup };
    for old in &rel.paths {
        if total > old.total * STD_FUZZ_FACTOR {
            let may_start_cheaper = consider_startup && startup <= old.startup * STD_FUZZ_FACTOR;
            if !may_start_cheaper {
                let orders = compare_pathkeys(wanted, order_of(old));
                if matches!(orders, OrderComparison::Equal | OrderComparison::Better2)
                    && required_outer == old.required_outer()
                {
                    return false;
                }
            }
        } else {
            break;
        }
    }
    true
}

/// `add_partial_path`: partial paths are unparameterised and compete by total cost and order alone.
pub fn add_partial_path(rel: &mut Rel<'_>, new: Path) {
    let mut is_accepted = true;
    let mut insert_at = 0;
    let mut at = 0;
    while let Some(old) = rel.partial_paths.get(at) {
        let orders = compare_pathkeys(&new.pathkeys, &old.pathkeys);
        let mut drops_old = false;
        if orders != OrderComparison::Different {
            if new.total > old.total * STD_FUZZ_FACTOR {
                is_accepted &= orders == OrderComparison::Better1;
            } else if old.total > new.total * STD_FUZZ_FACTOR {
                drops_old = orders != OrderComparison::Better2;
            } else if orders == OrderComparison::Better1 {
                drops_old = true;
            } else if orders == OrderComparison::Better2 {
                is_accepted = false;
            } else if old.total > new.total * 1.000_000_000_1 {
                drops_old = true;
            } else {
                is_accepted = false;
            }
        }
        if drops_old {
            rel.partial_paths.remove(at);
            continue;
        }
        if new.total >= old.total {
            insert_at = at + 1;
        }
        if !is_accepted {
            break;
        }
        at += 1;
    }
    if is_accepted {
        rel.partial_paths.insert(insert_at, Rc::new(new));
    }
}

/// `add_partial_path_precheck`
pub fn is_partial_worth_building(rel: &Rel<'_>, total: f64, pathkeys: &[PathKey]) -> bool {
    for old in &rel.partial_paths {
        let orders = compare_pathkeys(pathkeys, &old.pathkeys);
        if orders != OrderComparison::Different {
            if total > old.total * STD_FUZZ_FACTOR && orders != OrderComparison::Better1 {
                return false;
            }
            if old.total > total * STD_FUZZ_FACTOR && orders != OrderComparison::Better2 {
                return true;
            }
        }
    }
    is_worth_building(rel, total, total, pathkeys, 0)
}

/// Which cost a choice goes by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Criterion {
    /// Cost before the first row, then in all.
    Startup,
    /// Cost in all, then before the first row.
    Total,
}

/// `compare_path_costs`
pub fn compare_path_costs(a: &Path, b: &Path, by: Criterion) -> Ordering {
    let order = |x: f64, y: f64| x.partial_cmp(&y).unwrap_or(Ordering::Equal);
    match by {
        Criterion::Startup => order(a.startup, b.startup).then(order(a.total, b.total)),
        Criterion::Total => order(a.total, b.total).then(order(a.startup, b.startup)),
    }
}

/// `compare_fractional_path_costs`: which is cheaper when only a fraction of the rows is read?
pub fn compare_fractional(a: &Path, b: &Path, fraction: f64) -> Ordering {
    if fraction <= 0.0 || fraction >= 1.0 {
        return compare_path_costs(a, b, Criterion::Total);
    }
    let cost = |path: &Path| path.startup + fraction * (path.total - path.startup);
    cost(a).partial_cmp(&cost(b)).unwrap_or(Ordering::Equal)
}

/// `set_cheapest`: fills in the cheapest paths of a relation. `false`: it has none.
pub fn set_cheapest(rel: &mut Rel<'_>) -> bool {
    let mut startup: Option<Rc<Path>> = None;
    let mut total: Option<Rc<Path>> = None;
    let mut best_param: Option<Rc<Path>> = None;
    let mut parameterized: Vec<Rc<Path>> = Vec::new();
    for path in &rel.paths {
        if path.param.is_some() {
            parameterized.push(path.clone());
            if total.is_none() {
                best_param = Some(better_parameterized(best_param, path));
            }
            continue;
        }
        startup = Some(better(startup, path, Criterion::Startup));
        total = Some(better(total, path, Criterion::Total));
    }
    if let Some(total) = &total {
        parameterized.insert(0, total.clone());
    }
    rel.cheapest_startup = startup;
    rel.cheapest_total = total.or(best_param);
    rel.cheapest_parameterized = parameterized;
    rel.cheapest_unique = None;
    rel.cheapest_total.is_some()
}

/// The cheaper one; at equal cost the better ordered, else the first.
fn better(best: Option<Rc<Path>>, path: &Rc<Path>, by: Criterion) -> Rc<Path> {
    let Some(best) = best else { return path.clone() };
    match compare_path_costs(&best, path, by) {
        Ordering::Greater => path.clone(),
        Ordering::Equal
            if compare_pathkeys(&best.pathkeys, &path.pathkeys) == OrderComparison::Better2 =>
        {
            path.clone()
        }
        _ => best,
    }
}

/// The one that needs fewer relations; of the same relations the cheaper one.
fn better_parameterized(best: Option<Rc<Path>>, path: &Rc<Path>) -> Rc<Path> {
    let Some(best) = best else { return path.clone() };
    let (mine, other) = (path.required_outer(), best.required_outer());
    if mine == other {
        let is_better = compare_path_costs(path, &best, Criterion::Total) == Ordering::Less;
        return if is_better { path.clone() } else { best };
    }
    if is_subset(mine, other) { path.clone() } else { best }
}

/// `get_cheapest_path_for_pathkeys`: the cheapest path with this order that needs no more than these
/// relations.
pub fn cheapest_for_pathkeys<'p>(
    paths: &'p [Rc<Path>],
    pathkeys: &[PathKey],
    required_outer: Relids,
    by: Criterion,
    must_be_parallel_safe: bool,
) -> Option<&'p Rc<Path>> {
    let mut best: Option<&Rc<Path>> = None;
    for path in paths {
        let is_candidate = (path.parallel_safe || !must_be_parallel_safe)
            && best.is_none_or(|best| compare_path_costs(best, path, by) == Ordering::Greater)
            && path.pathkeys.starts_with(pathkeys)
            && is_subset(path.required_outer(), required_outer);
        if is_candidate {
            best = Some(path);
        }
    }
    best
}

/// `get_cheapest_fractional_path_for_pathkeys`
pub fn cheapest_fractional_for_pathkeys<'p>(
    paths: &'p [Rc<Path>],
    pathkeys: &[PathKey],
    required_outer: Relids,
    fraction: f64,
) -> Option<&'p Rc<Path>> {
    let mut best: Option<&Rc<Path>> = None;
    for path in paths {
        if best.is_none_or(|best| compare_fractional(best, path, fraction) == Ordering::Greater)
            && path.pathkeys.starts_with(pathkeys)
            && is_subset(path.required_outer(), required_outer)
        {
            best = Some(path);
        }
    }
    best
}
