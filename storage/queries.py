"""Every SELECT that the store answers from, in one place: what may be asked, and by which index it is found.

Text only; imports nothing.
"""

from __future__ import annotations

from typing import Final

#: Every job travels with its delivery. The columns that both tables have are told apart by `d_`.
SELECT_JOB: Final = """
    SELECT j.*, d.status AS d_status, d.nonce, d.locale, d.attachment_size_limit, d.attempts, d.due_at AS d_due_at,
           d.channel_id AS d_channel_id, d.message_id, d.answer_message_id, d.interaction_token, d.application_id,
           d.own_locale, d.may_post, d.look_first
    FROM jobs AS j JOIN deliveries AS d ON d.job_id = j.id
"""

JOB_BY_ID: Final = f"{SELECT_JOB} WHERE j.id = ?"

ACTIONS: Final = "SELECT * FROM actions WHERE job_id = ? ORDER BY idx"

#: In milliseconds. Nothing is put off for longer than a queued job's half hour, so that what is due later than that was
#: written before somebody set the clock back: it is due now (reliability B.4, 18).
_LONGEST_WAIT: Final = 31 * 60 * 1000

#: Parameters: now, limit. Statuses stand in the text, because SQLite chooses a partial index by it.
DUE_SUBMITS: Final = f"""{SELECT_JOB}
    WHERE j.status = 'queued' AND j.answered_at IS NOT NULL
      AND (j.due_at IS NULL OR j.due_at - ? NOT BETWEEN 1 AND {_LONGEST_WAIT})
    ORDER BY j.created_at, j.id LIMIT ?
"""

#: Parameter: created before.
UNANSWERED: Final = f"""{SELECT_JOB}
    WHERE j.status = 'queued' AND j.answered_at IS NULL AND j.created_at < ?
    ORDER BY j.created_at, j.id
"""

#: Parameter: created after. An unknown one can be looked at only if its task is known, as after a modal step.
_SWEPT: Final = """
    SELECT id FROM jobs INDEXED BY jobs_swept
    WHERE status IN ('expired', 'unknown') AND task_id IS NOT NULL AND created_at > ? AND deleted_at IS NULL
"""

#: Parameter: created after.
SWEPT: Final = f"{SELECT_JOB} WHERE j.id IN ({_SWEPT}) ORDER BY j.id"

#: Parameter: expired and unknown jobs created after. Two looks, each held to its own small index: one of the history's
#: has all these columns too, and all jobs of everybody.
OPEN_TASKS: Final = f"""{SELECT_JOB}
    WHERE j.id IN (
        SELECT id FROM jobs INDEXED BY jobs_open WHERE status IN ('running', 'needs_input')
        UNION ALL {_SWEPT})
    ORDER BY j.id
"""  # noqa: S608 - put together from constants

#: Parameters: now, limit. A job id begins with its time, so this order is the oldest first.
DUE_DELIVERIES: Final = f"""{SELECT_JOB}
    WHERE d.status IN ('due', 'posting', 'linked')
      AND (d.due_at IS NULL OR d.due_at - ? NOT BETWEEN 1 AND {_LONGEST_WAIT})
      AND j.status IN ('succeeded', 'failed', 'cancelled', 'expired', 'unknown') AND j.deleted_at IS NULL
    ORDER BY d.job_id LIMIT ?
"""

#: Parameters: parent, limit.
CHILDREN: Final = f"{SELECT_JOB} WHERE j.parent_id = ? ORDER BY j.id LIMIT ?"

#: Parameters: job, limit. Step by step away from it, so that the limit leaves the nearest: up to its parents, and down
#: from each of them to everything else that was made from it.
FAMILY: Final = f"""
    WITH RECURSIVE family (id, parent_id, came_from, is_ancestor, distance) AS (
        SELECT id, parent_id, '', 1, 0 FROM jobs WHERE id = ?
        UNION ALL
        SELECT up.id, up.parent_id, family.id, 1, distance + 1
        FROM family JOIN jobs AS up ON up.id = family.parent_id WHERE is_ancestor
        UNION ALL
        SELECT down.id, down.parent_id, '', 0, distance + 1
        FROM family JOIN jobs AS down ON down.parent_id = family.id WHERE down.id <> came_from
        ORDER BY 5 LIMIT ?)
    {SELECT_JOB} JOIN family ON family.id = j.id ORDER BY family.distance, j.id
"""  # noqa: S608 - put together from constants

