//! Names of locks and sentences that several statements share.

use crate::dialect::Dialect;
use crate::read::ddl::Cursor;
use crate::sql::quote::quote_name;
use crate::sql::schema::Name;
use crate::text::lex::TokenKind;

pub const ACCESS_SHARE: &str = "ACCESS SHARE";
pub const ROW_EXCLUSIVE: &str = "ROW EXCLUSIVE";
pub const SHARE_UPDATE_EXCLUSIVE: &str = "SHARE UPDATE EXCLUSIVE";
pub const SHARE: &str = "SHARE";
pub const SHARE_ROW_EXCLUSIVE: &str = "SHARE ROW EXCLUSIVE";
pub const EXCLUSIVE: &str = "EXCLUSIVE";
pub const ACCESS_EXCLUSIVE: &str = "ACCESS EXCLUSIVE";

/// A table as statements name it.
pub fn quoted(name: &Name, dialect: Dialect) -> String {
    let own = quote_name(&name.name, dialect);
    match &name.schema {
        Some(schema) => format!("{}.{own}", quote_name(schema, dialect)),
        None => own,
    }
}

/// Is there this word among what is left, outside of parentheses?
pub fn has(at: &Cursor<'_>, words: &str) -> bool {
    let mut rest = *at;
    while !rest.is_done() {
        if rest.is_all(words) {
            return true;
        }
        rest.skip_one();
    }
    false
}

/// Everything behind these words, outside of parentheses.
pub fn behind<'a>(at: &Cursor<'a>, words: &str) -> Option<Cursor<'a>> {
    let mut rest = *at;
    while !rest.is_done() {
        if rest.eat_all(words) {
            return Some(rest);
        }
        rest.skip_one();
    }
    None
}

/// The names of functions that are called in what is left.
pub fn functions(at: &Cursor<'_>) -> Vec<String> {
    let calls = at.tokens.windows(2).filter(|pair| match pair {
        [name, open] => name.kind == TokenKind::Word && open.kind == TokenKind::Open,
        _ => false,
    });
    calls.filter_map(|pair| Some(pair.first()?.text(at.text).to_ascii_lowercase())).collect()
}

/// A default name for what a safer form has to name.
pub fn made_up(table: &Name, column: &str, suffix: &str) -> String {
    format!("{}_{column}_{suffix}", table.name)
}
