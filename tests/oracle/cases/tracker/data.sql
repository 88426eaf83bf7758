SELECT setseed(0.3);
INSERT INTO project SELECT i, 'P' || i, i % 9 = 0 FROM generate_series(1, 60) AS i;
INSERT INTO person
SELECT i, 'Person' || i || '@example.org', CASE WHEN i % 20 > 0 THEN i % 17 END FROM generate_series(1, 1500) AS i;
INSERT INTO issue
SELECT i, 1 + floor(power(random(), 2) * 60), 1 + floor(random() * 1500),
       CASE WHEN random() < 0.7 THEN 1 + floor(power(random(), 2) * 1500) END,
       (ARRAY['closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'open', 'open', 'review', 'waiting'])
         [1 + floor(random() * 10)::integer],
       1 + floor(power(random(), 0.4) * 5), date '2020-01-01' + i / 15
FROM generate_series(1, 20000) AS i;
INSERT INTO comment
SELECT i, 1 + floor(random() * 20000), 1 + floor(power(random(), 3) * 1500), floor(random() * 4000),
       random() < 0.05
FROM generate_series(1, 60000) AS i;
ALTER TABLE issue ALTER COLUMN severity SET STATISTICS 300;
ALTER TABLE comment ALTER COLUMN deleted SET STATISTICS 300;
VACUUM ANALYZE;
