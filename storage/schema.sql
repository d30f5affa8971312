-- The schema after all migrations, for reading. A test compares it with what the migrations make (tests/storage).
-- Times are whole milliseconds since 1970 (UTC). Ids of Discord are integers, job ids are ULID text.

CREATE TABLE jobs (
    id             TEXT    NOT NULL PRIMARY KEY,
    kind           TEXT    NOT NULL,
    status         TEXT    NOT NULL CHECK (status IN (
                       'queued', 'submitting', 'running', 'needs_input', 'unknown',
                       'succeeded', 'failed', 'cancelled', 'expired')),
    prompt         TEXT    NOT NULL,
    speed          TEXT    NOT NULL,
    user_id        INTEGER NOT NULL,
    guild_id       INTEGER,
    channel_id     INTEGER NOT NULL,
    interaction_id INTEGER NOT NULL UNIQUE,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    parent_id      TEXT    REFERENCES jobs (id) ON DELETE SET NULL,
    action_index   INTEGER,
    action_label   TEXT    NOT NULL DEFAULT '',
    quadrant       INTEGER,
    single_key     TEXT,
    retry_of       TEXT    REFERENCES jobs (id) ON DELETE SET NULL,
    answered_at    INTEGER,
    due_at         INTEGER,
    give_up_at     INTEGER,
    waiting        TEXT,
    submitted_at   INTEGER,
    task_id        TEXT,
    queue_ahead    INTEGER,
    progress       INTEGER,
    preview_url    TEXT,
    modal_sent_at  INTEGER,
    finished_at    INTEGER,
    final_prompt   TEXT    NOT NULL DEFAULT '',
    result_text    TEXT    NOT NULL DEFAULT '',
    media_url      TEXT,
    picture        TEXT,
    media_type     TEXT,
    failure        TEXT,
    failure_detail TEXT    NOT NULL DEFAULT '',
    -- How a job is sent, as JSON, empty where the prompt or the button says everything: only ever read as a whole.
    sending        TEXT    NOT NULL DEFAULT '',
    batch_id       TEXT    REFERENCES batches (id) ON DELETE SET NULL,
    seed           TEXT,
    -- Addresses with line feeds between them.
    more_urls      TEXT    NOT NULL DEFAULT '',
    deleted_at     INTEGER,
    -- Which Midjourney was named in the prompt, as `v 7` or `niji 7`; empty where none was.
    model          TEXT    NOT NULL DEFAULT '',
    -- Shown to its author alone.
    is_private     INTEGER NOT NULL DEFAULT 0 CHECK (is_private IN (0, 1)),
    -- Had a prompt that was taken away with its author.
    words_gone     INTEGER NOT NULL DEFAULT 0 CHECK (words_gone IN (0, 1)),
    -- A job that the API has accepted can always be looked up there.
    CHECK (task_id IS NOT NULL OR status NOT IN ('running', 'needs_input', 'succeeded', 'expired'))
) STRICT;

-- A person's history: newest first, and each set of filters of it, found by an index of its own, so that no filter ever
-- looks at a job that it does not show. The first holds deleted jobs too: they count for what was used, and they go when
-- their person goes. None holds what changes while a job is made.
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

-- The children of a button: a click repeated by the same person.
CREATE INDEX jobs_children ON jobs (parent_id, action_index, user_id) WHERE parent_id IS NOT NULL;

-- One result of a once-only action serves everybody.
CREATE UNIQUE INDEX jobs_single ON jobs (single_key) WHERE single_key IS NOT NULL;

-- An unknown job is submitted again once; a retry that came to nothing and cost nothing does not count.
CREATE UNIQUE INDEX jobs_retry ON jobs (retry_of) WHERE retry_of IS NOT NULL AND status NOT IN ('failed', 'cancelled');

-- Not unique: the answer to a bookmark or a modal may repeat the id of its parent.
CREATE INDEX jobs_task ON jobs (task_id) WHERE task_id IS NOT NULL;

-- What the engine looks for all the time; each holds only the few rows that are in such a status.
CREATE INDEX jobs_queued ON jobs (created_at, id) WHERE status = 'queued';
CREATE INDEX jobs_submitting ON jobs (id) WHERE status = 'submitting';
CREATE INDEX jobs_open ON jobs (id) WHERE status IN ('running', 'needs_input');
CREATE INDEX jobs_swept ON jobs (created_at, id) WHERE status IN ('expired', 'unknown');

