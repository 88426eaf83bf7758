//! Numbers and terms as people read them.

use crate::advise::{Confidence, Importance};
use crate::dialect::Dialect;
use crate::estimate::Basis;
use crate::progress::Stage;
pub use crate::report::units::unbroken_numbers;
use crate::report::{Access, units};

/// A number is never cut at the end of a line.
fn unbroken(number: &str) -> String {
    number.replace(' ', "\u{a0}")
}

/// `1 234`, `12.3 M`.
pub fn count(n: f64) -> String {
    unbroken(&units::count(n))
}

/// `1 row`, `1 475 rows`
pub fn rows(n: f64) -> String {
    format!("{} {}", count(n), if n == 1.0 { "row" } else { "rows" })
}

/// A count and its noun: `1 query`, `3 queries`.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", count(n as f64), if n == 1 { one } else { many })
}

/// `1.2 MB`
pub fn bytes(n: f64) -> String {
    unbroken(&units::bytes(n))
}

/// `0.42 ms`, `2.1 min`
pub fn duration(ms: f64) -> String {
    match ms {
        t if t >= 5_997_000.0 => format!("{:.1}\u{a0}h", t / 3600e3),
        t if t >= 99_950.0 => format!("{:.1}\u{a0}min", t / 60e3),
        t => unbroken(&units::millis(t)),
    }
}

/// A cost in planner units, three digits.
pub fn cost(n: f64) -> String {
    match n.abs() {
        a if a < 9.995 => format!("{n:.2}"),
        a if a < 99.95 => format!("{n:.1}"),
        _ => count(n.round()),
    }
}

/// What a change of cost means: `41× cheaper`, `18 % cheaper`, `no change`.
pub fn gain(before: f64, after: f64) -> String {
    if !(before > 0.0 && after > 0.0) {
        return String::new();
    }
    let ratio = before / after;
    match ratio {
        r if r >= 9.95 => format!("{}× cheaper", count(r.round())),
        r if r >= 1.995 => format!("{r:.1}× cheaper"),
        r if r >= 1.005 => format!("{:.0} % cheaper", 100.0 * (1.0 - after / before)),
        r if r > 0.995 => "no change".to_owned(),
        r if r <= 0.1005 => format!("{}× dearer", count((1.0 / r).round())),
        r if r <= 0.5013 => format!("{:.1}× dearer", 1.0 / r),
        _ => format!("{:.0} % dearer", 100.0 * (after / before - 1.0)),
    }
}

/// The word for a basis, as it stands beside a number.
pub fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Measured => "measured",
        Basis::Plan => "from a plan",
        Basis::Statistics => "statistics",
        Basis::Constraint => "constraint",
        Basis::Default => "default",
    }
}

/// What a basis means.
pub fn basis_meaning(basis: Basis) -> &'static str {
    match basis {
        Basis::Measured => "counted or timed by the server, or counted in the paste",
        Basis::Plan => "read from a pasted plan",
        Basis::Statistics => "from pasted statistics, or computed from them",
        Basis::Constraint => "follows from a constraint of the schema",
        Basis::Default => "nothing was given: a stated default, not a fact",
    }
}

/// The name people use.
pub fn dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL",
        Dialect::Mariadb => "MariaDB",
        Dialect::Sqlite => "SQLite",
    }
}

/// How much a finding matters.
pub fn importance(importance: Importance) -> &'static str {
    match importance {
        Importance::High => "high",
        Importance::Medium => "medium",
        Importance::Low => "low",
    }
}

/// How sure a finding is, and why.
pub fn confidence(confidence: Confidence) -> (&'static str, &'static str) {
    match confidence {
        Confidence::High => ("high", "follows from structure or measured facts alone"),
        Confidence::Medium => ("medium", "rests on statistics"),
        Confidence::Low => ("low", "rests on defaults"),
    }
}

/// What is being done, and in which unit it is counted.
pub fn stage(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Read => ("Reading", "bytes"),
        Stage::Bind => ("Binding queries to tables", "statements"),
        Stage::Plan => ("Planning", "queries"),
        Stage::Advise => ("Weighing indexes", "candidates"),
        Stage::Report => ("Writing the review", "findings"),
    }
}

/// How a table is reached, in the words of EXPLAIN.
pub fn path(path: &str) -> &str {
    match path {
        "seq-scan" => "Seq Scan",
        "index-scan" => "Index Scan",
        "index-only-scan" => "Index Only Scan",
        "bitmap-scan" => "Bitmap Scan",
        other => other,
    }
}

/// Each path once and how often: `Seq Scan ×3`.
pub fn paths<'a>(accesses: impl Iterator<Item = &'a Access>) -> Vec<(&'a str, String)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for access in accesses {
        match counts.iter_mut().find(|(path, _)| *path == access.path) {
            Some((_, n)) => *n += 1,
            None => counts.push((&access.path, 1)),
        }
    }
    let words = |(path, n): (&'a str, usize)| match n {
        1 => (path, self::path(path).to_owned()),
        n => (path, format!("{} ×{n}", self::path(path))),
    };
    counts.into_iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([cost(8.446), cost(99.0), cost(1234.4)], ["8.45", "99.0", "1\u{a0}234"]);
        assert_eq!([duration(12_300.0), duration(120_000.0)], ["12.3\u{a0}s", "2.0\u{a0}min"]);
        assert_eq!(
            [gain(410.0, 10.0), gain(100.0, 82.0), gain(1.0, 1.0)],
            ["41× cheaper", "18 % cheaper", "no change"]
        );
        assert_eq!([gain(1.0, 1.5), gain(3.0, 38_810.0)], ["50 % dearer", "12\u{a0}937× dearer"]);
        assert_eq!(gain(0.0, 1.0), "");
    }
}
