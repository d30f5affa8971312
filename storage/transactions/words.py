"""The words of a job that somebody deleted, which go with it. What others made from it keeps its own (`inheritance`).

Functions of one transaction: they get the connection, and neither begin nor commit. Imports the model.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from storage.orders import order_text
from storage.transactions import inheritance

if TYPE_CHECKING:
    import sqlite3

    from bot.model import Job

#: What of a deleted job is not written down any more either, should something be heard of it late.
UNHEARD: Final = frozenset(
    {"final_prompt", "result_text", "failure_detail", "preview_url", "media_url", "more_urls", "seed"}
)

_TAKE: Final = """
    UPDATE jobs SET prompt = '', final_prompt = '', result_text = '', failure_detail = '', preview_url = NULL,
        media_url = NULL, more_urls = '', seed = NULL, sending = :sending
    WHERE id = :id
"""
_UNTIE: Final = """
    UPDATE batches SET prompt = ''
    WHERE id = :id AND NOT EXISTS (SELECT 1 FROM jobs WHERE batch_id = :id AND deleted_at IS NULL)
"""


def take_away(connection: sqlite3.Connection, job: Job) -> None:
    """Take the words out of a job that is deleted just now, and those of its batch if it was the last one there."""
    inheritance.sign(connection, [job.id])
    sending = order_text(replace(job.order, applied=()))
    connection.execute(_TAKE, {"id": job.id, "sending": sending})
    if job.batch_id is not None:
        connection.execute(_UNTIE, {"id": job.batch_id})
