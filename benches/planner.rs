//! How long planning takes, reading and parsing excluded. `cargo xtask bench` runs this and shows the
//! times beside what they should stay below. Over the recorded case `trade`; over the TPC-H queries
//! beside this checkout too, where they are.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a benchmark fails by a panic")]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use sargable::Input;
use sargable::dialect::Dialect;
use sargable::input::Piece;
use sargable::plan::{Configuration, plan_query};
use sargable::progress::Silent;
use sargable::sql::query::Query;
use sargable::understand::{Understood, understand};

const ONE_TABLE: &str = "\
-- name: one_table
SELECT id, signed FROM contract WHERE client_id = 42 AND signed > '2020-01-01' ORDER BY signed LIMIT 10;
";

const JOIN_OF_12: &str = "\
-- name: join_of_12
SELECT count(*)
FROM continent t, country y, country z, maker m, maker n, offer o, product p, delivery d, delivery e,
     contract c, contract b, client k
WHERE t.id = y.continent_id AND m.country_id = y.id AND o.maker_id = m.id AND p.id = o.product_id
  AND d.product_id = o.product_id AND d.maker_id = o.maker_id AND c.id = d.contract_id
  AND k.id = c.client_id AND k.country_id = z.id AND b.client_id = k.id AND e.contract_id = b.id
  AND n.id = e.maker_id AND p.size = 7 AND c.signed >= '2022-01-01' AND t.name = 'continent 1'
  AND e.refused AND n.balance > 0;
";

/// A workload that was read.
struct Workload(Understood);

impl Workload {
    fn queries(&self) -> Vec<&Query> {
        let entries = &self.0.workload.entries;
        entries.iter().filter_map(|entry| entry.query.as_ref()).collect()
    }

    /// Plans every query once; their costs, so that nothing is left out as unused.
    fn plan(&self, queries: &[&Query]) -> f64 {
        let configuration = Configuration::existing(&self.0.catalog);
        let plans = queries.iter().map(|query| plan_query(&configuration, black_box(query)));
        plans.flatten().map(|plan| plan.total_cost).sum()
    }
}

/// The schema and the statistics of a folder, with its queries or others.
fn read(folder: &Path, queries: Option<&str>) -> Workload {
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let queries = queries.map_or_else(|| text("queries.sql"), str::to_owned);
    let piece = |name: &str, text: String| Piece {
        name: Some(name.to_owned()),
        text,
        kind: None,
        ..Piece::default()
    };
    let pieces = vec![
        piece("schema.sql", text("schema.sql")),
        piece("stats.json", text("stats.json")),
        piece("queries.sql", queries),
    ];
    let dialect = Some(Dialect::Postgres);
    Workload(understand(&Input { pieces, dialect, ..Input::default() }, &mut Silent))
}

/// The folder of the real TPC-H, if it lies beside this checkout.
fn outside() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("SARGABLE_OUTSIDE").map_or(beside, PathBuf::from);
    Some(folder.join("oracle/db/tpch")).filter(|folder| folder.is_dir())
}

fn planner(criterion: &mut Criterion) {
    let trade = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/cases/trade");
    let mut workloads = vec![
        ("one_table", read(&trade, Some(ONE_TABLE)), 1),
        ("join_of_12", read(&trade, Some(JOIN_OF_12)), 1),
        ("trade_22", read(&trade, None), 22),
    ];
    workloads.extend(outside().map(|folder| ("tpch_22", read(&folder, None), 22)));
    for (name, workload, n_queries) in &workloads {
        let queries = workload.queries();
        assert_eq!(queries.len(), *n_queries, "{name}: a query was not read");
        criterion.bench_function(name, |bench| bench.iter(|| workload.plan(&queries)));
    }
}

criterion_group!(benches, planner);
criterion_main!(benches);
