//! An index of a relation, taken out of the planner's state to be matched with clauses
//! (`match_index_to_operand` and the collation tests of `indxpath.c`).

use std::rc::Rc;

use super::methods::{Abilities, abilities};
use crate::catalog::{Catalog, Index, Table};
use crate::dialect::Dialect;
use crate::estimate::sql_type::expr_type;
use crate::plan::implication::same;
use crate::plan::relation::BaseKind;
use crate::plan::root::Root;
use crate::sql::expr::{Expr, Literal};
use crate::sql::functions::has_volatile;
use crate::sql::relids::{bit, overlaps};
use crate::sql::schema::{IndexKey, KeyPart};

/// An index of a relation.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// Position of the relation.
    pub relation: usize,
    /// Position in `Base::indexes`.
    pub at: usize,
    /// Its definition.
    pub index: &'a Index,
    /// Its table.
    pub table: &'a Table,
    /// Where both are from.
    pub catalog: &'a Catalog,
    /// What its method can do.
    pub abilities: Abilities,
    /// Its keys.
    pub keys: Vec<Key<'a>>,
}

/// A key of an index.
#[derive(Debug, Clone)]
pub struct Key<'a> {
    /// Over the relation of the query.
    pub expr: Rc<Expr>,
    /// As defined.
    pub definition: &'a IndexKey,
    /// Its type; empty where it is not known.
    pub data_type: String,
    /// Its collation; absent for the database's own.
    pub collation: Option<String>,
}

/// Types whose comparisons with each other an index can or cannot answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeClass {
    /// `smallint`, `integer`, `bigint`.
    Integer,
    /// `numeric`.
    Numeric,
    /// `real`, `double precision`.
    Float,
    /// `text`, `varchar`.
    Text,
    /// `char(n)`.
    Padded,
    /// `boolean`.
    Bool,
    /// Anything else, or unknown.
    Other,
}

/// The class of a type as written.
pub fn type_class(data_type: &str) -> TypeClass {
    let starts = |names: &[&str]| names.iter().any(|name| data_type.starts_with(name));
    if data_type.ends_with(']') || data_type.contains("range") || starts(&["interval"]) {
        TypeClass::Other
    } else if starts(&["text", "varchar", "character varying"]) {
        TypeClass::Text
    } else if starts(&["char", "bpchar"]) {
        TypeClass::Padded
    } else if starts(&["bool"]) {
        TypeClass::Bool
    } else if starts(&["int", "bigint", "smallint", "serial", "bigserial", "smallserial"]) {
        TypeClass::Integer
    } else if starts(&["numeric", "decimal"]) {
        TypeClass::Numeric
    } else if starts(&["real", "double", "float"]) {
        TypeClass::Float
    } else {
        TypeClass::Other
    }
}

