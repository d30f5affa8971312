-- What cannot go at once when somebody deletes it.

-- Jobs of others that were still on their way when somebody left whose words they have: these are taken out of them
-- once they have arrived.
CREATE TABLE borrowings (
    job_id TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Deleted jobs whose message may still be there.
CREATE TABLE takedowns (
    job_id   TEXT    NOT NULL PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
    begun_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
