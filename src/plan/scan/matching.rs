//! Which clauses the keys of an index answer (`match_clause_to_indexcol` in `indxpath.c`,
//! `like_support.c` for patterns).

use std::rc::Rc;

use crate::dialect::Dialect;
use crate::plan::clause::{Clause, ClauseFacts, make_clause};
use crate::plan::cost::qual::{array_length, qual_cost};
use crate::plan::index_match::{fixed_prefix, key_fits};
use crate::plan::path::IndexClause;
use crate::plan::relation::{BaseKind, IndexInfo};
use crate::plan::root::Root;
use crate::sql::expr::{CompareOp, Expr, LikeKind, Literal};
use crate::sql::functions::has_volatile;
use crate::sql::schema::Method;
use crate::workload::predicate::{Ask, Predicate, classify};
use crate::workload::shape::Shape;

/// A clause and what it asks of a relation.
pub struct Asked {
    /// The clause.
    pub clause: Rc<Clause>,
    /// Its readings: `a.x = b.y` asks something of `a` and of `b`.
    pub predicates: Vec<Predicate>,
}

/// What clauses ask of a relation.
pub fn asked(clauses: &[Rc<Clause>], relation: usize) -> Vec<Asked> {
    let of = |clause: &Rc<Clause>| {
        let mut predicates = Vec::new();
        if !clause.is_pseudoconstant {
            classify(&clause.expr, relation, false, &mut predicates);
        }
        Asked { clause: clause.clone(), predicates }
    };
    clauses.iter().map(of).collect()
}

/// Clauses by key of an index (`IndexClauseSet`).
#[derive(Default, Clone)]
pub struct ClauseSet {
    /// By key.
    pub by_key: Vec<Vec<IndexClause>>,
}

impl ClauseSet {
    /// Without clauses.
    pub fn new(n_keys: usize) -> ClauseSet {
        ClauseSet { by_key: vec![Vec::new(); n_keys] }
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.by_key.iter().all(Vec::is_empty)
    }

    /// `match_clause_to_index`: adds a clause to the first key that answers it.
    pub fn add(&mut self, root: &mut Root<'_>, relation: usize, index: usize, asked: &Asked) {
        for key in 0..self.by_key.len() {
            let Some(list) = self.by_key.get(key) else { continue };
            if list.iter().any(|known| Rc::ptr_eq(&known.clause, &asked.clause)) {
                return;
            }
            if let Some(found) = match_key(root, relation, index, key, asked) {
                if let Some(list) = self.by_key.get_mut(key) {
                    list.push(found);
                }
                return;
            }
        }
    }
}

/// `match_clause_to_indexcol`
pub fn match_key(
    root: &mut Root<'_>,
    relation: usize,
    index: usize,
    key: usize,
    asked: &Asked,
) -> Option<IndexClause> {
    let base = root.base(relation)?;
    let BaseKind::Table(table, at) = base.kind else { return None };
    let info = base.indexes.get(index)?;
    let definition = info.index.keys.get(key)?;
    let catalog = root.configuration.catalog;
    let shape = Shape::of_relation(relation, at);
    let fits = |predicate: &&Predicate| {
        key_fits((catalog, table), &shape, info.index, definition, predicate)
            && !is_volatile(&predicate.ask)
    };
    let predicate = asked.predicates.iter().find(fits)?;
    let is_btree = info.index.method == Method::Btree;
    let key_expr = info.keys.get(key)?.clone();
    Some(index_clause(root, asked, predicate, key, &key_expr, is_btree))
}

fn is_volatile(ask: &Ask) -> bool {
    match ask {
        Ask::Compare(_, value)
        | Ask::Any(value)
        | Ask::Like(_, value)
        | Ask::Operator(_, value) => has_volatile(value),
        Ask::In(list) => list.iter().any(has_volatile),
        _ => false,
    }
}

