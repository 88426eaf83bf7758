-- name: history; calls: 48000
SELECT role, content, "timestamp" FROM conversation_history
WHERE user_id = 4711 ORDER BY "timestamp" DESC LIMIT 20;

-- name: meals_of_the_week; calls: 15000
SELECT id, food_name, calories, protein_g, "timestamp" FROM food_entries
WHERE user_id = 4711 AND "timestamp" > '2026-02-22 12:00:00+00' ORDER BY "timestamp" DESC;

-- name: calories_today; calls: 22000
SELECT sum(calories), sum(protein_g) FROM food_entries
WHERE user_id = 4711 AND "timestamp" >= '2026-03-01 00:00:00+00';

-- name: usual_meals; calls: 3000
SELECT food_name, count(*) AS times, avg(calories) FROM food_entries
WHERE user_id = 4711 GROUP BY food_name ORDER BY times DESC LIMIT 5;

-- name: same_meal_again; calls: 4000
SELECT calories, "timestamp" FROM food_entries
WHERE user_id = 4711 AND food_name = 'food 17' ORDER BY "timestamp" DESC LIMIT 1;

-- name: due_reminders; calls: 8640
SELECT id, user_id, message FROM reminders
WHERE active AND next_execution <= '2026-03-01 12:00:10+00' ORDER BY next_execution;

-- name: reminders_of_user; calls: 5000
SELECT id, message, next_execution FROM reminders WHERE user_id = 4711 AND active;

-- name: user_by_telegram_id; calls: 90000
SELECT id, username, language FROM users WHERE telegram_id = 7000004711 AND is_active;

-- name: leaderboard; calls: 6000
SELECT user_id, total_xp, level FROM user_xp ORDER BY total_xp DESC LIMIT 10;

-- name: rank_of_user; calls: 2000
SELECT count(*) + 1 AS rank FROM user_xp WHERE total_xp > 23950;

-- name: xp_of_user; calls: 30000
SELECT total_xp, level, streak_days FROM user_xp WHERE user_id = 4711;

-- name: remember; calls: 96000
INSERT INTO conversation_history (user_id, role, content) VALUES (4711, 'user', 'two eggs');

-- name: eat; calls: 18000
INSERT INTO food_entries (user_id, food_name, calories, protein_g, "timestamp")
VALUES (4711, 'food 17', 210.5, 12.0, '2026-03-01 12:00:00+00');

-- name: gain_xp; calls: 24000
UPDATE user_xp SET total_xp = total_xp + 15, updated_at = now() WHERE user_id = 4711;

-- name: reschedule; calls: 9000
UPDATE reminders SET next_execution = next_execution + interval '1 day' WHERE id = 815;
