//! Runs what the review proposes on real servers: every statement in `create`, `drop` and `reverse` of
//! every finding about the sample applications, on PostgreSQL as they are and on MariaDB and SQLite in
//! translation. A server that is not installed is skipped, loudly. Not part of `cargo test`:
//!
//!     cargo test --no-default-features --test servers -- --nocapture

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

#[path = "../../xtask/src/cluster.rs"]
mod cluster;
mod mariadb;
mod postgres;
mod sqlite;
mod translate;

use sargable::Input;
use sargable::dialect::Dialect;
use sargable::input::Piece;
use sargable::progress::Silent;
use sargable::report::{Finding, Report};

/// A server of one dialect.
trait Server {
    /// Runs a script in a database of this name, made anew when `fresh`. Statements that fail are
    /// errors, unless `lenient`.
    fn run(&self, database: &str, script: &str, how: How) -> Result<(), String>;
}

/// How to run a script.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// In a new database, past statements that fail.
    FreshLenient,
    /// In the database as it is; the first failure counts.
    Strict,
}

/// A sample application.
struct Sample {
    name: &'static str,
    schema: String,
    queries: String,
    statistics: Option<String>,
}

fn read(path: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn samples() -> Vec<Sample> {
    let sample = |name| Sample {
        name,
        schema: read(&format!("www/samples/{name}/schema.sql")),
        queries: read(&format!("www/samples/{name}/queries.sql")),
        statistics: Some(read(&format!("www/samples/{name}/statistics.json"))),
    };
    ["bots", "health", "agents"].map(sample).into()
}

fn review(sample: &Sample, dialect: Dialect) -> Report {
    let piece = |name: &str, text: &str| Piece {
        name: Some(name.to_owned()),
        text: text.to_owned(),
        kind: None,
        ..Piece::default()
    };
    let mut pieces = vec![piece("schema", &sample.schema), piece("queries", &sample.queries)];
    pieces.extend(sample.statistics.as_deref().map(|text| piece("statistics", text)));
    let input = Input { pieces, dialect: Some(dialect), ..Input::default() };
    sargable::analyze(&input, &mut Silent)
}

fn script(statements: &[&String]) -> String {
    statements.iter().map(|sql| format!("{};\n", sql.trim_end_matches(';'))).collect()
}

/// Applies and undoes every finding by itself, then all of them together. Says how many statements ran.
fn apply_all(server: &dyn Server, sample: &Sample, dialect: Dialect) -> Vec<String> {
    let report = review(sample, dialect);
    let mut complaints = Vec::new();
    let mut n_statements = 0;
    let loaded = server.run(sample.name, &sample.schema, How::FreshLenient);
    loaded.unwrap_or_else(|error| panic!("{}: the schema does not load: {error}", sample.name));
    let mut run = |finding: Option<&Finding>, statements: &[&String]| {
        n_statements += statements.len();
        if let Err(error) = server.run(sample.name, &script(statements), How::Strict) {
            let of = finding.map_or("all together", |finding| &finding.title);
            complaints.push(format!("{} on {}: {of}: {error}", sample.name, dialect.name()));
        }
    };
    for finding in &report.findings {
        let forward: Vec<&String> = finding.create.iter().chain(&finding.drop).collect();
        run(Some(finding), &forward);
        run(Some(finding), &finding.reverse.iter().collect::<Vec<_>>());
    }
    let creates = report.findings.iter().flat_map(|finding| &finding.create);
    let drops = report.findings.iter().flat_map(|finding| &finding.drop);
    run(None, &creates.chain(drops).collect::<Vec<_>>());
    println!("{}: {n_statements} statements ran on {}", sample.name, dialect.name());
    complaints
}

fn check(server: Option<Box<dyn Server>>, dialect: Dialect, translated: fn(&Sample) -> Sample) {
    let Some(server) = server else {
        return println!("SKIPPED: {} is not installed", dialect.name());
    };
    let complaints: Vec<String> = samples()
        .iter()
        .flat_map(|sample| apply_all(server.as_ref(), &translated(sample), dialect))
        .collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn postgres() {
    let as_is = |sample: &Sample| Sample {
        name: sample.name,
        schema: sample.schema.clone(),
        queries: sample.queries.clone(),
        statistics: sample.statistics.clone(),
    };
    check(postgres::start(), Dialect::Postgres, as_is);
}

#[test]
fn mariadb() {
    check(mariadb::start(), Dialect::Mariadb, translate::to_mariadb);
}

#[test]
fn sqlite() {
    check(sqlite::start(), Dialect::Sqlite, translate::to_sqlite);
}
