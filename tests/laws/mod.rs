//! What holds of every plan, whatever the server would say: over all queries of a database and over
//! variants of them. What does not hold is listed in a file `broken_laws.txt` with the reason;
//! `UPDATE=1` writes the list, and keeps the reasons.
//!
//! Used by `tests/oracle` (our recorded cases) and `tests/outside` (databases beside this checkout).

mod variants;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sargable::catalog::Catalog;
use sargable::plan::{Configuration, Plan, plan_query};
use sargable::sql::query::Query;
use sargable::understand::Understood;
use serde_json::Value;

use variants::{larger, looser, possible_indexes};

/// Of two paths whose costs differ by less than this factor PostgreSQL keeps the one that is better
/// otherwise (earlier first row, useful order) or that it saw first. So a choice may cost a little more
/// than the best there is, at each level of the plan.
const FUZZ: f64 = 1.01;
/// Room for rounding: rows are whole numbers at every level of a plan, so a larger or a tighter one may
/// differ by one row.
const ROUNDING_ROWS: f64 = 1.0;

/// Indexes over two columns are tried for queries of few tables: there are many, and many plans each.
const PAIRS_LEVELS_MAX: usize = 5;

/// A query with what is around it.
struct Subject<'a> {
    catalog: &'a Catalog,
    sql: &'a str,
    query: &'a Query,
    plan: Plan,
}

/// What is broken by which query, and an example.
type Broken = BTreeMap<(String, String), String>;

type Law = fn(&Subject<'_>) -> Option<String>;

const LAWS: [(&str, Law); 6] = [
    ("costs are numbers, the first row's not above the last's", costs_in_order),
    ("a scan has at most the rows of its table", rows_within_table),
    ("more rows are never cheaper", more_rows),
    ("a tighter predicate never has more rows", tighter_predicate),
    ("an index more never raises the cost", more_indexes),
    ("the same input has the same plan", same_again),
];

/// Holds the laws over databases by name, but for those listed in a file.
pub fn hold(databases: impl Iterator<Item = (String, Understood)>, list: &Path) {
    let broken = databases.flat_map(|(name, understood)| broken_in(&name, &understood)).collect();
    settle(&broken, list);
}

fn broken_in(database: &str, understood: &Understood) -> Broken {
    let mut broken = Broken::new();
    let catalog = &understood.catalog;
    let configuration = Configuration::existing(catalog);
    for entry in &understood.workload.entries {
        let (Some(name), Some(query)) = (&entry.name, &entry.query) else { continue };
        let Ok(plan) = plan_query(&configuration, query) else { continue };
        let subject = Subject { catalog, sql: &entry.sql, query, plan };
        for (law, holds) in LAWS {
            if let Some(complaint) = holds(&subject) {
                broken.insert((law.to_owned(), format!("{database} {name}")), complaint);
            }
        }
    }
    broken
}

/// Writes the list, or holds what is broken against it.
fn settle(broken: &Broken, path: &Path) {
    let recorded = read_list(&std::fs::read_to_string(path).unwrap_or_default());
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(path, write_list(broken, &recorded)).unwrap();
    }
    let new: Vec<String> = broken
        .iter()
        .filter(|(key, _)| !recorded.contains_key(*key))
        .map(|((law, of), complaint)| format!("  {law}: {of}: {complaint}"))
        .collect();
    assert!(new.is_empty(), "\nthese laws do not hold:\n{}", new.join("\n"));
    let kept: Vec<&(String, String)> =
        recorded.keys().filter(|key| !broken.contains_key(*key)).collect();
    assert!(kept.is_empty(), "\nthese hold now, UPDATE=1 takes them off the list: {kept:#?}");
}

const HEAD: &str = "\
# Laws that do not hold for a query, and why. With UPDATE=1 the test writes the list and keeps the
# reasons, which are written by hand.
";
const NO_REASON: &str = "not looked into";

fn write_list(broken: &Broken, reasons: &BTreeMap<(String, String), String>) -> String {
    let laws: BTreeSet<&String> = broken.keys().map(|(law, _)| law).collect();
    let mut out = HEAD.to_owned();
    for law in laws {
        out += &format!("\n{law}\n");
        for key in broken.keys().filter(|(of_law, _)| of_law == law) {
            let reason = reasons.get(key).map_or(NO_REASON, String::as_str);
            out += &format!("  {}: {reason}\n", key.1);
        }
    }
    out
}

/// The reasons by law and query.
fn read_list(text: &str) -> BTreeMap<(String, String), String> {
    let mut law = "";
    let mut list = BTreeMap::new();
    for line in text.split('\n').filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.strip_prefix("  ").and_then(|line| line.split_once(": ")) {
            Some((of, why)) => {
                list.insert((law.to_owned(), of.to_owned()), why.to_owned());
            }
            None => law = line,
        }
    }
    list
}

