//! The paths to one table: sequential, index, index-only and bitmap, alone or as the inner side of a
//! nested loop. After PostgreSQL's `create_index_paths`, `generate_bitmap_or_paths` and
//! `choose_bitmap_and`.

use std::rc::Rc;

use super::bitmap::BitmapChoice;
use super::cost::{self, Cost, IndexScan, qual_cost};
use super::index_match::{IndexMatch, at_relation, match_index, wanted_order};
use super::path::{Path, PathKind, Relations, add_path};
use super::{AccessPath, Configuration, IndexRef, Scan, implication};
use crate::catalog::{Index, Table};
use crate::dialect::Dialect;
use crate::estimate::column::column_info;
use crate::estimate::selectivity::{Scope, conjunction, predicate_selectivity};
use crate::estimate::size::{index_size, table_pages, table_rows};
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::query::SortKey;
use crate::sql::schema::{KeyPart, Method};
use crate::workload::predicate::{Ask, Predicate};
use crate::workload::shape::Shape;

/// A table in a query, with what does not depend on the path.
pub struct BaseRelation<'a> {
    /// The table.
    pub table: &'a Table,
    /// What the query asks of it.
    pub shape: Shape,
    /// Rows of the table.
    pub all_rows: f64,
    /// Pages of its heap.
    pub pages: f64,
    /// Rows its own conditions keep.
    pub rows: f64,
    /// Bytes of the columns needed.
    pub width: f64,
    /// Pages of the other tables of the query.
    pub other_pages: f64,
}

/// What planning one block needs everywhere.
pub struct Planning<'a> {
    /// Indexes to use.
    pub configuration: &'a Configuration<'a>,
    /// Tables by relation.
    pub scope: Scope<'a>,
}

impl<'a> BaseRelation<'a> {
    /// Sizes of a table and what its conditions keep of it.
    pub fn new(scope: &Scope<'a>, table: &'a Table, shape: Shape) -> BaseRelation<'a> {
        let all_rows = table_rows(table).value;
        let own = own_clauses(&shape);
        let rows = (all_rows * conjunction(scope, &own)).round().max(1.0);
        let width = shape
            .needed
            .iter()
            .map(|column| match *column {
                ColumnRef::WHOLE_ROW => {
                    (0..table.columns.len()).map(|at| column_info(table, at).width).sum()
                }
                at => column_info(table, usize::from(at)).width,
            })
            .sum();
        let pages = table_pages(table).value;
        BaseRelation { table, shape, all_rows, pages, rows, width, other_pages: 0.0 }
    }

    /// Is there a join condition with relations of `outer` alone?
    fn is_joined_to(&self, outer: Relations) -> bool {
        self.shape.predicates.iter().any(|predicate| {
            let other = relations_in(&predicate.clause) & !self.bit();
            other != 0 && other & !outer == 0
        })
    }

    /// The relation as a bit.
    pub fn bit(&self) -> Relations {
        1 << self.shape.relation.min(63)
    }
}

/// Conditions on this relation alone, as written.
fn own_clauses(shape: &Shape) -> Vec<&Expr> {
    let mut clauses: Vec<&Expr> = Vec::new();
    for predicate in &shape.predicates {
        let redundant = predicate.is_implied && predicate.is_join();
        if !others(&predicate.clause, shape.relation)
            && !redundant
            && !clauses.contains(&&predicate.clause)
        {
            clauses.push(&predicate.clause);
        }
    }
    clauses
}

/// Reads columns of other relations.
fn others(clause: &Expr, relation: usize) -> bool {
    relations_in(clause) & !(1 << relation.min(63)) != 0
}

/// The relations an expression reads, as bits.
pub fn relations_in(expr: &Expr) -> Relations {
    expr.columns().iter().fold(0, |bits, column| bits | 1 << column.relation.min(63))
}

/// All paths to a relation that may use the current rows of `outer` (none: 0), which are `loops`.
pub fn base_paths(
    planning: &Planning<'_>,
    base: &BaseRelation<'_>,
    outer: Relations,
    loops: f64,
) -> Vec<Rc<Path>> {
    if outer != 0 && !base.is_joined_to(outer) {
        return Vec::new();
    }
    let access = Access::new(planning, base, outer, loops);
    let mut paths = Vec::new();
    if outer == 0 {
        add_path(&mut paths, access.seq_scan());
    }
    let mut bitmaps = Vec::new();
    for (reference, index) in planning.configuration.indexes(base.shape.table) {
        if let Ok(found) =
            match_index(planning.configuration.catalog, base.table, &access.shape, index)
            && (outer == 0 || access.is_joined_by(&found))
        {
            access.index_paths(reference, index, &found, &mut paths, &mut bitmaps);
        }
    }
    if planning.configuration.catalog.dialect != Dialect::Postgres {
        // Only an OR is answered from several indexes there.
        bitmaps.clear();
    }
    if outer == 0 {
        bitmaps.extend(access.or_bitmaps());
    }
    access.bitmap_paths(bitmaps, &mut paths);
    paths
}

