//! Compares a modelled plan with the plan PostgreSQL chose for the same query. Both are trees in the
//! shape of EXPLAIN (FORMAT JSON). What is compared:
//!
//! - *scans*: base relations reached by the same access path and the same index or indexes. A scan is
//!   known by relation and alias; several scans of one are matched as a multiset.
//! - *joins*: join nodes that join the same two sets of relations, whichever side is the outer one;
//!   *methods*: those that also join by the same method.
//! - *rows*: the q-error of the estimated rows at scans; *top*: of the whole query.
//! - *cost*: model / PostgreSQL, of the whole query.
//!
//! Used by `tests/oracle` (our recorded cases) and `tests/outside` (databases beside this checkout).
#![allow(dead_code, reason = "each of the test programs uses a part of it")]

pub mod figures;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A table and its alias.
pub type Relation = (String, String);

/// A base relation in a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    pub relation: Relation,
    /// `seq`, `index`, `index-only`, `bitmap`.
    pub path: &'static str,
    /// Sorted; several for a bitmap.
    pub indexes: Vec<String>,
    /// Estimated rows, per loop.
    pub rows: f64,
}

/// A join in a plan: the relations of its two sides, the smaller set of names first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Join {
    pub sides: [BTreeSet<Relation>; 2],
    pub method: String,
}

/// A scan of PostgreSQL's plan, and what the model has for that relation.
#[derive(Debug, Clone)]
pub struct ComparedScan {
    pub truth: Scan,
    pub right: bool,
    /// All scans of the relation in the model, in the order of the plan.
    pub model: Vec<Scan>,
    /// q-error of the rows; absent when the model does not scan the relation as often.
    pub rows_q: Option<f64>,
}

/// A join of PostgreSQL's plan.
#[derive(Debug, Clone)]
pub struct ComparedJoin {
    pub truth: Join,
    pub same_sides: bool,
    pub same_method: bool,
}

/// One query.
#[derive(Debug, Clone)]
pub struct Compared {
    pub name: String,
    /// Why there is no modelled plan.
    pub problem: Option<String>,
    pub scans: Vec<ComparedScan>,
    pub joins: Vec<ComparedJoin>,
    /// q-error of the rows of the query; absent without a plan.
    pub top_q: Option<f64>,
    /// Model / PostgreSQL; absent without a plan.
    pub cost_ratio: Option<f64>,
}

/// Compares the model's answer to one query, a plan or why there is none, with PostgreSQL's plan.
pub fn compare(name: &str, truth: &Value, model: Result<&Value, String>) -> Compared {
    let (model, problem) = match model {
        Ok(model) => (model, None),
        Err(problem) => (&Value::Null, Some(problem)),
    };
    let planned = problem.is_none();
    Compared {
        name: name.to_owned(),
        problem,
        scans: compare_scans(scans(truth), &scans(model)),
        joins: compare_joins(joins(truth), joins(model)),
        top_q: planned.then(|| q_error(number(truth, "Plan Rows"), number(model, "Plan Rows"))),
        cost_ratio: planned.then(|| {
            let cost = |plan: &Value| plan["Total Cost"].as_f64().unwrap_or(0.0);
            cost(model) / cost(truth).max(1e-9)
        }),
    }
}

fn compare_scans(truth: Vec<Scan>, model: &[Scan]) -> Vec<ComparedScan> {
    let mut unmatched: Vec<&Scan> = model.iter().collect();
    let mut rows: BTreeMap<&Relation, Vec<f64>> = BTreeMap::new();
    for scan in model.iter().rev() {
        rows.entry(&scan.relation).or_default().push(scan.rows);
    }
    let mut compared = Vec::new();
    for truth in truth {
        let same = |scan: &&Scan| {
            (&scan.relation, scan.path, &scan.indexes)
                == (&truth.relation, truth.path, &truth.indexes)
        };
        let found = unmatched.iter().position(same);
        if let Some(at) = found {
            unmatched.remove(at);
        }
        let of_relation = model.iter().filter(|scan| scan.relation == truth.relation);
        let rows = rows.get_mut(&truth.relation).and_then(Vec::pop);
        compared.push(ComparedScan {
            right: found.is_some(),
            model: of_relation.cloned().collect(),
            rows_q: rows.map(|rows| q_error(truth.rows, rows)),
            truth,
        });
    }
    compared
}

fn compare_joins(truth: Vec<Join>, model: Vec<Join>) -> Vec<ComparedJoin> {
    let (mut by_sides, mut exact) = (model.clone(), model);
    let compare = |truth: Join| ComparedJoin {
        same_sides: take(&mut by_sides, |join| join.sides == truth.sides),
        same_method: take(&mut exact, |join| *join == truth),
        truth,
    };
    truth.into_iter().map(compare).collect()
}

/// Takes the first that matches out of the list.
fn take(joins: &mut Vec<Join>, matches: impl Fn(&Join) -> bool) -> bool {
    let found = joins.iter().position(matches);
    found.map(|at| joins.remove(at)).is_some()
}

/// The factor between two numbers of rows, each at least 1.
pub fn q_error(a: f64, b: f64) -> f64 {
    let (a, b) = (a.max(1.0), b.max(1.0));
    (a / b).max(b / a)
}

/// The scans of a plan, parents first.
pub fn scans(plan: &Value) -> Vec<Scan> {
    let path = match text(plan, "Node Type") {
        "Seq Scan" => Some("seq"),
        "Index Scan" => Some("index"),
        "Index Only Scan" => Some("index-only"),
        "Bitmap Heap Scan" => Some("bitmap"),
        _ => None,
    };
    let own = path.map(|path| {
        let name = plan["Relation Name"].as_str().unwrap_or("?");
        let alias = plan["Alias"].as_str().unwrap_or(name);
        let mut indexes = match path {
            "bitmap" => bitmap_indexes(plan),
            _ => plan["Index Name"].as_str().map(str::to_owned).into_iter().collect(),
        };
        indexes.sort();
        let relation = (name.to_owned(), alias.to_owned());
        Scan { relation, path, indexes, rows: number(plan, "Plan Rows") }
    });
    own.into_iter().chain(children(plan).iter().flat_map(scans)).collect()
}

fn bitmap_indexes(plan: &Value) -> Vec<String> {
    let names = children(plan).iter().map(|child| match text(child, "Node Type") {
        "Bitmap Index Scan" => vec![text(child, "Index Name").to_owned()],
        "BitmapAnd" | "BitmapOr" => bitmap_indexes(child),
        _ => Vec::new(),
    });
    names.flatten().collect()
}

/// The joins of a plan, parents first.
pub fn joins(plan: &Value) -> Vec<Join> {
    let method = text(plan, "Node Type");
    let own = matches!(method, "Nested Loop" | "Hash Join" | "Merge Join").then(|| {
        let side = |at: usize| children(plan).get(at).map(relations).unwrap_or_default();
        let mut sides = [side(0), side(1)];
        sides.sort();
        Join { sides, method: method.to_owned() }
    });
    own.into_iter().chain(children(plan).iter().flat_map(joins)).collect()
}

fn relations(plan: &Value) -> BTreeSet<Relation> {
    scans(plan).into_iter().map(|scan| scan.relation).collect()
}

fn children(plan: &Value) -> &[Value] {
    plan["Plans"].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(plan: &'a Value, property: &str) -> &'a str {
    plan[property].as_str().unwrap_or_default()
}

/// A number of rows; 1 where there is none.
fn number(plan: &Value, property: &str) -> f64 {
    plan[property].as_f64().unwrap_or(1.0)
}
