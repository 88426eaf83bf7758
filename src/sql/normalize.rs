//! The shape of a statement: its text without literals, comments and layout, and the fingerprint of
//! that text. Works on tokens, so it needs no grammar, never fails, and is fast enough for every
//! line of a log.
//!
//! Two statements have one shape when they differ only in literals, placeholders, the length of IN
//! lists and the number of VALUES rows, comments, white space, and the case of what is unquoted.
//! Names are part of the shape, and so are NULL, TRUE and FALSE, which decide on indexes.

use crate::dialect::Dialect;
use crate::text::lex::{Token, TokenKind, tokens};

/// A statement without its literals.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// Literals and placeholders as `?`.
    pub normalized: String,
    /// What stood at each `?`, as written; empty for a collapsed list.
    pub values: Vec<String>,
}

impl Shape {
    /// 64 bits of hash of the normalised text.
    pub fn fingerprint(&self) -> u64 {
        hash(self.normalized.as_bytes())
    }
}

/// A fingerprint as the report shows it.
pub fn fingerprint_name(fingerprint: u64) -> String {
    format!("{fingerprint:016x}")
}

/// FNV-1a: the same everywhere and for ever, as fingerprints are kept in files.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The shape of a statement; a trailing `;` is no part of it.
pub fn normalize(sql: &str, dialect: Dialect) -> Shape {
    let mut writer = Writer { sql, ..Writer::default() };
    for token in tokens(sql, 0, dialect) {
        if token.kind != TokenKind::Comment {
            writer.token(token);
        }
    }
    writer.finish()
}

/// Writes the normalised text token by token; what a token means depends on the one before it.
#[derive(Default)]
struct Writer<'a> {
    sql: &'a str,
    shape: Shape,
    last: Last,
    /// A minus that belongs to the number after it, if one comes.
    sign: Option<Token>,
    /// The parentheses that are open.
    lists: Vec<List>,
}

/// What was written last.
#[derive(Default, Clone, Copy, PartialEq)]
enum Last {
    #[default]
    Start,
    /// A word in front of an operand: `where`, `and`, `select`, ...
    Keyword,
    Values,
    In,
    Array,
    /// A name, a function, a type.
    Name,
    Value,
    Open,
    Close,
    Comma,
    Operator,
    /// `.` and `::` stick to both sides.
    Glue,
    /// The `)` of a row of VALUES.
    RowEnd,
    /// A comma behind it, not written yet: only another row may follow, and that is dropped.
    RowComma,
}

/// An open parenthesis.
struct List {
    kind: ListKind,
    /// Where it was opened.
    start: Mark,
    /// The text of its first element.
    first: Option<(Mark, Mark)>,
    /// Where the current element begins, and the comma in front of it.
    element: Mark,
    comma: Mark,
}

#[derive(PartialEq)]
enum ListKind {
    /// The first row of VALUES.
    Row,
    /// A further row, dropped when it ends.
    LaterRow,
    /// IN (...) and ARRAY[...]: an element that looks like the first one is dropped.
    Alike,
    Other,
}

/// A place in a shape to fall back to.
#[derive(Clone, Copy)]
struct Mark {
    text: usize,
    values: usize,
}

