//! The type of an expression's value, as PostgreSQL names it, and the bytes that the planner assumes for
//! a type without statistics (`get_typavgwidth` in `lsyscache.c`, `type_maximum_size` in
//! `format_type.c`). A database in UTF-8 is assumed: four bytes a character at most.

use crate::plan::relation::BaseKind;
use crate::plan::root::Root;
use crate::sql::expr::{Expr, Function, Literal};
use crate::sql::query::{Query, Target};

/// The type of an expression's value: `integer`, `numeric(15,2)`; empty where it is not known.
pub fn type_of(root: &Root<'_>, expr: &Expr) -> String {
    match expr {
        Expr::Column(column) if column.level == 0 => {
            column_type(root, usize::from(column.relation), usize::from(column.column))
        }
        Expr::Literal(literal) => literal_type(literal).to_owned(),
        Expr::Cast { to, .. } => to.clone(),
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
        | Expr::Like { .. } => "boolean".to_owned(),
        Expr::Operator { op, left, right } => {
            let left = left.as_ref().map_or(String::new(), |left| type_of(root, left));
            operator_type(op, &left, &type_of(root, right))
        }
        Expr::Function(call) => function_type(root, call),
        Expr::Case { branches, otherwise, .. } => {
            let results = branches.iter().map(|(_, result)| result).chain(otherwise.as_deref());
            common_type(root, results)
        }
        Expr::Collate { expr, .. } => type_of(root, expr),
        Expr::Row(_) => "record".to_owned(),
        Expr::Array(items) => match items.first() {
            Some(item) => format!("{}[]", type_of(root, item)),
            None => String::new(),
        },
        _ => String::new(),
    }
}

/// Type of a column of a relation of the query.
fn column_type(root: &Root<'_>, relation: usize, column: usize) -> String {
    match root.base(relation).map(|base| &base.kind) {
        Some(BaseKind::Table(table, _)) => {
            table.columns.get(column).map_or(String::new(), |column| column.data_type.clone())
        }
        Some(BaseKind::Subquery(inner)) => output_type(inner, &inner.query, column),
        _ => String::new(),
    }
}

/// Type of a query's output column.
fn output_type(root: &Root<'_>, query: &Query, column: usize) -> String {
    match query.targets.get(column) {
        Some(Target::Expr(expr, _)) => type_of(root, expr),
        _ => root.arms.first().map_or(String::new(), |arm| output_type(arm, &arm.query, column)),
    }
}

fn literal_type(literal: &Literal) -> &'static str {
    match literal {
        Literal::Null | Literal::Text(_) => "text",
        Literal::Bool(_) => "boolean",
        Literal::Number(digits) if digits.parse::<i32>().is_ok() => "integer",
        Literal::Number(digits) if digits.parse::<i64>().is_ok() => "bigint",
        Literal::Number(_) => "numeric",
    }
}

/// The first type that is no mere literal's; of numbers the widest.
fn common_type<'e>(root: &Root<'_>, exprs: impl Iterator<Item = &'e Expr>) -> String {
    let mut common = String::new();
    for expr in exprs {
        if matches!(expr, Expr::Literal(Literal::Null)) {
            continue;
        }
        let found = type_of(root, expr);
        let is_untyped = matches!(expr, Expr::Literal(Literal::Text(_)));
        if common.is_empty() || (rank(&found) > rank(&common) && rank(&common) > 0) {
            common = found;
        } else if common != found && !is_untyped && rank(&found) > 0 {
            // Different lengths or scales of one type: none in common.
            common = base_name(&common).to_owned();
        }
    }
    common
}

/// Place of a number type in the order of implicit casts; 0 for all others.
fn rank(data_type: &str) -> u8 {
    match base_name(data_type) {
        "smallint" => 1,
        "integer" => 2,
        "bigint" => 3,
        "numeric" => 4,
        "real" => 5,
        "double" => 6,
        _ => 0,
    }
}

