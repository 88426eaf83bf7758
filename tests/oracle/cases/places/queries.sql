-- name: one_place
SELECT * FROM job WHERE ctid = '(3,7)';
-- name: listed_places
SELECT id FROM job WHERE ctid IN ('(3,7)', '(4,1)', '(9,2)') AND queue = 'mail';
-- name: array_of_places
SELECT id FROM job WHERE ctid = ANY ('{"(3,7)","(4,1)"}'::tid[]);
-- name: either_place
SELECT * FROM job WHERE ctid = '(3,7)' OR (ctid = '(4,1)' AND id > 10);
-- name: place_or_not
SELECT * FROM job WHERE ctid = '(3,7)' OR id > 10;
-- name: first_pages
SELECT * FROM job WHERE ctid < '(20,1)';
-- name: some_pages
SELECT * FROM job WHERE ctid >= '(100,0)' AND '(110,0)' > ctid AND queue = 'bill';
-- name: nearly_all_pages
SELECT count(*) FROM job WHERE ctid > '(5,0)';
-- name: last_page
SELECT * FROM job WHERE ctid >= '(395,20)';
-- name: place_of_another
SELECT r.took, j.payload FROM run r JOIN job j ON j.ctid = r.place WHERE r.id = 77;
-- name: places_of_another
SELECT r.took, j.payload FROM run r LEFT JOIN job j ON j.ctid = r.place WHERE r.job_id = 5;
-- name: all_places
SELECT r.took, j.payload FROM run r JOIN job j ON j.ctid = r.place;
-- name: one_batch
DELETE FROM job WHERE ctid IN (SELECT ctid FROM job WHERE due < '2024-01-09' ORDER BY due LIMIT 50);
-- name: one_batch_as_array
DELETE FROM job WHERE ctid = ANY (ARRAY(SELECT ctid FROM job WHERE due < '2024-01-09' LIMIT 50));
-- name: taken_jobs
UPDATE job j SET queue = 'taken'
FROM (SELECT ctid FROM job WHERE queue = 'bill' ORDER BY due LIMIT 5 FOR UPDATE SKIP LOCKED) n
WHERE j.ctid = n.ctid;
-- name: later_copies
DELETE FROM run a USING run b WHERE a.job_id = b.job_id AND a.ctid < b.ctid AND b.id = 12;
-- name: written_with_another
UPDATE run SET took = took + 1 FROM job WHERE job.id = run.job_id AND job.due < '2024-01-01 12:00';
-- name: no_place
SELECT * FROM job WHERE ctid IS NULL;
-- name: elsewhere
SELECT ctid, count(*) FROM run WHERE ctid <> '(0,1)' GROUP BY ctid ORDER BY ctid LIMIT 5;
