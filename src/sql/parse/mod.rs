//! From SQL text to [`Query`] and [`Expr`]: a parser by recursive descent, over the same tokens and
//! with the same cursor as the reader of schema statements. It takes the languages of all dialects
//! at once where they do not contradict each other: what a server refuses is not its concern.
//!
//! It never goes back but for one type name, so its time is linear in the text. Hostile text cannot
//! overflow the stack or the memory, see [`Parser`].

mod call;
mod expr;
mod from;
mod group;
mod insert;
mod literal;
mod operators;
mod placeholders;
mod primary;
mod select;
mod special;
mod statement;
mod types;
mod update;
mod window;
mod words;

use super::cursor::{Cursor, Unread};
use super::expr::Expr;
use super::query::Query;
use crate::dialect::Dialect;
use crate::limits;

type Result<T> = std::result::Result<T, Unread>;

/// Reads one statement: SELECT, INSERT, UPDATE, DELETE, VALUES, also behind EXPLAIN, PREPARE,
/// DECLARE ... CURSOR FOR or CREATE TABLE ... AS.
pub fn parse_query(sql: &str, dialect: Dialect) -> Result<Query> {
    let tokens = placeholders::query_tokens(sql, dialect)?;
    Parser::new(Cursor::new(sql, &tokens, dialect)).statement().map(|query| *query)
}

/// Reads one scalar expression, as in an index key, a predicate or a CHECK.
pub fn parse_expr(sql: &str, dialect: Dialect) -> Result<Expr> {
    let tokens = placeholders::query_tokens(sql, dialect)?;
    let mut parser = Parser::new(Cursor::new(sql, &tokens, dialect));
    let expr = parser.expr()?;
    if parser.at.is_done() { Ok(expr) } else { Err(parser.at.unread("the end of the expression")) }
}

/// What is read, and how much was made of it. Each file of this folder adds what it reads.
struct Parser<'a> {
    at: Cursor<'a>,
    /// Expressions and queries that are being read, one inside the other: as deep as the stack is.
    depth: usize,
    /// Operators, joins and set operations. A chain of them is a tree as deep as the chain is long,
    /// and a deep tree overflows the stack when it is walked or freed.
    links: usize,
    /// Expressions made, copies included.
    nodes: usize,
    /// Expressions copied: `x BETWEEN a AND b` has `x` twice, and twice that when it stands inside of
    /// another.
    copies: usize,
    /// Placeholders without a name so far.
    n_unnamed: usize,
}

impl<'a> Parser<'a> {
    fn new(at: Cursor<'a>) -> Parser<'a> {
        Parser { at, depth: 0, links: 0, nodes: 0, copies: 0, n_unnamed: 0 }
    }

    /// Goes one level deeper; `leave` comes back. After an error nobody does.
    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth <= limits::NESTING_MAX {
            return Ok(());
        }
        self.refuse(&format!("it nests deeper than {} levels", limits::NESTING_MAX))
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Counts a link of a chain.
    fn link(&mut self) -> Result<()> {
        self.links += 1;
        if self.links <= limits::OPERATORS_MAX {
            return Ok(());
        }
        self.refuse(&format!("it has more than {} operators", limits::OPERATORS_MAX))
    }

    /// Counts copies.
    fn copy(&mut self, n: usize) -> Result<()> {
        self.nodes += n;
        self.copies += n;
        if self.copies <= limits::COPIES_MAX {
            return Ok(());
        }
        self.refuse(&format!("it repeats more than {} expressions", limits::COPIES_MAX))
    }

    fn refuse<T>(&self, message: &str) -> Result<T> {
        Err(Unread { at: self.at.offset(), message: message.to_owned() })
    }

    fn expect(&mut self, word: &str) -> Result<()> {
        if self.at.eat(word) {
            return Ok(());
        }
        Err(self.at.unread(&word.to_ascii_uppercase()))
    }

    fn expect_mark(&mut self, mark: &str) -> Result<()> {
        if self.at.eat_mark(mark) { Ok(()) } else { Err(self.at.unread(&format!("{mark:?}"))) }
    }

    /// One or more, separated by commas.
    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut items = vec![read(self)?];
        while self.at.eat_mark(",") {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// `( ... )`
    fn in_parens<T>(&mut self, read: impl Fn(&mut Self) -> Result<T>) -> Result<T> {
        self.expect_mark("(")?;
        let inner = read(self)?;
        self.expect_mark(")")?;
        Ok(inner)
    }

    /// `(a, b)`, or nothing.
    fn names_in_parens(&mut self) -> Result<Vec<String>> {
        if !self.at.is_mark("(") {
            return Ok(Vec::new());
        }
        self.in_parens(|parser| parser.list(|parser| parser.at.name()))
    }

    /// The parts of a qualified name.
    fn name_parts(&mut self) -> Result<Vec<String>> {
        let mut parts = vec![self.at.name()?];
        while self.at.is_mark(".") && !self.at.is_mark_at(1, "*") {
            self.at.bump();
            parts.push(self.at.name()?);
        }
        Ok(parts)
    }

    fn is_mysql(&self) -> bool {
        self.at.dialect.is_mysql_family()
    }
}
