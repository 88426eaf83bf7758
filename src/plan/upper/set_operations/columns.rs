//! Columns of a set operation: by position, with the type that the arms have in common.

use super::super::value_type::{average_width, base_name, type_of};
use crate::plan::relation::Target;
use crate::plan::root::Root;
use crate::sql::expr::{ColumnRef, Expr, Literal};
use crate::sql::query::{Query, RelationSource, SortKey, Target as SelectItem};

/// Column `at` of the operation's rows: it belongs to no relation.
pub fn column(at: usize) -> Expr {
    let column = u16::try_from(at).unwrap_or(ColumnRef::WHOLE_ROW);
    Expr::Column(ColumnRef { level: 0, relation: u16::MAX, column })
}

/// All columns as keys in the default order.
pub fn keys(n: usize) -> Vec<SortKey> {
    (0..n).map(|at| super::super::group_clause::plain_key(&column(at))).collect()
}

/// Types of a planned query's output columns.
pub fn types(inner: &Root<'_>) -> Vec<String> {
    if inner.query.set_operation.is_some() {
        return inner.arms.first().map_or(Vec::new(), |arm| types(arm));
    }
    let exprs = inner.query.targets.iter().filter_map(|target| match target {
        SelectItem::Expr(expr, _) => Some(expr),
        SelectItem::Star(_) => None,
    });
    exprs.map(|expr| type_of(inner, expr)).collect()
}

/// The types that two arms have in common: without length where the lengths differ.
pub fn common_types(a: &[String], b: &[String]) -> Vec<String> {
    let common = |(a, b): (&String, &String)| match a == b {
        true => a.clone(),
        false => base_name(a).to_owned(),
    };
    a.iter().zip(b).map(common).collect()
}

/// A row of these types: nothing is known of its columns.
pub fn target(types: &[String], has_flag: bool) -> Target {
    let width: f64 = types.iter().map(|data_type| average_width(data_type)).sum();
    Target { width: width + if has_flag { 4.0 } else { 0.0 }, ..Target::default() }
}

/// An ORDER BY key of the whole, which is a position or a name of the first arm's columns.
pub fn sort_key(root: &Root<'_>, key: &SortKey) -> SortKey {
    let at = match &key.expr {
        Expr::Literal(Literal::Number(digits)) => {
            digits.parse::<usize>().ok().and_then(|n| n.checked_sub(1))
        }
        Expr::Name(parts) => parts.last().and_then(|name| position(root, name)),
        _ => None,
    };
    SortKey { expr: at.map_or_else(|| key.expr.clone(), column), ..key.clone() }
}

/// Position of the column of this name in the first arm.
fn position(root: &Root<'_>, name: &str) -> Option<usize> {
    let mut query = &root.query;
    while let Some(operation) = &query.set_operation {
        query = &operation.left;
    }
    query.targets.iter().position(|target| match target {
        SelectItem::Expr(_, Some(alias)) => alias == name,
        SelectItem::Expr(expr, None) => column_name(root, query, expr) == Some(name),
        SelectItem::Star(_) => false,
    })
}

/// The name that an output column without alias goes by.
fn column_name<'q>(root: &Root<'q>, query: &'q Query, expr: &'q Expr) -> Option<&'q str> {
    match expr {
        Expr::Column(column) if column.level == 0 => {
            let relation = query.relations.get(usize::from(column.relation))?;
            let at = usize::from(column.column);
            if let Some(alias) = relation.column_aliases.get(at) {
                return Some(alias);
            }
            match &relation.source {
                RelationSource::Table(table) => {
                    let table = root.configuration.catalog.tables.get(*table)?;
                    Some(table.columns.get(at)?.name.as_str())
                }
                RelationSource::Subquery(inner) => match inner.targets.get(at)? {
                    SelectItem::Expr(_, Some(alias)) => Some(alias),
                    SelectItem::Expr(expr, None) => column_name(root, inner, expr),
                    SelectItem::Star(_) => None,
                },
                _ => None,
            }
        }
        Expr::Function(call) => Some(&call.name),
        Expr::Cast { expr, .. } => column_name(root, query, expr),
        _ => None,
    }
}
