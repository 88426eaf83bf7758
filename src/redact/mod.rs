//! The report for other eyes: the same shape, names and figures, every literal replaced. Whatever is
//! copied or shared goes through here.
//!
//! Works by tokens, not by patterns: in statements, index definitions, plan conditions, and what the
//! findings say of them. Names of tables, columns, indexes, queries and files stay. What the input
//! remarks quote is left out, as it may be a piece of a broken literal.

mod against;
pub mod check;
mod content;
pub mod input;
pub mod key;
pub mod literals;
mod made_up;
mod names;
mod order;
mod script;
mod stand_in;
mod statement;
mod statistics;
mod structured;
mod swap;
pub mod text;
mod words;

pub use names::restore;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::read::plan_node::PlanNode;
use crate::report::{DecisionReport, Finding, QueryReport, Report, Trial};
use literals::Literals;
use text::{redact_definition, redact_prose, redact_sql};

/// A report without the literals of the input.
pub fn redact_report(report: &Report) -> Report {
    let mut learnt = Literals::default();
    redact_with(report, &mut learnt);
    redact_with(report, &mut Literals::avoiding(learnt))
}

fn redact_with(report: &Report, literals: &mut Literals) -> Report {
    let dialect = report.dialect;
    let mut redacted = report.clone();
    for query in &mut redacted.queries {
        redact_query(query, dialect, literals);
    }
    for plan in &mut redacted.plans {
        redact_plan(&mut plan.plan, dialect, literals);
    }
    for index in &mut redacted.indexes {
        index.definition = redact_definition(&index.definition, dialect, literals);
        index.shape = redact_definition(&index.shape, dialect, literals);
    }
    for finding in &mut redacted.findings {
        redact_finding(finding, dialect, literals);
    }
    for cell in &mut redacted.matrix.cells {
        cell.reason = redact_prose(&cell.reason, dialect, literals);
    }
    for statement in redacted.front.points.iter_mut().flat_map(|point| &mut point.create) {
        *statement = redact_definition(statement, dialect, literals);
    }
    for trial in &mut redacted.trials {
        redact_trial(trial, dialect, literals);
    }
    if let Some(against) = &mut redacted.against {
        against::redact_against(against, dialect, literals);
    }
    for decision in &mut redacted.decisions {
        redact_decision(decision, dialect, literals);
    }
    redacted.diagnostics.iter_mut().for_each(redact_diagnostic);
    redacted
}

fn redact_trial(trial: &mut Trial, dialect: Dialect, literals: &mut Literals) {
    trial.statement = redact_definition(&trial.statement, dialect, literals);
    let create = trial.create.as_deref();
    trial.create = create.map(|sql| redact_definition(sql, dialect, literals));
    trial.error = trial.error.as_deref().map(without_quotation);
    trial.reason = redact_prose(&trial.reason, dialect, literals);
    if let Some(shape) = &mut trial.shape {
        *shape = redact_definition(shape, dialect, literals);
    }
}

fn redact_decision(one: &mut DecisionReport, dialect: Dialect, literals: &mut Literals) {
    one.error = one.error.as_deref().map(without_quotation);
    one.decision.reason = redact_prose(&one.decision.reason, dialect, literals);
    let definitions = one.in_finding.iter_mut().chain(&mut one.shape);
    for sql in definitions.chain([&mut one.decision.statement]) {
        *sql = redact_definition(sql, dialect, literals);
    }
}

fn redact_query(query: &mut QueryReport, dialect: Dialect, literals: &mut Literals) {
    query.sql = redact_sql(&query.sql, dialect, literals);
    query.error = query.error.as_deref().map(without_quotation);
    for basis in &mut query.basis {
        for (condition, _) in &mut basis.observed {
            *condition = redact_sql(condition, dialect, literals);
        }
    }
    for plan in [&mut query.plan_before, &mut query.plan_after].into_iter().flatten() {
        redact_plan(plan, dialect, literals);
    }
}

