-- name: one_day
SELECT * FROM measurement WHERE taken >= '2024-05-05' AND taken < '2024-05-06';
-- name: one_partition
SELECT avg(value) FROM measurement WHERE taken >= '2024-07-01';
-- name: two_partitions
SELECT count(*) FROM measurement WHERE taken BETWEEN '2024-03-30' AND '2024-04-02';
-- name: all_partitions
SELECT kind, count(*) FROM measurement GROUP BY kind;
-- name: of_sensor
SELECT * FROM measurement WHERE sensor_id = 17;
-- name: of_sensor_on_day
SELECT * FROM measurement WHERE sensor_id = 17 AND taken >= '2024-02-02' AND taken < '2024-02-03';
-- name: newest_of_sensor
SELECT * FROM measurement WHERE sensor_id = 17 ORDER BY taken DESC LIMIT 1;
-- name: newest
SELECT * FROM measurement ORDER BY taken DESC LIMIT 10;
-- name: none
SELECT * FROM measurement WHERE taken < '2023-01-01';
-- name: floor_of_day
SELECT s.room, avg(m.value) FROM sensor s JOIN measurement m ON m.sensor_id = s.id
WHERE s.floor = 2 AND m.taken >= '2024-08-01' AND m.taken < '2024-08-03' GROUP BY s.room;
-- name: room
SELECT m.taken, m.value FROM sensor s JOIN measurement m ON m.sensor_id = s.id WHERE s.room = 'room 7';
-- name: one_partition_by_name
SELECT count(*) FROM measurement_q2 WHERE kind = 5;
