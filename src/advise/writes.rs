//! What an index costs when rows are written. PostgreSQL's planner does not model it, so this is a
//! convention: one entry is one descent of the tree and a random page: a leaf is read, dirtied, logged
//! and written once more; that several entries share a leaf and that the log is written in sequence
//! is set against each other.
//!
//! An INSERT adds an entry to every index whose predicate the row meets. An UPDATE adds one to every
//! index of the table unless it is HOT, and it is HOT only while no indexed column changes: the first
//! index on a changed column also bills the table's other indexes. The other dialects touch only the
//! indexes on changed columns.

use crate::sorted::SortedSet;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::estimate::selectivity::predicate_selectivity;
use crate::estimate::size::{index_size, table_rows};
use crate::sql::expr::Expr;
use crate::sql::query::{Command, Query, RelationSource};
use crate::sql::schema::KeyPart;
use crate::workload::{Entry, Workload};

/// Random page reads that an entry is billed with.
const PAGES_PER_ENTRY: f64 = 1.0;

/// Writes of a workload on one table.
#[derive(Debug, Default, Clone)]
pub struct Writes {
    /// Rows inserted.
    pub inserted: f64,
    /// Rows deleted.
    pub deleted: f64,
    /// Rows updated, by statement: id, columns set, rows.
    pub updates: Vec<(String, SortedSet<usize>, f64)>,
}

/// The writes of the workload on every table, by position.
pub fn writes_by_table(catalog: &Catalog, workload: &Workload) -> Vec<Writes> {
    let mut out = vec![Writes::default(); catalog.tables.len()];
    for entry in &workload.entries {
        let Some(query) = &entry.query else { continue };
        let Some(RelationSource::Table(at)) = query.relations.first().map(|r| &r.source) else {
            continue;
        };
        let (Some(table), Some(writes)) = (catalog.tables.get(*at), out.get_mut(*at)) else {
            continue;
        };
        add(table, entry, query, writes);
    }
    out
}

fn add(table: &Table, entry: &Entry, query: &Query, writes: &mut Writes) {
    let found = rows_found(table, entry, query) * entry.calls;
    let positions = |set: &[(String, Expr)]| -> SortedSet<usize> {
        set.iter()
            .filter_map(|(name, _)| {
                table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
            })
            .collect()
    };
    match &query.command {
        Command::Select => {}
        Command::Delete => writes.deleted += found,
        Command::Update { set } => {
            writes.updates.push((entry.id.clone(), positions(set), found));
        }
        Command::Insert { n_values, set, source, .. } => {
            let rows = match source {
                Some(_) => entry.rows.unwrap_or(1.0),
                None => f64::from(u32::try_from((*n_values).max(1)).unwrap_or(u32::MAX)),
            };
            writes.inserted += rows * entry.calls;
            if !set.is_empty() {
                writes.updates.push((entry.id.clone(), positions(set), entry.calls));
            }
        }
    }
}

/// Rows that one call of an UPDATE or DELETE changes: measured, else one when a unique key is given,
/// else a thousandth of the table.
fn rows_found(table: &Table, entry: &Entry, query: &Query) -> f64 {
    if let Some(rows) = entry.rows {
        return rows;
    }
    let shape = crate::workload::shape::shapes_of(query).into_iter().find(|s| s.relation == 0);
    let Some(shape) = shape else { return 1.0 };
    let is_fixed = |column: usize| {
        shape.predicates.iter().any(|predicate| {
            predicate.is_single_value()
                && matches!(&predicate.key, Expr::Column(read) if usize::from(read.column) == column)
        })
    };
    let by_key = table.rowid_column.is_some_and(is_fixed)
        || table.indexes.iter().filter(|index| index.unique).any(|index| {
            index.keys.iter().all(|key| match key.part {
                KeyPart::Column(column) => is_fixed(column),
                KeyPart::Expr(..) => false,
            })
        });
    if by_key { 1.0 } else { (table_rows(table).value / 1000.0).max(1.0) }
}

