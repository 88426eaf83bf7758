//! The steps of a migration as plain data: what is run, what takes it back, what it locks, and what to
//! do when it fails. New indexes first, so that whatever a dropped index served is served at every
//! moment; then, in stages, what goes: hidden where the server can, observed, dropped.

use super::partitions;
use super::statement::{Statement, create_statement, drop_statement, hide_statements, qualified};
use crate::advise::{Action, Change};
use crate::dialect::Dialect;
use crate::report::words::importance_name;
use crate::report::{Finding, Report};
use crate::sql::quote::{quote_name, quote_text};

/// A part of the migration that is deployed on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// New indexes.
    Create,
    /// What will be dropped is hidden from the planner.
    Hide,
    /// Indexes go.
    Drop,
}

impl Stage {
    /// All in order.
    pub const ALL: [Stage; 3] = [Stage::Create, Stage::Hide, Stage::Drop];

    /// Part of file names: `create_indexes`.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Create => "create_indexes",
            Stage::Hide => "hide_indexes",
            Stage::Drop => "drop_indexes",
        }
    }

    /// What it is for.
    pub fn words(self) -> &'static str {
        match self {
            Stage::Create => "new indexes first, so that nothing is unserved at any moment",
            Stage::Hide => "hide what will be dropped: kept up to date, not used, back at once",
            Stage::Drop => "drop, once a full business cycle has shown that nothing misses it",
        }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The part it belongs to.
    pub stage: Stage,
    /// `1. missing-index (high): ...`, of the finding it comes from.
    pub title: String,
    /// What is run.
    pub forward: Statement,
    /// What takes it back, in this order.
    pub reverse: Vec<Statement>,
    /// What to do when it fails half way, where something is left behind.
    pub cleanup: Option<Cleanup>,
    /// What to look at before, and anything else worth knowing.
    pub notes: Vec<String>,
    /// The change of one index that `forward` is, where it is one.
    pub change: Option<Change>,
}

/// After a failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleanup {
    /// The query that shows what was left behind.
    pub find: String,
    /// The statement that removes it.
    pub remove: String,
}

/// All steps in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// For which server.
    pub dialect: Dialect,
    /// In the order they are run.
    pub steps: Vec<Step>,
    /// Findings that the steps apply.
    pub n_findings: usize,
    /// Estimated bytes of the new indexes.
    pub size_bytes: f64,
}

impl Plan {
    /// The steps of a part.
    pub fn of(&self, stage: Stage) -> Vec<&Step> {
        self.steps.iter().filter(|step| step.stage == stage).collect()
    }

    /// The parts that have steps.
    pub fn stages(&self) -> Vec<Stage> {
        Stage::ALL.into_iter().filter(|stage| !self.of(*stage).is_empty()).collect()
    }
}

/// The migration that the findings make.
pub fn plan(report: &Report) -> Plan {
    let dialect = report.dialect;
    let mut steps: Vec<Step> = Vec::new();
    for stage in Stage::ALL {
        for (at, finding) in report.findings.iter().enumerate() {
            for change in &finding.changes {
                let title = title(at + 1, finding);
                let made = match (stage, change.action) {
                    (Stage::Create, Action::Create) => creation(change, &title, dialect),
                    (Stage::Hide, Action::Drop) => hiding(change, &title, dialect),
                    (Stage::Drop, Action::Drop) => vec![removal(change, &title, dialect)],
                    _ => Vec::new(),
                };
                // Two findings may be about the same index.
                let new = |step: &Step| !steps.iter().any(|known| known.forward == step.forward);
                let made: Vec<Step> = made.into_iter().filter(new).collect();
                steps.extend(made);
            }
        }
        if stage == Stage::Create {
            steps.extend(analyses(report));
        }
    }
    if dialect == Dialect::Postgres
        && let Some(first) = steps.iter_mut().find(|step| step.stage == Stage::Drop)
    {
        first.notes.push(REHEARSAL.to_owned());
    }
    let changes = || report.findings.iter().flat_map(|finding| &finding.changes);
    Plan {
        dialect,
        steps,
        n_findings: report.findings.iter().filter(|finding| !finding.changes.is_empty()).count(),
        size_bytes: changes()
            .filter(|change| change.action == Action::Create)
            .map(|change| change.size_bytes)
            .sum(),
    }
}

fn title(number: usize, finding: &Finding) -> String {
    format!("{number}. {} ({}): {}", finding.code, importance_name(finding.severity), finding.title)
}

