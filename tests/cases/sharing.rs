//! Laws of what is shared: nothing is lost on the way, no literal goes along, names come back.

use std::collections::BTreeSet;

use sargable::dialect::Dialect;
use sargable::input::Input;
use sargable::progress::Silent;
use sargable::redact::check::compare;
use sargable::redact::input::{Redacted, Wish, redact_input};
use sargable::redact::key::{read_key, restore_input, write_key};
use sargable::report::Report;
use sargable::report::json::render_json;
use sargable::session;
use sargable::text::lex::{TokenKind, tokens};

use crate::case::Case;

fn review(input: &Input) -> Report {
    sargable::analyze(input, &mut Silent)
}

fn redacted(case: &Case, names: bool) -> Redacted {
    redact_input(&case.input(), &Wish { names, ..Wish::default() })
}

/// A file and a link hold the input, redacted or not.
pub fn carried(case: &Case) -> Result<(), String> {
    for input in [case.input(), redacted(case, true).input] {
        let link = session::link::encode(&input);
        if session::read(&session::write(&input)).as_ref() != Ok(&input) {
            return Err("another input in the file".to_owned());
        }
        if session::link::decode(&link).as_ref() != Ok(&input) {
            return Err("another input in the link".to_owned());
        }
    }
    Ok(())
}

/// Without literals the findings are the same.
pub fn shared(case: &Case) -> Result<(), String> {
    let (input, redacted) = (case.input(), redacted(case, true));
    let differences = compare(&review(&input), &review(&redacted.input), &redacted.key);
    match differences.first() {
        None => Ok(()),
        Some(first) => Err(format!("{} other findings: {first:?}", differences.len())),
    }
}

/// No literal of the input stands in the file or in its review.
pub fn without_literals(case: &Case) -> Result<(), String> {
    let redacted = redacted(case, true);
    let file = session::write(&redacted.input);
    let report = review(&redacted.input);
    let review = render_json(&report);
    for literal in literals(case, report.dialect) {
        for (what, text) in [("file", &file), ("review", &review)] {
            if stands_in(text, &literal) {
                return Err(format!("{literal:?} is in the {what}"));
            }
        }
    }
    Ok(())
}

/// Without names the findings are the same, and the key brings back the names.
pub fn renamed(case: &Case) -> Result<(), String> {
    let (with, without) = (redacted(case, true), redacted(case, false));
    let key = read_key(&write_key(&without.key))?;
    let (named, unnamed) = (review(&with.input), review(&without.input));
    if let Some(first) = compare(&named, &unnamed, &key).first() {
        return Err(format!("other findings without names: {first:?}"));
    }
    if let Some(first) =
        compare(&named, &review(&restore_input(&without.input, &key)), &key).first()
    {
        return Err(format!("other findings with restored names: {first:?}"));
    }
    let file = session::write(&without.input);
    // Words of the file itself.
    let own = ["calls", "kind", "name", "pieces"];
    let names = key.values().filter(|name| name.len() > 3 && !own.contains(&name.as_str()));
    match names.into_iter().find(|name| stands_in(&file, name)) {
        Some(name) => Err(format!("{name:?} is still there")),
        None => Ok(()),
    }
}

/// The texts in quotes of all blocks that are SQL or hold some, but for what stays by intention.
fn literals(case: &Case, dialect: Dialect) -> BTreeSet<String> {
    let mut literals = BTreeSet::new();
    let mut words = BTreeSet::new();
    for block in case.blocks.iter().filter(|block| block.kind != "statistics") {
        for token in tokens(&block.text, 0, dialect) {
            let text = token.text(&block.text);
            match token.kind {
                TokenKind::Text => drop(literals.insert(text.to_owned())),
                TokenKind::Word | TokenKind::QuotedName => drop(words.insert(text.to_lowercase())),
                // Names of queries stay.
                TokenKind::Comment => words.extend(text.split([' ', ';']).map(str::to_lowercase)),
                _ => {}
            }
        }
    }
    let bare = literals.iter().filter_map(|text| text.strip_prefix('\'')?.strip_suffix('\''));
    let bare = bare.map(|text| text.trim_matches('%').to_owned());
    let is_name = |text: &str| words.contains(&text.to_lowercase()) || text.contains("_seq");
    let is_unit = |text: &str| {
        let units = ["day", "hour", "minute", "month", "week", "year", "second"];
        text.chars().any(|c| c.is_ascii_digit()) && units.iter().any(|unit| text.contains(unit))
    };
    let is_figure = |text: &str| text.len() < 5 && text.bytes().all(|b| b.is_ascii_digit());
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " @.-_:".contains(c));
    bare.filter(|text| {
        text.len() > 3 && plain(text) && !is_name(text) && !is_unit(text) && !is_figure(text)
    })
    .collect()
}

/// Does a literal stand in a text as a word of its own?
fn stands_in(text: &str, literal: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(literal)) {
        let (start, end) = (from + at, from + at + literal.len());
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let before = text[..start].chars().next_back();
        let escaped = text[..start].ends_with(['n', 't']) && text[..start - 1].ends_with('\\');
        if (escaped || !joins(before)) && !joins(text[end..].chars().next()) {
            return true;
        }
        from = start + literal.chars().next().map_or(1, char::len_utf8);
    }
    false
}
