//! SQLite's EXPLAIN QUERY PLAN: the tree of the shell, the table `id, parent, notused, detail` in
//! every mode of the shell, and the flat `selectid, order, from, detail` of versions before 3.24.
//!
//! The tree is kept as SQLite draws it, below a node `QUERY PLAN`; SQLite prints no numbers.

use serde_json::Value;

use super::explain::start::find_start;
use super::facts::PastedPlan;
use super::plan_node::PlanNode;
use super::plans::{Found, not_understood, read_plans};
use super::{Claim, Facts, Format, Segment};
use crate::dialect::Dialect;
use crate::limits;
use crate::text::json::read_json;
use crate::text::lines;
use crate::text::table::{Table, read_table};

/// EXPLAIN QUERY PLAN.
pub const FORMAT: Format =
    Format { name: "sqlite-eqp", title: "SQLite EXPLAIN QUERY PLAN", claim, read };

fn claim(text: &str, at: usize) -> Option<Claim> {
    let found = find(text, at)?;
    let reason = "the lines of EXPLAIN QUERY PLAN".to_owned();
    Some(Claim { end: found.end, reason, dialect: Some(Dialect::Sqlite) })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    read_plans(segment, facts, find);
}

/// A line of the plan: its depth (from 0) and its text.
type Step = (usize, String);

fn find(text: &str, at: usize) -> Option<Found> {
    let start = find_start(text, at)?;
    let first = start.first.trim_start();
    let (steps, end) = if first.starts_with("|--") || first.starts_with("`--") {
        read_tree(text, start.body)
    } else if first.starts_with("id") || first.starts_with("selectid") {
        let table = read_table(text, start.body, is_title)?;
        (table_steps(&table), table.end)
    } else if first.starts_with(|c: char| c.is_ascii_digit()) {
        read_bare_rows(text, start.body)?
    } else if first.starts_with('[') {
        read_objects(text, start.body)?
    } else {
        return None;
    };
    let query = start.query.map(|query| query.into_owned());
    let mut found = Found { query, body: start.body, end, ..Found::default() };
    if steps.is_empty() {
        found.remarks.push(not_understood(
            "EXPLAIN QUERY PLAN without a line",
            "paste its output as the sqlite3 shell prints it",
        ));
    } else {
        found.plans.push(PastedPlan {
            root: plan_of(&steps),
            analyze: false,
            query: None,
            planning_ms: None,
            execution_ms: None,
            duration_ms: None,
            settings: Vec::new(),
            source: None,
        });
    }
    Some(found)
}

fn is_title(columns: &[String]) -> bool {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    matches!(names.as_slice(), ["id", "parent", "notused", "detail"])
        || matches!(names.as_slice(), ["selectid", "order", "from", "detail"])
}

/// `|--SCAN t`, "`--SCAN t" below three columns of `|  ` or spaces a level.
fn read_tree(text: &str, at: usize) -> (Vec<Step>, usize) {
    let mut steps = Vec::new();
    let mut end = at;
    for (offset, line) in lines(text.get(at..).unwrap_or("")) {
        let lead = line.find(|c| !matches!(c, '|' | ' ')).unwrap_or(line.len());
        let body = line.get(lead..).unwrap_or("");
        let detail = match body.strip_prefix("`--") {
            Some(detail) => Some((lead, detail)),
            None => body.strip_prefix("--").filter(|_| lead > 0).map(|rest| (lead - 1, rest)),
        };
        match detail {
            Some((columns, detail)) => steps.push((columns / 3, detail.trim().to_owned())),
            None if steps.is_empty() && body.trim() == "QUERY PLAN" => continue,
            None => break,
        }
        end = at + offset + line.len();
    }
    (steps, end)
}

/// The rows of a table; a row names its parent.
fn table_steps(table: &Table) -> Vec<Step> {
    if table.column("selectid").is_some() {
        let rows = table.rows.iter();
        return rows.filter_map(|(_, row)| Some((0, row.get(3)?.clone()))).collect();
    }
    let number = |cell: Option<&String>| cell.and_then(|cell| cell.parse::<i64>().ok());
    let rows = table.rows.iter().filter_map(|(_, row)| {
        Some((number(row.first())?, number(row.get(1))?, row.get(3)?.clone()))
    });
    steps_of(rows)
}

