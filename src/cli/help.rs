//! What `--help` prints.

/// `sargable --help`.
pub(super) const MAIN: &str = "\
sargable: index design review without a database

Reads what you already have (a schema, queries or a query log, EXPLAIN output, statistics; any
number of files, in any order, of any kind), models which access path every query gets, and says
which index is missing, which is redundant, and what each one costs.

usage:
  sargable review  [FILE|-]...   what to change, why, and the statements that do it
  sargable explain [FILE|-]...   the modelled plan of every query: EXPLAIN without a database
  sargable inspect [FILE|-]...   what was read: kinds, tables, indexes, plans, and what was skipped
  sargable session [FILE|-]...   all of it as one file or one link to share, without literals

`sargable COMMAND --help` lists the options of a command. `-` is standard input.

exit codes:
  0  done
  1  `review --fail-on` matched
  2  wrong usage, or a file that cannot be read

What cannot be understood inside a file is reported in the output and loses only itself.
";

/// `sargable review --help`.
pub(super) const REVIEW: &str = "\
sargable review: what to change, why, and the statements that do it

usage: sargable review [FILE|-]... [options]

options:
  --dialect D          postgres, mysql, mariadb or sqlite; detected when absent
  --budget SIZE        cap on the total size of suggested indexes: 500MB, 2GB, or 25% of the total
                       size of the tables; without it, every index that pays for itself
  --calibrate          take over as statistics what pasted plans measured: rows, pages, selectivities
  --max-indexes N      at most N new indexes
  --max-width N        at most N key columns in a new index
  --against FILE       today's schema: the other files hold the proposed one, whole or as statements
                       that change today's; says which query gains, loses or breaks, and what each
                       statement locks; may be repeated
  --migration FILE     statements that change the schema of the other files; otherwise the same;
                       may be repeated
  --try STATEMENT      what would this CREATE INDEX or DROP INDEX do? every query it changes, by itself
                       and beside what is suggested; may be repeated
  --accept STATEMENT   this CREATE INDEX is decided: choose everything else beside it; repeatable
  --reject STATEMENT   this CREATE INDEX, or DROP INDEX, is decided against: choose without it, and do
                       not raise it again until its numbers change; repeatable
  --defer STATEMENT    not now: choose without it, and ask again in every report; repeatable
  --reason TEXT        why; behind the decision that it is of
  --date YYYY-MM-DD    when; behind the decision that it is of
  --decisions FILE     the file that decisions are kept in, with the numbers they were taken on: read
                       if it is there, written when there is something new to keep
  --format F           text (default), json, markdown (for a pull request), html (one static page);
                       or a migration, with the lock that each statement takes: sql (its undoing as
                       comments), alembic, django, rails, flyway, liquibase, prisma; verify (queries
                       for afterwards: valid, used, size, bloat)
  --names KEYFILE      of a session whose names were replaced: turns them back
  --reverse            with `--format sql`: the migration that takes back
  --output PATH        writes there instead of printing: the file of a report, or the folder that gets
                       the files of a migration; these are numbered by the time, or by
                       SOURCE_DATE_EPOCH
  --fail-on WHAT       exit with 1 when there is such a finding or diagnostic; may be repeated.
                       WHAT is a code, e.g. missing-index, or a severity: high, medium, low (a
                       finding at least that severe); error, warning, info (likewise a diagnostic)

examples:
  sargable review schema.sql queries.sql
  pg_dump -s shop | sargable review - slow.log stats.json --budget 25%
  sargable review schema.sql queries.sql --format alembic --output migrations/versions
  sargable review --against main.sql structure.sql queries.sql stats.json --fail-on regression
  sargable review structure.sql queries.sql stats.json --migration V42__orders.sql
  sargable review db/structure.sql --fail-on redundant-index --fail-on unindexed-foreign-key
  sargable review schema.sql queries.sql --format html --output review.html
  sargable review schema.sql queries.sql --decisions decisions.json \
    --reject \"CREATE INDEX ON orders (status)\" --reason \"updated all day\" --date 2026-03-02

In plain SQL, `-- name: dashboard; calls: 40000` before a query names and weights it.
";

/// `sargable session --help`.
pub(super) const SESSION: &str = "\
sargable session: the input as one file or one link to share, without literals

usage: sargable session [FILE|-]... [options] > review.sargable.json

Prints a session: what was read, written again without comments and without literals, to be given
to `sargable review` or dropped on the page. Whoever opens it reviews again. What is left out,
and which findings depend on a literal, is said on standard error.

options:
  --parts LIST         only these, separated by commas: schema, queries, plans, statistics (with
                       the settings of the planner), decisions; without it, all of them
  --keep-literals      literals stay as they are; without it, each is replaced by another of its
                       class, the same one wherever it stands, in the same order
  --names KEYFILE      replaces the names of tables, columns, indexes and so on, too, and writes
                       the key that turns them back to this file; keep it
  --link               prints the part of a link behind the address of the page and `#`: nothing
                       in it is sent to the server
  --output FILE        writes there instead of printing
  --dialect D, --budget SIZE, --calibrate, --max-indexes N, --max-width N, --try STATEMENT,
  --accept STATEMENT, --reject STATEMENT
                       go into the session; see `sargable review --help`

examples:
  sargable session schema.sql queries.sql stats.json > orders.sargable.json
  sargable review orders.sargable.json
  sargable session schema.sql slow.log --names key.json --output orders.sargable.json
  sargable review orders.sargable.json --names key.json
";

/// `sargable explain --help`.
pub(super) const EXPLAIN: &str = "\
sargable explain: the modelled plan of every query

usage: sargable explain [FILE|-]... [options]

options:
  --with FILE          adds the indexes of these CREATE INDEX statements as hypothetical ones, and
                       settings of the planner: SET name = value; may be repeated
  --calibrate          take over as statistics what pasted plans measured: rows, pages, selectivities
  --names KEYFILE      of a session whose names were replaced: turns them back
  --dialect D          postgres, mysql, mariadb or sqlite; detected when absent
  --format F           text (default), or json: one line a query, {\"name\", \"calls\", \"plan\"} in
                       the shape of EXPLAIN (FORMAT JSON), or {\"name\", \"calls\", \"error\"}

example:
  sargable explain schema.sql stats.json queries.sql --with new_indexes.sql
";

/// `sargable inspect --help`.
pub(super) const INSPECT: &str = "\
sargable inspect: what was read, and what was skipped

usage: sargable inspect [FILE|-]... [options]

options:
  --names KEYFILE      of a session whose names were replaced: turns them back
  --dialect D          postgres, mysql, mariadb or sqlite; detected when absent
  --format F           text (default) or json
";
