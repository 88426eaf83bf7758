-- Statements that PostgreSQL takes, one for each corner of the grammar.

SELECT;
SELECT FROM t;
SELECT WHERE false;
SELECT ALL a, b AS "B", c d, t.*, (r).x, (r).*, s.t.a FROM s.t AS t;
SELECT DISTINCT ON (a, lower(b)) a AS value, b left_over, 1 + 2 total FROM t ORDER BY a, lower(b), c DESC NULLS LAST;
SELECT * FROM ONLY (measurements) m, events *, ONLY logs;
SELECT a INTO TEMP kept FROM t WHERE b;
TABLE orders ORDER BY id LIMIT 3;
VALUES (1, 'one'), (2, 'two'), (3, DEFAULT) ORDER BY 1 OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY;

SELECT * FROM a JOIN b ON a.id = b.id LEFT OUTER JOIN c USING (id, kind) AS both RIGHT JOIN d ON true FULL JOIN e USING (x) CROSS JOIN f NATURAL LEFT JOIN g;
SELECT * FROM a LEFT JOIN b JOIN c ON b.id = c.id ON a.id = b.id;
SELECT * FROM ((a JOIN b ON a.id = b.id) AS j LEFT JOIN (c CROSS JOIN d) ON j.id = c.id), e;
SELECT * FROM a, LATERAL (SELECT max(x) FROM b WHERE b.id = a.id) m(x), LATERAL unnest(a.tags) WITH ORDINALITY AS u(tag, n);
SELECT * FROM generate_series(1, 10) n, ROWS FROM (unnest(array[1]), json_to_recordset('[]') AS (a integer, b text)) r, f() AS (a integer, b character varying(20)[]);
SELECT * FROM (VALUES (1, 2), (3, 4)) v(a, b) JOIN (SELECT 1 UNION ALL SELECT 2) w(c) ON v.a = w.c, ((SELECT 1) UNION (SELECT 2)) x;
SELECT * FROM t TABLESAMPLE BERNOULLI (10) REPEATABLE (42) WHERE a > 1;
SELECT * FROM json_table(doc, '$[*]' COLUMNS (id integer PATH '$.id', name text)) j, xmltable('/a' PASSING x COLUMNS y text PATH 'b') k;

WITH RECURSIVE tree(id, parent) AS (
  SELECT id, parent FROM nodes WHERE parent IS NULL
  UNION ALL
  SELECT n.id, n.parent FROM nodes n JOIN tree t ON n.parent = t.id
) SEARCH DEPTH FIRST BY id SET position CYCLE id SET is_cycle USING path, moved AS MATERIALIZED (
  DELETE FROM old WHERE at < now() RETURNING *
) SELECT * FROM tree, moved;
(SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT b FROM u) EXCEPT DISTINCT SELECT c FROM v INTERSECT ALL SELECT d FROM w ORDER BY 1;
((SELECT 1 UNION SELECT 2) LIMIT 1) LIMIT 2;
SELECT (SELECT 1), ((SELECT 2)), ((SELECT 3) + 4), ((SELECT 5) UNION (SELECT 6) LIMIT 1), ARRAY(SELECT 7), EXISTS (SELECT 8), (TABLE t);

SELECT a, b, count(*), grouping(a, b) FROM t GROUP BY DISTINCT a, ROLLUP (b, (c, d)), CUBE (e), GROUPING SETS ((), (f, g), GROUPING SETS (h, ROLLUP (i))) HAVING count(*) > 1;
SELECT rank() OVER w, sum(a) FILTER (WHERE b) OVER (PARTITION BY c ORDER BY d DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE TIES), lag(e) IGNORE NULLS OVER (w RANGE '1 day'::interval PRECEDING) FROM t WINDOW w AS (PARTITION BY f), w2 AS (w ORDER BY g);
SELECT array_agg(DISTINCT a ORDER BY a DESC, b), percentile_cont(0.5) WITHIN GROUP (ORDER BY c), string_agg(d, ', ' ORDER BY e), count(t.*), f(VARIADIC array[1]), g(a => 1, b := 2), h(ALL x) FROM t;
SELECT * FROM t ORDER BY a USING >, b ASC NULLS FIRST LIMIT ALL OFFSET 5 FOR NO KEY UPDATE OF t SKIP LOCKED FOR KEY SHARE NOWAIT;
SELECT * FROM t FETCH FIRST ROW WITH TIES;

SELECT 1, -1, +1, 1.5e-3, .5, 0x1F, 1_000_000, 'a', 'it''s', E'a\'b\n\x41\u00e9', U&'\0041\+000042', $tag$it's$tag$, B'101', X'1F', N'n', TRUE, FALSE, NULL FROM t WHERE 'x'
  'y' = z;