fn operator_type(op: &str, left: &str, right: &str) -> String {
    let wider = if rank(left) >= rank(right) { left } else { right };
    let (left_base, right_base) = (base_name(left), base_name(right));
    let name = match op {
        "+" | "-" | "*" | "/" | "%" | "^" if rank(wider) > 0 && left_base != "date" => {
            return if rank(left) > 0 || left.is_empty() {
                base_name(wider).to_owned()
            } else {
                // A time and a number, as in `interval * 2`.
                left.to_owned()
            };
        }
        "-" if left_base == "date" && right_base == "date" => "integer",
        "-" if is_timestamp(left_base) && is_timestamp(right_base) => "interval",
        "+" | "-" if left_base == "date" && rank(right) > 0 => "date",
        "+" | "-" if left_base == "date" => "timestamp",
        "+" | "-" => return left.to_owned(),
        "||" if left_base == "jsonb" => "jsonb",
        "||" | "->>" | "#>>" => "text",
        "->" | "#>" | "#-" => return left.to_owned(),
        "@>" | "<@" | "&&" | "?" | "?|" | "?&" | "@@" => "boolean",
        "<->" => "double precision",
        _ => return left.to_owned(),
    };
    name.to_owned()
}

fn is_timestamp(base: &str) -> bool {
    matches!(base, "timestamp" | "timestamptz")
}

fn function_type(root: &Root<'_>, call: &Function) -> String {
    let first = call.args.first();
    let argument = || first.map_or(String::new(), |first| type_of(root, first));
    let name = match call.name.as_str() {
        "count" | "row_number" | "rank" | "dense_rank" | "regr_count" | "octet_length8" => "bigint",
        "sum" => match base_name(&argument()) {
            "smallint" | "integer" => "bigint",
            "bigint" => "numeric",
            other => return other.to_owned(),
        },
        "avg" | "stddev" | "stddev_pop" | "stddev_samp" | "variance" | "var_pop" | "var_samp" => {
            match base_name(&argument()) {
                "real" | "double" => "double precision",
                "interval" => "interval",
                _ => "numeric",
            }
        }
        // An aggregate's value has no length of its own.
        "min" | "max" => match base_name(&argument()) {
            "varchar" => "text",
            other => return other.to_owned(),
        },
        "lag" | "lead" | "first_value" | "last_value" | "nth_value" | "abs" | "date_bin" => {
            return base_name(&argument()).to_owned();
        }
        "coalesce" | "greatest" | "least" => return common_type(root, call.args.iter()),
        "nullif" => return argument(),
        "unnest" => return argument().trim_end_matches("[]").to_owned(),
        "generate_series" => return argument(),
        "percent_rank" | "cume_dist" | "date_part" | "random" | "corr" | "percentile_cont"
        | "similarity" | "word_similarity" | "ts_rank" => "double precision",
        "round" | "ceil" | "ceiling" | "floor" | "trunc" | "sqrt" | "power" | "exp" | "ln" => {
            match base_name(&argument()) {
                "numeric" if call.name != "sqrt" => "numeric",
                _ if call.args.len() == 2 && call.name != "power" => "numeric",
                _ => "double precision",
            }
        }
        "extract" => "numeric",
        "length" | "char_length" | "octet_length" | "position" | "strpos" | "ntile"
        | "array_length" | "cardinality" | "jsonb_array_length" | "json_array_length" => "integer",
        "lower" | "upper" | "concat" | "substring" | "substr" | "trim" | "ltrim" | "rtrim"
        | "btrim" | "to_char" | "string_agg" | "replace" | "left" | "right" | "md5" | "format"
        | "split_part" | "concat_ws" => "text",
        "now" | "clock_timestamp" | "to_timestamp" | "current_timestamp" => "timestamptz",
        "date_trunc" => return call.args.get(1).map_or(String::new(), |arg| type_of(root, arg)),
        "date" | "current_date" | "to_date" => "date",
        "bool_and" | "bool_or" | "every" | "starts_with" => "boolean",
        "to_json" | "json_agg" | "json_build_object" | "row_to_json" => "json",
        "to_jsonb" | "jsonb_agg" | "jsonb_build_object" => "jsonb",
        "to_tsvector" => "tsvector",
        "gen_random_uuid" | "uuid_generate_v4" => "uuid",
        _ => "",
    };
    name.to_owned()
}