fn costs_in_order(subject: &Subject<'_>) -> Option<String> {
    let mut complaint = None;
    subject.plan.root.walk(&mut |node| {
        let [startup, total] = [node.startup_cost, node.total_cost].map(|c| c.unwrap_or(f64::NAN));
        let rows = node.plan_rows.unwrap_or(f64::NAN);
        // Negated, so that what is no number is a complaint too.
        if !(0.0 <= startup && startup <= total && total.is_finite() && 0.0 <= rows) {
            complaint = Some(format!("{} costs {startup}..{total}", node.node_type));
        }
    });
    complaint
}

fn rows_within_table(subject: &Subject<'_>) -> Option<String> {
    let mut complaint = None;
    subject.plan.root.walk(&mut |node| {
        let Some(name) = &node.relation_name else { return };
        let table = subject.catalog.tables.iter().find(|table| table.name.name == *name);
        let Some(all) = table.and_then(|table| table.statistics.reltuples) else { return };
        let rows = node.plan_rows.unwrap_or(f64::NAN);
        if node.node_type.contains("Scan") && (rows.is_nan() || rows > all.max(1.0)) {
            complaint = Some(format!("{rows} rows of {name}, which has {all}"));
        }
    });
    complaint
}

fn more_rows(subject: &Subject<'_>) -> Option<String> {
    let cost = subject.plan.total_cost;
    [2.0, 10.0].into_iter().find_map(|factor| {
        let catalog = larger(subject.catalog, factor);
        let plan = plan_query(&Configuration::existing(&catalog), subject.query).ok()?;
        let is_cheaper = plan.total_cost * FUZZ < cost;
        is_cheaper.then(|| format!("{cost:.2} becomes {:.2} with x{factor}", plan.total_cost))
    })
}

fn tighter_predicate(subject: &Subject<'_>) -> Option<String> {
    let tight = scan_rows(&subject.plan);
    looser(subject.query).iter().find_map(|query| {
        let plan = plan_query(&Configuration::existing(subject.catalog), query).ok()?;
        let loose = scan_rows(&plan);
        tight.iter().find_map(|(alias, rows)| {
            let more = *loose.get(alias)?;
            let falls = more + ROUNDING_ROWS < *rows;
            falls.then(|| format!("{rows} rows of {alias}, and {more} with a condition less"))
        })
    })
}

/// Rows by alias of the scans that stand for themselves: the inner side of a nested loop may be looked
/// up with a value of the outer side, and subqueries are other queries.
fn scan_rows(plan: &Plan) -> BTreeMap<String, f64> {
    let mut rows = BTreeMap::new();
    collect_scan_rows(&serde_json::to_value(&plan.root).unwrap(), &mut rows);
    rows
}

fn collect_scan_rows(node: &Value, rows: &mut BTreeMap<String, f64>) {
    // Nodes that write a table bear its name too.
    let is_scan = node["Node Type"].as_str().is_some_and(|kind| kind.contains("Scan"));
    if is_scan && node["Relation Name"].is_string() {
        let alias = node["Alias"].as_str().unwrap_or_default();
        rows.insert(alias.to_owned(), node["Plan Rows"].as_f64().unwrap_or(f64::NAN));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        let relationship = child["Parent Relationship"].as_str().unwrap_or_default();
        let looked_up = node["Node Type"] == "Nested Loop" && relationship == "Inner";
        if !looked_up && !matches!(relationship, "SubPlan" | "InitPlan") {
            collect_scan_rows(child, rows);
        }
    }
}

fn more_indexes(subject: &Subject<'_>) -> Option<String> {
    let tables: BTreeSet<usize> = subject.plan.scans.iter().map(|scan| scan.table).collect();
    let n_levels = subject.plan.scans.len() + 1;
    let most = subject.plan.total_cost * libm::pow(FUZZ, n_levels as f64);
    tables.into_iter().find_map(|at| {
        let table = &subject.catalog.tables[at];
        let pairs = n_levels <= PAIRS_LEVELS_MAX;
        possible_indexes(table, subject.sql, pairs).into_iter().find_map(|index| {
            let columns: Vec<String> = index.keys.iter().map(|k| format!("{:?}", k.part)).collect();
            let configuration = Configuration::existing(subject.catalog).with(at, index);
            let plan = plan_query(&configuration, subject.query).ok()?;
            (plan.total_cost > most).then(|| {
                let (before, after) = (subject.plan.total_cost, plan.total_cost);
                format!("{before:.2} becomes {after:.2} by {columns:?} of {}", table.name.name)
            })
        })
    })
}

fn same_again(subject: &Subject<'_>) -> Option<String> {
    let again = plan_query(&Configuration::existing(subject.catalog), subject.query);
    let is_same = again.is_ok_and(|plan| plan.root == subject.plan.root);
    (!is_same).then(|| "another plan the second time".to_owned())
}
