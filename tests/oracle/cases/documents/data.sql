SELECT setseed(0.6);
INSERT INTO document
SELECT i, substr(md5('d' || i), 1, 12), ARRAY[floor(power(random(), 2) * 100)::integer, 100 + floor(random() * 50)::integer],
       jsonb_build_object('author', 'a' || floor(power(random(), 2) * 300)::integer, 'pages', floor(random() * 50)::integer),
       array_to_tsvector(ARRAY['w' || floor(power(random(), 3) * 400)::integer, 'v' || floor(random() * 60)::integer]),
       random() < 0.2
FROM generate_series(1, 12000) AS i;
ALTER TABLE document ALTER COLUMN tags SET STATISTICS 10;
ALTER TABLE document ALTER COLUMN attributes SET STATISTICS 2;
ALTER TABLE document ALTER COLUMN words SET STATISTICS 10;
ALTER TABLE document ALTER COLUMN public SET STATISTICS 100;
VACUUM ANALYZE;
