//! Puts the report together: every table, index and query with its numbers, before and after what the
//! advice suggests.

use std::rc::Rc;

use super::basis::query_basis;
use super::compare::{Known, changes, disagreements};
use super::decisions::explain_again;
use super::timeline::timeline_report;
use super::which_query::query_of_plan;
use super::writes::write_report;
use super::{FORMAT, IndexReport, Matrix, PlanReport, QueryReport, Report, Summary, TableReport};
use crate::advise::matrix::{Cell, cells_of_query};
use crate::advise::writes::writes_by_table;
use crate::advise::{Advice, Plans, ddl};
use crate::against::accesses;
use crate::catalog::Index;
use crate::dialect::Dialect;
use crate::estimate::size::{index_bytes, table_bytes, table_rows};
use crate::plan::parts::{whole_index_bytes, with_indexes};
use crate::plan::{Configuration, IndexRef, Plan};
use crate::progress::{Progress, Stage};
use crate::understand::Understood;
use crate::workload::Entry;
use crate::workload::fold::entry_of_plan;

/// Bars for each factor of ten in what is shown of the times of a query.
const LATENCY_BARS: f64 = 8.0;

/// The report of what was understood and advised.
pub fn assemble(
    understood: &Understood,
    advice: Advice,
    plans: &mut Plans,
    calibrated: bool,
    progress: &mut dyn Progress,
) -> Report {
    let catalog = &understood.catalog;
    let before = Configuration::existing(catalog);
    let after = with_indexes(catalog, &advice.suggested);
    let mut planned = Vec::new();
    let total = understood.workload.entries.len();
    for (at, entry) in understood.workload.entries.iter().enumerate() {
        progress.at(Stage::Report, at, total);
        let mut plan = |configuration: &Configuration<'_>| plans.plan(configuration, at, entry);
        planned.push(PlannedEntry { entry, before: plan(&before), after: plan(&after) });
    }
    let queries: Vec<QueryReport> = planned.iter().map(|one| one.report(&before, &after)).collect();
    let indexes = index_reports(&before, &after, &planned);
    let cells = planned.iter().flat_map(|one| one.cells(&after)).collect();
    let mut tables: Vec<TableReport> = catalog.tables.iter().map(table_report).collect();
    let writes = writes_by_table(catalog, &understood.workload);
    for (at, (table, writes)) in tables.iter_mut().zip(&writes).enumerate() {
        table.writes = write_report(at, &before, &after, writes);
    }
    let known = known(&tables, &indexes);
    let plans = plan_reports(understood, &queries, &known);
    let mut findings = advice.findings;
    explain_again(&mut findings, &advice.decisions);
    let summary = summarize(advice.budget_bytes, &queries, &indexes);
    Report {
        format: FORMAT.to_owned(),
        dialect: understood.dialect,
        calibrated,
        indexes,
        plans,
        timeline: understood
            .timeline
            .as_ref()
            .map(|line| timeline_report(line, &understood.workload)),
        inputs: understood.inputs.clone(),
        diagnostics: understood.diagnostics.clone(),
        queries,
        findings,
        front: advice.front,
        trials: advice.trials,
        against: None,
        decisions: advice.decisions,
        tables,
        matrix: Matrix { cells },
        summary,
    }
}

/// A query with its plans.
struct PlannedEntry<'w> {
    entry: &'w Entry,
    before: Result<Rc<Plan>, String>,
    after: Result<Rc<Plan>, String>,
}

impl PlannedEntry<'_> {
    fn report(&self, before: &Configuration<'_>, after: &Configuration<'_>) -> QueryReport {
        let entry = self.entry;
        let total_ms = entry.timing.total_ms;
        let (now, then) = (self.before.as_ref().ok(), self.after.as_ref().ok());
        let (notes_before, notes_after) = match (now, then) {
            (Some(now), Some(then)) => changes(&now.root, &then.root),
            _ => Default::default(),
        };
        let basis = entry.query.as_ref().map(|query| query_basis(before.catalog, query));
        QueryReport {
            id: entry.id.clone(),
            name: entry.name.clone(),
            fingerprint: entry.fingerprint.clone(),
            sql: entry.sql.clone(),
            normalized: entry.normalized.clone(),
            calls: entry.calls,
            mean_ms: total_ms.map(|total| total / entry.timing.n_timed.max(1.0)),
            min_ms: entry.timing.min_ms,
            max_ms: entry.timing.max_ms,
            stddev_ms: entry.timing.stddev_ms,
            p50_ms: entry.timing.percentile(0.5),
            p95_ms: entry.timing.percentile(0.95),
            p99_ms: entry.timing.percentile(0.99),
            latency: match entry.timing.percentile(0.5) {
                Some(_) => entry.timing.histogram.bars(LATENCY_BARS),
                None => Vec::new(),
            },
            total_ms,
            cost_before: self.before.as_ref().ok().map(|plan| plan.total_cost),
            cost_after: self.after.as_ref().ok().map(|plan| plan.total_cost),
            access_before: accesses(before, self.before.as_deref().ok()),
            access_after: accesses(after, self.after.as_deref().ok()),
            plan_before: self.before.as_ref().ok().map(|plan| plan.root.clone()),
            plan_after: self.after.as_ref().ok().map(|plan| plan.root.clone()),
            notes_before,
            notes_after,
            basis: basis.filter(|_| now.is_some()).unwrap_or_default(),
            error: self.before.as_ref().err().cloned(),
            source: entry.source.clone(),
        }
    }

    /// What each index does for this query; chosen are those of the plan with the suggestions.
    fn cells(&self, after: &Configuration<'_>) -> Vec<Cell> {
        let chosen = |table: usize, name: &str| {
            let used = |reference: &IndexRef| {
                after.index(*reference).is_some_and(|index| {
                    let is_part = index.parent.as_deref() == Some(name);
                    is_part || (reference.table == table && index.name == name)
                })
            };
            let plans = [&self.before, &self.after].into_iter().flatten();
            plans.flat_map(|plan| &plan.scans).flat_map(|scan| &scan.indexes).any(used)
        };
        cells_of_query(after, self.entry, &chosen)
    }

    fn uses(plan: &Result<Rc<Plan>, String>, index: IndexRef) -> bool {
        plan.as_ref().is_ok_and(|plan| plan.scans.iter().any(|scan| scan.indexes.contains(&index)))
    }
}