fn creation(change: &Change, title: &str, dialect: Dialect) -> Vec<Step> {
    if !change.partitions.is_empty() {
        return partitions::creation(change, title);
    }
    let reverse = match change.reverse.as_slice() {
        [_] => vec![drop_statement(change, dialect)],
        [restored @ .., _] => {
            let restored = restored.iter().map(|sql| create_statement(change, sql, dialect));
            restored.chain([drop_statement(change, dialect)]).collect()
        }
        [] => Vec::new(),
    };
    let mut notes = Vec::new();
    if change.partitioned {
        notes.push(partitions::UNKNOWN.to_owned());
    }
    vec![Step {
        stage: Stage::Create,
        title: title.to_owned(),
        forward: create_statement(change, &change.statement, dialect),
        reverse,
        cleanup: change.concurrent.then(|| cleanup(&qualified(change, &change.index, dialect))),
        notes,
        change: Some(change.clone()),
    }]
}

/// A failed CREATE or DROP INDEX CONCURRENTLY leaves an index that costs writes and serves nothing.
pub fn cleanup(index: &str) -> Cleanup {
    let text = quote_text(index, Dialect::Postgres);
    Cleanup {
        find: format!(
            "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid AND indexrelid = \
             to_regclass({text})"
        ),
        remove: format!("DROP INDEX CONCURRENTLY IF EXISTS {index}"),
    }
}

fn hiding(change: &Change, title: &str, dialect: Dialect) -> Vec<Step> {
    let Some((forward, reverse)) = hide_statements(change, dialect) else { return Vec::new() };
    vec![Step {
        stage: Stage::Hide,
        title: title.to_owned(),
        forward,
        reverse: vec![reverse],
        cleanup: None,
        notes: vec![
            match dialect {
                Dialect::Mysql => {
                    "Needs MySQL 8.0. Taken back it serves again at once, without a build."
                }
                _ => "Needs MariaDB 10.6. Taken back it serves again at once, without a build.",
            }
            .to_owned(),
        ],
        change: None,
    }]
}

fn removal(change: &Change, title: &str, dialect: Dialect) -> Step {
    let restored = change.reverse.iter();
    let reverse = match change.partitions.is_empty() {
        true => restored.map(|sql| create_statement(change, sql, dialect)).collect(),
        false => restored.flat_map(|sql| partitions::restoration(change, sql)).collect(),
    };
    Step {
        stage: Stage::Drop,
        title: title.to_owned(),
        forward: drop_statement(change, dialect),
        reverse,
        cleanup: change.concurrent.then(|| cleanup(&qualified(change, &change.index, dialect))),
        notes: observation(change, dialect),
        change: Some(change.clone()),
    }
}

/// PostgreSQL's way to look before it leaps.
const REHEARSAL: &str = "\
    To see plans without it: BEGIN; DROP INDEX; EXPLAIN; ROLLBACK on a copy (it blocks the table \
    meanwhile), or hypopg_hide_index() of the extension hypopg 1.4.";

/// What to look at before an index goes.
fn observation(change: &Change, dialect: Dialect) -> Vec<String> {
    let index = qualified(change, &change.index, dialect);
    match dialect {
        Dialect::Postgres => vec![format!(
            "PostgreSQL cannot hide an index. Observe instead, now and after a full business \
                 cycle, on every replica: SELECT idx_scan FROM pg_stat_user_indexes WHERE \
                 indexrelid = to_regclass({})",
            quote_text(&index, dialect)
        )],
        Dialect::Mysql => vec![
            "Run it when the hidden index was missed by nothing: watch the slow query log. One \
             session can still use it: SET SESSION optimizer_switch = 'use_invisible_indexes=on'"
                .to_owned(),
        ],
        Dialect::Mariadb => vec![
            "Run it when the ignored index was missed by nothing: watch the slow query log."
                .to_owned(),
        ],
        Dialect::Sqlite => vec![
            "SQLite cannot hide an index and counts no use: compare EXPLAIN QUERY PLAN of your \
             queries before and after, on a copy of the file."
                .to_owned(),
        ],
    }
}

/// Statistics that only ANALYZE gathers: all of SQLite's, and PostgreSQL's of expressions.
fn analyses(report: &Report) -> Vec<Step> {
    let dialect = report.dialect;
    let mut out: Vec<Step> = Vec::new();
    for change in report.findings.iter().flat_map(|finding| &finding.changes) {
        let has_expression = change.keys.iter().any(|key| key.expression.is_some());
        let note = match dialect {
            Dialect::Sqlite => {
                "SQLite's planner knows how selective an index is only after ANALYZE."
            }
            Dialect::Postgres if has_expression => {
                "The planner knows the values of an expression only after ANALYZE."
            }
            _ => continue,
        };
        let table = qualified(change, &change.table, dialect);
        let forward = Statement::analyze(&table, dialect);
        if change.action == Action::Create && !out.iter().any(|step| step.forward == forward) {
            out.push(Step {
                stage: Stage::Create,
                title: format!("Statistics of {}", quote_name(&change.table, dialect)),
                forward,
                reverse: Vec::new(),
                cleanup: None,
                notes: vec![note.to_owned()],
                change: None,
            });
        }
    }
    out
}
