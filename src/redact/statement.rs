//! SQL with every literal and name handed to a [`Swap`], token by token; comments are left out.

use super::names::is_word;
use super::swap::Swap;
use crate::dialect::Dialect;
use crate::text::lex::{Token, TokenKind, tokens};

/// What numbers mean in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A query or a condition: numbers are data, but for LIMIT and lengths of types.
    Query,
    /// A schema statement: numbers are data behind CHECK, DEFAULT, WHERE and the like.
    Schema,
}

/// Behind these words of a schema statement, numbers are data.
const DATA_WORDS: [&str; 6] = ["as", "check", "default", "generated", "values", "where"];

/// Numbers behind these are part of the shape.
const SHAPE_WORDS: [&str; 13] = [
    "cache",
    "fetch",
    "first",
    "increment",
    "limit",
    "maxvalue",
    "minvalue",
    "modulus",
    "next",
    "offset",
    "remainder",
    "restart",
    "statistics",
];

/// Numbers in parentheses behind these are lengths.
const TYPES: [&str; 18] = [
    "bit",
    "bpchar",
    "char",
    "character",
    "dec",
    "decimal",
    "double",
    "float",
    "int",
    "interval",
    "number",
    "numeric",
    "nvarchar",
    "time",
    "timestamp",
    "timestamptz",
    "varchar",
    "varying",
];

/// Walks over `sql`.
pub fn walk_sql(sql: &str, dialect: Dialect, reading: Reading, swap: &mut dyn Swap) -> String {
    let all: Vec<Token> = tokens(sql, 0, dialect).collect();
    let mut walk = Walk { sql, dialect, reading, before: [""; 4], depth: 0, data_from: None };
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, token) in all.iter().enumerate() {
        let next = all.get(at + 1..).unwrap_or(&[]).iter();
        let next = next.clone().find(|token| token.kind != TokenKind::Comment);
        let next = next.map_or("", |token| token.text(sql));
        if let Some(new) = walk.token(*token, next, swap) {
            out.push_str(sql.get(copied..token.span.start).unwrap_or(""));
            out.push_str(&new);
            copied = token.span.end;
        }
    }
    out.push_str(sql.get(copied..).unwrap_or(""));
    out.trim().to_owned()
}

struct Walk<'a> {
    sql: &'a str,
    dialect: Dialect,
    reading: Reading,
    /// The tokens before, the last one last.
    before: [&'a str; 4],
    depth: usize,
    /// In a schema statement: numbers are data down to this depth.
    data_from: Option<usize>,
}

impl<'a> Walk<'a> {
    /// What a token becomes; none if it stays.
    fn token(&mut self, token: Token, next: &str, swap: &mut dyn Swap) -> Option<String> {
        let text = token.text(self.sql);
        let new = match token.kind {
            TokenKind::Comment => return Some(" ".to_owned()),
            TokenKind::Text => Some(self.string(text, swap)),
            TokenKind::Number => self.is_data(next).then(|| swap.number(text)),
            TokenKind::Word => {
                self.word(text);
                let name =
                    if self.dialect == Dialect::Postgres { &text.to_lowercase() } else { text };
                (!is_word(text)).then(|| swap.name(name)).filter(|new| new != name)
            }
            TokenKind::QuotedName if self.is_string(text, next, swap) => {
                Some(self.string(text, swap))
            }
            TokenKind::QuotedName => quoted_name(text, swap),
            TokenKind::Param => parameter(text, swap),
            TokenKind::Open => {
                self.depth += 1;
                None
            }
            TokenKind::Close => {
                self.depth = self.depth.saturating_sub(1);
                None
            }
            _ => None,
        };
        let ends = matches!(token.kind, TokenKind::Comma | TokenKind::Close);
        if ends && self.data_from.is_some_and(|from| self.depth < from + usize::from(text == ",")) {
            self.data_from = None;
        }
        let [_, a, b, c] = self.before;
        self.before = [a, b, c, text];
        new
    }

    /// SQLite's `name = "bob"`: a string, as no column is called so.
    fn is_string(&self, text: &str, next: &str, swap: &dyn Swap) -> bool {
        let is_part = next == "." || self.before[3] == ".";
        self.dialect == Dialect::Sqlite
            && self.reading == Reading::Query
            && text.starts_with('"')
            && !is_part
            && !swap.knows(text.trim_matches('"'))
            && !["as", "from", "join", "into", "update", "table", "with"]
                .iter()
                .any(|word| word.eq_ignore_ascii_case(self.before[3]))
    }

    fn word(&mut self, word: &str) {
        let begins = DATA_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
        if begins && self.data_from.is_none() {
            self.data_from = Some(self.depth);
        }
    }

