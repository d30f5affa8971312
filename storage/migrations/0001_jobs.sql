-- Jobs, the buttons of their results, where they are shown, and every physical request that was made for them.
--
-- Times are whole milliseconds since 1970 (UTC). Ids of Discord are integers, job ids are ULID text.
-- The runner wraps this text in one transaction together with the new schema version (storage/migrate.py).

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
    -- A job that the API has accepted can always be looked up there.
    CHECK (task_id IS NOT NULL OR status NOT IN ('running', 'needs_input', 'succeeded', 'expired'))
) STRICT;

-- A person's history, newest first.
CREATE INDEX jobs_history ON jobs (user_id, id DESC);

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
    application_id        INTEGER NOT NULL
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
