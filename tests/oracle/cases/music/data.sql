SELECT setseed(0.4);
INSERT INTO track
SELECT i, 'Artist ' || substr(md5(a::text), 1, 5), substr(md5('t' || i), 1, 10), 'genre ' || g, 1960 + floor(power(random(), 0.5) * 64),
       120 + floor(random() * 300), CASE WHEN random() < 0.6 THEN floor(random() * 10) / 2 END
FROM (SELECT i, floor(power(random(), 2) * 800)::integer AS a, floor(power(random(), 2) * 14)::integer AS g
      FROM generate_series(1, 30000) AS i) AS tracks;
ALTER TABLE track ALTER COLUMN rating SET STATISTICS 200;
VACUUM ANALYZE;