fn redact_finding(finding: &mut Finding, dialect: Dialect, literals: &mut Literals) {
    let mut prose = |text: &mut String| *text = redact_prose(text, dialect, literals);
    prose(&mut finding.title);
    finding.reasons.iter_mut().for_each(&mut prose);
    finding.advice.iter_mut().for_each(&mut prose);
    for assumption in &mut finding.assumptions {
        prose(&mut assumption.text);
    }
    for alternative in &mut finding.alternatives {
        prose(&mut alternative.why_not);
    }
    let mut definition = |sql: &mut String| *sql = redact_definition(sql, dialect, literals);
    finding.create.iter_mut().for_each(&mut definition);
    finding.drop.iter_mut().for_each(&mut definition);
    finding.reverse.iter_mut().for_each(&mut definition);
    finding.alternatives.iter_mut().for_each(|other| definition(&mut other.create));
    for change in &mut finding.changes {
        change.condition = None;
        definition(&mut change.statement);
        change.reverse.iter_mut().for_each(&mut definition);
    }
    for assumption in &mut finding.assumptions {
        assumption.replace_with.iter_mut().for_each(&mut definition);
    }
    for change in &mut finding.changes {
        let expressions = change.keys.iter_mut().filter_map(|key| key.expression.as_mut());
        let parts = expressions.chain(change.predicate.as_mut());
        parts.for_each(|sql| *sql = redact_sql(sql, dialect, literals));
    }
}

/// Properties of plan nodes that are words of the planner, not of the query.
pub(crate) const PLAN_WORDS: [&str; 19] = [
    "Async Capable",
    "Cache Mode",
    "Command",
    "CTE Name",
    "Custom Plan Provider",
    "Function Name",
    "Join Type",
    "Operation",
    "Parent Relationship",
    "Partial Mode",
    "Scan Direction",
    "Schema",
    "Sort Method",
    "Sort Space Type",
    "Strategy",
    "Subplan Name",
    "Table Function Name",
    "access_type",
    "select_type",
];

fn redact_plan(node: &mut PlanNode, dialect: Dialect, literals: &mut Literals) {
    for (name, value) in &mut node.more {
        if !PLAN_WORDS.contains(&name.as_str()) {
            redact_value(value, dialect, literals);
        }
    }
    for child in &mut node.plans {
        redact_plan(child, dialect, literals);
    }
}

fn redact_value(value: &mut Value, dialect: Dialect, literals: &mut Literals) {
    match value {
        Value::String(text) => *text = redact_sql(text, dialect, literals),
        Value::Array(items) => {
            items.iter_mut().for_each(|item| redact_value(item, dialect, literals));
        }
        Value::Object(map) => {
            map.values_mut().for_each(|item| redact_value(item, dialect, literals));
        }
        _ => {}
    }
}

fn redact_diagnostic(diagnostic: &mut Diagnostic) {
    diagnostic.message = without_quotation(&diagnostic.message);
    diagnostic.help = diagnostic.help.as_deref().map(without_quotation);
}

/// A message without what it quotes of the input, which stands in double quotes or behind `found:`.
fn without_quotation(message: &str) -> String {
    let message = match message.split_once("found: ") {
        Some((lead, _)) => format!("{lead}found: …"),
        None => message.to_owned(),
    };
    let mut out = String::new();
    for (at, part) in message.split('"').enumerate() {
        out.push_str(if at % 2 == 0 { part } else { "\"…\"" });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Input, Piece};
    use crate::progress::Silent;

    const INPUT: &str = "\
CREATE TABLE people (id int PRIMARY KEY, mail text, status text, born date, score int);
CREATE INDEX people_status ON people (mail) WHERE status = 'secret-state';
CREATE INDEX people_status2 ON people (mail) WHERE status = 'secret-state' AND score > 98765;
-- name: by_mail; calls: 1000
SELECT id FROM people WHERE mail = 'alice@example.com' /* note 4711 */ AND score = 86420;
SELECT id FROM people WHERE born > '1980-05-06' AND status = 'secret-state' LIMIT 500;
SELECT broken FROM WHERE mail = 'carol@example.com';

Seq Scan on people  (cost=0.00..35000.50 rows=25500 width=4)
  Filter: ((mail = 'dave@example.com'::text) AND (score = 13579))
";

    #[test]
    fn no_literal_is_left_and_nothing_else_changes() {
        let piece = Piece { text: INPUT.to_owned(), ..Piece::default() };
        let input = Input { pieces: vec![piece], ..Input::default() };
        let report = crate::analyze(&input, &mut Silent);
        let redacted = redact_report(&report);
        let json = serde_json::to_string(&redacted).unwrap();
        let originals =
            ["alice", "carol", "dave", "secret-state", "1980", "86420", "98765", "13579", "4711"];
        for original in originals {
            assert!(!json.contains(original), "{original} is left");
        }
        for name in ["people", "by_mail", "people_status2", "LIMIT 500", "25500"] {
            assert!(json.contains(name), "{name} is gone");
        }
        let codes = |report: &Report| -> Vec<String> {
            report.findings.iter().map(|finding| finding.code.clone()).collect()
        };
        assert_eq!(codes(&report), codes(&redacted));
        assert_eq!(report.queries.len(), redacted.queries.len());
        assert_eq!(redact_report(&redacted).queries.len(), redacted.queries.len());
    }
}