impl Writer<'_> {
    fn mark(&self) -> Mark {
        Mark { text: self.shape.normalized.len(), values: self.shape.values.len() }
    }

    fn rewind(&mut self, to: Mark) {
        self.shape.normalized.truncate(to.text);
        self.shape.values.truncate(to.values);
    }

    fn token(&mut self, token: Token) {
        let text = token.text(self.sql);
        if let Some(sign) = self.sign.take() {
            if token.kind == TokenKind::Number {
                return self.value(self.sql.get(sign.span.start..token.span.end).unwrap_or(""));
            }
            self.write("-", Last::Operator);
        }
        match token.kind {
            TokenKind::Comment => {}
            TokenKind::Word => self.word(text),
            TokenKind::QuotedName => self.write(text, Last::Name),
            TokenKind::Text | TokenKind::Number | TokenKind::Param => self.value(text),
            TokenKind::Open => self.open(text),
            TokenKind::Close => self.close(text),
            TokenKind::Comma => self.comma(),
            TokenKind::Dot => self.dot(),
            TokenKind::Semicolon => self.write(";", Last::Start),
            TokenKind::Operator => self.operator(text, token),
        }
    }

    fn operator(&mut self, text: &str, token: Token) {
        let operand_before = matches!(self.last, Last::Name | Last::Value | Last::Close);
        match text.strip_suffix('?') {
            Some("") => self.value(text),
            // `id=?`: the placeholder of many drivers, behind an operator without a space.
            Some(operator) if operand_before => {
                self.write(operator, Last::Operator);
                self.value("?");
            }
            _ if text == "-" && !operand_before => self.sign = Some(token),
            _ if text == "::" => self.write(text, Last::Glue),
            _ => self.write(text, Last::Operator),
        }
    }

    /// A dot between names, or MySQL's `...` for the rest of a list.
    fn dot(&mut self) {
        let in_dots =
            self.last == Last::Value && self.shape.values.last().is_some_and(|v| v == "...");
        if self.last == Last::Open {
            self.value("...");
        } else if !in_dots {
            self.write(".", Last::Glue);
        }
    }

    fn word(&mut self, text: &str) {
        // A name after a dot is a name, whatever it looks like: `t.values`.
        let last = if self.last == Last::Glue { Last::Name } else { keyword(text) };
        self.space_before(last);
        if text.is_ascii() {
            self.shape.normalized.extend(text.bytes().map(|b| char::from(b.to_ascii_lowercase())));
        } else {
            self.shape.normalized.push_str(&text.to_lowercase());
        }
        self.last = last;
    }

    fn value(&mut self, text: &str) {
        self.write("?", Last::Value);
        self.shape.values.push(text.to_owned());
    }

    fn write(&mut self, text: &str, last: Last) {
        self.space_before(last);
        self.shape.normalized.push_str(text);
        self.last = last;
    }

    fn open(&mut self, text: &str) {
        let kind = match self.last {
            Last::Values => ListKind::Row,
            Last::RowComma => ListKind::LaterRow,
            Last::In | Last::Array => ListKind::Alike,
            _ => ListKind::Other,
        };
        let start = self.mark();
        self.write(text, Last::Open);
        let element = self.mark();
        self.lists.push(List { kind, start, first: None, element, comma: element });
    }

    fn close(&mut self, text: &str) {
        self.end_element();
        match self.lists.pop() {
            Some(List { kind: ListKind::LaterRow, start, .. }) => {
                self.rewind(start);
                self.last = Last::RowEnd;
            }
            list => {
                let row = list.is_some_and(|list| list.kind == ListKind::Row);
                self.shape.normalized.push_str(text);
                self.last = if row { Last::RowEnd } else { Last::Close };
            }
        }
    }

    fn comma(&mut self) {
        if self.last == Last::RowEnd {
            self.last = Last::RowComma;
            return;
        }
        self.end_element();
        let comma = self.mark();
        self.shape.normalized.push(',');
        self.last = Last::Comma;
        let element = self.mark();
        if let Some(list) = self.lists.last_mut() {
            (list.comma, list.element) = (comma, element);
        }
    }

    /// Drops the element that ends here if it looks like the first one of its list.
    fn end_element(&mut self) {
        let end = self.mark();
        let Some(list) = self.lists.last_mut().filter(|list| list.kind == ListKind::Alike) else {
            return;
        };
        let Some((from, to)) = list.first else {
            list.first = Some((list.element, end));
            return;
        };
        let comma = list.comma;
        let of =
            |from: Mark, to: Mark| self.shape.normalized.get(from.text..to.text).map(str::trim);
        if of(from, to) == of(list.element, end) {
            self.rewind(comma);
            // No single value stands for a list.
            for value in self.shape.values.iter_mut().take(to.values).skip(from.values) {
                value.clear();
            }
        }
    }

    fn space_before(&mut self, next: Last) {
        if self.last == Last::RowComma {
            if next == Last::Open {
                return;
            }
            self.shape.normalized.push(',');
        }
        let glued = matches!(self.last, Last::Start | Last::Open | Last::Glue)
            || matches!(next, Last::Glue | Last::Start)
            || (matches!(self.last, Last::Name | Last::Array) && next == Last::Open);
        if !glued {
            self.shape.normalized.push(' ');
        }
    }

    fn finish(mut self) -> Shape {
        let len = self.shape.normalized.trim_end_matches([';', ' ']).len();
        self.shape.normalized.truncate(len);
        self.shape
    }
}

