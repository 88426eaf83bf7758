//! The table that MySQL's and MariaDB's EXPLAIN prints by default: framed, tab-separated (`-B`) or one
//! field a line (`\G`). Rows of one id are joined in their order; the other ids hang on the row that
//! uses them.

use serde_json::Value;

use super::{access_name, join, pasted, set_text};
use crate::dialect::Dialect;
use crate::limits;
use crate::read::explain::start::find_start;
use crate::read::plan_node::PlanNode;
use crate::read::plans::{Found, not_understood, read_plans};
use crate::read::{Claim, Facts, Format, Segment};
use crate::text::json::number;
use crate::text::table::{Table, read_table, read_vertical};

/// EXPLAIN as a table.
pub const FORMAT: Format =
    Format { name: "mysql-explain", title: "MySQL or MariaDB EXPLAIN (table)", claim, read };

fn claim(text: &str, at: usize) -> Option<Claim> {
    let found = find(text, at)?;
    let reason = "columns id, select_type, table".to_owned();
    Some(Claim { end: found.end, reason, dialect: Some(Dialect::Mysql) })
}

fn read(segment: &Segment<'_>, facts: &mut Facts) {
    read_plans(segment, facts, find);
}

fn find(text: &str, at: usize) -> Option<Found> {
    let start = find_start(text, at)?;
    let first = start.first.trim_start();
    if !first.get(..2)?.eq_ignore_ascii_case("id") {
        return None;
    }
    let table = match first.split_once(':') {
        Some((title, _)) if title.trim_end().len() == 2 => {
            read_vertical(text, start.body, is_title)?
        }
        _ => read_table(text, start.body, is_title)?,
    };
    let query = start.query.map(|query| query.into_owned());
    let mut found = Found { query, body: start.body, end: table.end, ..Found::default() };
    match Blocks::of(&table).root() {
        Some(root) => found.plans.push(pasted(root)),
        None => found.remarks.push(not_understood(
            "the table of EXPLAIN has no row",
            "paste the rows below the titles too",
        )),
    }
    Some(found)
}

fn is_title(columns: &[String]) -> bool {
    let is = |n: usize, title: &str| {
        columns.get(n).is_some_and(|column| column.eq_ignore_ascii_case(title))
    };
    is(0, "id") && is(1, "select_type") && is(2, "table")
}

/// A SELECT: its rows in order.
struct Block {
    /// None for the result of a UNION.
    id: Option<u64>,
    select_type: String,
    rows: Vec<PlanNode>,
    extras: String,
    used: bool,
}

struct Blocks(Vec<Block>);

impl Blocks {
    fn of(table: &Table) -> Blocks {
        let mut blocks: Vec<Block> = Vec::new();
        for (_, row) in &table.rows {
            let id = table.cell(row, "id").and_then(|id| id.parse().ok());
            let select_type = table.cell(row, "select_type").unwrap_or("").to_owned();
            let extra = table.cell(row, "Extra").unwrap_or("");
            let node = row_node(table, row);
            match blocks.last_mut().filter(|last| id.is_some() && last.id == id) {
                Some(last) => {
                    last.rows.push(node);
                    last.extras.push_str(extra);
                }
                None => blocks.push(Block {
                    id,
                    select_type,
                    rows: vec![node],
                    extras: extra.to_owned(),
                    used: false,
                }),
            }
        }
        Blocks(blocks)
    }

    /// The tree: the outermost block with the others below it.
    fn root(mut self) -> Option<PlanNode> {
        // A UNION at the top is the result of the first block and others.
        let outer = self.0.first()?.id;
        let result = self.0.iter().position(|block| {
            block.id.is_none()
                && outer.is_some()
                && union_ids(&block.rows).first() == outer.as_ref()
        });
        let mut root = self.build(result.unwrap_or(0), 0)?;
        for at in 0..self.0.len() {
            if self.0.get(at).is_some_and(|block| !block.used) {
                let mut part = self.build(at, 0)?;
                let dependent = self.0.get(at).map_or("", |block| block.select_type.as_str());
                part.parent_relationship = Some("SubPlan".to_owned());
                set_text(&mut part, "Subplan Name", dependent);
                root.plans.push(part);
            }
        }
        Some(root)
    }

