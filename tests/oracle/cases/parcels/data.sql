SELECT setseed(0.25);
INSERT INTO depot SELECT i, (ARRAY['north', 'east', 'west', 'south', 'island'])[1 + i % 5],
       date '2010-01-01' + i * 17 FROM generate_series(1, 300) AS i;
INSERT INTO parcel
SELECT i, (ARRAY['north', 'east', 'west', 'south', 'island'])[1 + floor(power(random(), 2) * 5)],
       1 + floor(random() * 300), date '2023-01-01' + (i / 80)::integer, nullif(floor(random() * 3000), 7)
FROM generate_series(1, 50000) AS i;
INSERT INTO label
SELECT 1 + floor(random() * 50000), timestamp '2023-01-01' + i * interval '11 minutes', 'label ' || i
FROM generate_series(1, 60000) AS i;
INSERT INTO vehicle SELECT i, 1 + i % 300, date '2015-01-01' + i FROM generate_series(1, 2000) AS i;
INSERT INTO truck
SELECT 2000 + i, 1 + floor(random() * 300), date '2018-01-01' + i / 9, 3 + i % 37
FROM generate_series(1, 9000) AS i;
INSERT INTO bicycle
SELECT 11000 + i, 1 + floor(random() * 300), date '2020-01-01' + i / 20, 1 + i % 8
FROM generate_series(1, 5000) AS i;
VACUUM ANALYZE;
