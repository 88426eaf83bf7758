SELECT setseed(0.8);
INSERT INTO pupil
SELECT i, (5 + i % 8) || chr(97 + i % 3), date '2008-01-01' + floor(random() * 2900)::integer,
       CASE WHEN i > 300 AND random() < 0.5 THEN 1 + floor(random() * 300) END
FROM generate_series(1, 2400) AS i;
INSERT INTO mark
SELECT 1 + i % 2400, 1 + (i / 2400) % 12, date '2023-08-01' + (i / 28800) * 50 + i % 45, 1 + floor(random() * 50) / 10
FROM generate_series(0, 57599) AS i;
INSERT INTO absence
SELECT i, 1 + floor(power(random(), 2) * 2400), date '2023-08-01' + floor(random() * 300)::integer, random() < 0.97
FROM generate_series(1, 25000) AS i;
ALTER TABLE mark ALTER COLUMN subject SET STATISTICS 300;
ALTER TABLE absence ALTER COLUMN excused SET STATISTICS 300;
VACUUM ANALYZE;
