-- More ways to ask: jobs sent with pictures, batches, drafts of forms, favorites, and what people set for themselves.
--
-- Times are whole milliseconds since 1970 (UTC). Ids of Discord are integers, job ids are ULID text.

-- The one message about several jobs. `closed_at`: its last word was shown.
CREATE TABLE batches (
    id                    TEXT    NOT NULL PRIMARY KEY,
    user_id               INTEGER NOT NULL,
    guild_id              INTEGER,
    channel_id            INTEGER NOT NULL,
    prompt                TEXT    NOT NULL,
    locale                TEXT    NOT NULL,
    attachment_size_limit INTEGER NOT NULL,
    application_id        INTEGER NOT NULL,
    created_at            INTEGER NOT NULL,
    interaction_token     TEXT,
    answer_message_id     INTEGER,
    closed_at             INTEGER
) STRICT;

CREATE INDEX batches_open ON batches (id) WHERE closed_at IS NULL;
CREATE INDEX batches_token ON batches (id) WHERE interaction_token IS NOT NULL;

-- How a job is sent, as JSON, empty where the prompt or the button says everything: only ever read as a whole.
ALTER TABLE jobs ADD COLUMN sending TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN batch_id TEXT REFERENCES batches (id) ON DELETE SET NULL;
ALTER TABLE jobs ADD COLUMN seed TEXT;
-- Addresses with line feeds between them.
ALTER TABLE jobs ADD COLUMN more_urls TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN deleted_at INTEGER;

CREATE INDEX jobs_batch ON jobs (batch_id) WHERE batch_id IS NOT NULL;

ALTER TABLE actions ADD COLUMN remixable INTEGER NOT NULL DEFAULT 0 CHECK (remixable IN (0, 1));
ALTER TABLE actions ADD COLUMN is_dead INTEGER NOT NULL DEFAULT 0 CHECK (is_dead IN (0, 1));

-- Of the buttons stored so far, those that may ask for a prompt (contract 3.3).
UPDATE actions SET remixable = 1
WHERE kind IN ('variation', 'reroll', 'pan', 'animate') AND needs_input = 0 AND action_id NOT LIKE '%extend%'
  AND action_id NOT LIKE 'MJ::Picread%';

-- Which job a message is about: reactions, right-click menus, pasted links.
CREATE INDEX deliveries_message ON deliveries (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX deliveries_answer ON deliveries (answer_message_id) WHERE answer_message_id IS NOT NULL;

-- What people have filled in and not sent yet.
CREATE TABLE drafts (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    form       TEXT    NOT NULL,
    fields     TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX drafts_age ON drafts (created_at);

CREATE TABLE favorites (
    user_id    INTEGER NOT NULL,
    job_id     TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, job_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX favorites_job ON favorites (job_id);

CREATE TABLE people (
    user_id INTEGER NOT NULL PRIMARY KEY,
    remix   INTEGER NOT NULL DEFAULT 0 CHECK (remix IN (0, 1))
) STRICT;
