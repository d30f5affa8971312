-- Running it: backups that are put back.
--
-- Times are whole milliseconds since 1970 (UTC). Ids of Discord are integers, job ids are ULID text.

-- Out of a backup: what this delivery is about may stand in its channel already, and is looked for before it is sent.
ALTER TABLE deliveries ADD COLUMN look_first INTEGER NOT NULL DEFAULT 0 CHECK (look_first IN (0, 1));
