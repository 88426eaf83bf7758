//! From SQL text to [`Query`] and [`Expr`], by way of `sqlparser`.
//!
//! The text is prepared first, token by token and keeping its length where that is possible:
//! placeholders of every driver become `$name`, which every grammar takes for a value.

use sqlparser::dialect::{
    Dialect as Grammar, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect,
};
use sqlparser::parser::{Parser, ParserError};

use super::convert_expr::convert_expr;
use super::expr::Expr;
use super::query::Query;
use super::statement::parse_statement;
use crate::dialect::Dialect;
use crate::limits;
use crate::text::lex::{Token, TokenKind, tokens};

/// Why a statement could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// What was found and what was expected.
    pub message: String,
    /// Byte offset into the text, where known.
    pub offset: Option<usize>,
}

/// Reads one statement: SELECT, INSERT, UPDATE, DELETE, VALUES, also behind EXPLAIN, PREPARE,
/// DECLARE ... CURSOR FOR or CREATE TABLE ... AS.
pub fn parse_query(sql: &str, dialect: Dialect) -> Result<Query, ParseError> {
    if sql.len() > limits::STATEMENT_BYTES_MAX {
        let message = format!("the statement is longer than {} bytes", limits::STATEMENT_BYTES_MAX);
        return Err(ParseError { message, offset: None });
    }
    let prepared = prepare(sql, dialect)?;
    parse_with(&prepared, dialect, |parser| parse_statement(parser, dialect))
}

/// Reads one scalar expression, as in an index key, a predicate or a CHECK.
pub fn parse_expr(sql: &str, dialect: Dialect) -> Result<Expr, ParseError> {
    let prepared = prepare(sql, dialect)?;
    let parsed = parse_with(&prepared, dialect, |parser| {
        let expr = parser.parse_expr()?;
        parser.expect_token(&sqlparser::tokenizer::Token::EOF)?;
        Ok(expr)
    })?;
    Ok(convert_expr(parsed, dialect))
}

/// Parses in the dialect's grammar; what that refuses is tried once in the most tolerant one.
fn parse_with<T>(
    sql: &str,
    dialect: Dialect,
    parse: impl Fn(&mut Parser<'_>) -> Result<T, ParserError>,
) -> Result<T, ParseError> {
    let strict: &dyn Grammar = match dialect {
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::Mysql | Dialect::Mariadb => &MySqlDialect {},
        Dialect::Sqlite => &SQLiteDialect {},
    };
    let attempt = |grammar: &dyn Grammar| {
        let parser = Parser::new(grammar).with_recursion_limit(limits::NESTING_MAX);
        parser.try_with_sql(sql).and_then(|mut parser| parse(&mut parser))
    };
    attempt(strict)
        .or_else(|error| attempt(&GenericDialect {}).map_err(|_| error))
        .map_err(|error| explain(sql, &error))
}

/// Turns the parser's error into ours: its text without the place, and the place as an offset.
fn explain(sql: &str, error: &ParserError) -> ParseError {
    let text = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.as_str(),
        ParserError::RecursionLimitExceeded => {
            let message = format!("it nests deeper than {} levels", limits::NESTING_MAX);
            return ParseError { message, offset: None };
        }
    };
    let Some((message, place)) = text.rsplit_once(" at Line: ") else {
        return ParseError { message: text.to_owned(), offset: None };
    };
    let numbers: Vec<usize> = place
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let offset = match numbers.as_slice() {
        [line, column, ..] => offset_of(sql, *line, *column),
        _ => None,
    };
    ParseError { message: message.to_owned(), offset }
}

/// Byte offset of a line and column, both from 1; columns count characters.
fn offset_of(sql: &str, line: usize, column: usize) -> Option<usize> {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(before) => sql.match_indices('\n').nth(before)?.0 + 1,
    };
    let rest = sql.get(start..)?;
    let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    Some(start + within)
}

/// Rewrites what the grammar does not know but drivers and `pg_stat_statements` write.
fn prepare(sql: &str, dialect: Dialect) -> Result<String, ParseError> {
    let all: Vec<Token> =
        tokens(sql, 0, dialect).filter(|token| token.kind != TokenKind::Comment).collect();
    refuse_endless_chains(sql, &all)?;
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    for (at, token) in all.iter().enumerate() {
        let previous = at.checked_sub(1).and_then(|before| all.get(before));
        let next = all.get(at + 1);
        if let Some(replacement) = replace(sql, dialect, previous, *token, next) {
            out.push_str(sql.get(copied..token.span.start).unwrap_or(""));
            out.push_str(&replacement);
            copied = token.span.end;
        }
    }
    out.push_str(sql.get(copied..).unwrap_or(""));
    Ok(out)
}

