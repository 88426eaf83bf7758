//! Replaces the literals in SQL, in plan conditions and in sentences about them.

use super::literals::Literals;
use crate::dialect::Dialect;
use crate::text::lex::{Token, TokenKind, tokens};

/// A statement or condition with its literals replaced and its comments left out. Numbers that are
/// part of the shape stay: LIMIT, OFFSET, lengths of types.
pub fn redact_sql(sql: &str, dialect: Dialect, literals: &mut Literals) -> String {
    redact_from(sql, 0, dialect, literals)
}

/// CREATE INDEX and the like: numbers are data only in the predicate.
pub fn redact_definition(sql: &str, dialect: Dialect, literals: &mut Literals) -> String {
    let mut words = tokens(sql, 0, dialect);
    let predicate = words.find(|token| token.is_word(sql, "where"));
    let from = predicate.map_or(sql.len(), |token| token.span.start);
    redact_from(sql, from, dialect, literals)
}

/// Replaces strings everywhere, numbers from byte `numbers_from` on.
fn redact_from(
    sql: &str,
    numbers_from: usize,
    dialect: Dialect,
    literals: &mut Literals,
) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    let mut before = [""; 2];
    for token in tokens(sql, 0, dialect) {
        let text = token.text(sql);
        let replaced = match token.kind {
            TokenKind::Comment => Some(String::new()),
            TokenKind::Text => Some(redact_text(text, literals)),
            TokenKind::Number if token.span.start >= numbers_from && !is_structural(before) => {
                Some(literals.number(text))
            }
            _ => None,
        };
        if let Some(replaced) = replaced {
            out.push_str(sql.get(copied..token.span.start).unwrap_or(""));
            out.push_str(&replaced);
            copied = token.span.end;
        }
        if token.kind != TokenKind::Comment {
            before = [before[1], text];
        }
    }
    out.push_str(sql.get(copied..).unwrap_or(""));
    out.trim().to_owned()
}

/// Does a number stand here that is no data?
fn is_structural(before: [&str; 2]) -> bool {
    const TYPES: [&str; 12] = [
        "varchar",
        "char",
        "character",
        "varying",
        "numeric",
        "decimal",
        "timestamp",
        "timestamptz",
        "time",
        "bit",
        "float",
        "interval",
    ];
    let is = |word: &str, known: &[&str]| known.iter().any(|k| k.eq_ignore_ascii_case(word));
    is(before[1], &["limit", "offset", "first", "next"])
        || (before[1] == "(" && is(before[0], &TYPES))
        || (before[1] == "fillfactor" || before[0] == "fillfactor")
}

/// A quoted literal with another content between its quotes; what is no plain quote becomes one.
fn redact_text(text: &str, literals: &mut Literals) -> String {
    let open = text.find(['\'', '"', '$']).unwrap_or(0);
    let lead = text.get(..open).unwrap_or("");
    let quote = text.get(open..).and_then(|rest| rest.chars().next()).unwrap_or('\'');
    if quote == '$' {
        let content = text.trim_matches('$');
        return format!("'{}'", literals.string(content).replace('\'', "''"));
    }
    let inner = text.get(open + 1..).unwrap_or("");
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    if lead.eq_ignore_ascii_case("x") || lead.eq_ignore_ascii_case("b") {
        let zeros = "0".repeat(inner.len());
        return format!("{lead}'{zeros}'");
    }
    let doubled = format!("{quote}{quote}");
    let content = inner.replace(&doubled, &quote.to_string());
    let stand_in = literals.string(&content).replace(quote, &doubled);
    format!("{lead}{quote}{stand_in}{quote}")
}

/// A sentence that may quote SQL: what stands between backticks, strings in quotes, and numbers that
/// something is compared with. Counts, sizes and costs stay.
pub fn redact_prose(text: &str, dialect: Dialect, literals: &mut Literals) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after_word =
            out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'));
        let taken = match c {
            '`' => rest[1..].find('`').map(|end| {
                let inner = rest.get(1..end + 1).unwrap_or("");
                (format!("`{}`", redact_sql(inner, dialect, literals)), end + 2)
            }),
            '\'' if !after_word => quoted_len(rest)
                .map(|len| (redact_text(rest.get(..len).unwrap_or(""), literals), len)),
            '0'..='9' if !after_word => {
                let len = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
                let number = rest.get(..len).unwrap_or("").trim_end_matches('.');
                let data = is_compared(&out);
                let text = if data { literals.number(number) } else { number.to_owned() };
                Some((text, number.len()))
            }
            _ => None,
        };
        let (text, len) = taken.unwrap_or_else(|| (c.to_string(), c.len_utf8()));
        out.push_str(&text);
        rest = rest.get(len..).unwrap_or("");
    }
    out
}

/// The length of the string that begins here, if it is one and no apostrophe.
fn quoted_len(text: &str) -> Option<usize> {
    let token: Token = tokens(text, 0, Dialect::Postgres).next()?;
    let behind = text.get(token.span.end..)?.chars().next();
    let closed = token.kind == TokenKind::Text && !token.unterminated;
    (closed && !behind.is_some_and(char::is_alphanumeric)).then_some(token.span.end)
}

/// Does the text end where SQL has an operand: behind `=`, `<`, `IN (`, `BETWEEN`?
fn is_compared(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with(['=', '<', '>', '~', '+', '*', '/'])
        || ["BETWEEN", "AND", "IN (", "ANY (", "VALUES (", "LIKE"]
            .iter()
            .any(|w| before.ends_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_keeps_its_shape() {
        let mut literals = Literals::default();
        let cases = [
            (
                "SELECT a FROM t -- bob\nWHERE n = 'bob' AND id = 12345 AND o <> 'bob' LIMIT 1000",
                "SELECT a FROM t \nWHERE n = 'text1' AND id = 10002 AND o <> 'text1' LIMIT 1000",
            ),
            ("x = E'it\\'s' AND y = $$secret$$", "x = E'text3' AND y = 'text4'"),
            ("((status)::text = 'bob'::text)", "((status)::text = 'text1'::text)"),
            ("CAST(a AS varchar(100))", "CAST(a AS varchar(100))"),
            ("n = 'unterminated", "n = 'text5'"),
        ];
        for (sql, want) in cases {
            assert_eq!(redact_sql(sql, Dialect::Postgres, &mut literals), want, "{sql}");
        }
        let index = "CREATE INDEX i ON t (left(a, 100)) WITH (fillfactor=900) WHERE id > 12345";
        let got = redact_definition(index, Dialect::Postgres, &mut literals);
        assert_eq!(got, index.replace("12345", "10002"));
    }

    #[test]
    fn sentences_keep_their_figures() {
        let mut literals = Literals::default();
        let got = redact_prose(
            "It doesn't pay: 5000 rows have n = 'bob' or id > 12345, see `a = 999`, costs 1234.5",
            Dialect::Postgres,
            &mut literals,
        );
        assert_eq!(
            got,
            "It doesn't pay: 5000 rows have n = 'text1' or id > 10002, see `a = 103`, costs 1234.5"
        );
    }
}
