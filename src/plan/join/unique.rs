//! Uniqueness: inner sides of which at most one row matches (PostgreSQL's `analyzejoins.c`), and rows
//! made distinct for a semi join (`create_unique_path` in `pathnode.c`).

use std::rc::Rc;

use crate::plan::class::stripped;
use crate::plan::clause::{Clause, Clauses};
use crate::plan::cost::agg::{AggCosts, Grouping, agg};
use crate::plan::cost::hash_memory_limit;
use crate::plan::cost::sort::sort;
use crate::plan::estimates::num_groups;
use crate::plan::path::{AggStrategy, JoinType, Path, PathKind, UniqueMethod, UniquePath};
use crate::plan::relation::{BaseKind, Rel};
use crate::plan::root::Root;
use crate::plan::sizes::is_pushed_down;
use crate::read::settings::Switch;
use crate::sql::expr::Expr;
use crate::sql::query::Query;
use crate::sql::relids::{Relids, is_subset};

/// `create_unique_path`: the cheapest way to make a relation distinct by what the semi join `special`
/// (a position in `Root::special_joins`) compares; `None` if there is none.
pub fn unique_path(root: &mut Root<'_>, at: usize, special: usize) -> Option<Rc<Path>> {
    let rel = root.rels.get(at)?;
    if let Some(known) = &rel.cheapest_unique {
        return known.clone();
    }
    let made = make_unique_path(root, at, special);
    root.rels.get_mut(at)?.cheapest_unique = Some(made.clone());
    made
}

fn make_unique_path(root: &Root<'_>, at: usize, special: usize) -> Option<Rc<Path>> {
    let special = root.special_joins.get(special)?;
    if !(special.semi_can_btree || special.semi_can_hash) {
        return None;
    }
    let rel = root.rels.get(at)?;
    let input = rel.cheapest_total.clone()?;
    let exprs = special.semi_rhs_exprs.clone();
    let unique = |method: UniqueMethod, startup: f64, total: f64, rows: f64| Path {
        kind: PathKind::Unique(Box::new(UniquePath {
            input: input.clone(),
            exprs: exprs.clone(),
            method,
        })),
        relids: rel.relids,
        target: rel.target,
        startup,
        total,
        rows,
        pathkeys: match method {
            UniqueMethod::Noop => input.pathkeys.clone(),
            _ => Rc::default(),
        },
        param: input.param.clone(),
        parallel_safe: rel.consider_parallel && input.parallel_safe,
        parallel_aware: false,
        parallel_workers: input.parallel_workers,
    };
    if is_distinct_already(rel, &exprs) {
        return Some(Rc::new(unique(UniqueMethod::Noop, input.startup, input.total, rel.rows)));
    }
    let settings = root.settings();
    let refs: Vec<&Expr> = exprs.iter().map(|expr| &**expr).collect();
    let rows = num_groups(root, &refs, rel.rows);
    let columns = exprs.len();
    let width = input.target.width;
    let mut sorted = sort(settings, input.total, rel.rows, width, 0.0, -1.0);
    sorted.total += settings.cpu_operator_cost * rel.rows * columns as f64;
    let hashed = (special.semi_can_hash
        && !settings.is_off(Switch::HashAgg)
        && (libm::trunc(width) + 64.0) * rows <= hash_memory_limit(settings))
    .then(|| {
        let grouping =
            Grouping { strategy: AggStrategy::Hashed, columns, groups: rows, n_states: 0 };
        let from = crate::plan::cost::Input { rows: rel.rows, ..input.as_input() };
        agg(settings, &grouping, &AggCosts::default(), None, &from).0
    });
    let made = match hashed {
        Some(hashed) if !special.semi_can_btree || hashed.total < sorted.total => {
            unique(UniqueMethod::Hash, hashed.startup, hashed.total, rows)
        }
        _ if special.semi_can_btree => {
            unique(UniqueMethod::Sort, sorted.startup, sorted.total, rows)
        }
        _ => return None,
    };
    Some(Rc::new(made))
}

fn is_distinct_already(rel: &Rel<'_>, exprs: &[Rc<Expr>]) -> bool {
    let Some(base) = rel.base.as_ref() else { return false };
    match &base.kind {
        BaseKind::Table(..) => has_unique_index(rel, &[], exprs),
        BaseKind::Subquery(sub) => {
            let columns: Option<Vec<usize>> =
                exprs.iter().map(|expr| column_of(expr, base.relid)).collect();
            columns.is_some_and(|columns| is_query_distinct(&sub.query, &columns))
        }
        _ => false,
    }
}

fn column_of(expr: &Expr, relation: usize) -> Option<usize> {
    match expr {
        Expr::Column(column) if column.level == 0 && usize::from(column.relation) == relation => {
            Some(usize::from(column.column))
        }
        _ => None,
    }
}

