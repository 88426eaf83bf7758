-- name: board
SELECT train, planned, platform FROM stop
WHERE station = 'BCS' AND planned >= '2024-01-10 08:00' AND planned < '2024-01-10 12:00' ORDER BY planned;
-- name: one_hour
SELECT * FROM stop WHERE planned BETWEEN '2024-01-12 07:00' AND '2024-01-12 08:00';
-- name: one_week
SELECT * FROM stop WHERE planned >= '2024-01-08' AND planned < timestamp '2024-01-08' + interval '7 days';
-- name: index_alone
SELECT planned FROM stop WHERE planned > '2024-01-20';
-- name: count_of_station
SELECT count(*) FROM stop WHERE station = 'AAS';
-- name: stations_alone
SELECT station, planned FROM stop WHERE station IN ('AAS', 'DJS', 'CCS');
-- name: bitmap_and
SELECT train FROM stop WHERE platform = 9 AND station = 'ACS';
-- name: bitmap_or
SELECT train FROM stop WHERE station = 'DPS' OR planned < '2024-01-01 06:00';
-- name: platform_or_none
SELECT train FROM stop WHERE platform = 3 OR platform IS NULL;
-- name: late
SELECT count(*) FROM stop WHERE actual - planned > interval '15 minutes';
-- name: train
SELECT * FROM stop WHERE train = 1234 ORDER BY position;
-- name: first_stops
SELECT * FROM stop WHERE train = 1234 AND position <= 2;
-- name: second_column_of_key
SELECT count(*) FROM stop WHERE position = 10;
-- name: row_comparison
SELECT train, position FROM stop WHERE (train, position) > (2900, 5) ORDER BY train, position LIMIT 50;
-- name: names_of_route
SELECT s.position, t.name FROM stop s JOIN station t ON t.code = s.station WHERE s.train = 77 ORDER BY s.position;
-- name: zone_in_one_hour
SELECT s.train, t.name FROM stop s JOIN station t ON t.code = s.station
WHERE t.zone = 3 AND s.planned BETWEEN '2024-01-12 07:00' AND '2024-01-12 08:00';
-- name: brin_range
SELECT sum(price) FROM ticket WHERE bought >= '2024-01-10 00:00+00' AND bought < '2024-01-11 00:00+00';
-- name: dear_tickets
SELECT id FROM ticket WHERE price > 103;
-- name: price_range
SELECT count(*) FROM ticket WHERE price BETWEEN 20 AND 21.5;
-- name: both_kinds
SELECT train FROM stop WHERE station = 'ARS' AND planned < '2024-01-05' UNION ALL SELECT train FROM ticket WHERE price = 104;
-- name: either_kind
SELECT train FROM stop WHERE cancelled UNION SELECT train FROM ticket WHERE class = 1;
-- name: trains_without_tickets
SELECT train FROM stop WHERE position = 1 EXCEPT SELECT train FROM ticket;
-- name: cte_used_once
WITH busy AS (SELECT train, count(*) AS n FROM ticket GROUP BY train HAVING count(*) > 25)
SELECT b.train, b.n, s.station FROM busy b JOIN stop s ON s.train = b.train AND s.position = 1;
-- name: cte_used_twice
WITH income AS (SELECT train, sum(price) AS total FROM ticket GROUP BY train)
SELECT * FROM income WHERE total > (SELECT avg(total) FROM income);
-- name: cte_inlined
WITH cancelled AS (SELECT * FROM stop WHERE cancelled) SELECT * FROM cancelled WHERE train = 100;
-- name: cte_materialized
WITH cancelled AS MATERIALIZED (SELECT * FROM stop WHERE cancelled) SELECT * FROM cancelled WHERE train = 100;
