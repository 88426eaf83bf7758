//! What the planner knows of a table's indexes (`get_relation_info` in `plancat.c`), and whether the
//! query implies the predicates of partial ones (`check_index_predicates` in `indxpath.c`).

use std::rc::Rc;

use crate::catalog::Table;
use crate::estimate::selectivity::predicate_selectivity;
use crate::estimate::size::index_size;
use crate::plan::clause::{ClauseFacts, make_clause};
use crate::plan::configuration::Configuration;
use crate::plan::implication::implies;
use crate::plan::implied::join_implied_equalities;
use crate::plan::index_match::{at_relation, implicit_keys};
use crate::plan::params::is_movable_to;
use crate::plan::relation::{IndexInfo, OrderKey};
use crate::plan::root::Root;
use crate::sql::conjuncts;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::query::Command;
use crate::sql::relids::bit;
use crate::sql::schema::{IndexKey, KeyPart, Method};

/// The indexes of a table that a plan may use, for a relation of the query.
pub fn build_index_infos<'a>(
    configuration: &'a Configuration<'a>,
    at: usize,
    table: &'a Table,
    relation: usize,
) -> Vec<IndexInfo<'a>> {
    let column = |column: usize| {
        Expr::Column(ColumnRef {
            level: 0,
            relation: u16::try_from(relation).unwrap_or(u16::MAX),
            column: u16::try_from(column).unwrap_or(u16::MAX),
        })
    };
    let mut out = Vec::new();
    for (reference, index) in configuration.indexes(at) {
        let size = index_size(table, index, predicate_selectivity(table, index));
        let expr = |key: &IndexKey| match &key.part {
            KeyPart::Column(at) => Rc::new(column(*at)),
            KeyPart::Expr(expr, _) => Rc::new(at_relation(expr, relation)),
        };
        let keys: Vec<Rc<Expr>> = index.keys.iter().map(expr).collect();
        let implicit = implicit_keys(configuration.catalog, table, index);
        let order = index.keys.iter().chain(&implicit).map(|key| OrderKey {
            expr: expr(key),
            desc: key.desc,
            nulls_first: key.nulls_first,
        });
        let predicate = index.predicate.as_ref().map(|p| at_relation(p, relation));
        out.push(IndexInfo {
            reference,
            index,
            pages: size.pages,
            tuples: size.tuples,
            tree_height: size.tree_height,
            keys,
            order: order.collect(),
            predicate: predicate.map(conjuncts).unwrap_or_default(),
            predicate_ok: false,
            predicate_clauses: Vec::new(),
            restrictions: Vec::new(),
        });
    }
    // The server puts each index before those made earlier: of two as good the newer one is taken.
    out.reverse();
    out
}

/// Fills in `predicate_ok` and the restrictions that are left to check.
pub fn check_index_predicates(root: &mut Root<'_>, relation: usize) {
    let Some(base) = root.base(relation) else { return };
    let restrictions = base.restrictions.clone();
    let has_partial = base.indexes.iter().any(|info| !info.predicate.is_empty());
    let mut known: Vec<Expr> = Vec::new();
    if has_partial {
        known.extend(restrictions.iter().map(|clause| clause.expr.clone()));
        let joins = root.rels.get(relation).map(|rel| rel.join_clauses.clone()).unwrap_or_default();
        let movable = joins.iter().filter(|clause| is_movable_to(clause, relation));
        known.extend(movable.map(|clause| clause.expr.clone()));
        let others = root.all_baserels & !bit(relation);
        if others != 0 {
            let all = root.all_baserels;
            let implied = join_implied_equalities(root, all, others, bit(relation));
            known.extend(implied.iter().map(|clause| clause.expr.clone()));
        }
    }
    let is_target =
        (relation == 0 && root.query.command != Command::Select) || root.query.for_update;
    let n = root.base(relation).map_or(0, |base| base.indexes.len());
    for at in 0..n {
        let Some(info) = root.base(relation).and_then(|base| base.indexes.get(at)) else { break };
        let predicate = info.predicate.clone();
        let may_skip = !matches!(info.index.method, Method::Hash | Method::Brin);
        let asked: Vec<&Expr> = known.iter().collect();
        let ok = !predicate.is_empty() && predicate.iter().all(|part| implies(&asked, part));
        let guaranteed: Vec<&Expr> = predicate.iter().collect();
        let left = match !predicate.is_empty() && !is_target && may_skip {
            true => {
                let is_left = |expr: &Expr| !implies(&guaranteed, expr);
                restrictions.iter().filter(|clause| is_left(&clause.expr)).cloned().collect()
            }
            false => restrictions.clone(),
        };
        let facts = ClauseFacts { is_pushed_down: true, ..ClauseFacts::default() };
        let clauses = predicate.iter().map(|part| make_clause(root, part.clone(), facts)).collect();
        let base = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut());
        if let Some(info) = base.and_then(|base| base.indexes.get_mut(at)) {
            info.predicate_ok = ok;
            info.restrictions = left;
            info.predicate_clauses = clauses;
        }
    }
}
