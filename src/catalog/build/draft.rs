//! A table in the making: its columns are final, everything else refers to them by name.

use crate::catalog::{Column, Table};
use crate::diagnostic::Place;
use crate::read::facts::{ColumnDef, IndexSpec};
use crate::read::statistics::IndexStatistics;
use crate::sql::expr::Expr;
use crate::sql::schema::{KeyPart, Name};

/// A table in the making.
#[derive(Default, Clone)]
pub struct Draft {
    /// Name, kind, columns and options; its indexes and keys are filled in at the end.
    pub table: Table,
    /// Schema in lower case, empty for the home schema.
    pub schema_key: String,
    /// Indexes in order of creation.
    pub indexes: Vec<DraftIndex>,
    /// Foreign keys.
    pub foreign_keys: Vec<DraftForeignKey>,
    /// CHECK constraints.
    pub checks: Vec<(Option<String>, Expr)>,
    /// The partitioned table it is a partition of, or the tables it inherits from.
    pub parents: Vec<usize>,
    /// Attached as a partition.
    pub is_partition: bool,
    /// PARTITION BY over names.
    pub partition_by: Option<(String, Vec<Expr>)>,
    /// DROP TABLE came.
    pub dropped: bool,
    /// Known only because something refers to it.
    pub implied: bool,
}

/// An index in the making.
#[derive(Default, Clone)]
pub struct DraftIndex {
    /// Its name.
    pub name: String,
    /// Schema, where written.
    pub schema: Option<String>,
    /// What is indexed, by name.
    pub spec: IndexSpec,
    /// PRIMARY KEY.
    pub primary: bool,
    /// Made by a constraint.
    pub constraint: bool,
    /// An exclusion constraint.
    pub exclusion: bool,
    /// ON ONLY.
    pub on_only: bool,
    /// The name was made up.
    pub generated_name: bool,
    /// The index of the partitioned table that it is part of.
    pub parent: Option<String>,
    /// MySQL made it for a foreign key.
    pub for_foreign_key: bool,
    /// Where.
    pub source: Option<Place>,
    /// Size and usage.
    pub statistics: IndexStatistics,
    /// Valid, where the server says so.
    pub valid: Option<bool>,
}

/// A foreign key in the making.
#[derive(Default, Clone)]
pub struct DraftForeignKey {
    /// Name, made up where none is written.
    pub name: String,
    /// Referencing columns.
    pub columns: Vec<String>,
    /// Referenced table.
    pub references: Name,
    /// Referenced columns.
    pub referenced_columns: Vec<String>,
    /// ON DELETE.
    pub on_delete: Option<String>,
    /// ON UPDATE.
    pub on_update: Option<String>,
    /// Where.
    pub source: Option<Place>,
}

impl Draft {
    /// A table without columns.
    pub fn new(name: Name, schema_key: String) -> Draft {
        Draft { table: Table { name, ..Table::default() }, schema_key, ..Draft::default() }
    }

    /// Position of a column, in any case: a definition that reaches the catalog was accepted by its
    /// server, which knows best how it compares names.
    pub fn column(&self, name: &str) -> Option<usize> {
        let columns = &self.table.columns;
        columns
            .iter()
            .position(|column| column.name == name)
            .or_else(|| columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)))
    }
}

impl DraftIndex {
    /// The names of its key columns; an expression is none.
    pub fn key_columns(&self) -> impl Iterator<Item = Option<&str>> {
        self.spec.keys.iter().map(|key| plain_column(&key.part))
    }

    /// It is no longer what is written: the end makes a definition of what it is. An exclusion
    /// constraint keeps its own, which names neither table nor index.
    pub fn forget_definition(&mut self) {
        if !self.exclusion {
            self.spec.definition.clear();
        }
    }

    /// Does it mention the column in keys, INCLUDE, expressions or predicate?
    pub fn mentions(&self, column: &str) -> bool {
        let in_expr = |expr: &Expr| mentions(expr, column);
        self.spec.include.iter().any(|name| name.eq_ignore_ascii_case(column))
            || self.spec.predicate.as_ref().is_some_and(in_expr)
            || self.spec.keys.iter().any(|key| match &key.part {
                KeyPart::Expr(expr, _) => in_expr(expr),
                KeyPart::Column(_) => false,
            })
    }
}

/// The name of the column that a key is, if it is one.
pub fn plain_column(part: &KeyPart) -> Option<&str> {
    match part {
        KeyPart::Expr(expr, _) => match expr.as_ref() {
            Expr::Name(names) => names.last().map(String::as_str),
            _ => None,
        },
        KeyPart::Column(_) => None,
    }
}

/// Does an expression over names mention the column?
pub fn mentions(expr: &Expr, column: &str) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= match part {
            Expr::Name(names) => names.last().is_some_and(|name| name.eq_ignore_ascii_case(column)),
            _ => false,
        };
    });
    found
}

/// Replaces a column's name in an expression over names.
pub fn rename_in(expr: &mut Expr, old: &str, new: &str) {
    if let Expr::Name(names) = expr
        && let Some(last) = names.last_mut()
        && last.eq_ignore_ascii_case(old)
    {
        new.clone_into(last);
    }
    expr.for_each_child_mut(&mut |child| rename_in(child, old, new));
}

/// A column of the catalog from its definition.
pub fn column_of(def: &ColumnDef) -> Column {
    Column {
        name: def.name.clone(),
        data_type: def.data_type.clone(),
        not_null: def.not_null,
        default: def.default.clone(),
        generated: def.generated.clone(),
        collation: def.collation.clone(),
        statistics: None,
    }
}
