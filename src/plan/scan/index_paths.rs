//! All index paths of a table (`create_index_paths` in `indxpath.c`): with its own conditions, with join
//! clauses for every useful set of outer relations, and their bitmaps.

use std::rc::Rc;

use super::bitmap::{Bitmapped, bitmap_heap, choose_and, or_bitmaps};
use super::index_path::{Ask, index_path};
use super::matching::{Asked, ClauseSet, abilities, asked, match_key};
use crate::plan::add_path::{add_partial_path, add_path, add_shared_path};
use crate::plan::class::{Class, Member, stripped};
use crate::plan::clause::{Clause, Clauses};
use crate::plan::estimates::num_groups;
use crate::plan::implied::implied_equalities_for_column;
use crate::plan::index_match::is_implicit;
use crate::plan::params::is_movable_to;
use crate::plan::path::{IndexClause, JoinType, Path, PathKind};
use crate::plan::pathkeys::{PathKeys, has_useful_pathkeys, index_pathkeys};
use crate::plan::relation::{BaseKind, IndexInfo};
use crate::plan::root::Root;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::relids::{Relids, bit, is_subset, members};
use crate::sql::schema::KeyPart;

/// What is collected for all indexes of the table.
struct Search {
    relation: usize,
    restrictions: Vec<Asked>,
    joins: Vec<Asked>,
    bitmaps: Vec<Bitmapped>,
    join_bitmaps: Vec<Bitmapped>,
    join_ors: Clauses,
}

/// Which scans are built from a set of clauses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scans {
    /// Plain, index-only and bitmap.
    Any,
    /// Only for bitmaps.
    Bitmap,
}

/// Adds every path through an index.
pub fn create_index_paths(root: &mut Root<'_>, relation: usize) {
    let Some(rel) = root.rels.get(relation) else { return };
    let Some(base) = rel.base.as_ref() else { return };
    let n = base.indexes.len();
    if n == 0 {
        return;
    }
    let (mut joins, mut join_ors): (Clauses, Clauses) = (Vec::new(), Vec::new());
    for clause in rel.join_clauses.iter().filter(|clause| is_movable_to(clause, relation)) {
        let list = if clause.is_or() { &mut join_ors } else { &mut joins };
        list.push(clause.clone());
    }
    let restrictions = base.restrictions.clone();
    let mut search = Search {
        relation,
        restrictions: asked(&restrictions, relation),
        joins: asked(&joins, relation),
        bitmaps: Vec::new(),
        join_bitmaps: Vec::new(),
        join_ors,
    };
    for index in 0..n {
        let usable = root
            .base(relation)
            .and_then(|base| base.indexes.get(index))
            .is_some_and(|info| info.predicate.is_empty() || info.predicate_ok);
        if usable {
            search.index(root, index);
        }
    }
    let ors = or_bitmaps(root, relation, &restrictions, &[]);
    search.bitmaps.extend(ors);
    let ors = or_bitmaps(root, relation, &search.join_ors, &restrictions);
    search.join_bitmaps.extend(ors);
    search.add_bitmap_paths(root);
}

impl Search {
    fn index(&mut self, root: &mut Root<'_>, index: usize) {
        let relation = self.relation;
        let n_keys = match root.base(relation).and_then(|base| base.indexes.get(index)) {
            Some(info) => info.keys.len(),
            None => return,
        };
        let mut own = ClauseSet::new(n_keys);
        for asked in &self.restrictions {
            own.add(root, relation, index, asked);
        }
        let found = paths_of(root, relation, index, &own);
        self.bitmaps.extend(found);
        let mut joins = ClauseSet::new(n_keys);
        for asked in &self.joins {
            joins.add(root, relation, index, asked);
        }
        let classes = match root.rels.get(relation).is_some_and(|rel| rel.has_class_joins) {
            true => class_clauses(root, relation, index, n_keys),
            false => ClauseSet::new(n_keys),
        };
        if !joins.is_empty() || !classes.is_empty() {
            self.join_clauses(root, index, &own, &joins, &classes);
        }
    }

