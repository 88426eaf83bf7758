\set user_id random(1, 30000)
\set telegram_id 7000000000 + :user_id
SELECT role, content, "timestamp" FROM conversation_history WHERE user_id = :user_id ORDER BY "timestamp" DESC LIMIT 20;
SELECT id, username, language FROM users WHERE telegram_id = :telegram_id AND is_active;
SELECT id, message, next_execution FROM reminders WHERE user_id = :user_id AND active ORDER BY next_execution;
SELECT date_trunc('day', "timestamp") AS day, sum(calories) FROM food_entries WHERE user_id = :user_id AND "timestamp" >= '2026-02-01 00:00:00+00' GROUP BY day ORDER BY day;
