//! What the planner knows of a table's indexes (`get_relation_info` in `plancat.c`), and whether the
//! query implies the predicates of partial ones (`check_index_predicates` in `indxpath.c`).

use std::rc::Rc;

use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::estimate::selectivity::predicate_selectivity;
use crate::estimate::size::{index_size, table_rows};
use crate::plan::clause::{ClauseFacts, Clauses, make_clause};
use crate::plan::configuration::{Configuration, IndexRef};
use crate::plan::implication::implies;
use crate::plan::implied::join_implied_equalities;
use crate::plan::index_match::{at_relation, implicit_keys};
use crate::plan::params::is_movable_to;
use crate::plan::relation::{IndexInfo, OrderKey};
use crate::plan::root::Root;
use crate::plan::scan::methods::abilities;
use crate::sql::conjuncts;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::mutable::mutable_part;
use crate::sql::query::Command;
use crate::sql::relids::bit;
use crate::sql::schema::{IndexKey, KeyPart};

/// The indexes of a table that a plan may use. PostgreSQL visits the newest first.
pub fn build_index_infos<'a>(
    configuration: &'a Configuration<'a>,
    at: usize,
    table: &'a Table,
    relation: usize,
) -> Vec<IndexInfo<'a>> {
    let mut out: Vec<IndexInfo<'a>> = configuration
        .indexes(at)
        .map(|(reference, index)| {
            info_of((configuration.catalog, table), relation, reference, index)
        })
        .collect();
    if configuration.catalog.dialect == Dialect::Postgres {
        out.reverse();
    }
    out
}

fn info_of<'a>(
    (catalog, table): (&Catalog, &Table),
    relation: usize,
    reference: IndexRef,
    index: &'a Index,
) -> IndexInfo<'a> {
    let rows = table_rows(table).value;
    let predicate = index.predicate.as_ref().map(|expr| at_relation(expr, relation));
    let kept = predicate.as_ref().map_or(1.0, |_| predicate_selectivity(table, index));
    let size = index_size(table, index, kept);
    let expr = |key: &IndexKey| match &key.part {
        KeyPart::Column(column) => Rc::new(column_of(relation, *column)),
        KeyPart::Expr(expr, _) => Rc::new(at_relation(expr, relation)),
    };
    let implicit = implicit_keys(catalog, table, index);
    let order = index.keys.iter().chain(&implicit).map(|key| OrderKey {
        expr: expr(key),
        desc: key.desc,
        nulls_first: key.nulls_first,
    });
    IndexInfo {
        reference,
        index,
        pages: size.pages,
        tuples: if predicate.is_some() { size.tuples.min(rows) } else { rows },
        tree_height: size.tree_height,
        keys: index.keys.iter().map(expr).collect(),
        order: order.collect(),
        predicate: predicate.map(conjuncts).unwrap_or_default(),
        predicate_ok: false,
        predicate_clauses: Vec::new(),
        restrictions: Vec::new(),
    }
}

fn column_of(relation: usize, column: usize) -> Expr {
    let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    Expr::Column(ColumnRef { level: 0, relation: small(relation), column: small(column) })
}

/// Fills in which predicates hold, and which restrictions they leave to be checked.
pub fn check_index_predicates(root: &mut Root<'_>, relation: usize) {
    let Some(base) = root.base(relation) else { return };
    let restrictions = base.restrictions.clone();
    let is_partial = |info: &IndexInfo<'_>| !info.predicate.is_empty();
    let n = base.indexes.len();
    let known: Vec<Expr> = match base.indexes.iter().any(is_partial) {
        true => known_of(root, relation).iter().map(|clause| clause.expr.clone()).collect(),
        false => Vec::new(),
    };
    let is_target = is_target(root, relation);
    for at in 0..n {
        let Some(info) = root.base(relation).and_then(|base| base.indexes.get(at)) else { break };
        let predicate = info.predicate.clone();
        let may_skip = !is_target && abilities(&info.index.method).optional_key;
        let holds = !predicate.is_empty() && implied(&known, &predicate);
        let left = if !predicate.is_empty() && may_skip {
            not_guaranteed(root, &restrictions, &predicate)
        } else {
            restrictions.clone()
        };
        let facts = ClauseFacts { is_pushed_down: true, ..ClauseFacts::default() };
        let clauses = predicate.into_iter().map(|part| make_clause(root, part, facts)).collect();
        let base = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut());
        if let Some(info) = base.and_then(|base| base.indexes.get_mut(at)) {
            info.predicate_ok = holds;
            info.predicate_clauses = clauses;
            info.restrictions = left;
        }
    }
}

/// Do the conditions imply all conjuncts?
pub fn implied(conditions: &[Expr], conjuncts: &[Expr]) -> bool {
    let conditions: Vec<&Expr> = conditions.iter().collect();
    conjuncts.iter().all(|part| implies(&conditions, part))
}

/// What holds for every row that the query needs of the relation: its restrictions, the join clauses
/// that may move down to it, and the equalities that classes imply.
fn known_of(root: &mut Root<'_>, relation: usize) -> Clauses {
    let Some(rel) = root.rels.get(relation) else { return Vec::new() };
    let mut known: Clauses = rel.base.iter().flat_map(|base| &base.restrictions).cloned().collect();
    let movable = rel.join_clauses.iter().filter(|clause| is_movable_to(clause, relation));
    known.extend(movable.cloned());
    let all = root.all_baserels;
    let own = bit(relation);
    let others = all & !(own | root.parents(relation));
    if others != 0 {
        known.extend(join_implied_equalities(root, own | others, others, bit(relation)));
    }
    known
}

/// Rows that are written or locked are checked again: nothing may be left out.
fn is_target(root: &Root<'_>, relation: usize) -> bool {
    let writes = matches!(root.query.command, Command::Update { .. } | Command::Delete);
    (writes && root.top_parents(bit(relation)) == bit(0)) || root.query.for_update
}

fn not_guaranteed(root: &Root<'_>, restrictions: &Clauses, predicate: &[Expr]) -> Clauses {
    let catalog = root.configuration.catalog;
    let type_of = |column: ColumnRef| {
        let table = root.scope.relations.get(usize::from(column.relation))?.table?;
        Some(table.columns.get(usize::from(column.column))?.data_type.as_str())
    };
    let is_left = |expr: &Expr| {
        mutable_part(expr, catalog.dialect, &type_of).is_some()
            || !implied(predicate, std::slice::from_ref(expr))
    };
    restrictions.iter().filter(|clause| is_left(&clause.expr)).cloned().collect()
}
