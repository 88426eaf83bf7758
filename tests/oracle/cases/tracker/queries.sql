-- name: open_of_person
SELECT * FROM issue WHERE assignee_id = 700 AND status <> 'closed';
-- name: all_of_person
SELECT * FROM issue WHERE assignee_id = 700;
-- name: blockers
SELECT id FROM issue WHERE severity = 1 AND status = 'open' ORDER BY opened_on;
-- name: unassigned
SELECT count(*) FROM issue WHERE assignee_id IS NULL AND status = 'open';
-- name: by_email
SELECT id FROM person WHERE lower(email) = 'person77@example.org';
-- name: by_length_class
SELECT id FROM comment WHERE length / 100 = 39;
-- name: newest_of_project
SELECT * FROM issue WHERE project_id = 12 ORDER BY opened_on DESC LIMIT 20;
-- name: issue_with_comments
SELECT i.id, c.id, c.length FROM issue i JOIN comment c ON c.issue_id = i.id WHERE i.id = 4000;
-- name: comments_of_small_project
SELECT c.id FROM project p JOIN issue i ON i.project_id = p.id JOIN comment c ON c.issue_id = i.id WHERE p.key = 'P60';
-- name: comments_of_large_project
SELECT c.id FROM project p JOIN issue i ON i.project_id = p.id JOIN comment c ON c.issue_id = i.id WHERE p.id = 1;
-- name: everything
SELECT i.id, c.length FROM issue i JOIN comment c ON c.issue_id = i.id;
-- name: everything_in_order
SELECT i.id, c.id FROM issue i JOIN comment c ON c.issue_id = i.id ORDER BY i.id;
-- name: four_tables
SELECT p.key, i.id, a.email, c.length
FROM comment c JOIN issue i ON i.id = c.issue_id JOIN project p ON p.id = i.project_id JOIN person a ON a.id = c.author_id
WHERE p.archived AND a.team = 3 AND i.severity = 5;
-- name: four_tables_few_rows
SELECT p.key, r.email, c.length FROM issue i JOIN project p ON p.id = i.project_id JOIN person r ON r.id = i.reporter_id
JOIN comment c ON c.issue_id = i.id WHERE i.opened_on = '2022-02-02' AND i.status = 'open';
-- name: same_person
SELECT c.id FROM issue i JOIN comment c ON c.issue_id = i.id AND c.author_id = i.reporter_id WHERE i.project_id = 5;
-- name: assignee_if_any
SELECT i.id, a.email FROM issue i LEFT JOIN person a ON a.id = i.assignee_id WHERE i.project_id = 50;
-- name: outer_that_is_inner
SELECT i.id, a.email FROM issue i LEFT JOIN person a ON a.id = i.assignee_id WHERE a.team = 4 AND i.severity = 2;
-- name: issues_without_comments
SELECT i.id FROM issue i LEFT JOIN comment c ON c.issue_id = i.id WHERE c.id IS NULL;
-- name: nothing_of_outer_join_needed
SELECT i.id FROM issue i LEFT JOIN person a ON a.id = i.assignee_id WHERE i.opened_on > '2023-08-01';
-- name: full_join
SELECT p.id, i.id FROM project p FULL JOIN issue i ON i.project_id = p.id;
-- name: exists_comment_of_person
SELECT i.id FROM issue i WHERE EXISTS (SELECT FROM comment c WHERE c.issue_id = i.id AND c.author_id = 900);
-- name: exists_any_comment
SELECT count(*) FROM issue i WHERE EXISTS (SELECT FROM comment c WHERE c.issue_id = i.id);
-- name: not_exists
SELECT p.id FROM person p WHERE NOT EXISTS (SELECT FROM issue i WHERE i.reporter_id = p.id);
-- name: in_subquery
SELECT * FROM issue WHERE project_id IN (SELECT id FROM project WHERE archived) AND severity = 1;
-- name: not_in_subquery
SELECT count(*) FROM issue WHERE project_id NOT IN (SELECT id FROM project WHERE archived);
-- name: per_team
SELECT a.team, count(*) FROM issue i JOIN person a ON a.id = i.assignee_id GROUP BY a.team ORDER BY 2 DESC;
-- name: comments_per_issue
SELECT i.id, count(c.id) FROM issue i LEFT JOIN comment c ON c.issue_id = i.id WHERE i.project_id = 20 GROUP BY i.id;
-- name: close_old
UPDATE issue SET status = 'closed' WHERE opened_on < '2020-03-01' AND status = 'waiting';
-- name: delete_comments
DELETE FROM comment WHERE issue_id = 99 AND deleted;
-- name: add_comment
INSERT INTO comment VALUES (70001, 5, 6, 120, false);