    /// `consider_index_join_clauses`
    fn join_clauses(
        &mut self,
        root: &mut Root<'_>,
        index: usize,
        own: &ClauseSet,
        joins: &ClauseSet,
        classes: &ClauseSet,
    ) {
        let mut considered = 0;
        let mut done: Vec<Relids> = Vec::new();
        for (by_join, by_class) in joins.by_key.iter().zip(&classes.by_key) {
            for list in [by_join, by_class] {
                considered += list.len();
                for clause in list {
                    let relids = clause.clause.relids;
                    if done.contains(&relids) {
                        continue;
                    }
                    for old in done.clone() {
                        if is_subset(relids, old) || is_subset(old, relids) {
                            continue;
                        }
                        if is_class_used(&clause.clause, old, list) {
                            continue;
                        }
                        if done.len() >= 10 * considered {
                            break;
                        }
                        let sets = (own, joins, classes);
                        self.join_paths(root, index, sets, relids | old, &mut done);
                    }
                    self.join_paths(root, index, (own, joins, classes), relids, &mut done);
                }
            }
        }
    }

    /// `get_join_index_paths`
    fn join_paths(
        &mut self,
        root: &mut Root<'_>,
        index: usize,
        (own, joins, classes): (&ClauseSet, &ClauseSet, &ClauseSet),
        relids: Relids,
        done: &mut Vec<Relids>,
    ) {
        if done.contains(&relids) {
            return;
        }
        let mut set = ClauseSet::new(own.by_key.len());
        let fits = |clause: &&IndexClause| is_subset(clause.clause.relids, relids);
        for (key, list) in set.by_key.iter_mut().enumerate() {
            let of = |set: &'_ ClauseSet| set.by_key.get(key).cloned().unwrap_or_default();
            list.extend(of(joins).iter().filter(fits).cloned());
            // One clause of a class is as good as all.
            list.extend(of(classes).iter().find(fits).cloned());
            list.extend(of(own));
        }
        let found = paths_of(root, self.relation, index, &set);
        for path in found {
            let list =
                if path.required_outer() == 0 { &mut self.bitmaps } else { &mut self.join_bitmaps };
            list.push(path);
        }
        done.push(relids);
    }

    /// The bitmap heap scans of what was collected.
    fn add_bitmap_paths(self, root: &mut Root<'_>) {
        let relation = self.relation;
        let lateral = root.rels.get(relation).map_or(0, |rel| rel.lateral_relids);
        if let Some(qual) = choose_and(root, relation, &self.bitmaps) {
            if let Some(path) = bitmap_heap(root, relation, &qual, lateral, 1.0, 0)
                && let Some(rel) = root.rels.get_mut(relation)
            {
                add_path(rel, path);
            }
            let may_share = root.rels.get(relation).is_some_and(|rel| rel.consider_parallel);
            if may_share
                && lateral == 0
                && let Some(path) = super::bitmap::partial_bitmap_heap(root, relation, &qual)
                && let Some(rel) = root.rels.get_mut(relation)
            {
                add_partial_path(rel, path);
            }
        }
        let mut outers: Vec<Relids> = Vec::new();
        for path in &self.join_bitmaps {
            if !outers.contains(&path.required_outer()) {
                outers.push(path.required_outer());
            }
        }
        for outer in outers {
            let fits = |path: &&Bitmapped| is_subset(path.required_outer(), outer);
            let mut set: Vec<Bitmapped> = self.join_bitmaps.iter().filter(fits).cloned().collect();
            set.extend(self.bitmaps.iter().cloned());
            let Some(qual) = choose_and(root, relation, &set) else { continue };
            let needs = qual.required_outer();
            let loops = loop_count(root, relation, needs);
            if let Some(path) = bitmap_heap(root, relation, &qual, needs, loops, 0)
                && let Some(rel) = root.rels.get_mut(relation)
            {
                add_path(rel, path);
            }
        }
    }
}

/// `eclass_already_used`
fn is_class_used(clause: &Clause, old: Relids, list: &[IndexClause]) -> bool {
    clause.parent_class.is_some()
        && list.iter().any(|other| {
            other.clause.parent_class == clause.parent_class && is_subset(other.clause.relids, old)
        })
}

