//! `missing-index`: an index that the modelled planner would use and that pays for its writes. One
//! finding an index, with the derivation of its keys, what its queries cost before and after, the
//! runner-up, and what all of it rests on.

use super::alternatives::alternatives;
use super::arms::served_by;
use super::assumptions::{assumptions_of, confidence_of};
use super::candidate::{Candidate, is_covered_by};
use super::change::creation;
use super::covering::is_unbounded;
use super::ddl::{create_statement, is_concurrent, shape_text, table_name, undo_statements};
use super::derivation::{Served, derive, list};
use super::finding::{Finding, Importance};
use super::selection::is_gain;
use super::whatif::{Set, WhatIf};
use super::writes::{Writes, entry_cost, hot_lost};
use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::order;
use crate::plan::parts::whole_index_bytes;
use crate::sql::expr::Expr;
use crate::sql::schema::TableKind;

/// Queries whose costs are named one by one.
const QUERIES_SHOWN_MAX: usize = 5;

/// What the findings are made of.
pub struct Chosen<'w, 'a> {
    /// Costs.
    pub whatif: &'w mut WhatIf<'a>,
    /// All chosen candidates.
    pub set: &'w Set,
    /// Whether calls are measured.
    pub calls_measured: bool,
    /// Cost of the whole workload before.
    pub workload_cost: f64,
}

/// One query with its costs.
struct Gain {
    query: usize,
    calls: f64,
    before: f64,
    after: f64,
}

/// The finding that creates a chosen candidate, named already.
pub fn missing_index(chosen: &mut Chosen<'_, '_>, at: usize) -> Option<Finding> {
    let catalog = chosen.whatif.catalog;
    let candidate = chosen.whatif.candidates.get(at)?.clone();
    let table = catalog.tables.get(candidate.table)?;
    let index = &candidate.index;
    let gains = gains_of(chosen, at);
    let before: f64 = gains.iter().map(|gain| gain.calls * gain.before).sum();
    let after: f64 = gains.iter().map(|gain| gain.calls * gain.after).sum();
    let queries: Vec<usize> = gains.iter().map(|gain| gain.query).collect();
    let writes = chosen.whatif.ledger.writes.get(candidate.table).cloned().unwrap_or_default();
    let mut reasons = derive(catalog, table, index, &served(chosen.whatif, &candidate, &queries));
    reasons.extend(gains.iter().take(QUERIES_SHOWN_MAX).filter_map(|g| gain_text(chosen, g)));
    reasons.extend(hot_text(table, index, &writes));
    reasons.extend(superseded(catalog, table, index));
    Some(Finding {
        code: "missing-index".to_owned(),
        severity: severity(before - after, chosen.workload_cost, &gains),
        title: title(catalog, table, index, &gains),
        table: Some(table.name.to_string()),
        indexes: Vec::new(),
        create: vec![create_statement(catalog, table, index)],
        drop: Vec::new(),
        reverse: undo_statements(catalog, table, index),
        changes: vec![creation(catalog, table, index)],
        queries: queries.iter().filter_map(|q| query_id(chosen.whatif, *q)).collect(),
        size_bytes: Some(whole_index_bytes(catalog, candidate.table, index)),
        write_cost: Some(1000.0 * entry_cost(catalog, table, index)),
        cost_before: Some(before),
        cost_after: Some(after),
        confidence: confidence_of(table, index, chosen.calls_measured),
        reasons,
        advice: advice(catalog, table, index),
        grounds: None,
        break_even: Vec::new(),
        assumptions: assumptions_of(catalog, table, index, chosen.calls_measured),
        alternatives: alternatives(chosen.whatif, chosen.set, at, &queries),
        places: Vec::new(),
    })
}

/// The queries whose final plan uses the candidate, largest gain first.
fn gains_of(chosen: &mut Chosen<'_, '_>, at: usize) -> Vec<Gain> {
    let serves = chosen.whatif.serves.get(at).cloned().unwrap_or_default();
    let mut gains = Vec::new();
    for query in serves {
        if !chosen.whatif.used(query, chosen.set).contains(&at) {
            continue;
        }
        let after = chosen.whatif.cost(query, chosen.set);
        if let Some(costed) = chosen.whatif.queries.get(query) {
            let (calls, before) = (costed.entry.calls, costed.base);
            gains.push(Gain { query, calls, before, after });
        }
    }
    let saved = |gain: &Gain| gain.calls * (gain.before - gain.after);
    order::sort_by(&mut gains, |a, b| saved(b).total_cmp(&saved(a)).then(a.query.cmp(&b.query)));
    gains
}

fn query_id(whatif: &WhatIf<'_>, query: usize) -> Option<String> {
    whatif.queries.get(query).map(|costed| costed.entry.id.clone())
}

/// The name a person gave the query, else its id.
fn query_name(whatif: &WhatIf<'_>, query: usize) -> String {
    let entry = whatif.queries.get(query).map(|costed| costed.entry);
    entry.map_or_else(String::new, |entry| entry.name.clone().unwrap_or_else(|| entry.id.clone()))
}

