SELECT setseed(0.5);
INSERT INTO sensor SELECT i, 'room ' || i % 40, i % 6 FROM generate_series(1, 200) AS i;
INSERT INTO measurement
SELECT 1 + floor(random() * 200), timestamp '2024-01-01' + i * interval '8 minutes 30 seconds',
       1 + floor(power(random(), 2) * 5), round((random() * 100)::numeric, 1)
FROM generate_series(1, 46000) AS i;
ALTER TABLE measurement ALTER COLUMN kind SET STATISTICS 300;
VACUUM ANALYZE;
