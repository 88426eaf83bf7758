//! What one statement of a finding does to one index, taken apart: migrations are written from it, in
//! the words of whatever tool runs them.

use serde::{Deserialize, Serialize};

use super::ddl::{create_statement, existing_names, index_name, is_concurrent, undo_statements};
use super::print::print_expr;
use super::removal::{drop_statement, restore_statement};
use crate::catalog::{Catalog, Index, Table};
use crate::estimate::size::index_bytes;
use crate::plan::implication::strip;
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::schema::{IndexKey, KeyPart, TableKind, is_text_type};

/// An index that is created or dropped.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What is done.
    pub action: Action,
    /// Schema of table and index, where it was written.
    pub schema: Option<String>,
    /// The table, without its schema.
    pub table: String,
    /// The index.
    pub index: String,
    /// UNIQUE.
    pub unique: bool,
    /// Access method: `btree`, `gin`, `fulltext`, ...
    pub method: String,
    /// Keys in order.
    pub keys: Vec<ChangeKey>,
    /// INCLUDE columns.
    pub include: Vec<String>,
    /// WHERE, as SQL.
    pub predicate: Option<String>,
    /// The same taken apart, where it is made of columns and constants alone.
    pub condition: Option<Condition>,
    /// The fields above say all there is: no constraint, no storage options, no NULLS NOT DISTINCT.
    pub complete: bool,
    /// The statement may be run CONCURRENTLY (PostgreSQL).
    pub concurrent: bool,
    /// Storage engine of the table, where written (MySQL family).
    pub engine: Option<String>,
    /// The table is created by the same input.
    pub is_new: bool,
    /// The table is partitioned (PostgreSQL).
    pub partitioned: bool,
    /// Its partitions, those above before those below.
    pub partitions: Vec<Partition>,
    /// The statement of the finding.
    pub statement: String,
    /// What takes it back.
    pub reverse: Vec<String>,
    /// Estimated bytes of the index.
    pub size_bytes: f64,
}

/// What is done to an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is created.
    #[default]
    Create,
    /// It is dropped.
    Drop,
}

/// A key of an index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeKey {
    /// The column, if it is one.
    pub column: Option<String>,
    /// The expression, without parentheses of its own, if it is none.
    pub expression: Option<String>,
    /// DESC.
    pub desc: bool,
    /// NULLS FIRST; without DESC it has to be written, with DESC its absence.
    pub nulls_first: bool,
    /// Operator class.
    pub opclass: Option<String>,
    /// COLLATE.
    pub collation: Option<String>,
    /// MySQL's prefix length.
    pub prefix_length: Option<u32>,
}

/// A partition and the name of its part of a new index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Partition {
    /// Schema, where it was written.
    pub schema: Option<String>,
    /// Name.
    pub table: String,
    /// Its part of the index.
    pub index: String,
    /// Position of the partition it is part of, if not of the table itself.
    pub of: Option<usize>,
    /// It is partitioned itself.
    pub partitioned: bool,
}

/// A predicate of columns and constants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// Any of them.
    Or(Vec<Condition>),
    /// `column IS [NOT] NULL`.
    IsNull(String, bool),
    /// `column op constant`; the operator is `=`, `<`, `<=`, `>` or `>=`.
    Compare(String, String, Constant),
    /// `column IN (...)`.
    In(String, Vec<Constant>),
}

/// A constant of a [`Condition`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constant {
    /// A string.
    Text(String),
    /// A whole number, as written.
    Integer(String),
    /// A truth value.
    Bool(bool),
}

/// The creation of an index that is named already.
pub fn creation(catalog: &Catalog, table: &Table, index: &Index) -> Change {
    Change {
        action: Action::Create,
        statement: create_statement(catalog, table, index),
        reverse: undo_statements(catalog, table, index),
        ..described(catalog, table, index)
    }
}

/// The drop of an existing index, where it can be dropped at all.
pub fn removal(catalog: &Catalog, table: &Table, index: &Index) -> Option<Change> {
    Some(Change {
        action: Action::Drop,
        statement: drop_statement(catalog, table, index)?,
        reverse: vec![restore_statement(catalog, table, index)],
        ..described(catalog, table, index)
    })
}

fn described(catalog: &Catalog, table: &Table, index: &Index) -> Change {
    let dialect = catalog.dialect;
    let name_of = |column: &usize| table.columns.get(*column).map(|column| column.name.clone());
    let printed = index.predicate.as_ref().and_then(|p| print_expr(p, table, dialect));
    let partitioned = table.kind == TableKind::Partitioned;
    Change {
        schema: table.name.schema.clone(),
        table: table.name.name.clone(),
        index: index.name.clone(),
        unique: index.unique,
        method: index.method.name().to_owned(),
        keys: index.keys.iter().map(|key| change_key(catalog, table, key)).collect(),
        include: index.include.iter().filter_map(name_of).collect(),
        predicate: printed.or_else(|| index.predicate_sql.clone()),
        condition: index.predicate.as_ref().and_then(|predicate| condition(table, predicate)),
        complete: !index.constraint
            && !index.primary
            && !index.nulls_not_distinct
            && !index.on_only
            && index.options.is_empty(),
        concurrent: is_concurrent(catalog, table) && !index.constraint,
        engine: table.engine.clone(),
        is_new: table.is_new,
        partitioned,
        partitions: if partitioned { partitions(catalog, table, index) } else { Vec::new() },
        size_bytes: index_bytes(table, index).value,
        ..Change::default()
    }
}