#: Parameters: the message, five times. Several looks, because each has its own index. A page of several jobs stands for
#: none of them.
OF_MESSAGE: Final = f"""{SELECT_JOB}
    WHERE j.id IN (
        SELECT job_id FROM deliveries WHERE message_id = ?
        UNION ALL
        SELECT job_id FROM deliveries WHERE answer_message_id = ?
        UNION ALL
        SELECT job_id FROM showcases WHERE message_id = ?
        UNION ALL
        SELECT job_id FROM shares
        WHERE message_id = ? AND (SELECT count(*) FROM shares WHERE message_id = ?) = 1) AND j.deleted_at IS NULL
    ORDER BY j.id DESC LIMIT 1
"""  # noqa: S608 - put together from constants

#: Parameter: batch.
OF_BATCH: Final = f"{SELECT_JOB} WHERE j.batch_id = ? ORDER BY j.id"

#: Everything that may name a picture of the input folder. Several looks at the jobs, because each has its own index;
#: the `+` keeps SQLite from taking one of the history's, which hold all jobs.
NAMED_INPUTS: Final = """
    SELECT sending AS named FROM jobs WHERE status = 'queued' AND sending <> ''
    UNION ALL
    SELECT sending FROM jobs WHERE status = 'submitting' AND sending <> ''
    UNION ALL
    SELECT sending FROM jobs WHERE status IN ('running', 'needs_input') AND sending <> ''
    UNION ALL
    SELECT sending FROM jobs
    WHERE status IN ('expired', 'unknown') AND status = 'unknown' AND sending <> '' AND +deleted_at IS NULL
    UNION ALL
    SELECT fields FROM drafts
"""

#: Parameter: made from then on.
INPUTS_SINCE: Final = """
    SELECT sending AS named FROM jobs INDEXED BY jobs_age
    WHERE created_at >= ? AND sending <> '' AND deleted_at IS NULL
"""

#: Which jobs count as used. What failed or was cancelled does not: it normally costs nothing.
COUNTED: Final = "submitted_at IS NOT NULL AND status NOT IN ('failed', 'cancelled')"

#: Parameters: user_id; the first moment of a day, as `since` in milliseconds and as the first `id` of it. What was
#: removed for its age stands in `usage`; both are read at once, so that nothing counts twice or not at all.
USED: Final = f"""
    SELECT kind, speed, sum(count) AS count FROM (
        SELECT kind, speed, count(*) AS count FROM jobs
        WHERE user_id = :user_id AND id >= :id AND {COUNTED}
        GROUP BY kind, speed
        UNION ALL
        SELECT kind, speed, count FROM usage WHERE user_id = :user_id AND day >= :since)
    GROUP BY kind, speed
"""  # noqa: S608 - put together from constants

#: Parameter: user three times. Each look is held to the small index of its status: SQLite would rather go through all
#: that anybody ever made, because an index of the history has all the columns.
_IDS_UNDER_WAY: Final = """
    SELECT id FROM jobs INDEXED BY jobs_queued WHERE status = 'queued' AND user_id = ?
    UNION ALL
    SELECT id FROM jobs INDEXED BY jobs_submitting WHERE status = 'submitting' AND user_id = ?
    UNION ALL
    SELECT id FROM jobs INDEXED BY jobs_open WHERE status IN ('running', 'needs_input') AND user_id = ?
"""

#: Parameters: user three times, limit.
UNDER_WAY: Final = f"{SELECT_JOB} WHERE j.id IN ({_IDS_UNDER_WAY}) ORDER BY j.id LIMIT ?"

#: Parameters: user three times.
COUNT_UNDER_WAY: Final = f"SELECT count(*) AS count FROM ({_IDS_UNDER_WAY})"  # noqa: S608 - a constant
