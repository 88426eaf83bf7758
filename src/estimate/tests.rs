//! Every mechanism on one table of 1000 rows whose statistics are round numbers, so that what
//! PostgreSQL's formulas make of them can be worked out by hand.

use super::groups::num_groups;
use super::hash::bucket_stats;
use super::join::{JoinContext, JoinKind, SpecialFacts};
use super::merge::merge_scan_selectivity;
use super::scope::{Scope, ScopeRelation};
use super::selectivity::clauselist_selectivity;
use crate::catalog::{Catalog, Column, Index, Table};
use crate::dialect::Dialect;
use crate::read::statistics::{ColumnStatistics, ExtendedStatistics};
use crate::sql::conjuncts;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::parse::parse_expr;
use crate::sql::schema::{IndexKey, Name};

fn column(name: &str, data_type: &str, statistics: ColumnStatistics) -> Column {
    Column {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        statistics: Some(statistics),
        ..Column::default()
    }
}

fn texts(values: impl IntoIterator<Item = impl ToString>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}

/// `id` is unique; of `n` a quarter is 7, an eighth 9, an eighth NULL, and the other half are 52 - 2
/// values from 0 to 100; `flag` is true for three quarters; `name` are ten texts; `bare` has no
/// statistics.
fn table() -> Table {
    let id = ColumnStatistics {
        n_distinct: Some(-1.0),
        histogram_bounds: texts((0..=10).map(|n| n * 100)),
        ..ColumnStatistics::default()
    };
    let n = ColumnStatistics {
        null_frac: Some(0.125),
        n_distinct: Some(52.0),
        most_common_vals: texts([7, 9]),
        most_common_freqs: vec![0.25, 0.125],
        histogram_bounds: texts((0..=10).map(|n| n * 10)),
        ..ColumnStatistics::default()
    };
    let flag = ColumnStatistics {
        null_frac: Some(0.0),
        n_distinct: Some(2.0),
        most_common_vals: texts(["t", "f"]),
        most_common_freqs: vec![0.75, 0.25],
        ..ColumnStatistics::default()
    };
    let name = ColumnStatistics {
        n_distinct: Some(-0.5),
        histogram_bounds: texts((b'a'..=b'j').map(|c| format!("{}x", char::from(c)))),
        ..ColumnStatistics::default()
    };
    let mut table = Table {
        name: Name { schema: None, name: "t".to_owned() },
        columns: vec![
            column("id", "bigint", id),
            column("n", "integer", n),
            column("flag", "boolean", flag),
            column("name", "text", name),
            Column {
                name: "bare".to_owned(),
                data_type: "integer".to_owned(),
                ..Column::default()
            },
        ],
        ..Table::default()
    };
    table.statistics.reltuples = Some(1000.0);
    table.statistics.relpages = Some(10.0);
    let keys = vec![IndexKey::of_column(0)];
    table.indexes.push(Index { unique: true, usable: true, keys, ..Index::default() });
    table
}

/// `t.x` is a column of relation 0, `u.x` the same of relation 1.
fn bind(table: &Table, expr: &mut Expr) {
    if let Expr::Name(parts) = expr {
        let at = table.columns.iter().position(|c| Some(&c.name) == parts.last()).unwrap();
        let relation = u16::from(parts.first().is_some_and(|first| first == "u"));
        *expr = Expr::Column(ColumnRef { level: 0, relation, column: u16::try_from(at).unwrap() });
    }
    expr.for_each_child_mut(&mut |child| bind(table, child));
}

fn parsed(table: &Table, sql: &str) -> Expr {
    let mut expr = parse_expr(sql, Dialect::Postgres).unwrap();
    bind(table, &mut expr);
    expr
}

fn selectivity(scope: &Scope<'_>, table: &Table, sql: &str, context: &JoinContext) -> f64 {
    let parts = conjuncts(parsed(table, sql));
    clauselist_selectivity(scope, &parts.iter().collect::<Vec<_>>(), context)
}

fn check(cases: &[(&str, f64)], scope: &Scope<'_>, table: &Table, context: &JoinContext) {
    for (sql, want) in cases {
        let got = selectivity(scope, table, sql, context);
        assert!((got - want).abs() < 1e-9, "{sql}: {got} is not {want}");
    }
}

#[test]
fn restrictions() {
    let table = table();
    let third = 1.0 / 3.0;
    // 52 distinct values less the 2 common ones share what is left of the rows.
    let other = 0.5 / 50.0;
    let cases = [
        ("n = 7", 0.25),
        ("n = 5", other),
        ("n <> 7", 1.0 - 0.25 - 0.125),
        ("n = $1", 0.875 / 52.0),
        ("n <> $1", 1.0 - 0.875 / 52.0 - 0.125),
        ("n = null", 0.0),
        ("n = 1.5", 1.0 / 200.0),
        ("n < 1.5", third),
        ("n is null", 0.125),
        ("n is not null", 0.875),
        ("id = 5", 0.001),
        ("bare = 5", 1.0 / 200.0),
        ("bare is null", 0.005),
        ("bare < 5", third),
        ("bare > 5 and bare < 9", 0.005),
        // Half of the histogram's half of the rows, and both common values.
        ("n <= 50", 0.25 + 0.375),
        ("n < 50", 0.5 * (0.5 - 1.0 / 50.0) + 0.375),
        ("n > 50", 0.25),
        ("n < $1", third),
        ("n > 20 and n <= 50", 0.5 * 0.8 + 0.25 + 0.375 - 1.0 + 0.125),
        ("n < -5", 0.5 * 0.001),
        ("n in (7, 9, 5)", 0.375 + other),
        ("n not in (7, 9)", 1.0 - 0.375 - 0.125 * 2.0),
        ("n = any($1)", 1.0 - libm::pow(1.0 - 0.875 / 52.0, 10.0)),
        ("n = any('{7,9}')", 0.375),
        ("n = 7 or n = 9", 0.25 + 0.125 - 0.25 * 0.125),
        ("flag", 0.75),
        ("not flag", 0.25),
        ("flag = false", 0.25),
        ("flag is not true", 0.25),
        ("lower(name) = 'x'", 1.0 / 200.0),
        ("length(name) > 5", third),
        ("n + 1 = 5", 1.0 / 200.0),
        ("n = id", 0.005),
        ("starts_with(name, $1)", 0.005),
        ("name like $1", 0.005),
        ("unknown(n)", 0.333_333_3),
    ];
    check(&cases, &Scope::of(&table), &table, &JoinContext::default());
}

