//! Types and widths of expressions, as PostgreSQL's parser resolves them.

use super::function_type::function_type;
use super::scope::{Scope, ScopeRelation};
use super::types::{TypeFamily, canonical, default_width, family_of};
use crate::catalog::Catalog;
use crate::sql::expr::{ColumnRef, Expr, Literal};
use crate::sql::query::{Query, RelationSource, Target};

/// The canonical name of an expression's type; `unknown` for untyped literals and parameters, empty
/// where it is not known.
pub fn expr_type(scope: &Scope<'_>, expr: &Expr) -> String {
    match expr {
        Expr::Column(column) => canonical(&column_type(scope, *column)).into_owned(),
        Expr::Literal(literal) => literal_type(literal).to_owned(),
        Expr::Param(_) | Expr::Name(_) => "unknown".to_owned(),
        Expr::Cast { to, .. } => canonical(to).into_owned(),
        Expr::Collate { expr, .. } => expr_type(scope, expr),
        Expr::Operator { op, left, right } => operator_type(scope, op, left.as_deref(), right),
        Expr::Function(call) => function_type(scope, call),
        Expr::Case { branches, otherwise, .. } => {
            let results = branches.iter().map(|(_, result)| result).chain(otherwise.as_deref());
            common_type(results.map(|result| expr_type(scope, result)))
        }
        Expr::Array(items) => {
            format!("{}[]", common_type(items.iter().map(|item| expr_type(scope, item))))
        }
        Expr::Row(_) => "record".to_owned(),
        Expr::Subquery(query) => {
            let catalog = scope.catalog;
            catalog
                .map(|c| query_types(c, query))
                .unwrap_or_default()
                .into_iter()
                .next()
                .unwrap_or_default()
        }
        Expr::SubPlan(plan) => plan.data_type.clone(),
        Expr::Other { text, .. } => keyword_type(text).to_owned(),
        Expr::Compare(..)
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Not(_)
        | Expr::IsNull { .. }
        | Expr::IsTruth { .. }
        | Expr::InList { .. }
        | Expr::AnyAll { .. }
        | Expr::AnyAllSubquery { .. }
        | Expr::Exists { .. }
        | Expr::Like { .. } => "bool".to_owned(),
    }
}

/// The type with its modifiers, where the expression has any: `varchar(64)`.
pub fn declared_type(scope: &Scope<'_>, expr: &Expr) -> String {
    match expr {
        Expr::Column(column) => column_type(scope, *column),
        Expr::Cast { to, .. } => to.clone(),
        Expr::Collate { expr, .. } => declared_type(scope, expr),
        Expr::Case { branches, otherwise, .. } => {
            let results = branches.iter().map(|(_, result)| result).chain(otherwise.as_deref());
            shared_type(scope, results).unwrap_or_else(|| expr_type(scope, expr))
        }
        Expr::Function(call) if matches!(call.name.as_str(), "coalesce" | "greatest" | "least") => {
            shared_type(scope, call.args.iter()).unwrap_or_else(|| expr_type(scope, expr))
        }
        other => expr_type(scope, other),
    }
}

/// A modifier stays where all alternatives have the same.
fn shared_type<'e>(scope: &Scope<'_>, exprs: impl Iterator<Item = &'e Expr>) -> Option<String> {
    let mut types: Vec<String> = exprs.map(|expr| declared_type(scope, expr)).collect();
    types.dedup();
    if types.len() == 1 { types.pop() } else { None }
}

fn column_type(scope: &Scope<'_>, column: ColumnRef) -> String {
    if column.column == ColumnRef::WHOLE_ROW {
        return "record".to_owned();
    }
    if column.column == ColumnRef::CTID {
        return "tid".to_owned();
    }
    if column.level > 0 {
        return String::new();
    }
    let Some(relation) = scope.relations.get(usize::from(column.relation)) else {
        return String::new();
    };
    let at = usize::from(column.column);
    if let Some(table) = relation.table {
        return table.columns.get(at).map_or(String::new(), |column| column.data_type.clone());
    }
    let info = relation.columns.get(at).and_then(Option::as_ref);
    let known = relation.types.get(at).filter(|name| !name.is_empty());
    known.cloned().or(info.map(|info| info.data_type.to_owned())).unwrap_or_default()
}

fn literal_type(literal: &Literal) -> &'static str {
    match literal {
        Literal::Null | Literal::Text(_) => "unknown",
        Literal::Bool(_) => "bool",
        Literal::Number(digits) => number_type(digits),
    }
}

/// The smallest of the types that a number without a point may have.
pub fn number_type(digits: &str) -> &'static str {
    match digits.parse::<i64>() {
        Ok(n) if i32::try_from(n).is_ok() => "int4",
        Ok(_) => "int8",
        Err(_) => "numeric",
    }
}

