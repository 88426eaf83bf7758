//! Folds the statements of a log or a script while it is read, so that a hundred megabytes of log
//! become as many facts as there are different statements.

use std::collections::HashMap;

use super::facts::{StatementFact, Timing};
use crate::dialect::Dialect;
use crate::sql::literals::count_values;
use crate::sql::normalize::normalize;

/// Statements by shape and name, in order of first appearance.
pub struct Collector {
    /// What was collected.
    pub statements: Vec<StatementFact>,
    dialect: Dialect,
    by_shape: HashMap<(u64, Option<String>), usize>,
}

/// Which statement an added one became part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// The first of its shape; its position.
    New(usize),
    /// One more of a known shape; its position.
    Known(usize),
}

impl Added {
    /// The position in [`Collector::statements`].
    pub fn at(self) -> usize {
        match self {
            Added::New(at) | Added::Known(at) => at,
        }
    }
}

impl Collector {
    /// Nothing collected yet.
    pub fn new(dialect: Dialect) -> Collector {
        Collector { statements: Vec::new(), dialect, by_shape: HashMap::new() }
    }

    /// Adds one statement. `fact.calls` of `None` stays `None`: it was written, not counted.
    pub fn add(&mut self, fact: StatementFact) -> Added {
        let shape = normalize(&fact.sql, self.dialect);
        let key = (shape.fingerprint(), fact.name.clone());
        let calls = fact.calls.unwrap_or(1.0);
        let added = match self.by_shape.get(&key) {
            Some(at) => Added::Known(*at),
            None => Added::New(self.statements.len()),
        };
        if let Added::New(at) = added {
            self.by_shape.insert(key, at);
            self.statements.push(StatementFact { n_folded: 1, ..fact });
            if let Some(first) = self.statements.last_mut() {
                count_values(&mut first.literals, &shape, &first.parameters, calls);
            }
        } else if let Some(known) = self.statements.get_mut(added.at()) {
            count_values(&mut known.literals, &shape, &fact.parameters, calls);
            known.n_folded += 1;
            known.calls = match (known.calls, fact.calls) {
                (Some(a), Some(b)) => Some(a + b),
                (a, b) => a.or(b),
            };
            known.timing.add(&fact.timing);
            if known.parameters.is_empty() && !fact.parameters.is_empty() {
                (known.sql, known.parameters) = (fact.sql, fact.parameters);
            }
        }
        added
    }

    /// Adds the time of one call to a statement that was added without.
    pub fn add_time(&mut self, at: usize, ms: f64) {
        if let Some(fact) = self.statements.get_mut(at) {
            fact.timing.add(&Timing::of_call(ms));
        }
    }
}