#[test]
fn patterns_weigh_histogram_and_heuristic() {
    let table = table();
    let scope = Scope::of(&table);
    // Ten bounds: a tenth of what their inner eight say (one matches), nine tenths of the heuristic:
    // `%` keeps all, two characters a fifth each.
    let cases = [
        ("name like '%cx%'", 0.1 / 8.0 + 0.9 * 0.2),
        ("name not like '%cx%'", 1.0 - (0.1 / 8.0 + 0.9 * 0.2)),
        ("name like 'cx'", 1.0 / 500.0),
        ("name ~ 'cx'", 0.1 / 8.0 + 0.9 * 0.2),
    ];
    check(&cases, &scope, &table, &JoinContext::default());
}

#[test]
fn joins() {
    let table = table();
    let relation = ScopeRelation {
        table: Some(&table),
        tuples: 1000.0,
        rows: 1000.0,
        ..ScopeRelation::default()
    };
    let few = ScopeRelation { rows: 10.0, ..relation.clone() };
    let scope = Scope { catalog: None, relations: vec![relation, few] };
    let at = |kind| JoinContext {
        var_relid: None,
        kind,
        special: Some(SpecialFacts {
            syn_left: 1,
            min_left: 1,
            syn_right: 2,
            min_right: 2,
            kind,
            left_rows: 1000.0,
            right_rows: 10.0,
        }),
    };
    // Both common values match each other; what is left matches among 50 values.
    let both = 0.25 * 0.25 + 0.125 * 0.125 + 0.5 * 0.5 / 50.0;
    let inner = [
        ("t.n = u.n", both),
        ("t.n <> u.n", 1.0 - both),
        ("t.id = u.id", 1.0 / 1000.0),
        ("t.id = u.n", 0.875 / 1000.0),
        ("t.id < u.id", 1.0 / 3.0),
        ("t.bare = u.bare", 1.0 / 200.0),
        ("t.name like u.name", 0.005),
    ];
    check(&inner, &scope, &table, &at(JoinKind::Inner));
    // Ten rows on the right hold ten values; two of them are the common ones.
    let semi =
        [("t.n = u.n", 0.375 + 8.0 / 50.0 * 0.5), ("u.id = t.id", 0.01), ("t.n <> u.n", 0.875)];
    check(&semi, &scope, &table, &at(JoinKind::Semi));
    let inside = JoinContext { var_relid: Some(0), ..JoinContext::default() };
    check(&[("t.n = u.id", 0.875 / 52.0), ("t.n < u.id", 1.0 / 3.0)], &scope, &table, &inside);
}

#[test]
fn groups_buckets_and_merges() {
    let table = table();
    let mut scope = Scope::of(&table);
    let n = parsed(&table, "n");
    let pair = [parsed(&table, "flag"), parsed(&table, "n"), parsed(&table, "n + 1")];
    let groups = |scope: &Scope<'_>, exprs: &[&Expr]| num_groups(scope, exprs, 1000.0);
    assert_eq!(groups(&scope, &[&n]), 52.0);
    assert_eq!(groups(&scope, &pair.iter().collect::<Vec<_>>()), 104.0);
    // The most common value is 0.25 instead of 0.875 / 52 of the rows.
    let (most, size) = bucket_stats(&scope, &n, 1024.0);
    assert_eq!(most, 0.25);
    assert!((size - 0.25 / 0.875).abs() < 1e-12);
    scope.relations[0].rows = 100.0;
    // 52 * (1 - 0.9 ^ (1000 / 52)) = 45.1
    assert_eq!(groups(&scope, &[&n]), 45.0);
    // `id` goes from 0 to 1000, `n` from 0 to 100: of `id` a tenth is read.
    let scan = merge_scan_selectivity(&scope, &parsed(&table, "id"), &n, false, false);
    assert!((scan.left_end - 0.1).abs() < 1e-9, "{scan:?}");
    assert_eq!((scan.left_start, scan.right_end), (0.0, 1.0));
}

#[test]
fn several_columns_together() {
    let table = table();
    let catalog = Catalog {
        extended_statistics: vec![ExtendedStatistics {
            table: "t".to_owned(),
            columns: texts(["n", "flag"]),
            n_distinct: vec![(texts(["2", "3"]), 60.0)],
            dependencies: vec![(texts(["2"]), "3".to_owned(), 0.5)],
        }],
        ..Catalog::default()
    };
    let scope = Scope { catalog: Some(&catalog), ..Scope::of(&table) };
    // P(flag | n) = 0.5 + 0.5 * 0.75, as 0.25 <= 0.75.
    let cases = [("n = 7 and flag", 0.25 * (0.5 + 0.5 * 0.75))];
    check(&cases, &scope, &table, &JoinContext::default());
    let name = parsed(&table, "name");
    let n = parsed(&table, "n");
    assert_eq!(num_groups(&scope, &[&n, &name], 1000.0), 500.0);
}