/// Of every query, the shapes that the index serves.
fn served(whatif: &WhatIf<'_>, candidate: &Candidate, queries: &[usize]) -> Vec<Served> {
    let mut out = Vec::new();
    for query in queries {
        let Some(costed) = whatif.queries.get(*query) else { continue };
        let name = query_name(whatif, *query);
        let served = served_by(whatif.catalog, &costed.shapes, candidate);
        let named = |(shape, found)| Served { query: name.clone(), shape, found };
        out.extend(served.into_iter().flatten().map(named));
    }
    out
}

fn severity(gain: f64, total: f64, gains: &[Gain]) -> Importance {
    let share = if total > 0.0 { gain / total } else { 0.0 };
    let speedup = gains.iter().map(|g| g.before / g.after.max(0.01)).fold(1.0, f64::max);
    match () {
        () if share >= 0.1 && speedup >= 2.0 => Importance::High,
        () if share >= 0.01 || speedup >= 10.0 => Importance::Medium,
        () => Importance::Low,
    }
}

fn title(catalog: &Catalog, table: &Table, index: &Index, gains: &[Gain]) -> String {
    let shape = shape_text(catalog, table, index);
    let name = table_name(table, catalog.dialect);
    let n = gains.len();
    if n == 0 {
        return format!("An index on {name} {shape}, as decided: no query of the workload uses it");
    }
    let noun = if n == 1 { "query" } else { "queries" };
    let before: f64 = gains.iter().map(|g| g.calls * g.before).sum();
    let after: f64 = gains.iter().map(|g| g.calls * g.after).sum();
    let factor = before / after.max(0.01);
    let gain = if factor >= 1.95 {
        format!("{factor:.0} times cheaper")
    } else {
        format!("{:.0} % cheaper", (1.0 - after / before.max(0.01)) * 100.0)
    };
    format!("An index on {name} {shape} makes {n} {noun} {gain}")
}

fn gain_text(chosen: &Chosen<'_, '_>, gain: &Gain) -> Option<String> {
    if !is_gain(gain.before, gain.after) {
        return None;
    }
    let name = query_name(chosen.whatif, gain.query);
    let calls = if gain.calls > 1.0 { format!(", {} calls", gain.calls) } else { String::new() };
    Some(format!("{name}: cost {:.1} before, {:.1} after{calls}", gain.before, gain.after))
}

fn hot_text(table: &Table, index: &Index, writes: &Writes) -> Option<String> {
    let lost = hot_lost(table, index, writes);
    if lost.is_empty() || writes.updates.is_empty() {
        return None;
    }
    Some(format!(
        "{} changes a column that no index holds yet: these updates will no longer be HOT and add an \
         entry to every index of the table; the cost counts that",
        list(lost.into_iter())
    ))
}

/// Existing indexes that the new one makes unnecessary.
fn superseded(catalog: &Catalog, table: &Table, index: &Index) -> Option<String> {
    let covered = table.indexes.iter().filter(|existing| {
        existing.usable
            && !existing.constraint
            && !existing.unique
            && existing.predicate.is_none() == index.predicate.is_none()
            && is_covered_by(existing, index)
    });
    let names: Vec<&str> = covered.map(|existing| existing.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let hide = match catalog.dialect {
        Dialect::Mysql => ", after making it INVISIBLE for a while",
        Dialect::Mariadb => ", after making it IGNORED for a while",
        _ => ", after watching its scans for a while",
    };
    Some(format!("It can do all that {} does, which can then go{hide}", list(names.into_iter())))
}

fn advice(catalog: &Catalog, table: &Table, index: &Index) -> Vec<String> {
    let mut out = Vec::new();
    let name = table_name(table, catalog.dialect);
    let types = index.include.iter().filter_map(|column| table.columns.get(*column));
    if types.map(|column| &column.data_type).any(|data_type| is_unbounded(data_type)) {
        out.push(
            "Check the longest value of the included columns first (the query is under what it \
             assumes); without INCLUDE the index takes values of any length"
                .to_owned(),
        );
    }
    if is_concurrent(catalog, table) {
        out.push(
            "Run CREATE INDEX CONCURRENTLY outside a transaction; if it fails, drop the invalid index \
             it leaves and start again"
                .to_owned(),
        );
    }
    if table.kind == TableKind::Partitioned {
        out.push(format!(
            "{name} is partitioned and cannot be indexed CONCURRENTLY as a whole. On a busy table: \
             CREATE INDEX ... ON ONLY {name}, then CREATE INDEX CONCURRENTLY on every partition, then \
             ALTER INDEX ... ATTACH PARTITION each"
        ));
    }
    if catalog.dialect.is_mysql_family() {
        out.push("InnoDB builds it in place; writes go on meanwhile (LOCK=NONE)".to_owned());
    }
    if index.predicate.as_ref().is_some_and(has_literal) {
        out.push(
            "Keep the value a literal in the query: a generic plan for a parameter cannot prove that \
             the predicate holds"
                .to_owned(),
        );
    }
    out
}

/// Does a condition name a value, which another query could have as a parameter?
fn has_literal(condition: &Expr) -> bool {
    let mut found = false;
    condition.walk(&mut |part| found |= matches!(part, Expr::Literal(_)));
    found
}
