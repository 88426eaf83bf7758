//! A large report goes from the worker to the page in portions: each is read in a turn of its own, so that
//! the page never stands still for all of it.

use serde::{Deserialize, Serialize};

use crate::advise::Finding;
use crate::diagnostic::Diagnostic;
use crate::report::{Cell, IndexReport, PlanReport, QueryReport, Report, TableReport};

/// Rows of a portion.
const ROWS: usize = 100;

/// Cells of a portion; they are small.
const CELLS: usize = 1000;

/// Some rows of a list of a report.
#[derive(Debug, Serialize, Deserialize)]
pub enum Portion {
    /// Of the diagnostics.
    Diagnostics(Vec<Diagnostic>),
    /// Of the tables.
    Tables(Vec<TableReport>),
    /// Of the indexes.
    Indexes(Vec<IndexReport>),
    /// Of the queries.
    Queries(Vec<QueryReport>),
    /// Of the findings.
    Findings(Vec<Finding>),
    /// Of the matrix.
    Cells(Vec<Cell>),
    /// Of the pasted plans.
    Plans(Vec<PlanReport>),
}

/// Takes the long lists off a report.
pub fn cut(report: &mut Report) -> Vec<Portion> {
    let mut portions = Vec::new();
    take(&mut report.diagnostics, ROWS, Portion::Diagnostics, &mut portions);
    take(&mut report.tables, ROWS, Portion::Tables, &mut portions);
    take(&mut report.indexes, ROWS, Portion::Indexes, &mut portions);
    take(&mut report.queries, ROWS, Portion::Queries, &mut portions);
    take(&mut report.findings, ROWS, Portion::Findings, &mut portions);
    take(&mut report.matrix.cells, CELLS, Portion::Cells, &mut portions);
    take(&mut report.plans, ROWS, Portion::Plans, &mut portions);
    portions
}

fn take<T>(rows: &mut Vec<T>, n: usize, of: fn(Vec<T>) -> Portion, portions: &mut Vec<Portion>) {
    if rows.len() <= n {
        return;
    }
    let mut rest = std::mem::take(rows);
    while !rest.is_empty() {
        let later = rest.split_off(rest.len().min(n));
        portions.push(of(std::mem::replace(&mut rest, later)));
    }
}

/// Puts them back.
pub fn join(report: &mut Report, portions: Vec<Portion>) {
    for portion in portions {
        match portion {
            Portion::Diagnostics(rows) => report.diagnostics.extend(rows),
            Portion::Tables(rows) => report.tables.extend(rows),
            Portion::Indexes(rows) => report.indexes.extend(rows),
            Portion::Queries(rows) => report.queries.extend(rows),
            Portion::Findings(rows) => report.findings.extend(rows),
            Portion::Cells(rows) => report.matrix.cells.extend(rows),
            Portion::Plans(rows) => report.plans.extend(rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_joined_in_order() {
        let schema: String =
            (0..450).map(|n| format!("CREATE TABLE t{n} (id int PRIMARY KEY);\n")).collect();
        let piece = crate::input::Piece { text: schema, ..Default::default() };
        let input = crate::Input { pieces: vec![piece], ..Default::default() };
        let whole = crate::analyze(&input, &mut crate::progress::Silent);
        let mut report = whole.clone();
        let portions = cut(&mut report);
        assert!(report.tables.is_empty() && portions.len() >= 10, "{} portions", portions.len());
        join(&mut report, portions);
        assert_eq!(report, whole);
    }
}
