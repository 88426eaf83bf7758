//! Columns of a set operation: by position, with the type that the arms have in common.

use std::rc::Rc;

use super::Arm;
use crate::estimate::sql_type::declared_type;
use crate::estimate::types::{canonical, default_width};
use crate::plan::add_path::set_cheapest;
use crate::plan::path::{Path, PathKind};
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

/// Types of a planned query's output columns as its reader sees them, with lengths.
pub fn types_outside(inner: &Root<'_>) -> Vec<String> {
    let named = |name: String| if name.is_empty() { "text".to_owned() } else { name };
    types(inner).into_iter().map(named).collect()
}

/// Types of a planned query's output columns; empty for untyped constants.
pub fn types(inner: &Root<'_>) -> Vec<String> {
    if inner.query.set_operation.is_some() {
        return in_common(inner.arms.iter().map(|arm| types(arm)));
    }
    let exprs = inner.query.targets.iter().filter_map(|target| match target {
        SelectItem::Expr(expr, _) => Some(expr),
        SelectItem::Star(_) => None,
    });
    let own_type = |expr: &Expr| match expr {
        Expr::Literal(Literal::Null | Literal::Text(_)) | Expr::Param(_) => String::new(),
        expr => declared_type(&inner.scope, expr),
    };
    exprs.map(own_type).collect()
}

/// The types that all arms have in common (`select_common_type`): of numbers and times the wider, else
/// the first; without length where lengths differ. An untyped constant takes any.
pub fn common_types(arms: &[Arm<'_>]) -> Vec<String> {
    in_common(arms.iter().map(|arm| arm.types.clone()))
}

fn in_common(mut arms: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let mut types = arms.next().unwrap_or_default();
    for arm in arms {
        for (common, other) in types.iter_mut().zip(&arm) {
            if common.is_empty() || rank(other) > rank(common) {
                other.clone_into(common);
            } else if !other.is_empty() && common != other && rank(other) == rank(common) {
                *common = canonical(common).into_owned();
            }
        }
    }
    types
}

/// Place in the order of implicit casts; 0 for types without.
fn rank(data_type: &str) -> u8 {
    match canonical(data_type).as_ref() {
        "int2" => 1,
        "int4" => 2,
        "int8" => 3,
        "numeric" => 4,
        "float4" => 5,
        "float8" => 6,
        "date" => 1,
        "timestamp" => 2,
        "timestamptz" => 3,
        _ => 0,
    }
}

/// Are the arm's columns of these types already, but for lengths?
pub fn fits(arm: &Arm<'_>, types: &[String]) -> bool {
    arm.types.iter().zip(types).all(|(own, common)| is_alike(own, common))
}

fn is_alike(own: &str, common: &str) -> bool {
    own.is_empty() || canonical(own) == canonical(common)
}

/// The arm with its columns cast to these types: a function for each, but for casts between text
/// types that only relabel.
pub fn cast<'a>(root: &Root<'a>, mut arm: Arm<'a>, types: &[String]) -> Arm<'a> {
    if fits(&arm, types) {
        return arm;
    }
    let mut per_row = 0.0;
    for ((own, common), width) in arm.types.iter().zip(types).zip(&mut arm.widths) {
        if is_alike(own, common) {
            continue;
        }
        arm.rel.target.width += default_width(common) - *width;
        *width = default_width(common);
        let relabels = matches!(canonical(own).as_ref(), "text" | "varchar")
            && matches!(canonical(common).as_ref(), "text" | "varchar" | "bpchar");
        if !relabels {
            per_row += root.settings().cpu_operator_cost;
        }
    }
    let target = arm.rel.target;
    let cast = |path: &Rc<Path>| {
        let mut path = (**path).clone();
        path.target = target;
        path.total += per_row * path.rows;
        if let PathKind::Arm { is_shown, .. } = &mut path.kind {
            *is_shown = true;
        }
        Rc::new(path)
    };
    arm.rel.paths = arm.rel.paths.iter().map(cast).collect();
    arm.rel.partial_paths = arm.rel.partial_paths.iter().map(cast).collect();
    set_cheapest(&mut arm.rel);
    arm
}

/// Bytes of columns of these types, of which nothing is known.
pub fn widths(types: &[String]) -> Vec<f64> {
    types.iter().map(|data_type| default_width(data_type)).collect()
}

/// A row of these types.
pub fn target(types: &[String], has_flag: bool) -> Target {
    let width: f64 = widths(types).iter().sum();
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