/// Depths from ids and parents.
fn steps_of(rows: impl Iterator<Item = (i64, i64, String)>) -> Vec<Step> {
    let mut depths = crate::sorted::SortedMap::new();
    let mut steps = Vec::new();
    for (id, parent, detail) in rows {
        let depth = depths.get(&parent).map_or(0, |above: &usize| above + 1);
        depths.insert(id, depth);
        steps.push((depth, detail));
    }
    steps
}

/// `0|0|0|SCAN TABLE t` without titles.
fn read_bare_rows(text: &str, at: usize) -> Option<(Vec<Step>, usize)> {
    let mut rows = Vec::new();
    let mut end = at;
    for (offset, line) in lines(text.get(at..)?) {
        let cells: Vec<&str> = line.trim().splitn(4, '|').collect();
        let [id, parent, from, detail] = cells.as_slice() else { break };
        let (Ok(id), Ok(parent), Ok(_)) =
            (id.parse::<i64>(), parent.parse::<i64>(), from.parse::<i64>())
        else {
            break;
        };
        if !is_detail(detail) {
            break;
        }
        rows.push((id, parent, (*detail).to_owned()));
        end = at + offset + line.len();
    }
    // Old versions number SELECTs from 0 and have no parents.
    let old = rows.first()?.0 == 0;
    let steps = match old {
        true => rows.into_iter().map(|(_, _, detail)| (0, detail)).collect(),
        false => steps_of(rows.into_iter()),
    };
    Some((steps, end))
}

/// `[{"id": 2, "parent": 0, "notused": 0, "detail": "SCAN t"}]`
fn read_objects(text: &str, at: usize) -> Option<(Vec<Step>, usize)> {
    let lead: String = text.get(at..)?.chars().take(200).collect();
    let keys: String = lead.chars().filter(|c| !c.is_whitespace()).collect();
    if !keys.starts_with("[{\"id\":") || !keys.contains("\"parent\":") {
        return None;
    }
    let open = at + text.get(at..)?.find('[')?;
    let parsed = read_json(text, open)?;
    let rows = parsed.value.as_array()?.iter().filter_map(|row| {
        let number = |name: &str| row.get(name).and_then(Value::as_i64);
        Some((number("id")?, number("parent")?, row.get("detail")?.as_str()?.to_owned()))
    });
    let steps = steps_of(rows);
    let rest = text.get(parsed.end..)?;
    let tail = lines(rest).next().map_or(0, |(_, line)| line.len());
    (!steps.is_empty()).then_some((steps, parsed.end + tail))
}

/// First words of every detail SQLite prints.
fn is_detail(detail: &str) -> bool {
    let leads = [
        "SCAN",
        "SEARCH",
        "USE TEMP",
        "USING",
        "CO-ROUTINE",
        "MATERIALIZE",
        "MULTI-INDEX",
        "COMPOUND",
        "MERGE",
        "EXECUTE",
        "SCALAR",
        "LIST",
        "CORRELATED",
        "LEFT",
        "RIGHT",
        "UNION",
        "EXCEPT",
        "INTERSECT",
        "BLOOM",
        "CREATE BLOOM",
        "INDEX ",
        "SETUP",
        "RECURSIVE",
    ];
    leads.iter().any(|lead| detail.starts_with(lead))
}

fn plan_of(steps: &[Step]) -> PlanNode {
    let mut stack = vec![(0, PlanNode::new("QUERY PLAN"))];
    for (depth, detail) in steps {
        let depth = (depth + 1).min(limits::PLAN_DEPTH_MAX);
        while stack.len() > 1 && stack.last().is_some_and(|(above, _)| *above >= depth) {
            close(&mut stack);
        }
        stack.push((depth, read_detail(detail)));
    }
    while stack.len() > 1 {
        close(&mut stack);
    }
    let mut root = stack.pop().map(|(_, node)| node).unwrap_or_default();
    if root.plans.len() == 1 { root.plans.remove(0) } else { root }
}