/// `match_eclass_clauses_to_index`: join clauses that classes imply for each key.
fn class_clauses(root: &mut Root<'_>, relation: usize, index: usize, n_keys: usize) -> ClauseSet {
    let mut set = ClauseSet::new(n_keys);
    for key in 0..n_keys {
        let info = root.base(relation).and_then(|base| base.indexes.get(index));
        let Some(expr) = info.and_then(|info| info.keys.get(key)).cloned() else { continue };
        let matches = |_: &Class, member: &Member| stripped(&member.expr) == expr;
        let clauses = implied_equalities_for_column(root, relation, &matches, 0);
        for asked in asked(&clauses, relation) {
            if let Some(found) = match_key(root, relation, index, key, &asked)
                && let Some(list) = set.by_key.get_mut(key)
            {
                list.push(found);
            }
        }
    }
    set
}

/// `get_index_paths`: adds plain paths to the relation, returns those for bitmaps.
fn paths_of(
    root: &mut Root<'_>,
    relation: usize,
    index: usize,
    clauses: &ClauseSet,
) -> Vec<Bitmapped> {
    let dialect = root.configuration.catalog.dialect;
    let Some(info) = root.base(relation).and_then(|base| base.indexes.get(index)) else {
        return Vec::new();
    };
    let can = abilities(info, dialect);
    let use_predicate = info.predicate_ok;
    let mut out = Vec::new();
    let mut skips_lower = false;
    let mut paths = build_paths(
        root,
        relation,
        index,
        clauses,
        use_predicate,
        Scans::Any,
        Some(&mut skips_lower),
    );
    if skips_lower {
        paths.extend(build_paths(root, relation, index, clauses, use_predicate, Scans::Any, None));
    }
    for path in paths {
        let path = Rc::new(path);
        if can.has_tuples
            && let Some(rel) = root.rels.get_mut(relation)
        {
            add_shared_path(rel, path.clone());
        }
        let selectivity = match &path.kind {
            PathKind::Index(index) => index.selectivity,
            _ => 1.0,
        };
        if can.has_bitmaps && (path.pathkeys.is_empty() || selectivity < 1.0) {
            out.push(Bitmapped::Index(path));
        }
    }
    let has_array = clauses.by_key.iter().flatten().any(|clause| clause.is_array);
    if has_array && !can.searches_arrays && can.has_bitmaps {
        let paths = build_paths(root, relation, index, clauses, false, Scans::Bitmap, None);
        out.extend(paths.into_iter().map(|path| Bitmapped::Index(Rc::new(path))));
    }
    out
}

