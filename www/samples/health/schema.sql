-- A health companion in a messenger. PostgreSQL.

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    telegram_id bigint NOT NULL,          -- not unique: who leaves and comes back gets a new row
    username varchar(64),
    language varchar(8) NOT NULL DEFAULT 'en',
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE conversation_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role varchar(12) NOT NULL,
    content text NOT NULL,
    "timestamp" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE food_entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    food_name varchar(120) NOT NULL,
    calories numeric(7, 1) NOT NULL,
    protein_g numeric(6, 1),
    photo_url text,
    "timestamp" timestamptz NOT NULL
);

CREATE TABLE reminders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    next_execution timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE user_xp (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    total_xp integer NOT NULL DEFAULT 0,
    level smallint NOT NULL DEFAULT 1,
    streak_days integer NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX conversation_history_user_idx ON conversation_history (user_id);
CREATE INDEX food_entries_user_idx ON food_entries (user_id);
CREATE INDEX reminders_user_idx ON reminders (user_id);

-- Nobody asks for meals older than a month, so why index them? The server refuses this one.
CREATE INDEX food_entries_recent_idx ON food_entries (user_id, "timestamp")
    WHERE "timestamp" > now() - interval '30 days';
