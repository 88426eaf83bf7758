-- name: by_key
SELECT * FROM loan WHERE id = 4711;
-- name: keys_in_list
SELECT * FROM loan WHERE id IN (3, 1415, 9265, 35897, 93238);
-- name: short_range_of_keys
SELECT id, reader FROM loan WHERE id BETWEEN 1000 AND 1200;
-- name: half_of_the_keys
SELECT id, reader FROM loan WHERE id > 20000;
-- name: frequent_reader
SELECT * FROM loan WHERE reader = 2;
-- name: rare_reader
SELECT * FROM loan WHERE reader = 3991;
-- name: readers_in_list
SELECT book FROM loan WHERE reader IN (17, 400, 2900, 3100);
-- name: common_branch
SELECT * FROM loan WHERE branch = 1;
-- name: rare_branch
SELECT * FROM loan WHERE branch = 12;
-- name: branch_and_month
SELECT * FROM loan WHERE branch = 4 AND taken_on >= '2022-03-01' AND taken_on < '2022-04-01';
-- name: branch_and_its_desk
SELECT count(*) FROM loan WHERE branch = 7 AND desk = 22;
-- name: one_day
SELECT * FROM loan WHERE taken_on = '2022-06-06';
-- name: one_week
SELECT reader, book FROM loan WHERE taken_on BETWEEN '2022-06-06' AND '2022-06-12';
-- name: not_returned
SELECT id FROM loan WHERE returned_on IS NULL;
-- name: returned
SELECT count(*) FROM loan WHERE returned_on IS NOT NULL;
-- name: not_returned_of_last_weeks
SELECT id FROM loan WHERE returned_on IS NULL AND taken_on > '2023-09-01';
-- name: book_without_the_heap
SELECT reader FROM loan WHERE book = 77;
-- name: book_and_reader
SELECT id FROM loan WHERE book = 77 AND reader = 21;
-- name: either_column
SELECT id FROM loan WHERE reader = 3500 OR book = 1234;
-- name: two_indexes
SELECT id FROM loan WHERE reader BETWEEN 100 AND 130 AND returned_on BETWEEN '2021-05-01' AND '2021-06-10';
-- name: overdue
SELECT id FROM loan WHERE overdue;
-- name: overdue_with_fine
SELECT id FROM loan WHERE overdue AND fine > 20;
-- name: all_but_one_branch
SELECT count(*) FROM loan WHERE branch <> 1;
-- name: arithmetic
SELECT id FROM loan WHERE returned_on - taken_on > 30;
-- name: last_of_reader
SELECT * FROM loan WHERE reader = 40 ORDER BY taken_on DESC LIMIT 1;
-- name: newest
SELECT * FROM loan ORDER BY taken_on DESC LIMIT 20;
-- name: newest_of_branch
SELECT * FROM loan WHERE branch = 3 ORDER BY taken_on DESC LIMIT 10;
-- name: page_far_behind
SELECT * FROM loan ORDER BY taken_on, id LIMIT 10 OFFSET 5000;
-- name: newest_with_fine
SELECT * FROM loan WHERE fine > 28 ORDER BY taken_on LIMIT 5;
-- name: extremes
SELECT min(taken_on), max(taken_on) FROM loan;
-- name: nothing
SELECT * FROM loan WHERE id = 5 AND false;
