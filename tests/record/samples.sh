#!/bin/sh
# Makes the recorded parts of www/samples on a real PostgreSQL: statistics.json, plans.txt, plan.json,
# server.log and the pg_dump of `agents`. The server: a fresh cluster that only this script uses.
#
#   usage: PGHOST=... PGPORT=... PGUSER=... SERVER_LOG=/path/of/its/stderr tests/record/samples.sh
set -eu
cd "$(dirname "$0")/../.."
run() { psql -X -q -v ON_ERROR_STOP=1 -d "$database" "$@"; }

# Runs every query of the sample in proportion to its calls, so that the server's counters are real.
run_workload() {
  awk -v folder="$scratch" '
    /^-- name: / { split($0, part, /[:;] */); n += 1; calls = part[4]
                   file = folder "/" n "-" int(calls / 4000 + 1) ".sql" }
    file != "" { print > file }' "www/samples/$database/queries.sql"
  for file in "$scratch"/*-*.sql; do
    times=${file##*-}
    pgbench -n -d "$database" -f "$file" -t "${times%.sql}" >/dev/null 2>&1
    rm "$file"
  done
}

build() {
  dropdb --if-exists "$database" 2>/dev/null
  createdb "$database"
  schema=www/samples/$database/schema.sql
  [ ! -f "tests/record/$database-schema.sql" ] || schema=tests/record/$database-schema.sql
  # Two samples contain an index that the server refuses; that is their point.
  psql -X -q -d "$database" -f "$schema" 2>/dev/null
  run -c "ALTER DATABASE $database SET default_statistics_target = 10"
  run -c "SELECT setseed(0.42)" -f "tests/record/$database.sql" >/dev/null
  run -c "VACUUM ANALYZE" && run -c "VACUUM ANALYZE"
  run_workload
  sleep 1
  run -c "VACUUM ANALYZE"
}

# explain OPTIONS NAME [-At]: the plan of a query of the sample, found by its name.
explain() {
  query=$(awk -v name="$2" '/^-- name: /{ on = ($3 == name ";") } on && !/^--/' \
    "www/samples/$database/queries.sql")
  run ${3:-} -c "EXPLAIN ($1) $query"
}

scratch=$(mktemp -d)
for database in bots health agents; do
  folder=www/samples/$database
  build
  run -At -f www/export_stats.sql > "$folder/statistics.json"
  case $database in
    bots)
      for name in loop_last_post chat_tail replies cooling_stances; do
        explain ANALYZE $name
      done > $folder/plans.txt
      explain "ANALYZE, BUFFERS, FORMAT JSON" busy_chats -At > $folder/plan.json ;;
    health)
      for name in history meals_of_the_week due_reminders user_by_telegram_id leaderboard; do
        explain "ANALYZE, BUFFERS" $name
      done > $folder/plans.txt
      run -At -c "ALTER SYSTEM SET log_min_duration_statement = 0" \
        -c "ALTER SYSTEM SET log_line_prefix = '%m [%p] %q%u@%d '" -c "SELECT pg_reload_conf()" >/dev/null
      size=$(wc -c < "$SERVER_LOG")
      pgbench -n -M extended -d health -f tests/record/health-log.sql -t 3 >/dev/null 2>&1
      tail -c +$((size + 1)) "$SERVER_LOG" > $folder/server.log
      run -At -c "ALTER SYSTEM RESET ALL" -c "SELECT pg_reload_conf()" >/dev/null ;;
    agents)
      pg_dump --schema-only --no-owner --no-privileges agents > $folder/schema.sql
      for name in channel_since workflows_of_owner tasks_of_agent; do
        explain ANALYZE $name
      done > $folder/plans.txt
      explain "ANALYZE, FORMAT JSON" tasks_of_workflow -At > $folder/plan.json ;;
  esac
done
rmdir "$scratch"
wc -c www/samples/*/*
