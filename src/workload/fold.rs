//! Folds statements by fingerprint.

use crate::dialect::Dialect;
use crate::read::StatementFact;
use crate::workload::Workload;

/// One entry a fingerprint, in source order; queries are not parsed yet.
pub fn fold_statements(_statements: &[StatementFact], _dialect: Dialect) -> Workload {
    Workload::default()
}
