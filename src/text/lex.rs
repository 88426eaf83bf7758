//! SQL tokens of any dialect. Never fails: what is no token of the dialect becomes an operator, an
//! unterminated quote ends with the text.

use super::Span;
use super::operator::operator_len;
use crate::dialect::Dialect;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or an unquoted name.
    Word,
    /// A quoted name: `"x"`, `` `x` ``, SQLite's `[x]`.
    QuotedName,
    /// A string: `'x'`, `E'x'`, `$tag$x$tag$`, MySQL's `"x"`.
    Text,
    /// A number.
    Number,
    /// A placeholder: `$1`, `?`, `:name`, `@name`, `%s`, `%(name)s`.
    Param,
    /// An operator, or anything else.
    Operator,
    /// `(`, also `[` where it is no quote.
    Open,
    /// `)`, also `]`.
    Close,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `.`
    Dot,
    /// A comment, with its marks.
    Comment,
}

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where.
    pub span: Span,
    /// A quote or comment that the text ends in.
    pub unterminated: bool,
}

impl Token {
    /// The token as written.
    pub fn text(self, source: &str) -> &str {
        self.span.of(source)
    }

    /// Is it this keyword, in any case?
    pub fn is_word(self, source: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(source).eq_ignore_ascii_case(word)
    }
}

/// The tokens of `text` from byte `at` on, comments included. Spans are offsets into `text`.
pub fn tokens(text: &str, at: usize, dialect: Dialect) -> Lexer<'_> {
    Lexer { text, at, dialect, in_version_comment: false }
}

/// The iterator of [`tokens`]; `at` may be moved forward to skip text that is no SQL.
pub struct Lexer<'a> {
    text: &'a str,
    /// The byte the next token is looked for at.
    pub at: usize,
    dialect: Dialect,
    in_version_comment: bool,
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let start = self.at;
        let rest = self.remaining();
        let first = *rest.first()?;
        let (kind, len, terminated) = self.token_at(first, rest);
        self.at = ceil_char_boundary(self.text, start + len.max(1));
        Some(Token { kind, span: Span { start, end: self.at }, unterminated: !terminated })
    }
}

