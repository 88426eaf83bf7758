//! What a statement is for, by its first words.

use crate::dialect::Dialect;
use crate::text::Span;
use crate::text::lex::{Lexer, Token, TokenKind, tokens};

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// It reads or writes rows.
    Query,
    /// It changes the schema.
    Schema,
    /// It reads no rows and changes no schema: SET, BEGIN, GRANT, ...
    Other,
    /// No statement begins like this.
    Unknown,
}

const QUERIES: [&str; 15] = [
    "copy", "declare", "delete", "desc", "describe", "explain", "insert", "merge", "prepare",
    "replace", "select", "table", "update", "values", "with",
];

const SCHEMA: [&str; 4] = ["alter", "create", "drop", "rename"];

const OTHERS: [&str; 72] = [
    "abort",
    "analyse",
    "analyze",
    "attach",
    "backup",
    "begin",
    "binlog",
    "cache",
    "call",
    "change",
    "check",
    "checkpoint",
    "checksum",
    "close",
    "cluster",
    "comment",
    "commit",
    "deallocate",
    "detach",
    "discard",
    "do",
    "end",
    "exec",
    "execute",
    "exit",
    "fetch",
    "flush",
    "get",
    "go",
    "grant",
    "handler",
    "help",
    "if",
    "import",
    "install",
    "kill",
    "leave",
    "listen",
    "load",
    "lock",
    "loop",
    "move",
    "notify",
    "optimize",
    "pragma",
    "print",
    "purge",
    "raise",
    "reassign",
    "refresh",
    "reindex",
    "release",
    "repair",
    "reset",
    "resignal",
    "return",
    "revoke",
    "rollback",
    "savepoint",
    "security",
    "set",
    "show",
    "shutdown",
    "signal",
    "start",
    "stop",
    "truncate",
    "uninstall",
    "unlisten",
    "unlock",
    "use",
    "vacuum",
];

impl Verb {
    /// What the statement `sql` is for.
    pub fn of(sql: &str, dialect: Dialect) -> Verb {
        let Some(first) = code(sql, 0, dialect).next() else { return Verb::Other };
        match first.kind {
            TokenKind::Open => Verb::Query,
            // A variable of psql that holds a statement.
            TokenKind::Param => Verb::Other,
            TokenKind::Word => Verb::of_word(first.text(sql)),
            _ => Verb::Unknown,
        }
    }

    /// What a statement that begins with `word` is for.
    pub fn of_word(word: &str) -> Verb {
        let mut buffer = [0; 12];
        let Some(lower) = buffer.get_mut(..word.len()) else { return Verb::Unknown };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        let lower = std::str::from_utf8(lower).unwrap_or("");
        match () {
            () if QUERIES.binary_search(&lower).is_ok() => Verb::Query,
            () if SCHEMA.binary_search(&lower).is_ok() => Verb::Schema,
            () if OTHERS.binary_search(&lower).is_ok() => Verb::Other,
            () => Verb::Unknown,
        }
    }
}

/// The query in a statement of [`Verb::Query`], behind EXPLAIN, PREPARE, DECLARE CURSOR or inside
/// COPY, with the name of what was prepared. None where there is no query: `EXPLAIN t`, `COPY t TO`,
/// and what dumps do to sequences.
pub fn inner_query(sql: &str, dialect: Dialect) -> Option<(Option<String>, Span)> {
    let mut rest = code(sql, 0, dialect);
    let first = rest.next()?;
    let whole = Span { start: first.span.start, end: sql.len() };
    let word = first.text(sql).to_ascii_lowercase();
    match word.as_str() {
        "explain" | "desc" | "describe" => {
            let at = explained(sql, rest)?;
            Some((None, Span { start: at, ..whole }))
        }
        "prepare" => {
            let name = rest.next()?.text(sql).trim_matches('"').to_owned();
            rest.find(|token| token.is_word(sql, "as"))?;
            Some((Some(name), Span { start: rest.next()?.span.start, ..whole }))
        }
        "declare" => {
            rest.find(|token| token.is_word(sql, "cursor"))?;
            rest.find(|token| token.is_word(sql, "for"))?;
            Some((None, Span { start: rest.next()?.span.start, ..whole }))
        }
        "copy" => {
            let open = rest.next().filter(|token| token.kind == TokenKind::Open)?;
            let close = closing(sql, open, &mut rest)?;
            Some((None, Span { start: open.span.end, end: close.span.start }))
        }
        "select" if sets_a_dump_up(sql, rest) => None,
        _ => Some((None, whole)),
    }
}

