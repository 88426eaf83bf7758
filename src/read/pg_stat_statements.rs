//! `pg_stat_statements` of any version, in whatever way it was exported: CSV, psql's table, `\x`,
//! unaligned, JSON. Only `query` and `calls` are needed; people rename and round the times, so those
//! are recognised by several names.

use super::collect::{Added, Collector};
use super::facts::{Facts, StatementFact, Timing};
use super::verb::{Verb, inner_query};
use super::{Claim, Format, Segment};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::sql::parse::parse_query;
use crate::text::export::{Table, find_header, read_rows};

/// Rows of `pg_stat_statements`.
pub const FORMAT: Format =
    Format { name: "pg-stat-statements", title: "pg_stat_statements", claim, read };

fn claim(text: &str, at: usize) -> Option<Claim> {
    let header = find_header(text, at)?;
    if !is_pg_stat_statements(&header.columns) {
        return None;
    }
    let end = read_rows(text, &header).end;
    let reason = format!("{} with the columns query and calls", header.shape);
    Some(Claim { end, reason, dialect: Some(Dialect::Postgres) })
}

fn is_pg_stat_statements(columns: &[String]) -> bool {
    let has = |name: &str| columns.iter().any(|column| column == name);
    has("query") && has("calls")
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    let text = segment.text();
    let Some(header) = find_header(text, 0) else { return no_header(segment, facts) };
    let table = read_rows(text, &header);
    let columns = Columns::of(&table);
    let mut queries = Collector::new(segment.dialect);
    for (start, row) in &table.rows {
        let Some(sql) = table.cell(row, columns.query) else {
            facts.skipped += 1;
            continue;
        };
        let offset = segment.span.start + start;
        if sql.starts_with('<') {
            facts.skipped += 1;
            hidden(segment, offset, facts);
            continue;
        }
        if Verb::of(sql, segment.dialect) != Verb::Query {
            facts.entries += 1;
            continue;
        }
        let Some((name, span)) = inner_query(sql, segment.dialect) else {
            facts.entries += 1;
            continue;
        };
        let mut fact = columns.fact(&table, row, span.of(sql));
        fact.name = name;
        fact.source = Some(segment.source.place(offset));
        if let Added::New(_) = queries.add(fact)
            && let Err(error) = parse_query(span.of(sql), segment.dialect)
        {
            facts.skipped += 1;
            let message = format!("a query is not understood: {}", error.message);
            let remark = Diagnostic::new(Severity::Error, "query-not-understood", message)
                .help("it keeps its place in the workload but no index is judged for it")
                .at(segment.source.place(offset));
            facts.diagnostics.push(remark);
            continue;
        }
        facts.entries += 1;
    }
    facts.skipped += table.skipped;
    facts.statements.append(&mut queries.statements);
}

fn no_header(segment: &Segment<'_>, facts: &mut Facts) {
    facts.skipped += 1;
    let remark = Diagnostic::new(
        Severity::Error,
        "no-header",
        "there is no line with the names of the columns, so the cells mean nothing",
    );
    let help = "export with a header: `\\copy (SELECT * FROM pg_stat_statements) TO 'pgss.csv' CSV \
                HEADER`";
    facts.diagnostics.push(remark.help(help).at(segment.source.place(segment.span.start)));
}

fn hidden(segment: &Segment<'_>, offset: usize, facts: &mut Facts) {
    let message = "the text of a query is hidden from the user who exported this";
    let remark = Diagnostic::new(Severity::Warning, "query-hidden", message)
        .help("export as a superuser or as a member of pg_read_all_stats")
        .at(segment.source.place(offset));
    facts.diagnostics.push(remark);
}

/// Where each figure stands, and in which unit.
struct Columns {
    query: Option<usize>,
    calls: Option<usize>,
    total: (Option<usize>, f64),
    mean: (Option<usize>, f64),
    min: Option<usize>,
    max: Option<usize>,
    stddev: Option<usize>,
    rows: Option<usize>,
}

impl Columns {
    fn of(table: &Table) -> Columns {
        let total = ["total_exec_time", "total_time", "total_ms", "total_exec_ms", "total_time_ms"];
        let mean = ["mean_exec_time", "mean_time", "mean_ms", "avg_ms", "mean_exec_ms", "avg_time"];
        let in_seconds = |names: &[&str]| (table.column(names), 1000.0);
        let or = |first: Option<usize>, other: (Option<usize>, f64)| match first {
            Some(at) => (Some(at), 1.0),
            None => other,
        };
        Columns {
            query: table.column(&["query"]),
            calls: table.column(&["calls"]),
            total: or(table.column(&total), in_seconds(&["total_seconds", "total_sec", "total_s"])),
            mean: or(table.column(&mean), in_seconds(&["mean_seconds", "avg_seconds", "avg_s"])),
            min: table.column(&["min_exec_time", "min_time", "min_ms"]),
            max: table.column(&["max_exec_time", "max_time", "max_ms"]),
            stddev: table.column(&["stddev_exec_time", "stddev_time", "stddev_ms"]),
            rows: table.column(&["rows"]),
        }
    }

    fn fact(&self, table: &Table, row: &[String], sql: &str) -> StatementFact {
        let calls = table.number(row, self.calls).filter(|calls| *calls >= 0.0);
        let timed = |(column, unit): (Option<usize>, f64)| Some(table.number(row, column)? * unit);
        let total = timed(self.total).or_else(|| Some(timed(self.mean)? * calls?));
        StatementFact {
            sql: sql.trim().trim_end_matches(';').to_owned(),
            calls,
            timing: Timing {
                n_timed: total.and(calls).unwrap_or(0.0),
                total_ms: total,
                min_ms: table.number(row, self.min),
                max_ms: table.number(row, self.max),
                stddev_ms: table.number(row, self.stddev),
                ..Timing::default()
            },
            rows: table.number(row, self.rows).zip(calls).map(|(rows, n)| rows / n.max(1.0)),
            ..StatementFact::default()
        }
    }
}
