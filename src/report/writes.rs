//! What writing rows costs in entries of indexes, with the indexes there are and with the suggested
//! ones.

use serde::{Deserialize, Serialize};

use crate::advise::writes::{Bill, Writes, bill, hot_lost};
use crate::catalog::Index;
use crate::order;
use crate::plan::Configuration;

/// The bill of a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WriteReport {
    /// Rows that the workload inserts.
    pub inserted: f64,
    /// Rows that it updates.
    pub updated: f64,
    /// Rows that it deletes.
    pub deleted: f64,
    /// As things are.
    pub before: Bill,
    /// With the suggested indexes.
    pub after: Bill,
    /// Updates that stop being HOT with them: ids of queries.
    pub hot_lost: Vec<String>,
}

/// The bill of the table at a position.
pub fn write_report(
    table_at: usize,
    before: &Configuration<'_>,
    after: &Configuration<'_>,
    writes: &Writes,
) -> Option<WriteReport> {
    let table = before.catalog.tables.get(table_at)?;
    let of = |configuration: &Configuration<'_>| {
        let indexes: Vec<&Index> = configuration.indexes(table_at).map(|(_, one)| one).collect();
        bill(table, &indexes, writes, before.catalog.dialect)
    };
    let mut lost: Vec<String> = after
        .indexes(table_at)
        .filter(|(_, index)| index.hypothetical)
        .flat_map(|(_, index)| hot_lost(table, index, writes))
        .map(str::to_owned)
        .collect();
    order::sort(&mut lost);
    lost.dedup();
    Some(WriteReport {
        inserted: writes.inserted,
        updated: writes.updates.iter().map(|(_, _, rows)| rows).sum(),
        deleted: writes.deleted,
        before: of(before),
        after: of(after),
        hot_lost: lost,
    })
}