impl<'a> Candidate<'a> {
    /// An index of the relation, by its position.
    pub fn new(root: &Root<'a>, relation: usize, at: usize) -> Option<Candidate<'a>> {
        let base = root.base(relation)?;
        let BaseKind::Table(table, _) = base.kind else { return None };
        let info = base.indexes.get(at)?;
        let index = info.index;
        let keys = index.keys.iter().zip(&info.keys).map(|(definition, expr)| Key {
            expr: expr.clone(),
            definition,
            data_type: match definition.part {
                KeyPart::Column(column) => {
                    table.columns.get(column).map_or(String::new(), |c| c.data_type.clone())
                }
                KeyPart::Expr(..) => expr_type(&root.scope, expr),
            },
            collation: proper(definition.collation.as_ref().or(implicit_collation(table, expr))),
        });
        Some(Candidate {
            relation,
            at,
            index,
            table,
            catalog: root.configuration.catalog,
            abilities: abilities(&index.method),
            keys: keys.collect(),
        })
    }

    /// Its dialect.
    pub fn dialect(&self) -> Dialect {
        self.catalog.dialect
    }

    /// `match_index_to_operand`: is the expression what this key indexes?
    pub fn is_key(&self, key: &Key<'_>, expr: &Expr) -> bool {
        let expr = self.unlabeled(expr);
        match key.definition.part {
            KeyPart::Column(column) => matches!(expr, Expr::Column(read)
                if read.level == 0
                    && usize::from(read.relation) == self.relation
                    && usize::from(read.column) == column),
            KeyPart::Expr(..) => {
                let indexed = self.unlabeled(&key.expr);
                let is_cast = |expr: &Expr| matches!(expr, Expr::Cast { .. });
                is_cast(indexed) == is_cast(expr) && same(indexed, expr)
            }
        }
    }

    /// Below a cast that changes no value: between `text` and `varchar`; and below COLLATE.
    fn unlabeled<'e>(&self, expr: &'e Expr) -> &'e Expr {
        match expr {
            Expr::Collate { expr, .. } => self.unlabeled(expr),
            Expr::Cast { expr: inner, to } if type_class(to) == TypeClass::Text => {
                let is_text = match &**inner {
                    Expr::Column(read) => self
                        .table
                        .columns
                        .get(usize::from(read.column))
                        .is_some_and(|c| type_class(&c.data_type) == TypeClass::Text),
                    Expr::Function(_) => true,
                    _ => false,
                };
                if is_text { inner } else { expr }
            }
            _ => expr,
        }
    }

    /// A value that does not depend on the relation and does not change during the scan.
    pub fn is_value(&self, expr: &Expr) -> bool {
        !overlaps(expr.relids(), bit(self.relation)) && !has_volatile(expr)
    }

    /// `IndexCollMatchesExprColl`: does the comparison sort as the key does? Other dialects compare as
    /// their columns are defined.
    pub fn collation_fits(&self, key: &Key<'_>, operand: &Expr, value: &Expr) -> bool {
        if self.dialect() != Dialect::Postgres || !is_collatable(&key.data_type) {
            return true;
        }
        let explicit = explicit_collation(operand).or(explicit_collation(value));
        proper(explicit.or(implicit_collation(self.table, operand))) == key.collation
    }

    /// Can the key be compared with the value as it is? A cast of the key, as PostgreSQL adds it for an
    /// integer compared with a numeric, is not what the index holds.
    pub fn type_fits(&self, root: &Root<'_>, key: &Key<'_>, value: &Expr) -> bool {
        if self.dialect() != Dialect::Postgres {
            return true;
        }
        let class = match value {
            Expr::Literal(Literal::Number(digits)) => match digits.contains(['.', 'e', 'E']) {
                true if type_class(&key.data_type) == TypeClass::Integer => TypeClass::Numeric,
                _ => return true,
            },
            Expr::Literal(_) | Expr::Param(_) => return true,
            _ => type_class(&expr_type(&root.scope, value)),
        };
        !matches!(
            (type_class(&key.data_type), class),
            (TypeClass::Integer, TypeClass::Numeric | TypeClass::Float)
                | (TypeClass::Numeric, TypeClass::Float)
                | (TypeClass::Padded, TypeClass::Text)
        )
    }

    /// Does the key sort by bytes: is its collation `C`? libc's `C.UTF-8` is not, before PostgreSQL 17.
    pub fn sorts_by_bytes(&self, key: &Key<'_>) -> bool {
        let is_c = |name: &str| {
            let name = name.split('.').next().unwrap_or(name);
            ["c", "posix", "ucs_basic"].iter().any(|known| name.eq_ignore_ascii_case(known))
        };
        match &key.collation {
            Some(collation) => is_c(collation),
            None => {
                let database = self.catalog.settings.collation.as_deref();
                database.is_some_and(|name| name == "C" || name == "POSIX")
            }
        }
    }
}

/// The key's operator class, as written.
pub fn opclass<'k>(key: &'k Key<'_>) -> &'k str {
    key.definition.opclass.as_deref().unwrap_or("")
}

fn is_collatable(data_type: &str) -> bool {
    matches!(type_class(data_type), TypeClass::Text | TypeClass::Padded)
        || data_type.starts_with("citext")
        || data_type.is_empty()
}

fn explicit_collation(expr: &Expr) -> Option<&String> {
    match expr {
        Expr::Collate { collation, .. } => Some(collation),
        _ => None,
    }
}

/// The collation of the first column that an expression reads.
fn implicit_collation<'t>(table: &'t Table, expr: &Expr) -> Option<&'t String> {
    let column = expr.columns().into_iter().next()?;
    table.columns.get(usize::from(column.column))?.collation.as_ref()
}

/// A collation that is not the database's own.
fn proper(collation: Option<&String>) -> Option<String> {
    collation.filter(|name| name.as_str() != "default").cloned()
}
