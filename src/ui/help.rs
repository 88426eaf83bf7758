//! The command or query that produces each kind of input.

/// One kind of input.
pub struct Topic {
    /// What it is.
    pub title: &'static str,
    /// What the review gains from it.
    pub gives: &'static str,
    /// What to run: where, and the command.
    pub commands: &'static [(&'static str, &'static str)],
}

/// The read-only query that this project ships; its answer is of format `pg-index-stats/1`.
const EXPORT_STATS: &str = include_str!("../../www/export_stats.sql");

const PG_STAT_STATEMENTS: &str = "\
\\copy (SELECT query, calls, total_exec_time, mean_exec_time, min_exec_time, max_exec_time, rows
       FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
       WHERE d.datname = current_database()
       ORDER BY total_exec_time DESC LIMIT 500) TO 'workload.csv' CSV HEADER";

const PG_LOG: &str = "\
ALTER SYSTEM SET log_min_duration_statement = '100ms';
ALTER SYSTEM SET log_parameter_max_length = 1024;
SELECT pg_reload_conf();";

const MYSQL_DIGEST: &str = "\
SELECT schema_name, digest_text, count_star, sum_timer_wait, avg_timer_wait, max_timer_wait,
       sum_rows_examined, sum_rows_sent, query_sample_text
FROM performance_schema.events_statements_summary_by_digest
WHERE schema_name = DATABASE() ORDER BY sum_timer_wait DESC LIMIT 500;";

const PLAIN_SQL: &str = "\
-- name: inbox; calls: 40000
SELECT * FROM messages WHERE user_id = $1 ORDER BY created_at DESC LIMIT 20;";

/// In the order in which they matter.
pub const TOPICS: &[Topic] = &[
    Topic {
        title: "Schema",
        gives: "tables, constraints and the indexes there are",
        commands: &[
            ("PostgreSQL, in a shell", "pg_dump --schema-only --no-owner DATABASE > schema.sql"),
            ("PostgreSQL, one table in psql", "\\d my_table"),
            ("MySQL, MariaDB, in a shell", "mysqldump --no-data DATABASE > schema.sql"),
            ("MySQL, MariaDB, one table", "SHOW CREATE TABLE my_table;"),
            ("SQLite, in a shell", "sqlite3 FILE .schema > schema.sql"),
        ],
    },
    Topic {
        title: "Queries",
        gives: "what is asked, how often and how long it takes",
        commands: &[
            (
                "Plain SQL; a comment before a statement names it and says how often it runs",
                PLAIN_SQL,
            ),
            ("PostgreSQL, in psql, with the extension pg_stat_statements", PG_STAT_STATEMENTS),
            ("PostgreSQL log: statements over 100 ms, with their parameters", PG_LOG),
            ("MySQL, MariaDB", MYSQL_DIGEST),
        ],
    },
    Topic {
        title: "Plans",
        gives: "true row counts and times, sequential scans, sorts on disk, wrong estimates",
        commands: &[
            (
                "PostgreSQL; ANALYZE runs the statement, so wrap a write in BEGIN and ROLLBACK",
                "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT ...;",
            ),
            ("PostgreSQL, without running it", "EXPLAIN (FORMAT JSON) SELECT ...;"),
            ("MySQL", "EXPLAIN FORMAT=JSON SELECT ...;"),
            ("MariaDB", "ANALYZE FORMAT=JSON SELECT ...;"),
            ("SQLite", "EXPLAIN QUERY PLAN SELECT ...;"),
        ],
    },
    Topic {
        title: "Statistics",
        gives: "sizes, distinct values and index usage: costs become facts instead of defaults",
        commands: &[
            (
                "PostgreSQL: save this as export_stats.sql and run \
                 psql -qAt -d DATABASE -f export_stats.sql > stats.json",
                EXPORT_STATS,
            ),
            ("SQLite, after ANALYZE", "sqlite3 FILE \".dump sqlite_stat1\" > stats.sql"),
        ],
    },
];
