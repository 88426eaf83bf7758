//! Queries for afterwards: is each index there and valid, is it used, how large is it beside the
//! estimate, and how much of it is air.

use super::steps::Plan;
use super::verify_mysql;
use super::verify_postgres;
use super::words::comment;
use crate::advise::{Action, Change};
use crate::dialect::Dialect;
use crate::report::{Finding, Report};
use crate::sql::quote::quote_text;
use crate::text::lex::{TokenKind, tokens};

/// Queries explained for each index.
const QUERIES_MAX: usize = 3;

/// An index of the migration, with the name of everything.
pub struct Checked<'a> {
    /// What is done to it.
    pub change: &'a Change,
    /// Its finding.
    pub finding: &'a Finding,
}

/// All queries, for the server's own client.
pub fn render(report: &Report, plan: &Plan) -> String {
    let mut out = String::new();
    let dialect = plan.dialect;
    comment(
        &mut out,
        "--",
        &format!("After the migration, for {}. Nothing here writes.", dialect.name()),
    );
    let all = |action: Action| -> Vec<Checked<'_>> {
        let findings = report.findings.iter();
        let all = findings.flat_map(|finding| {
            finding.changes.iter().map(move |change| Checked { change, finding })
        });
        all.filter(|checked| checked.change.action == action).collect()
    };
    let (made, dropped) = (all(Action::Create), all(Action::Drop));
    match dialect {
        Dialect::Postgres => verify_postgres::write(&mut out, &made, &dropped),
        Dialect::Mysql | Dialect::Mariadb => {
            verify_mysql::write(&mut out, &made, &dropped, dialect);
        }
        Dialect::Sqlite => write_sqlite(&mut out, &made, &dropped),
    }
    write_explains(&mut out, report, &made);
    out
}

/// `SELECT ...` under a question.
pub fn write_query(out: &mut String, question: &str, query: &str) {
    out.push('\n');
    comment(out, "--", question);
    out.push_str(query);
    out.push_str(";\n");
}

/// `(a, b), (c, d)`, or nothing where there is nothing.
pub fn rows(all: &[Checked<'_>], row: impl Fn(&Change) -> String) -> Option<String> {
    let rows: Vec<String> = all.iter().map(|checked| row(checked.change)).collect();
    (!rows.is_empty()).then(|| rows.join(",\n    "))
}

fn write_sqlite(out: &mut String, made: &[Checked<'_>], dropped: &[Checked<'_>]) {
    let text = |text: &str| quote_text(text, Dialect::Sqlite);
    let row = |c: &Change| format!("({}, {:.0})", text(&c.index), c.size_bytes);
    let expected =
        |rows: &str| format!("WITH expected (name, estimate) AS (VALUES\n    {rows}\n)\n");
    if let Some(rows) = rows(made, row) {
        let expected = expected(&rows);
        write_query(
            out,
            "Is it there? One row for each new index; sql is NULL where it is missing.",
            &format!(
                "{expected}SELECT e.name, m.tbl_name, m.sql FROM expected e\n\
                 LEFT JOIN sqlite_master m ON m.type = 'index' AND m.name = e.name"
            ),
        );
        write_query(
            out,
            "Does the planner know it? No row in sqlite_stat1: run ANALYZE.",
            &format!(
                "{expected}SELECT e.name, s.stat FROM expected e LEFT JOIN sqlite_stat1 s ON \
                 s.idx = e.name"
            ),
        );
        write_query(
            out,
            "Its real size beside the estimate, and the bytes unused in its pages (the part that VACUUM \
             or REINDEX gives back). Needs SQLite built with dbstat, as its command line tool is; \
             sqlite3_analyzer prints the same.",
            &format!(
                "{expected}SELECT e.name, e.estimate, sum(d.pgsize) AS bytes, sum(d.unused) AS unused\n\
                 FROM expected e LEFT JOIN dbstat d ON d.name = e.name GROUP BY e.name, e.estimate"
            ),
        );
    }
    if let Some(rows) = rows(dropped, row) {
        write_query(
            out,
            "Is it gone? No row is good.",
            &format!(
                "{}SELECT m.name FROM expected e JOIN sqlite_master m ON m.type = 'index' AND \
                 m.name = e.name",
                expected(&rows)
            ),
        );
    }
}

/// The queries that each new index is for: its name should stand in their plans.
fn write_explains(out: &mut String, report: &Report, made: &[Checked<'_>]) {
    let dialect = report.dialect;
    let explain = match dialect {
        Dialect::Sqlite => "EXPLAIN QUERY PLAN",
        _ => "EXPLAIN",
    };
    for checked in made {
        for id in checked.finding.queries.iter().take(QUERIES_MAX) {
            let Some(query) = report.queries.iter().find(|query| query.id == *id) else { continue };
            let name = query.name.as_deref().unwrap_or(id);
            let question =
                format!("Is {} used? It should stand in the plan of {name}.", checked.change.index);
            let sql = crate::sql::rewrite::flat(&query.sql, dialect);
            let unknown = tokens(&sql, 0, dialect).any(|token| token.kind == TokenKind::Param);
            if unknown {
                out.push('\n');
                comment(out, "--", &question);
                comment(out, "--", "Put values for its parameters, then:");
                comment(out, "--", &format!("{explain} {sql};"));
            } else {
                write_query(out, &question, &format!("{explain} {sql}"));
            }
        }
    }
}
