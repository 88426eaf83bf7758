//! Base relations: what they are, how many rows their conditions leave, and the paths of those that are
//! no tables (tables are in `scan`).

pub mod or_clauses;
pub mod others;
pub mod push_down;
pub mod subquery;
pub mod useless;

pub use or_clauses::extract_or_clauses;
pub use useless::{reduce_unique_semi_joins, remove_useless_joins, without_removed};

use crate::sorted::SortedMap;

use super::add_path::set_cheapest;
use super::append;
use super::clause::clauses_cost;
use super::dummy::{is_constant_false, is_dummy, mark_dummy};
use super::estimates::clauselist_selectivity;
use super::path::JoinType;
use super::relation::{Base, BaseKind, Rel, Target, clamp_row_est};
use super::root::Root;
use super::scan;
use super::upper::gather::useful_gather_paths;
use crate::catalog::Index;
use crate::estimate::column::column_info;
use crate::estimate::scope::{Scope, ScopeRelation};
use crate::estimate::size::{table_pages, table_rows};
use crate::estimate::sql_type::{expr_type, query_types_within, values_types};
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::functions::is_parallel_safe;
use crate::sql::query::{Command, Query, Relation, RelationSource, Target as QueryTarget};
use crate::sql::relids::{Relids, TOP, bit, members};
use crate::sql::schema::{KeyPart, Method};

/// Bytes of a row's header, where the row is one value.
pub const ROW_HEADER: f64 = 24.0;

/// Types of the query's columns, before anything is sized.
pub fn rough_scope<'a>(root: &Root<'a>) -> Scope<'a> {
    let n = root.query.relations.len();
    let relations = (0..n).map(|relation| rough_scope_relation(root, relation)).collect();
    Scope { catalog: Some(root.configuration.catalog), relations }
}

/// The same of one relation.
pub fn rough_scope_relation<'a>(root: &Root<'a>, relation: usize) -> ScopeRelation<'a> {
    let Some(entry) = root.query.relations.get(relation) else { return ScopeRelation::default() };
    match entry.source {
        RelationSource::Table(at) => {
            let table = root.configuration.catalog.tables.get(at);
            let rows = table.map_or(0.0, |table| table_rows(table).value);
            ScopeRelation {
                table,
                tuples: rows,
                rows,
                range_columns: proposed_range_columns(root, at),
                expressions: proposed_expressions(root, at),
                ..ScopeRelation::default()
            }
        }
        RelationSource::Subquery(ref query) => {
            ScopeRelation::of_types(query_types_inside(root, query, 0))
        }
        RelationSource::Cte { level, cte } => {
            ScopeRelation::of_types(others::cte_types(root, level, cte))
        }
        RelationSource::Values(ref rows) => ScopeRelation {
            is_values: true,
            ..ScopeRelation::of_types(values_types(root.configuration.catalog, rows))
        },
        RelationSource::Function(ref call) => {
            let scope = Scope { catalog: Some(root.configuration.catalog), relations: Vec::new() };
            ScopeRelation::of_types(vec![expr_type(&scope, call)])
        }
        RelationSource::Name(_) => ScopeRelation::default(),
    }
}

/// Types of the columns of a query that is written in this one, so many queries further in.
pub fn query_types_inside(root: &Root<'_>, query: &Query, further: u16) -> Vec<String> {
    let around = |level: u16, at: usize| match level.checked_sub(further) {
        Some(level) => others::cte_types(root, level, at),
        None => Vec::new(),
    };
    query_types_within(root.configuration.catalog, query, &around)
}

/// Columns that a proposed B-tree over the whole table begins with.
fn proposed_range_columns(root: &Root<'_>, table: usize) -> Vec<usize> {
    let proposed = proposed(root, table).filter(|index| index.method == Method::Btree);
    let first = proposed.filter_map(|index| match index.keys.first()?.part {
        KeyPart::Column(column) => Some(column),
        KeyPart::Expr(..) => None,
    });
    first.collect()
}

/// Expressions that proposed indexes over the whole table hold.
fn proposed_expressions<'a>(root: &Root<'a>, table: usize) -> Vec<&'a Expr> {
    proposed(root, table).flat_map(Index::expressions).collect()
}

