//! What all renderings share: notes as comments, and texts as literals of Python and Ruby.

use super::statement::Statement;
use super::steps::{Stage, Step};
use crate::advise::Change;
use crate::advise::change::ChangeKey;
use crate::catalog::definition::{order, suffix};
use crate::dialect::Dialect;
use crate::sql::quote::quote_name;

/// Text from outside may hold line breaks and worse: every line becomes a comment of its own, and no
/// control character is left.
pub fn comment(out: &mut String, mark: &str, text: &str) {
    for (_, line) in crate::text::lines(text) {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        out.push_str(format!("{mark} {line}").trim_end());
        out.push('\n');
    }
}

/// What is to be known before a statement is run.
pub fn statement_notes(statement: &Statement) -> Vec<String> {
    let lock = &statement.lock;
    vec![
        format!("Lock: {} on {}: {}.", lock.mode, lock.on, lock.effect),
        statement.transaction.words().to_owned(),
    ]
}

/// Title and notes of a step.
pub fn step_notes(step: &Step) -> Vec<String> {
    let mut out = vec![step.title.clone()];
    out.extend(statement_notes(&step.forward));
    out.extend(step.notes.iter().cloned());
    if let Some(cleanup) = &step.cleanup {
        out.push(format!("If it fails it leaves an invalid index behind: {};", cleanup.find));
        let then = match step.stage {
            Stage::Drop => "Finish with",
            _ => "Remove that, then run this again",
        };
        out.push(format!("{then}: {};", cleanup.remove));
    }
    out
}

/// All notes of a step as comments.
pub fn write_notes(out: &mut String, mark: &str, step: &Step) {
    for note in step_notes(step) {
        comment(out, mark, &note);
    }
}

/// `create_indexes: ...`
pub fn stage_line(stage: Stage) -> String {
    format!("{}: {}.", stage.name(), stage.words())
}

/// Letters, digits and underscores, not beginning with a digit: the same in every language.
pub fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Every name of the change is plain, so that the tool's own words can be used.
pub fn has_plain_names(change: &Change) -> bool {
    let columns = change.keys.iter().filter_map(|key| key.column.as_deref());
    let names = columns.chain(change.include.iter().map(String::as_str));
    let own = [change.table.as_str(), change.index.as_str()];
    names.chain(own).chain(change.schema.as_deref()).all(is_plain)
}

/// A key as SQL: column or expression, and what stands behind it.
pub fn key_sql(key: &ChangeKey, dialect: Dialect) -> String {
    let mut out = match (&key.column, &key.expression) {
        (Some(column), _) => quote_name(column, dialect),
        (None, Some(expression)) => format!("({expression})"),
        (None, None) => String::new(),
    };
    let (collation, opclass) = (key.collation.as_deref(), key.opclass.as_deref());
    let order = order(key.desc, key.nulls_first, dialect);
    out.push_str(&suffix(key.prefix_length, collation, opclass, order, dialect));
    out
}

/// A Python literal on one line.
pub fn python(text: &str) -> String {
    let quote = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c == quote => out.extend(['\\', c]),
            c if is_unseen(c) => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// A Ruby literal on one line; without interpolation.
pub fn ruby(text: &str) -> String {
    if !text.chars().any(|c| matches!(c, '\'' | '\\') || is_unseen(c)) {
        return format!("'{text}'");
    }
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '\\' | '"' | '#' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if is_unseen(c) => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Control characters, and those that turn the direction of writing or break lines in some editors.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `[a, b]`, each written by `literal`.
pub fn list(names: &[String], literal: fn(&str) -> String) -> String {
    let names: Vec<String> = names.iter().map(|name| literal(name)).collect();
    format!("[{}]", names.join(", "))
}