fn table_report(table: &crate::catalog::Table) -> TableReport {
    let (rows, size) = (table_rows(table), table_bytes(table));
    TableReport {
        name: table.name.to_string(),
        rows: rows.value,
        rows_basis: rows.basis,
        size_bytes: size.value,
        size_basis: size.basis,
        columns: table.columns.iter().map(|c| (c.name.clone(), c.data_type.clone())).collect(),
        writes: None,
        source: table.source.clone(),
    }
}

/// Existing indexes with the queries that use them now, suggested ones with those that will.
fn index_reports(
    before: &Configuration<'_>,
    after: &Configuration<'_>,
    planned: &[PlannedEntry<'_>],
) -> Vec<IndexReport> {
    let catalog = before.catalog;
    let mut out = Vec::new();
    for (at, table) in catalog.tables.iter().enumerate() {
        for (reference, index) in after.indexes(at) {
            // Partitions have parts of a suggested index, which is one to the reader.
            let is_part = |part: &Index| part.hypothetical && part.name == index.name;
            if index.hypothetical && index.parent.is_some() {
                continue;
            }
            let used = |one: &&PlannedEntry<'_>| match index.hypothetical {
                true => one.after.iter().flat_map(|plan| &plan.scans).any(|scan| {
                    let mut indexes = scan.indexes.iter().filter_map(|one| after.index(*one));
                    indexes.any(is_part)
                }),
                false => PlannedEntry::uses(&one.before, reference),
            };
            let size = index_bytes(table, index);
            let size_bytes = match index.hypothetical {
                true => whole_index_bytes(catalog, at, index),
                false => size.value,
            };
            out.push(IndexReport {
                name: index.name.clone(),
                table: table.name.to_string(),
                definition: index.definition.clone(),
                shape: ddl::shape_text(catalog, table, index),
                unique: index.unique,
                constraint: index.constraint,
                suggested: index.hypothetical,
                size_bytes,
                size_basis: size.basis,
                idx_scan: index.statistics.idx_scan,
                used_by: planned.iter().filter(used).map(|one| one.entry.id.clone()).collect(),
                source: index.source.clone(),
            });
        }
    }
    out
}

/// What the plans of a server are compared with.
fn known<'a>(tables: &'a [TableReport], indexes: &'a [IndexReport]) -> Known<'a> {
    let bare = |name: &'a str| name.rsplit('.').next().unwrap_or(name);
    let existing = indexes.iter().filter(|index| !index.suggested);
    Known {
        rows: tables.iter().map(|t| (bare(&t.name), (t.rows, t.rows_basis))).collect(),
        indexes: existing.map(|index| index.name.as_str()).collect(),
    }
}

/// Pasted plans, each with the query of the workload it belongs to where its text says so.
fn plan_reports(
    understood: &Understood,
    queries: &[QueryReport],
    known: &Known<'_>,
) -> Vec<PlanReport> {
    let numbered = understood.plans.iter().enumerate();
    let report = |(at, plan): (usize, &crate::read::PastedPlan)| {
        let named = entry_of_plan(&understood.workload, plan, understood.dialect);
        let by_shape = || match (&plan.query, understood.dialect) {
            (None, Dialect::Postgres) => {
                query_of_plan(&understood.catalog, &understood.workload, &plan.root)
            }
            _ => None,
        };
        let query_by_shape = named.is_none();
        let query = named.or_else(by_shape);
        let modelled = queries.iter().find(|one| Some(&one.id) == query.as_ref());
        let model = modelled.and_then(|one| one.plan_before.as_ref());
        // The plans of the others are in other words.
        let model = model.filter(|_| understood.dialect == Dialect::Postgres);
        PlanReport {
            id: format!("plan {}", at + 1),
            notes: model.map(|model| disagreements(model, &plan.root, known)).unwrap_or_default(),
            query_by_shape: query_by_shape && query.is_some(),
            query,
            analyze: plan.analyze,
            plan: plan.root.clone(),
            execution_ms: plan.execution_ms,
            source: plan.source.clone(),
        }
    };
    numbered.map(report).collect()
}

fn summarize(
    budget_bytes: Option<f64>,
    queries: &[QueryReport],
    indexes: &[IndexReport],
) -> Summary {
    let weighted = |cost: fn(&QueryReport) -> Option<f64>| {
        queries.iter().filter_map(|query| cost(query).map(|cost| cost * query.calls)).sum()
    };
    Summary {
        cost_before: weighted(|query| query.cost_before),
        cost_after: weighted(|query| query.cost_after),
        size_bytes: indexes.iter().filter(|i| i.suggested).map(|i| i.size_bytes).sum(),
        budget_bytes,
        n_queries: queries.len(),
        n_understood: queries.iter().filter(|query| query.error.is_none()).count(),
    }
}
