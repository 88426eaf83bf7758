//! `cargo xtask record`: what a real PostgreSQL answers to the cases of `tests/oracle`.
//!
//! A case is a folder. By hand: `schema.sql`; `data.sql`, which sets the settings of the database, fills
//! it and gathers statistics; `queries.sql`, every query behind a line `-- name: NAME`; and, where the
//! indexes are to be hypothetical for the model, `indexes.sql`. Recorded: `stats.json`, by the very query
//! that users run and before `indexes.sql`; `plans.jsonl`, with the indexes really built.
//!
//! Recording again gives the same, but for the time of it: data come from a seed, and ANALYZE reads
//! every row where a column of the table wants that many samples.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cluster::{self, Cluster};
use crate::step::{Outcome, root, timed};

/// The version that is modelled.
const VERSION: &str = "15";

/// What a case does not set for itself. Few statistics, because they are kept in the repository.
const SETTINGS: [&str; 6] = [
    "default_statistics_target=20",
    "max_parallel_workers_per_gather=0",
    "jit=off",
    "autovacuum=off",
    "TimeZone=UTC",
    "max_wal_size=4GB",
];

/// Records the named cases, or all.
pub fn record(names: &[String]) -> Outcome {
    let bin = cluster::find_bin(Some(VERSION)).ok_or_else(|| {
        format!(
            "PostgreSQL {VERSION} is not installed; on Debian: apt install postgresql-{VERSION}"
        )
    })?;
    let cases = root().join("tests/oracle/cases");
    let chosen = match names {
        [] => folders(&cases)?,
        names => names.iter().map(|name| cases.join(name)).collect(),
    };
    let server = timed("starting PostgreSQL", || cluster::start(bin, &SETTINGS))?;
    for case in chosen {
        timed(&format!("recording {}", case.display()), || record_case(&server, &case))?;
    }
    println!(
        "UPDATE=1 cargo test --no-default-features --test oracle now says how the model compares."
    );
    Ok(())
}

fn folders(parent: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = std::fs::read_dir(parent).map_err(|e| format!("{}: {e}", parent.display()))?;
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

fn record_case(server: &Cluster, case: &Path) -> Outcome {
    let database = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
    run(server, "postgres", &format!("CREATE DATABASE {database};"))?;
    server.psql(&database, &case.join("schema.sql"), true)?;
    server.psql(&database, &case.join("data.sql"), true)?;
    let statistics = server.psql(&database, &root().join("www/export_stats.sql"), true)?;
    write(&case.join("stats.json"), &statistics)?;
    let indexes = case.join("indexes.sql");
    if indexes.is_file() {
        server.psql(&database, &indexes, true)?;
    }
    let queries = case.join("queries.sql");
    let queries =
        std::fs::read_to_string(&queries).map_err(|e| format!("{}: {e}", queries.display()))?;
    let answers = run(server, &database, &explain_all(&queries))?;
    write(&case.join("plans.jsonl"), &read_answers(&answers)?)
}

fn run(server: &Cluster, database: &str, script: &str) -> Outcome<String> {
    let file = server.folder().join("script.sql");
    write(&file, script)?;
    server.psql(database, &file, true)
}

fn write(path: &Path, text: &str) -> Outcome {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Before a name in what the server prints.
const MARK: &str = "=== ";

/// A script that explains every query behind its name.
fn explain_all(queries: &str) -> String {
    let mut script = String::new();
    for line in queries.split('\n') {
        match line.strip_prefix("-- name: ") {
            Some(name) => {
                script += &format!("\\echo '{MARK}{}'\nEXPLAIN (FORMAT JSON)\n", name.trim());
            }
            None => script += &format!("{line}\n"),
        }
    }
    script
}

/// One line of JSON for every plan.
fn read_answers(answers: &str) -> Outcome<String> {
    let mut lines = String::new();
    for answer in answers.split(MARK).skip(1) {
        let (name, plan) = answer.split_once('\n').unwrap_or((answer, ""));
        let mut plan: Value =
            serde_json::from_str(plan).map_err(|error| format!("the plan of {name}: {error}"))?;
        let mut plan = plan[0]["Plan"].take();
        leave_out_flags(&mut plan);
        lines += &format!("{}\n", json!({ "name": name, "plan": plan }));
    }
    Ok(lines)
}

/// Every node says of itself that it is not parallel and not asynchronous.
fn leave_out_flags(node: &mut Value) {
    if let Some(node) = node.as_object_mut() {
        node.retain(|_, value| *value != Value::Bool(false));
    }
    for child in node.get_mut("Plans").and_then(Value::as_array_mut).into_iter().flatten() {
        leave_out_flags(child);
    }
}
