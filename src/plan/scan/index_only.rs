//! Does an index hold every column that the query needs (`check_index_only` in `indxpath.c`)? The
//! columns themselves: an indexed expression is not looked for in the query. Columns of conditions that
//! the index's predicate guarantees are not needed.

use super::candidate::{Candidate, Key, TypeClass, opclass, type_class};
use super::methods::{appended_columns, is_clustered};
use crate::plan::root::Root;
use crate::read::settings::Switch;
use crate::sql::schema::{KeyPart, Method};

/// Can the scan do without the table?
pub fn is_index_only(root: &Root<'_>, candidate: &Candidate<'_>) -> bool {
    if is_clustered(candidate.dialect(), candidate.index) {
        return true;
    }
    if root.settings().is_off(Switch::IndexOnlyScan) {
        return false;
    }
    let Some(base) = root.base(candidate.relation) else { return false };
    let Some(info) = base.indexes.get(candidate.at) else { return false };
    let held = held_columns(candidate);
    let is_held = |column: u16| held.contains(&usize::from(column));
    base.attr_needed.keys().all(|column| is_held(*column))
        && info.restrictions.iter().all(|clause| {
            let read = clause.expr.columns();
            let mut own = read.iter().filter(|c| usize::from(c.relation) == candidate.relation);
            own.all(|column| is_held(column.column))
        })
}

/// Columns whose value the index can return (`canreturn`).
fn held_columns(candidate: &Candidate<'_>) -> Vec<usize> {
    let mut held = Vec::new();
    for key in &candidate.keys {
        if let KeyPart::Column(column) = key.definition.part
            && key.definition.prefix_length.is_none()
            && returns_value(candidate, key)
        {
            held.push(column);
        }
    }
    if matches!(candidate.index.method, Method::Btree | Method::Gist | Method::Spgist) {
        held.extend(&candidate.index.include);
    }
    if candidate.index.method == Method::Btree {
        held.extend(appended_columns(candidate.dialect(), candidate.table));
    }
    held
}

/// Does the index keep the value as it is, not a digest of it?
fn returns_value(candidate: &Candidate<'_>, key: &Key<'_>) -> bool {
    let name = key.data_type.as_str();
    match candidate.index.method {
        Method::Btree => true,
        Method::Spgist => {
            type_class(name) == TypeClass::Text || name.contains("range") || name == "point"
        }
        Method::Gist => {
            let is_plain = ["point", "box", "inet", "cidr"].contains(&name);
            opclass(key).is_empty()
                && (is_plain || name.contains("range") || type_class(name) != TypeClass::Other)
        }
        _ => false,
    }
}