/// The tokens that are no comments.
fn code(sql: &str, at: usize, dialect: Dialect) -> Code<'_> {
    Code(tokens(sql, at, dialect))
}

struct Code<'a>(Lexer<'a>);

impl Iterator for Code<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.0.find(|token| token.kind != TokenKind::Comment)
    }
}

/// Where the query behind EXPLAIN and its options begins.
fn explained(sql: &str, mut rest: Code<'_>) -> Option<usize> {
    let mut token = rest.next()?;
    if token.kind == TokenKind::Open && !opens_query(sql, rest.0.at) {
        closing(sql, token, &mut rest)?;
        token = rest.next()?;
    }
    loop {
        let word = token.text(sql).to_ascii_lowercase();
        let option = matches!(
            word.as_str(),
            "analyze"
                | "analyse"
                | "verbose"
                | "extended"
                | "partitions"
                | "query"
                | "plan"
                | "="
                | "format"
                | "json"
                | "tree"
                | "traditional"
                | "text"
                | "costs"
                | "buffers"
        );
        match option {
            true => token = rest.next()?,
            false if token.kind == TokenKind::Open => return Some(token.span.start),
            false => return (Verb::of_word(&word) == Verb::Query).then_some(token.span.start),
        }
    }
}

/// Is `(` that ends at `at` the beginning of a parenthesised query rather than of options?
fn opens_query(sql: &str, at: usize) -> bool {
    let word = sql.get(at..).unwrap_or("").trim_start_matches(['(', ' ', '\n', '\t', '\r']);
    ["select", "with", "values"]
        .iter()
        .any(|known| word.get(..known.len()).is_some_and(|lead| lead.eq_ignore_ascii_case(known)))
}

/// The parenthesis that closes `open`.
fn closing(sql: &str, open: Token, rest: &mut Code<'_>) -> Option<Token> {
    let mut depth = usize::from(open.text(sql) == "(");
    rest.find(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// `SELECT pg_catalog.set_config(...)`, `SELECT setval(...)`: what pg_dump writes between DDL.
fn sets_a_dump_up(sql: &str, rest: Code<'_>) -> bool {
    let mut words = rest.take(3).map(|token| token.text(sql).to_ascii_lowercase());
    let first = words.next().unwrap_or_default();
    let name = if first == "pg_catalog" { words.nth(1).unwrap_or_default() } else { first };
    matches!(name.as_str(), "set_config" | "setval")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_behind_explain_prepare_cursor_and_copy() {
        let cases = [
            ("select 1", Some("select 1")),
            ("EXPLAIN (ANALYZE, BUFFERS) SELECT 1", Some("SELECT 1")),
            ("explain analyze verbose select 1", Some("select 1")),
            ("explain query plan select 1", Some("select 1")),
            ("explain format=json select 1", Some("select 1")),
            ("explain (select 1) union select 2", Some("(select 1) union select 2")),
            ("explain t", None),
            ("prepare p (int, text) as select $1", Some("select $1")),
            ("declare c no scroll cursor with hold for select 1", Some("select 1")),
            ("copy (select a from t) to stdout", Some("select a from t")),
            ("copy t to stdout", None),
            ("SELECT pg_catalog.set_config('search_path', '', false)", None),
            ("select pg_catalog.setval('s', 1)", None),
        ];
        for (sql, want) in cases {
            let got = inner_query(sql, Dialect::Postgres).map(|(_, span)| span.of(sql));
            assert_eq!(got, want, "{sql}");
        }
        let named = inner_query("prepare p as select 1", Dialect::Postgres).unwrap().0;
        assert_eq!(named.as_deref(), Some("p"));
    }

    #[test]
    fn verbs() {
        assert!(QUERIES.is_sorted() && SCHEMA.is_sorted() && OTHERS.is_sorted());
        let verb = |sql| Verb::of(sql, Dialect::Mysql);
        assert_eq!(verb("/* x */ (select 1)"), Verb::Query);
        assert_eq!(verb("/*!40101 SET x = 1 */"), Verb::Other);
        assert_eq!((verb("Drop table t"), verb("SELEKT 1")), (Verb::Schema, Verb::Unknown));
    }
}
