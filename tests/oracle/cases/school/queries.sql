-- name: class
SELECT * FROM pupil WHERE class = '7c';
-- name: marks_of_pupil
SELECT * FROM mark WHERE pupil_id = 99;
-- name: subject_in_week
SELECT count(*) FROM mark WHERE subject = 4 AND given BETWEEN '2023-09-10' AND '2023-09-12';
-- name: not_excused_on_day
SELECT pupil_id FROM absence WHERE day = '2023-12-01' AND NOT excused;
-- name: excused_per_day
SELECT day, count(*) FROM absence WHERE day > '2024-05-01' AND excused GROUP BY day;
-- name: better_than_average
SELECT m.pupil_id FROM mark m WHERE m.subject = 3 AND m.given = '2023-09-03'
  AND m.mark < (SELECT avg(o.mark) FROM mark o WHERE o.pupil_id = m.pupil_id);
-- name: best_of_all
SELECT pupil_id FROM mark WHERE mark = (SELECT min(mark) FROM mark WHERE subject = 1) AND subject = 1;
-- name: number_of_absences
SELECT p.id, (SELECT count(*) FROM absence a WHERE a.pupil_id = p.id) FROM pupil p WHERE p.class = '5a';
-- name: last_absence_of_each
SELECT p.id, a.day FROM pupil p, LATERAL (SELECT day FROM absence WHERE pupil_id = p.id ORDER BY day DESC LIMIT 1) a
WHERE p.class = '5a';
-- name: marks_of_class
SELECT p.id, m.mark FROM pupil p JOIN mark m ON m.pupil_id = p.id WHERE p.class = '9b' AND m.subject = 2;
-- name: mentors
SELECT p.id, t.class FROM pupil p JOIN pupil t ON t.id = p.mentor_id WHERE p.class = '6b';
-- name: absent_and_marked
SELECT m.pupil_id FROM mark m JOIN absence a ON a.pupil_id = m.pupil_id AND a.day = m.given WHERE m.subject = 7;
-- name: never_absent
SELECT p.id FROM pupil p LEFT JOIN absence a ON a.pupil_id = p.id WHERE a.id IS NULL;
-- name: either
SELECT id FROM pupil WHERE class = '8a' OR id IN (SELECT pupil_id FROM absence WHERE NOT excused AND day = '2024-01-09');
-- name: both
SELECT pupil_id FROM absence WHERE day = '2024-01-09' INTERSECT SELECT pupil_id FROM absence WHERE day = '2024-01-10';
-- name: line_of_mentors
WITH RECURSIVE line AS (
  SELECT id, mentor_id FROM pupil WHERE id = 1000
  UNION ALL SELECT p.id, p.mentor_id FROM pupil p JOIN line l ON p.id = l.mentor_id)
SELECT * FROM line;
-- name: average_per_class
SELECT p.class, avg(m.mark) FROM pupil p JOIN mark m ON m.pupil_id = p.id WHERE m.given < '2023-09-01' GROUP BY p.class;
-- name: bad_marks_from_subquery
SELECT t.n, count(*) FROM (SELECT pupil_id, count(*) AS n FROM mark WHERE mark > 5 GROUP BY pupil_id) t GROUP BY t.n;
-- name: excuse
UPDATE absence a SET excused = true FROM pupil p WHERE p.id = a.pupil_id AND p.class = '5a' AND a.day = '2024-02-02';
