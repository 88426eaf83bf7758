//! What pasted plans measured goes before what is estimated.

use crate::catalog::Table;
use crate::sql::expr::Expr;

/// The measured part of the rows for which conditions hold together; none when they are not all of
/// one table or were not measured. `table_of`: the table of a relation.
pub fn observed<'a>(
    conditions: &[&Expr],
    table_of: impl Fn(usize) -> Option<&'a Table>,
) -> Option<f64> {
    let mut columns = conditions.iter().flat_map(|condition| condition.columns());
    let relation = columns.next()?.relation;
    let table = table_of(usize::from(relation)).filter(|table| !table.observed.is_empty())?;
    columns.all(|column| column.relation == relation).then_some(())?;
    table.observed_conjunction(conditions)
}
