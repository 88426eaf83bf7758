//! What pasted plans measured of a table's rows.

use super::Table;
use crate::diagnostic::Place;
use crate::sql::canonical::{canonical, canonical_all};
use crate::sql::expr::Expr;
use crate::sql::print::print_expr;

/// The part of a table's rows for which a condition held while a pasted plan ran.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedSelectivity {
    /// Over the table's columns (relation 0), in canonical form.
    pub condition: Expr,
    /// The condition as text, by which the table keeps them in order.
    pub key: String,
    /// From 0 to 1.
    pub selectivity: f64,
    /// The plan.
    pub source: Option<Place>,
}

impl Table {
    /// The measured part of the rows for which a condition holds; its columns are of this table, at
    /// whatever position in the query. Of several measurements the largest counts.
    pub fn observed_selectivity(&self, condition: &Expr) -> Option<f64> {
        if self.observed.is_empty() {
            return None;
        }
        self.observed_canonical(&canonical(condition))
    }

    /// The same for conditions that all must hold: measured together they need not be independent.
    pub fn observed_conjunction(&self, conditions: &[&Expr]) -> Option<f64> {
        if self.observed.is_empty() || conditions.is_empty() {
            return None;
        }
        self.observed_canonical(&canonical_all(conditions))
    }

    fn observed_canonical(&self, condition: &Expr) -> Option<f64> {
        let key = key(condition);
        let at = self.observed.binary_search_by(|observed| observed.key.cmp(&key)).ok()?;
        let observed = self.observed.get(at)?;
        (observed.condition == *condition).then_some(observed.selectivity)
    }
}

/// A canonical condition as text.
pub fn key(condition: &Expr) -> String {
    print_expr(condition, &|column| format!("#{}", column.column))
}