    fn is_data(&self, next: &str) -> bool {
        let [word, open, before, last] = self.before;
        let is = |word: &str, known: &[&str]| known.iter().any(|k| k.eq_ignore_ascii_case(word));
        if is(last, &SHAPE_WORDS) || last == ":" && is(before, &SHAPE_WORDS) {
            return false;
        }
        // A length or a precision: the second number of `numeric(10,2)` has the first before it.
        let of_type =
            last == "(" && is(before, &TYPES) || last == "," && open == "(" && is(word, &TYPES);
        let of_prefix = last == "(" && next == ")" && self.reading == Reading::Schema;
        let in_expression = self.reading == Reading::Query || self.data_from.is_some();
        let argument = last == "," && self.depth > 1;
        let operand = match last {
            "=" => self.depth > 1,
            last => !last.is_empty() && last.bytes().all(|byte| b"+-*/%<>|~!=".contains(&byte)),
        };
        !(of_type || of_prefix && self.data_from.is_none())
            && (in_expression || argument || operand)
    }

    /// A string with another content; one whose content stays, stays as written.
    fn string(&self, text: &str, swap: &mut dyn Swap) -> String {
        let open = text.find(['\'', '"', '$']).unwrap_or(0);
        let lead = text.get(..open).unwrap_or("").trim();
        let quote = text.get(open..).and_then(|rest| rest.chars().next()).unwrap_or('\'');
        let content = content(text.get(open..).unwrap_or(""), lead, quote, self.dialect);
        if lead.eq_ignore_ascii_case("x") || lead.eq_ignore_ascii_case("b") {
            return match content.len() {
                0..=2 => text.to_owned(),
                n => format!("{lead}'{}'", "0".repeat(n)),
            };
        }
        let last = self.before[3];
        let like = ["like", "ilike", "~~", "~~*", "!~~", "!~~*"];
        let is_pattern = like.iter().any(|word| word.eq_ignore_ascii_case(last));
        let is_name = self.is_name_text();
        let new = match () {
            () if is_name => dotted(&content, swap),
            () if is_pattern || content.starts_with('%') || content.ends_with('%') => {
                swap.pattern(&content)
            }
            () => swap.text(&content),
        };
        if new == content {
            return text.to_owned();
        }
        let quote = if quote == '$' { '\'' } else { quote };
        let mut inner = new.replace(quote, &format!("{quote}{quote}"));
        if self.dialect.is_mysql_family() {
            inner = inner.replace('\\', "\\\\");
        }
        let lead = if lead.eq_ignore_ascii_case("e") { "" } else { lead };
        format!("{lead}{quote}{inner}{quote}")
    }

    /// `nextval('orders_id_seq')`: a string that is a name.
    fn is_name_text(&self) -> bool {
        let [.., before, last] = self.before;
        last == "("
            && ["nextval", "setval", "currval", "pg_get_serial_sequence"]
                .iter()
                .any(|function| function.eq_ignore_ascii_case(before))
    }
}

/// The content of a string without its quotes and escapes.
fn content(text: &str, lead: &str, quote: char, dialect: Dialect) -> String {
    if quote == '$' {
        let tag = text.get(1..).and_then(|rest| rest.split('$').next()).unwrap_or("");
        let mark = format!("${tag}$");
        let inner = text.strip_prefix(mark.as_str()).unwrap_or(text);
        return inner.strip_suffix(mark.as_str()).unwrap_or(inner).to_owned();
    }
    let inner = text.strip_prefix(quote).unwrap_or(text);
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    let inner = inner.replace(&format!("{quote}{quote}"), &quote.to_string());
    let escaped = lead.eq_ignore_ascii_case("e") || dialect.is_mysql_family();
    if !escaped || !inner.contains('\\') {
        return inner;
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, false) => out.push(c),
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                // In a pattern the escape is the wildcard's.
                Some(wild @ ('%' | '_')) => out.extend(['\\', wild]),
                Some(other) => out.push(other),
                None => {}
            },
        }
    }
    out
}

/// A name in quotes; none if it stays.
fn quoted_name(text: &str, swap: &mut dyn Swap) -> Option<String> {
    let (open, close) = (text.chars().next()?, text.chars().next_back()?);
    let inner = text.get(open.len_utf8()..text.len().checked_sub(close.len_utf8())?)?;
    let inner = inner.replace(&format!("{close}{close}"), &close.to_string());
    let new = dotted(&inner, swap);
    (new != inner)
        .then(|| format!("{open}{}{close}", new.replace(close, &format!("{close}{close}"))))
}

