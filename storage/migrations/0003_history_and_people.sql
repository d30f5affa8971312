-- A history that is fast at a million jobs; what people and servers prefer; kept files; stars; leaving without a trace.
--
-- Times are whole milliseconds since 1970 (UTC). Ids of Discord are integers, job ids are ULID text.

-- Which Midjourney was named in the prompt, as `v 7` or `niji 7`; empty where none was.
ALTER TABLE jobs ADD COLUMN model TEXT NOT NULL DEFAULT '';
-- Shown to its author alone.
ALTER TABLE jobs ADD COLUMN is_private INTEGER NOT NULL DEFAULT 0 CHECK (is_private IN (0, 1));

-- The language of its author; `locale` is that of all who can read there. Empty: not known, so the same.
ALTER TABLE deliveries ADD COLUMN own_locale TEXT NOT NULL DEFAULT '';
-- Whether the bot itself is in the place, and not only its answers.
ALTER TABLE deliveries ADD COLUMN may_post INTEGER NOT NULL DEFAULT 1 CHECK (may_post IN (0, 1));

UPDATE jobs SET model = 'v 6.1' WHERE instr(prompt, '--v 6.1');
UPDATE jobs SET model = 'v 7' WHERE instr(prompt, '--v 7');
UPDATE jobs SET model = 'v 8.1' WHERE instr(prompt, '--v 8.1');
UPDATE jobs SET model = 'niji 6' WHERE instr(prompt, '--niji 6');
UPDATE jobs SET model = 'niji 7' WHERE instr(prompt, '--niji 7');

-- What is asked of a favorite, copied from its job, where none of it ever changes: a filter must not open each of them.
ALTER TABLE favorites ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE favorites ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE favorites ADD COLUMN guild_id INTEGER;

UPDATE favorites SET (kind, model, guild_id) = (SELECT kind, model, guild_id FROM jobs WHERE id = job_id);

-- The prompts as they are searched: case and width folded away, a person's side by side in the order of their jobs.
CREATE TABLE searches (
    user_id INTEGER NOT NULL,
    job_id  TEXT    NOT NULL,
    folded  TEXT    NOT NULL,
    PRIMARY KEY (user_id, job_id)
) STRICT, WITHOUT ROWID;

INSERT INTO searches (user_id, job_id, folded) SELECT user_id, id, fold(prompt) FROM jobs WHERE deleted_at IS NULL;

ALTER TABLE people RENAME TO former_people;

-- What a person prefers, as JSON: only ever read as a whole.
CREATE TABLE people (
    user_id  INTEGER NOT NULL PRIMARY KEY,
    settings TEXT    NOT NULL
) STRICT;

INSERT INTO people (user_id, settings) SELECT user_id, '{"remix":true}' FROM former_people WHERE remix;
DROP TABLE former_people;

-- What a server prefers for whoever has set nothing, as JSON.
CREATE TABLE servers (
    guild_id INTEGER NOT NULL PRIMARY KEY,
    settings TEXT    NOT NULL
) STRICT;

-- Texts and parameters under a name of a person's own.
CREATE TABLE presets (
    user_id    INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, name)
) STRICT, WITHOUT ROWID;

-- Where others may use a preset, and what its owner was called there when they shared it: Discord is too slow to ask
-- while somebody types.
CREATE TABLE preset_shares (
    guild_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    owner_name TEXT    NOT NULL,
    PRIMARY KEY (guild_id, user_id, name),
    FOREIGN KEY (user_id, name) REFERENCES presets (user_id, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX preset_shares_preset ON preset_shares (user_id, name);

-- Who put a star under a picture.
CREATE TABLE stars (
    job_id     TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (job_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX stars_person ON stars (user_id);

-- Pictures in their server's star channel: one row, one message. Without `message_id`: a send is or was under way.
CREATE TABLE showcases (
    job_id     TEXT    NOT NULL PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
    guild_id   INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    message_id INTEGER,
    begun_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX showcases_message ON showcases (message_id) WHERE message_id IS NOT NULL;

-- Which file below the picture folder holds a job's picture (part 0) and its further videos (from 1). Files are named
-- after their content, so several jobs may have one. `kept_at` 0: its job was deleted, and it is about to go.
CREATE TABLE files (
    job_id     TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    part       INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    kept_at    INTEGER NOT NULL,
    PRIMARY KEY (job_id, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX files_name ON files (name, size);
CREATE INDEX files_age ON files (kept_at);

-- Everything of a person's that is to be put together for them.
CREATE TABLE exports (
    id             TEXT    NOT NULL PRIMARY KEY,
    user_id        INTEGER NOT NULL,
    guild_id       INTEGER,
    channel_id     INTEGER NOT NULL,
    locale         TEXT    NOT NULL,
    application_id INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    parts_sent     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX exports_person ON exports (user_id);

-- Who has asked to be forgotten, as a keyed hash: a backup that is put back must not bring them back. Without
-- `finished_at`: something of theirs may still be here.
CREATE TABLE tombstones (
    mark        TEXT    NOT NULL PRIMARY KEY,
    erased_at   INTEGER NOT NULL,
    finished_at INTEGER
) STRICT, WITHOUT ROWID;

-- A person's history: newest first, and each set of filters of it, found by an index of its own, so that no filter ever
-- looks at a job that it does not show. The first holds deleted jobs too: they count for what was used, and they go when
-- their person goes. None holds what changes while a job is made.
DROP INDEX jobs_history;
CREATE INDEX jobs_history ON jobs (user_id, id DESC, deleted_at);
CREATE INDEX jobs_history_kind ON jobs (user_id, kind, id DESC, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX jobs_history_model ON jobs (user_id, model, id DESC, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX jobs_history_server ON jobs (user_id, guild_id, id DESC, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX jobs_history_kind_model ON jobs (user_id, kind, model, id DESC, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX jobs_history_kind_server ON jobs (user_id, kind, guild_id, id DESC, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX jobs_history_model_server ON jobs (user_id, model, guild_id, id DESC, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX jobs_history_kind_model_server ON jobs (user_id, kind, model, guild_id, id DESC, deleted_at)
    WHERE deleted_at IS NULL;

-- What has grown older than the owner wants to keep.
CREATE INDEX jobs_age ON jobs (created_at);

-- What is removed is looked for among those that were made in its place.
CREATE INDEX jobs_retried ON jobs (retry_of) WHERE retry_of IS NOT NULL;
