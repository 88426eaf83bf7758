-- Statements that SQLite takes, one for each corner of the grammar.

SELECT "a", [b c], `d`, 'e' 'f' FROM main.t AS x INDEXED BY i, u NOT INDEXED;
SELECT a == 1, b IS c, d IS NOT 5, e IS NOT DISTINCT FROM f, g NOT NULL, h NOTNULL, i GLOB 'x*', j NOT MATCH 'y', k REGEXP 'z', l || m -> '$.n' ->> 'o', p & 1 | 2 << 3, ~q, r COLLATE NOCASE FROM t;
SELECT * FROM t WHERE a IN u AND b IN () AND (c, d) IN (SELECT 1, 2) AND e NOT IN main.v;
SELECT * FROM json_each(t.doc, '$.x') AS j, t LEFT JOIN u USING (id) CROSS JOIN v;
SELECT iif(a, 1, 2), CAST(b AS TEXT), count(*) FILTER (WHERE c), group_concat(d, ','), date('now', '-1 day'), CURRENT_TIMESTAMP, x'1F', ?1, ?, :a, @b, $c FROM t;
SELECT a FROM t UNION SELECT b FROM u ORDER BY 1 COLLATE NOCASE LIMIT 5, 10;
SELECT max(a), b FROM t GROUP BY 2 HAVING count(*) > 1 ORDER BY b DESC NULLS LAST LIMIT 5 OFFSET 10;
VALUES (1, 2), (3, 4);
WITH t AS NOT MATERIALIZED (SELECT 1) SELECT * FROM t;
INSERT OR REPLACE INTO t (a, b) VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET b = excluded.b ON CONFLICT DO NOTHING RETURNING rowid;
INSERT INTO t SELECT * FROM u WHERE true ON CONFLICT DO NOTHING;
INSERT INTO t DEFAULT VALUES;
REPLACE INTO t VALUES (1);
UPDATE OR IGNORE t SET a = 1, (b, c) = (2, 3) FROM u WHERE t.id = u.id RETURNING *;
DELETE FROM t WHERE a RETURNING b ORDER BY c LIMIT 5;
EXPLAIN QUERY PLAN SELECT 1;