/// The proposed indexes over the whole table.
fn proposed<'a>(root: &Root<'a>, table: usize) -> impl Iterator<Item = &'a Index> {
    let indexes = root.configuration.indexes(table).map(|(_, index)| index);
    indexes.filter(|index| index.hypothetical && index.predicate.is_none())
}

/// `add_base_rels_to_query`, `build_base_rel_tlists`: one relation a position; those that are not joined
/// (the target of an INSERT) stay empty.
pub fn add_base_rels(root: &mut Root<'_>) -> Result<(), String> {
    root.scope = rough_scope(root);
    for relation in 0..root.query.relations.len() {
        let mut rel = Rel::new(bit(relation));
        if root.all_baserels & bit(relation) != 0 {
            rel.lateral_relids = lateral_relids(root, relation);
            rel.consider_startup = root.tuple_fraction > 0.0;
            rel.base = Some(base_of(root, relation)?);
        }
        root.rels.push(rel);
    }
    note_output_columns(root);
    Ok(())
}

/// A relation's own part, before anything is known of the query around it.
pub fn base_of<'a>(root: &Root<'a>, relation: usize) -> Result<Base<'a>, String> {
    let mut base = Base {
        relid: relation,
        kind: BaseKind::Result,
        pages: 0.0,
        tuples: 0.0,
        allvisfrac: 0.0,
        restrictions: Vec::new(),
        restriction_cost: super::clause::QualCost::default(),
        attr_needed: SortedMap::new(),
        needed_order: Vec::new(),
        column_widths: Vec::new(),
        indexes: Vec::new(),
        is_append: false,
        children: None,
        parent: None,
        translation: None,
        parallel_workers: None,
    };
    let Some(entry) = root.query.relations.get(relation) else {
        return Err("a relation is missing".to_owned());
    };
    match &entry.source {
        RelationSource::Table(at) => {
            let Some(table) = root.configuration.catalog.tables.get(*at) else {
                return Err("a table is missing from the catalog".to_owned());
            };
            base.pages = table_pages(table).value;
            base.tuples = table_rows(table).value;
            base.allvisfrac = match table.statistics.relallvisible {
                Some(visible) if base.pages > 0.0 => (visible / base.pages).clamp(0.0, 1.0),
                // Without statistics: as after a VACUUM, which the report states as an assumption.
                _ => 1.0,
            };
            base.indexes = scan::build_index_infos(root.configuration, *at, table, relation);
            base.kind = BaseKind::Table(table, *at);
        }
        RelationSource::Name(parts) => {
            return Err(format!("table {:?} is in no pasted schema", parts.join(".")));
        }
        RelationSource::Cte { level, cte } => base.kind = others::cte_kind(root, *level, *cte)?,
        RelationSource::Function(call) => base.kind = BaseKind::Function(call.clone()),
        RelationSource::Values(rows) => base.kind = BaseKind::Values(rows.len()),
        // Planned when its restrictions are known.
        RelationSource::Subquery(_) => {}
    }
    Ok(base)
}

/// The relations of this query that a LATERAL entry of FROM refers to.
fn lateral_relids(root: &Root<'_>, relation: usize) -> Relids {
    let Some(entry) = root.query.relations.get(relation) else { return 0 };
    let mut columns = Vec::new();
    match &entry.source {
        RelationSource::Subquery(query) => query.columns_at(1, &mut columns),
        RelationSource::Function(call) => columns = call.columns(),
        RelationSource::Values(rows) => {
            rows.iter().flatten().for_each(|expr| expr.columns_at(0, &mut columns));
        }
        _ => {}
    }
    let all = columns.iter().fold(0, |set, column| set | bit(usize::from(column.relation)));
    all & root.all_baserels & !bit(relation)
}

