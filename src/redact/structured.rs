//! Inputs that are no script, written again from what was understood of them: plans as JSON, logs entry by
//! entry, rows as JSON. What is not understood does not go in.

use serde_json::{Map, Value, json};

use super::input::Wish;
use super::statement::{Reading, dotted, walk_sql};
use super::swap::Swap;
use crate::dialect::Dialect;
use crate::read::explain::json::take_cell;
use crate::read::plan_node::PlanNode;
use crate::read::postgres_log::line::{Level, backend_of, split_line};
use crate::read::postgres_log::message::{Message, read_message, read_parameters};
use crate::read::psql_describe;
use crate::read::settings::is_planner_setting;
use crate::read::verb::Verb;
use crate::read::{FORMATS, Facts, PastedPlan, Segment};
use crate::redact::PLAN_WORDS;
use crate::text::export::{find_header, read_rows};
use crate::text::json::read_json;
use crate::text::lines;

/// PostgreSQL's plans in any format, as JSON.
pub fn walk_plans(segment: &Segment<'_>, wish: &Wish, swap: &mut dyn Swap) -> Option<String> {
    if !wish.plans {
        return None;
    }
    let plans = read_plans(segment);
    let plans: Vec<String> = plans.iter().map(|plan| plan_json(plan, wish, swap)).collect();
    (!plans.is_empty()).then(|| plans.join("\n\n"))
}

/// The plans of a segment, as its own format reads them.
fn read_plans(segment: &Segment<'_>) -> Vec<PastedPlan> {
    let mut facts = Facts::default();
    let formats = FORMATS.iter().filter(|format| format.name.starts_with("postgres-explain"));
    for format in formats {
        if (format.claim)(segment.text(), 0).is_some() {
            (format.read)(segment, &mut facts);
            break;
        }
    }
    facts.plans
}

/// As EXPLAIN (FORMAT JSON) prints it, with the query as auto_explain does.
fn plan_json(plan: &PastedPlan, wish: &Wish, swap: &mut dyn Swap) -> String {
    let mut out = Map::new();
    if let Some(query) = plan.query.as_ref().filter(|_| wish.queries) {
        let query = walk_sql(query, Dialect::Postgres, Reading::Query, swap);
        out.insert("Query Text".to_owned(), query.into());
    }
    let mut root = plan.root.clone();
    walk_node(&mut root, Dialect::Postgres, swap);
    let mut root = json!(root);
    without_points(&mut root);
    out.insert("Plan".to_owned(), root);
    let settings = plan.settings.iter().filter(|(name, _)| is_planner_setting(name));
    let settings: Map<String, Value> =
        settings.map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    if !settings.is_empty() {
        out.insert("Settings".to_owned(), settings.into());
    }
    for (name, ms) in [("Planning Time", plan.planning_ms), ("Execution Time", plan.execution_ms)] {
        if let Some(ms) = ms {
            out.insert(name.to_owned(), ms.into());
        }
    }
    Value::Object(out).to_string()
}

/// Whole numbers without `.0`: half of a plan is figures.
fn without_points(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|n| n.trunc() == *n && n.abs() < 1e15);
            if let Some(whole) = whole {
                *value = Value::from(whole as i64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_points),
        Value::Object(map) => map.values_mut().for_each(without_points),
        _ => {}
    }
}

fn walk_node(node: &mut PlanNode, dialect: Dialect, swap: &mut dyn Swap) {
    for name in [&mut node.relation_name, &mut node.alias, &mut node.index_name, &mut node.schema] {
        *name = name.as_deref().map(|name| dotted(name, swap));
    }
    for (name, value) in &mut node.more {
        if let ("CTE Name" | "Subplan Name", Value::String(text)) = (name.as_str(), &mut *value) {
            let (lead, cte) = text.strip_prefix("CTE ").map_or(("", &**text), |cte| ("CTE ", cte));
            let is_name = name == "CTE Name" || !lead.is_empty();
            *text = format!("{lead}{}", if is_name { dotted(cte, swap) } else { cte.to_owned() });
        }
        if !PLAN_WORDS.contains(&name.as_str()) {
            walk_value(value, dialect, swap);
        }
    }
    for child in &mut node.plans {
        walk_node(child, dialect, swap);
    }
}

fn walk_value(value: &mut Value, dialect: Dialect, swap: &mut dyn Swap) {
    match value {
        Value::String(text) => *text = walk_sql(text, dialect, Reading::Query, swap),
        Value::Array(items) => items.iter_mut().for_each(|item| walk_value(item, dialect, swap)),
        Value::Object(map) => {
            for (name, item) in map.iter_mut() {
                if !PLAN_WORDS.contains(&name.as_str()) {
                    walk_value(item, dialect, swap);
                }
            }
        }
        _ => {}
    }
}

