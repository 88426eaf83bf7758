//! The names that servers make up for constraints and indexes.

use super::Builder;
use super::draft::{Draft, plain_column};
use crate::dialect::Dialect;
use crate::read::facts::IndexSpec;
use crate::sql::expr::Expr;
use crate::sql::schema::KeyPart;

/// What a name is made up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// PRIMARY KEY.
    PrimaryKey,
    /// UNIQUE constraint.
    Unique,
    /// EXCLUDE constraint.
    Exclusion,
    /// A plain index.
    Index,
}

/// PostgreSQL's longest name in bytes.
const NAME_BYTES_MAX: usize = 63;

impl Builder {
    /// The name the server gives an index for which none is written.
    pub fn index_name(&self, draft: &Draft, spec: &IndexSpec, purpose: Purpose) -> String {
        match self.dialect {
            Dialect::Postgres => self.postgres_name(draft, spec, purpose),
            Dialect::Sqlite if purpose != Purpose::Index => {
                format!("sqlite_autoindex_{}_{}", draft.table.name.name, draft.indexes.len() + 1)
            }
            Dialect::Sqlite => "unnamed".to_owned(),
            Dialect::Mysql | Dialect::Mariadb => mysql_name(draft, spec, purpose),
        }
    }

    fn postgres_name(&self, draft: &Draft, spec: &IndexSpec, purpose: Purpose) -> String {
        let (columns, label) = match purpose {
            Purpose::PrimaryKey => (String::new(), "pkey"),
            Purpose::Unique => (column_part(spec), "key"),
            Purpose::Exclusion => (column_part(spec), "excl"),
            Purpose::Index => (column_part(spec), "idx"),
        };
        self.free_name(draft, &columns, label)
    }

    /// `table_columns_label`, with a number behind it where that is taken.
    pub fn free_name(&self, draft: &Draft, columns: &str, label: &str) -> String {
        let schema = draft.table.name.schema.as_deref();
        let mut n = 0_usize;
        loop {
            let numbered = if n == 0 { label.to_owned() } else { format!("{label}{n}") };
            let name = object_name(&draft.table.name.name, columns, &numbered);
            if !self.taken.contains(&self.name_key(schema, &name)) {
                return name;
            }
            n += 1;
        }
    }
}

/// Joins table, columns and label; the longer of the first two is cut until all fit.
fn object_name(table: &str, columns: &str, label: &str) -> String {
    let separators = if columns.is_empty() { 1 } else { 2 };
    let room = NAME_BYTES_MAX.saturating_sub(label.len() + separators);
    let (mut table_len, mut columns_len) = (table.len(), columns.len());
    while table_len + columns_len > room {
        if table_len > columns_len {
            table_len -= 1;
        } else {
            columns_len -= 1;
        }
    }
    let cut = |text: &str, mut len: usize| {
        while !text.is_char_boundary(len) {
            len -= 1;
        }
        text.get(..len).unwrap_or("").to_owned()
    };
    let table = cut(table, table_len);
    if columns.is_empty() {
        format!("{table}_{label}")
    } else {
        format!("{table}_{}_{label}", cut(columns, columns_len))
    }
}

/// A name that the server made up, as it would be if tables and columns had the names that `other` gives;
/// none if somebody gave it. `parts`: the names of the columns and functions that it was made of.
pub fn made_up_otherwise(
    dialect: Dialect,
    name: &str,
    table: &str,
    parts: &[&str],
    other: &dyn Fn(&str) -> String,
) -> Option<String> {
    let is_number =
        |text: &str| !text.is_empty() && text.chars().all(|digit| digit.is_ascii_digit());
    match dialect {
        Dialect::Postgres => {
            let label = name.rsplit('_').next()?;
            let columns = |other: &dyn Fn(&str) -> String| match label.starts_with("pkey") {
                true => String::new(),
                false => parts.iter().map(|part| other(part)).collect::<Vec<_>>().join("_"),
            };
            let labels = ["pkey", "key", "idx", "excl", "fkey"];
            let is_label = labels.contains(&label.trim_end_matches(|c: char| c.is_ascii_digit()));
            let as_made = object_name(table, &columns(&|part| part.to_owned()), label);
            (is_label && as_made == name)
                .then(|| object_name(&other(table), &columns(other), label))
        }
        Dialect::Sqlite => {
            let rest = name.strip_prefix("sqlite_autoindex_")?;
            let number = rest.strip_prefix(table)?.strip_prefix('_')?;
            is_number(number).then(|| format!("sqlite_autoindex_{}_{number}", other(table)))
        }
        Dialect::Mysql | Dialect::Mariadb => {
            let of_table = name.strip_prefix(table).and_then(|rest| rest.strip_prefix("_ibfk_"));
            if let Some(number) = of_table.filter(|number| is_number(number)) {
                return Some(format!("{}_ibfk_{number}", other(table)));
            }
            let first = parts.first()?;
            let number = name.strip_prefix(first)?.strip_prefix('_')?;
            is_number(number).then(|| format!("{}_{number}", other(first)))
        }
    }
}

/// The column part of a name: key and INCLUDE columns, expressions by their function.
fn column_part(spec: &IndexSpec) -> String {
    let mut names: Vec<String> = Vec::new();
    let keys = spec.keys.iter().map(|key| match &key.part {
        KeyPart::Expr(expr, _) => match plain_column(&key.part) {
            Some(column) => column.to_owned(),
            None => expression_name(expr).unwrap_or_else(|| "expr".to_owned()),
        },
        KeyPart::Column(_) => "expr".to_owned(),
    });
    for base in keys.chain(spec.include.iter().cloned()) {
        let mut name = base.clone();
        let mut n = 0;
        while names.contains(&name) {
            n += 1;
            name = format!("{base}{n}");
        }
        names.push(name);
    }
    let mut joined = String::new();
    for name in names {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(&name);
        if joined.len() >= NAME_BYTES_MAX {
            break;
        }
    }
    joined
}

/// What PostgreSQL calls an expression in an index: its function, else its type or column.
fn expression_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Function(function) => Some(function.name.clone()),
        Expr::Name(names) => names.last().cloned(),
        Expr::Collate { expr, .. } => expression_name(expr),
        Expr::Cast { expr, to } => expression_name(expr).or_else(|| Some(to.clone())),
        Expr::Case { .. } => Some("case".to_owned()),
        Expr::Array(_) => Some("array".to_owned()),
        Expr::Row(_) => Some("row".to_owned()),
        _ => None,
    }
}

/// PRIMARY, or the first column with a number behind it where that is taken.
fn mysql_name(draft: &Draft, spec: &IndexSpec, purpose: Purpose) -> String {
    if purpose == Purpose::PrimaryKey {
        return "PRIMARY".to_owned();
    }
    let first = spec.keys.first().and_then(|key| plain_column(&key.part));
    let base = first.unwrap_or("functional_index").to_owned();
    let is_taken =
        |name: &str| draft.indexes.iter().any(|index| index.name.eq_ignore_ascii_case(name));
    let mut name = base.clone();
    let mut n = 1;
    while is_taken(&name) || name.eq_ignore_ascii_case("primary") {
        n += 1;
        name = format!("{base}_{n}");
    }
    name
}
