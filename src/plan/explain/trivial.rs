//! Which scans of subqueries a plan shows: one that passes every row on as it comes is left out
//! (`trivial_subqueryscan` in `setrefs.c`). It does if it has no condition and returns the subquery's
//! columns, all of them and in their order; whether it returns those or only what is asked of it depends
//! on the node above (`use_physical_tlist` and the flags of `create_plan_recurse` in `createplan.c`).

use crate::sorted::SortedSet;
use std::rc::Rc;

use super::nodes::children;
use crate::plan::path::{JoinMethod, Path, PathKind};
use crate::plan::relation::{Base, BaseKind};
use crate::plan::root::Root;
use crate::plan::upper::{group_exprs, has_hidden_columns};
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::relids::{bit, single};
use crate::workload::bind::output_names;

/// Subqueries, by query level (its address) and position, that have a node of their own.
#[derive(Debug, Default)]
pub struct Shown {
    /// Of those in FROM: position of the relation.
    pub relations: SortedSet<(usize, usize)>,
    /// Of those that a set operation combines: position of the arm.
    pub arms: SortedSet<(usize, usize)>,
}

/// What a node asks of the one below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Any columns, if those that are needed are among them.
    Any,
    /// The same, and what is grouped by must be among them.
    Labelled,
    /// No more than is needed.
    Exact,
}

pub(super) fn address(root: &Root<'_>) -> usize {
    std::ptr::from_ref(root) as usize
}

impl Shown {
    /// Those below a path of the outermost query, with the queries that run beside.
    pub fn of(root: &Root<'_>, path: &Rc<Path>) -> Shown {
        let mut shown = Shown::default();
        shown.level(root, path);
        shown
    }

    fn level(&mut self, root: &Root<'_>, path: &Rc<Path>) {
        for plan in &root.subplans {
            self.level(&plan.root, &plan.path);
        }
        self.walk(root, path, Ask::Exact);
    }

    fn walk(&mut self, root: &Root<'_>, path: &Rc<Path>, ask: Ask) {
        match &path.kind {
            PathKind::SubqueryScan(input) => self.subquery(root, path, input, ask),
            PathKind::Arm { root: at, path, is_shown } => {
                let Some(arm) = root.arms.get(*at) else { return };
                if *is_shown {
                    self.arms.insert((address(root), *at));
                }
                self.level(arm, path);
            }
            PathKind::Join(join) => {
                let narrow = |is_narrow| if is_narrow { Ask::Exact } else { Ask::Any };
                let (outer, inner) = match join.method {
                    JoinMethod::NestedLoop => (false, false),
                    JoinMethod::Hash => (join.batches > 1.0, true),
                    JoinMethod::Merge => (join.outer_sort.is_some(), join.inner_sort.is_some()),
                };
                self.walk(root, &join.outer, narrow(outer));
                self.walk(root, &join.inner, narrow(inner));
            }
            kind => {
                let below = match kind {
                    PathKind::Agg(_) | PathKind::Group(..) => Ask::Labelled,
                    PathKind::Projection(_) | PathKind::ProjectSet(_) | PathKind::Unique(_) => {
                        Ask::Any
                    }
                    PathKind::Limit(_) | PathKind::LockRows(_) => ask,
                    PathKind::UpperUnique(_) | PathKind::SetOp(..) if ask == Ask::Any => {
                        Ask::Labelled
                    }
                    PathKind::UpperUnique(_) | PathKind::SetOp(..) => ask,
                    _ => Ask::Exact,
                };
                for child in children(path) {
                    self.walk(root, child, below);
                }
            }
        }
    }

    fn subquery(&mut self, root: &Root<'_>, path: &Rc<Path>, input: &Rc<Path>, ask: Ask) {
        let Some(base) = single(path.relids).and_then(|relation| root.base(relation)) else {
            return;
        };
        let BaseKind::Subquery(sub) = &base.kind else { return };
        let has_filter = !base.restrictions.is_empty()
            || path.param.as_ref().is_some_and(|param| !param.clauses.is_empty());
        let is_trivial = !has_filter
            && !has_hidden_columns(sub)
            && !ends_in_set_operation(input)
            && (may_return_all(root, base, ask) || returns_in_order(root, base, sub));
        if !is_trivial {
            self.relations.insert((address(root), base.relid));
        }
        self.level(sub, input);
    }
}

fn n_columns(root: &Root<'_>) -> usize {
    output_names(&root.query).len()
}

/// All columns in their order?
fn is_whole(order: &[u16], n: usize) -> bool {
    order.len() == n && order.iter().enumerate().all(|(at, column)| usize::from(*column) == at)
}

/// INTERSECT and EXCEPT leave the flag of the arm behind their columns.
fn ends_in_set_operation(path: &Path) -> bool {
    match &path.kind {
        PathKind::SetOp(..) => true,
        PathKind::Sort(input)
        | PathKind::Limit(input)
        | PathKind::LockRows(input)
        | PathKind::UpperUnique(input) => ends_in_set_operation(input),
        _ => false,
    }
}

/// `use_physical_tlist`
fn may_return_all(root: &Root<'_>, base: &Base<'_>, ask: Ask) -> bool {
    let is_plain = |expr: &Expr| matches!(expr, Expr::Column(_));
    let fits = match ask {
        Ask::Exact => false,
        Ask::Any => true,
        Ask::Labelled => !is_alone(root, base) || group_exprs(root).iter().all(is_plain),
    };
    fits && !base.attr_needed.contains_key(&ColumnRef::WHOLE_ROW)
}

/// Is the subquery all that its level reads?
fn is_alone(root: &Root<'_>, base: &Base<'_>) -> bool {
    root.all_baserels == bit(base.relid)
}

/// Is what is asked of the scan just the subquery's columns?
fn returns_in_order(root: &Root<'_>, base: &Base<'_>, sub: &Root<'_>) -> bool {
    let column = |expr: &Expr| match expr {
        Expr::Column(column) if column.level == 0 => Some(column.column),
        _ => None,
    };
    let read: Option<Vec<u16>> = if let Some(arm) = &base.translation {
        // Of an arm of UNION ALL, what is asked of the whole.
        let whole = root.base(arm.parent).map_or(&[][..], |parent| &parent.needed_order);
        whole.iter().map(|at| arm.expr_of(*at).and_then(column)).collect()
    } else if is_alone(root, base) {
        root.scan_join.iter().map(column).collect()
    } else {
        Some(base.needed_order.clone())
    };
    read.is_some_and(|read| is_whole(&read, n_columns(sub)))
}