/// MySQL's plans as JSON: conditions are strings inside.
pub fn walk_mysql_json(segment: &Segment<'_>, wish: &Wish, swap: &mut dyn Swap) -> Option<String> {
    if !wish.plans {
        return None;
    }
    let text = segment.text();
    let (mut at, mut out) = (0, Vec::new());
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('{')) {
        let start = text.get(..at + open).and_then(|lead| lead.rfind('\n')).map_or(0, |n| n + 1);
        let (cell, end) = take_cell(text, start.max(at));
        let Some(mut parsed) = cell.find('{').and_then(|at| read_json(&cell, at)) else { break };
        walk_value(&mut parsed.value, segment.dialect, swap);
        out.push(format!("{:#}", parsed.value));
        at = end.max(at + open + 1);
    }
    (!out.is_empty()).then(|| out.join("\n\n"))
}

/// Plans line by line: MySQL's tree, where only figures stand behind a condition (`Reading::Query`), or
/// tables of MySQL and SQLite, which hold no literals but figures (`Reading::Schema`).
pub fn walk_plan_lines(
    segment: &Segment<'_>,
    reading: Reading,
    wish: &Wish,
    swap: &mut dyn Swap,
) -> Option<String> {
    if !wish.plans {
        return None;
    }
    let mut out = String::new();
    for (_, line) in lines(segment.text()) {
        let figures = ["  (cost=", "  (actual", " (cost=", " (actual"];
        let at = figures.iter().filter_map(|mark| line.find(mark)).min().unwrap_or(line.len());
        let (head, tail) = line.split_at_checked(at).unwrap_or((line, ""));
        let indent = head.len() - head.trim_start().len();
        let new = walk_sql(head, segment.dialect, reading, swap);
        out.push_str(head.get(..indent).unwrap_or(""));
        out.push_str(&new);
        out.push_str(head.get(head.trim_end().len()..).unwrap_or(""));
        out.push_str(tail);
        out.push('\n');
    }
    Some(out)
}

/// Columns of psql's description that are read; others hold comments.
const COLUMNS: [&str; 6] = ["Column", "Type", "Collation", "Nullable", "Default", "Modifiers"];

/// Lists below it that are read.
const LISTS: [&str; 9] = [
    "Indexes",
    "Check constraints",
    "Foreign-key constraints",
    "Foreign keys",
    "Partition key",
    "Partition of",
    "Partitions",
    "Inherits",
    "Not-null constraints",
];

/// psql's descriptions: columns, indexes and constraints.
pub fn walk_describe(segment: &Segment<'_>, wish: &Wish, swap: &mut dyn Swap) -> Option<String> {
    if !wish.schema {
        return None;
    }
    let text = segment.text();
    let mut sql = |reading, sql: &str| walk_sql(sql, segment.dialect, reading, swap);
    let (_, head) = lines(text).next()?;
    let mut out = sql(Reading::Schema, head);
    let (titles, rows) = psql_describe::rows(text);
    let kept = |(at, title): (usize, &String)| COLUMNS.contains(&title.as_str()).then_some(at);
    let kept: Vec<usize> = titles.iter().enumerate().filter_map(kept).collect();
    let line = |row: &[String]| -> String {
        let cells = kept.iter().map(|at| row.get(*at).map_or("", String::as_str));
        format!("\n {} ", cells.collect::<Vec<_>>().join(" | "))
    };
    out.push_str(&line(&titles));
    out.push_str(&format!("\n{}", vec!["-----"; kept.len().max(1)].join("+")));
    for mut row in rows {
        for (cell, title) in row.iter_mut().zip(&titles) {
            let is_type = matches!(title.as_str(), "Column" | "Type" | "Collation" | "Nullable");
            *cell = sql(if is_type { Reading::Schema } else { Reading::Query }, cell);
        }
        out.push_str(&line(&row));
    }
    let mut listed = false;
    for (_, line) in psql_describe::footer_lines(text) {
        let is_title = !line.starts_with([' ', '\t']);
        if is_title {
            listed = LISTS.iter().any(|list| line.starts_with(list));
        }
        if listed {
            let indent = if is_title { "" } else { "    " };
            out.push_str(&format!("\n{indent}{}", sql(Reading::Query, &line)));
        }
    }
    Some(out)
}

