//! Folds statements by fingerprint: what was asked, how often, how long it took, with which values.

use std::collections::BTreeMap;

use crate::dialect::Dialect;
use crate::read::{PastedPlan, StatementFact};
use crate::sql::literals::{add_counts, count_values, is_concrete};
use crate::sql::normalize::{Shape, fingerprint_name, normalize};
use crate::workload::{Entry, Workload};

/// One entry a fingerprint, in source order; queries are not parsed yet. Statements with different
/// names stay apart even when their shape is the same; one without a name joins the first of its
/// shape.
pub fn fold_statements(statements: &[StatementFact], dialect: Dialect) -> Workload {
    let mut folds: Vec<Fold> = Vec::new();
    let mut by_fingerprint: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut entry_of = Vec::new();
    for fact in statements {
        let shape = normalize(&fact.sql, dialect);
        let same = by_fingerprint.entry(shape.fingerprint()).or_default();
        let joins = |at: &&usize| folds.get(**at).is_some_and(|fold| fold.takes(fact));
        let known = same.iter().find(joins).copied();
        entry_of.push(known.unwrap_or(folds.len()));
        match known.and_then(|at| folds.get_mut(at)) {
            Some(fold) => fold.add(fact, &shape),
            None => {
                same.push(folds.len());
                folds.push(Fold::new(folds.len(), fact, &shape));
            }
        }
    }
    Workload { entries: folds.into_iter().map(|fold| fold.entry).collect(), entry_of }
}

/// The id of the entry that a pasted plan's query text belongs to.
pub fn entry_of_plan(workload: &Workload, plan: &PastedPlan, dialect: Dialect) -> Option<String> {
    let fingerprint = fingerprint_name(normalize(plan.query.as_deref()?, dialect).fingerprint());
    let entry = workload.entries.iter().find(|entry| entry.fingerprint == fingerprint);
    entry.map(|entry| entry.id.clone())
}

/// An entry in the making.
struct Fold {
    entry: Entry,
    /// The sample has a value at every position.
    concrete: bool,
    /// Calls of the sample.
    sample_calls: f64,
}

impl Fold {
    fn new(at: usize, fact: &StatementFact, shape: &Shape) -> Fold {
        let entry = Entry {
            id: format!("q{}", at + 1),
            fingerprint: fingerprint_name(shape.fingerprint()),
            normalized: shape.normalized.clone(),
            ..Entry::default()
        };
        let mut fold = Fold { entry, concrete: false, sample_calls: -1.0 };
        fold.add(fact, shape);
        fold
    }

    fn takes(&self, fact: &StatementFact) -> bool {
        match (&self.entry.name, &fact.name) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        }
    }

    fn add(&mut self, fact: &StatementFact, shape: &Shape) {
        let calls = fact.calls.unwrap_or(fact.n_folded.max(1) as f64);
        self.add_sample(fact, shape, calls);
        let entry = &mut self.entry;
        entry.rows = mean((entry.rows, entry.calls), (fact.rows, calls));
        match (entry.calls_measured, fact.calls.is_some()) {
            // A counter knows better than a statement that was merely written down.
            (false, true) => entry.calls = calls,
            (true, false) => {}
            _ => entry.calls += calls,
        }
        entry.calls_measured |= fact.calls.is_some();
        entry.timing.add(&fact.timing);
        if entry.name.is_none() {
            entry.name.clone_from(&fact.name);
        }
        if fact.literals.is_empty() {
            count_values(&mut entry.literals, shape, &fact.parameters, calls);
        } else {
            add_counts(&mut entry.literals, &fact.literals);
        }
    }

    /// The sample to plan: one with values rather than placeholders, then the one called most.
    fn add_sample(&mut self, fact: &StatementFact, shape: &Shape, calls: f64) {
        let concrete = is_concrete(shape, &fact.parameters);
        if (concrete, calls) > (self.concrete, self.sample_calls) {
            (self.concrete, self.sample_calls) = (concrete, calls);
            self.entry.sql.clone_from(&fact.sql);
            self.entry.parameters.clone_from(&fact.parameters);
            self.entry.source.clone_from(&fact.source);
        }
    }
}

/// The mean of two means, weighted by calls.
fn mean(a: (Option<f64>, f64), b: (Option<f64>, f64)) -> Option<f64> {
    match (a, b) {
        ((Some(x), m), (Some(y), n)) if m + n > 0.0 => Some((x * m + y * n) / (m + n)),
        ((x, _), (y, _)) => x.or(y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Timing;

    fn fact(name: Option<&str>, sql: &str, calls: Option<f64>) -> StatementFact {
        StatementFact {
            name: name.map(str::to_owned),
            sql: sql.to_owned(),
            calls,
            ..StatementFact::default()
        }
    }

    #[test]
    fn names_keep_equal_shapes_apart() {
        let facts = [
            fact(Some("a"), "select 1 from t where x = 1", Some(3.0)),
            fact(Some("b"), "select 1 from t where x = 2", None),
            fact(None, "SELECT 1 FROM t WHERE x = 3", Some(4.0)),
        ];
        let entries = fold_statements(&facts, Dialect::Postgres).entries;
        let got: Vec<_> =
            entries.iter().map(|e| (e.id.as_str(), e.name.as_deref(), e.calls)).collect();
        assert_eq!(got, [("q1", Some("a"), 7.0), ("q2", Some("b"), 1.0)]);
        assert_eq!(entries[0].fingerprint, entries[1].fingerprint);
    }

    #[test]
    fn a_counter_beats_a_written_statement_and_literals_beat_placeholders() {
        let facts = [
            fact(None, "select a from t where s = $1", None),
            fact(None, "select a from t where s = $1", Some(90.0)),
            fact(None, "select a from t where s = 'open'", Some(10.0)),
        ];
        let entry = fold_statements(&facts, Dialect::Postgres).entries.remove(0);
        assert_eq!((entry.calls, entry.calls_measured), (100.0, true));
        assert_eq!(entry.sql, "select a from t where s = 'open'");
        assert_eq!(entry.literals, vec![vec![("'open'".to_owned(), 10.0)]]);
    }

    #[test]
    fn timings_and_rows_add_up() {
        let timing = |total, min, max| Timing {
            n_timed: 1.0,
            total_ms: Some(total),
            min_ms: Some(min),
            max_ms: Some(max),
            stddev_ms: Some(1.0),
            ..Timing::default()
        };
        let with = |calls, rows, timing| StatementFact {
            rows: Some(rows),
            timing,
            ..fact(None, "select 1", Some(calls))
        };
        let facts = [with(1.0, 10.0, timing(5.0, 5.0, 5.0)), with(3.0, 2.0, timing(6.0, 1.0, 3.0))];
        let entry = fold_statements(&facts, Dialect::Postgres).entries.remove(0);
        assert_eq!(entry.rows, Some(4.0));
        assert_eq!(
            entry.timing,
            Timing { n_timed: 2.0, stddev_ms: None, ..timing(11.0, 1.0, 5.0) }
        );
    }
}
