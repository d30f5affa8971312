"""What is somebody's, and what has been kept long enough: the statements behind `erasure` and `exports`.

Text only; imports the registry.
"""

from __future__ import annotations

from typing import Final

from storage.queries import SELECT_JOB
from storage.registry import AT_ONCE

#: Parameters: user, before this id, limit. Deleted ones are among them.
ALL_OF_PERSON: Final = f"{SELECT_JOB} WHERE j.user_id = ? AND j.id < ? ORDER BY j.id DESC LIMIT ?"

#: Parameters: nobody, limit. Of the jobs that nobody has any more, those that the API has done with.
NOBODYS: Final = f"""{SELECT_JOB}
    WHERE j.user_id = ? AND j.deleted_at IS NOT NULL AND j.status NOT IN ('submitting', 'running') LIMIT ?
"""

#: Parameter: user_id. A file that several jobs have counts once.
HOLDINGS: Final = """
    WITH kept AS (
        SELECT DISTINCT f.name, f.size FROM jobs AS j INDEXED BY jobs_history CROSS JOIN files AS f ON f.job_id = j.id
        WHERE j.user_id = :user_id)
    SELECT (SELECT count(*) FROM jobs INDEXED BY jobs_history WHERE user_id = :user_id) AS jobs,
           (SELECT count(*) FROM jobs INDEXED BY jobs_history
            WHERE user_id = :user_id AND deleted_at IS NOT NULL) AS deleted,
           (SELECT created_at FROM jobs WHERE user_id = :user_id ORDER BY id LIMIT 1) AS oldest,
           (SELECT count(*) FROM kept) AS files,
           (SELECT coalesce(sum(size), 0) FROM kept) AS size,
           (SELECT count(*) FROM favorites WHERE user_id = :user_id) AS favorites,
           (SELECT count(*) FROM stars WHERE user_id = :user_id) AS stars,
           (SELECT count(*) FROM presets WHERE user_id = :user_id) AS presets,
           EXISTS (SELECT 1 FROM people WHERE user_id = :user_id) AS has_settings
"""


def _each(table: str) -> str:
    """Return what walks from person to person along an index that begins with them, however many rows each has."""
    return f"""
        SELECT * FROM (
            WITH RECURSIVE each(user_id) AS (
                SELECT min(user_id) FROM {table}
                UNION ALL
                SELECT (SELECT min(user_id) FROM {table} WHERE user_id > each.user_id)
                FROM each WHERE each.user_id IS NOT NULL)
            SELECT user_id FROM each)
    """  # noqa: S608 - named below


#: All of whom something is kept.
PEOPLE: Final = " UNION ".join(
    [
        _each("jobs"),
        _each("searches"),
        "SELECT user_id FROM batches",
        *(f"SELECT {table.person} FROM {name}" for name, table in AT_ONCE),  # noqa: S608 - out of the registry
    ]
)

#: Parameters: user_id; the time, as `at` in milliseconds and as the first `id` of it.
ANYTHING_OLDER: Final = " UNION ALL ".join(
    [
        "SELECT 1 FROM jobs WHERE user_id = :user_id AND id < :id",
        "SELECT 1 FROM batches WHERE user_id = :user_id AND created_at < :at",
        *(
            f"SELECT 1 FROM {name} WHERE {table.person} = :user_id AND {table.since} < :at"  # noqa: S608 - out of the registry
            for name, table in AT_ONCE
            if table.since
        ),
    ]
)

#: Parameter: user_id. When the newest of all that was made, in milliseconds; with a clock that was set back, later than
#: now. A job's id begins with its time.
NEWEST: Final = "SELECT max(at) AS newest FROM ({})".format(  # noqa: S608 - out of the registry
    " UNION ALL ".join(
        [
            "SELECT * FROM (SELECT created_at AS at FROM jobs WHERE user_id = :user_id ORDER BY id DESC LIMIT 1)",
            "SELECT created_at FROM batches WHERE user_id = :user_id",
            *(
                f"SELECT {table.since} FROM {name} WHERE {table.person} = :user_id"  # noqa: S608 - out of the registry
                for name, table in AT_ONCE
                if table.since
            ),
        ]
    )
)

#: Parameters: made before, limit. What is still to be sent, followed or delivered stays.
OUTLIVED: Final = f"""{SELECT_JOB}
    WHERE j.created_at < ? AND j.status IN ('succeeded', 'failed', 'cancelled', 'expired', 'unknown')
      AND (j.deleted_at IS NOT NULL OR d.status IN ('delivered', 'kept'))
    ORDER BY j.created_at LIMIT ?
"""

#: Parameter: made before.
CLEAR_BATCHES: Final = """
    DELETE FROM batches
    WHERE created_at < ? AND closed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM jobs WHERE batch_id = batches.id)
"""