/// A long chain of operators is a deep tree, and a deep tree overflows the stack when it is freed.
fn refuse_endless_chains(sql: &str, all: &[Token]) -> Result<(), ParseError> {
    let is_link = |token: &&Token| {
        token.kind == TokenKind::Operator
            || token.is_word(sql, "and")
            || token.is_word(sql, "or")
            || token.is_word(sql, "union")
    };
    if all.iter().filter(is_link).count() <= limits::OPERATORS_MAX {
        return Ok(());
    }
    let message = format!("it has more than {} operators", limits::OPERATORS_MAX);
    Err(ParseError { message, offset: None })
}

/// What stands for `token` in the prepared text, if not itself.
fn replace(
    sql: &str,
    dialect: Dialect,
    previous: Option<&Token>,
    token: Token,
    next: Option<&Token>,
) -> Option<String> {
    let text = token.text(sql);
    let follows_value = previous.is_some_and(|before| ends_value(sql, *before));
    let is_word = |token: Token, word: &str| token.is_word(sql, word);
    let is_before =
        |next: Option<&Token>, word: &str| next.is_some_and(|after| is_word(*after, word));
    let is_after = |word: &str| previous.is_some_and(|before| is_word(*before, word));
    match token.kind {
        TokenKind::Param if text.starts_with(':') => Some(format!("${}", &text[1..])),
        TokenKind::Param if text == "%s" && !follows_value => Some("$1".to_owned()),
        TokenKind::Param if text.starts_with("%(") => {
            Some(format!("${}", &text[2..text.len() - 2]))
        }
        TokenKind::Param if text.starts_with('@') && dialect == Dialect::Postgres => {
            Some(format!("${}", text.trim_start_matches('@')))
        }
        TokenKind::Operator if text == "?" && !follows_value => Some("$1".to_owned()),
        // `FOR NO KEY UPDATE` and `FOR KEY SHARE` lock fewer rows out; the grammar knows neither.
        TokenKind::Word if is_word(token, "no") && is_before(next, "key") && is_after("for") => {
            Some("  ".to_owned())
        }
        TokenKind::Word
            if is_word(token, "key")
                && (is_after("for") || is_after("no"))
                && (is_before(next, "update") || is_before(next, "share")) =>
        {
            Some("   ".to_owned())
        }
        // pg_stat_statements prints `date $1` for `date '2024-01-01'`.
        TokenKind::Word
            if next.is_some_and(|after| after.kind == TokenKind::Param)
                && is_literal_type(text)
                && !follows_value =>
        {
            Some(" ".repeat(text.len()))
        }
        // `OPERATOR(pg_catalog.=)` as pg_get_viewdef prints it, `ONLY` as pg_dump does.
        TokenKind::Word
            if text.eq_ignore_ascii_case("only")
                && previous.is_some_and(|before| {
                    ["from", "update", "join"].iter().any(|word| before.is_word(sql, word))
                }) =>
        {
            // No name is empty: it says ONLY in front of the table's name, in as many bytes.
            let is_name =
                next.is_some_and(|n| matches!(n.kind, TokenKind::Word | TokenKind::QuotedName));
            let is_kept = dialect == Dialect::Postgres && is_name;
            Some(if is_kept { "\"\". ".to_owned() } else { " ".repeat(text.len()) })
        }
        _ => None,
    }
}

fn ends_value(sql: &str, token: Token) -> bool {
    match token.kind {
        TokenKind::QuotedName
        | TokenKind::Text
        | TokenKind::Number
        | TokenKind::Param
        | TokenKind::Close => true,
        TokenKind::Word => !is_value_introducer(token.text(sql)),
        _ => false,
    }
}

/// Keywords behind which a value follows, so that a `?` there is a placeholder.
fn is_value_introducer(word: &str) -> bool {
    const WORDS: [&str; 27] = [
        "and", "or", "not", "like", "ilike", "in", "between", "limit", "offset", "select", "where",
        "when", "then", "else", "case", "values", "set", "by", "on", "having", "is", "from", "any",
        "escape", "regexp", "rlike", "glob",
    ];
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn is_literal_type(word: &str) -> bool {
    ["date", "time", "timestamp", "timestamptz", "interval"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}
