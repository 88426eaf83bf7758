-- Data for the sample `bots`: a quarter of a year of messages, newest last.
INSERT INTO bots (name, token, persona, is_enabled)
SELECT 'bot ' || i, md5('bot' || i), repeat('p', 180), i % 12 <> 0 FROM generate_series(1, 24) i;
INSERT INTO chats (telegram_chat_id, title, is_enabled)
SELECT -100000 - i, 'chat ' || i, i % 10 <> 0 FROM generate_series(1, 80) i;
INSERT INTO settings (key, value)
SELECT CASE i WHEN 1 THEN 'quiet_hours' ELSE 'setting ' || i END, to_jsonb(i)
FROM generate_series(1, 40) i;
INSERT INTO messages
    (bot_id, chat_db_id, telegram_message_id, reply_to_message_id, text, created_at)
SELECT CASE WHEN random() < 0.6 THEN 1 + (power(random(), 1.5) * 23)::int END,
       1 + (power(random(), 2) * 79)::int,
       i,
       CASE WHEN random() < 0.2 THEN greatest(1, i - (random() * 400)::int) END,
       repeat(md5(i::text), 1 + (random() * 5)::int),
       timestamptz '2026-03-01 12:00:00+00' - (400000 - i) * interval '19.4 seconds'
FROM generate_series(1, 400000) i;
INSERT INTO bot_stances (bot_id, topic, stance, confidence, cooldown_until, updated_at)
SELECT 1 + i % 24, 'topic ' || i / 24, repeat(md5(i::text), 3), random(),
       CASE WHEN random() < 0.3
            THEN timestamptz '2026-03-01 12:00:00+00' + (random() - 0.8) * interval '4 days' END,
       timestamptz '2026-03-01 12:00:00+00' - random() * interval '60 days'
FROM generate_series(0, 7199) i;
