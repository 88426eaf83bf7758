//! Parses and binds every entry of the workload.

use super::Workload;
use super::bind::{Unresolved, bind_query};
use super::pull_up::pull_up_subqueries;
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::progress::{Progress, Stage};
use crate::sql::parse::parse_query;

/// Fills in `Entry::query`. What is not understood was reported when it was read; here only names that
/// are in no schema are, each once.
pub fn bind_all(
    workload: &mut Workload,
    catalog: &Catalog,
    remarks: &mut Vec<Diagnostic>,
    progress: &mut dyn Progress,
) {
    let total = workload.entries.len();
    let mut missing: Vec<(Unresolved, Option<Place>, usize)> = Vec::new();
    for (done, entry) in workload.entries.iter_mut().enumerate() {
        progress.at(Stage::Bind, done, total);
        let mut query = match parse_query(&entry.sql, catalog.dialect) {
            Ok(query) => query,
            Err(error) => {
                entry.problem = Some(error.message);
                continue;
            }
        };
        let unresolved = bind_query(&mut query, catalog);
        pull_up_subqueries(&mut query);
        entry.problem = unresolved.first().map(words);
        entry.query = Some(query);
        for name in unresolved {
            match missing.iter_mut().find(|(known, ..)| *known == name) {
                Some((_, _, count)) => *count += 1,
                None => missing.push((name, entry.source.clone(), 1)),
            }
        }
    }
    for (name, place, count) in missing {
        remarks.push(remark(&name, place, count));
    }
}

fn words(name: &Unresolved) -> String {
    match name {
        Unresolved::Table(table) => format!("table {table:?} is in no pasted schema"),
        Unresolved::Column(column) => format!("column {column:?} is in no table of the query"),
    }
}

fn remark(name: &Unresolved, place: Option<Place>, count: usize) -> Diagnostic {
    let (code, help) = match name {
        Unresolved::Table(_) => {
            ("unknown-table", "paste its CREATE TABLE; queries that read it are not planned")
        }
        Unresolved::Column(_) => {
            ("unknown-column", "paste the schema as it is now; conditions on it are guessed")
        }
    };
    let queries = if count == 1 { "1 query".to_owned() } else { format!("{count} queries") };
    let message = format!("{queries}: {}", words(name));
    let diagnostic = Diagnostic::new(Severity::Warning, code, message).help(help);
    match place {
        Some(place) => diagnostic.at(place),
        None => diagnostic,
    }
}
