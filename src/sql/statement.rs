//! From one statement to the query in it, also behind EXPLAIN, PREPARE, DECLARE ... CURSOR FOR, CREATE
//! TABLE ... AS and CREATE VIEW.
//!
//! Only the parts of `sqlparser` that read queries are called. Its entry for any statement would bring
//! the grammars of a hundred others into the page, only for their results to be thrown away.

use sqlparser::ast::Statement;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::convert_query::{convert_delete, convert_insert, convert_query, convert_update};
use super::query::Query;
use crate::dialect::Dialect;

const NOT_A_QUERY: &str = "this is neither a SELECT, INSERT, UPDATE nor DELETE";

/// Reads the statement at the parser, up to the end of the text or a semicolon.
pub fn parse_statement(parser: &mut Parser<'_>, dialect: Dialect) -> Result<Query, ParserError> {
    while parser.consume_token(&Token::SemiColon) {}
    if parser.peek_token().token == Token::EOF {
        return fail("there is no statement");
    }
    let query = read(parser, dialect)?;
    match parser.peek_token() {
        end if matches!(end.token, Token::EOF | Token::SemiColon) => Ok(query),
        more => parser.expected("end of statement", more),
    }
}

fn read(parser: &mut Parser<'_>, dialect: Dialect) -> Result<Query, ParserError> {
    // What stands in front of the query may stand there again: a loop, since recursion has no cap.
    loop {
        let first = parser.next_token();
        match keyword(&first.token) {
            Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::FROM => {
                parser.prev_token();
                return Ok(convert_query(*parser.parse_query()?, dialect));
            }
            Keyword::INSERT | Keyword::REPLACE => {
                return written(parser.parse_insert(first)?, dialect);
            }
            Keyword::UPDATE => return written(parser.parse_update(first)?, dialect),
            Keyword::DELETE => return written(parser.parse_delete(first)?, dialect),
            Keyword::EXPLAIN | Keyword::DESCRIBE | Keyword::DESC => skip_options(parser),
            Keyword::PREPARE | Keyword::CREATE => skip_past(parser, Keyword::AS)?,
            Keyword::DECLARE => skip_past(parser, Keyword::FOR)?,
            _ => return fail(NOT_A_QUERY),
        }
    }
}

fn keyword(token: &Token) -> Keyword {
    match token {
        Token::Word(word) => word.keyword,
        Token::LParen => Keyword::SELECT,
        _ => Keyword::NoKeyword,
    }
}

fn written(statement: Statement, dialect: Dialect) -> Result<Query, ParserError> {
    match statement {
        Statement::Insert(insert) => Ok(convert_insert(insert, dialect)),
        Statement::Update(update) => Ok(convert_update(update, dialect)),
        Statement::Delete(delete) => Ok(convert_delete(delete, dialect)),
        _ => fail(NOT_A_QUERY),
    }
}

fn fail<T>(message: &str) -> Result<T, ParserError> {
    Err(ParserError::ParserError(message.to_owned()))
}

/// Skips what stands between EXPLAIN and its statement: `(ANALYZE, BUFFERS)`, `ANALYZE VERBOSE`,
/// `QUERY PLAN`, `FORMAT=JSON`.
fn skip_options(parser: &mut Parser<'_>) {
    if parser.peek_token().token == Token::LParen {
        parser.next_token();
        skip_parentheses(parser);
    }
    while let Token::Word(word) = parser.peek_token().token
        && is_option(word.keyword)
    {
        parser.next_token();
        if word.keyword == Keyword::FORMAT {
            let _ = parser.consume_token(&Token::Eq);
            parser.next_token();
        }
    }
}

fn is_option(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::ANALYZE
            | Keyword::VERBOSE
            | Keyword::QUERY
            | Keyword::PLAN
            | Keyword::EXTENDED
            | Keyword::PARTITIONS
            | Keyword::FORMAT
    )
}

/// Skips up to a keyword that stands outside of parentheses, and over it.
fn skip_past(parser: &mut Parser<'_>, keyword: Keyword) -> Result<(), ParserError> {
    loop {
        match parser.next_token().token {
            Token::EOF | Token::SemiColon => return fail(NOT_A_QUERY),
            Token::LParen => skip_parentheses(parser),
            Token::Word(word) if word.keyword == keyword => return Ok(()),
            _ => {}
        }
    }
}

/// Skips the rest of a pair of parentheses whose first one is gone.
fn skip_parentheses(parser: &mut Parser<'_>) {
    let mut depth = 1;
    while depth > 0 {
        match parser.next_token().token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            Token::EOF => return,
            _ => {}
        }
    }
}