/// `build_index_paths`. `skips_lower`: leave out IN lists beyond the first key, which would cost the
/// order, and say so.
pub fn build_paths(
    root: &mut Root<'_>,
    relation: usize,
    index: usize,
    clauses: &ClauseSet,
    use_predicate: bool,
    scans: Scans,
    mut skips_lower: Option<&mut bool>,
) -> Vec<Path> {
    let dialect = root.configuration.catalog.dialect;
    let Some(info) = root.base(relation).and_then(|base| base.indexes.get(index)) else {
        return Vec::new();
    };
    let can = abilities(info, dialect);
    let mut chosen: Vec<IndexClause> = Vec::new();
    let mut outer = root.rels.get(relation).map_or(0, |rel| rel.lateral_relids);
    let mut has_lower = false;
    for (key, list) in clauses.by_key.iter().enumerate() {
        for clause in list {
            if clause.is_array {
                if !can.searches_arrays && scans == Scans::Any {
                    continue;
                }
                if key > 0 {
                    if let Some(skips) = skips_lower.as_deref_mut() {
                        *skips = true;
                        continue;
                    }
                    has_lower = true;
                }
            }
            outer |= clause.clause.relids;
            chosen.push(clause.clone());
        }
        if chosen.is_empty() && !can.optional_key {
            return Vec::new();
        }
    }
    outer &= !bit(relation);
    // InnoDB's primary key is the table: read whole, it is a sequential scan.
    let is_table = info.index.primary && root.configuration.catalog.dialect.is_mysql_family();
    let is_covering = scans == Scans::Any && can.has_tuples && is_index_only(root, relation, info);
    let may_order =
        scans == Scans::Any && !has_lower && can.is_ordered && has_useful_pathkeys(root, relation);
    let loops = loop_count(root, relation, outer);
    let may_share = can.can_parallel
        && outer == 0
        && scans == Scans::Any
        && root.rels.get(relation).is_some_and(|rel| rel.consider_parallel);
    let mut out = Vec::new();
    let mut build = |root: &mut Root<'_>, pathkeys: PathKeys, is_backward: bool| {
        let ask = Ask {
            relation,
            index,
            clauses: &chosen,
            pathkeys,
            is_backward,
            is_index_only: is_covering,
            required_outer: outer,
            loops,
        };
        out.extend(index_path(root, &ask, false));
        if may_share
            && let Some(path) = index_path(root, &ask, true)
            && let Some(rel) = root.rels.get_mut(relation)
        {
            add_partial_path(rel, path);
        }
    };
    let forward =
        if may_order { index_pathkeys(root, relation, index, false) } else { Rc::default() };
    if !chosen.is_empty() || !forward.is_empty() || use_predicate || (is_covering && !is_table) {
        build(root, forward, false);
    }
    if may_order {
        let backward = index_pathkeys(root, relation, index, true);
        if !backward.is_empty() {
            build(root, backward, true);
        }
    }
    out
}

/// `check_index_only`: every column that is read is in the index.
fn is_index_only(root: &Root<'_>, relation: usize, info: &IndexInfo<'_>) -> bool {
    let Some(base) = root.base(relation) else { return false };
    let catalog = root.configuration.catalog;
    let table = match base.kind {
        BaseKind::Table(table, _) => Some(table),
        _ => None,
    };
    let in_index = |column: u16| {
        let at = usize::from(column);
        column != ColumnRef::WHOLE_ROW
            && (info
                .index
                .keys
                .iter()
                .any(|key| key.part == KeyPart::Column(at) && key.prefix_length.is_none())
                || info.index.include.contains(&at)
                || table.is_some_and(|table| is_implicit(catalog, table, at)))
    };
    let clustered = info.index.primary && catalog.dialect.is_mysql_family();
    let returns = info.index.method == crate::sql::schema::Method::Btree;
    clustered
        || (returns
            && base.attr_needed.keys().all(|column| in_index(*column))
            && info.restrictions.iter().all(|clause| {
                let mut all = true;
                clause.expr.walk(&mut |part| {
                    if let Expr::Column(column) = part
                        && column.level == 0
                        && usize::from(column.relation) == relation
                    {
                        all &= in_index(column.column);
                    }
                });
                all
            }))
}

/// `get_loop_count`: how often a parameterised scan runs: as often as its smallest outer relation has
/// rows.
pub fn loop_count(root: &Root<'_>, relation: usize, outer: Relids) -> f64 {
    let mut least = 0.0;
    for other in members(outer) {
        let Some(rel) = root.rels.get(other) else { continue };
        let rows = distinct_rows(root, relation, other, rel.rows);
        if least == 0.0 || least > rows {
            least = rows;
        }
    }
    if least > 0.0 { least } else { 1.0 }
}

/// `adjust_rowcount_for_semijoins`: the inner side of a semi join may be made distinct first.
fn distinct_rows(root: &Root<'_>, relation: usize, outer: usize, mut rows: f64) -> f64 {
    for special in &root.special_joins {
        if special.jointype == JoinType::Semi
            && special.syn_left & bit(relation) != 0
            && special.syn_right & bit(outer) != 0
        {
            let all: f64 = members(special.syn_right)
                .filter_map(|at| root.rels.get(at))
                .map(|rel| rel.rows)
                .product();
            let exprs: Vec<&Expr> = special.semi_rhs_exprs.iter().map(|expr| &**expr).collect();
            rows = rows.min(num_groups(root, &exprs, all));
        }
    }
    rows
}
