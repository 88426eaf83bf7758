SELECT setseed(0.2);
INSERT INTO station
SELECT chr(65 + i / 26) || chr(65 + i % 26) || 'S', 'Station of ' || md5(i::text), i % 5 FROM generate_series(0, 119) AS i;
INSERT INTO stop
SELECT train, position, chr(65 + s / 26) || chr(65 + s % 26) || 'S', planned,
       CASE WHEN random() < 0.8 THEN planned + random() * interval '20 minutes' END,
       CASE WHEN random() < 0.7 THEN 1 + floor(random() * 14) END, random() < 0.02
FROM (SELECT train, position, floor(power(random(), 1.5) * 120)::integer AS s,
             timestamp '2024-01-01' + train * interval '11 minutes' + position * interval '9 minutes' AS planned
      FROM generate_series(1, 3000) AS train, generate_series(1, 10) AS position) AS stops;
INSERT INTO ticket
SELECT i, 1 + floor(random() * 3000), timestamptz '2024-01-01' + i * interval '40 seconds',
       5 + floor(random() * 200) / 2, CASE WHEN random() < 0.1 THEN 1 ELSE 2 END
FROM generate_series(1, 50000) AS i;
ALTER TABLE stop ALTER COLUMN cancelled SET STATISTICS 300;
ALTER TABLE ticket ALTER COLUMN class SET STATISTICS 300;
VACUUM ANALYZE;
-- A part of the heap is not all-visible.
UPDATE stop SET cancelled = true WHERE train BETWEEN 2000 AND 2400 AND position = 3;
DELETE FROM ticket WHERE id BETWEEN 30000 AND 31000;
ANALYZE;
