-- One day of the bots, counted by the application. It wakes every five seconds.

-- name: tick_bots; calls: 17280
SELECT id, name, persona FROM bots WHERE is_enabled;

-- name: tick_chats; calls: 17280
SELECT id, telegram_chat_id, title FROM chats WHERE is_enabled;

-- name: tick_setting; calls: 51840
SELECT value FROM settings WHERE key = 'quiet_hours';

-- name: loop_last_post; calls: 414720
-- In the loop over the 24 bots: one query a bot a tick.
SELECT max(created_at) FROM messages WHERE bot_id = 7;

-- name: chat_tail; calls: 60000
SELECT id, bot_id, text, created_at FROM messages
WHERE chat_db_id = 12 ORDER BY created_at DESC LIMIT 30;

-- name: bot_tail; calls: 24000
SELECT id, chat_db_id, text, created_at FROM messages
WHERE bot_id = 7 ORDER BY created_at DESC LIMIT 20;

-- name: posts_this_hour; calls: 86400
SELECT count(*) FROM messages WHERE bot_id = 7 AND created_at >= '2026-03-01 11:00:00+00';

-- name: posts_by_chat; calls: 4000
SELECT chat_db_id, count(*) FROM messages
WHERE bot_id = 7 AND created_at >= '2026-02-28 12:00:00+00' GROUP BY chat_db_id;

-- name: message_by_telegram_id; calls: 30000
SELECT id, bot_id, text FROM messages WHERE chat_db_id = 12 AND telegram_message_id = 391744;

-- name: own_message_by_telegram_id; calls: 12000
SELECT id, text FROM messages
WHERE chat_db_id = 12 AND bot_id = 7 AND telegram_message_id = 391744;

-- name: replies; calls: 9000
SELECT id, bot_id, text FROM messages WHERE reply_to_message_id = 391744 AND chat_db_id = 12;

-- name: busy_chats; calls: 288
SELECT c.title, count(*) AS posts FROM messages m JOIN chats c ON c.id = m.chat_db_id
WHERE m.created_at >= '2026-03-01 11:55:00+00' AND c.is_enabled
GROUP BY c.title ORDER BY posts DESC LIMIT 10;

-- name: stances_of_bot; calls: 40000
SELECT topic, stance, confidence FROM bot_stances
WHERE bot_id = 7 ORDER BY updated_at DESC LIMIT 5;

-- name: stance_on_topic; calls: 25000
SELECT stance, confidence FROM bot_stances WHERE bot_id = 7 AND topic = 'topic 81';

-- name: cooling_stances; calls: 17280
SELECT id, topic FROM bot_stances WHERE bot_id = 7 AND cooldown_until > now();

-- name: add_message; calls: 52000
INSERT INTO messages (bot_id, chat_db_id, telegram_message_id, reply_to_message_id, text)
VALUES (7, 12, 391745, NULL, 'good morning');

-- name: change_stance; calls: 6000
INSERT INTO bot_stances (bot_id, topic, stance) VALUES (7, 'topic 81', 'undecided')
ON CONFLICT (bot_id, topic) DO UPDATE SET stance = excluded.stance, updated_at = now();

-- name: forget_old_messages; calls: 24
DELETE FROM messages WHERE created_at < '2025-12-01 00:00:00+00';