/// The calls of a log: no times of day, users, databases or addresses; processes are numbered.
pub fn walk_log(segment: &Segment<'_>, wish: &Wish, swap: &mut dyn Swap) -> Option<String> {
    let mut log = Log { wish, dialect: segment.dialect, swap, out: String::new(), ids: Vec::new() };
    let mut entry: Option<(&str, Level, String)> = None;
    for (_, line) in lines(segment.text()) {
        match split_line(line).filter(|_| !line.starts_with('\t')) {
            Some(found) => {
                if let Some((lead, level, message)) = entry.take() {
                    log.entry(lead, level, &message);
                }
                entry = Some((found.lead, found.level, found.message.to_owned()));
            }
            None => {
                if let Some((_, _, message)) = &mut entry {
                    message.push('\n');
                    message.push_str(line.strip_prefix('\t').unwrap_or(line));
                }
            }
        }
    }
    if let Some((lead, level, message)) = entry {
        log.entry(lead, level, &message);
    }
    (!log.out.is_empty()).then_some(log.out)
}

struct Log<'a> {
    wish: &'a Wish,
    dialect: Dialect,
    swap: &'a mut dyn Swap,
    out: String,
    /// Processes, and whether a call of each may still get its parameters.
    ids: Vec<(String, bool)>,
}

impl Log<'_> {
    fn entry(&mut self, lead: &str, level: Level, message: &str) {
        let new = match level {
            Level::Log => self.message(message).map(|text| format!("LOG:  {text}")),
            Level::Detail => self.detail(message).map(|text| format!("DETAIL:  {text}")),
            // It ends the call before it.
            Level::Other => Some("ERROR:  ".to_owned()),
            Level::More => None,
        };
        let Some(new) = new else { return };
        let id = backend_of(lead);
        let known = self.ids.iter().position(|(known, _)| known == id);
        let n = known.unwrap_or_else(|| {
            self.ids.push((id.to_owned(), false));
            self.ids.len() - 1
        });
        // Parameters of what is no call say nothing.
        let Some((_, is_open)) = self.ids.get_mut(n) else { return };
        let is_call = std::mem::replace(is_open, level == Level::Log && !new.contains("plan:"));
        if !is_call && level != Level::Log {
            return;
        }
        let process = if id.is_empty() { String::new() } else { format!("[{}] ", n + 1) };
        self.out.push_str(&format!("{process}{}\n", new.trim_end().replace('\n', "\n\t")));
    }

    fn message(&mut self, message: &str) -> Option<String> {
        let sql = |sql: &str, swap: &mut dyn Swap| {
            let verb = Verb::of(sql, self.dialect);
            (verb == Verb::Query).then(|| walk_sql(sql, self.dialect, Reading::Query, swap))
        };
        match read_message(message) {
            Message::Call { ms, sql: text } if self.wish.queries => {
                let text = sql(text, self.swap).unwrap_or_else(|| "BEGIN".to_owned());
                let time = ms.map(|ms| format!("duration: {ms} ms  ")).unwrap_or_default();
                Some(format!("{time}statement: {text}"))
            }
            Message::Duration(ms) if self.wish.queries => Some(format!("duration: {ms} ms")),
            Message::Plan { ms, body } if self.wish.plans => {
                let plan = crate::read::postgres_log::read_plan(body)?;
                let json = plan_json(&plan, self.wish, self.swap);
                Some(format!("duration: {ms} ms  plan:\n{json}"))
            }
            _ => None,
        }
    }

    fn detail(&mut self, message: &str) -> Option<String> {
        let values = read_parameters(message).filter(|_| self.wish.queries)?;
        let values = values.iter().map(|(name, value)| {
            format!("{name} = {}", walk_sql(value, self.dialect, Reading::Query, self.swap))
        });
        Some(format!("parameters: {}", values.collect::<Vec<_>>().join(", ")))
    }
}

/// Columns of pg_stat_statements that tell of users and databases, or are computed from the text.
const LEFT_OUT: [&str; 5] = ["userid", "dbid", "queryid", "toplevel", "usesysid"];

/// The rows of `pg_stat_statements`: the queries and all figures.
pub fn walk_pgss(segment: &Segment<'_>, wish: &Wish, swap: &mut dyn Swap) -> Option<String> {
    if !wish.queries {
        return None;
    }
    let text = segment.text();
    let table = read_rows(text, &find_header(text, 0)?);
    let query = table.column(&["query"]);
    let mut rows = Vec::new();
    for (_, row) in &table.rows {
        let Some(sql) = table.cell(row, query) else { continue };
        if Verb::of(sql, segment.dialect) != Verb::Query {
            continue;
        }
        let mut out = Map::new();
        let sql = walk_sql(sql, segment.dialect, Reading::Query, swap);
        out.insert("query".to_owned(), sql.into());
        for (at, column) in table.columns.iter().enumerate() {
            let number = table.number(row, Some(at)).filter(|_| Some(at) != query);
            if let Some(number) = number.filter(|_| !LEFT_OUT.contains(&column.as_str())) {
                out.insert(column.clone(), number.into());
            }
        }
        rows.push(Value::Object(out));
    }
    (!rows.is_empty()).then(|| Value::Array(rows).to_string())
}
