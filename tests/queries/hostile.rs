//! Text made to exhaust the stack, the memory or the patience of who reads it.

use std::time::{Duration, Instant};

use sargable::dialect::Dialect;
use sargable::sql::parse::{parse_expr, parse_query};

/// The stack that a browser gives a program, and less than a test has.
const STACK_BYTES: usize = 1 << 20;

/// Longest time for 200 KB, eight times, in a debug build on a busy machine.
const TIME_MAX: Duration = Duration::from_secs(20);

/// What is repeated: in front of something, and behind it.
const PATTERNS: [(&str, &str, &str); 42] = [
    ("(", "1", ")"),
    ("((SELECT 1) + ", "1", ")"),
    ("(SELECT ", "1", ")"),
    ("(SELECT * FROM ", "t", ")"),
    ("(SELECT 1 UNION ", "SELECT 1", ")"),
    ("NOT ", "a", ""),
    ("- ", "1", ""),
    ("~", "1", ""),
    ("@ ", "1", ""),
    ("", "1", " + 1"),
    ("", "1", " ^ 1"),
    ("1 = ", "1", ""),
    ("", "a", " AND a"),
    ("", "a", " OR b AND c"),
    ("", "a", "::int"),
    ("", "a", "[1]"),
    ("a[", "1", "]"),
    ("", "(a)", ".b"),
    ("", "a", " IS NULL"),
    ("", "a", " COLLATE x"),
    ("", "a", " AT TIME ZONE 'x'"),
    ("", "a", " BETWEEN 1 AND 2"),
    ("(", "a", " BETWEEN 1 AND 2)"),
    ("(", "a", " BETWEEN SYMMETRIC 1 AND 2)"),
    ("a BETWEEN 1 AND ", "2", ""),
    ("", "a", " IN (1)"),
    ("", "a", " LIKE b ESCAPE c"),
    ("CASE WHEN ", "a", " THEN 1 END"),
    ("CASE ", "a", " WHEN 1 THEN 2 END"),
    ("CASE WHEN 1 THEN 2 ELSE ", "a", " END"),
    ("f(", "a", ")"),
    ("date(", "a", ")"),
    ("CAST(", "a", " AS int)"),
    ("ARRAY[", "1", "]"),
    ("ARRAY[[", "1", "]]"),
    ("EXISTS (SELECT ", "1", ")"),
    ("INTERVAL ", "1", " DAY"),
    ("sum(a) OVER (ORDER BY ", "a", ")"),
    ("a = ANY (", "b", ")"),
    ("(a, ", "b", ")"),
    ("a, ", "b", ""),
    ("x(x => ", "b", ")"),
];

/// The same for whole statements.
const STATEMENTS: [(&str, &str, &str); 22] = [
    ("(", "SELECT 1", ")"),
    ("", "SELECT 1", " UNION SELECT 1"),
    ("", "SELECT 1", " UNION ALL (SELECT 1)"),
    ("", "SELECT 1", " INTERSECT SELECT 1"),
    ("", "SELECT * FROM a", " JOIN b ON c"),
    ("", "SELECT * FROM a", " JOIN b"),
    ("", "SELECT * FROM a", ", b"),
    ("", "SELECT * FROM a", " CROSS JOIN b"),
    ("SELECT * FROM (", "a", ")"),
    ("SELECT * FROM a WHERE b IN (", "SELECT 1", ")"),
    ("WITH a AS (", "SELECT 1", ") SELECT 1"),
    ("WITH a AS (SELECT 1) ", "SELECT 1", ""),
    ("SELECT * FROM (a JOIN ", "b", " ON c)"),
    ("", "SELECT a FROM b GROUP BY a", ", c"),
    ("", "SELECT a FROM b GROUP BY ROLLUP (a)", ", CUBE (c, d)"),
    ("", "SELECT a FROM b GROUP BY CUBE (a, b, c, d, e, f, g, h, i, j, k, l)", ", m"),
    ("SELECT a FROM b GROUP BY GROUPING SETS (", "a", ")"),
    ("", "INSERT INTO t VALUES (1)", ", (1)"),
    ("EXPLAIN ", "SELECT 1", ""),
    ("EXPLAIN (", "SELECT 1", ")"),
    ("PREPARE a AS ", "SELECT 1", ""),
    ("", "UPDATE t SET a = 1", ", (b, c) = (SELECT 1)"),
];

fn repeated(pattern: (&str, &str, &str), n: usize) -> String {
    let (before, middle, after) = pattern;
    format!("{}{middle}{}", before.repeat(n), after.repeat(n))
}

/// Runs in a thread with a small stack; fails if that takes long.
fn soon(what: String, run: impl FnOnce() + Send + 'static) {
    let begun = Instant::now();
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap();
    assert!(thread.join().is_ok(), "{what}");

    assert!(begun.elapsed() < TIME_MAX, "{what}: {:?}", begun.elapsed());
}

#[test]
fn repeated_without_end() {
    let exprs = PATTERNS.map(|pattern| (pattern, true));
    let statements = STATEMENTS.map(|pattern| (pattern, false));
    for (pattern, is_expr) in exprs.into_iter().chain(statements) {
        for n in [24, 49, 1000, 8000] {
            let sql = repeated(pattern, n);
            let sql = sql.get(..sql.len().min(200_000)).unwrap_or("").to_owned();
            soon(format!("{n} times {pattern:?}"), move || {
                for dialect in Dialect::ALL {
                    if is_expr {
                        drop(parse_expr(&sql, dialect));
                        drop(parse_query(&format!("SELECT {sql}"), dialect));
                    } else {
                        drop(parse_query(&sql, dialect));
                    }
                }
            });
        }
    }
}

#[test]
fn copies_are_counted() {
    // One value for many columns.
    let columns = vec!["a"; 20_000].join(", ");
    let values = vec!["1"; 20_000].join(", ");
    let sql = format!("UPDATE t SET ({columns}) = f({values})");
    let error = parse_query(&sql, Dialect::Postgres).map(drop).unwrap_err();
    assert_eq!(error.message, "it repeats more than 65536 expressions");
}
