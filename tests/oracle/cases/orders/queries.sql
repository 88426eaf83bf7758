-- name: sort_on_disk
SELECT * FROM line ORDER BY price;
-- name: top
SELECT * FROM line ORDER BY price DESC LIMIT 10;
-- name: hash_in_batches
SELECT p.id, l.price FROM purchase p JOIN line l ON l.purchase_id = p.id;
-- name: three_tables
SELECT c.region, sum(l.price) FROM customer c JOIN purchase p ON p.customer_id = c.id JOIN line l ON l.purchase_id = p.id GROUP BY c.region;
-- name: one_month_of_region
SELECT c.name, l.price FROM customer c JOIN purchase p ON p.customer_id = c.id JOIN line l ON l.purchase_id = p.id
WHERE c.region = 3 AND p.placed BETWEEN '2023-03-01' AND '2023-03-31';
-- name: one_customer
SELECT p.placed, l.article FROM purchase p JOIN line l ON l.purchase_id = p.id WHERE p.customer_id = 4242;
-- name: article_buyers
SELECT DISTINCT p.customer_id FROM line l JOIN purchase p ON p.id = l.purchase_id WHERE l.article = 1500;
-- name: group_on_disk
SELECT article, price, count(*) FROM line GROUP BY article, price;
-- name: customers_with_open_orders
SELECT c.id FROM customer c WHERE EXISTS (SELECT FROM purchase p WHERE p.customer_id = c.id AND p.state = 4);
-- name: customers_without_orders
SELECT c.id FROM customer c WHERE NOT EXISTS (SELECT FROM purchase p WHERE p.customer_id = c.id);
-- name: same_article
SELECT count(*) FROM line a JOIN line b ON a.article = b.article WHERE a.purchase_id = 77;
-- name: per_customer
SELECT customer_id, max(placed) FROM purchase GROUP BY customer_id ORDER BY customer_id;
-- name: dates_in_order
SELECT p.placed, c.name FROM purchase p JOIN customer c ON c.id = p.customer_id ORDER BY p.placed LIMIT 25;
-- name: cheap_lines_of_recent
SELECT count(*) FROM purchase p JOIN line l ON l.purchase_id = p.id WHERE p.placed > '2023-11-20' AND l.price < 5;