impl Lexer<'_> {
    fn remaining(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or(&[])
    }

    /// Skips white space, and the marks of MySQL's version comments, whose content counts.
    fn skip_space(&mut self) {
        loop {
            let rest = self.remaining();
            let n = rest.iter().take_while(|b| b.is_ascii_whitespace() || **b == 0x0b).count();
            self.at += n;
            let rest = self.remaining();
            if self.dialect.is_mysql_family()
                && (rest.starts_with(b"/*!") || rest.starts_with(b"/*M!"))
            {
                let mark = rest.iter().take_while(|b| b"/*M!0123456789".contains(b)).count();
                self.at += mark;
                self.in_version_comment = true;
            } else if self.in_version_comment && rest.starts_with(b"*/") {
                self.at += 2;
                self.in_version_comment = false;
            } else if rest.starts_with("\u{a0}".as_bytes())
                || rest.starts_with("\u{feff}".as_bytes())
            {
                self.at = ceil_char_boundary(self.text, self.at + 1);
            } else if n == 0 {
                return;
            }
        }
    }

    fn token_at(&self, first: u8, rest: &[u8]) -> (TokenKind, usize, bool) {
        let second = rest.get(1).copied().unwrap_or(0);
        let mysql = self.dialect.is_mysql_family();
        let sqlite = self.dialect == Dialect::Sqlite;
        let whole = |kind, len| (kind, len, true);
        match (first, second) {
            (b'-', b'-') => whole(TokenKind::Comment, line_len(rest)),
            (b'#', _) if mysql => whole(TokenKind::Comment, line_len(rest)),
            (b'/', b'*') => block_comment(rest, self.dialect == Dialect::Postgres),
            (b'\'', _) => quoted(TokenKind::Text, rest, 0, b'\'', mysql),
            (b'"', _) if mysql => quoted(TokenKind::Text, rest, 0, b'"', true),
            (b'"', _) => quoted(TokenKind::QuotedName, rest, 0, b'"', false),
            (b'`', _) => quoted(TokenKind::QuotedName, rest, 0, b'`', false),
            (b'[', c) if sqlite && (c.is_ascii_alphabetic() || c == b'_') => {
                quoted(TokenKind::QuotedName, rest, 0, b']', false)
            }
            (b'e' | b'E', b'\'') => quoted(TokenKind::Text, rest, 1, b'\'', true),
            (b'n' | b'N' | b'b' | b'B' | b'x' | b'X', b'\'') => {
                quoted(TokenKind::Text, rest, 1, b'\'', mysql)
            }
            (b'u' | b'U', b'&') if matches!(rest.get(2), Some(b'\'')) => {
                quoted(TokenKind::Text, rest, 2, b'\'', false)
            }
            (b'u' | b'U', b'&') if matches!(rest.get(2), Some(b'"')) => {
                quoted(TokenKind::QuotedName, rest, 2, b'"', false)
            }
            (b'$', b'0'..=b'9') => whole(TokenKind::Param, 1 + digits(&rest[1..])),
            (b'$', _) if self.dialect == Dialect::Postgres => dollar_quoted(rest),
            (b'?', _) if self.dialect != Dialect::Postgres => {
                whole(TokenKind::Param, 1 + digits(&rest[1..]))
            }
            (b':', c) if is_word_start(c) && self.before() != b':' => {
                whole(TokenKind::Param, 1 + word_len(&rest[1..]))
            }
            (b'@', c) if (mysql || sqlite) && (is_word_start(c) || c == b'@') => {
                let n = rest.iter().take_while(|b| **b == b'@').count();
                whole(TokenKind::Param, n + word_len(&rest[n..]))
            }
            // What .NET writes; in PostgreSQL `@` is also the absolute value, of `@ x`.
            (b'@', c) if is_word_start(c) => whole(TokenKind::Param, 1 + word_len(&rest[1..])),
            (b'$', c) if is_word_start(c) => whole(TokenKind::Param, 1 + word_len(&rest[1..])),
            (b'%', b's') if !rest.get(2).is_some_and(|b| is_word(*b)) => whole(TokenKind::Param, 2),
            (b'%', b'(') => match percent_param(rest) {
                Some(len) => whole(TokenKind::Param, len),
                None => whole(TokenKind::Operator, 1),
            },
            (b'0'..=b'9', _) if mysql && is_name(rest) => whole(TokenKind::Word, word_len(rest)),
            (b'0'..=b'9', _) | (b'.', b'0'..=b'9') => whole(TokenKind::Number, number_len(rest)),
            (b'(' | b'[', _) => whole(TokenKind::Open, 1),
            (b')' | b']', _) => whole(TokenKind::Close, 1),
            (b',', _) => whole(TokenKind::Comma, 1),
            (b';', _) => whole(TokenKind::Semicolon, 1),
            (b'.', _) => whole(TokenKind::Dot, 1),
            (c, _) if is_word_start(c) => whole(TokenKind::Word, word_len(rest)),
            _ => whole(TokenKind::Operator, operator_len(rest, self.dialect)),
        }
    }

    fn before(&self) -> u8 {
        self.at.checked_sub(1).and_then(|i| self.text.as_bytes().get(i)).copied().unwrap_or(b' ')
    }
}

pub(super) fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

pub(super) fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn word_len(rest: &[u8]) -> usize {
    rest.iter().take_while(|b| is_word(**b)).count()
}

/// In MySQL a name may begin with a digit: `2fa_codes`, but not `1e5` and `0xff`.
fn is_name(rest: &[u8]) -> bool {
    let number = number_len(rest);
    let is_plain = |number: &[u8]| number.iter().all(|b| b.is_ascii_digit() || *b == b'_');
    word_len(rest) > number && rest.get(..number).is_some_and(is_plain)
}

fn digits(rest: &[u8]) -> usize {
    rest.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// Length of the comment that ends with its line.
fn line_len(rest: &[u8]) -> usize {
    rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len())
}

fn block_comment(rest: &[u8], nested: bool) -> (TokenKind, usize, bool) {
    let (mut at, mut depth) = (2, 1);
    while at < rest.len() {
        if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return (TokenKind::Comment, at, true);
            }
        } else if nested && rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else {
            at += 1;
        }
    }
    (TokenKind::Comment, rest.len(), false)
}

/// A quote that begins at `rest[lead]` and ends with `end`; a doubled `end` stands for itself.
fn quoted(
    kind: TokenKind,
    rest: &[u8],
    lead: usize,
    end: u8,
    backslash: bool,
) -> (TokenKind, usize, bool) {
    let mut at = lead + 1;
    while let Some(byte) = rest.get(at) {
        if backslash && *byte == b'\\' {
            at += 2;
        } else if *byte != end {
            at += 1;
        } else if rest.get(at + 1) == Some(&end) && end != b']' {
            at += 2;
        } else {
            return (kind, at + 1, true);
        }
    }
    (kind, rest.len(), false)
}

