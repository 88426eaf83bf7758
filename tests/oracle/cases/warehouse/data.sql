ALTER DATABASE warehouse SET max_parallel_workers_per_gather = 2;
ALTER DATABASE warehouse SET min_parallel_table_scan_size = '1MB';
SELECT setseed(0.7);
INSERT INTO article SELECT i, i % 25, floor(random() * 5000) FROM generate_series(1, 20000) AS i;
INSERT INTO movement
SELECT i, 1 + floor(power(random(), 1.5) * 20000), 1 + floor(random() * 3000), 1 + floor(power(random(), 2) * 6),
       floor(random() * 100), repeat('x', 60)
FROM generate_series(1, 150000) AS i;
ALTER TABLE movement ALTER COLUMN kind SET STATISTICS 1000;
ALTER TABLE article ALTER COLUMN category SET STATISTICS 100;
VACUUM ANALYZE;
