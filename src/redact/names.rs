//! Placeholders for names, and the way back.
//!
//! A name that is a word of SQL (`id`, `name`, `status`, `lower`) stays: a keyword and a column of that name
//! look alike, and it says nothing of anybody.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::made_up::made_up_names;
use super::words::is_known;
use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::sql::functions::is_known_function;
use crate::text::lex::{TokenKind, tokens};

/// Placeholders by name.
#[derive(Debug)]
pub struct Names {
    dialect: Dialect,
    /// By what makes names the same: as it was first written, and its placeholder.
    by_name: BTreeMap<String, (String, String)>,
}

/// What makes two names the same: PostgreSQL tells "Orders" from orders, the others do not.
pub fn same_name(name: &str, dialect: Dialect) -> Cow<'_, str> {
    match dialect == Dialect::Postgres {
        true => name.into(),
        false => name.to_lowercase().into(),
    }
}

impl Names {
    /// Placeholders for these names, as they were written by what makes them the same, that begin like
    /// nothing that is `taken`.
    pub fn new(
        names: BTreeMap<String, String>,
        dialect: Dialect,
        taken: impl Fn(&str) -> bool,
    ) -> Names {
        let mut lead = "n".to_owned();
        let is_free = |lead: &str| (0..10).all(|digit| !taken(&format!("{lead}{digit}")));
        while !is_free(&lead) {
            lead.push('n');
        }
        let replaced: Vec<(String, String)> =
            names.into_iter().filter(|(_, name)| !is_word(name)).collect();
        // In the same order: of two twins the server takes the first.
        let width = replaced.len().to_string().len();
        let numbered = replaced.into_iter().zip(1..);
        let by_name =
            numbered.map(|((same, name), n)| (same, (name, format!("{lead}{n:0width$}"))));
        Names { dialect, by_name: by_name.collect() }
    }

    /// The same, names that the server makes up of others being made of their placeholders.
    pub fn with_made_up(mut self, catalog: &Catalog) -> Names {
        for (name, other) in made_up_names(catalog, &|name| self.stand_in(name)) {
            if name != other {
                let same = same_name(&name, self.dialect).into_owned();
                self.by_name.insert(same, (name, other));
            }
        }
        self
    }

    /// The placeholder of a name; the name if it stays.
    pub fn stand_in(&self, name: &str) -> String {
        let known = self.by_name.get(same_name(name, self.dialect).as_ref());
        known.map_or(name, |(_, stand_in)| stand_in).to_owned()
    }

    /// Names by placeholder.
    pub fn key(&self) -> BTreeMap<String, String> {
        self.by_name.values().map(|(name, stand_in)| (stand_in.clone(), name.clone())).collect()
    }
}

/// Is a name a word of SQL?
pub fn is_word(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    is_known(&lower)
        || is_known_function(&lower)
        || lower.starts_with("pg_")
        || lower.ends_with("_ops")
        || lower.len() < 2
}

/// A text with names in place of their placeholders. In SQL, names that need quotes get them.
pub fn restore(text: &str, key: &BTreeMap<String, String>, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut words = tokens(text, 0, Dialect::Postgres);
    while let Some(token) = words.next() {
        if matches!(token.kind, TokenKind::Text | TokenKind::Comment | TokenKind::QuotedName) {
            // Look inside: only the mark that opens it is stepped over.
            words.at = token.span.start + 1;
            continue;
        }
        let word = token.text(text);
        let Some(name) = key.get(word).filter(|_| token.kind == TokenKind::Word) else { continue };
        let quoted = text.get(..token.span.start).is_some_and(|lead| lead.ends_with(['"', '`']));
        out.push_str(text.get(copied..token.span.start).unwrap_or(""));
        match quoted || is_plain(name, dialect) {
            true => out.push_str(name),
            false => out.push_str(&in_quotes(name, dialect)),
        }
        copied = token.span.end;
    }
    out.push_str(text.get(copied..).unwrap_or(""));
    out
}

/// Needs a name no quotes?
fn is_plain(name: &str, dialect: Dialect) -> bool {
    let folds = dialect == Dialect::Postgres;
    let is_part = |c: char| {
        c.is_ascii_lowercase()
            || c.is_ascii_digit()
            || c == '_'
            || (!folds && c.is_ascii_uppercase())
    };
    name.chars().all(is_part)
}

fn in_quotes(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres | Dialect::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
        Dialect::Mysql | Dialect::Mariadb => format!("`{}`", name.replace('`', "``")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_and_come_back() {
        let names = ["orders", "Order Lines", "status", "n1", "pg_class"];
        let names = names.map(|name| (name.to_owned(), name.to_owned())).into();
        let names = Names::new(names, Dialect::Postgres, |lead| "n1".starts_with(lead));
        assert_eq!(names.stand_in("status"), "status");
        assert_eq!(names.stand_in("orders"), "nn3");
        let text = "SELECT \"nn1\".status FROM nn3, nn1 -- nn3, 'nn3' nn33";
        assert_eq!(
            restore(text, &names.key(), Dialect::Postgres),
            "SELECT \"Order Lines\".status FROM orders, \"Order Lines\" -- orders, 'orders' nn33"
        );
    }
}
