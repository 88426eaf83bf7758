//! Statistics of several columns (CREATE STATISTICS): functional dependencies between conditions
//! (`dependencies.c`) and distinct combinations (`estimate_multivariate_ndistinct` of `selfuncs.c`).
//! Left out: lists of common combinations, which exports do not carry, and expressions.

use super::groups::GroupVariable;
use super::join::JoinContext;
use super::scope::{Scope, relids};
use super::selectivity::clause_selectivity;
use super::sql_type::expr_type;
use super::variable::clamp;
use crate::catalog::Table;
use crate::read::statistics::ExtendedStatistics;
use crate::sql::expr::{CompareOp, Expr};
use crate::sql::relids::single;

/// A dependency between columns of one table, by position.
struct Dependency {
    from: Vec<usize>,
    to: usize,
    degree: f64,
}

/// The statistics objects on a relation's table.
fn objects<'s, 'a>(
    scope: &'s Scope<'a>,
    relation: usize,
) -> Option<(&'a Table, impl Iterator<Item = &'a ExtendedStatistics> + use<'s, 'a>)> {
    let catalog = scope.catalog?;
    let table = scope.relations.get(relation)?.table?;
    let of_table = catalog.extended_statistics.iter().filter(|statistics| {
        let name = statistics.table.rsplit('.').next().unwrap_or("");
        name == table.name.name
    });
    Some((table, of_table))
}

/// A column by its name or its number.
fn position(table: &Table, name: &str) -> Option<usize> {
    match name.parse::<usize>() {
        Ok(number) => number.checked_sub(1),
        Err(_) => table.columns.iter().position(|column| column.name == name),
    }
}

/// What functional dependencies make of the clauses that they apply to, and the positions of these
/// clauses; 1 and none if all read different relations or no dependency fits.
pub fn dependencies(
    scope: &Scope<'_>,
    exprs: &[&Expr],
    context: &JoinContext,
) -> (f64, Vec<usize>) {
    let none = (1.0, Vec::new());
    let all = exprs.iter().fold(0, |all, expr| all | relids(expr));
    let Some(relation) = single(all) else { return none };
    let Some((table, objects)) = objects(scope, relation) else { return none };
    let mut known: Vec<Dependency> = objects
        .flat_map(|statistics| &statistics.dependencies)
        .filter_map(|(from, to, degree)| {
            let from: Option<Vec<usize>> = from.iter().map(|name| position(table, name)).collect();
            Some(Dependency { from: from?, to: position(table, to)?, degree: *degree })
        })
        .collect();
    if known.is_empty() {
        return none;
    }
    let columns: Vec<Option<usize>> =
        exprs.iter().map(|expr| compared_column(scope, expr)).collect();
    let chosen = strongest(&mut known, columns.iter().flatten().copied().collect());
    if chosen.is_empty() {
        return none;
    }
    apply(scope, exprs, &columns, &chosen, context)
}

/// The column that a clause compares with a known or unknown value by equality.
fn compared_column(scope: &Scope<'_>, expr: &Expr) -> Option<usize> {
    let key = match expr {
        Expr::Compare(CompareOp::Eq, left, right) => match (relids(left), relids(right)) {
            (_, 0) => left,
            (0, _) => right,
            _ => return None,
        },
        Expr::InList { expr, list, negated: false }
            if list.iter().all(|item| relids(item) == 0) =>
        {
            expr
        }
        Expr::AnyAll { op: CompareOp::Eq, left, right, all: false } if relids(right) == 0 => left,
        Expr::Or(arms) => {
            let mut columns = arms.iter().map(|arm| compared_column(scope, arm));
            let first = columns.next()??;
            return columns.all(|column| column == Some(first)).then_some(first);
        }
        Expr::Not(inner) => inner,
        Expr::Column(_) if expr_type(scope, expr) == "bool" => expr,
        _ => return None,
    };
    match scope.strip(key) {
        Expr::Column(column) if column.level == 0 => Some(usize::from(column.column)),
        _ => None,
    }
}

