-- name: channel_tail; calls: 120000
SELECT id, sender_id, body, created_at FROM messages
WHERE channel = 'channel 42' ORDER BY created_at DESC LIMIT 50;

-- name: channel_since; calls: 200000
SELECT id, sender_id, body FROM messages
WHERE channel = 'channel 42' AND created_at > '2026-03-01 11:58:00+00' ORDER BY created_at;

-- name: messages_of_agent; calls: 8000
SELECT id, channel, created_at FROM messages
WHERE sender_id = 17 ORDER BY created_at DESC LIMIT 20;

-- name: message_rate; calls: 1440
SELECT count(*) FROM messages WHERE created_at > '2026-03-01 11:59:00+00';

-- name: next_workflows; calls: 86400
SELECT id, owner_id, title FROM workflows
WHERE status = 'queued' ORDER BY created_at LIMIT 5;

-- name: workflows_by_status; calls: 1440
SELECT status, count(*) FROM workflows GROUP BY status;

-- name: workflows_of_owner; calls: 3000
SELECT id, title, status FROM workflows WHERE owner_id = 17 ORDER BY created_at DESC LIMIT 20;

-- name: tasks_of_workflow; calls: 60000
SELECT id, status, "position", payload FROM workflow_tasks
WHERE workflow_id = 49900 ORDER BY "position";

-- name: open_tasks_of_workflow; calls: 40000
SELECT count(*) FROM workflow_tasks WHERE workflow_id = 49900 AND status = 'queued';

-- name: tasks_of_agent; calls: 30000
SELECT t.id, w.title FROM workflow_tasks t JOIN workflows w ON w.id = t.workflow_id
WHERE t.agent_id = 17 AND t.status = 'running';

-- name: idle_coders; calls: 20000
SELECT id, name FROM agents WHERE kind = 'coder' AND status = 'idle';

-- name: lost_agents; calls: 1440
SELECT id, name FROM agents WHERE last_seen_at < '2026-03-01 11:00:00+00' AND status <> 'offline';

-- name: post; calls: 90000
INSERT INTO messages (channel, sender_id, body) VALUES ('channel 42', 17, '{"text": "done"}');

-- name: finish_task; calls: 50000
UPDATE workflow_tasks SET status = 'done' WHERE id = 249000;

-- name: heartbeat; calls: 400000
UPDATE agents SET last_seen_at = now() WHERE id = 17;
