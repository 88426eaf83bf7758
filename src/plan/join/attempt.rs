//! What all attempts to join two paths share: bounds, parameters, rows (`joinpath.c`, `pathnode.c`). The
//! methods have files of their own.

use std::rc::Rc;

use crate::plan::add_path::{
    add_partial_path, add_path, is_partial_worth_building, is_worth_building,
};
use crate::plan::clause::{Clause, Clauses, QualCost};
use crate::plan::cost::Cost;
use crate::plan::cost::gather::parallel_divisor;
use crate::plan::cost::join::{Initial, SemiFactors, memoize_rescan, rescan_kept};
use crate::plan::estimates::{clause_selectivity, num_groups};
use crate::plan::params::joinrel_param_info;
use crate::plan::path::{JoinMethod, JoinType, Path, PathKind};
use crate::plan::pathkeys::PathKey;
use crate::plan::relation::{ParamInfo, clamp_row_est};
use crate::plan::root::{Root, SpecialJoin};
use crate::sql::expr::Expr;
use crate::sql::relids::Relids;

/// What all attempts to join two relations share (`JoinPathExtraData`).
pub struct Extra {
    /// The join's position in `Root::rels`.
    pub join: usize,
    /// Its relations.
    pub relids: Relids,
    /// Relations of the outer side.
    pub outer: Relids,
    /// Relations of the inner side.
    pub inner: Relids,
    /// All clauses that are checked at this join.
    pub clauses: Rc<[Rc<Clause>]>,
    /// Those that a merge join can use.
    pub merge_clauses: Clauses,
    /// The special join, or a plain one between the two sides.
    pub special: SpecialJoin,
    /// At most one inner row matches.
    pub inner_unique: bool,
    /// Matches, for joins that stop at the first.
    pub semi: Option<SemiFactors>,
    /// Relations that a join here may be parameterised by.
    pub param_source: Relids,
}

impl Extra {
    pub(super) fn stops_early(&self, jointype: JoinType) -> bool {
        matches!(jointype, JoinType::Semi | JoinType::Anti) || self.inner_unique
    }

    pub(super) fn semi_for(&self, jointype: JoinType) -> Option<SemiFactors> {
        self.stops_early(jointype).then(|| self.semi.unwrap_or_default())
    }
}

/// A plain inner join between two sides, as a special join.
pub fn plain_join(left: Relids, right: Relids) -> SpecialJoin {
    SpecialJoin {
        min_left: left,
        min_right: right,
        syn_left: left,
        syn_right: right,
        jointype: JoinType::Inner,
        lhs_strict: false,
        delay_upper_joins: false,
        semi_can_btree: false,
        semi_can_hash: false,
        semi_rhs_exprs: Vec::new(),
    }
}

/// `cost_rescan`: the cost of reading a path again.
pub(super) fn rescan(root: &Root<'_>, path: &Path) -> Cost {
    let settings = root.settings();
    let (rows, width) = (path.rows, path.target.width);
    let kept = |per_row| Cost { startup: 0.0, total: rescan_kept(settings, rows, width, per_row) };
    match &path.kind {
        PathKind::FunctionScan => Cost { startup: 0.0, total: path.total - path.startup },
        PathKind::Join(join) if join.method == JoinMethod::Hash && join.batches <= 1.0 => {
            Cost { startup: 0.0, total: path.total - path.startup }
        }
        PathKind::CteScan | PathKind::WorkTableScan => kept(settings.cpu_tuple_cost),
        PathKind::Material(_) | PathKind::Sort(_) => kept(settings.cpu_operator_cost),
        PathKind::Memoize(memoize) => {
            let keys: Vec<&Expr> = memoize.keys.iter().collect();
            let distinct = match keys.iter().all(|key| has_known_distinct(root, key)) {
                true => num_groups(root, &keys, memoize.calls),
                false => memoize.calls,
            };
            memoize_rescan(settings, memoize.input.as_input(), memoize.calls, distinct).0
        }
        _ => path.cost(),
    }
}

/// Are distinct values known, not only assumed?
fn has_known_distinct(root: &Root<'_>, expr: &Expr) -> bool {
    expr.columns().iter().all(|column| {
        root.scope
            .info(&Expr::Column(*column))
            .is_some_and(|info| info.basis != crate::estimate::Basis::Default || info.is_unique)
    })
}

/// The rows of a join path: those of its parameters or of the join, divided among workers.
pub(super) fn path_rows(root: &Root<'_>, extra: &Extra, param: Option<f64>, workers: u32) -> f64 {
    let rows = param.unwrap_or_else(|| root.rels.get(extra.join).map_or(1.0, |rel| rel.rows));
    if workers > 0 { clamp_row_est(rows / parallel_divisor(workers)) } else { rows }
}

/// What is done with a new path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole path.
    Whole,
    /// A worker's part.
    Partial,
}

pub(super) fn is_worth(
    root: &Root<'_>,
    extra: &Extra,
    initial: &Initial,
    keys: &[PathKey],
    required: Relids,
    kind: Kind,
) -> bool {
    let Some(rel) = root.rels.get(extra.join) else { return false };
    match kind {
        Kind::Whole => is_worth_building(rel, initial.startup, initial.total, keys, required),
        Kind::Partial => is_partial_worth_building(rel, initial.total, keys),
    }
}

pub(super) fn keep(root: &mut Root<'_>, extra: &Extra, path: Path, kind: Kind) {
    let Some(rel) = root.rels.get_mut(extra.join) else { return };
    match kind {
        Kind::Whole => add_path(rel, path),
        Kind::Partial => add_partial_path(rel, path),
    }
}

/// Relations that a merge or hash join still needs.
pub(super) fn non_nestloop_required(outer: &Path, inner: &Path) -> Relids {
    outer.required_outer() | inner.required_outer()
}

/// `approx_tuple_count`: pairs that satisfy the method's own clauses.
pub(super) fn matching_pairs(
    root: &Root<'_>,
    outer: &Path,
    inner: &Path,
    clauses: &[Rc<Clause>],
) -> f64 {
    let plain = plain_join(outer.relids, inner.relids);
    let mut kept = 1.0;
    for clause in clauses {
        kept *= clause_selectivity(root, clause, None, JoinType::Inner, Some(&plain));
    }
    clamp_row_est(kept * outer.rows * inner.rows)
}

pub(super) fn without(all: QualCost, part: QualCost) -> QualCost {
    QualCost { startup: all.startup - part.startup, per_tuple: all.per_tuple - part.per_tuple }
}

/// The clauses of a join path with the parameters it needs.
pub(super) fn with_params(
    root: &mut Root<'_>,
    extra: &Extra,
    (outer, inner): (&Rc<Path>, &Rc<Path>),
    required: Relids,
) -> (Option<Rc<ParamInfo>>, Rc<[Rc<Clause>]>) {
    if required == 0 {
        return (None, extra.clauses.clone());
    }
    let mut list = extra.clauses.to_vec();
    let sides = (&**outer, &**inner);
    let param = joinrel_param_info(root, extra.join, sides, &extra.special, required, &mut list);
    (param, list.into())
}
