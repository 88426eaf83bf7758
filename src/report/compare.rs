//! Two plans of one query side by side: what the suggested indexes change in the modelled plan, and
//! where a pasted plan disagrees with it.
//!
//! Nodes are the same when they do the same to the same relations: scans of one alias, joins, sorts
//! and groups over the same aliases. Disagreements are looked for at scans only, where statistics and
//! not other estimates decide: ten times more or fewer rows, or another path. Not compared are rows of
//! a scan that depends on another relation's row in one plan and not in the other, and rows below
//! something that stopped reading early.

use crate::sorted::{SortedMap, SortedSet};

use serde::{Deserialize, Serialize};

use super::units::count;
use crate::dialect::Dialect;
use crate::estimate::Basis;
use crate::order;
use crate::read::plan_node::PlanNode;
use crate::sql::canonical::canonical;
use crate::sql::conjuncts;
use crate::sql::expr::Expr;
use crate::sql::parse::parse_expr;
use crate::sql::print::print_literal;

/// Expected against true rows, either way, from which on they disagree.
const FACTOR_MIN: f64 = 10.0;

/// Something to say about a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// The node, counted from the root, parents first.
    pub node: usize,
    /// What kind of remark.
    pub kind: NoteKind,
    /// In words.
    pub text: String,
}

/// Kinds of remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Only in the plan with the suggestions.
    New,
    /// Only in the plan without them.
    Gone,
    /// Done in another way.
    Changed,
    /// A pasted plan measured other rows.
    Rows,
    /// A pasted plan reads the table in another way.
    Path,
}

/// What is known of the tables that plans name.
pub struct Known<'a> {
    /// Rows, and where they come from.
    pub rows: SortedMap<&'a str, (f64, Basis)>,
    /// Names of the existing indexes.
    pub indexes: SortedSet<&'a str>,
}

/// A node in its place.
struct Item<'a> {
    at: usize,
    node: &'a PlanNode,
    /// Into how many parts workers divide its rows.
    divisor: f64,
    /// Something above may have ended it early.
    stopped: bool,
    /// What it does to which relations.
    key: String,
}

/// Nodes that are part of the one above them.
const PARTS: [&str; 4] = ["Hash", "BitmapAnd", "BitmapOr", "Bitmap Index Scan"];

fn items(root: &PlanNode) -> Vec<Item<'_>> {
    let mut out = Vec::new();
    add(root, (1.0, false), &mut 0, &mut out);
    out
}

fn add<'a>(
    node: &'a PlanNode,
    (divisor, stopped): (f64, bool),
    next: &mut usize,
    out: &mut Vec<Item<'a>>,
) {
    let at = *next;
    *next += 1;
    if !PARTS.contains(&node.node_type.as_str()) {
        out.push(Item { at, node, divisor, stopped, key: key(node) });
    }
    let divisor = node.number("Workers Planned").map_or(divisor, PlanNode::parallel_divisor);
    for child in &node.plans {
        add(child, (divisor, node.leaves_unread(child, stopped)), next, out);
    }
}

/// `scan of parcels p`, `join of a, b`.
fn key(node: &PlanNode) -> String {
    if let Some(relation) = &node.relation_name {
        let verb = if node.node_type.ends_with("Scan") { "scan" } else { &node.node_type };
        return format!("{verb} of {relation} {}", node.alias.as_deref().unwrap_or(relation));
    }
    let verb = match node.node_type.as_str() {
        "Nested Loop" | "Hash Join" | "Merge Join" => "join",
        "Sort" | "Incremental Sort" => "sort",
        "Aggregate" | "Group" => "group",
        "Gather" | "Gather Merge" => "gather",
        other => other,
    };
    let mut aliases = SortedSet::new();
    node.walk(&mut |below| aliases.extend(below.alias.as_deref()));
    format!("{verb} of {}", aliases.into_iter().collect::<Vec<_>>().join(", "))
}

/// Pairs of nodes that do the same, by position in the lists; each at most once.
fn pairs(left: &[Item<'_>], right: &[Item<'_>]) -> Vec<(usize, usize)> {
    let mut free: SortedMap<&str, Vec<usize>> = SortedMap::new();
    for (at, item) in right.iter().enumerate().rev() {
        free.get_or_default(&item.key).push(at);
    }
    let pair = |(at, item): (usize, &Item<'_>)| {
        free.get_mut(item.key.as_str()).and_then(Vec::pop).map(|other| (at, other))
    };
    left.iter().enumerate().filter_map(pair).collect()
}

