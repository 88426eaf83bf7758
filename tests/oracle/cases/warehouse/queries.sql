-- name: count_all
SELECT count(*) FROM movement;
-- name: sum_of_kind
SELECT sum(pieces) FROM movement WHERE kind = 3;
-- name: few_rows_of_all
SELECT id FROM movement WHERE note LIKE '%y%';
-- name: many_rows
SELECT * FROM movement WHERE pieces > 20;
-- name: per_kind
SELECT kind, count(*), avg(pieces) FROM movement GROUP BY kind;
-- name: per_shelf
SELECT shelf, sum(pieces) FROM movement GROUP BY shelf;
-- name: largest
SELECT * FROM movement ORDER BY pieces DESC, note LIMIT 100;
-- name: sorted
SELECT id, pieces FROM movement WHERE kind = 2 ORDER BY pieces;
-- name: one_article
SELECT * FROM movement WHERE article_id = 50;
-- name: shelves
SELECT count(*) FROM movement WHERE shelf BETWEEN 100 AND 900;
-- name: per_category
SELECT a.category, sum(m.pieces) FROM movement m JOIN article a ON a.id = m.article_id GROUP BY a.category;
-- name: heavy
SELECT m.id FROM movement m JOIN article a ON a.id = m.article_id WHERE a.weight > 4900;
-- name: one_category_and_kind
SELECT count(*) FROM movement m JOIN article a ON a.id = m.article_id WHERE a.category = 7 AND m.kind = 6;
-- name: not_moved
SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT FROM movement m WHERE m.article_id = a.id);