    /// A block with what its rows are made of.
    fn build(&mut self, at: usize, depth: usize) -> Option<PlanNode> {
        let block = self.0.get_mut(at)?;
        block.used = true;
        let (mut rows, extras) = (std::mem::take(&mut block.rows), block.extras.clone());
        for row in &mut rows {
            let table = row.relation_name.clone().unwrap_or_default();
            let mut ids = reference(&table, "derived").or_else(|| reference(&table, "subquery"));
            let union = union_ids(std::slice::from_ref(row));
            ids = ids.or_else(|| (!union.is_empty()).then_some(union));
            for id in ids.unwrap_or_default() {
                let Some(below) = self.unused(id).filter(|_| depth < limits::PLAN_DEPTH_MAX) else {
                    continue;
                };
                if let Some(mut part) = self.build(below, depth + 1) {
                    part.parent_relationship = Some("Member".to_owned());
                    row.plans.push(part);
                }
            }
        }
        let mut node = join(rows)?;
        for (word, kind) in [("Using temporary", "Temporary table"), ("Using filesort", "Sort")] {
            if extras.contains(word) {
                node.parent_relationship = Some("Outer".to_owned());
                node = PlanNode { plans: vec![node], ..PlanNode::new(kind) };
            }
        }
        Some(node)
    }

    /// The block of an id; for a derived UNION, the block of its result.
    fn unused(&self, id: u64) -> Option<usize> {
        let result = self.0.iter().position(|block| {
            block.id.is_none() && !block.used && union_ids(&block.rows).first() == Some(&id)
        });
        let plain = self.0.iter().position(|block| block.id == Some(id) && !block.used);
        result.filter(|_| plain.is_some()).or(plain)
    }
}

/// `2` of `<derived2>`.
fn reference(table: &str, kind: &str) -> Option<Vec<u64>> {
    let inner = table.strip_prefix('<')?.strip_prefix(kind)?.strip_suffix('>')?;
    Some(vec![inner.parse().ok()?])
}

/// `2, 3` of `<union2,3>`.
fn union_ids(rows: &[PlanNode]) -> Vec<u64> {
    let table = rows.first().and_then(|row| row.relation_name.as_deref()).unwrap_or("");
    let kinds = ["<union", "<intersect", "<except", "<unit"];
    let inner = kinds.iter().find_map(|kind| table.strip_prefix(kind)).unwrap_or("");
    inner.trim_end_matches('>').split(',').filter_map(|id| id.trim().parse().ok()).collect()
}

/// One row as a node.
fn row_node(table: &Table, row: &[String]) -> PlanNode {
    let cell = |title: &str| table.cell(row, title).filter(|cell| !cell.is_empty());
    let extra = cell("Extra");
    let mut node = match (cell("type"), extra) {
        (Some(access), _) => PlanNode::new(access_name(access)),
        (None, Some(extra)) => PlanNode::new(extra),
        (None, None) => PlanNode::new("Row"),
    };
    node.relation_name = cell("table").map(str::to_owned);
    node.alias.clone_from(&node.relation_name);
    node.index_name = cell("key").map(str::to_owned);
    node.plan_rows = cell("rows").and_then(leading_number);
    node.actual_rows = cell("r_rows").and_then(leading_number);
    for (title, property) in [
        ("select_type", "Select Type"),
        ("type", "Access Type"),
        ("partitions", "Partitions"),
        ("possible_keys", "Possible Keys"),
        ("key_len", "Key Length"),
        ("ref", "Ref"),
        ("filtered", "Filtered"),
        ("r_filtered", "Actual Filtered"),
        ("Extra", "Extra"),
    ] {
        if let Some(value) = cell(title) {
            let figure = number(value).filter(|_| property.ends_with("Filtered"));
            let value = figure.unwrap_or_else(|| Value::String(value.to_owned()));
            node.more.insert(property.to_owned(), value);
        }
    }
    node
}

/// `4` of `4 (19%)`.
fn leading_number(text: &str) -> Option<f64> {
    text.split(' ').next()?.parse::<f64>().ok().filter(|n| n.is_finite())
}