/// What a node is, in a few words: `Index Scan using i`.
fn method(node: &PlanNode) -> String {
    let indexes = indexes(node);
    let mut kind = node.node_type.clone();
    if let Some(strategy) = node.text("Strategy").filter(|_| node.node_type == "Aggregate") {
        kind = format!("{} aggregate", strategy.to_lowercase());
    }
    match indexes.is_empty() {
        true => kind,
        false => format!("{kind} using {}", indexes.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// The indexes of a scan, those of its bitmaps included.
fn indexes(node: &PlanNode) -> SortedSet<&str> {
    let mut found: SortedSet<&str> = node.index_name.as_deref().into_iter().collect();
    for part in node.plans.iter().filter(|part| PARTS.contains(&part.node_type.as_str())) {
        found.extend(indexes(part));
    }
    found
}

/// What changes from one modelled plan to the other: remarks on the first and on the second.
pub fn changes(before: &PlanNode, after: &PlanNode) -> (Vec<Note>, Vec<Note>) {
    let (old, new) = (items(before), items(after));
    let pairs = pairs(&old, &new);
    let note = |node: usize, kind: NoteKind, text: String| Note { node, kind, text };
    let (mut on_old, mut on_new) = (Vec::new(), Vec::new());
    for (at, item) in old.iter().enumerate() {
        match pairs.iter().find(|(left, _)| *left == at).and_then(|(_, right)| new.get(*right)) {
            None => on_old.push(note(item.at, NoteKind::Gone, "no longer needed".to_owned())),
            Some(other) if method(item.node) != method(other.node) => {
                let text = format!("becomes {}", method(other.node));
                on_old.push(note(item.at, NoteKind::Changed, text));
                let text = format!("was {}", method(item.node));
                on_new.push(note(other.at, NoteKind::Changed, text));
            }
            Some(_) => {}
        }
    }
    for (at, item) in new.iter().enumerate() {
        if !pairs.iter().any(|(_, right)| *right == at) {
            on_new.push(note(item.at, NoteKind::New, "new".to_owned()));
        }
    }
    order::sort_by_key(&mut on_new, |note| note.node);
    (on_old, on_new)
}

/// Where a pasted plan and the modelled one disagree: remarks on the pasted one.
pub fn disagreements(model: &PlanNode, pasted: &PlanNode, known: &Known<'_>) -> Vec<Note> {
    let (expected, found) = (items(model), items(pasted));
    let mut notes = Vec::new();
    for (left, right) in pairs(&expected, &found) {
        let (Some(expected), Some(found)) = (expected.get(left), found.get(right)) else {
            continue;
        };
        let is_scan = found.node.relation_name.is_some() && found.node.node_type.ends_with("Scan");
        if !is_scan || found.node.actual_loops == Some(0.0) {
            continue;
        }
        let mut add =
            |kind: NoteKind, text: String| notes.push(Note { node: found.at, kind, text });
        if let Some(text) = other_path(expected, found, known) {
            add(NoteKind::Path, text);
        }
        if let Some(text) = other_rows(expected, found, known) {
            add(NoteKind::Rows, text);
        }
    }
    order::sort_by_key(&mut notes, |note| note.node);
    notes
}

fn other_path(expected: &Item<'_>, found: &Item<'_>, known: &Known<'_>) -> Option<String> {
    let (model, own) = (method(expected.node), method(found.node));
    if model == own {
        return None;
    }
    let used = indexes(found.node);
    let missing: Vec<&str> =
        used.into_iter().filter(|index| !known.indexes.contains(index)).collect();
    Some(match missing.is_empty() {
        true => format!("the model chooses another path: {model}"),
        false => format!(
            "the model chooses another path, {model}: {} is not in the schema given here",
            missing.join(", ")
        ),
    })
}

fn other_rows(expected: &Item<'_>, found: &Item<'_>, known: &Known<'_>) -> Option<String> {
    if depends_on_others(expected.node) != depends_on_others(found.node) {
        return None;
    }
    let model = expected.node.plan_rows? * shared(expected);
    let measured = found.node.actual_rows.map(|rows| match found.node.is_parallel_aware() {
        true => rows * found.node.actual_loops.unwrap_or(1.0),
        false => rows,
    });
    let own = measured.or(found.node.plan_rows.map(|rows| rows * shared(found)))?;
    let factor = own.max(model).max(1.0) / own.min(model).max(1.0);
    let cut_short = found.stopped && measured.is_some() && own < model;
    if factor < FACTOR_MIN || cut_short {
        return None;
    }
    let verb = if measured.is_some() { "measured" } else { "expects" };
    let sign = if own > model { "×" } else { "÷" };
    Some(format!(
        "the model expects {}, your plan {verb} {} ({sign} {}): {}",
        rows(model),
        count(own.round()),
        count(factor.round()),
        cause(expected.node, found, measured.is_some(), known)
    ))
}

fn shared(item: &Item<'_>) -> f64 {
    if item.node.is_parallel_aware() { item.divisor } else { 1.0 }
}

/// What the statistics do not say.
fn cause(model: &PlanNode, found: &Item<'_>, is_measured: bool, known: &Known<'_>) -> String {
    let table = found.node.relation_name.as_deref().unwrap_or("");
    if !is_measured {
        return "it was made with other statistics".to_owned();
    }
    let rows = known.rows.get(table);
    if rows.is_some_and(|(_, basis)| *basis == Basis::Default) {
        return format!("no statistics of {table} are given");
    }
    let removed = found.node.number("Rows Removed by Filter").unwrap_or(0.0);
    let times = match found.node.is_parallel_aware() {
        true => found.node.actual_loops.unwrap_or(1.0),
        false => 1.0,
    };
    let read = (found.node.actual_rows.unwrap_or(0.0) + removed) * times;
    if let Some((rows, _)) = rows.filter(|(rows, _)| read > 2.0 * rows.max(1.0)) {
        return format!(
            "the statistics miss the size of {table}, {} rows where your plan read {}",
            count(*rows),
            count(read)
        );
    }
    let conditions = conditions(found.node);
    if values(&conditions) != values(&self::conditions(model)) {
        return "it is of other values than the query of the model".to_owned();
    }
    match conditions.len() {
        0 => format!("the statistics miss the size of {table}"),
        1 => "the statistics miss how many rows its condition keeps".to_owned(),
        _ => "the statistics miss how often its conditions hold together".to_owned(),
    }
}

/// The conditions of a scan.
fn conditions(node: &PlanNode) -> Vec<Expr> {
    let texts = ["Index Cond", "Recheck Cond", "Filter"].into_iter().filter_map(|p| node.text(p));
    let parsed = texts.filter_map(|text| parse_expr(text, Dialect::Postgres).ok());
    parsed.flat_map(|condition| conjuncts(canonical(&condition))).collect()
}

/// The constants in conditions, in one spelling; unknown ones are `$`.
fn values(conditions: &[Expr]) -> SortedSet<String> {
    let mut found = SortedSet::new();
    for condition in conditions {
        condition.walk(&mut |part| match part {
            Expr::Literal(literal) => drop(found.insert(print_literal(literal))),
            Expr::Param(_) => drop(found.insert("$".to_owned())),
            _ => {}
        });
    }
    found
}

/// Its conditions read another relation's row, or a value that a plan above computes.
fn depends_on_others(node: &PlanNode) -> bool {
    let own = [node.alias.as_deref(), node.relation_name.as_deref()];
    let mut depends = false;
    let mut look = |text: &str| {
        depends |= text.contains('$');
        for (at, _) in text.match_indices('.') {
            let before = text.get(..at).unwrap_or("");
            let start = before.rfind(|c: char| !(c.is_alphanumeric() || "_\"".contains(c)));
            let name = before.get(start.map_or(0, |at| at + 1)..).unwrap_or("").trim_matches('"');
            let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
            depends |= is_name && !own.contains(&Some(name));
        }
    };
    for property in ["Index Cond", "Recheck Cond", "Filter"] {
        node.text(property).into_iter().for_each(&mut look);
    }
    depends
}

fn rows(number: f64) -> String {
    let noun = if number.round() == 1.0 { "row" } else { "rows" };
    format!("{} {noun}", count(number.round()))
}
