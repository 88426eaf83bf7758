-- The columns that many queries do not look into keep few statistics, for the size of the record.
SELECT setseed(0.11);
INSERT INTO continent SELECT i, 'continent ' || i FROM generate_series(0, 4) AS i;
INSERT INTO country SELECT i, i % 5, 'country ' || i FROM generate_series(0, 24) AS i;
INSERT INTO maker
SELECT i, floor(random() * 25), round((random() * 11000 - 1000)::numeric, 2),
       CASE WHEN random() < 0.01 THEN 'complaints of clients' ELSE 'none' END
FROM generate_series(1, 200) AS i;
INSERT INTO client
SELECT i, floor(random() * 25), 'sector ' || floor(random() * 5), 10 + i % 25 || '-' || 100 + i % 900,
       round((random() * 11000 - 1000)::numeric, 2)
FROM generate_series(1, 3000) AS i;
INSERT INTO product
SELECT i, 'brand ' || floor(random() * 25), (ARRAY['steel', 'brass', 'tin', 'nickel', 'copper'])[1 + floor(random() * 5)::integer]
         || ' ' || (ARRAY['polished', 'plated', 'brushed'])[1 + floor(random() * 3)::integer],
       1 + floor(random() * 50), (ARRAY['box', 'bag', 'can', 'drum'])[1 + floor(random() * 4)::integer]
FROM generate_series(1, 4000) AS i;
INSERT INTO offer
SELECT i, 1 + (i + n * 50) % 200, floor(random() * 10000), round((random() * 1000)::numeric, 2)
FROM generate_series(1, 4000) AS i, generate_series(0, 3) AS n;
INSERT INTO contract
SELECT i, 1 + 3 * floor(random() * 1000), (ARRAY['o', 'f', 'f', 'p'])[1 + floor(random() * 4)::integer],
       date '2017-01-01' + floor(random() * 2400)::integer, 'urgency ' || floor(random() * 5)
FROM generate_series(1, 15000) AS i;
INSERT INTO delivery
SELECT c, n, p, 1 + (p + 50 * floor(random() * 4)::integer) % 200, 1 + floor(random() * 50), round((random() * 100000)::numeric, 2),
       floor(random() * 11) / 100, random() < 0.25, signed + s, signed + s + d, signed + s + floor(random() * 60)::integer,
       (ARRAY['air', 'ship', 'rail', 'road', 'mail'])[1 + floor(random() * 5)::integer]
FROM (SELECT c.id AS c, n, c.signed, 1 + floor(random() * 4000)::integer AS p, 1 + floor(random() * 120)::integer AS s,
             floor(random() * 30)::integer AS d
      FROM contract c, generate_series(1, 4) AS n) AS deliveries;
ALTER TABLE contract ALTER COLUMN state SET STATISTICS 100;
ALTER TABLE offer ALTER COLUMN stock SET STATISTICS 2;
ALTER TABLE delivery ALTER COLUMN refused SET STATISTICS 300;
ALTER TABLE delivery ALTER COLUMN amount SET STATISTICS 2;
ALTER TABLE offer ALTER COLUMN product_id SET STATISTICS 100;
VACUUM ANALYZE;
