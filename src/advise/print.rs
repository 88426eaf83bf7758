//! SQL text of expressions over the columns of one table: index keys and partial predicates.

use crate::catalog::Table;
use crate::dialect::Dialect;
use crate::sql::expr::{Expr, Function, LikeKind, Literal};
pub use crate::sql::quote::{quote_name, quote_text};

/// The expression as SQL, or nothing when it holds something that no index definition may.
pub fn print_expr(expr: &Expr, table: &Table, dialect: Dialect) -> Option<String> {
    Printer { table, dialect }.expr(expr)
}

struct Printer<'a> {
    table: &'a Table,
    dialect: Dialect,
}

impl Printer<'_> {
    fn expr(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Column(column) => {
                let column = self.table.columns.get(usize::from(column.column))?;
                Some(quote_name(&column.name, self.dialect))
            }
            Expr::Literal(literal) => Some(self.literal(literal)),
            Expr::Compare(op, left, right) => {
                Some(format!("{} {} {}", self.operand(left)?, op.sql(), self.operand(right)?))
            }
            Expr::And(parts) => self.joined(parts, " AND "),
            Expr::Or(arms) => self.joined(arms, " OR "),
            Expr::Not(inner) => Some(format!("NOT {}", self.operand(inner)?)),
            Expr::IsNull { expr, negated } => {
                let not = if *negated { "NOT " } else { "" };
                Some(format!("{} IS {not}NULL", self.operand(expr)?))
            }
            Expr::IsTruth { expr, truth, negated } => {
                let not = if *negated { "NOT " } else { "" };
                let truth = match truth {
                    Some(true) => "TRUE",
                    Some(false) => "FALSE",
                    None => "UNKNOWN",
                };
                Some(format!("{} IS {not}{truth}", self.operand(expr)?))
            }
            Expr::InList { expr, list, negated } => {
                let not = if *negated { "NOT " } else { "" };
                Some(format!("{} {not}IN ({})", self.operand(expr)?, self.list(list)?))
            }
            Expr::Like { kind, expr, pattern, negated } => {
                let word = self.like_word(*kind, *negated)?;
                Some(format!("{} {word} {}", self.operand(expr)?, self.operand(pattern)?))
            }
            Expr::Operator { op, left, right } => match left {
                Some(left) => {
                    Some(format!("{} {op} {}", self.operand(left)?, self.operand(right)?))
                }
                None => Some(format!("{op} {}", self.operand(right)?)),
            },
            Expr::Function(call) => self.function(call),
            Expr::Cast { expr, to } => match self.dialect {
                Dialect::Postgres => Some(format!("{}::{to}", self.operand(expr)?)),
                _ => Some(format!("CAST({} AS {to})", self.expr(expr)?)),
            },
            Expr::Array(items) => Some(format!("ARRAY[{}]", self.list(items)?)),
            Expr::Collate { expr, collation } => Some(format!(
                "{} COLLATE {}",
                self.operand(expr)?,
                quote_name(collation, self.dialect)
            )),
            _ => None,
        }
    }

    /// In parentheses unless it binds tighter than any operator.
    fn operand(&self, expr: &Expr) -> Option<String> {
        let text = self.expr(expr)?;
        Some(match expr {
            Expr::Column(_) | Expr::Literal(_) | Expr::Function(_) | Expr::Array(_) => text,
            Expr::Cast { .. } => text,
            _ => format!("({text})"),
        })
    }

    fn joined(&self, parts: &[Expr], word: &str) -> Option<String> {
        let parts = parts.iter().map(|part| match part {
            Expr::And(_) | Expr::Or(_) => Some(format!("({})", self.expr(part)?)),
            _ => self.expr(part),
        });
        Some(parts.collect::<Option<Vec<_>>>()?.join(word))
    }

    fn list(&self, items: &[Expr]) -> Option<String> {
        let items = items.iter().map(|item| self.expr(item));
        Some(items.collect::<Option<Vec<_>>>()?.join(", "))
    }

    fn like_word(&self, kind: LikeKind, negated: bool) -> Option<String> {
        let word = match (kind, self.dialect) {
            (LikeKind::Like, _) => "LIKE",
            (LikeKind::ILike, Dialect::Postgres) => "ILIKE",
            (LikeKind::SimilarTo, Dialect::Postgres) => "SIMILAR TO",
            (LikeKind::Glob, Dialect::Sqlite) => "GLOB",
            (LikeKind::Regex, Dialect::Postgres) if !negated => return Some("~".to_owned()),
            _ => return None,
        };
        Some(if negated { format!("NOT {word}") } else { word.to_owned() })
    }

    fn literal(&self, literal: &Literal) -> String {
        match literal {
            Literal::Null => "NULL".to_owned(),
            Literal::Bool(true) => "TRUE".to_owned(),
            Literal::Bool(false) => "FALSE".to_owned(),
            Literal::Number(digits) => digits.clone(),
            Literal::Text(text) => quote_text(text, self.dialect),
        }
    }

    fn function(&self, call: &Function) -> Option<String> {
        let plain = !call.star
            && !call.distinct
            && call.filter.is_none()
            && call.order_by.is_empty()
            && call.over.is_none();
        plain.then(|| Some(format!("{}({})", call.name, self.list(&call.args)?)))?
    }
}
