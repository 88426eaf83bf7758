//! CREATE TRIGGER with a body (SQLite, MySQL): the statements that it runs for each row written. What
//! stands in NEW and OLD is a parameter of theirs. Conditions around them are not looked at.

use crate::read::facts::{Facts, TriggerFact};
use crate::sql::cursor::{Cursor, Unread};
use crate::text::Source;
use crate::text::lex::{Token, TokenKind};

/// What a trigger may wait for, and its statements may begin with.
const WRITES: [&str; 4] = ["insert", "update", "delete", "replace"];

/// Behind CREATE. A trigger that calls a function has no statements.
pub(super) fn read_trigger(
    at: &mut Cursor<'_>,
    source: &Source,
    facts: &mut Facts,
) -> Result<(), Unread> {
    let place = source.place(at.offset());
    at.bump();
    at.eat_all("if not exists");
    let name = at.qualified_name()?.name;
    let mut event = String::new();
    while !at.is_done() && !at.eat("on") {
        if at.is_any(&WRITES) {
            event = at.word();
        }
        at.bump();
    }
    let table = at.qualified_name()?;
    while !at.is_done() && !at.eat("begin") && !at.is_any(&WRITES) {
        at.bump();
    }
    let pieces = at.tokens.split(|token| token.kind == TokenKind::Semicolon);
    let statements: Vec<String> = pieces.filter_map(|piece| statement(at.text, piece)).collect();
    if !statements.is_empty() {
        facts.triggers.push(TriggerFact { name, table, event, statements, source: place });
    }
    Ok(())
}

/// The statement in a piece of the body, be it behind IF ... THEN.
fn statement(text: &str, piece: &[Token]) -> Option<String> {
    let is_verb = |token: &Token| WRITES.iter().any(|word| token.is_word(text, word));
    let first = piece.iter().position(is_verb)?;
    let is_begin = match first.checked_sub(1).and_then(|before| piece.get(before)) {
        None => true,
        Some(before) => ["then", "else", "begin", "do"].iter().any(|w| before.is_word(text, w)),
    };
    is_begin.then(|| with_parameters(text, piece.get(first..).unwrap_or(&[])))
}

/// The text of tokens, with `NEW.x` and `OLD.x` as parameters.
fn with_parameters(text: &str, tokens: &[Token]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_row = (token.is_word(text, "new") || token.is_word(text, "old"))
            && tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Dot);
        if at > 0 && token.kind != TokenKind::Dot && !out.ends_with('.') {
            out.push(' ');
        }
        out.push_str(if is_row { "?" } else { token.text(text) });
        at += if is_row { 3 } else { 1 };
    }
    out
}
