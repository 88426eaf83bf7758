SELECT setseed(0.1);
INSERT INTO loan
SELECT i, branch, branch * 3 + 1, 1 + floor(power(random(), 2) * 4000), 1 + floor(random() * 9000),
       taken_on, CASE WHEN random() < 0.9 THEN taken_on + 1 + floor(random() * 40)::integer END,
       CASE WHEN random() < 0.85 THEN 0 ELSE round((random() * 30)::numeric, 1) END, random() < 0.03
FROM (SELECT i, 1 + floor(power(random(), 3) * 12)::smallint AS branch,
             date '2021-01-01' + (i / 40) AS taken_on
      FROM generate_series(1, 40000) AS i) AS loans;
ALTER TABLE loan ALTER COLUMN overdue SET STATISTICS 200;
VACUUM ANALYZE;
