//! The queries of [`super::verify`] for MySQL and MariaDB.

use super::verify::{Checked, rows, write_query};
use crate::advise::Change;
use crate::dialect::Dialect;
use crate::sql::quote::quote_text;

/// All of them.
pub fn write(out: &mut String, made: &[Checked<'_>], dropped: &[Checked<'_>], dialect: Dialect) {
    let text = |text: &str| quote_text(text, dialect);
    let schema = |change: &Change| change.schema.as_deref().map_or("DATABASE()".to_owned(), text);
    let row = |c: &Change| format!("({}, {}, {})", schema(c), text(&c.table), text(&c.index));
    let (usable, word) = match dialect {
        Dialect::Mysql => ("MIN(IS_VISIBLE)", "visible"),
        _ => ("MAX(IGNORED)", "ignored"),
    };
    if let Some(rows) = rows(made, row) {
        write_query(
            out,
            "Is it there? One row for each new index.",
            &format!(
                "SELECT TABLE_NAME, INDEX_NAME, {usable} AS {word}, GROUP_CONCAT(COLUMN_NAME ORDER BY \
                 SEQ_IN_INDEX) AS columns\nFROM information_schema.STATISTICS\n\
                 WHERE (TABLE_SCHEMA, TABLE_NAME, INDEX_NAME) IN (\n    {rows})\n\
                 GROUP BY TABLE_NAME, INDEX_NAME"
            ),
        );
        write_used(out, &rows, dialect);
        write_size(out, made, &rows, dialect);
    }
    if let Some(rows) = rows(dropped, row) {
        write_query(
            out,
            "Is it gone? No row is good; one that is only hidden so far is here.",
            &format!(
                "SELECT TABLE_NAME, INDEX_NAME, {usable} AS {word}\nFROM information_schema.STATISTICS\n\
                 WHERE (TABLE_SCHEMA, TABLE_NAME, INDEX_NAME) IN (\n    {rows})\n\
                 GROUP BY TABLE_NAME, INDEX_NAME"
            ),
        );
    }
}

fn write_used(out: &mut String, rows: &str, dialect: Dialect) {
    if dialect == Dialect::Mariadb {
        write_query(
            out,
            "Is it used since? Needs SET GLOBAL userstat = 1; no row: not once.",
            &format!(
                "SELECT TABLE_NAME, INDEX_NAME, ROWS_READ FROM information_schema.INDEX_STATISTICS\n\
                 WHERE (TABLE_SCHEMA, TABLE_NAME, INDEX_NAME) IN (\n    {rows})"
            ),
        );
        return;
    }
    write_query(
        out,
        "Is it used since the server started?",
        &format!(
            "SELECT OBJECT_NAME, INDEX_NAME, COUNT_READ, COUNT_WRITE\n\
             FROM performance_schema.table_io_waits_summary_by_index_usage\n\
             WHERE (OBJECT_SCHEMA, OBJECT_NAME, INDEX_NAME) IN (\n    {rows})"
        ),
    );
    write_query(
        out,
        "Is it among those never used? No row is good, after a full business cycle.",
        &format!(
            "SELECT object_name, index_name FROM sys.schema_unused_indexes\n\
             WHERE (object_schema, object_name, index_name) IN (\n    {rows})"
        ),
    );
}

fn write_size(out: &mut String, made: &[Checked<'_>], rows: &str, dialect: Dialect) {
    let estimates: Vec<String> = made
        .iter()
        .map(|checked| {
            let name = quote_text(&checked.change.index, dialect);
            format!("WHEN {name} THEN {:.0}", checked.change.size_bytes)
        })
        .collect();
    write_query(
        out,
        "Its real size beside the estimate, and its fill: pages in use by leaves beside all pages. Of an \
         InnoDB index the server keeps no more on bloat; OPTIMIZE TABLE or dropping and creating it anew \
         packs it. Run ANALYZE TABLE first; needs SELECT on mysql.innodb_index_stats.",
        &format!(
            "SELECT table_name, index_name,\n  \
             CASE index_name {} END AS estimated_bytes,\n  \
             MAX(CASE stat_name WHEN 'size' THEN stat_value END) * @@innodb_page_size AS bytes,\n  \
             MAX(CASE stat_name WHEN 'n_leaf_pages' THEN stat_value END)\n    \
             / MAX(CASE stat_name WHEN 'size' THEN stat_value END) AS leaf_share\n\
             FROM mysql.innodb_index_stats\n\
             WHERE (database_name, table_name, index_name) IN (\n    {rows})\n\
             GROUP BY table_name, index_name",
            estimates.join(" ")
        ),
    );
}
