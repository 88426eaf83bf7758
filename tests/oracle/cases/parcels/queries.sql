-- name: one_list_value
SELECT * FROM parcel WHERE region = 'north' AND grams > 2900;
-- name: two_list_values
SELECT count(*) FROM parcel WHERE region IN ('north', 'west');
-- name: the_default
SELECT count(*) FROM parcel WHERE region = 'south' AND depot_id = 12;
-- name: partition_of_partition
SELECT * FROM parcel WHERE region = 'east' AND sent = '2024-03-01';
-- name: dated
SELECT * FROM parcel WHERE sent = '2023-03-01';
-- name: dated_late
SELECT region, count(*) FROM parcel WHERE sent > '2024-08-01' GROUP BY region;
-- name: of_depot
SELECT * FROM parcel WHERE depot_id = 77;
-- name: depots_of_parcels
SELECT d.opened, p.id FROM depot d JOIN parcel p ON p.depot_id = d.id WHERE d.opened = '2010-01-18';
-- name: depots_of_coast
SELECT d.opened, p.id FROM depot d JOIN parcel p ON p.depot_id = d.id
WHERE d.opened < '2010-02-18' AND p.region = 'west' AND p.sent < '2023-05-01';
-- name: labels_of_day
SELECT p.id, l.text FROM parcel p JOIN label l ON l.parcel_id = p.id
WHERE p.region = 'island' AND p.sent = '2023-07-07';
-- name: labels_printed
SELECT count(*) FROM label WHERE printed < '2023-02-01';
-- name: newest
SELECT * FROM parcel ORDER BY sent DESC LIMIT 5;
-- name: first_labels
SELECT * FROM label ORDER BY parcel_id LIMIT 20;
-- name: without_depot
SELECT d.id FROM depot d WHERE NOT EXISTS (SELECT 1 FROM parcel p WHERE p.depot_id = d.id);
-- name: vehicle
SELECT * FROM vehicle WHERE id = 4711;
-- name: only_vehicle
SELECT * FROM ONLY vehicle WHERE id = 471;
-- name: only_vehicles
SELECT count(*) FROM ONLY vehicle v WHERE v.bought > '2016-01-01';
-- name: vehicles_of_year
SELECT count(*) FROM vehicle WHERE bought BETWEEN '2020-01-01' AND '2020-12-31';
-- name: vehicles_of_depot
SELECT d.region, v.id FROM depot d JOIN vehicle v ON v.depot_id = d.id WHERE d.id = 5;
-- name: trucks
SELECT * FROM truck WHERE depot_id = 5;
-- name: nothing_of_its_own
SELECT * FROM ONLY parcel WHERE depot_id = 5;
