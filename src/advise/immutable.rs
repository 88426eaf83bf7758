//! What may stand in an index: expressions whose value depends on the row alone, for ever. A
//! conservative list: what is not known to be immutable is not proposed.

use crate::catalog::Table;
use crate::dialect::Dialect;
use crate::estimate::types::{TypeFamily, family};
use crate::sql::expr::{Expr, Literal};

/// Functions that are immutable for every argument type they are written with.
const PLAIN: [&str; 32] = [
    "lower",
    "upper",
    "length",
    "char_length",
    "octet_length",
    "abs",
    "md5",
    "coalesce",
    "nullif",
    "substr",
    "substring",
    "left",
    "right",
    "trim",
    "btrim",
    "ltrim",
    "rtrim",
    "replace",
    "reverse",
    "round",
    "floor",
    "ceil",
    "ceiling",
    "mod",
    "sign",
    "greatest",
    "least",
    "split_part",
    "strpos",
    "instr",
    "hex",
    "cardinality",
];

/// Immutable only when no argument has a time zone.
const OF_TIMES: [&str; 7] = ["date", "date_trunc", "date_part", "year", "month", "day", "strftime"];

/// May the expression be an index key or a partial predicate?
pub fn is_immutable(expr: &Expr, table: &Table, dialect: Dialect) -> bool {
    let mut immutable = true;
    expr.walk(&mut |part| immutable &= is_immutable_here(part, table, dialect));
    immutable
}

fn is_immutable_here(part: &Expr, table: &Table, dialect: Dialect) -> bool {
    match part {
        Expr::Column(column) => column.level == 0,
        Expr::Literal(literal) => !matches!(literal, Literal::Text(text) if is_clock_word(text)),
        Expr::Compare(..)
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Not(_)
        | Expr::IsNull { .. }
        | Expr::IsTruth { .. }
        | Expr::InList { .. }
        | Expr::Like { .. }
        | Expr::Collate { .. }
        | Expr::Operator { .. } => true,
        Expr::Array(_) => dialect == Dialect::Postgres,
        Expr::Cast { expr, to } => cast_is_immutable(expr, to, table, dialect),
        Expr::Function(call) => {
            let name = call.name.as_str();
            let plain = PLAIN.contains(&name)
                || (name == "to_tsvector" && call.args.len() == 2)
                || (name == "json_extract" || name == "json_unquote")
                    && dialect != Dialect::Postgres;
            let of_times = OF_TIMES.contains(&name)
                && call.args.iter().all(|arg| has_no_time_zone(arg, table, dialect));
            plain || of_times
        }
        _ => false,
    }
}

/// `'now'` and its kin mean another time at every call, also for SQLite's date functions.
fn is_clock_word(text: &str) -> bool {
    ["now", "today", "tomorrow", "yesterday", "localtime", "utc"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// Casts to and from texts depend on settings for dates and times.
fn cast_is_immutable(expr: &Expr, to: &str, table: &Table, dialect: Dialect) -> bool {
    let from_time = match expr {
        Expr::Column(column) => table
            .columns
            .get(usize::from(column.column))
            .is_some_and(|column| family(&column.data_type) == TypeFamily::Time),
        Expr::Literal(_) => return true,
        _ => false,
    };
    match family(to) {
        TypeFamily::Time => from_time && has_no_time_zone(expr, table, dialect),
        _ => !from_time,
    }
}

/// Reads no `timestamp with time zone`; MySQL's `timestamp` is one.
fn has_no_time_zone(expr: &Expr, table: &Table, dialect: Dialect) -> bool {
    expr.columns().iter().all(|column| {
        let data_type = table.columns.get(usize::from(column.column)).map(|c| c.data_type.as_str());
        let data_type = data_type.unwrap_or("timestamptz");
        match dialect {
            Dialect::Postgres => {
                !data_type.starts_with("timestamptz")
                    && !data_type.contains("with time zone")
                    && !data_type.starts_with("timetz")
            }
            Dialect::Mysql | Dialect::Mariadb => !data_type.starts_with("timestamp"),
            Dialect::Sqlite => true,
        }
    })
}
