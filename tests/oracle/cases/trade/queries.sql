-- name: price_list
SELECT refused, way, sum(pieces), sum(amount), sum(amount * (1 - rebate)), avg(pieces), count(*)
FROM delivery WHERE sent <= date '2023-10-01' - interval '90 days' GROUP BY refused, way ORDER BY refused, way;
-- name: cheapest_maker
SELECT m.balance, m.id, y.name, p.id FROM product p, maker m, offer o, country y, continent t
WHERE p.id = o.product_id AND m.id = o.maker_id AND p.size = 15 AND p.material LIKE '%brushed'
  AND m.country_id = y.id AND y.continent_id = t.id AND t.name = 'continent 3'
  AND o.price = (SELECT min(o.price) FROM offer o, maker m, country y, continent t
                 WHERE p.id = o.product_id AND m.id = o.maker_id AND m.country_id = y.id
                   AND y.continent_id = t.id AND t.name = 'continent 3')
ORDER BY m.balance DESC, y.name, p.id LIMIT 100;
-- name: undelivered
SELECT d.contract_id, sum(d.amount * (1 - d.rebate)) AS revenue, c.signed
FROM client k, contract c, delivery d
WHERE k.sector = 'sector 1' AND k.id = c.client_id AND d.contract_id = c.id AND c.signed < '2020-03-15' AND d.sent > '2020-03-15'
GROUP BY d.contract_id, c.signed ORDER BY revenue DESC, c.signed LIMIT 10;
-- name: urgency_of_late
SELECT urgency, count(*) FROM contract c
WHERE signed >= '2019-07-01' AND signed < date '2019-07-01' + interval '3 months'
  AND EXISTS (SELECT * FROM delivery d WHERE d.contract_id = c.id AND d.due < d.arrived)
GROUP BY urgency ORDER BY urgency;
-- name: trade_within_country
SELECT y.name, sum(d.amount * (1 - d.rebate)) AS revenue
FROM client k, contract c, delivery d, maker m, country y, continent t
WHERE k.id = c.client_id AND d.contract_id = c.id AND d.maker_id = m.id AND k.country_id = m.country_id
  AND m.country_id = y.id AND y.continent_id = t.id AND t.name = 'continent 2'
  AND c.signed >= '2020-01-01' AND c.signed < '2021-01-01'
GROUP BY y.name ORDER BY revenue DESC;
-- name: rebates
SELECT sum(amount * rebate) FROM delivery
WHERE sent >= '2020-01-01' AND sent < '2021-01-01' AND rebate BETWEEN 0.05 AND 0.07 AND pieces < 24;
-- name: between_two_countries
SELECT a.name, b.name, extract(year FROM d.sent) AS year, sum(d.amount)
FROM maker m, delivery d, contract c, client k, country a, country b
WHERE m.id = d.maker_id AND c.id = d.contract_id AND k.id = c.client_id AND m.country_id = a.id AND k.country_id = b.id
  AND ((a.name = 'country 6' AND b.name = 'country 7') OR (a.name = 'country 7' AND b.name = 'country 6'))
  AND d.sent BETWEEN '2020-01-01' AND '2021-12-31'
GROUP BY a.name, b.name, year ORDER BY a.name, b.name, year;
-- name: market_share
SELECT year, sum(CASE WHEN name = 'country 12' THEN volume ELSE 0 END) / sum(volume)
FROM (SELECT extract(year FROM c.signed) AS year, d.amount AS volume, b.name
      FROM product p, maker m, delivery d, contract c, client k, country a, country b, continent t
      WHERE p.id = d.product_id AND m.id = d.maker_id AND d.contract_id = c.id AND c.client_id = k.id
        AND k.country_id = a.id AND a.continent_id = t.id AND t.name = 'continent 1' AND m.country_id = b.id
        AND c.signed BETWEEN '2020-01-01' AND '2021-12-31' AND p.material = 'steel plated') AS volumes
GROUP BY year ORDER BY year;
-- name: profit
SELECT country, year, sum(profit)
FROM (SELECT y.name AS country, extract(year FROM c.signed) AS year, d.amount - o.price * d.pieces AS profit
      FROM product p, maker m, delivery d, offer o, contract c, country y
      WHERE m.id = d.maker_id AND o.maker_id = d.maker_id AND o.product_id = d.product_id AND p.id = d.product_id
        AND c.id = d.contract_id AND m.country_id = y.id AND p.material LIKE '%tin%') AS profits
GROUP BY country, year ORDER BY country, year DESC;
-- name: refusers
SELECT k.id, sum(d.amount) AS revenue, k.balance, y.name
FROM client k, contract c, delivery d, country y
WHERE k.id = c.client_id AND d.contract_id = c.id AND c.signed >= '2019-10-01' AND c.signed < '2020-01-01'
  AND d.refused AND k.country_id = y.id
GROUP BY k.id, k.balance, y.name ORDER BY revenue DESC LIMIT 20;
-- name: valuable_stock
SELECT o.product_id, sum(o.price * o.stock) AS value FROM offer o, maker m, country y
WHERE o.maker_id = m.id AND m.country_id = y.id AND y.name = 'country 7'
GROUP BY o.product_id
HAVING sum(o.price * o.stock) > (SELECT sum(o.price * o.stock) * 0.001 FROM offer o, maker m, country y
                                 WHERE o.maker_id = m.id AND m.country_id = y.id AND y.name = 'country 7')
