-- Data for the sample `agents`.
INSERT INTO agents (name, kind, status, last_seen_at)
SELECT 'agent ' || i, (ARRAY['planner', 'coder', 'critic', 'runner'])[1 + i % 4],
       (ARRAY['idle', 'busy', 'busy', 'offline'])[1 + (random() * 3)::int],
       timestamptz '2026-03-01 12:00:00+00' - random() * interval '2 days'
FROM generate_series(1, 400) i;
INSERT INTO messages (channel, sender_id, body, created_at)
SELECT 'channel ' || (power(random(), 2) * 299)::int, 1 + (random() * 399)::int,
       jsonb_build_object('text', repeat(md5(i::text), 1 + (random() * 4)::int)),
       timestamptz '2026-03-01 12:00:00+00' - (300000 - i) * interval '9 seconds'
FROM generate_series(1, 300000) i;
INSERT INTO workflows (owner_id, title, status, created_at, finished_at)
SELECT 1 + (random() * 399)::int, 'workflow ' || i,
       (CASE WHEN i > 49000 THEN (ARRAY['queued', 'running', 'waiting'])[1 + i % 3]
             WHEN i % 20 = 0 THEN 'failed' ELSE 'done' END)::workflow_status,
       timestamptz '2026-03-01 12:00:00+00' - (50000 - i) * interval '54 seconds',
       CASE WHEN i <= 49000
            THEN timestamptz '2026-03-01 12:05:00+00' - (50000 - i) * interval '54 seconds' END
FROM generate_series(1, 50000) i;
INSERT INTO workflow_tasks (workflow_id, agent_id, status, "position", payload)
SELECT w.id, CASE WHEN random() < 0.9 THEN 1 + (random() * 399)::int END,
       CASE WHEN w.status IN ('done', 'failed') THEN 'done'::workflow_status
            WHEN p = 1 THEN 'running' ELSE 'queued' END,
       p, jsonb_build_object('step', p)
FROM workflows w CROSS JOIN generate_series(1, 5) p;
