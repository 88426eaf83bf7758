SELECT setseed(0.5);
INSERT INTO job
SELECT i, (ARRAY['mail', 'index', 'thumb', 'bill'])[1 + floor(power(random(), 2) * 4)],
       timestamp '2024-01-01' + i * interval '90 seconds', repeat('x', 20 + i % 50)
FROM generate_series(1, 30000) AS i;
INSERT INTO run
SELECT i, 1 + floor(random() * 30000), format('(%s,%s)', i % 300, 1 + i % 40)::tid, nullif(i % 700, 0)
FROM generate_series(1, 60000) AS i;
VACUUM ANALYZE;
