//! Types and widths of expressions.

use super::scope::Scope;
use super::types::default_width;
use crate::sql::expr::Expr;

/// The canonical name of an expression's type; empty where it is not known.
pub fn expr_type(scope: &Scope<'_>, expr: &Expr) -> String {
    match expr {
        Expr::Column(column) => {
            let table = scope.relations.get(usize::from(column.relation)).and_then(|r| r.table);
            let column = table.and_then(|table| table.columns.get(usize::from(column.column)));
            column.map_or(String::new(), |column| column.data_type.clone())
        }
        Expr::Cast { to, .. } => to.clone(),
        _ => String::new(),
    }
}

/// Average bytes of an expression's value.
pub fn expr_width(scope: &Scope<'_>, expr: &Expr) -> f64 {
    match scope.info(expr) {
        Some(info) => info.width,
        None => default_width(&expr_type(scope, expr)),
    }
}

/// Can values of the type be hashed?
pub fn is_hashable(data_type: &str) -> bool {
    !matches!(data_type, "tsvector" | "tsquery" | "money" | "bit" | "varbit" | "json" | "xml")
}