/// `query_is_distinct_for`: no two rows of the query agree in these output columns.
pub fn is_query_distinct(query: &Query, columns: &[usize]) -> bool {
    use crate::sql::query::Target;
    let expr = |target: &Target| match target {
        Target::Expr(expr, _) => Some(expr.clone()),
        Target::Star(_) => None,
    };
    if let Some(set) = &query.set_operation {
        let n = crate::workload::bind::output_names(query).len();
        return !set.all && (0..n).all(|column| columns.contains(&column));
    }
    let outputs: Vec<Option<Expr>> = query.targets.iter().map(expr).collect();
    let asked: Vec<&Expr> =
        columns.iter().filter_map(|at| outputs.get(*at).and_then(Option::as_ref)).collect();
    let covers = |keys: &[Expr]| keys.iter().all(|key| asked.contains(&key));
    match &query.distinct {
        Some(keys) if keys.is_empty() => {
            let all: Vec<Expr> = outputs.iter().flatten().cloned().collect();
            if covers(&all) {
                return true;
            }
        }
        Some(keys) if covers(keys) => return true,
        _ => {}
    }
    if !query.grouping_sets.is_empty() {
        return false;
    }
    if !query.group_by.is_empty() {
        return covers(&query.group_by);
    }
    !query.having.is_empty() || outputs.iter().flatten().any(crate::sql::functions::has_aggregate)
}

/// `relation_has_unique_index_for`: do equalities fix all keys of a unique index? `clauses` are join
/// clauses with this relation on one side.
fn has_unique_index(rel: &Rel<'_>, clauses: &[Rc<Clause>], exprs: &[Rc<Expr>]) -> bool {
    let Some(base) = rel.base.as_ref() else { return false };
    let mut fixed: Vec<Rc<Expr>> = exprs.iter().map(stripped).collect();
    for clause in clauses {
        fixed.extend(side_of(clause, rel.relids).map(|expr| stripped(&expr)));
    }
    if fixed.is_empty() {
        return false;
    }
    for clause in &base.restrictions {
        if !clause.is_mergejoinable {
            continue;
        }
        let Some(sides) = &clause.compare else { continue };
        if sides.left_relids == 0 {
            fixed.push(stripped(&sides.right));
        } else if sides.right_relids == 0 {
            fixed.push(stripped(&sides.left));
        }
    }
    base.indexes.iter().any(|info| {
        info.index.unique
            && !info.index.hypothetical
            && (info.predicate.is_empty() || info.predicate_ok)
            && !info.keys.is_empty()
            && info.keys.iter().all(|key| fixed.contains(key))
    })
}

/// The side of a join clause that is over these relations.
fn side_of(clause: &Clause, relids: Relids) -> Option<Rc<Expr>> {
    let sides = clause.compare.as_ref()?;
    if is_subset(sides.right_relids, relids) {
        Some(sides.right.clone())
    } else if is_subset(sides.left_relids, relids) {
        Some(sides.left.clone())
    } else {
        None
    }
}

/// Do the clause's sides belong to the two inputs, either way?
pub fn sides_match(clause: &Clause, outer: Relids, inner: Relids) -> bool {
    clause.compare.as_ref().is_some_and(|sides| {
        (is_subset(sides.left_relids, outer) && is_subset(sides.right_relids, inner))
            || (is_subset(sides.left_relids, inner) && is_subset(sides.right_relids, outer))
    })
}

/// `innerrel_is_unique`: at most one inner row matches an outer one.
pub fn is_inner_unique(
    root: &mut Root<'_>,
    join: Relids,
    outer: Relids,
    inner: usize,
    jointype: JoinType,
    clauses: &[Rc<Clause>],
) -> bool {
    let Some(rel) = root.rels.get(inner) else { return false };
    let Some(base) = rel.base.as_ref() else { return false };
    let may_be = match &base.kind {
        BaseKind::Table(..) => {
            base.indexes.iter().any(|info| info.index.unique && info.predicate.is_empty())
        }
        BaseKind::Subquery(_) => true,
        _ => false,
    };
    if clauses.is_empty() || !may_be {
        return false;
    }
    if rel.unique_for.iter().any(|known| is_subset(*known, outer)) {
        return true;
    }
    let own: Clauses = clauses
        .iter()
        .filter(|clause| {
            !(jointype.is_outer() && is_pushed_down(clause, join))
                && clause.can_join
                && clause.is_mergejoinable
                && sides_match(clause, outer, rel.relids)
        })
        .cloned()
        .collect();
    let is_unique = match &base.kind {
        BaseKind::Table(..) => has_unique_index(rel, &own, &[]),
        BaseKind::Subquery(sub) => {
            let columns: Vec<usize> = own
                .iter()
                .filter_map(|clause| {
                    column_of(&stripped(&side_of(clause, rel.relids)?), base.relid)
                })
                .collect();
            is_query_distinct(&sub.query, &columns)
        }
        _ => false,
    };
    if is_unique && let Some(rel) = root.rels.get_mut(inner) {
        rel.unique_for.push(outer);
    }
    is_unique
}
