//! Statistics exports: the samples in them are literals like any other, everything else is names and figures.

use serde_json::{Map, Value};

use super::input::Wish;
use super::names::is_word;
use super::stand_in::array_of;
use super::statement::{Reading, walk_sql};
use super::swap::Swap;
use crate::dialect::Dialect;
use crate::read::Segment;
use crate::read::pg_statistics::array_elements;
use crate::read::settings::is_planner_setting;
use crate::text::export::{find_header, read_rows};
use crate::text::json::read_json;
use crate::text::lines;

/// Fields that hold samples of the data.
const SAMPLES: [&str; 2] = ["most_common_vals", "histogram_bounds"];

/// Fields whose texts are words of the server.
const WORDS: [&str; 3] = ["collation", "format", "kind"];

/// Fields that hold a name, or several.
const NAMES: [&str; 12] = [
    "attname",
    "column",
    "columns",
    "indexrelname",
    "name",
    "nspname",
    "relname",
    "schema",
    "schemaname",
    "table",
    "tablename",
    "referenced_table",
];

/// Fields that are read; whatever else an export holds does not go in.
const FIELDS: [&str; 45] = [
    "attname",
    "avg_width",
    "collation",
    "column",
    "columns",
    "correlation",
    "definition",
    "dependencies",
    "exported_at",
    "expression_stats",
    "extended_statistics",
    "fillfactor",
    "foreign_keys",
    "format",
    "histogram_bounds",
    "idx_scan",
    "indexes",
    "is_constraint",
    "kind",
    "most_common_freqs",
    "most_common_vals",
    "n_distinct",
    "n_tup_del",
    "n_tup_hot_upd",
    "n_tup_ins",
    "n_tup_upd",
    "name",
    "not_null",
    "null_frac",
    "primary",
    "relallvisible",
    "relpages",
    "reltuples",
    "schema",
    "seq_scan",
    "server_version_num",
    "settings",
    "size_bytes",
    "table",
    "tables",
    "tree_height",
    "type",
    "unit",
    "valid",
    "value",
];

/// Settings that are no choice of the planner, and that it depends on.
const SETTINGS: [&str; 4] = ["block_size", "lc_collate", "server_version_num", "jit"];

fn is_shared_setting(name: &str) -> bool {
    is_planner_setting(name) || SETTINGS.contains(&name)
}

/// `pg-index-stats/1`.
pub fn walk_index_stats(segment: &Segment<'_>, wish: &Wish, swap: &mut dyn Swap) -> Option<String> {
    if !wish.statistics {
        return None;
    }
    let mut root = read_json(segment.text().trim_start(), 0)?.value;
    let settings = root.get_mut("settings").and_then(Value::as_object_mut);
    if let Some(settings) = settings {
        settings.retain(|name, _| is_shared_setting(name));
    }
    walk_field("", &mut root, swap);
    Some(root.to_string())
}