/// Words in front of an operand, or of a parenthesis that holds no arguments.
const KEYWORDS: [&str; 52] = [
    "all",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cross",
    "delete",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "exists",
    "filter",
    "from",
    "full",
    "group",
    "having",
    "if",
    "ilike",
    "inner",
    "insert",
    "intersect",
    "interval",
    "into",
    "is",
    "join",
    "lateral",
    "left",
    "like",
    "limit",
    "not",
    "null",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "returning",
    "right",
    "select",
    "set",
    "some",
    "then",
    "union",
    "update",
    "using",
    "when",
];

/// What a word is for the tokens after it.
fn keyword(word: &str) -> Last {
    let mut buffer = [0; 9];
    let Some(lower) = buffer.get_mut(..word.len()) else { return Last::Name };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    match std::str::from_utf8(lower) {
        Ok("in") => Last::In,
        Ok("values") => Last::Values,
        Ok("array") => Last::Array,
        Ok("where" | "with") => Last::Keyword,
        Ok(lower) if KEYWORDS.binary_search(&lower).is_ok() => Last::Keyword,
        _ => Last::Name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalized(sql: &str) -> String {
        normalize(sql, Dialect::Postgres).normalized
    }

    #[test]
    fn shapes_of_statements() {
        let cases = [
            ("SELECT  *\nFROM T WHERE a=1 -- x", "select * from t where a = ?"),
            (
                "select \"A\".b from \"A\" where x = $1::int;",
                "select \"A\".b from \"A\" where x = ?::int",
            ),
            (
                "select a from t where b IN (1, 2,3) and c in ($1)",
                "select a from t where b in (?) and c in (?)",
            ),
            ("select a from t where b in ($1 /*, ... */)", "select a from t where b in (?)"),
            ("where b in (cast($1 as date), cast($2 as date))", "where b in (cast(? as date))"),
            (
                "where (a,b) in ((1,2),(3,4)) and c = any(array[1,2])",
                "where (a, b) in ((?, ?)) and c = any (array[?])",
            ),
            (
                "where a in (select id from u where v = 3)",
                "where a in (select id from u where v = ?)",
            ),
            (
                "insert into t (a,b) values (1,'x'), (2, NULL) returning id",
                "insert into t(a, b) values (?, ?) returning id",
            ),
            (
                "insert into t values (1) on duplicate key update a = values(a), b = values(b)",
                "insert into t values (?) on duplicate key update a = values (a), b = values (b)",
            ),
            (
                "select count(*) from t where a > -1 and b = c - 1 limit 10",
                "select count(*) from t where a > ? and b = c - ? limit ?",
            ),
            (
                "select * from t where a=? and b is null",
                "select * from t where a = ? and b is null",
            ),
            ("select t.values, 1", "select t.values, ?"),
        ];
        for (sql, want) in cases {
            assert_eq!(normalized(sql), want, "{sql}");
        }
    }

    #[test]
    fn values_stand_where_they_stood() {
        let shape = normalize(
            "select 'x' from t where a in (1,2) and b = $1 and c = -5",
            Dialect::Postgres,
        );
        assert_eq!(shape.values, ["'x'", "", "$1", "-5"]);
    }

    #[test]
    fn mysql_digests_have_the_shape_of_their_statements() {
        let digest = "SELECT * FROM `t` WHERE `a` IN (...) AND `b` = ?";
        let sql = "select * from `t` where `a` in (1, 2) and `b` = \"x\"";
        let of = |sql| normalize(sql, Dialect::Mysql).normalized;
        assert_eq!(of(digest), of(sql));
    }

    #[test]
    fn garbage_has_a_shape_too() {
        for sql in ["", ")", "((", "in (", "values (1), ", "- -", "select 'é", ",,;;", "in (1,"] {
            normalized(sql);
        }
    }
}
