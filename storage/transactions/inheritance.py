"""The words of somebody who leaves, in what others made from it: those go, and the others' jobs stay.

A button passes the prompt of its picture on, and so does *Re-run*. Whose words a prompt has is told by where they came
in: the first job up the line that still has them. Before a job goes and the line is cut there, it is written down with
what comes next whose words those are (`authors`). What somebody wrote themselves, be it in another's form, is theirs as
long as it does not hold the whole of the other's prompt.

Functions of one transaction: they get the connection, and neither begin nor commit. Imports the model.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from bot.model import SETTLED, Status
from storage.registry import NOBODY

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from bot.model import NewJob

#: Where the words of a prompt end. Nothing else in a stored prompt begins with two dashes (`bot.prompt.reading`).
_PARAMETERS: Final = re.compile(r"(?:^|\s)--[A-Za-z]")
_WORDY: Final = re.compile(r"[A-Za-z0-9]")
#: A job's id, in whatever field a form has it.
_ID: Final = re.compile(r"\b[0-9A-Z]{26}\b")

_JOB: Final = "SELECT id, user_id, prompt, parent_id, retry_of FROM jobs WHERE id = ?"
#: Parameter: ids, as JSON. What the same person made from a job is looked at by itself, when it goes.
_PASSED_ON: Final = """
    SELECT j.id, j.user_id, j.prompt, j.parent_id, j.retry_of
    FROM json_each(?) AS gone CROSS JOIN jobs AS j ON j.id = gone.value
    WHERE EXISTS (SELECT 1 FROM jobs WHERE parent_id = j.id AND user_id <> j.user_id)
       OR EXISTS (SELECT 1 FROM jobs WHERE retry_of = j.id AND user_id <> j.user_id)
"""
#: Parameter: ids, as JSON. What has only own jobs above and below it tells nobody anything.
_CUT: Final = """
    SELECT j.id, j.user_id, j.prompt, j.parent_id, j.retry_of
    FROM json_each(?) AS gone CROSS JOIN jobs AS j ON j.id = gone.value
    WHERE j.prompt <> '' AND (
        EXISTS (SELECT 1 FROM jobs WHERE parent_id = j.id AND user_id <> j.user_id)
        OR EXISTS (SELECT 1 FROM jobs WHERE retry_of = j.id AND user_id <> j.user_id)
        OR EXISTS (SELECT 1 FROM authors WHERE job_id = j.id)
        OR EXISTS (SELECT 1 FROM jobs WHERE id IN (j.parent_id, j.retry_of) AND user_id <> j.user_id))
"""
_AUTHORS: Final = "SELECT user_id, words FROM authors WHERE job_id = ?"
_SIGN: Final = "INSERT OR IGNORE INTO authors (job_id, user_id, words) VALUES (?, ?, ?)"
_SIGNED: Final = """
    SELECT j.id, j.user_id, j.prompt, a.words FROM authors AS a JOIN jobs AS j ON j.id = a.job_id WHERE a.user_id = ?
"""
#: What was asked for while the other was being deleted: nobody could tell later whose words it has.
_SIGN_LATE: Final = """
    INSERT OR IGNORE INTO authors (job_id, user_id, words)
    SELECT :id, user_id, :prompt FROM jobs
    WHERE id IN (:parent_id, :retry_of) AND deleted_at IS NOT NULL AND prompt = '' AND user_id <> :user_id
      AND :prompt <> '' AND user_id <> :nobody
"""
#: What is made from words that somebody left behind for a while has them for as long; and what was asked for while they
#: were leaving has those of a job that ends as nobody's.
_BORROW_ON: Final = """
    INSERT OR IGNORE INTO borrowings (job_id)
    SELECT :id FROM jobs AS source LEFT JOIN borrowings AS b ON b.job_id = source.id
    WHERE source.id IN (:parent_id, :retry_of) AND :prompt <> '' AND (b.job_id IS NOT NULL OR source.user_id = :nobody)
    LIMIT 1
"""
#: Two looks, each along an index of its own.
_HEIRS: Final = """
    SELECT id, user_id, prompt FROM jobs WHERE parent_id = :id
    UNION SELECT id, user_id, prompt FROM jobs WHERE retry_of = :id
"""
#: What is still on its way needs its words: to be sent, to be shown. An outcome that may still change brings them back.
_HAS_ARRIVED: Final = """
    SELECT 1 FROM jobs AS j JOIN deliveries AS d ON d.job_id = j.id
    WHERE j.id = ? AND j.status IN ('succeeded', 'failed', 'cancelled') AND d.status IN ('delivered', 'kept')