/// A field by its name; texts under names that are not known here are left out.
fn walk_field(field: &str, value: &mut Value, swap: &mut dyn Swap) {
    match value {
        Value::Array(items) if SAMPLES.contains(&field) => {
            items.iter_mut().for_each(|item| sample(item, swap));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk_field(field, item, swap)),
        Value::Object(map) => walk_object(field, map, swap),
        Value::String(text) => match walk_text(field, text, swap) {
            Some(new) => *text = new,
            None => *value = Value::Null,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn walk_object(field: &str, map: &mut Map<String, Value>, swap: &mut dyn Swap) {
    if field == "settings" {
        for setting in map.values_mut().filter_map(Value::as_object_mut) {
            setting.retain(|_, value| !value.is_null());
        }
        return;
    }
    if !matches!(field, "n_distinct" | "dependencies") {
        map.retain(|name, value| FIELDS.contains(&name.as_str()) && !value.is_null());
        map.iter_mut().for_each(|(name, value)| walk_field(name, value, swap));
    } else {
        let pairs = std::mem::take(map).into_iter();
        map.extend(pairs.map(|(columns, n)| (names_in(&columns, swap), n)));
    }
}

fn sample(item: &mut Value, swap: &mut dyn Swap) {
    let text = match &*item {
        Value::String(text) => swap.text(text),
        Value::Null | Value::Bool(_) => return,
        other => swap.text(&other.to_string()),
    };
    *item = Value::String(text);
}

fn walk_text(field: &str, text: &str, swap: &mut dyn Swap) -> Option<String> {
    match field {
        "exported_at" => Some(swap.text(text)),
        "definition" | "predicate" | "expression" | "columns" | "type" if !is_plain_name(text) => {
            Some(walk_sql(text, Dialect::Postgres, Reading::Schema, swap))
        }
        "type" => Some(name(text, swap)),
        _ if NAMES.contains(&field) => Some(name(text, swap)),
        "n_distinct" | "dependencies" => Some(names_in(text, swap)),
        _ if WORDS.contains(&field) => Some(text.to_owned()),
        // Figures may be written as texts.
        _ => text.trim().parse::<f64>().ok().map(|_| text.to_owned()),
    }
}

fn is_plain_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn name(text: &str, swap: &mut dyn Swap) -> String {
    let bare = text.trim_matches('"');
    if is_word(bare) { text.to_owned() } else { swap.name(bare) }
}

/// `{"a, b": 40}`, `a, b` or `a => b`: names among signs and figures.
fn names_in(text: &str, swap: &mut dyn Swap) -> String {
    walk_sql(text, Dialect::Postgres, Reading::Schema, swap)
}

/// Columns of the statistics views that are read.
const COLUMNS: [&str; 30] = [
    "attname",
    "avg_width",
    "correlation",
    "fillfactor",
    "histogram_bounds",
    "idx_scan",
    "idx_tup_fetch",
    "idx_tup_read",
    "indexrelname",
    "most_common_freqs",
    "most_common_vals",
    "n_distinct",
    "n_live_tup",
    "n_tup_del",
    "n_tup_hot_upd",
    "n_tup_ins",
    "n_tup_upd",
    "name",
    "nspname",
    "null_frac",
    "relallvisible",
    "relkind",
    "relname",
    "relpages",
    "reltuples",
    "schemaname",
    "seq_scan",
    "setting",
    "tablename",
    "unit",
];

/// Rows of the statistics views, as JSON.
pub fn walk_views(segment: &Segment<'_>, wish: &Wish, swap: &mut dyn Swap) -> Option<String> {
    if !wish.statistics {
        return None;
    }
    let text = segment.text();
    let table = read_rows(text, &find_header(text, 0)?);
    let setting = table.column(&["setting"]).and(table.column(&["name"]));
    let mut rows = Vec::new();
    for (_, row) in &table.rows {
        if setting.is_some_and(|at| !row.get(at).is_some_and(|name| is_shared_setting(name.trim())))
        {
            continue;
        }
        let mut out = Map::new();
        for (at, column) in table.columns.iter().enumerate() {
            let size = column.ends_with("size") || column.ends_with("bytes");
            if !COLUMNS.contains(&column.as_str()) && !size {
                continue;
            }
            let Some(cell) = table.cell(row, Some(at)) else { continue };
            let new = match column.as_str() {
                "name" => cell.to_owned(),
                column if SAMPLES.contains(&column) => samples(cell, swap),
                column if NAMES.contains(&column) => name(cell, swap),
                "relkind" | "setting" | "unit" => cell.to_owned(),
                _ if is_figure(cell) => cell.to_owned(),
                _ => continue,
            };
            out.insert(column.clone(), new.into());
        }
        rows.push(Value::Object(out));
    }
    (!rows.is_empty()).then(|| Value::Array(rows).to_string())
}

/// A number, or an array of them.
fn is_figure(cell: &str) -> bool {
    let signs = |c: char| c.is_ascii_digit() || "{},.+-_ eE\u{a0}".contains(c);
    cell.chars().all(signs)
}

fn samples(cell: &str, swap: &mut dyn Swap) -> String {
    array_of(array_elements(cell).iter().map(|element| Some(swap.text(element))))
}

/// Lines of a `postgresql.conf`: those of the planner.
pub fn walk_conf(segment: &Segment<'_>, wish: &Wish, _swap: &mut dyn Swap) -> Option<String> {
    let mut out = String::new();
    for (_, line) in lines(segment.text()).filter(|_| wish.statistics) {
        let name = line.split('=').next().unwrap_or("").trim().to_ascii_lowercase();
        if is_planner_setting(&name) {
            let setting = line.split('#').next().unwrap_or("");
            out.push_str(setting.trim());
            out.push('\n');
        }
    }
    (!out.is_empty()).then_some(out)
}
