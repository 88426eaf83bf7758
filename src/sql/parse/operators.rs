//! Which operator stands at a place, and how tightly it binds.
//!
//! The order is that of PostgreSQL's `gram.y`, from loose to tight: OR, AND, NOT, IS, comparisons, the
//! words that match (LIKE, IN, BETWEEN), all operators without a name in the grammar, sums, products,
//! powers, AT TIME ZONE, COLLATE, signs, casts. The others differ in this:
//!
//! | level      | PostgreSQL             | MySQL, MariaDB             | SQLite                         |
//! |------------|------------------------|----------------------------|--------------------------------|
//! | `Assign`   |                        | `:=`                       |                                |
//! | `Or`       | OR                     | OR, `\|\|`                 | OR                             |
//! | `Xor`      |                        | XOR                        |                                |
//! | `And`      | AND                    | AND, `&&`                  | AND                            |
//! | `Is`       | IS                     |                            |                                |
//! | `Equal`    | all comparisons        | all comparisons, LIKE, IN, | `=`, `<>`, IS, LIKE, IN,       |
//! |            |                        | BETWEEN, IS, REGEXP        | BETWEEN, GLOB, MATCH           |
//! | `Order`    |                        |                            | `<`, `<=`, `>`, `>=`           |
//! | `Match`    | LIKE, IN, BETWEEN      |                            |                                |
//! | `Other`    | any other operator     | `\|`                       |                                |
//! | `BitAnd`   |                        | `&`                        |                                |
//! | `Shift`    |                        | `<<`, `>>`                 | `<<`, `>>`, `&`, `\|`          |
//! | `Concat`   |                        | `->`, `->>`                | `\|\|`, `->`, `->>`            |
//!
//! PostgreSQL refuses `a = b = c`; here comparisons associate to the left as elsewhere.

use super::Parser;
use crate::dialect::Dialect;
use crate::sql::expr::{CompareOp, LikeKind};
use crate::text::lex::TokenKind;

/// How tightly an operator binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Lowest,
    Assign,
    Or,
    Xor,
    And,
    Not,
    Is,
    Equal,
    Order,
    Match,
    Other,
    BitAnd,
    Shift,
    Add,
    Multiply,
    Concat,
    Power,
    Zone,
    Collate,
    Sign,
    Postfix,
}

/// What an operator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    And,
    Or,
    Compare(CompareOp),
    /// A pattern, by a symbol or by a word; the flag says NOT.
    Like(LikeKind, bool),
    In(bool),
    Between(bool),
    Is,
    /// ISNULL, NOTNULL, NOT NULL; the flag says NOT.
    IsNull(bool),
    Cast,
    Subscript,
    Field,
    Collate,
    TimeZone,
    /// `OPERATOR(schema.op)`
    Qualified,
    /// SQLite's MATCH; the flag says NOT.
    Match(bool),
    /// `MEMBER OF (json)`
    MemberOf,
    /// As text: `+`, `->>`, `OVERLAPS`.
    Other,
}

/// An operator behind an operand: how many words or marks it takes, how tightly it binds.
#[derive(Debug, Clone, Copy)]
pub struct Infix {
    pub op: Op,
    pub level: Level,
    pub n_tokens: usize,
}