/// `find_strongest_dependency`, until none is left: the one of most columns, then of the highest
/// degree, all of whose columns have clauses that no earlier one implied.
fn strongest(known: &mut Vec<Dependency>, mut columns: Vec<usize>) -> Vec<Dependency> {
    let mut chosen = Vec::new();
    loop {
        let mut best: Option<usize> = None;
        for (at, dependency) in known.iter().enumerate() {
            let fits = columns.contains(&dependency.to)
                && dependency.from.iter().all(|column| columns.contains(column));
            let rank = |d: &Dependency| (d.from.len(), d.degree);
            let is_better = best.and_then(|best| known.get(best)).is_none_or(|best| {
                rank(dependency).partial_cmp(&rank(best)).is_some_and(std::cmp::Ordering::is_gt)
            });
            if fits && is_better {
                best = Some(at);
            }
        }
        let Some(best) = best else { return chosen };
        let dependency = known.swap_remove(best);
        columns.retain(|column| *column != dependency.to);
        chosen.push(dependency);
    }
}

/// `clauselist_apply_dependencies`: an implied column's part becomes what it keeps of the rows that
/// the implying ones left.
fn apply(
    scope: &Scope<'_>,
    exprs: &[&Expr],
    columns: &[Option<usize>],
    chosen: &[Dependency],
    context: &JoinContext,
) -> (f64, Vec<usize>) {
    let mut parts: crate::sorted::SortedMap<usize, f64> = crate::sorted::SortedMap::new();
    let mut estimated = Vec::new();
    for dependency in chosen {
        for column in dependency.from.iter().chain([&dependency.to]) {
            if parts.contains_key(column) {
                continue;
            }
            let mut part = 1.0;
            for (at, expr) in exprs.iter().enumerate() {
                if columns.get(at) == Some(&Some(*column)) {
                    part *= clause_selectivity(scope, expr, context);
                    estimated.push(at);
                }
            }
            parts.insert(*column, part);
        }
    }
    for dependency in chosen.iter().rev() {
        let part = |column: &usize| parts.get(column).copied().unwrap_or(1.0);
        let from: f64 = dependency.from.iter().map(part).product();
        let to = part(&dependency.to);
        let degree = dependency.degree;
        let conditional = if from <= to {
            degree + (1.0 - degree) * to
        } else {
            degree * to / from + (1.0 - degree) * to
        };
        parts.insert(dependency.to, conditional);
    }
    (clamp(parts.values().product()), estimated)
}

/// Takes the columns out of the list that a statistics object knows together, at least two, and gives
/// their distinct combinations.
pub fn take_distinct(scope: &Scope<'_>, variables: &mut Vec<GroupVariable<'_>>) -> Option<f64> {
    let relation = single(relids(variables.first()?.expr))?;
    let (table, objects) = objects(scope, relation)?;
    let column = |variable: &GroupVariable<'_>| match variable.expr {
        Expr::Column(column) => Some(usize::from(column.column)),
        _ => None,
    };
    let wanted: Vec<usize> = variables.iter().filter_map(column).collect();
    let mut best: Option<(usize, Vec<usize>, f64)> = None;
    for statistics in objects {
        let items = statistics.n_distinct.iter().filter_map(|(names, distinct)| {
            let columns: Option<Vec<usize>> =
                names.iter().map(|name| position(table, name)).collect();
            Some((columns?, *distinct))
        });
        for (columns, distinct) in items {
            let is_wanted = columns.iter().all(|column| wanted.contains(column));
            let n = columns.len();
            if is_wanted && n > best.as_ref().map_or(1, |(n, ..)| *n) {
                best = Some((n, columns, distinct));
            }
        }
    }
    let (_, columns, distinct) = best?;
    variables.retain(|variable| column(variable).is_none_or(|at| !columns.contains(&at)));
    Some(distinct)
}
