-- The schema of the sample `agents`, before pg_dump.
CREATE TYPE workflow_status AS ENUM ('queued', 'running', 'waiting', 'done', 'failed');
CREATE TABLE agents (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    status text NOT NULL DEFAULT 'idle',
    last_seen_at timestamptz
);
CREATE TABLE messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel text NOT NULL,
    sender_id integer NOT NULL REFERENCES agents (id),
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE workflows (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id integer NOT NULL REFERENCES agents (id),
    title text NOT NULL,
    status workflow_status NOT NULL DEFAULT 'queued',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE TABLE workflow_tasks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workflow_id bigint NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
    agent_id integer REFERENCES agents (id),
    status workflow_status NOT NULL DEFAULT 'queued',
    "position" integer NOT NULL,
    payload jsonb
);
CREATE INDEX idx_agents_kind ON agents (kind);
CREATE INDEX idx_agents_status ON agents (status);
CREATE INDEX idx_agents_kind_status ON agents (kind, status);
CREATE INDEX idx_agents_last_seen ON agents (last_seen_at);
CREATE INDEX idx_messages_channel ON messages (channel);
CREATE INDEX idx_messages_created ON messages (created_at);
CREATE INDEX idx_messages_channel_created ON messages (channel, created_at);
CREATE INDEX idx_messages_sender ON messages (sender_id);
CREATE INDEX idx_messages_sender_created ON messages (sender_id, created_at);
CREATE INDEX idx_messages_channel_created_desc ON messages (channel, created_at DESC);
CREATE INDEX idx_workflows_status ON workflows (status);
CREATE INDEX idx_workflows_status_created ON workflows (status, created_at);
CREATE INDEX idx_workflows_created ON workflows (created_at);
CREATE INDEX idx_tasks_workflow ON workflow_tasks (workflow_id);
CREATE INDEX idx_tasks_workflow_status ON workflow_tasks (workflow_id, status);
CREATE INDEX idx_tasks_status ON workflow_tasks (status);