fn index_clause(
    root: &mut Root<'_>,
    asked: &Asked,
    predicate: &Predicate,
    key: usize,
    key_expr: &Expr,
    is_btree: bool,
) -> IndexClause {
    let cost = |expr: &Expr| {
        let cost = qual_cost(root, expr);
        cost.startup + cost.per_tuple
    };
    let mut out = IndexClause {
        clause: asked.clause.clone(),
        derived: Vec::new(),
        is_lossy: false,
        key,
        is_equality: predicate.is_equality(),
        is_null_test: matches!(predicate.ask, Ask::IsNull),
        n_values: 1.0,
        is_array: false,
        operand_cost: 0.0,
    };
    match &predicate.ask {
        Ask::Compare(_, value) | Ask::Operator(_, value) => out.operand_cost = cost(value),
        Ask::In(list) => {
            out.n_values = list.len() as f64;
            out.is_array = true;
            out.operand_cost = list.iter().map(cost).sum();
        }
        Ask::Any(value) => {
            out.n_values = array_length(value);
            out.is_array = true;
            out.operand_cost = cost(value);
        }
        Ask::Like(kind, pattern) if is_btree => {
            let pattern = pattern.clone();
            like_range(root, &mut out, *kind, &pattern, key_expr);
        }
        _ => {}
    }
    out
}

/// `LIKE 'abc%'` as `>= 'abc'` and `< 'abd'`; without a wildcard as `=`.
fn like_range(
    root: &mut Root<'_>,
    out: &mut IndexClause,
    kind: LikeKind,
    pattern: &Expr,
    key: &Expr,
) {
    let Some(prefix) = fixed_prefix(kind, pattern) else { return };
    let text = |text: &str| Box::new(Expr::Literal(Literal::Text(text.to_owned())));
    let compare = |op, value: &str| Expr::Compare(op, Box::new(key.clone()), text(value));
    let whole = match pattern {
        Expr::Literal(Literal::Text(whole)) => whole.len() == prefix.len(),
        _ => false,
    };
    let facts = ClauseFacts { is_pushed_down: true, ..ClauseFacts::default() };
    let is_exact = whole && kind == LikeKind::Like;
    let mut exprs = Vec::new();
    if is_exact {
        exprs.push(compare(CompareOp::Eq, &prefix));
    } else {
        exprs.push(compare(CompareOp::Ge, &prefix));
        if let Some(greater) = greater_string(&prefix) {
            exprs.push(compare(CompareOp::Lt, &greater));
        }
    }
    out.is_equality = is_exact;
    out.is_lossy = !is_exact;
    out.derived = exprs.into_iter().map(|expr| make_clause(root, expr, facts)).collect();
}

/// `make_greater_string`: the last character raised, or dropped where it is the last there is.
fn greater_string(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        if let Some(next) = char::from_u32(u32::from(last) + 1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// What an access method can do (`amcanorder`, `amsearcharray`, ...).
#[derive(Clone, Copy)]
pub struct Abilities {
    /// Answers IN lists itself.
    pub searches_arrays: bool,
    /// Can be read without a condition on its first key.
    pub optional_key: bool,
    /// Returns rows in order.
    pub is_ordered: bool,
    /// Returns rows one by one.
    pub has_tuples: bool,
    /// Returns bitmaps.
    pub has_bitmaps: bool,
    /// Workers can share a scan.
    pub can_parallel: bool,
}

/// What the method of an index can do.
pub fn abilities(info: &IndexInfo<'_>, dialect: Dialect) -> Abilities {
    let none = Abilities {
        searches_arrays: false,
        optional_key: true,
        is_ordered: false,
        has_tuples: true,
        has_bitmaps: dialect == Dialect::Postgres,
        can_parallel: false,
    };
    match info.index.method {
        Method::Btree => {
            Abilities { searches_arrays: true, is_ordered: true, can_parallel: true, ..none }
        }
        Method::Hash => Abilities { optional_key: false, ..none },
        Method::Gin | Method::Brin => Abilities { has_tuples: false, ..none },
        _ => none,
    }
}