fn keyword_type(text: &str) -> &'static str {
    match text {
        "current_date" => "date",
        "current_timestamp" => "timestamptz",
        "localtimestamp" => "timestamp",
        "current_time" => "timetz",
        "localtime" => "time",
        "current_user" | "session_user" | "user" => "name",
        _ => "",
    }
}

fn operator_type(scope: &Scope<'_>, op: &str, left: Option<&Expr>, right: &Expr) -> String {
    let right = expr_type(scope, right);
    let left = left.map(|left| expr_type(scope, left));
    let name = match (op, left.as_deref(), right.as_str()) {
        ("->>" | "#>>", ..) => "text",
        ("->" | "#>" | "#-", Some(left), _) => left,
        ("||", Some(left), right) if left.ends_with("[]") || left == "jsonb" => match left {
            "" => right,
            left => left,
        },
        ("||", ..) => "text",
        ("+" | "-" | "*" | "/" | "%" | "^", left, right) => {
            return arithmetic_type(op, left, right);
        }
        ("&" | "|" | "#" | "<<" | ">>", Some(left), _) if family_of(left) == TypeFamily::Number => {
            left
        }
        ("~" | "@" | "!", None, right) => right,
        ("<->" | "<#>" | "<=>", ..) => "float8",
        _ => "bool",
    };
    name.to_owned()
}

/// The type of a sum, difference, product or quotient.
pub fn arithmetic_type(op: &str, left: Option<&str>, right: &str) -> String {
    let Some(left) = left else { return right.to_owned() };
    let name = match (left, right) {
        // `date - date` is a number of days, `date + integer` a date.
        ("date", "date") => "int4",
        ("date", "interval") | ("interval", "date") => "timestamp",
        ("date", "time") => "timestamp",
        ("date", _) => "date",
        (_, "date") if op == "+" => "date",
        ("timestamp" | "timestamptz", "timestamp" | "timestamptz" | "date") => "interval",
        ("timestamp" | "timestamptz" | "time" | "timetz", _) => left,
        ("interval", "timestamp" | "timestamptz" | "time") => right,
        ("interval", _) | (_, "interval") => "interval",
        ("jsonb", _) => "jsonb",
        _ if op == "^" => {
            let has_numeric = left == "numeric" || right == "numeric";
            let has_float = [left, right].iter().any(|name| name.starts_with("float"));
            if has_numeric && !has_float { "numeric" } else { "float8" }
        }
        _ => return common_type([left.to_owned(), right.to_owned()].into_iter()),
    };
    name.to_owned()
}

/// The type that several become in a list, CASE or UNION (`select_common_type`): the widest of
/// numbers and times; text if nothing says more.
pub fn common_type(types: impl Iterator<Item = String>) -> String {
    const LADDERS: [&[&str]; 3] = [
        &["int2", "int4", "int8", "numeric", "float4", "float8"],
        &["date", "timestamp", "timestamptz"],
        &["\"char\"", "name", "bpchar", "varchar", "text"],
    ];
    let mut best: Option<String> = None;
    for name in types.filter(|name| name != "unknown" && !name.is_empty()) {
        let is_wider = best.as_deref().is_none_or(|best| {
            LADDERS.iter().any(|ladder| {
                let place = |name: &str| ladder.iter().position(|step| *step == name);
                matches!((place(best), place(&name)), (Some(a), Some(b)) if b > a)
            })
        });
        if is_wider {
            best = Some(name);
        }
    }
    best.unwrap_or_else(|| "text".to_owned())
}

/// Types of a query's columns, with their modifiers where they are plain columns.
pub fn query_types(catalog: &Catalog, query: &Query) -> Vec<String> {
    query_types_within(catalog, query, &|_, _| Vec::new())
}

/// The same within other queries: `around` tells the types of their CTEs by level (0 is the query right
/// around) and position.
pub fn query_types_within(
    catalog: &Catalog,
    query: &Query,
    around: &dyn Fn(u16, usize) -> Vec<String>,
) -> Vec<String> {
    let mut ctes: Vec<Vec<String>> = Vec::new();
    for cte in &query.ctes {
        let before = |level: u16, at: usize| cte_types(&ctes, around, level, at);
        let types = query_types_within(catalog, &cte.query, &before);
        ctes.push(types);
    }
    let known = |level: u16, at: usize| cte_types(&ctes, around, level, at);
    if let Some(set) = &query.set_operation {
        let left = query_types_within(catalog, &set.left, &known);
        let right = query_types_within(catalog, &set.right, &known);
        let common = |(a, b): (String, String)| {
            if a == b {
                a
            } else {
                common_type([&a, &b].map(|own| canonical(own).into_owned()).into_iter())
            }
        };
        return left.into_iter().zip(right).map(common).collect();
    }
    let relation = |source: &RelationSource| match source {
        RelationSource::Table(table) => {
            ScopeRelation { table: catalog.tables.get(*table), ..ScopeRelation::default() }
        }
        RelationSource::Subquery(query) => {
            ScopeRelation::of_types(query_types_within(catalog, query, &known))
        }
        RelationSource::Cte { level, cte } => ScopeRelation::of_types(known(*level, *cte)),
        RelationSource::Values(rows) => ScopeRelation::of_types(values_types(catalog, rows)),
        RelationSource::Function(call) => {
            let scope = Scope { catalog: Some(catalog), relations: Vec::new() };
            ScopeRelation::of_types(vec![expr_type(&scope, call)])
        }
        RelationSource::Name(_) => ScopeRelation::default(),
    };
    let relations = query.relations.iter().map(|entry| relation(&entry.source)).collect();
    let scope = Scope { catalog: Some(catalog), relations };
    let types = query.targets.iter().map(|target| match target {
        Target::Expr(expr, _) => match declared_type(&scope, expr) {
            name if name == "unknown" => "text".to_owned(),
            name => name,
        },
        Target::Star(_) => String::new(),
    });
    types.collect()
}