/// Columns that the levels above the joins read are needed at the top.
fn note_output_columns(root: &mut Root<'_>) {
    let mut columns = Vec::new();
    let query = &root.query;
    let mut visit = |expr: &Expr| expr.columns_at(0, &mut columns);
    for target in &query.targets {
        if let QueryTarget::Expr(expr, _) = target {
            visit(expr);
        }
    }
    query.order_by.iter().for_each(|key| visit(&key.expr));
    query.group_by.iter().for_each(&mut visit);
    query.distinct.iter().flatten().for_each(&mut visit);
    for (_, window) in &query.windows {
        window.partition_by.iter().for_each(&mut visit);
        window.order_by.iter().for_each(|key| visit(&key.expr));
    }
    query.having.iter().for_each(&mut visit);
    if let Command::Update { set } = &query.command {
        set.iter().for_each(|(_, value)| visit(value));
    }
    let writes = matches!(query.command, Command::Update { .. } | Command::Delete);
    if writes || query.for_update {
        columns.extend(query.relations.iter().enumerate().map(row_mark));
    }
    let laterals: Vec<(usize, Relids)> = root
        .rels
        .iter()
        .enumerate()
        .filter(|(_, rel)| rel.lateral_relids != 0)
        .map(|(at, _)| (at, bit(at)))
        .collect();
    for column in columns {
        need(root, column, TOP);
    }
    for (at, needed_at) in laterals {
        for column in lateral_columns(root, at) {
            need(root, column, needed_at);
        }
    }
}

/// `preprocess_rowmarks`: written and locked rows, and those joined to them, are found again: of a table
/// by their place, of anything else as they were.
pub fn row_mark((relation, entry): (usize, &Relation)) -> ColumnRef {
    let column = match entry.source {
        RelationSource::Table(_) => ColumnRef::CTID,
        _ => ColumnRef::WHOLE_ROW,
    };
    ColumnRef { level: 0, relation: u16::try_from(relation).unwrap_or(u16::MAX), column }
}

fn lateral_columns(root: &Root<'_>, relation: usize) -> Vec<ColumnRef> {
    let mut columns = Vec::new();
    match root.query.relations.get(relation).map(|entry| &entry.source) {
        Some(RelationSource::Subquery(query)) => query.columns_at(1, &mut columns),
        Some(RelationSource::Function(call)) => columns = call.columns(),
        _ => {}
    }
    columns
}

fn need(root: &mut Root<'_>, column: ColumnRef, needed_at: Relids) {
    let rel = root.rels.get_mut(usize::from(column.relation));
    if let Some(base) = rel.and_then(|rel| rel.base.as_mut()) {
        base.need(column.column, needed_at);
    }
}

/// `set_base_rel_sizes`: rows that the restrictions leave, and widths.
pub fn size_base_rels(root: &mut Root<'_>) -> Result<(), String> {
    for special in root.special_joins.clone() {
        // Only a few rows of the inner side of EXISTS may be read.
        if let (JoinType::Semi | JoinType::Anti, Some(inner)) =
            (special.jointype, crate::sql::relids::single(special.syn_right))
            && let Some(rel) = root.rels.get_mut(inner)
        {
            rel.consider_param_startup = true;
        }
    }
    for relation in members(root.all_baserels) {
        size_rel(root, relation)?;
    }
    root.total_table_pages =
        root.rels.iter().filter_map(|rel| Some(rel.base.as_ref()?.pages)).sum();
    Ok(())
}

/// `set_rel_size`
pub fn size_rel(root: &mut Root<'_>, relation: usize) -> Result<(), String> {
    if root.base(relation).is_some_and(|base| base.children.is_some()) {
        set_parallel(root, relation);
        return append::size::size(root, relation);
    }
    match root.query.relations.get(relation).map(|entry| &entry.source) {
        Some(RelationSource::Subquery(_)) => subquery::plan_in_from(root, relation)?,
        Some(RelationSource::Table(_)) => {
            scan::check_index_predicates(root, relation);
            set_widths(root, relation, &|root, column| table_width(root, relation, column));
        }
        _ => others::size(root, relation),
    }
    set_rows(root, relation);
    // Beside other conditions it is decided when the scan starts (`relation_excluded_by_constraints`).
    let is_empty = root.base(relation).is_some_and(|base| match base.restrictions.as_slice() {
        [only] => is_constant_false(&only.expr),
        _ => false,
    });
    if is_empty {
        mark_dummy(root, relation);
    }
    Ok(())
}

