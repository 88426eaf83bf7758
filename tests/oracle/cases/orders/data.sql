ALTER DATABASE orders SET work_mem = '256kB';
ALTER DATABASE orders SET random_page_cost = 1.1;
ALTER DATABASE orders SET effective_cache_size = '16MB';
SELECT setseed(0.9);
INSERT INTO customer SELECT i, i % 8, 'Customer ' || substr(md5(i::text), 1, 8) FROM generate_series(1, 8000) AS i;
INSERT INTO purchase
SELECT i, 1 + floor(power(random(), 2) * 8000), date '2022-01-01' + floor(random() * 700)::integer, floor(power(random(), 4) * 5)
FROM generate_series(1, 30000) AS i;
INSERT INTO line
SELECT p, n, 1 + floor(power(random(), 3) * 2000), floor(random() * 10000) / 100
FROM generate_series(1, 30000) AS p, generate_series(1, 3) AS n;
ALTER TABLE customer ALTER COLUMN region SET STATISTICS 100;
ALTER TABLE purchase ALTER COLUMN state SET STATISTICS 300;
ALTER TABLE line ALTER COLUMN number SET STATISTICS 400;
VACUUM ANALYZE;
