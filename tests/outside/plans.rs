//! How near the model comes to PostgreSQL: plans of a real server for real data under several sets of
//! indexes, compared with what `sargable explain` prints, in one table. `fidelity.txt` holds the table
//! that was reached; a figure that is worse than there fails. `cargo xtask fidelity` runs this.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sargable::Input;
use sargable::dialect::Dialect;
use sargable::input::Piece;
use sargable::progress::Silent;
use sargable::understand::understand;
use serde_json::Value;

use crate::fidelity::figures::{Figures, figures, mean};
use crate::fidelity::{Compared, compare};
use crate::outside;
use crate::table::{Line, render, worse_and_better};

/// Only these databases, by name, separated by spaces; all when empty.
const DATABASES: &str = "SARGABLE_FIDELITY_DATABASES";
/// How many of the worst queries to show, per database.
const WORST: &str = "SARGABLE_FIDELITY_WORST";
/// Whether to record the table.
const UPDATE: &str = "UPDATE";

#[test]
fn plans_are_those_of_postgres() {
    let Some(folder) = outside("oracle") else { return };
    let wanted = std::env::var(DATABASES).unwrap_or_default();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.split(' ').any(|word| word == name);
    let n_worst = std::env::var(WORST).ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let mut lines = Vec::new();
    let mut worst = String::new();
    for database in names_in(&folder.join("truth")).into_iter().filter(|name| is_wanted(name)) {
        let configurations = compare_database(&folder, &database);
        lines.extend(summarise(&database, &configurations));
        worst += &describe_worst(&database, &configurations, n_worst);
    }
    assert!(!lines.is_empty(), "no database {wanted:?} in {}", folder.display());
    print!("{}{worst}", render(&lines));
    settle(&lines, wanted.is_empty());
}

/// The laws of the planner, over the same databases.
#[test]
fn plans_keep_the_laws() {
    let Some(folder) = outside("oracle/db") else { return };
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside/broken_laws.txt");
    let understood = |name: String| {
        let piece = |file: &str| Piece {
            name: Some(file.to_owned()),
            text: std::fs::read_to_string(folder.join(&name).join(file)).unwrap(),
            kind: None,
            ..Piece::default()
        };
        let pieces = ["schema.sql", "stats.json", "queries.sql"].map(piece).into();
        let input = Input { pieces, dialect: Some(Dialect::Postgres), ..Input::default() };
        (name, understand(&input, &mut Silent))
    };
    crate::laws::hold(names_in(&folder).into_iter().map(understood), &list);
}

/// Records the table, or holds it against the recorded one.
fn settle(lines: &[Line], complete: bool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside/fidelity.txt");
    if std::env::var_os(UPDATE).is_some() {
        assert!(complete, "the table is recorded for all databases at once");
        return std::fs::write(path, render(lines)).unwrap();
    }
    let recorded = std::fs::read_to_string(path).unwrap_or_default();
    let (worse, better) = worse_and_better(&recorded, lines);
    if !better.is_empty() {
        println!("Better than recorded; `cargo xtask fidelity --update` records it:\n{better}");
    }
    assert!(
        worse.is_empty(),
        "\nWorse than tests/outside/fidelity.txt:\n{worse}\
         Look at the queries with `cargo xtask fidelity DATABASE --worst 20`. Where the loss is meant, \
         `cargo xtask fidelity --update` records it, and the commit says why.\n"
    );
}

type Configurations = Vec<(String, Vec<Compared>)>;

/// The configurations of a database, and every query in each of them.
fn compare_database(oracle: &Path, database: &str) -> Configurations {
    let truth = oracle.join("truth").join(database);
    let compare_one = |name: String| {
        let queries = compare_configuration(&oracle.join("db").join(database), &truth.join(&name));
        (name, queries)
    };
    names_in(&truth).into_iter().map(compare_one).collect()
}

fn compare_configuration(database: &Path, truth: &Path) -> Vec<Compared> {
    let model = answers(&explain(database, truth));
    let truth = answers(&std::fs::read_to_string(truth.join("plans.jsonl")).unwrap());
    let planned = truth.iter().filter(|(_, answer)| answer["plan"].is_object());
    let compare_one = |(name, truth): (&String, &Value)| {
        let answer = model.get(name).unwrap_or(&Value::Null);
        let why = || answer["error"].as_str().unwrap_or("absent").to_owned();
        let plan = answer.get("plan").ok_or_else(why);
        compare(name, &truth["plan"], plan)
    };
    planned.map(compare_one).collect()
}