fn close(stack: &mut Vec<(usize, PlanNode)>) {
    let Some((_, node)) = stack.pop() else { return };
    if let Some((_, above)) = stack.last_mut() {
        above.plans.push(node);
    }
}

/// `SEARCH t USING COVERING INDEX i (a=? AND b>?)`, `SCAN TABLE t AS x`, `CO-ROUTINE v`, ...
fn read_detail(detail: &str) -> PlanNode {
    let (kind, rest) = match detail.split_once(' ') {
        Some((kind @ ("SCAN" | "SEARCH"), rest)) => (kind, rest),
        Some((kind @ ("CO-ROUTINE" | "MATERIALIZE"), rest)) => {
            let mut node = PlanNode::new(kind);
            node.alias = Some(rest.to_owned());
            return node;
        }
        _ => return read_other(detail),
    };
    let mut node = PlanNode::new(kind);
    if rest == "CONSTANT ROW" || rest.starts_with("CONSTANT ROW ") {
        set(&mut node, "Detail", rest);
        return node;
    }
    let rest = without_rows(rest, &mut node);
    let ends = [" USING ", " VIRTUAL TABLE ", " LEFT-JOIN", " EXISTS"];
    let end = ends.iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
    let (target, access) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let target = target.strip_prefix("TABLE ").unwrap_or(target);
    let (table, alias) = target.split_once(" AS ").unwrap_or((target, target));
    node.relation_name = Some(table.trim().to_owned());
    node.alias = Some(alias.trim().to_owned());
    if access.contains(" LEFT-JOIN") {
        set(&mut node, "Join Type", "Left");
    }
    if let Some(access) = access.strip_prefix(" USING ") {
        read_access(access.trim_end_matches(" LEFT-JOIN").trim_end(), &mut node);
    } else if !access.trim().is_empty() {
        set(&mut node, "Detail", access.trim());
    }
    node
}

/// `COVERING INDEX i (a=?)`, `INTEGER PRIMARY KEY (rowid=?)`, `AUTOMATIC PARTIAL COVERING INDEX (a=?)`
fn read_access(access: &str, node: &mut PlanNode) {
    let open = access.rfind(" (").unwrap_or(access.len());
    let (how, condition) = access.split_at_checked(open).unwrap_or((access, ""));
    if !condition.is_empty() {
        set(node, "Index Cond", condition.trim());
    }
    let (kind, index) = match how.find("INDEX") {
        Some(at) => (how.get(..at).unwrap_or(""), how.get(at + 5..).unwrap_or("").trim()),
        None => (how, ""),
    };
    for (word, property) in [
        ("COVERING", "Covering Index"),
        ("AUTOMATIC", "Automatic Index"),
        ("PARTIAL", "Partial Index"),
    ] {
        if kind.contains(word) {
            node.more.insert(property.to_owned(), Value::Bool(true));
        }
    }
    if kind.contains("PRIMARY KEY") {
        set(node, "Index Kind", kind.trim());
    }
    if !index.is_empty() {
        node.index_name = Some(index.to_owned());
    }
}

/// `(~1000 rows)`, printed by versions before 3.8.
fn without_rows<'a>(rest: &'a str, node: &mut PlanNode) -> &'a str {
    let Some((before, rows)) = rest.rsplit_once(" (~") else { return rest };
    node.plan_rows = rows.split(' ').next().and_then(|n| n.parse().ok());
    before
}

/// `USE TEMP B-TREE FOR ORDER BY` and everything else: the words are the node type.
fn read_other(detail: &str) -> PlanNode {
    match detail.split_once(" FOR ") {
        Some((lead @ "USE TEMP B-TREE", purpose)) => {
            let mut node = PlanNode::new(lead);
            set(&mut node, "Purpose", purpose);
            node
        }
        _ => PlanNode::new(detail),
    }
}

fn set(node: &mut PlanNode, property: &str, value: &str) {
    node.more.insert(property.to_owned(), Value::String(value.to_owned()));
}