SELECT date '2024-01-01', timestamp with time zone '2024-01-01', time without time zone '12:00', double precision '1', interval '1 day', interval(3) '1' second, interval '1-2' year to month, point '(1,2)', bool 't', pg_catalog.int4 '1';
SELECT a::int, a::numeric(10, 2)[], CAST(b AS timestamp(3) with time zone), c::"MyType", d::public.mood, '{1,2}'::int[][3], x::character varying(10), y::bit varying(3), int4(z), text 'a' || b FROM t;
SELECT CURRENT_DATE, current_timestamp(3), localtime, CURRENT_USER, session_user, user, now() AT TIME ZONE 'UTC' + interval '1 hour' FROM t;
SELECT EXTRACT(epoch FROM a), extract('year' FROM b), POSITION('x' IN c), SUBSTRING(d FROM 2 FOR 3), substring(d, 1, 2), substring(d SIMILAR 'x' ESCAPE '#'), OVERLAY(e PLACING 'x' FROM 1 FOR 2), TRIM(f), TRIM(BOTH 'x' FROM g), trim(LEADING FROM h), TRIM('x' FROM i), normalize(j, NFC), COALESCE(k, l), GREATEST(1, 2), NULLIF(m, 0) FROM t;
SELECT CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END, CASE a WHEN 1 THEN 'x' END AS kind FROM t;
SELECT ARRAY[1, 2], ARRAY[[1, 2], [3, 4]], ARRAY[]::int[], (ARRAY[1, 2])[1], tags[1:2][3], tags[:], ROW(1, 2), (1, 2), ROW(), (f(x)).y FROM t;

SELECT * FROM t WHERE a = 1 AND NOT b OR c <> 2 AND d != 3 OR NOT (e < 4 OR f >= 5);
SELECT * FROM t WHERE a BETWEEN 1 AND 2 AND b NOT BETWEEN SYMMETRIC c + 1 AND d - 1 OR e IN (1, 2) OR (f, g) NOT IN ((1, 2), (3, 4)) OR h IN (SELECT 1) OR (i, j) IN (SELECT 1, 2);
SELECT * FROM t WHERE a LIKE 'x%' ESCAPE '!' AND b NOT ILIKE c AND d SIMILAR TO 'y' AND e ~ 'z' AND f !~* 'w' AND g ~~ 'v' AND h LIKE ANY (ARRAY['a', 'b']) AND i ^@ 'u';
SELECT * FROM t WHERE a IS NULL AND b IS NOT TRUE AND c IS UNKNOWN AND d IS DISTINCT FROM e AND f IS NOT DISTINCT FROM 1 AND g ISNULL AND h NOTNULL AND i IS JSON OBJECT AND j IS NFC NORMALIZED AND k IS NOT DOCUMENT;
SELECT * FROM t WHERE a = ANY ($1) AND b <> ALL (ARRAY[1, 2]) AND c < SOME (SELECT 1) AND d = ANY ((SELECT e)::int[]) AND f = ANY ('{1,2}'::int[]);
SELECT * FROM t WHERE a -> 'b' ->> 'c' = 'd' AND e @> '{"f": 1}' AND g ? 'h' AND i ?| array['j'] AND k #>> '{l,m}' = 'n' AND o @? '$.p' AND q @@ to_tsquery('r') AND s && t AND u <-> v < 5 AND w OPERATOR(pg_catalog.=) 1 AND (x, y) OVERLAPS (z, a);
SELECT * FROM t WHERE a COLLATE "C" < 'b' COLLATE pg_catalog.default AND NOT EXISTS (SELECT FROM u WHERE u.id = t.id);
SELECT 2 ^ 3 * 4 + 5 % 6 || 'x' = 'y', -a ^ 2, @ -5, |/ 4, ~ 1, a & 1 | 2 # 3 << 4, NOT a = b FROM t;

SELECT * FROM t WHERE a = $1 AND b = :name AND c=@name AND d = %s AND e=%(name)s AND f = ? AND g=? AND h IN ? AND i > date $2 AND j < now() - interval $3 AND k % 2 = 0 AND m = :'n' AND l LIKE :x || '%';

INSERT INTO s.t AS x (a, b[1], c.d) OVERRIDING SYSTEM VALUE VALUES (1, DEFAULT, (SELECT 2)), (3, 4, 5) ON CONFLICT (a, lower(b) text_pattern_ops) WHERE c DO UPDATE SET a = excluded.a, (b, c) = (1, 2), (d, e) = (SELECT 1, 2) WHERE x.a < 5 RETURNING *, a + 1 AS next;
INSERT INTO t DEFAULT VALUES ON CONFLICT ON CONSTRAINT t_key DO NOTHING;
INSERT INTO t (SELECT * FROM u);
INSERT INTO t SELECT * FROM u CROSS JOIN v ON CONFLICT DO NOTHING;
INSERT INTO t (a) WITH v AS (SELECT 1) SELECT * FROM v;
WITH v AS (SELECT 1) INSERT INTO t SELECT * FROM v;
UPDATE ONLY t AS x SET a = b + 1, (c, d) = (SELECT 1, 2), e[1] = 3, f.g = DEFAULT FROM u JOIN v USING (id), w WHERE x.id = u.id RETURNING x.*;
UPDATE t SET a = 1 WHERE CURRENT OF c;
DELETE FROM ONLY t x USING u, v WHERE x.id = u.id RETURNING id;
WITH gone AS (SELECT id FROM t) DELETE FROM t WHERE id IN (SELECT id FROM gone);

EXPLAIN (ANALYZE, BUFFERS) SELECT 1;
EXPLAIN ANALYZE VERBOSE (SELECT 1) UNION SELECT 2;
PREPARE p (int, text) AS SELECT $1;
DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT * FROM t;
CREATE TABLE t AS SELECT 1;
CREATE OR REPLACE VIEW v (a, b) WITH (security_barrier) AS SELECT 1, 2;
COPY (SELECT * FROM t) TO STDOUT WITH (FORMAT csv);