ORDER BY value DESC;
-- name: ways_and_urgency
SELECT d.way, sum(CASE WHEN c.urgency = 'urgency 1' OR c.urgency = 'urgency 2' THEN 1 ELSE 0 END)
FROM contract c, delivery d
WHERE c.id = d.contract_id AND d.way IN ('mail', 'ship') AND d.due < d.arrived AND d.sent < d.due
  AND d.arrived >= '2020-01-01' AND d.arrived < '2021-01-01'
GROUP BY d.way ORDER BY d.way;
-- name: clients_by_contracts
SELECT n, count(*) FROM (SELECT k.id, count(c.id) AS n FROM client k
  LEFT JOIN contract c ON k.id = c.client_id AND c.urgency NOT LIKE '%4' GROUP BY k.id) AS counts
GROUP BY n ORDER BY 2 DESC, n DESC;
-- name: share_of_steel
SELECT 100 * sum(CASE WHEN p.material LIKE 'steel%' THEN d.amount ELSE 0 END) / sum(d.amount)
FROM delivery d, product p WHERE d.product_id = p.id AND d.sent >= '2020-09-01' AND d.sent < '2020-10-01';
-- name: best_maker
WITH revenue AS (SELECT maker_id, sum(amount) AS total FROM delivery
                 WHERE sent >= '2021-01-01' AND sent < '2021-04-01' GROUP BY maker_id)
SELECT m.id, m.balance, r.total FROM maker m, revenue r
WHERE m.id = r.maker_id AND r.total = (SELECT max(total) FROM revenue) ORDER BY m.id;
-- name: makers_per_product
SELECT p.brand, p.material, p.size, count(DISTINCT o.maker_id) AS n FROM offer o, product p
WHERE p.id = o.product_id AND p.brand <> 'brand 14' AND p.material NOT LIKE 'tin%' AND p.size IN (49, 14, 23, 45, 19, 3, 36, 9)
  AND o.maker_id NOT IN (SELECT id FROM maker WHERE remark LIKE '%complaints%')
GROUP BY p.brand, p.material, p.size ORDER BY n DESC, p.brand, p.material, p.size;
-- name: small_deliveries
SELECT sum(d.amount) / 7 FROM delivery d, product p
WHERE p.id = d.product_id AND p.brand = 'brand 23' AND p.packing = 'box'
  AND d.pieces < (SELECT 0.2 * avg(pieces) FROM delivery WHERE product_id = p.id);
-- name: large_contracts
SELECT k.id, c.id, c.signed, sum(d.pieces) FROM client k, contract c, delivery d
WHERE c.id IN (SELECT contract_id FROM delivery GROUP BY contract_id HAVING sum(pieces) > 170)
  AND k.id = c.client_id AND c.id = d.contract_id
GROUP BY k.id, c.id, c.signed ORDER BY c.signed LIMIT 100;
-- name: three_kinds
SELECT sum(d.amount) FROM delivery d, product p
WHERE (p.id = d.product_id AND p.brand = 'brand 12' AND p.packing IN ('box', 'bag') AND d.pieces BETWEEN 1 AND 11 AND d.way = 'air')
   OR (p.id = d.product_id AND p.brand = 'brand 23' AND p.packing IN ('can', 'bag') AND d.pieces BETWEEN 10 AND 20 AND d.way = 'air')
   OR (p.id = d.product_id AND p.brand = 'brand 3' AND p.packing = 'drum' AND d.pieces BETWEEN 20 AND 30 AND d.way = 'air');
-- name: surplus
SELECT m.id FROM maker m, country y
WHERE m.id IN (SELECT o.maker_id FROM offer o
               WHERE o.product_id IN (SELECT id FROM product WHERE material LIKE 'copper%')
                 AND o.stock > (SELECT 0.5 * sum(pieces) FROM delivery d
                                WHERE d.product_id = o.product_id AND d.maker_id = o.maker_id AND d.sent >= '2020-01-01'))
  AND m.country_id = y.id AND y.name = 'country 3' ORDER BY m.id;
-- name: waiting_for_one
SELECT m.id, count(*) AS n FROM maker m, delivery d, contract c, country y
WHERE m.id = d.maker_id AND c.id = d.contract_id AND c.state = 'f' AND d.arrived > d.due
  AND EXISTS (SELECT * FROM delivery o WHERE o.contract_id = d.contract_id AND o.maker_id <> d.maker_id)
  AND NOT EXISTS (SELECT * FROM delivery o WHERE o.contract_id = d.contract_id AND o.maker_id <> d.maker_id AND o.arrived > o.due)
  AND m.country_id = y.id AND y.name = 'country 20'
GROUP BY m.id ORDER BY n DESC, m.id LIMIT 100;
-- name: clients_to_win
SELECT code, count(*), sum(balance)
FROM (SELECT substring(phone FROM 1 FOR 2) AS code, balance FROM client k
      WHERE substring(phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17')
        AND balance > (SELECT avg(balance) FROM client WHERE balance > 0 AND substring(phone FROM 1 FOR 2) IN ('13', '31', '23'))
        AND NOT EXISTS (SELECT * FROM contract c WHERE c.client_id = k.id)) AS clients
GROUP BY code ORDER BY code;