/// The plans of `sargable explain`. The servers were asked with and without workers, but exported
/// their settings only once: without.
fn explain(database: &Path, truth: &Path) -> String {
    let files = ["schema.sql", "stats.json", "queries.sql"].map(|file| database.join(file));
    let mut command = Command::new(env!("CARGO_BIN_EXE_sargable"));
    command.arg("explain").args(files).args(["--format", "json", "--with"]);
    command.arg(truth.join("indexes.sql"));
    if truth.to_string_lossy().contains("parallel") {
        let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside/parallel.sql");
        command.arg("--with").arg(settings);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Lines of JSON by the name of the query.
fn answers(text: &str) -> BTreeMap<String, Value> {
    let lines = text.split('\n').filter(|line| !line.trim().is_empty());
    let read = |line: &str| {
        let answer: Value = serde_json::from_str(line).unwrap();
        (answer["name"].as_str().unwrap_or_default().to_owned(), answer)
    };
    lines.map(read).collect()
}

/// A line for every configuration, then the means without and with parallel workers.
fn summarise(database: &str, configurations: &Configurations) -> Vec<Line> {
    let line = |(name, queries): &(String, Vec<Compared>)| (name.clone(), figures(queries));
    let each: Vec<(String, Figures)> = configurations.iter().map(line).collect();
    let (parallel, serial): (Vec<_>, Vec<_>) =
        each.iter().cloned().partition(|(name, _)| name.contains("parallel"));
    let means = [("MEAN", serial), ("MEAN parallel", parallel)].map(|(name, of)| {
        let of: Vec<Figures> = of.into_iter().map(|(_, figures)| figures).collect();
        (!of.is_empty()).then(|| (name.to_owned(), mean(&of)))
    });
    let lines = each.into_iter().chain(means.into_iter().flatten());
    lines.map(|(name, figures)| Line { name: format!("{database} {name}"), figures }).collect()
}

/// The worst queries of a database over all configurations, with what is wrong in the worst of them.
fn describe_worst(database: &str, configurations: &Configurations, n: usize) -> String {
    let mut by_query: BTreeMap<&str, (f64, usize, String)> = BTreeMap::new();
    for (configuration, queries) in configurations {
        for query in queries {
            let badness = badness(query);
            let known = by_query.entry(&query.name).or_insert((-1.0, 0, String::new()));
            known.1 += usize::from(query.scans.iter().any(|scan| !scan.right));
            if badness > known.0 {
                known.0 = badness;
                known.2 = format!("worst in {configuration}: {}", describe(query));
            }
        }
    }
    let mut worst: Vec<_> = by_query.into_iter().collect();
    worst.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    let of = configurations.len();
    let line = |(name, (_, n_wrong, text)): (&str, (f64, usize, String))| {
        format!("  {database} {name}: scans wrong in {n_wrong} of {of}; {text}\n")
    };
    worst.into_iter().take(n).map(line).collect()
}

/// How many wrong scans of a query are named.
const NAMED_MAX: usize = 4;

/// A wrong scan counts as much as a cost that is off by a factor of a hundred.
fn badness(query: &Compared) -> f64 {
    let n_wrong = query.scans.iter().filter(|scan| !scan.right).count();
    query.cost_ratio.map_or(f64::INFINITY, |ratio| n_wrong as f64 * 100.0 + (ratio - 1.0).abs())
}

fn describe(query: &Compared) -> String {
    if let Some(problem) = &query.problem {
        return format!("no plan: {problem}");
    }
    let wrong = query.scans.iter().filter(|scan| !scan.right);
    let n_more = wrong.clone().count().saturating_sub(NAMED_MAX);
    let more = if n_more > 0 { format!("; and {n_more} more") } else { String::new() };
    let wrong = wrong.take(NAMED_MAX).map(|scan| {
        let path = |scan: &crate::fidelity::Scan| {
            [&[scan.path.to_owned()], scan.indexes.as_slice()].concat().join(" ")
        };
        let model: Vec<String> = scan.model.iter().map(path).collect();
        let model = if model.is_empty() { "nothing".to_owned() } else { model.join(", ") };
        format!("; {}: {}, not {model}", scan.truth.relation.1, path(&scan.truth))
    });
    let (ratio, top) = (query.cost_ratio.unwrap_or(0.0), query.top_q.unwrap_or(0.0));
    format!("cost x{ratio:.2}, rows q {top:.2}{}{more}", wrong.collect::<String>())
}

/// The folders in a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut names: Vec<String> = folders.map(name).collect();
    names.sort();
    names
}
