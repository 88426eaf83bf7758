//! Operators of inverted and search-tree indexes: what an operator class can search with.

use super::implication::strip;
use crate::sql::expr::{Expr, Literal};
use crate::sql::schema::is_text_type;

/// A trigram index needs three characters in a row.
pub fn has_trigram(pattern: &Expr) -> bool {
    match strip(pattern) {
        Expr::Literal(Literal::Text(pattern)) => pattern
            .split(['%', '_', '*', '.', '?', '[', ']', '(', ')', '^', '$'])
            .any(|run| run.chars().count() >= 3),
        _ => true,
    }
}

/// Operators that an operator class for this type can search with.
pub fn operators_of(opclass: &str, data_type: &str) -> &'static [&'static str] {
    match opclass {
        "jsonb_path_ops" => &["@>", "@?", "@@"],
        _ if opclass.contains("trgm") => &["%", "<%", "%>", "<<%", "%>>", "<->"],
        "" | "jsonb_ops" if data_type == "jsonb" => &["@>", "?", "?|", "?&", "@?", "@@"],
        "jsonb_ops" => &["@>", "?", "?|", "?&", "@?", "@@"],
        _ if data_type.ends_with("[]") => &["&&", "@>", "<@"],
        _ if data_type == "hstore" => &["@>", "?", "?|", "?&"],
        _ if is_scalar(data_type) && !data_type.is_empty() => &[],
        _ => &["@@", "&&", "@>", "<@", "<<", ">>", "&<", "&>", "-|-", "~=", "~", "@"],
    }
}

/// Types that `btree_gin` and `btree_gist` index.
pub fn is_scalar(data_type: &str) -> bool {
    is_text_type(data_type)
        || [
            "int",
            "bigint",
            "smallint",
            "serial",
            "bigserial",
            "numeric",
            "decimal",
            "real",
            "double",
            "float",
            "date",
            "time",
            "uuid",
            "bool",
            "bytea",
            "money",
            "oid",
            "bit",
        ]
        .iter()
        .any(|known| data_type.starts_with(known))
            && !data_type.ends_with("[]")
            && !data_type.ends_with("range")
}