"""
_BORROW: Final = "INSERT OR IGNORE INTO borrowings (job_id) VALUES (?)"
_BLANK: Final = """
    UPDATE jobs SET prompt = '', final_prompt = '', result_text = '', failure_detail = '' WHERE id = :id
"""
#: Backups of former versions lack columns (`cleansing`).
_OF_TODAY: Final = "SELECT 1 FROM pragma_table_info('jobs') WHERE name = 'words_gone'"
_MARK: Final = "UPDATE jobs SET words_gone = 1 WHERE id = :id AND prompt <> ''"
_BLANK_BATCH: Final = "UPDATE batches SET prompt = '' WHERE id = (SELECT batch_id FROM jobs WHERE id = :id)"
_UNSIGN: Final = "DELETE FROM authors WHERE job_id = :id"
#: In the slices of the search, which are a person's own.
_UNFIND: Final = "UPDATE searches SET folded = '' WHERE job_id = :id AND user_id = :user_id"
_TOLD: Final = f"""
    SELECT j.id, j.user_id, j.status FROM borrowings AS b CROSS JOIN jobs AS j ON j.id = b.job_id
    CROSS JOIN deliveries AS d ON d.job_id = j.id
    WHERE j.status IN ({", ".join(f"'{status}'" for status in sorted(SETTLED))}) AND d.status IN ('delivered', 'kept')
      AND (j.prompt <> '' OR j.final_prompt <> '' OR j.status IN ('succeeded', 'failed', 'cancelled'))
"""  # noqa: S608 - constants
_BORROWED: Final = """
    SELECT j.id, j.user_id FROM borrowings AS b CROSS JOIN jobs AS j ON j.id = b.job_id
    WHERE j.prompt <> '' OR j.final_prompt <> '' OR j.result_text <> '' OR j.failure_detail <> ''
"""
#: Without its words, which it would send.
_HOLD_MODAL: Final = "UPDATE jobs SET modal_sent_at = coalesce(modal_sent_at, updated_at) WHERE id = ?"
_OPEN_ENDED: Final = frozenset({Status.EXPIRED, Status.UNKNOWN})


def take_back(connection: sqlite3.Connection, job_ids: Collection[str]) -> None:
    """Take the words of jobs that are about to go out of all that others made from them, by their drafts too.

    Called while the jobs and what they came from are still there: the newest first.
    """
    named = set(job_ids)
    for job in connection.execute(_PASSED_ON, (json.dumps(list(job_ids)),)).fetchall():
        words, owner = _words(job["prompt"]), job["user_id"]
        if words and _author(connection, job, words) == owner:
            named |= _take_from(connection, _heirs(connection, job["id"], owner, words))
    _forget_drafts(connection, named)


def take_back_signed(connection: sqlite3.Connection, user_id: int) -> None:
    """Take a person's words out of what others made from jobs of theirs that have gone already."""
    named: set[str] = set()
    for job in connection.execute(_SIGNED, (user_id,)).fetchall():
        heirs = _heirs(connection, job["id"], user_id, job["words"])
        named |= _take_from(connection, [job, *heirs])
    _forget_drafts(connection, named)


def sign(connection: sqlite3.Connection, job_ids: Collection[str], leavers: Collection[int] = ()) -> None:
    """Write down whose words what was made from these jobs has, before these go or lose theirs.

    Parameters
    ----------
    leavers
        Those whose words were taken back, or are borrowed until something has arrived: nothing names them any more.
    """
    for job in connection.execute(_CUT, (json.dumps(list(job_ids)),)).fetchall():
        found = [(author, words) for author, words in _brought_in(connection, job) if author not in leavers]
        for heir in connection.execute(_HEIRS, {"id": job["id"]}).fetchall():
            for author, words in found:
                if heir["user_id"] != author and _has(heir["prompt"], words):
                    connection.execute(_SIGN, (heir["id"], author, words))


def pass_on(connection: sqlite3.Connection, new: NewJob) -> None:
    """Write down what follows from what a new job is made from, if that has or had words of somebody else's.

    Those of whoever left are borrowed on. Of what was deleted while this was being asked for, nobody could tell later.
    """
    values = {
        "id": new.id,
        "user_id": new.user_id,
        "prompt": new.prompt,
        "parent_id": new.parent_id,
        "retry_of": new.retry_of,
        "nobody": NOBODY,
    }
    for statement in (_BORROW_ON, _SIGN_LATE):
        connection.execute(statement, values)


def blank_told(connection: sqlite3.Connection) -> int:
    """Take the words out of what was still on its way then, and has arrived; return of how many."""
    rows = connection.execute(_TOLD).fetchall()
    for row in rows:
        _blank(connection, row["id"], row["user_id"])
        if Status(row["status"]) not in _OPEN_ENDED:
            connection.execute("DELETE FROM borrowings WHERE job_id = ?", (row["id"],))
    return len(rows)


