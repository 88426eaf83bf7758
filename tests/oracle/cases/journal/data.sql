SELECT setseed(0.75);
INSERT INTO account SELECT i, 'owner ' || i % 900, date '2019-01-01' + i % 700 FROM generate_series(1, 4000) AS i;
INSERT INTO payment
SELECT i, 1 + floor(power(random(), 2) * 4000), timestamp '2023-01-01' + i * interval '13 minutes',
       100 + floor(random() * 50000), CASE WHEN i % 3 = 0 THEN 'thanks ' || i % 50 END
FROM generate_series(1, 40000) AS i;
INSERT INTO refund
SELECT i, 1 + floor(random() * 4000), timestamp '2023-01-03' + i * interval '97 minutes',
       100 + floor(random() * 9000), i * 7 FROM generate_series(1, 5000) AS i;
INSERT INTO fee
SELECT 1 + floor(random() * 4000), timestamp '2023-01-01' + i * interval '26 minutes', 50 + i % 400, i % 11 = 0
FROM generate_series(1, 20000) AS i;
VACUUM ANALYZE;