/// `set_baserel_size_estimates`
fn set_rows(root: &mut Root<'_>, relation: usize) {
    let Some(base) = root.base(relation) else { return };
    let kept = clauselist_selectivity(root, &base.restrictions, None, JoinType::Inner, None);
    let rows = clamp_row_est(base.tuples * kept);
    let tuples = base.tuples;
    let cost = clauses_cost(&base.restrictions);
    if let Some(scope) = root.scope.relations.get_mut(relation) {
        (scope.tuples, scope.rows) = (tuples, rows);
    }
    let Some(rel) = root.rels.get_mut(relation) else { return };
    rel.rows = rows;
    if let Some(base) = rel.base.as_mut() {
        base.restriction_cost = cost;
    }
    set_parallel(root, relation);
}

fn set_parallel(root: &mut Root<'_>, relation: usize) {
    let may_parallel = may_parallel(root, relation);
    if let Some(rel) = root.rels.get_mut(relation) {
        rel.consider_parallel = may_parallel;
    }
}

/// `set_rel_consider_parallel`
fn may_parallel(root: &Root<'_>, relation: usize) -> bool {
    let Some(base) = root.base(relation) else { return false };
    let safe_kind = match &base.kind {
        BaseKind::Table(..) | BaseKind::Values(_) | BaseKind::Function(_) | BaseKind::UnionAll => {
            true
        }
        BaseKind::Subquery(sub) => !super::upper::is_limit_needed(&sub.query),
        _ => false,
    };
    root.may_parallel
        && safe_kind
        && base.restrictions.iter().all(|clause| is_parallel_safe(&clause.expr))
}

fn table_width(root: &Root<'_>, relation: usize, column: u16) -> f64 {
    let Some(BaseKind::Table(table, _)) = root.base(relation).map(|base| &base.kind) else {
        return 0.0;
    };
    let width = |at: usize| libm::rint(column_info(table, at).width);
    match column {
        ColumnRef::CTID => 6.0,
        ColumnRef::WHOLE_ROW => ROW_HEADER + (0..table.columns.len()).map(width).sum::<f64>(),
        at => width(usize::from(at)),
    }
}

/// `set_rel_width`: the columns that something above needs.
pub fn set_widths(root: &mut Root<'_>, relation: usize, width_of: &dyn Fn(&Root<'_>, u16) -> f64) {
    let Some(base) = root.base(relation) else { return };
    let widths: Vec<(Relids, f64)> = base
        .attr_needed
        .iter()
        .map(|(column, needed)| (*needed, width_of(root, *column)))
        .collect();
    let Some(rel) = root.rels.get_mut(relation) else { return };
    rel.target = Target { width: widths.iter().map(|(_, width)| width).sum(), ..Target::default() };
    if let Some(base) = rel.base.as_mut() {
        base.column_widths = widths;
    }
}

/// `set_base_rel_pathlists`
pub fn path_base_rels(root: &mut Root<'_>) -> Result<(), String> {
    for relation in members(root.all_baserels) {
        if is_dummy(root, relation) {
            continue;
        }
        path_rel(root, relation);
        if bit(relation) != root.all_baserels {
            gather(root, relation);
        }
        let found = root.rels.get_mut(relation).is_some_and(set_cheapest);
        if !found {
            return Err("a relation has no path".to_owned());
        }
    }
    Ok(())
}

/// `set_rel_pathlist`
pub fn path_rel(root: &mut Root<'_>, relation: usize) {
    let Some(base) = root.base(relation) else { return };
    match base.kind {
        _ if base.children.is_some() => append::paths::add_paths(root, relation),
        BaseKind::Table(..) => scan::set_plain_rel_paths(root, relation),
        BaseKind::Subquery(_) => subquery::add_paths(root, relation),
        _ => others::add_paths(root, relation),
    }
}

/// `generate_useful_gather_paths` for a relation in its place.
pub fn gather(root: &mut Root<'_>, at: usize) {
    let Some(slot) = root.rels.get_mut(at) else { return };
    if slot.partial_paths.is_empty() {
        return;
    }
    let mut rel = std::mem::replace(slot, Rel::new(0));
    useful_gather_paths(root, &mut rel, false);
    if let Some(slot) = root.rels.get_mut(at) {
        *slot = rel;
    }
}