impl Parser<'_> {
    /// The operator at the cursor, if there is one.
    pub fn infix_here(&self) -> Option<Infix> {
        let token = self.at.peek(0)?;
        let (op, level) = match token.kind {
            TokenKind::Operator => symbol(token.text(self.at.text), self.at.dialect)?,
            TokenKind::Open if self.at.is_mark("[") => (Op::Subscript, Level::Postfix),
            TokenKind::Dot => (Op::Field, Level::Postfix),
            TokenKind::Word => return self.word_infix(),
            _ => return None,
        };
        Some(Infix { op, level, n_tokens: 1 })
    }

    /// The operator that a word at the cursor is, with NOT in front of it or not.
    fn word_infix(&self) -> Option<Infix> {
        let negated = self.at.is("not");
        let at = usize::from(negated);
        let is =
            |words: &str| words.split(' ').enumerate().all(|(n, word)| self.at.is_at(at + n, word));
        let (dialect, mysql) = (self.at.dialect, self.is_mysql());
        let postgres = dialect == Dialect::Postgres;
        let word = self.at.peek(at)?.text(self.at.text);
        let like = |kind| (Op::Like(kind, negated), Level::Match, 1);
        // Sorted by their first letter, so that most words are compared with one or two of these.
        let (op, level, n_words) = match word.as_bytes().first()?.to_ascii_lowercase() {
            b'i' if is("in") => (Op::In(negated), Level::Match, 1),
            b'i' if is("ilike") => like(LikeKind::ILike),
            b'b' if is("between") => (Op::Between(negated), Level::Match, 1),
            b'l' if is("like") => like(LikeKind::Like),
            b's' if is("similar to") => (Op::Like(LikeKind::SimilarTo, negated), Level::Match, 2),
            b'r' if is("regexp") || is("rlike") => like(LikeKind::Regex),
            b'g' if is("glob") => like(LikeKind::Glob),
            b'm' if dialect == Dialect::Sqlite && is("match") => {
                (Op::Match(negated), Level::Match, 1)
            }
            b'n' if negated && !postgres && is("null") => (Op::IsNull(true), Level::Is, 1),
            _ if negated => return None,
            b'a' if is("and") => (Op::And, Level::And, 1),
            b'a' if is("at time zone") => (Op::TimeZone, Level::Zone, 3),
            b'o' if is("or") => (Op::Or, Level::Or, 1),
            b'o' if is("operator") && self.at.is_mark_at(1, "(") => {
                (Op::Qualified, Level::Other, 1)
            }
            b'o' if is("overlaps") => (Op::Other, Level::Other, 1),
            b'i' if is("is") => (Op::Is, Level::Is, 1),
            b'i' if is("isnull") => (Op::IsNull(false), Level::Is, 1),
            b'n' if is("notnull") => (Op::IsNull(true), Level::Is, 1),
            b'c' if is("collate") => (Op::Collate, Level::Collate, 1),
            b'x' if mysql && is("xor") => (Op::Other, Level::Xor, 1),
            b'd' if mysql && is("div") => (Op::Other, Level::Multiply, 1),
            b'm' if mysql && is("mod") => (Op::Other, Level::Multiply, 1),
            b'm' if mysql && is("member of") => (Op::MemberOf, Level::Match, 2),
            b's' if mysql && is("sounds like") => (Op::Other, Level::Match, 2),
            _ => return None,
        };
        let level = match level {
            Level::Match | Level::Is if !postgres => Level::Equal,
            level => level,
        };
        Some(Infix { op, level, n_tokens: at + n_words })
    }
}

/// What a mark is between two operands.
fn symbol(text: &str, dialect: Dialect) -> Option<(Op, Level)> {
    let (mysql, postgres) = (dialect.is_mysql_family(), dialect == Dialect::Postgres);
    if let Some(compare) = compare_op(text, dialect) {
        let is_order = !matches!(compare, CompareOp::Eq | CompareOp::Ne | CompareOp::NotDistinct);
        let level =
            if is_order && dialect == Dialect::Sqlite { Level::Order } else { Level::Equal };
        return Some((Op::Compare(compare), level));
    }
    if let Some((kind, negated)) = like_op(text) {
        return Some((Op::Like(kind, negated), Level::Other));
    }
    Some(match text {
        "||" if mysql => (Op::Or, Level::Or),
        "&&" if mysql => (Op::And, Level::And),
        "::" => (Op::Cast, Level::Postfix),
        "+" | "-" => (Op::Other, Level::Add),
        "*" | "/" | "%" => (Op::Other, Level::Multiply),
        "^" => (Op::Other, Level::Power),
        ":=" => (Op::Other, Level::Assign),
        ":" | "=>" | "!" | "{" | "}" | "\\" => return None,
        _ if postgres => (Op::Other, Level::Other),
        "||" | "->" | "->>" => (Op::Other, Level::Concat),
        "<<" | ">>" => (Op::Other, Level::Shift),
        "&" | "|" if !mysql => (Op::Other, Level::Shift),
        "&" => (Op::Other, Level::BitAnd),
        _ => (Op::Other, Level::Other),
    })
}

/// The comparison that a mark stands for. PostgreSQL has no `<=>` of its own: there it is a distance.
pub fn compare_op(text: &str, dialect: Dialect) -> Option<CompareOp> {
    Some(match text {
        "=" | "==" => CompareOp::Eq,
        "<>" | "!=" => CompareOp::Ne,
        "<" => CompareOp::Lt,
        "<=" => CompareOp::Le,
        ">" => CompareOp::Gt,
        ">=" => CompareOp::Ge,
        "<=>" if dialect.is_mysql_family() => CompareOp::NotDistinct,
        _ => return None,
    })
}

/// The pattern match that a mark of PostgreSQL stands for, and whether it is negated.
pub fn like_op(text: &str) -> Option<(LikeKind, bool)> {
    Some(match text {
        "~~" => (LikeKind::Like, false),
        "!~~" => (LikeKind::Like, true),
        "~~*" => (LikeKind::ILike, false),
        "!~~*" => (LikeKind::ILike, true),
        "~" => (LikeKind::Regex, false),
        "!~" => (LikeKind::Regex, true),
        "~*" => (LikeKind::IRegex, false),
        "!~*" => (LikeKind::IRegex, true),
        _ => return None,
    })
}
