//! Selectivities that pasted plans measured: for a scan that ran to its end, the part of the table's
//! rows that its conditions kept.
//!
//! A sequential scan counts both parts itself. An index or bitmap scan counts what its index
//! condition found (rows returned and removed) and what its filter left of it; the whole is the rows of
//! the table. The predicate of a partial index is part of the condition.
//!
//! Left out: conditions on parameters, on other tables and on subplans, whose value is not in the
//! plan; a filter behind an index condition alone, as it was only measured together with it; means
//! over several loops that are rounded to a few rows.

use crate::sorted::SortedMap;

use super::seen::{Seen, scans};
use crate::catalog::observed::{ObservedSelectivity, key};
use crate::catalog::{Catalog, Table};
use crate::dialect::Dialect;
use crate::read::PastedPlan;
use crate::sql::canonical::canonical_all;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::parse::parse_expr;
use crate::sql::visit::is_volatile;

/// Fewest rows a loop that mean something as the rounded mean of several loops.
const ROWS_OF_LOOP_MIN: f64 = 10.0;

/// Keeps what plans measured with the tables. Of several measurements of one condition the largest
/// counts.
pub(super) fn add_selectivities_of_plans(catalog: &mut Catalog, plans: &[PastedPlan]) {
    let mut found: SortedMap<(usize, String), ObservedSelectivity> = SortedMap::new();
    for plan in plans {
        for seen in scans(plan) {
            let Some(at) = seen.table(catalog) else { continue };
            let Some(table) = catalog.tables.get(at) else { continue };
            for mut observed in observe(&seen, table, catalog.dialect) {
                observed.source.clone_from(&plan.source);
                let key = (at, observed.key.clone());
                let known = found.get_or_insert_with(key, || observed.clone());
                if observed.selectivity > known.selectivity {
                    *known = observed;
                }
            }
        }
    }
    for ((at, _), observed) in found {
        if let Some(table) = catalog.tables.get_mut(at) {
            table.observed.push(observed);
        }
    }
}

fn observe(seen: &Seen<'_>, table: &Table, dialect: Dialect) -> Vec<ObservedSelectivity> {
    let Some(measured) = seen.measured() else { return Vec::new() };
    let loops = seen.node.actual_loops.unwrap_or(1.0);
    let read = measured.kept + measured.removed;
    if loops > 1.0 && !seen.node.is_parallel_aware() && measured.kept < ROWS_OF_LOOP_MIN {
        return Vec::new();
    }
    let Some(conditions) = Conditions::of(seen, table, dialect) else { return Vec::new() };
    let whole = match seen.node.node_type.as_str() {
        "Seq Scan" => Some(read),
        _ => table.statistics.reltuples,
    };
    let Some(whole) = whole.filter(|rows| *rows >= 1.0) else { return Vec::new() };
    let mut out = Vec::new();
    if !conditions.filter.is_empty() && !conditions.index.is_empty() {
        out.push(observation(&conditions.index, read / whole));
    }
    let all: Vec<Expr> = conditions.index.into_iter().chain(conditions.filter).collect();
    if !all.is_empty() {
        out.push(observation(&all, measured.kept / whole));
    }
    out
}

fn observation(conditions: &[Expr], selectivity: f64) -> ObservedSelectivity {
    let condition = canonical_all(&conditions.iter().collect::<Vec<_>>());
    ObservedSelectivity {
        key: key(&condition),
        condition,
        selectivity: selectivity.clamp(0.0, 1.0),
        source: None,
    }
}

/// The conditions of a scan, over its table.
struct Conditions {
    index: Vec<Expr>,
    filter: Vec<Expr>,
}

impl Conditions {
    /// None where one of them is not about this table alone.
    fn of(seen: &Seen<'_>, table: &Table, dialect: Dialect) -> Option<Conditions> {
        let read = |property: &str| -> Option<Vec<Expr>> {
            let Some(text) = seen.node.text(property) else { return Some(Vec::new()) };
            let mut condition = parse_expr(text, dialect).ok()?;
            resolve(&mut condition, seen, table).then(|| vec![condition])
        };
        let mut index = match seen.node.node_type.as_str() {
            "Seq Scan" => Vec::new(),
            "Index Scan" | "Index Only Scan" => read("Index Cond")?,
            "Bitmap Heap Scan" => read("Recheck Cond")?,
            _ => return None,
        };
        if let Some(name) = &seen.node.index_name {
            let known = table.indexes.iter().find(|index| index.name == *name)?;
            index.extend(known.predicate.clone());
        }
        Some(Conditions { index, filter: read("Filter")? })
    }
}

/// Makes names columns of relation 0. False when something is not of this table or has no value.
fn resolve(expr: &mut Expr, seen: &Seen<'_>, table: &Table) -> bool {
    if let Expr::Name(parts) = expr {
        let qualifier = parts.len().checked_sub(2).and_then(|at| parts.get(at));
        let own = qualifier.is_none()
            || qualifier == seen.node.alias.as_ref()
            || qualifier == seen.node.relation_name.as_ref();
        let named = |name: &String| table.columns.iter().position(|column| column.name == *name);
        let column = parts.last().and_then(named).filter(|_| own);
        let Some(column) = column.and_then(|at| u16::try_from(at).ok()) else { return false };
        *expr = Expr::Column(ColumnRef { level: 0, relation: 0, column });
        return true;
    }
    let has_value = match expr {
        Expr::Param(_) => false,
        Expr::Function(call) => !is_volatile(&call.name),
        _ => expr.query().is_none(),
    };
    let mut all = has_value;
    expr.for_each_child_mut(&mut |part| all &= resolve(part, seen, table));
    all
}