CREATE TABLE actions (
    job_id      TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    idx         INTEGER NOT NULL,
    action_id   TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    label       TEXT    NOT NULL,
    emoji       TEXT    NOT NULL,
    style       INTEGER NOT NULL,
    quadrant    INTEGER,
    needs_input INTEGER NOT NULL CHECK (needs_input IN (0, 1)),
    once        INTEGER NOT NULL CHECK (once IN (0, 1)),
    remixable   INTEGER NOT NULL DEFAULT 0 CHECK (remixable IN (0, 1)),
    is_dead     INTEGER NOT NULL DEFAULT 0 CHECK (is_dead IN (0, 1)),
    PRIMARY KEY (job_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    job_id                TEXT    NOT NULL PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
    status                TEXT    NOT NULL CHECK (status IN (
                              'waiting', 'due', 'posting', 'linked', 'delivered', 'kept')),
    nonce                 TEXT    NOT NULL CHECK (length(nonce) <= 25),
    locale                TEXT    NOT NULL,
    attachment_size_limit INTEGER NOT NULL,
    attempts              INTEGER NOT NULL DEFAULT 0,
    due_at                INTEGER,
    channel_id            INTEGER,
    message_id            INTEGER,
    answer_message_id     INTEGER,
    interaction_token     TEXT,
    application_id        INTEGER NOT NULL,
    own_locale            TEXT    NOT NULL DEFAULT '',
    may_post              INTEGER NOT NULL DEFAULT 1 CHECK (may_post IN (0, 1)),
    -- Out of a backup: what this delivery is about may stand in its channel already, and is looked for before it is
    -- sent.
    look_first            INTEGER NOT NULL DEFAULT 0 CHECK (look_first IN (0, 1))
) STRICT;

-- What the courier has to carry, oldest job first.
CREATE INDEX deliveries_due ON deliveries (job_id) WHERE status IN ('due', 'posting', 'linked');

-- Tokens that still have to be forgotten.
CREATE INDEX deliveries_token ON deliveries (job_id) WHERE interaction_token IS NOT NULL;

CREATE TABLE attempts (
    id         INTEGER NOT NULL PRIMARY KEY,
    job_id     TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    step       TEXT    NOT NULL CHECK (step IN ('submit', 'action', 'modal')),
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    outcome    TEXT    CHECK (outcome IN ('accepted', 'not_sent', 'refused', 'unknown')),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
) STRICT;

CREATE INDEX attempts_job ON attempts (job_id);

-- A job has at most one request under way.
CREATE UNIQUE INDEX attempts_open ON attempts (job_id) WHERE ended_at IS NULL;

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

CREATE INDEX jobs_batch ON jobs (batch_id) WHERE batch_id IS NOT NULL;

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
    -- Copied from the job, where none of it ever changes: a filter must not open each of them.
    kind       TEXT    NOT NULL DEFAULT '',
    model      TEXT    NOT NULL DEFAULT '',
    guild_id   INTEGER,
    PRIMARY KEY (user_id, job_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX favorites_job ON favorites (job_id);

-- The prompts as they are searched, and the texts of descriptions: case and width folded away, a person's side by side
-- in the order of their jobs.
CREATE TABLE searches (
    user_id INTEGER NOT NULL,
    job_id  TEXT    NOT NULL,
    folded  TEXT    NOT NULL,
    PRIMARY KEY (user_id, job_id)
) STRICT, WITHOUT ROWID;

-- What a person prefers, as JSON: only ever read as a whole.
CREATE TABLE people (
    user_id  INTEGER NOT NULL PRIMARY KEY,
    settings TEXT    NOT NULL
) STRICT;

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

-- Jobs of others that were still on their way when somebody left whose words they have: these are taken out of them
-- once they have arrived.
CREATE TABLE borrowings (
    job_id TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Whose words a job has, and which, where what they came from is not there any more to tell.
CREATE TABLE authors (
    job_id  TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    words   TEXT    NOT NULL,
    PRIMARY KEY (job_id, user_id, words)
) STRICT, WITHOUT ROWID;

CREATE INDEX authors_person ON authors (user_id);

-- Deleted jobs whose message may still be there.
CREATE TABLE takedowns (
    job_id   TEXT    NOT NULL PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
    begun_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How many jobs a person has used that were removed for their age, of each day (UTC, its first millisecond), kind and
-- speed, as long as that month lasts: what was used this month must not shrink with them.
CREATE TABLE usage (
    user_id INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    speed   TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (user_id, day, kind, speed)
) STRICT, WITHOUT ROWID;

-- What somebody showed to all in a place: a page of their history, or one result. One row for each job that is to be
-- seen in the message.
CREATE TABLE shares (
    message_id INTEGER NOT NULL,
    job_id     TEXT    NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL,
    guild_id   INTEGER,
    user_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, job_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX shares_job ON shares (job_id, channel_id);
CREATE INDEX shares_person ON shares (user_id, channel_id, created_at);
