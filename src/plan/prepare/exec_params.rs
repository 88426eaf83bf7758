//! Numbers of the parameters that a chosen plan needs (`paramassign.c`), as EXPLAIN shows them: `$0`.
//! Left out: those of lateral subqueries.

use crate::sorted::SortedSet;
use std::rc::Rc;

use crate::plan::explain::children;
use crate::plan::path::{JoinMethod, Path, PathKind};
use crate::plan::relation::BaseKind;
use crate::plan::root::Root;
use crate::sql::expr::ColumnRef;
use crate::sql::relids::{Relids, bit, overlaps, single};

/// Takes the numbers that `create_plan` would take for a path.
pub fn number_params(root: &Root<'_>, path: &Rc<Path>) {
    match &path.kind {
        PathKind::SubqueryScan(input) => {
            let base = single(path.relids).and_then(|relation| root.base(relation));
            if let Some(BaseKind::Subquery(sub)) = base.map(|base| &base.kind) {
                number_params(sub, input);
            }
        }
        PathKind::Arm { root: at, path, .. } => {
            if let Some(arm) = root.arms.get(*at) {
                number_params(arm, path);
            }
        }
        kind => {
            children(path).into_iter().for_each(|child| number_params(root, child));
            match kind {
                PathKind::Gather(_) | PathKind::GatherMerge(_) => {
                    root.environment.take_params(1);
                }
                PathKind::Join(join) if join.method == JoinMethod::NestedLoop => {
                    let mut handed = SortedSet::new();
                    columns_asked(&join.inner, join.outer.relids, &mut handed);
                    root.environment.take_params(handed.len());
                }
                PathKind::MinMax(arms) => {
                    let (_, param) = root.minmax.get();
                    root.minmax.set((root.environment.take_subplans(arms.len()), param));
                }
                _ => {}
            }
        }
    }
}

/// The columns of outer relations that a path needs the current value of.
fn columns_asked(path: &Rc<Path>, outer: Relids, out: &mut SortedSet<ColumnRef>) {
    for clause in path.param.iter().flat_map(|param| &param.clauses) {
        let columns = clause.expr.columns();
        out.extend(
            columns.iter().filter(|column| overlaps(bit(usize::from(column.relation)), outer)),
        );
    }
    children(path).into_iter().for_each(|child| columns_asked(child, outer, out));
}
