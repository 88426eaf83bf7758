-- Data for the sample `health`.
INSERT INTO users (telegram_id, username, language, is_active, created_at)
SELECT 7000000000 + i, 'user' || i, (ARRAY['en', 'en', 'de', 'ru'])[1 + i % 4], i % 4 = 3,
       timestamptz '2026-03-01 12:00:00+00' - random() * interval '700 days'
FROM generate_series(1, 30000) i;
INSERT INTO conversation_history (user_id, role, content, "timestamp")
SELECT 1 + (power(random(), 2) * 29999)::int, (ARRAY['user', 'assistant'])[1 + i % 2],
       repeat(md5(i::text), 1 + (random() * 3)::int),
       timestamptz '2026-03-01 12:00:00+00' - (600000 - i) * interval '21 seconds'
FROM generate_series(1, 600000) i;
INSERT INTO food_entries (user_id, food_name, calories, protein_g, photo_url, "timestamp")
SELECT 1 + (power(random(), 2) * 29999)::int, 'food ' || (power(random(), 2) * 800)::int,
       (random() * 900)::numeric(7, 1), (random() * 60)::numeric(6, 1),
       CASE WHEN random() < 0.3 THEN 'photos/' || md5(i::text) || '.jpg' END,
       timestamptz '2026-03-01 12:00:00+00' - (300000 - i) * interval '42 seconds'
FROM generate_series(1, 300000) i;
INSERT INTO reminders (user_id, message, active, next_execution)
SELECT 1 + (random() * 29999)::int, 'drink water ' || i, random() < 0.12,
       timestamptz '2026-03-01 12:00:00+00' + (random() - 0.9) * interval '30 days'
FROM generate_series(1, 60000) i;
-- A reminder that is due has run and was set to its next time, so active ones lie ahead.
UPDATE reminders SET next_execution = timestamptz '2026-03-01 12:00:00+00'
    + (random() - 0.001) * interval '7 days' WHERE active;
INSERT INTO user_xp (user_id, total_xp, level, streak_days)
SELECT i, (power(random(), 3) * 25000)::int, 1 + (random() * 20)::int, (random() * 90)::int
FROM generate_series(1, 30000) i;
