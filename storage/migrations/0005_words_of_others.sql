-- Words that leave with whoever wrote them.

-- Jobs of others that were still on their way when somebody left whose words they have: these are taken out of them
-- once they have arrived.
CREATE TABLE borrowings (
    job_id TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