/// A relation and what may be used to reach it.
pub struct Access<'p> {
    /// The block.
    pub planning: &'p Planning<'p>,
    /// The relation.
    pub base: &'p BaseRelation<'p>,
    /// The shape with the join clauses that `outer` makes usable, and no others.
    pub shape: Shape,
    /// Rows out, per loop.
    pub rows: f64,
    /// Relations it depends on.
    pub needs: Relations,
    /// Times it runs.
    pub loops: f64,
}

impl<'p> Access<'p> {
    fn new(
        planning: &'p Planning<'p>,
        base: &'p BaseRelation<'p>,
        outer: Relations,
        loops: f64,
    ) -> Access<'p> {
        let mut shape = base.shape.clone();
        let mut needs = 0;
        shape.predicates.retain(|predicate| {
            let other = relations_in(&predicate.clause) & !base.bit();
            let usable = other & !outer == 0 && !matches!(predicate.ask, Ask::InQuery);
            if usable {
                needs |= other;
            }
            usable
        });
        let mut access = Access { planning, base, shape, rows: base.rows, needs, loops };
        let joins: Vec<usize> = (0..access.shape.predicates.len())
            .filter(|at| access.predicate(*at).is_some_and(Predicate::is_join))
            .collect();
        access.rows = (base.rows * access.selectivity(&joins)).round().max(1.0);
        access
    }

    /// Does a join condition bound the scan? Without one the outer row is of no use.
    fn is_joined_by(&self, found: &IndexMatch) -> bool {
        let joins = |at: &usize| self.predicate(*at).is_some_and(Predicate::is_join);
        found.boundary.iter().any(|(_, at)| joins(at))
    }

    /// The predicate at a position.
    pub fn predicate(&self, at: usize) -> Option<&Predicate> {
        self.shape.predicates.get(at)
    }

    /// Selectivity of predicates together; an outer value counts as an unknown one.
    pub fn selectivity(&self, predicates: &[usize]) -> f64 {
        let mut clauses: Vec<Expr> = Vec::new();
        for predicate in predicates.iter().filter_map(|at| self.predicate(*at)) {
            let clause = match &predicate.ask {
                Ask::Compare(op, _) if predicate.is_join() => Expr::Compare(
                    *op,
                    Box::new(predicate.key.clone()),
                    Box::new(Expr::Param("$outer".to_owned())),
                ),
                _ => predicate.clause.clone(),
            };
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        conjunction(&self.planning.scope, &clauses.iter().collect::<Vec<_>>())
    }

    /// The conditions left to check on each row: all but those the index answers exactly and those the
    /// index's predicate already guarantees.
    pub fn filter(&self, answered: &[usize], index_predicate: Option<&Expr>) -> Vec<Expr> {
        let exact =
            |at: &usize| self.predicate(*at).is_some_and(|p| !matches!(p.ask, Ask::Like(..)));
        let done: Vec<&Expr> = answered
            .iter()
            .filter(|at| exact(at))
            .filter_map(|at| self.predicate(*at))
            .map(|predicate| &predicate.clause)
            .collect();
        let guaranteed = index_predicate.map(|p| at_relation(p, self.shape.relation));
        let mut left: Vec<Expr> = Vec::new();
        for predicate in &self.shape.predicates {
            let clause = &predicate.clause;
            let is_guaranteed =
                guaranteed.as_ref().is_some_and(|known| implication::implies(&[known], clause));
            let is_echo = predicate.is_implied && predicate.is_join();
            if !done.contains(&clause) && !left.contains(clause) && !is_guaranteed && !is_echo {
                left.push(clause.clone());
            }
        }
        left
    }

    /// Cost of conditions, per row.
    pub fn quals(&self, filter: &[Expr]) -> f64 {
        let settings = &self.planning.configuration.catalog.settings;
        filter.iter().map(|condition| qual_cost(settings, condition)).sum()
    }

    /// Planner settings.
    pub fn settings(&self) -> &crate::read::statistics::Settings {
        &self.planning.configuration.catalog.settings
    }

    /// A path without conditions.
    pub fn scan_path(&self, path: AccessPath, indexes: Vec<IndexRef>, cost: Cost) -> Path {
        let scan = Scan {
            table: self.base.shape.table,
            alias: self.base.shape.alias.clone(),
            path,
            indexes,
        };
        Path {
            kind: PathKind::Scan {
                relation: self.base.shape.relation,
                scan,
                is_backward: false,
                index_conditions: Vec::new(),
                filter: Vec::new(),
                bitmap: None,
            },
            cost,
            rows: self.rows,
            width: self.base.width,
            order: Rc::default(),
            needs: self.needs,
        }
    }

    fn seq_scan(&self) -> Path {
        let all: Vec<Expr> = self.filter(&[], None);
        let quals = self.quals(&all);
        let cost = cost::seq_scan(self.settings(), self.base.pages, self.base.all_rows, quals);
        let mut path = self.scan_path(AccessPath::SeqScan, Vec::new(), cost);
        if let PathKind::Scan { filter, .. } = &mut path.kind {
            *filter = all;
        }
        path
    }

    /// The plain, index-only and bitmap paths of one index.
    fn index_paths(
        &self,
        reference: IndexRef,
        index: &Index,
        found: &IndexMatch,
        paths: &mut Vec<Rc<Path>>,
        bitmaps: &mut Vec<BitmapChoice>,
    ) {
        let boundary: Vec<usize> = found.boundary.iter().map(|(_, at)| *at).collect();
        let in_index = found.in_index.iter().map(|(_, at)| *at);
        let answered: Vec<usize> = boundary.iter().copied().chain(in_index).collect();
        let scan = self.index_scan(index, found, &boundary, &answered);
        let is_ordered = index.method == Method::Btree;
        if !boundary.is_empty() || (is_ordered && (found.is_partial || found.n_ordered > 0)) {
            self.bitmap_of(reference, &scan, &answered, bitmaps, boundary.is_empty());
        }
        if !matches!(index.method, Method::Btree | Method::Hash | Method::Gist | Method::Spgist) {
            return;
        }
        let useful = !boundary.is_empty() || found.n_ordered > 0 || found.is_partial;
        let filter = self.filter(&answered, index.predicate.as_ref());
        let quals = self.quals(&filter);
        let mut push = |index_only: bool| {
            let cost = cost::index_scan(self.settings(), &scan, index_only, quals);
            let kind = match index_only {
                true => AccessPath::IndexOnlyScan,
                false => AccessPath::IndexScan,
            };
            let mut path = self.scan_path(kind, vec![reference], cost);
            path.order = if is_ordered { self.order(index, found).into() } else { Rc::default() };
            if let PathKind::Scan { is_backward, index_conditions, filter: left, .. } =
                &mut path.kind
            {
                *is_backward = found.order == Some(true);
                *index_conditions = self.clauses(&answered);
                left.clone_from(&filter);
            }
            add_path(paths, path);
        };
        if found.is_covering {
            push(true);
        } else if useful {
            push(false);
        }
    }

    /// The conditions of predicates, each once.
    pub fn clauses(&self, predicates: &[usize]) -> Vec<Expr> {
        let mut out: Vec<Expr> = Vec::new();
        for predicate in predicates.iter().filter_map(|at| self.predicate(*at)) {
            if !out.contains(&predicate.clause) {
                out.push(predicate.clause.clone());
            }
        }
        out
    }

    /// What a scan of an index works on.
    pub fn index_scan(
        &self,
        index: &Index,
        found: &IndexMatch,
        boundary: &[usize],
        answered: &[usize],
    ) -> IndexScan {
        let partial = predicate_selectivity(self.base.table, index);
        let size = index_size(self.base.table, index, partial);
        // Conditions and predicate often say the same; the index holds no more than its entries.
        let all_rows = self.base.all_rows.max(1.0);
        let entries = (size.tuples / all_rows).min(1.0);
        let keep = |predicates: &[usize]| {
            let asked = self.selectivity(predicates);
            let and_predicate = match &index.predicate {
                Some(predicate) => self.with_predicate(predicates, predicate),
                None => asked,
            };
            and_predicate.min(entries)
        };
        let bounded = keep(boundary);
        let boundary_selectivity = if entries > 0.0 { bounded / entries } else { 1.0 };
        IndexScan {
            index_tuples: size.tuples,
            index_pages: size.pages,
            tree_height: size.tree_height,
            boundary_selectivity: boundary_selectivity.min(1.0),
            selectivity: keep(answered),
            n_conditions: f64::from(u32::try_from(answered.len()).unwrap_or(u32::MAX)),
            n_descents: self.descents(boundary),
            is_unique_match: is_unique_match(index, found, &self.shape),
            correlation: self.correlation(index),
            rows: self.base.all_rows,
            pages: self.base.pages,
            all_visible: all_visible(self.base.table, self.base.pages),
            other_pages: self.base.other_pages,
            loops: self.loops.max(1.0),
        }
    }

    fn with_predicate(&self, predicates: &[usize], index_predicate: &Expr) -> f64 {
        let moved = at_relation(index_predicate, self.shape.relation);
        let mut clauses = self.clauses(predicates);
        let parts = match moved {
            Expr::And(parts) => parts,
            other => vec![other],
        };
        for part in parts {
            let asked: Vec<&Expr> = clauses.iter().collect();
            if !implication::implies(&asked, &part) {
                clauses.push(part);
            }
        }
        conjunction(&self.planning.scope, &clauses.iter().collect::<Vec<_>>())
    }

    /// One descent for every value of every IN list on the boundary.
    fn descents(&self, boundary: &[usize]) -> f64 {
        let values = |predicate: &Predicate| match &predicate.ask {
            Ask::In(list) => f64::from(u32::try_from(list.len()).unwrap_or(u32::MAX)),
            Ask::Any(Expr::Array(list)) => f64::from(u32::try_from(list.len()).unwrap_or(u32::MAX)),
            Ask::Any(_) => 10.0,
            _ => 1.0,
        };
        boundary.iter().filter_map(|at| self.predicate(*at)).map(values).product()
    }

    /// Correlation of the first key, three quarters of it when more keys follow.
    fn correlation(&self, index: &Index) -> f64 {
        let Some(key) = index.keys.first() else { return 0.0 };
        let KeyPart::Column(column) = key.part else { return 0.0 };
        let known = column_info(self.base.table, column).correlation;
        let signed = if key.desc { -known } else { known };
        if index.keys.len() > 1 { signed * 0.75 } else { signed }
    }

    /// The part of the wanted order that a scan of this index delivers.
    fn order(&self, index: &Index, found: &IndexMatch) -> Vec<SortKey> {
        let wanted = wanted_order(&self.shape);
        if found.n_ordered > 0 {
            let is_fixed = |expr: &Expr| {
                let fixes = |p: &Predicate| {
                    p.is_single_value() && !p.is_join() && implication::same(&p.key, expr)
                };
                self.shape.predicates.iter().any(fixes)
            };
            let delivered = wanted.into_iter().take(found.n_ordered);
            return delivered.filter(|key| !is_fixed(&key.expr)).collect();
        }
        // No order is asked for: the first key's own, where a merge join could use it.
        let Some(key) = index.keys.get(found.n_fixed) else { return Vec::new() };
        let KeyPart::Column(column) = key.part else { return Vec::new() };
        let expr = Expr::Column(ColumnRef {
            level: 0,
            relation: u16::try_from(self.shape.relation).unwrap_or(u16::MAX),
            column: u16::try_from(column).unwrap_or(u16::MAX),
        });
        let joins = |p: &Predicate| p.is_join() && p.is_equality() && p.key == expr;
        if !self.base.shape.predicates.iter().any(joins) {
            return Vec::new();
        }
        vec![SortKey { expr, desc: key.desc, nulls_first: None }]
    }
}

/// All keys of a unique index are fixed to one value.
fn is_unique_match(index: &Index, found: &IndexMatch, shape: &Shape) -> bool {
    let is_null_test = |at: &usize| {
        shape.predicates.get(*at).is_some_and(|predicate| predicate.ask == Ask::IsNull)
    };
    index.unique
        && found.n_fixed == index.keys.len()
        && !found.boundary.iter().any(|(_, at)| is_null_test(at))
}

/// The part of the heap an index-only scan need not visit. Without statistics: all of it, the state
/// after a VACUUM, which the report states as an assumption.
fn all_visible(table: &Table, pages: f64) -> f64 {
    match table.statistics.relallvisible {
        Some(visible) if pages > 0.0 => (visible / pages).clamp(0.0, 1.0),
        _ => 1.0,
    }
}
