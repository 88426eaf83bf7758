//! Inner sides that keep their rows to be read again: Materialize and Memoize (`get_memoize_path` in
//! `joinpath.c`).

use std::rc::Rc;

use super::attempt::Extra;
use super::paths::Sides;
use super::unique::sides_match;
use crate::dialect::Dialect;
use crate::plan::cost::join::material;
use crate::plan::path::{JoinType, MemoizePath, Path, PathKind};
use crate::plan::relation::clamp_row_est;
use crate::plan::root::Root;
use crate::read::settings::Switch;
use crate::sql::functions::has_volatile;
use crate::sql::relids::is_subset;

/// `create_material_path`
pub(super) fn materialized(root: &Root<'_>, input: &Rc<Path>) -> Rc<Path> {
    let cost = material(root.settings(), input.as_input());
    Rc::new(Path {
        kind: PathKind::Material(input.clone()),
        startup: cost.startup,
        total: cost.total,
        parallel_aware: false,
        ..(**input).clone()
    })
}

/// `get_memoize_path`: keeps the rows of a parameterised inner side by parameter value.
pub(super) fn memoize_path(
    root: &Root<'_>,
    sides: Sides,
    inner: &Rc<Path>,
    outer: &Path,
    jointype: JoinType,
    extra: &Extra,
) -> Option<Rc<Path>> {
    if root.configuration.catalog.dialect != Dialect::Postgres {
        return None;
    }
    let param = inner.param.as_ref().filter(|param| !param.clauses.is_empty())?;
    if root.settings().is_off(Switch::Memoize) {
        return None;
    }
    let outer_rows = root.rels.get(sides.outer)?.rows;
    if outer_rows < 2.0 || matches!(inner.kind, PathKind::Material(_)) {
        return None;
    }
    if !extra.inner_unique && matches!(jointype, JoinType::Semi | JoinType::Anti) {
        return None;
    }
    if extra.inner_unique && param.clauses.len() < extra.clauses.len() {
        return None;
    }
    let base = root.rels.get(sides.inner)?.base.as_ref();
    let restrictions = base.map_or(&[][..], |base| &base.restrictions);
    if restrictions.iter().chain(&param.clauses).any(|clause| has_volatile(&clause.expr)) {
        return None;
    }
    let mut keys = Vec::with_capacity(param.clauses.len());
    let mut is_binary = false;
    for clause in &param.clauses {
        let found = clause.compare.as_ref()?;
        if !sides_match(clause, extra.outer, extra.inner) {
            return None;
        }
        let key = match is_subset(found.left_relids, extra.outer) {
            true => &found.left,
            false => &found.right,
        };
        is_binary |= !clause.is_hashjoinable;
        keys.push((**key).clone());
    }
    let settings = root.settings();
    Some(Rc::new(Path {
        kind: PathKind::Memoize(Box::new(MemoizePath {
            input: inner.clone(),
            keys,
            is_binary,
            calls: clamp_row_est(outer.rows),
            is_single_row: extra.inner_unique,
        })),
        startup: inner.startup + settings.cpu_tuple_cost,
        total: inner.total + settings.cpu_tuple_cost,
        parallel_aware: false,
        ..(**inner).clone()
    }))
}