def blank_borrowed(connection: sqlite3.Connection) -> None:
    """Take the words out of what has not arrived too: in a copy, where nobody waits for it.

    Should the copy become the database, what is still to come of it is watched as before, and nothing is sent for it.
    """
    for row in connection.execute(_BORROWED).fetchall():
        _blank(connection, row["id"], row["user_id"])
        connection.execute(_HOLD_MODAL, (row["id"],))


def has_borrowed(connection: sqlite3.Connection) -> bool:
    """Tell whether anything still has words of somebody who left, because it has not arrived."""
    return connection.execute(_BORROWED).fetchone() is not None


def _words(prompt: str) -> str:
    """Return a prompt without its parameters, or the whole where it has nothing else."""
    found = _PARAMETERS.search(prompt)
    return (prompt[: found.start()] if found else prompt).strip() or prompt


def _has(prompt: str, words: str) -> bool:
    """Tell whether words stand in a prompt as a whole: `cat` is not in `a cathedral`."""
    before = r"(?<![A-Za-z0-9])" if _WORDY.match(words[0]) else ""
    after = r"(?![A-Za-z0-9])" if _WORDY.match(words[-1]) else ""
    return re.search(f"{before}{re.escape(words)}{after}", prompt) is not None


def _author(connection: sqlite3.Connection, job: sqlite3.Row, words: str) -> int:
    """Return whose words these are: who brought them in, as far up the line as they go."""
    author = job["user_id"]
    for above in _line(connection, job):
        if not _has(above["prompt"], words):
            break
        author = above["user_id"]
        signed = connection.execute(_AUTHORS, (above["id"],)).fetchall()
        author = next((row["user_id"] for row in signed if _has(row["words"], words)), author)
    return int(author)


def _brought_in(connection: sqlite3.Connection, job: sqlite3.Row) -> dict[tuple[int, str], None]:
    """Return whose words a prompt has, each with what they wrote: the whole of it, and what it was made of."""
    found: dict[tuple[int, str], None] = {}
    for above in _line(connection, job):
        words = _words(above["prompt"])
        if words and _has(job["prompt"], words):
            found[_author(connection, above, words), words] = None
        for row in connection.execute(_AUTHORS, (above["id"],)).fetchall():
            found[row["user_id"], row["words"]] = None
    return found


def _line(connection: sqlite3.Connection, job: sqlite3.Row) -> Iterator[sqlite3.Row]:
    """Yield a job and what it came from, step by step."""
    ahead, seen = [job], {job["id"]}
    while ahead:
        current = ahead.pop(0)
        yield current
        for source in (current["parent_id"], current["retry_of"]):
            above = connection.execute(_JOB, (source,)).fetchone() if source and source not in seen else None
            if above is not None:
                seen.add(above["id"])
                ahead.append(above)


def _heirs(connection: sqlite3.Connection, job_id: str, owner: int, words: str) -> Iterator[sqlite3.Row]:
    """Yield the jobs of others down the line that have these words."""
    ahead, seen = [job_id], {job_id}
    while ahead:
        for row in connection.execute(_HEIRS, {"id": ahead.pop()}).fetchall():
            if row["id"] not in seen and _has(row["prompt"], words):
                seen.add(row["id"])
                ahead.append(row["id"])
                if row["user_id"] != owner:
                    yield row


def _take_from(connection: sqlite3.Connection, heirs: Iterable[sqlite3.Row]) -> set[str]:
    """Take the words out of jobs, or have it done once they have arrived; return their ids."""
    ids: set[str] = set()
    for heir in heirs:
        ids.add(heir["id"])
        if connection.execute(_HAS_ARRIVED, (heir["id"],)).fetchone() is None:
            connection.execute(_BORROW, (heir["id"],))
        else:
            _blank(connection, heir["id"], heir["user_id"])
    return ids


def _blank(connection: sqlite3.Connection, job_id: str, user_id: int) -> None:
    of_today = (_MARK, _BLANK_BATCH) if connection.execute(_OF_TODAY).fetchone() else ()
    for statement in (*of_today, _BLANK, _UNFIND, _UNSIGN):
        connection.execute(statement, {"id": job_id, "user_id": user_id})


def _forget_drafts(connection: sqlite3.Connection, job_ids: AbstractSet[str]) -> None:
    """Forget what others have filled in about these jobs: it began with their words."""
    drafts = connection.execute("SELECT id, fields FROM drafts").fetchall()
    about = [row["id"] for row in drafts if not job_ids.isdisjoint(_ID.findall(row["fields"]))]
    connection.executemany("DELETE FROM drafts WHERE id = ?", [(draft_id,) for draft_id in about])
