//! How many entries a search looks up in an inverted index (`gincost_pattern` and its callers in
//! `selfuncs.c`, and what the operator classes extract of a constant). A value that is not known is one
//! entry. Approximate where a dictionary or a regular expression is at work: words of a text search
//! query count as written, a regular expression as its literal runs.

use crate::sorted::SortedSet;

use serde_json::Value;

use super::candidate::{Candidate, Key, opclass};
use crate::plan::cost::gin::Lookups;
use crate::plan::cost::qual::array_length;
use crate::plan::implication::strip;
use crate::plan::path::IndexClause;
use crate::sql::expr::{CompareOp, Expr, LikeKind, Literal};

/// What one condition looks up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Entries {
    exact: f64,
    partial: f64,
    searches: f64,
    /// It says nothing about any entry.
    is_full: bool,
}

impl Entries {
    fn exact(n: f64) -> Entries {
        Entries { exact: n, searches: n, ..Entries::default() }
    }
}

/// Of all clauses together.
pub fn gin_lookups(candidate: &Candidate<'_>, clauses: &[IndexClause]) -> Lookups {
    let mut out = Lookups::default();
    let (mut full, mut normal) = (SortedSet::new(), SortedSet::new());
    for clause in clauses {
        let Some(key) = candidate.keys.get(clause.key) else { continue };
        for condition in clause.conditions() {
            let found = entries(key, &condition.expr);
            if clause.is_array {
                out.array_scans *= clause.n_values;
            }
            out.exact += found.exact;
            out.partial += found.partial;
            out.searches += found.searches;
            if found.is_full {
                full.insert(clause.key)
            } else {
                normal.insert(clause.key)
            };
        }
    }
    out.is_full_scan = full.difference(&normal).next().is_some();
    out
}

fn entries(key: &Key<'_>, condition: &Expr) -> Entries {
    match condition {
        Expr::Like { kind, pattern, .. } => match text_of(pattern) {
            Some(pattern) => trigrams(&pattern, *kind),
            None => Entries::exact(1.0),
        },
        Expr::Compare(CompareOp::Eq, _, value) if key.data_type.ends_with(']') => {
            Entries::exact(array_length(value) + 1.0)
        }
        Expr::Compare(CompareOp::Eq, _, value) if opclass(key).contains("trgm") => {
            text_of(value).map_or(Entries::exact(1.0), |text| trigrams(&text, LikeKind::Like))
        }
        Expr::Compare(CompareOp::Eq, ..) => Entries::exact(1.0),
        // A range of a scalar (`btree_gin`) is a prefix search.
        Expr::Compare(..) => Entries { partial: 100.0, searches: 1.0, ..Entries::default() },
        Expr::Operator { op, right, .. } => match (op.as_str(), text_of(right)) {
            ("?", _) => Entries::exact(1.0),
            ("?|" | "?&" | "&&", _) => Entries::exact(array_length(right)),
            ("@>", Some(json)) if key.data_type == "jsonb" => json_entries(key, &json),
            ("@>", _) if key.data_type.ends_with(']') => Entries::exact(array_length(right)),
            ("<@", _) if key.data_type.ends_with(']') => Entries::exact(array_length(right) + 1.0),
            ("@@" | "@@@", _) => match_entries(right),
            ("%" | "<%" | "%>" | "<<%" | "%>>", Some(text)) => trigrams(&text, LikeKind::Like),
            _ => Entries::exact(1.0),
        },
        _ => Entries::exact(1.0),
    }
}

fn text_of(value: &Expr) -> Option<String> {
    match strip(value) {
        Expr::Literal(Literal::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Distinct runs of three characters that every match has. Words are padded where they surely begin
/// or end.
fn trigrams(pattern: &str, kind: LikeKind) -> Entries {
    let chars: Vec<char> = pattern.to_lowercase().chars().collect();
    let is_like = matches!(kind, LikeKind::Like | LikeKind::ILike);
    let is_wild = |c: Option<&char>| match c {
        Some(c) => !is_like || matches!(c, '%' | '_'),
        None => !is_like,
    };
    let mut found: SortedSet<Vec<char>> = SortedSet::new();
    let mut at = 0;
    while at < chars.len() {
        let word: Vec<char> =
            chars.iter().skip(at).take_while(|c| c.is_alphanumeric()).copied().collect();
        if word.is_empty() {
            at += 1;
            continue;
        }
        let end = at + word.len();
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let mut padded: Vec<char> = if is_wild(before) { Vec::new() } else { vec![' ', ' '] };
        padded.extend(word);
        if !is_wild(chars.get(end)) {
            padded.push(' ');
        }
        found.extend(padded.windows(3).map(<[char]>::to_vec));
        at = end;
    }
    if found.is_empty() {
        return Entries { is_full: true, ..Entries::default() };
    }
    Entries::exact(found.len() as f64)
}

/// `jsonb_ops` keeps keys and values apart, `jsonb_path_ops` one entry for each value with its path.
fn json_entries(key: &Key<'_>, json: &str) -> Entries {
    let Ok(value) = serde_json::from_str::<Value>(json) else { return Entries::exact(1.0) };
    let by_path = opclass(key) == "jsonb_path_ops";
    match count_json(&value, by_path) {
        0 => Entries { is_full: true, ..Entries::default() },
        n => Entries::exact(f64::from(n)),
    }
}

fn count_json(value: &Value, by_path: bool) -> u32 {
    match value {
        Value::Array(items) => items.iter().map(|item| count_json(item, by_path)).sum(),
        Value::Object(fields) => {
            fields.iter().map(|(_, value)| u32::from(!by_path) + count_json(value, by_path)).sum()
        }
        _ => 1,
    }
}

/// Words of a text search query; `word:*` is a prefix search.
fn match_entries(query: &Expr) -> Entries {
    let text = match strip(query) {
        Expr::Function(call) => call.args.last().and_then(text_of),
        Expr::Cast { expr, .. } => text_of(expr),
        other => text_of(other),
    };
    let Some(text) = text else { return Entries::exact(1.0) };
    let is_separator = |c: char| c.is_whitespace() || "&|!()<>-'".contains(c);
    let mut out = Entries::default();
    for word in text.split(is_separator).filter(|word| word.chars().any(char::is_alphanumeric)) {
        out.searches += 1.0;
        if word.ends_with(":*") { out.partial += 100.0 } else { out.exact += 1.0 }
    }
    if out.searches == 0.0 { Entries::exact(1.0) } else { out }
}
