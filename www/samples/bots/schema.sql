-- Bots that take part in group chats. The tables as the application's migrations create them.

CREATE TABLE bots (
    id serial PRIMARY KEY,
    name varchar(80) NOT NULL,
    token varchar(120) NOT NULL UNIQUE,
    persona text NOT NULL DEFAULT '',
    is_enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE chats (
    id serial PRIMARY KEY,
    telegram_chat_id bigint NOT NULL UNIQUE,
    title varchar(200),
    is_enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE settings (
    key varchar(80) PRIMARY KEY,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE messages (
    id bigserial PRIMARY KEY,
    bot_id integer REFERENCES bots (id),
    chat_db_id integer NOT NULL REFERENCES chats (id),
    telegram_message_id bigint,
    reply_to_message_id bigint,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE bot_stances (
    id serial PRIMARY KEY,
    bot_id integer NOT NULL REFERENCES bots (id),
    topic varchar(80) NOT NULL,
    stance text NOT NULL,
    confidence real NOT NULL DEFAULT 0.5,
    cooldown_until timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bot_stances_bot_topic_key UNIQUE (bot_id, topic)
);

-- One column each.
CREATE INDEX messages_bot_idx ON messages (bot_id);
CREATE INDEX messages_chat_idx ON messages (chat_db_id);
CREATE INDEX messages_telegram_idx ON messages (telegram_message_id);
CREATE INDEX messages_reply_idx ON messages (reply_to_message_id);
CREATE INDEX messages_created_idx ON messages (created_at);

-- Several columns: "no redundant indexes", says the design document.
CREATE INDEX messages_bot_created_idx ON messages (bot_id, created_at);
CREATE INDEX messages_chat_created_idx ON messages (chat_db_id, created_at);
CREATE INDEX messages_chat_telegram_idx ON messages (chat_db_id, telegram_message_id);
CREATE INDEX messages_own_reply_idx ON messages (chat_db_id, bot_id, telegram_message_id);
CREATE INDEX messages_bot_created_chat_idx ON messages (bot_id, created_at, chat_db_id);

-- Flags that are read every tick.
CREATE INDEX bots_enabled_idx ON bots (is_enabled);
CREATE INDEX chats_enabled_idx ON chats (is_enabled);

CREATE INDEX bot_stances_bot_updated_idx ON bot_stances (bot_id, updated_at);

-- Only the stances that still cool down. The server refuses this one.
CREATE INDEX bot_stances_cooling_idx ON bot_stances (bot_id) WHERE cooldown_until > now();
