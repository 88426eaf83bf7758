//! What no index may hold because its value changes while the row stays the same: servers refuse it
//! in index expressions and in the predicates of partial indexes. Only what is certain is named;
//! unknown functions pass.

use super::expr::{ColumnRef, Expr, Literal};
use crate::dialect::Dialect;

/// Why an expression may stand in no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MutableKind {
    /// The time of day moves on.
    Clock,
    /// Another value at every call.
    Random,
    /// Depends on the session or its settings, the time zone for one.
    Session,
    /// Reads other rows.
    Subquery,
}

/// The part that makes it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutable {
    /// Why.
    pub kind: MutableKind,
    /// The function or cast, as a person would name it.
    pub what: String,
}

const CLOCK: [&str; 18] = [
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "localtimestamp",
    "transaction_timestamp",
    "statement_timestamp",
    "clock_timestamp",
    "timeofday",
    "curdate",
    "curtime",
    "sysdate",
    "utc_timestamp",
    "utc_date",
    "utc_time",
    "unix_timestamp",
    "getdate",
];

/// SQLite's date functions read the clock when nothing or 'now' is given them.
const SQLITE_DATES: [&str; 6] = ["date", "time", "datetime", "julianday", "unixepoch", "strftime"];

const RANDOM: [&str; 9] = [
    "random",
    "rand",
    "gen_random_uuid",
    "uuid_generate_v4",
    "uuid_generate_v1",
    "uuid",
    "newid",
    "randomblob",
    "nextval",
];

const SESSION: [&str; 12] = [
    "current_user",
    "session_user",
    "user",
    "current_role",
    "current_setting",
    "current_schema",
    "current_database",
    "pg_backend_pid",
    "txid_current",
    "connection_id",
    "last_insert_id",
    "currval",
];

/// The first part of the expression that no index may hold. `type_of` gives a column's type.
pub fn mutable_part<'a>(
    expr: &Expr,
    dialect: Dialect,
    type_of: &dyn Fn(ColumnRef) -> Option<&'a str>,
) -> Option<Mutable> {
    let mut found = None;
    expr.walk(&mut |part| {
        if found.is_none() {
            found = mutable_here(part, dialect, type_of);
        }
    });
    found
}

fn mutable_here<'a>(
    part: &Expr,
    dialect: Dialect,
    type_of: &dyn Fn(ColumnRef) -> Option<&'a str>,
) -> Option<Mutable> {
    let named = |kind, name: &str| Some(Mutable { kind, what: name.to_owned() });
    match part {
        Expr::Function(call) => {
            if SQLITE_DATES.contains(&call.name.as_str()) && dialect == Dialect::Sqlite {
                let is_now = call.args.is_empty() || call.args.iter().any(is_now_text);
                return is_now.then(|| Mutable {
                    kind: MutableKind::Clock,
                    what: format!("{}('now')", call.name),
                });
            }
            named(by_name(&call.name)?, &format!("{}()", call.name))
        }
        // A keyword without parentheses that no column goes by.
        Expr::Name(parts) => match parts.as_slice() {
            [name] => by_name(name).and_then(|kind| named(kind, name)),
            _ => None,
        },
        Expr::Cast { expr, to } if dialect == Dialect::Postgres => match expr.as_ref() {
            Expr::Column(column) if depends_on_zone(type_of(*column)?, to) => {
                named(MutableKind::Session, &format!("the cast to {to}, which depends on TimeZone"))
            }
            _ => None,
        },
        Expr::Exists { .. } | Expr::Subquery(_) | Expr::AnyAllSubquery { .. } => {
            named(MutableKind::Subquery, "a subquery")
        }
        _ => None,
    }
}

fn is_now_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(Literal::Text(text)) if text.eq_ignore_ascii_case("now"))
}

/// Is it a function whose result changes without its arguments?
pub fn is_mutable(name: &str) -> bool {
    by_name(name).is_some()
}

fn by_name(name: &str) -> Option<MutableKind> {
    let name = name.to_ascii_lowercase();
    let is_in = |list: &[&str]| list.contains(&name.as_str());
    match () {
        () if is_in(&CLOCK) => Some(MutableKind::Clock),
        () if is_in(&RANDOM) => Some(MutableKind::Random),
        () if is_in(&SESSION) => Some(MutableKind::Session),
        () => None,
    }
}

/// Does a cast between these types of PostgreSQL go by the session's time zone?
fn depends_on_zone(from: &str, to: &str) -> bool {
    let is_zoned = |name: &str| name.starts_with("timestamptz") || name.contains("with time zone");
    let is_local = |name: &str| {
        name == "date" || name.starts_with("timestamp") && !is_zoned(name) || name == "time"
    };
    is_zoned(from) && is_local(to) || is_local(from) && is_zoned(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse_expr;

    #[test]
    fn what_the_servers_refuse() {
        let kind = |sql: &str, dialect| {
            let expr = parse_expr(sql, dialect).unwrap();
            mutable_part(&expr, dialect, &|_| Some("timestamptz")).map(|part| part.kind)
        };
        let postgres = |sql| kind(sql, Dialect::Postgres);
        assert_eq!(postgres("until > now()"), Some(MutableKind::Clock));
        assert_eq!(
            postgres("until > current_timestamp - interval '1 day'"),
            Some(MutableKind::Clock)
        );
        assert_eq!(postgres("day >= CURRENT_DATE"), Some(MutableKind::Clock));
        assert_eq!(postgres("id in (select 1)"), Some(MutableKind::Subquery));
        assert_eq!(postgres("until > '2024-01-01'::timestamptz and active"), None);
        assert_eq!(kind("until > datetime('now')", Dialect::Sqlite), Some(MutableKind::Clock));
    }
}