fn change_key(catalog: &Catalog, table: &Table, key: &IndexKey) -> ChangeKey {
    let (column, expression) = match &key.part {
        KeyPart::Column(at) => (table.columns.get(*at).map(|column| column.name.clone()), None),
        KeyPart::Expr(expr, text) => {
            let printed = print_expr(expr, table, catalog.dialect);
            (None, Some(printed.unwrap_or_else(|| text.clone())))
        }
    };
    ChangeKey {
        column,
        expression,
        desc: key.desc,
        nulls_first: key.nulls_first,
        opclass: key.opclass.clone(),
        collation: key.collation.clone(),
        prefix_length: key.prefix_length,
    }
}

/// All partitions below a table, level by level.
fn partitions(catalog: &Catalog, table: &Table, index: &Index) -> Vec<Partition> {
    let position = |table: &Table| catalog.tables.iter().position(|one| one.name == table.name);
    let mut taken = existing_names(catalog);
    let mut out: Vec<Partition> = Vec::new();
    // Tables whose partitions are looked for, each with its position in `out`.
    let mut parents: Vec<(usize, Option<usize>)> =
        position(table).map(|at| (at, None)).into_iter().collect();
    let mut next = 0;
    while let Some((parent, of)) = parents.get(next).copied() {
        next += 1;
        for (at, child) in catalog.tables.iter().enumerate() {
            if child.parent != Some(parent) {
                continue;
            }
            if child.kind == TableKind::Foreign {
                // It has no index to attach: the parent's would never become valid.
                return Vec::new();
            }
            // The positions of the keys are those of the parent's columns.
            let columns = table.columns.clone();
            let named = Table { name: child.name.clone(), columns, ..Table::default() };
            let above = of.and_then(|at| out.get(at)).map_or(&index.name, |above| &above.index);
            let part = child.indexes.iter().find(|part| part.parent.as_ref() == Some(above));
            let name = match part {
                Some(part) => part.name.clone(),
                None => index_name(&named, index, &taken),
            };
            taken.insert(name.to_ascii_lowercase());
            let partitioned = child.kind == TableKind::Partitioned;
            if partitioned {
                parents.push((at, Some(out.len())));
            }
            out.push(Partition {
                schema: child.name.schema.clone(),
                table: child.name.name.clone(),
                index: name,
                of,
                partitioned,
            });
        }
    }
    out
}

fn condition(table: &Table, predicate: &Expr) -> Option<Condition> {
    let all = |parts: &[Expr]| -> Option<Vec<Condition>> {
        parts.iter().map(|part| condition(table, part)).collect()
    };
    let truth = |expr: &Expr, value: bool| {
        let name = column(table, expr)?;
        Some(Condition::Compare(name, "=".to_owned(), Constant::Bool(value)))
    };
    match predicate {
        Expr::And(parts) => Some(Condition::And(all(parts)?)),
        Expr::Or(parts) => Some(Condition::Or(all(parts)?)),
        Expr::Column(_) => truth(predicate, true),
        Expr::Not(inner) if matches!(**inner, Expr::Column(_)) => truth(inner, false),
        Expr::IsNull { expr, negated } => Some(Condition::IsNull(column(table, expr)?, !negated)),
        Expr::Compare(op, left, right) => {
            let sign = match op {
                CompareOp::Eq => "=",
                CompareOp::Lt => "<",
                CompareOp::Le => "<=",
                CompareOp::Gt => ">",
                CompareOp::Ge => ">=",
                _ => return None,
            };
            let (name, value) = (column(table, left)?, constant(table, left, right)?);
            Some(Condition::Compare(name, sign.to_owned(), value))
        }
        Expr::InList { expr, list, negated: false } => {
            let values: Option<Vec<Constant>> =
                list.iter().map(|value| constant(table, expr, value)).collect();
            Some(Condition::In(column(table, expr)?, values?))
        }
        _ => None,
    }
}

fn column(table: &Table, expr: &Expr) -> Option<String> {
    match strip(expr) {
        Expr::Column(column) => {
            table.columns.get(usize::from(column.column)).map(|column| column.name.clone())
        }
        _ => None,
    }
}

/// A string only beside a column of text: others would be read as dates and the like.
fn constant(table: &Table, left: &Expr, right: &Expr) -> Option<Constant> {
    let Expr::Column(column) = strip(left) else { return None };
    let column = table.columns.get(usize::from(column.column))?;
    match strip(right) {
        Expr::Literal(Literal::Text(text)) if is_text_type(&column.data_type) => {
            Some(Constant::Text(text.clone()))
        }
        Expr::Literal(Literal::Bool(value)) => Some(Constant::Bool(*value)),
        Expr::Literal(Literal::Number(digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(Constant::Integer(digits.clone()))
        }
        _ => None,
    }
}
