//! SET, RESET, and ALTER SYSTEM, DATABASE or ROLE ... SET: settings of the planner among a script's
//! statements. A script is read as one: what is set last holds for all of its queries.

use super::facts::{Facts, SettingFact};
use super::settings::is_planner_setting;
use crate::dialect::Dialect;
use crate::text::lex::{Token, TokenKind, tokens};

/// Longest statement that is looked at.
const TOKENS_MAX: usize = 40;

/// Notes what `sql`, one statement, sets.
pub fn note_setting(sql: &str, facts: &mut Facts) {
    let code = tokens(sql, 0, Dialect::Postgres).filter(|t| t.kind != TokenKind::Comment);
    let mut words = code.take(TOKENS_MAX).peekable();
    let is = |token: Option<&Token>, known: &[&str]| {
        token.is_some_and(|token| known.iter().any(|word| token.is_word(sql, word)))
    };
    let first = words.next();
    let mut verb = first;
    if is(first.as_ref(), &["alter"]) {
        if !is(words.next().as_ref(), &["system", "database", "role", "user"]) {
            return;
        }
        verb = words.find(|token| is(Some(token), &["set", "reset"]));
    }
    if is(verb.as_ref(), &["reset"]) {
        if let Some(name) = words.next() {
            facts.set.push(SettingFact { name: name_of(name, sql), value: None });
        }
        return;
    }
    if !is(verb.as_ref(), &["set"]) {
        return;
    }
    if is(words.peek(), &["session", "local"]) {
        words.next();
    }
    let Some(name) = words.next().map(|token| name_of(token, sql)) else { return };
    let Some(sign) = words.next() else { return };
    if !is_planner_setting(&name) || !(sign.text(sql) == "=" || sign.is_word(sql, "to")) {
        return;
    }
    let value = value_of(sql.get(sign.span.end..).unwrap_or(""));
    let is_default = value.eq_ignore_ascii_case("default");
    facts.set.push(SettingFact { name, value: (!is_default).then_some(value) });
}

fn name_of(token: Token, sql: &str) -> String {
    token.text(sql).trim_matches('"').to_ascii_lowercase()
}

/// A value without its quotes.
pub fn value_of(text: &str) -> String {
    text.trim().trim_end_matches(';').trim().trim_matches('\'').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_set() {
        let cases = [
            ("SET work_mem = '64MB'", Some(("work_mem", Some("64MB")))),
            ("set local ENABLE_seqscan to off;", Some(("enable_seqscan", Some("off")))),
            ("SET SESSION random_page_cost=1.1", Some(("random_page_cost", Some("1.1")))),
            ("ALTER ROLE a SET work_mem TO DEFAULT", Some(("work_mem", None))),
            ("ALTER SYSTEM SET \"work_mem\" = 65536", Some(("work_mem", Some("65536")))),
            ("RESET ALL", Some(("all", None))),
            ("SET client_encoding = 'UTF8'", None),
            ("ALTER TABLE t ALTER a SET STATISTICS 5", None),
            ("SET work_mem", None),
        ];
        for (sql, want) in cases {
            let mut facts = Facts::default();
            note_setting(sql, &mut facts);
            let got = facts.set.first();
            let got = got.map(|fact| (fact.name.as_str(), fact.value.as_deref()));
            assert_eq!(got, want, "{sql}");
        }
    }
}
