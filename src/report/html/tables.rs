//! Tables and indexes with their sizes, and what the sizes rest on.

use super::findings::code;
use super::parts::{escape, figure, write_part, write_section, write_table};
use crate::report::data::{IndexReport, Report, TableReport};
use crate::report::units::{bytes, count};
use crate::report::words::basis_name;

/// The section.
pub fn write(out: &mut String, report: &Report) {
    write_section(out, "Tables and indexes", |out| {
        let row = |table: &TableReport| {
            let n_indexes = report.indexes.iter().filter(|index| index.table == table.name).count();
            vec![
                escape(&table.name),
                with_basis(&count(table.rows), basis_name(table.rows_basis)),
                with_basis(&bytes(table.size_bytes), basis_name(table.size_basis)),
                count(n_indexes as f64),
            ]
        };
        write_table(out, &["table", "#rows", "#size", "#indexes"], report.tables.iter().map(row));
        write_part(out, "Indexes", |out| {
            let head = ["table", "index", "keys", "#size", "#scans", "used by"];
            write_table(out, &head, report.indexes.iter().map(index_row));
        });
    });
}

fn index_row(index: &IndexReport) -> Vec<String> {
    let suggested = if index.suggested { " <b class=\"gain\">suggested</b>" } else { "" };
    vec![
        escape(&index.table),
        format!("{}{suggested}", escape(&index.name)),
        code(&index.shape),
        with_basis(&bytes(index.size_bytes), basis_name(index.size_basis)),
        index.idx_scan.map(|scans| figure(&count(scans))).unwrap_or_default(),
        escape(&index.used_by.join(", ")),
    ]
}

fn with_basis(number: &str, basis: &str) -> String {
    format!("{} <span class=\"basis\">{basis}</span>", figure(number))
}
