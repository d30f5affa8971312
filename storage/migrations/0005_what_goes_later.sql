-- What cannot go at once when somebody deletes it.

-- Had a prompt that was taken away with its author.
ALTER TABLE jobs ADD COLUMN words_gone INTEGER NOT NULL DEFAULT 0 CHECK (words_gone IN (0, 1));

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

-- The words of what was deleted before now, as they go with a deletion from now on: but for those of jobs from which
-- something was made that is still there with its own, by which whoever leaves finds their words in what others made.
UPDATE jobs SET final_prompt = '', result_text = '', failure_detail = '', preview_url = NULL, media_url = NULL,
    more_urls = '', seed = NULL, sending = iif(json_valid(sending), json_remove(sending, '$.applied'), '')
WHERE deleted_at IS NOT NULL;

WITH RECURSIVE needed (id) AS (
    SELECT parent_id FROM jobs WHERE parent_id IS NOT NULL AND deleted_at IS NULL AND prompt <> ''
    UNION
    SELECT retry_of FROM jobs WHERE retry_of IS NOT NULL AND deleted_at IS NULL AND prompt <> ''
    UNION
    SELECT jobs.parent_id FROM needed JOIN jobs ON jobs.id = needed.id WHERE jobs.parent_id IS NOT NULL
    UNION
    SELECT jobs.retry_of FROM needed JOIN jobs ON jobs.id = needed.id WHERE jobs.retry_of IS NOT NULL)
UPDATE jobs SET prompt = '' WHERE deleted_at IS NOT NULL AND prompt <> '' AND id NOT IN (SELECT id FROM needed);

UPDATE batches SET prompt = ''
WHERE EXISTS (SELECT 1 FROM jobs WHERE batch_id = batches.id)
  AND NOT EXISTS (SELECT 1 FROM jobs WHERE batch_id = batches.id AND deleted_at IS NULL);
