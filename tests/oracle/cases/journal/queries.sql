-- name: of_account
SELECT * FROM entry WHERE account_id = 3001;
-- name: refunds_of_account
SELECT * FROM entry WHERE account_id = 3001 AND kind = 'refund';
-- name: of_day
SELECT kind, sum(cents) FROM entry WHERE at >= '2023-06-01' AND at < '2023-06-02' GROUP BY kind;
-- name: large
SELECT * FROM entry WHERE cents > 49900;
-- name: of_owner
SELECT a.id, e.at, e.cents FROM account a JOIN entry e ON e.account_id = a.id WHERE a.owner = 'owner 5';
-- name: all_of_owners
SELECT a.owner, sum(e.cents) FROM account a JOIN entry e ON e.account_id = a.id GROUP BY a.owner;
-- name: newest
SELECT * FROM entry ORDER BY at DESC LIMIT 10;
-- name: movements_of_account
SELECT * FROM movement WHERE account_id = 12;
-- name: movements_of_day
SELECT count(*) FROM movement WHERE at BETWEEN '2023-05-05' AND '2023-05-06';
-- name: movements_of_owner
SELECT a.id, sum(m.cents) FROM account a JOIN movement m ON m.account_id = a.id
WHERE a.owner = 'owner 77' GROUP BY a.id;
-- name: last_movements
SELECT a.id, m.at FROM account a LEFT JOIN movement m ON m.account_id = a.id AND m.at > '2023-12-01'
WHERE a.id BETWEEN 10 AND 12;
-- name: in_from
SELECT s.account_id, count(*) FROM
  (SELECT account_id, at FROM payment UNION ALL SELECT account_id, at FROM fee) s
WHERE s.at < '2023-01-20' GROUP BY s.account_id;
-- name: with_join_in_an_arm
SELECT s.owner, s.cents FROM
  (SELECT a.owner, p.cents, p.account_id FROM payment p JOIN account a ON a.id = p.account_id
   UNION ALL
   SELECT 'nobody', f.cents, f.account_id FROM fee f) s
WHERE s.account_id = 44;
-- name: in_cte
WITH both_kinds AS (
  SELECT id, account_id AS account, cents FROM payment
  UNION ALL
  SELECT id, account, cents FROM refund
)
SELECT b.account, b.cents FROM both_kinds b WHERE b.id = 1234;
-- name: nested
SELECT x.account_id, x.cents FROM
  (SELECT account_id, cents FROM (SELECT account_id, cents FROM payment UNION ALL SELECT account, cents FROM refund) y
   UNION ALL SELECT account_id, cents FROM fee) x
WHERE x.account_id = 99;
-- name: exists_movement
SELECT a.id FROM account a
WHERE a.opened = '2019-02-02' AND EXISTS (SELECT 1 FROM entry e WHERE e.account_id = a.id AND e.cents < 0);
-- name: refunded
SELECT e.at, r.cents FROM refund r JOIN payment p ON p.id = r.payment_id
JOIN entry e ON e.account_id = p.account_id WHERE r.id = 321;
-- name: other_types
SELECT s.n FROM (SELECT id AS n FROM account UNION ALL SELECT id FROM payment) s WHERE s.n = 17;
-- name: lateral
SELECT a.id, x.c FROM account a, LATERAL (SELECT cents AS c FROM payment p WHERE p.account_id = a.id UNION ALL SELECT cents FROM refund r WHERE r.account = a.id) x WHERE a.owner = 'owner 3';
-- name: correlated
SELECT a.id, (SELECT max(u.cents) FROM (SELECT account_id, cents FROM payment UNION ALL SELECT account, cents FROM refund) u WHERE u.account_id = a.id) FROM account a WHERE a.id < 20;
-- name: with_cte_inside
WITH big AS MATERIALIZED (SELECT account_id, cents FROM payment WHERE cents > 45000) SELECT s.account_id, sum(s.cents) FROM (SELECT * FROM big UNION ALL SELECT account, cents FROM refund UNION ALL SELECT account_id, cents FROM big) s WHERE s.account_id < 5 GROUP BY 1;
-- name: insub
SELECT * FROM account WHERE id IN (SELECT account_id FROM movement WHERE at < '2023-01-02');
-- name: values_arm
SELECT s.x, a.owner FROM (SELECT 1 AS x UNION ALL SELECT id FROM account WHERE opened = '2019-03-03') s JOIN account a ON a.id = s.x;
-- name: distinct_on
SELECT DISTINCT ON (m.account_id) m.account_id, m.at FROM movement m WHERE m.account_id IN (3, 5, 8) ORDER BY m.account_id, m.at DESC;
-- name: mergeorder
SELECT e.at, e.kind FROM entry e ORDER BY e.at LIMIT 5 OFFSET 10;
-- name: with_itself
SELECT count(*) FROM entry e JOIN entry f ON e.account_id = f.account_id WHERE e.at < '2023-01-03' AND f.at < '2023-01-03';
-- name: full_join
SELECT a.owner, e.cents FROM account a FULL JOIN entry e ON e.account_id = a.id WHERE a.id = 4;
-- name: upper_case
SELECT e.kind, count(*), max(e.at) FROM entry e WHERE upper(e.kind) = 'REFUND' GROUP BY e.kind;