/// `$tag$ ... $tag$`; a `$` that opens no quote is an operator.
fn dollar_quoted(rest: &[u8]) -> (TokenKind, usize, bool) {
    let tag = rest[1..].iter().take_while(|b| is_word(**b) && **b != b'$').count() + 2;
    if rest.get(tag - 1) != Some(&b'$') {
        return (TokenKind::Operator, 1, true);
    }
    let mark = &rest[..tag];
    let mut at = tag;
    while let Some(found) = rest[at..].iter().position(|b| *b == b'$') {
        at += found;
        if rest[at..].starts_with(mark) {
            return (TokenKind::Text, at + tag, true);
        }
        at += 1;
    }
    (TokenKind::Text, rest.len(), false)
}

/// Digits, and single `_` between them.
fn grouped_digits(rest: &[u8]) -> usize {
    let mut at = digits(rest);
    while at > 0 && rest.get(at) == Some(&b'_') && digits(&rest[at + 1..]) > 0 {
        at += 1 + digits(&rest[at + 1..]);
    }
    at
}

/// `%(name)s`
fn percent_param(rest: &[u8]) -> Option<usize> {
    let name = word_len(rest.get(2..)?);
    let end = 2 + name;
    (name > 0 && rest.get(end..end + 2) == Some(b")s")).then_some(end + 2)
}

fn number_len(rest: &[u8]) -> usize {
    if rest.len() > 2 && rest[0] == b'0' && matches!(rest[1], b'x' | b'X') {
        return 2 + rest[2..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
    }
    let mut at = grouped_digits(rest);
    if rest.get(at) == Some(&b'.') && rest.get(at + 1) != Some(&b'.') {
        at += 1 + digits(&rest[at + 1..]);
    }
    if matches!(rest.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(rest.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(rest.get(at + 1 + sign..).unwrap_or(&[]));
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    at
}

fn ceil_char_boundary(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(sql: &str, dialect: Dialect) -> Vec<(&str, TokenKind)> {
        tokens(sql, 0, dialect).map(|t| (t.text(sql), t.kind)).collect()
    }

    #[test]
    fn postgres_quotes_params_and_operators() {
        use TokenKind::*;
        let got = words("a::text=$1 AND $x$it's$x$||E'\\'' -- end", Dialect::Postgres);
        let want = [
            ("a", Word),
            ("::", Operator),
            ("text", Word),
            ("=", Operator),
            ("$1", Param),
            ("AND", Word),
            ("$x$it's$x$", Text),
            ("||", Operator),
            ("E'\\''", Text),
            ("-- end", Comment),
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn operators_end_where_an_operand_begins() {
        let texts = |sql, dialect| {
            words(sql, dialect).into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" ")
        };
        let cases = [
            ("a=-1", "a = - 1"),
            ("a<>-b", "a <> - b"),
            ("a=:x", "a = :x"),
            ("a=@x", "a = @x"),
            ("a=%s", "a = %s"),
            ("a>=%(x)s", "a >= %(x)s"),
        ];
        for (sql, want) in cases {
            for dialect in Dialect::ALL {
                assert_eq!(texts(sql, dialect), want, "{dialect:?}");
            }
        }
        assert_eq!(texts("a<@b@>c ->>d||-e", Dialect::Postgres), "a <@ b @> c ->> d ||- e");
        assert_eq!(texts("a||-b<=>?&&@@c", Dialect::Mysql), "a || - b <=> ? && @@c");
        assert_eq!(texts("a->>'$.b'==-c", Dialect::Sqlite), "a ->> '$.b' == - c");
    }

    #[test]
    fn mysql_version_comments_count() {
        let got = words("/*!40101 SET a=\"b\" */; # c", Dialect::Mysql);
        let texts: Vec<_> = got.iter().map(|(text, _)| *text).collect();
        assert_eq!(texts, ["SET", "a", "=", "\"b\"", ";", "# c"]);
    }

    #[test]
    fn an_unterminated_quote_ends_with_the_text() {
        let last = tokens("select 'é", 0, Dialect::Postgres).last().unwrap();
        assert_eq!((last.kind, last.unterminated, last.span.end), (TokenKind::Text, true, 10));
    }
}
