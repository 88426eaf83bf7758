//! MySQL's EXPLAIN FORMAT=TREE and EXPLAIN ANALYZE: `-> Operation  (cost=.. rows=..) (actual ...)`, four
//! spaces a level, in or out of the frame of the shell.

use serde_json::Value;

use super::{pasted, set_text};
use crate::dialect::Dialect;
use crate::limits;
use crate::read::explain::node::{head, read_numbers};
use crate::read::explain::start::find_start;
use crate::read::plan_node::PlanNode;
use crate::read::plans::{Found, read_plans};
use crate::read::{Claim, Facts, Format, Segment};
use crate::text::unframe::{LineKind, frame_end, unframe};

/// EXPLAIN FORMAT=TREE.
pub const FORMAT: Format =
    Format { name: "mysql-explain-tree", title: "MySQL EXPLAIN (tree)", claim, read };

fn claim(text: &str, at: usize) -> Option<Claim> {
    let found = find(text, at)?;
    let reason = "a tree of `->` operations".to_owned();
    Some(Claim { end: found.end, reason, dialect: Some(Dialect::Mysql) })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    read_plans(segment, facts, find);
}

fn find(text: &str, at: usize) -> Option<Found> {
    let start = find_start(text, at)?;
    if !is_operation(start.first.trim_start()) {
        return None;
    }
    let (lines, end) = take_lines(text, start.body);
    let query = start.query.map(|query| query.into_owned());
    let plans = vec![pasted(build(&lines))];
    Some(Found { plans, query, body: start.body, end, ..Found::default() })
}

/// PostgreSQL writes two spaces behind the arrow, MySQL one.
fn is_operation(text: &str) -> bool {
    let body = text.strip_prefix("-> ");
    body.is_some_and(|body| body.starts_with(|c: char| c.is_ascii_uppercase() || c == '<'))
}

/// Operations with their indentation, lines that a terminal or a long condition broke rejoined.
fn take_lines(text: &str, at: usize) -> (Vec<(usize, String)>, usize) {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut end = at;
    for line in unframe(text, at) {
        let begun = !lines.is_empty();
        match line.kind {
            LineKind::Header if begun => break,
            LineKind::Footer | LineKind::Blank | LineKind::Rule if begun => break,
            LineKind::Content => {
                let body = line.text.trim_start();
                let indent = line.text.len() - body.len();
                if is_operation(body) {
                    lines.push((indent, body.get(3..).unwrap_or("").to_owned()));
                } else if !begun {
                    break;
                } else if let Some((_, last)) = lines.last_mut() {
                    if !is_open(last) && !body.starts_with('(') {
                        break;
                    }
                    last.push(' ');
                    last.push_str(body);
                }
                end = line.end;
            }
            _ => {}
        }
    }
    (lines, frame_end(text, end))
}

/// More brackets opened than closed.
fn is_open(text: &str) -> bool {
    text.matches('(').count() > text.matches(')').count()
}

fn build(lines: &[(usize, String)]) -> PlanNode {
    let mut stack: Vec<(Option<usize>, PlanNode)> = Vec::new();
    for (n, (indent, text)) in lines.iter().enumerate() {
        while stack.len() > 1
            && stack.last().is_some_and(|(above, _)| above.is_some_and(|above| above >= *indent))
        {
            close(&mut stack);
        }
        if stack.len() < limits::PLAN_DEPTH_MAX {
            stack.push(((n > 0).then_some(*indent), read_line(text)));
        }
    }
    while stack.len() > 1 {
        close(&mut stack);
    }
    stack.pop().map(|(_, node)| node).unwrap_or_default()
}

fn close(stack: &mut Vec<(Option<usize>, PlanNode)>) {
    let Some((_, mut node)) = stack.pop() else { return };
    let Some((_, above)) = stack.last_mut() else { return };
    let subquery = node.node_type.starts_with("Select #");
    let relation = match above.plans.is_empty() {
        _ if subquery => "SubPlan",
        true => "Outer",
        false => "Inner",
    };
    if subquery {
        let name = node.node_type.clone();
        set_text(&mut node, "Subplan Name", &name);
    }
    node.parent_relationship = Some(relation.to_owned());
    above.plans.push(node);
}

fn read_line(text: &str) -> PlanNode {
    let lead = head(text);
    let mut node = read_operation(lead.trim());
    let numbers = text.get(lead.len()..).unwrap_or("");
    read_numbers(numbers, &mut node);
    // `(cost=4.5 rows=9)` has one cost, PostgreSQL's `cost=a..b` two.
    if let Some(cost) = numbers.strip_prefix("(cost=").filter(|_| node.total_cost.is_none()) {
        let figure = |text: &str| text.split([' ', ')']).next().and_then(|n| n.parse::<f64>().ok());
        node.total_cost = figure(cost);
        let rows = cost.split_once("rows=").filter(|(before, _)| !before.contains("actual"));
        node.plan_rows = rows.and_then(|(_, rows)| figure(rows));
    }
    node
}

/// `Index lookup on t using i (a=1), with index condition: (...)`, `Filter: (...)`, `Sort: a, b`.
pub fn read_operation(text: &str) -> PlanNode {
    let colon = text.find(": ").filter(|at| !text.get(..*at).unwrap_or("").contains(" on "));
    if let Some(at) = colon {
        let mut node = PlanNode::new(text.get(..at).unwrap_or(text));
        let detail = text.get(at + 2..).unwrap_or("").trim();
        let property = match node.node_type.as_str() {
            "Filter" => "Filter",
            "Sort" | "Sort row IDs" => "Sort Key",
            _ => "Detail",
        };
        let value = match property {
            "Sort Key" => crate::read::explain::property::list(detail),
            _ => Value::String(detail.to_owned()),
        };
        node.more.insert(property.to_owned(), value);
        return node;
    }
    let Some((kind, target)) = text.split_once(" on ") else {
        let (kind, detail) = match text.find(" (") {
            Some(at) if !text.starts_with("Select #") => {
                text.split_at_checked(at).unwrap_or((text, ""))
            }
            _ => (text, ""),
        };
        let mut node = PlanNode::new(kind.trim());
        if !detail.is_empty() {
            set_text(&mut node, "Detail", detail.trim());
        }
        return node;
    };
    let mut node = PlanNode::new(kind);
    let end = target.find([' ', ',']).unwrap_or(target.len());
    let table = target.get(..end).unwrap_or(target);
    node.relation_name = Some(table.trim_matches('`').to_owned());
    node.alias.clone_from(&node.relation_name);
    let rest = target.get(end..).unwrap_or("");
    let Some((_, using)) = rest.split_once("using ") else { return node };
    let end = using.find([' ', ',']).unwrap_or(using.len());
    node.index_name = using.get(..end).map(str::to_owned);
    let access = using.get(end..).unwrap_or("").trim();
    let (access, condition) = match access.split_once(", with index condition: ") {
        Some((access, condition)) => (access, Some(condition)),
        None => (access, None),
    };
    if !access.is_empty() {
        set_text(&mut node, "Index Cond", access.trim_start_matches("over ").trim());
    }
    if let Some(condition) = condition {
        set_text(&mut node, "Filter", condition);
    }
    node
}
