-- What PostgreSQL (12 or newer) knows of the sizes and the contents of your tables, as one JSON
-- document for Sargable (format pg-index-stats/1). It only reads the catalogs. It needs no rights
-- beyond SELECT on the tables: statistics of columns you may not read are left out.
-- The most common values and histogram bounds are values out of your tables. To leave them out,
-- replace the marked lines by NULL.
WITH
relation AS (
  SELECT c.*, n.nspname
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm')
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
    -- Tables of extensions are not yours to index.
    AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
),
column_statistics AS (
  SELECT s.schemaname, s.tablename, s.attname, s.null_frac, s.avg_width, s.n_distinct, s.correlation,
         s.most_common_freqs,
         s.most_common_vals::text::text[] AS most_common_vals,   -- values
         s.histogram_bounds::text::text[] AS histogram_bounds    -- values
  FROM pg_stats s
  WHERE NOT s.inherited
     OR (s.schemaname, s.tablename) IN (SELECT nspname, relname FROM relation WHERE relkind = 'p')
),
columns AS (
  SELECT a.attrelid, json_agg(json_build_object(
      'name', a.attname, 'num', a.attnum, 'type', format_type(a.atttypid, a.atttypmod),
      'not_null', a.attnotnull, 'typlen', a.attlen, 'typalign', a.attalign,
      'storage', a.attstorage, 'collation', l.collname,
      'null_frac', s.null_frac, 'avg_width', s.avg_width, 'n_distinct', s.n_distinct,
      'most_common_vals', s.most_common_vals, 'most_common_freqs', s.most_common_freqs,
      'histogram_bounds', s.histogram_bounds, 'correlation', s.correlation) ORDER BY a.attnum) AS list
  FROM pg_attribute a
  JOIN relation r ON r.oid = a.attrelid
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN column_statistics s
    ON s.schemaname = r.nspname AND s.tablename = r.relname AND s.attname = a.attname
  WHERE a.attnum > 0 AND NOT a.attisdropped
  GROUP BY a.attrelid
),
expressions AS (
  SELECT schemaname, tablename, json_agg(json_build_object(
      'column', attname, 'null_frac', null_frac, 'avg_width', avg_width,
      'n_distinct', n_distinct, 'most_common_vals', most_common_vals,
      'most_common_freqs', most_common_freqs, 'histogram_bounds', histogram_bounds,
      'correlation', correlation)) AS list
  FROM column_statistics
  GROUP BY schemaname, tablename
),
indexes AS (
  SELECT i.indrelid, json_agg(json_build_object(
      'name', x.relname, 'definition', pg_get_indexdef(x.oid), 'method', m.amname,
      'unique', i.indisunique, 'primary', i.indisprimary, 'valid', i.indisvalid,
      'is_constraint', k.oid IS NOT NULL,
      'predicate', pg_get_expr(i.indpred, i.indrelid),
      'columns', (SELECT json_agg(pg_get_indexdef(x.oid, part, true) ORDER BY part)
                  FROM generate_series(1, i.indnatts) AS part),
      'n_key_columns', i.indnkeyatts,
      'relpages', x.relpages, 'reltuples', x.reltuples, 'size_bytes', pg_relation_size(x.oid),
      'idx_scan', u.idx_scan, 'expression_stats', e.list) ORDER BY x.relname) AS list
  FROM pg_index i
  JOIN relation r ON r.oid = i.indrelid
  JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_am m ON m.oid = x.relam
  LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_stat_user_indexes u ON u.indexrelid = x.oid
  LEFT JOIN expressions e ON e.schemaname = r.nspname AND e.tablename = x.relname
  GROUP BY i.indrelid
),
foreign_keys AS (
  SELECT conrelid, json_agg(json_build_object(
      'name', conname, 'definition', pg_get_constraintdef(oid)) ORDER BY conname) AS list
  FROM pg_constraint WHERE contype = 'f' GROUP BY conrelid
),
tables AS (
  SELECT json_agg(json_build_object(
      'schema', r.nspname, 'name', r.relname, 'kind', r.relkind,
      'reltuples', r.reltuples, 'relpages', r.relpages, 'relallvisible', r.relallvisible,
      'size_bytes', pg_relation_size(r.oid), 'total_bytes', pg_total_relation_size(r.oid),
      'fillfactor', coalesce(substring(array_to_string(r.reloptions, ',')
                                       FROM 'fillfactor=([0-9]+)')::int, 100),
      'seq_scan', u.seq_scan, 'n_tup_ins', u.n_tup_ins, 'n_tup_upd', u.n_tup_upd,
      'n_tup_hot_upd', u.n_tup_hot_upd, 'n_tup_del', u.n_tup_del,
      'columns', c.list, 'indexes', i.list, 'foreign_keys', f.list)
    ORDER BY r.nspname, r.relname) AS list
  FROM relation r
  LEFT JOIN columns c ON c.attrelid = r.oid
  LEFT JOIN indexes i ON i.indrelid = r.oid
  LEFT JOIN foreign_keys f ON f.conrelid = r.oid
  LEFT JOIN pg_stat_user_tables u ON u.relid = r.oid
),
settings AS (
  SELECT json_object_agg(name, json_build_object('value', setting, 'unit', unit) ORDER BY name) AS list
  FROM pg_settings
  WHERE name LIKE 'enable\_%' OR name LIKE '%\_cost' OR name LIKE 'geqo%' OR name LIKE 'jit%'
     OR name LIKE '%\_collapse\_limit' OR name LIKE 'max\_parallel\_%'
     OR name LIKE 'min\_parallel\_%\_scan\_size'
     OR name IN ('effective_cache_size', 'work_mem', 'hash_mem_multiplier', 'shared_buffers',
                 'maintenance_work_mem', 'block_size', 'max_worker_processes', 'plan_cache_mode',
                 'effective_io_concurrency', 'default_statistics_target', 'constraint_exclusion',
                 'cursor_tuple_fraction', 'TimeZone', 'DateStyle')
),
extended AS (
  SELECT json_agg(json_build_object(
      'table', tablename, 'name', statistics_name, 'columns', attnames, 'kinds', kinds,
      'n_distinct', n_distinct::text, 'dependencies', dependencies::text)) AS list
  FROM pg_stats_ext
)
SELECT json_build_object(
  'format', 'pg-index-stats/1',
  'server_version', current_setting('server_version'),
  'server_version_num', current_setting('server_version_num')::int,
  'database', current_database(),
  'exported_at', date_trunc('second', now()),
  'encoding', current_setting('server_encoding'),
  'collation', (SELECT datcollate FROM pg_database WHERE datname = current_database()),
  'settings', (SELECT list FROM settings),
  'tables', (SELECT list FROM tables),
  'extended_statistics', (SELECT list FROM extended));