/// `schema.table` in one pair of quotes, as psql heads it.
pub fn dotted(name: &str, swap: &mut dyn Swap) -> String {
    let part = |part: &str, swap: &mut dyn Swap| match is_word(part) {
        true => part.to_owned(),
        false => swap.name(part),
    };
    match name.split_once('.') {
        Some((schema, name)) => format!("{}.{}", part(schema, swap), part(name, swap)),
        None => part(name, swap),
    }
}

/// `:customer`, `@customer`, `%(customer)s`: the name of a parameter; none if it stays.
fn parameter(text: &str, swap: &mut dyn Swap) -> Option<String> {
    let from = text.find(|c: char| c.is_alphabetic() || c == '_')?;
    let (mark, rest) = text.split_at_checked(from)?;
    if mark.starts_with('$') || text == "%s" {
        return None;
    }
    let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, tail) = rest.split_at_checked(len)?;
    let new = dotted(name, swap);
    (new != name).then(|| format!("{mark}{new}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks what it is given.
    struct Mark;

    impl Swap for Mark {
        fn text(&mut self, content: &str) -> String {
            format!("T({content})")
        }
        fn pattern(&mut self, content: &str) -> String {
            format!("P({content})")
        }
        fn number(&mut self, number: &str) -> String {
            format!("N({number})")
        }
        fn name(&mut self, name: &str) -> String {
            name.to_owned()
        }
        fn knows(&self, name: &str) -> bool {
            name == "column"
        }
    }

    #[test]
    fn every_literal_of_a_query_is_met() {
        for (sql, want) in [
            (
                "SELECT a -- bob\nFROM t WHERE n = 'it''s' LIMIT 500",
                "SELECT a  \nFROM t WHERE n = 'T(it''s)' LIMIT 500",
            ),
            (
                "x = E'a\\'b' AND y = $q$s$q$ AND z = -4.5",
                "x = 'T(a''b)' AND y = 'T(s)' AND z = -N(4.5)",
            ),
            ("n LIKE 'ab%' OR n ~~ 'x'", "n LIKE 'P(ab%)' OR n ~~ 'P(x)'"),
            (
                "CAST(a AS numeric(12,2)) > left(b, 100)",
                "CAST(a AS numeric(12,2)) > left(b, N(100))",
            ),
            ("nextval('s.q'::regclass)", "nextval('s.q'::regclass)"),
        ] {
            assert_eq!(walk_sql(sql, Dialect::Postgres, Reading::Query, &mut Mark), want);
        }
    }

    #[test]
    fn double_quotes_of_sqlite_are_strings_where_no_column_is_called_so() {
        let sql = "SELECT \"column\" AS \"x\" FROM \"t\" WHERE \"column\" = \"bob\" AND \"t\".\"a\" = 'x'";
        let want = sql.replace("bob", "T(bob)").replace("'x'", "'T(x)'");
        assert_eq!(walk_sql(sql, Dialect::Sqlite, Reading::Query, &mut Mark), want);
    }

    #[test]
    fn numbers_of_a_schema_that_are_no_data_stay() {
        for (sql, want) in [
            (
                "CREATE TABLE t (a varchar(200) DEFAULT 'x', b numeric(12,4) DEFAULT 500, \
                 c int CHECK (c < 900), d char(300)) WITH (fillfactor=70)",
                "CREATE TABLE t (a varchar(200) DEFAULT 'T(x)', b numeric(12,4) DEFAULT N(500), \
                 c int CHECK (c < N(900)), d char(300)) WITH (fillfactor=70)",
            ),
            (
                "CREATE INDEX i ON t (left(a, 100), b) WITH (fillfactor = 70) WHERE c > 500",
                "CREATE INDEX i ON t (left(a, N(100)), b) WITH (fillfactor = 70) WHERE c > N(500)",
            ),
            ("CREATE INDEX i ON t ((a * 1.19))", "CREATE INDEX i ON t ((a * N(1.19)))"),
            ("CREATE INDEX i ON t (a(255))", "CREATE INDEX i ON t (a(255))"),
            (
                "CREATE TABLE p PARTITION OF t FOR VALUES FROM (100) TO ('2024-01-01')",
                "CREATE TABLE p PARTITION OF t FOR VALUES FROM (N(100)) TO ('T(2024-01-01)')",
            ),
            (
                "CREATE SEQUENCE s INCREMENT 100 MINVALUE 500",
                "CREATE SEQUENCE s INCREMENT 100 MINVALUE 500",
            ),
        ] {
            assert_eq!(walk_sql(sql, Dialect::Postgres, Reading::Schema, &mut Mark), want);
        }
    }
}
