//! The queries of [`super::verify`] for PostgreSQL.

use super::statement::qualified;
use super::verify::{Checked, rows, write_query};
use super::words::comment;
use crate::advise::Change;
use crate::dialect::Dialect;
use crate::sql::quote::quote_text;

fn text(text: &str) -> String {
    quote_text(text, Dialect::Postgres)
}

/// The name as to_regclass() reads it, and the estimate.
fn row(change: &Change) -> String {
    format!(
        "({}, {:.0})",
        text(&qualified(change, &change.index, Dialect::Postgres)),
        change.size_bytes
    )
}

fn expected(rows: &str) -> String {
    format!("WITH expected (name, estimate) AS (VALUES\n    {rows}\n)\n")
}

/// All of them.
pub fn write(out: &mut String, made: &[Checked<'_>], dropped: &[Checked<'_>]) {
    if let Some(rows) = rows(made, row) {
        write_made(out, &expected(&rows));
        write_bloat(out, made, &expected(&rows));
    }
    if let Some(rows) = rows(dropped, row) {
        write_query(
            out,
            "Is it gone? No row is good.",
            &format!(
                "{}SELECT e.name FROM expected e WHERE to_regclass(e.name) IS NOT NULL",
                expected(&rows)
            ),
        );
    }
    write_query(
        out,
        "Did any CREATE, DROP or REINDEX CONCURRENTLY fail? No row is good.",
        "SELECT indexrelid::regclass AS invalid, indrelid::regclass AS on_table\n\
         FROM pg_index WHERE NOT indisvalid",
    );
}

/// The index and, where it is partitioned, its parts: these are scanned and hold the pages.
const PARTS: &str = "CROSS JOIN LATERAL (\n  \
                     SELECT to_regclass(e.name)::oid AS oid\n  \
                     UNION SELECT relid::oid FROM pg_partition_tree(to_regclass(e.name))\n\
                     ) p";

fn write_made(out: &mut String, expected: &str) {
    write_query(
        out,
        "Is it valid? false: a build failed half way; NULL: it is not there.",
        &format!(
            "{expected}SELECT e.name, i.indisvalid AS valid, i.indisready AS ready, \
             pg_get_indexdef(i.indexrelid) AS definition\n\
             FROM expected e LEFT JOIN pg_index i ON i.indexrelid = to_regclass(e.name)"
        ),
    );
    write_query(
        out,
        "Is it used since? Look again after a day, and on every replica: each counts its own scans.",
        &format!(
            "{expected}SELECT e.name, sum(s.idx_scan) AS scans, sum(s.idx_tup_read) AS entries, \
             max(d.stats_reset) AS since\n\
             FROM expected e {PARTS}\n\
             LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = p.oid\n\
             LEFT JOIN pg_stat_database d ON d.datname = current_database()\n\
             GROUP BY e.name"
        ),
    );
    write_query(
        out,
        "Its real size beside the estimate.",
        &format!(
            "{expected}SELECT e.name, e.estimate AS estimated_bytes, sum(pg_relation_size(p.oid)) AS \
             bytes,\n  \
             round(sum(pg_relation_size(p.oid)) / nullif(e.estimate, 0), 2) AS ratio\n\
             FROM expected e {PARTS}\n\
             GROUP BY e.name, e.estimate"
        ),
    );
}

fn write_bloat(out: &mut String, made: &[Checked<'_>], expected: &str) {
    write_query(
        out,
        "How much of it is air, roughly: its pages beside those that its entries would fill at 90 %. \
         B-trees only; needs ANALYZE first; duplicates stored once make the ratio less than 1.",
        &format!(
            "{expected}SELECT e.name, c.relpages,\n  \
             round((c.relpages\n    \
             / greatest(1, ceil(c.reltuples * (16 + w.width) / (8152 * 0.9))))::numeric, 2) AS ratio\n\
             FROM expected e\n\
             JOIN pg_class c ON c.oid = to_regclass(e.name)\n\
             JOIN pg_index i ON i.indexrelid = c.oid\n\
             JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree'\n\
             JOIN pg_class t ON t.oid = i.indrelid\n\
             JOIN LATERAL (\n  \
             SELECT coalesce(sum(s.avg_width), 8) AS width FROM pg_attribute a\n  \
             JOIN pg_stats s ON s.schemaname = t.relnamespace::regnamespace::name\n    \
             AND s.tablename = t.relname AND s.attname = a.attname\n  \
             WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)\n\
             ) w ON true"
        ),
    );
    let trees: Vec<&Change> = made
        .iter()
        .map(|checked| checked.change)
        .filter(|change| change.method == "btree" && !change.partitioned)
        .collect();
    if trees.is_empty() {
        return;
    }
    out.push('\n');
    comment(
        out,
        "--",
        "The same exactly, by the extension pgstattuple, which has to be there (CREATE EXTENSION \
         pgstattuple) and reads the whole index: avg_leaf_density about 90 is new, below 50 is a \
         case for REINDEX INDEX CONCURRENTLY.",
    );
    for change in trees {
        let name = text(&qualified(change, &change.index, Dialect::Postgres));
        let query = format!("SELECT {name} AS name, * FROM pgstatindex({name});");
        comment(out, "--", &query);
    }
}
