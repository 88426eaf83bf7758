//! What parameterised paths return (PostgreSQL's `ParamPathInfo` in `relnode.c`).

use std::rc::Rc;

use super::relation::ParamInfo;
use super::root::Root;
use crate::sql::relids::Relids;

/// `get_baserel_parampathinfo`: the clauses a path to a base relation can check with the current rows
/// of these relations, and the rows it then returns; `None` when it needs none.
pub fn baserel_param_info(
    root: &mut Root<'_>,
    relation: usize,
    required_outer: Relids,
) -> Option<Rc<ParamInfo>> {
    let _ = (root, relation, required_outer);
    None
}