/// The name without length and scale, one for each type.
pub fn base_name(data_type: &str) -> &str {
    if data_type.ends_with("[]") {
        return "array";
    }
    let end = data_type.find('(').unwrap_or(data_type.len());
    let name = data_type.get(..end).unwrap_or(data_type).trim();
    let is_zoned = data_type.contains("with time zone");
    match name {
        "bool" => "boolean",
        "int2" | "smallserial" | "serial2" | "tinyint" => "smallint",
        "int" | "int4" | "serial" | "serial4" | "mediumint" => "integer",
        "int8" | "bigserial" | "serial8" => "bigint",
        "decimal" | "dec" => "numeric",
        "float4" => "real",
        "float8" | "float" | "double precision" => "double",
        "character varying" => "varchar",
        "character" | "char" => "bpchar",
        _ if name.starts_with("timestamptz") || (name.starts_with("timestamp") && is_zoned) => {
            "timestamptz"
        }
        _ if name.starts_with("timestamp") || name == "datetime" => "timestamp",
        _ if name.starts_with("timetz") || (name.starts_with("time ") && is_zoned) => "timetz",
        _ if name.starts_with("time") => "time",
        _ if name.starts_with("interval") => "interval",
        _ => name,
    }
}

/// Bytes of a type whose values all take the same.
pub fn fixed_bytes(data_type: &str) -> Option<f64> {
    Some(match base_name(data_type) {
        "boolean" | "\"char\"" => 1.0,
        "smallint" => 2.0,
        "integer" | "real" | "date" | "oid" | "xid" | "cid" => 4.0,
        "tid" | "macaddr" => 6.0,
        "bigint" | "double" | "money" | "timestamp" | "timestamptz" | "time" | "macaddr8" => 8.0,
        "timetz" => 12.0,
        "interval" | "uuid" | "point" => 16.0,
        "name" => 64.0,
        _ => return None,
    })
}

/// Is a value of the type passed in a register (`typbyval`)?
pub fn is_by_value(data_type: &str) -> bool {
    fixed_bytes(data_type).is_some_and(|bytes| bytes <= 8.0 && bytes != 6.0)
        && base_name(data_type) != "macaddr8"
}

/// `get_typavgwidth`
pub fn average_width(data_type: &str) -> f64 {
    if let Some(bytes) = fixed_bytes(data_type) {
        return bytes;
    }
    let base = base_name(data_type);
    let Some((length, _)) = modifiers(data_type) else {
        // `char` alone is one character.
        return if base == "bpchar" && data_type != "bpchar" { 8.0 } else { 32.0 };
    };
    let most = match base {
        "bpchar" => return 4.0 * length + 4.0,
        "varchar" => 4.0 * length + 4.0,
        "numeric" => 8.0 + 2.0 * libm::trunc((length + 6.0) / 4.0),
        "bit" | "varbit" | "bit varying" => libm::ceil(length / 8.0) + 8.0,
        _ => return 32.0,
    };
    if most <= 32.0 {
        most
    } else if most < 1000.0 {
        32.0 + libm::trunc((most - 32.0) / 2.0)
    } else {
        32.0 + 484.0
    }
}

/// `(15,2)` behind a type's name.
fn modifiers(data_type: &str) -> Option<(f64, f64)> {
    if data_type.ends_with("[]") {
        return None;
    }
    let (_, rest) = data_type.split_once('(')?;
    let (inside, _) = rest.split_once(')')?;
    let mut numbers = inside.split(',').map(|part| part.trim().parse::<f64>().ok());
    let first = numbers.next()??;
    Some((first, numbers.next().flatten().unwrap_or(0.0)))
}

/// Has the type a hash function for equality? All others are grouped by sorting.
pub fn is_hashable(data_type: &str) -> bool {
    !matches!(base_name(data_type), "money" | "bit" | "varbit" | "bit varying" | "tsvector")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_as_the_server_assumes_them() {
        assert_eq!(average_width("numeric(15,2)"), 18.0);
        assert_eq!(average_width("numeric"), 32.0);
        assert_eq!(average_width("character varying(64)"), 146.0);
        assert_eq!(average_width("varchar(7)"), 32.0);
        assert_eq!(average_width("character(10)"), 44.0);
        assert_eq!(average_width("varchar(2000)"), 516.0);
        assert_eq!(average_width("timestamp with time zone"), 8.0);
        assert_eq!(average_width("integer[]"), 32.0);
    }
}