/// Types of a CTE's columns: one of this query, or of those around it.
fn cte_types(
    own: &[Vec<String>],
    around: &dyn Fn(u16, usize) -> Vec<String>,
    level: u16,
    at: usize,
) -> Vec<String> {
    match level.checked_sub(1) {
        Some(level) => around(level, at),
        None => own.get(at).cloned().unwrap_or_default(),
    }
}

/// Types of the columns of VALUES: what all rows have in common.
pub fn values_types(catalog: &Catalog, rows: &[Vec<Expr>]) -> Vec<String> {
    let scope = Scope { catalog: Some(catalog), relations: Vec::new() };
    let width = rows.first().map_or(0, Vec::len);
    let values = |at: usize| rows.iter().filter_map(move |row| row.get(at));
    let column = |at: usize| common_type(values(at).map(|value| expr_type(&scope, value)));
    (0..width).map(column).collect()
}

/// Average bytes of an expression's value (`get_expr_width`): a column's from its statistics, else the
/// type's.
pub fn expr_width(scope: &Scope<'_>, expr: &Expr) -> f64 {
    if let Expr::Column(column) = expr {
        if column.column == ColumnRef::WHOLE_ROW {
            return 24.0;
        }
        let relation = scope.relations.get(usize::from(column.relation));
        let at = usize::from(column.column);
        let known =
            relation.filter(|_| column.level == 0).and_then(|relation| match relation.table {
                Some(table) => table.columns.get(at)?.statistics.as_ref()?.avg_width,
                None => relation.widths.get(at).copied(),
            });
        if let Some(width) = known.filter(|width| *width > 0.0) {
            return width;
        }
    }
    type_width(scope, &declared_type(scope, expr))
}

/// Bytes of a value of a type as declared, of which nothing else is known.
pub fn type_width(scope: &Scope<'_>, declared: &str) -> f64 {
    let is_enum =
        scope.catalog.is_some_and(|catalog| catalog.enum_types.iter().any(|name| name == declared));
    if is_enum { 4.0 } else { default_width(declared) }
}

/// Has `=` of the type a hash function?
pub fn is_hashable(data_type: &str) -> bool {
    let name = canonical(data_type);
    let element = name.trim_end_matches("[]");
    !matches!(
        element,
        "tsvector"
            | "tsquery"
            | "money"
            | "bit"
            | "varbit"
            | "json"
            | "xml"
            | "point"
            | "box"
            | "circle"
            | "polygon"
            | "path"
            | "line"
            | "lseg"
    )
}

/// Is `=` of the type that of a B-tree, so that sorted inputs can be merged by it?
pub fn is_mergeable(data_type: &str) -> bool {
    let name = canonical(data_type);
    !matches!(
        name.trim_end_matches("[]"),
        "json" | "xml" | "point" | "box" | "circle" | "polygon" | "path" | "line" | "lseg" | "xid"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::sql::parse::parse_expr;

    #[test]
    fn types_of_expressions() {
        let cases = [
            ("1 + 2", "int4"),
            ("1 + 2.5", "numeric"),
            ("3000000000", "int8"),
            ("date '2024-01-01' + interval '1 day'", "timestamp"),
            ("date '2024-01-01' - date '2023-01-01'", "int4"),
            ("now() - interval '1 day'", "timestamptz"),
            ("count(*)", "int8"),
            ("sum(1)", "int8"),
            ("avg(1.5)", "numeric"),
            ("case when true then 1 else 2.5 end", "numeric"),
            ("coalesce(null, 'a')", "text"),
            ("lower('A') like 'a'", "bool"),
            ("extract(year from date '2024-01-01')", "numeric"),
            ("array[1, 2]", "int4[]"),
        ];
        let scope = Scope::default();
        for (sql, want) in cases {
            let expr = parse_expr(sql, Dialect::Postgres).unwrap();
            assert_eq!(expr_type(&scope, &expr), want, "{sql}");
        }
        assert_eq!((is_hashable("varchar(3)"), is_hashable("money")), (true, false));
    }
}