/// Cost of one new entry, in planner units.
pub fn entry_cost(catalog: &Catalog, table: &Table, index: &Index) -> f64 {
    let settings = &catalog.settings;
    let size = index_size(table, index, 1.0);
    let compares = libm::ceil(libm::log2(size.tuples.max(2.0)));
    let descent = (compares + 50.0 * (size.tree_height + 1.0)) * settings.cpu_operator_cost;
    descent + settings.cpu_index_tuple_cost + PAGES_PER_ENTRY * settings.random_page_cost
}

/// Cost that the writes of a table add when it gets the index. `kept` is the part of the rows that
/// the index's predicate keeps.
pub fn write_cost(
    catalog: &Catalog,
    table: &Table,
    index: &Index,
    kept: f64,
    writes: &Writes,
) -> f64 {
    let entry = entry_cost(catalog, table, index);
    let own = indexed_columns(index);
    let is_postgres = catalog.dialect == Dialect::Postgres;
    let existing: Vec<SortedSet<usize>> = table.indexes.iter().map(indexed_columns).collect();
    let mut entries = writes.inserted * kept;
    for (_, set, rows) in &writes.updates {
        let was_hot = existing.iter().all(|columns| columns.is_disjoint(set));
        let others = table.indexes.len() as f64;
        entries += match (is_postgres && was_hot, own.is_disjoint(set)) {
            (true, true) => 0.0,
            (true, false) => rows * (kept + others),
            (false, true) if !is_postgres => 0.0,
            (false, _) => rows * kept,
        };
    }
    // Dead entries are removed later, a page at a time.
    entries += writes.deleted * kept * 0.1;
    entries * entry
}

/// Entries that written rows put into the indexes of a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bill {
    /// New entries for a row inserted.
    pub per_insert: f64,
    /// New entries for a row updated, the mean of the workload's updates; none where it has none.
    pub per_update: Option<f64>,
    /// Entries that a row deleted leaves behind.
    pub per_delete: f64,
    /// New entries for all rows that the workload inserts and updates.
    pub entries: f64,
}

/// The bill of a table with these indexes.
pub fn bill(table: &Table, indexes: &[&Index], writes: &Writes, dialect: Dialect) -> Bill {
    let all: Vec<(f64, SortedSet<usize>)> = indexes
        .iter()
        .map(|index| (predicate_selectivity(table, index), indexed_columns(index)))
        .collect();
    let row: f64 = all.iter().map(|(kept, _)| kept).sum();
    let of_update = |set: &SortedSet<usize>| -> f64 {
        let changed = all.iter().filter(|(_, columns)| !columns.is_disjoint(set));
        match dialect {
            Dialect::Postgres if changed.clone().next().is_some() => row,
            _ => changed.map(|(kept, _)| kept).sum(),
        }
    };
    let updated: f64 = writes.updates.iter().map(|(_, _, rows)| rows).sum();
    let by_updates: f64 = writes.updates.iter().map(|(_, set, rows)| rows * of_update(set)).sum();
    Bill {
        per_insert: row,
        per_update: (updated > 0.0).then(|| by_updates / updated),
        per_delete: row,
        entries: writes.inserted * row + by_updates,
    }
}

/// The updates that stop being HOT with the index: ids of their statements.
pub fn hot_lost<'w>(table: &Table, index: &Index, writes: &'w Writes) -> Vec<&'w str> {
    let own = indexed_columns(index);
    let lost = writes.updates.iter().filter(|(_, set, _)| {
        !own.is_disjoint(set)
            && table.indexes.iter().all(|index| indexed_columns(index).is_disjoint(set))
    });
    lost.map(|(id, _, _)| id.as_str()).collect()
}

/// Columns whose change needs a new entry: keys, INCLUDE, predicate.
pub fn indexed_columns(index: &Index) -> SortedSet<usize> {
    let mut out: SortedSet<usize> = index.include.iter().copied().collect();
    let mut read = |expr: &Expr| {
        out.extend(expr.columns().iter().map(|column| usize::from(column.column)));
    };
    for key in &index.keys {
        if let KeyPart::Expr(expr, _) = &key.part {
            read(expr);
        }
    }
    if let Some(predicate) = &index.predicate {
        read(predicate);
    }
    out.extend(index.keys.iter().filter_map(|key| match key.part {
        KeyPart::Column(column) => Some(column),
        KeyPart::Expr(..) => None,
    }));
    out
}
